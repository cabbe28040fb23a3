"""Presets: named values of the options of a run. Some come with the program, others are the user's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.ui.language import mark, tr
from app.ui.settings import declared
from app.ui.settings.declared import ResultStage
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

RUN_SETTINGS: tuple[Setting[Any], ...] = (
    declared.COARSE,
    declared.OWN_MODEL,
    declared.RESULT_STAGE,
    declared.WORKING_SIZE,
    declared.DETAIL,
    declared.GROW,
    declared.FEATHER,
    declared.COLOUR_MATCH,
)
"""What a preset holds: all that the picture depends on. The device is the machine's affair."""

_OWN = "own:"
"""Before the names of the user's own, in the setting that tells which one is chosen."""


@dataclass(frozen=True, slots=True)
class Preset:
    """Values by setting; what is missing has its default."""

    id: str
    name: str
    tip: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    """By key."""

    @property
    def is_own(self) -> bool:
        """The user made it."""
        return self.id.startswith(_OWN)

    def value(self, setting: Setting[Any]) -> Any:
        """What it sets `setting` to."""
        return self.values.get(setting.key, setting.default)


BUILT_IN = (
    Preset("balanced", mark("Balanced"), mark("The defaults: right for most photos and most holes.")),
    Preset(
        "fast",
        mark("Fast"),
        mark("Solves at a quarter of the area and leaves the detail step out: quick, and softer in large holes."),
        {declared.WORKING_SIZE.key: 256, declared.DETAIL.key: False},
    ),
    Preset(
        "texture",
        mark("Best texture"),
        mark("Copies the photo's own patches: grass, stone, foliage and cloth stay as crisp as round the hole."),
        {declared.COARSE.key: "exemplar", declared.WORKING_SIZE.key: 768},
    ),
    Preset(
        "large",
        mark("Large object"),
        mark("Sees more at once, and takes a wider rim away, so that no shadow or outline of the object is left."),
        {declared.WORKING_SIZE.key: 1024, declared.GROW.key: 12, declared.FEATHER.key: 8},
    ),
    Preset(
        "scratches",
        mark("Scratches and dust"),
        mark("For thin and small faults: continues what lies on both sides, and touches next to nothing beyond."),
        {
            declared.COARSE.key: "telea",
            declared.RESULT_STAGE.key: ResultStage.COARSE,
            declared.DETAIL.key: False,
            declared.GROW.key: 2,
            declared.FEATHER.key: 2,
        },
    ),
)


class Presets(QObject):
    """Reads and writes the presets in the settings."""

    changed = Signal()
    """Another one is chosen, one came or went, or the values no longer are those of the chosen one."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._own = self._read()
        settings.changed.connect(self._setting_changed)

    @property
    def all(self) -> tuple[Preset, ...]:
        """Those of the program, then the user's own by name. Names are translated."""
        built_in = tuple(Preset(each.id, tr(each.name), tr(each.tip), each.values) for each in BUILT_IN)
        return built_in + tuple(self._own[name] for name in sorted(self._own, key=str.casefold))

    @property
    def current(self) -> Preset:
        """The one that was chosen last."""
        chosen = self._settings.get(declared.PRESET)
        return next((each for each in self.all if each.id == chosen), self.all[0])

    @property
    def is_modified(self) -> bool:
        """The values are not those of the present one."""
        current = self.current
        return any(self._settings.get(each) != current.value(each) for each in RUN_SETTINGS)

    def choose(self, preset: Preset) -> None:
        """Set all options of a run to what `preset` has."""
        for setting in RUN_SETTINGS:
            self._settings.set(setting, preset.value(setting))
        self._settings.set(declared.PRESET, preset.id)
        self.changed.emit()

    def name_error(self, name: str) -> str:
        """What is wrong with `name` for a preset of the user's, in words; empty where nothing is."""
        if not name.strip():
            return tr("A preset needs a name.")
        if any(name.strip() == each.name for each in self.all):
            return tr("There is a preset of this name.")
        return ""

    def save_as(self, name: str) -> None:
        """Keep the present values as the user's own preset `name`, and choose it. Not where the name is wrong."""
        if not self.name_error(name):
            self._add(name.strip(), {each.key: self._settings.get(each) for each in RUN_SETTINGS})

    def rename(self, name: str) -> None:
        """Call the present one, of the user's own, `name`. Not where the name is wrong."""
        current = self.current
        if current.is_own and not self.name_error(name):
            del self._own[current.name]
            self._add(name.strip(), current.values)

    def delete(self) -> None:
        """Forget the present one, of the user's own; the values stay."""
        if self.current.is_own:
            del self._own[self.current.name]
            self._write(BUILT_IN[0].id)

    def _add(self, name: str, values: Mapping[str, Any]) -> None:
        self._own[name] = Preset(_OWN + name, name, values=values)
        self._write(_OWN + name)

    def _write(self, chosen: str) -> None:
        by_key = {each.key: each for each in RUN_SETTINGS}
        texts = {
            name: {key: by_key[key].encoded(value) for key, value in preset.values.items()}
            for name, preset in self._own.items()
        }
        self._settings.set(declared.PRESETS, json.dumps(texts, sort_keys=True))
        self._settings.set(declared.PRESET, chosen)
        self.changed.emit()

    def _read(self) -> dict[str, Preset]:
        """What is stored; of garbage, as much as makes sense."""
        try:
            stored = json.loads(self._settings.get(declared.PRESETS) or "{}")
        except ValueError:
            stored = {}
        if not isinstance(stored, dict):
            return {}
        return {
            name: Preset(_OWN + name, name, values=_values(texts))
            for name, texts in stored.items()
            if isinstance(texts, dict)
        }

    def _setting_changed(self, setting: Setting[Any]) -> None:
        if setting is declared.PRESETS:
            self._own = self._read()
        if setting in (*RUN_SETTINGS, declared.PRESET, declared.PRESETS):
            self.changed.emit()


def _values(texts: Mapping[str, Any]) -> dict[str, Any]:
    return {each.key: each.decoded(texts[each.key]) for each in RUN_SETTINGS if isinstance(texts.get(each.key), str)}
