"""The magic wand in the hand: a press shows what it takes, a drag changes the tolerance, the release takes it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance

from app.imaging.geometry import EMPTY, Point, Rect
from app.imaging.wand import MAX_TOLERANCE
from app.ui.canvas.preview_layer import Preview, Tone
from app.ui.canvas.view_transform import turned_by
from app.ui.canvas.viewport import Viewport
from app.ui.session.wand_work import LevelSelection, WandWork
from app.ui.settings import declared
from app.ui.settings.store import Settings
from app.ui.tools.tools import CursorShape

_ALT = Qt.KeyboardModifier.AltModifier
_STILL = 4.0
"""View pixels that a hand may tremble in a click."""
_PER_STEP = 3.0
"""View pixels of a drag to one step of the tolerance."""


@dataclass(frozen=True, slots=True)
class _Press:
    point: Point
    erase: bool
    tolerance: int


class WandTool(QObject):
    """A `tools.Tool`. It paints through its work, so every verb returns an empty rectangle."""

    shown = Signal(object)
    """The `Preview` to show; None for none."""
    _changed = Signal()

    def __init__(self, work: WandWork, settings: Settings, viewport: Viewport, parent: QObject) -> None:
        super().__init__(parent)
        self._work, self._settings, self._viewport = work, settings, viewport
        self._press: _Press | None = None
        self._hovered: tuple[int, int] | None = None
        work.found.connect(self._found)

    @property
    def changed(self) -> SignalInstance:
        """Never said: the pointer is the system's."""
        return self._changed

    @property
    def busy(self) -> bool:
        """True while pressed."""
        return self._press is not None

    def press(
        self,
        point: Point,
        modifiers: Qt.KeyboardModifier,
        pressure: float = 1.0,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> Rect:
        """Show what a click takes."""
        if button == Qt.MouseButton.LeftButton and not self.busy and self._viewport.contains(point):
            tolerance = self._settings.get(declared.WAND_TOLERANCE)
            self._press = _Press(point, bool(modifiers & _ALT), tolerance)
            self._work.preview(point)
        return EMPTY

    def move(self, point: Point, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> Rect:
        """To the right or upwards in the window: more is alike."""
        press = self._press
        if press is None:
            return EMPTY
        across, down = turned_by(point.x - press.point.x, point.y - press.point.y, self._viewport.angle)
        way = (across - down) * self._viewport.scale
        steps = 0 if abs(way) < _STILL else round((abs(way) - _STILL) / _PER_STEP) * (1 if way > 0 else -1)
        tolerance = min(max(press.tolerance + steps, 0), MAX_TOLERANCE)
        if tolerance != self._settings.get(declared.WAND_TOLERANCE):
            self._settings.set(declared.WAND_TOLERANCE, tolerance)
            self._work.preview(press.point)
        return EMPTY

    def release(self, point: Point, modifiers: Qt.KeyboardModifier) -> Rect:
        """Take what was shown, at full size."""
        press, self._press = self._press, None
        if press is not None:
            self._work.take(press.point, erase=press.erase)
        return EMPTY

    def abort(self) -> Rect:
        """Take nothing; the tolerance is what it was."""
        press, self._press = self._press, None
        if press is not None:
            self._settings.set(declared.WAND_TOLERANCE, press.tolerance)
            self._work.drop_preview()
        return EMPTY

    def cursor(self, point: Point, modifiers: Qt.KeyboardModifier) -> CursorShape | Qt.CursorShape:
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def double_click(self, point: Point) -> bool:
        """Two clicks."""
        return False

    def key_pressed(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """Keys are for moving about."""
        return False

    def hover(self, point: Point | None) -> None:
        """The pointer rests at `point` with no button down; None: nowhere over the photo."""
        pixel = None if point is None else (int(point.x), int(point.y))
        if self.busy or pixel == self._hovered:
            return
        self._hovered = pixel
        if point is None or not self._viewport.contains(point) or self._work.is_marked(point):
            self._work.drop_preview()
        else:
            self._work.preview(point)

    def _found(self, found: LevelSelection | None) -> None:
        if found is None:
            self._hovered = None
            self.shown.emit(None)
            return
        tone = Tone.HOVER if self._press is None else Tone.REMOVE if self._press.erase else Tone.ADD
        self.shown.emit(Preview(found.selection.coverage, found.selection.rect, found.factor, tone))
