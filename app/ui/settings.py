"""What the window remembers between two starts: typed declarations, one object that reads and writes them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QSettings, Signal

from app.inference.catalog import best_stage
from app.inference.request import AUTO_COARSE, DeviceChoice, InpaintOptions, Stage

T = TypeVar("T")


class ThemeName(StrEnum):
    """The two looks of the window."""

    DARK = "dark"
    LIGHT = "light"


class ResultView(StrEnum):
    """How results are shown as they arrive."""

    GRID = "grid"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One remembered value; its type is that of `default`. Numbers read back are kept within `low` … `high`."""

    key: str
    default: T
    low: float | None = None
    high: float | None = None

    def encoded(self, value: T) -> str:
        """`value` as the text that is stored."""
        if isinstance(value, bytes):
            return base64.b64encode(value).decode("ascii")
        return json.dumps(value.value if isinstance(value, Enum) else value)

    def decoded(self, text: str) -> T:
        """The value `text` stands for; the default where it stands for none."""
        try:
            return self._limited(self._parsed(text))
        except (ValueError, TypeError):
            return self.default

    def _parsed(self, text: str) -> Any:
        if isinstance(self.default, bytes):
            return base64.b64decode(text, validate=True)
        raw = json.loads(text)
        if isinstance(raw, bool) != isinstance(self.default, bool) or isinstance(raw, list) != isinstance(
            self.default, tuple
        ):
            raise ValueError(f"{self.key} is no {type(self.default).__name__}: {text}")
        make: Any = type(self.default)
        return make(raw)

    def _limited(self, value: Any) -> T:
        if self.low is not None:
            value = max(value, type(value)(self.low))
        if self.high is not None:
            value = min(value, type(value)(self.high))
        return value  # type: ignore[no-any-return]


class ResultStage(StrEnum):
    """Which stage the result is built on; BEST follows the coarse inpainter."""

    BEST = "best"
    COARSE = Stage.COARSE.value
    LOCAL = Stage.LOCAL.value
    GLOBAL = Stage.GLOBAL.value


_OPTIONS = InpaintOptions()

THEME = Setting("window/theme", ThemeName.DARK)
GEOMETRY = Setting("window/geometry", b"")
LAYOUT = Setting("window/layout", b"")
FOLDER = Setting("files/folder", "")
RECENT: Setting[tuple[str, ...]] = Setting("files/recent", ())
BRUSH_SIZE = Setting("brush/size", 80.0, 1, 2000)
BRUSH_HARDNESS = Setting("brush/hardness", 0.9, 0, 1)
OVERLAY_COLOUR = Setting("overlay/colour", "#ff3b30")
OVERLAY_OPACITY = Setting("overlay/opacity", 0.45, 0.1, 1)
CONTEXT_BOXES = Setting("overlay/context_boxes", True)
RESULT_VIEW = Setting("results/view", ResultView.GRID)
COARSE = Setting("run/coarse", AUTO_COARSE)
RESULT_STAGE = Setting("run/result_stage", ResultStage.BEST)
GROW = Setting("run/grow", _OPTIONS.grow, 0, 64)
FEATHER = Setting("run/feather", _OPTIONS.feather, 0, 64)
COLOUR_MATCH = Setting("run/colour_match", _OPTIONS.colour_match)
DETAIL = Setting("run/detail", _OPTIONS.detail)
WORKING_SIZE = Setting("run/working_size", _OPTIONS.working_size, 128, 2048)
DEVICE = Setting("run/device", DeviceChoice.AUTO)

RECENT_LIMIT = 10


class Settings(QObject):
    """Reads and writes settings in an injected store and tells who listens."""

    changed = Signal(object)
    """The `Setting` whose value is another one now."""

    def __init__(self, store: QSettings | None = None, parent: QObject | None = None) -> None:
        """Without `store`, the user's own, found by the application's names."""
        super().__init__(parent)
        self._store = store or QSettings()

    def get(self, setting: Setting[T]) -> T:
        """The stored value, or the default."""
        text = self._store.value(setting.key)
        return setting.decoded(text) if isinstance(text, str) else setting.default

    def set(self, setting: Setting[T], value: T) -> None:
        """Store `value`; says `changed` only where it differs."""
        if value != self.get(setting):
            self._store.setValue(setting.key, setting.encoded(value))
            self.changed.emit(setting)

    def result_stage(self) -> Stage:
        """The stage on which detail is built, and which Enter takes into the photo where there is no detail."""
        wanted = self.get(RESULT_STAGE)
        return best_stage(self.get(COARSE)) if wanted is ResultStage.BEST else Stage(wanted.value)

    def run_options(self) -> InpaintOptions:
        """The options of the next run."""
        return InpaintOptions(
            coarse=self.get(COARSE),
            result_stage=self.result_stage(),
            grow=self.get(GROW),
            feather=self.get(FEATHER),
            colour_match=self.get(COLOUR_MATCH),
            detail=self.get(DETAIL),
            working_size=self.get(WORKING_SIZE),
            device=self.get(DEVICE),
        )
