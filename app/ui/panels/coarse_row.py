"""The row of what fills first: the program's own inpainters, and the user's models by their names."""

from __future__ import annotations

from app.inference.catalog import CUSTOM
from app.inference.own_models import own_models
from app.ui.language import tr
from app.ui.panels.controls import ChoiceRow
from app.ui.settings import declared
from app.ui.settings.setting import Choice, Setting

_OWN = f"{CUSTOM.name}:"
"""Before a model's name; the setting itself holds `CUSTOM`, and another one which of them."""


class CoarseRow(ChoiceRow[str]):
    """One row for two settings: COARSE, and where that is `CUSTOM` the model's name."""

    def choices(self) -> tuple[Choice[str], ...]:
        """Without any model of the user's own, an entry that says where to add one."""
        models = own_models(self._settings.get(declared.OWN_MODELS))
        reason = tr("Not allowed yet.")
        group = tr(CUSTOM.kind.value)
        own = tuple(
            Choice(_OWN + each.name, each.name, "" if each.is_allowed else reason, group=group) for each in models
        )
        is_there = self.value() in [each.value for each in own]
        others = super().choices()
        left_out = CUSTOM.name if own and (is_there or self.value() != CUSTOM.name) else ""
        return (*(each for each in others if each.value != left_out), *own)

    def value(self) -> str:
        """What is chosen; a model that is not there any more is `CUSTOM`."""
        coarse, name = super().value(), self._settings.get(declared.OWN_MODEL)
        is_there = name in [each.name for each in own_models(self._settings.get(declared.OWN_MODELS))]
        return _OWN + name if coarse == CUSTOM.name and is_there else coarse

    def store(self, value: str) -> None:
        """Choose it: first the model, then that it is one."""
        if value.startswith(_OWN):
            self._settings.set(declared.OWN_MODEL, value.removeprefix(_OWN))
        super().store(CUSTOM.name if value.startswith(_OWN) else value)

    def _setting_changed(self, setting: Setting[str]) -> None:
        if setting in (declared.OWN_MODELS, declared.OWN_MODEL):
            self.refill()
        super()._setting_changed(setting)
