"""A setting's value as one reads it."""

from __future__ import annotations

from typing import Any, TypeVar

from app.ui.language import tr
from app.ui.numbers import per_cent
from app.ui.settings.setting import Setting

T = TypeVar("T")


def value_words(setting: Setting[T], value: T) -> str:
    """`value` of `setting` in words, with its unit."""
    if setting.choices is not None:
        return next((choice.text for choice in setting.choices() if choice.value == value), str(value))
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    number: Any = value
    return per_cent(number) if setting.percent else f"{number:.0f}{setting.unit}"
