"""The tool that asks filled pixels where they looked, and marks what of the photograph is not to be used."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from app.imaging.geometry import EMPTY, Point, Rect
from app.ui.tools.brush import BrushTool
from app.ui.tools.brush_settings import BrushSettings
from app.ui.tools.tools import CursorShape, StrokeSink

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_FAR = 4
"""Cells that an arrow key goes with Shift."""


class AttentionTool(BrushTool):
    """A `tools.Tool`. Over what is filled it only points; beside it a stroke marks, with Alt it takes marks away."""

    def __init__(
        self,
        brush: BrushSettings,
        sink: StrokeSink,
        is_filled: Callable[[Point], bool],
        step: Callable[[int, int], bool],
        clear: Callable[[], None],
    ) -> None:
        """`step` asks the place so many cells to the right and down of the last one; False where none was asked."""
        super().__init__(brush, sink)
        self._is_filled, self._step, self._clear = is_filled, step, clear

    def press(
        self,
        point: Point,
        modifiers: Qt.KeyboardModifier,
        pressure: float = 1.0,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> Rect:
        """Begin to mark; what is filled anew is no part of the photograph that could be used."""
        return EMPTY if self._is_filled(point) else super().press(point, modifiers, pressure, button)

    def cursor(self, point: Point, modifiers: Qt.KeyboardModifier) -> CursorShape | Qt.CursorShape:  # type: ignore[override]
        """A cross over what is filled, else the brush's ring."""
        if not self.busy and self._is_filled(point):
            return Qt.CursorShape.CrossCursor
        return super().cursor(point, modifiers)

    def key_pressed(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """Arrows move the place that is asked, with Shift by several cells; Delete takes all marks away."""
        if key in _ARROWS and not modifiers & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            times = _FAR if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
            return self._step(*(times * each for each in _ARROWS[key]))
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._clear()
            return True
        return False
