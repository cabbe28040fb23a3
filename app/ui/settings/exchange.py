"""Settings as a file that can be taken to another computer: JSON with a version."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from app.errors import LacunaError
from app.ui.settings import declared
from app.ui.settings.setting import Page, Setting
from app.ui.settings.store import Settings
from app.words import Words

VERSION = 1
_FORMAT = "lacuna_settings"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file of settings holds."""

    values: tuple[tuple[Setting[Any], Any], ...]
    unknown: tuple[str, ...]
    """Keys that mean nothing here; they are passed over."""

    def apply(self, settings: Settings) -> None:
        """Make all values those of `settings`."""
        for setting, value in self.values:
            settings.set(setting, value)


def exchanged_settings() -> tuple[Setting[Any], ...]:
    """What goes into such a file: all that is asked for, not where windows stood and which files were open."""
    asked = tuple(each for each in declared.all_settings() if each.page is not Page.NONE and not each.is_local)
    return (*asked, declared.KEY_CHANGES)


def exported(settings: Settings) -> str:
    """The text of the file."""
    values = {setting.key: json.loads(setting.encoded(settings.get(setting))) for setting in exchanged_settings()}
    return json.dumps({_FORMAT: VERSION, "settings": values}, indent=2, ensure_ascii=False)


def taken(text: str) -> Taken:
    """What `text` holds. `LacunaError` where it is no such file, a newer one, or one of its values can't be."""
    values = _values(text)
    known = {setting.key: setting for setting in exchanged_settings()}
    found = tuple((known[key], _checked(known[key], value)) for key, value in values.items() if key in known)
    return Taken(found, tuple(key for key in values if key not in known))


def _values(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
        version, values = read[_FORMAT], read["settings"]
        if not isinstance(version, int) or not isinstance(values, dict):
            raise ValueError("another form")
    except (ValueError, KeyError, TypeError) as error:
        raise LacunaError(Words("this file holds no settings of Lacuna: choose one that was exported here")) from error
    if version > VERSION:
        raise LacunaError(Words("these settings are of a newer Lacuna: update this one first"))
    return values


def _checked(setting: Setting[Any], value: Any) -> Any:
    try:
        return setting.checked(json.dumps(value))
    except ValueError as error:
        text = json.dumps(value, ensure_ascii=False)
        raise LacunaError(
            Words("{value} is no value for “{key}”: nothing was changed", value=text, key=setting.key)
        ) from error
