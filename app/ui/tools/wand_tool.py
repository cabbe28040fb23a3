"""The magic wand in the hand: a press shows what it takes, a drag changes the tolerance, the release takes it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from app.imaging.geometry import EMPTY, Point, Rect
from app.imaging.wand import MAX_TOLERANCE
from app.ui.canvas.preview_layer import Preview, Tone
from app.ui.canvas.view_transform import turned_by
from app.ui.canvas.viewport import Viewport
from app.ui.session.wand_work import LevelSelection, WandWork
from app.ui.settings import declared
from app.ui.settings.store import Settings
from app.ui.tools.preview_tool import Press, PreviewTool

_STILL = 4.0
"""View pixels that a hand may tremble in a click."""
_PER_STEP = 3.0
"""View pixels of a drag to one step of the tolerance."""


class WandTool(PreviewTool):
    """A `tools.Tool`."""

    def __init__(self, work: WandWork, settings: Settings, viewport: Viewport, parent: QObject) -> None:
        super().__init__(viewport, parent)
        self._work, self._settings = work, settings
        self._tolerance_before = 0
        self._hovered: tuple[int, int] | None = None
        work.found.connect(self._found)

    def move(self, point: Point, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> Rect:
        """To the right or upwards in the window: more is alike."""
        press = self._press
        if press is None:
            return EMPTY
        across, down = turned_by(point.x - press.point.x, point.y - press.point.y, self._viewport.angle)
        way = (across - down) * self._viewport.scale
        steps = 0 if abs(way) < _STILL else round((abs(way) - _STILL) / _PER_STEP) * (1 if way > 0 else -1)
        tolerance = min(max(self._tolerance_before + steps, 0), MAX_TOLERANCE)
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
            self._settings.set(declared.WAND_TOLERANCE, self._tolerance_before)
            self._work.let_go()
        return EMPTY

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

    def _may_begin(self, point: Point) -> bool:
        return self._viewport.contains(point)

    def _pressed(self, press: Press) -> None:
        """Show what a click takes."""
        self._tolerance_before = self._settings.get(declared.WAND_TOLERANCE)
        self._work.press(press.point)

    def _found(self, found: LevelSelection | None) -> None:
        if found is None:
            self._hovered = None
            self.shown.emit(None)
            return
        tone = Tone.HOVER if self._press is None else Tone.REMOVE if self._press.erase else Tone.ADD
        self.shown.emit(Preview(found.selection.coverage, found.selection.rect, found.factor, tone))
