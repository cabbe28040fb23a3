"""Reads and writes settings: the one module that knows where they are kept."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QSettings, Signal

from app.inference.allowed import AllowedFile
from app.inference.catalog import CUSTOM, best_stage
from app.inference.request import InpaintOptions, Stage
from app.memory import physical_mb
from app.ui.settings import declared
from app.ui.settings.declared import ResultStage
from app.ui.settings.setting import Setting

T = TypeVar("T")

_SOME_MB = 8_000
"""Of machines that do not say how much memory they have."""


class Settings(QObject):
    """Reads and writes settings in an injected store and tells who listens."""

    changed = Signal(object)
    """The `Setting` whose value is another one now."""

    def __init__(self, store: QSettings | None = None, parent: QObject | None = None) -> None:
        """Without `store`, the user's own, found by the application's names."""
        super().__init__(parent)
        self._store = store or QSettings()
        self._first: dict[str, object] = {}

    def get(self, setting: Setting[T]) -> T:
        """The stored value, or the default."""
        text = self._store.value(setting.key)
        return setting.decoded(text) if isinstance(text, str) else setting.default

    def set(self, setting: Setting[T], value: T) -> None:
        """Store `value`; says `changed` only where it differs."""
        before = self.get(setting)
        if value != before:
            self._first.setdefault(setting.key, before)
            self._store.setValue(setting.key, setting.encoded(value))
            self.changed.emit(setting)

    def sync(self) -> None:
        """Write what is not in the store's file yet; it happens by itself now and then."""
        self._store.sync()

    def at_start(self, setting: Setting[T]) -> T:
        """The value before the first change of this session."""
        return self._first.get(setting.key, self.get(setting))  # type: ignore[return-value]

    def is_changed(self, setting: Setting[T]) -> bool:
        """The value is another one than the default."""
        return self.get(setting) != setting.default

    def reset(self, setting: Setting[T]) -> None:
        """Back to the default."""
        self.set(setting, setting.default)

    def result_stage(self) -> Stage:
        """The stage on which detail is built, and which Enter takes into the photo where there is no detail."""
        return self.stage_of(self.get(declared.RESULT_STAGE), self.get(declared.COARSE))

    def stage_of(self, wanted: ResultStage, coarse: str) -> Stage:
        """The stage that `wanted` stands for with the coarse inpainter called `coarse`."""
        return best_stage(coarse) if wanted is ResultStage.BEST else Stage(wanted.value)

    def pixel_limit(self) -> int:
        """How many pixels a photo may have that opens without being asked about."""
        return self.get(declared.PIXEL_LIMIT_MP) * 1_000_000

    def own_model(self) -> AllowedFile | None:
        """The user's own file, where it was allowed to run."""
        allowed = self.get(declared.MODEL_SHA256) if self.get(declared.ALLOW_MODEL_CODE) else ""
        return AllowedFile(Path(self.get(declared.MODEL_FILE)).absolute(), allowed) if allowed else None

    def parked_bytes(self) -> float:
        """How much memory photos may take that are open but not shown."""
        return self.get(declared.MEMORY_SHARE) * (physical_mb() or _SOME_MB) * 1e6

    def run_options(self) -> InpaintOptions:
        """The options of the next run."""
        return InpaintOptions(
            coarse=self.get(declared.COARSE),
            coarse_file=self.own_model() if self.get(declared.COARSE) == CUSTOM.name else None,
            result_stage=self.result_stage(),
            grow=self.get(declared.GROW),
            feather=self.get(declared.FEATHER),
            colour_match=self.get(declared.COLOUR_MATCH),
            detail=self.get(declared.DETAIL),
            working_size=self.get(declared.WORKING_SIZE),
            device=self.get(declared.DEVICE),
        )
