"""The polygon: corner by corner, closed by a double click, Enter, or a click on the first corner."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Qt

from app.imaging.geometry import EMPTY, Point, Rect
from app.imaging.shapes import polygon_coverage
from app.ui.canvas.viewport import Viewport
from app.ui.language import mark
from app.ui.tools.shape_tool import ALT, SHIFT, ShapeNames, ShapeTool, with_sign
from app.ui.tools.tools import Outline, ShapeSink

REACH = 8.0
"""View pixels from the first corner within which a click closes."""

_FEWEST = 3
_CLOSE = Qt.Key.Key_Return, Qt.Key.Key_Enter
_REMOVE = Qt.Key.Key_Backspace, Qt.Key.Key_Delete


class PolygonTool(ShapeTool):
    """A corner stands where the button is let go. Shift keeps the next side to 45°."""

    def __init__(self, sink: ShapeSink, viewport: Viewport, parent: QObject | None = None) -> None:
        super().__init__(ShapeNames(mark("Polygon"), mark("Erase: polygon")), sink, viewport, parent)
        self._corners: list[Point] = []
        self._is_closing = False

    @property
    def is_open(self) -> bool:
        """True from the first press on."""
        return self.busy or bool(self._corners)

    def abort(self) -> Rect:
        """The corner about to be set is not."""
        self._is_down = self._is_closing = False
        return EMPTY

    def drop(self) -> None:
        """Forget all corners."""
        self._corners, self._is_closing = [], False
        super().drop()

    def double_click(self, point: Point) -> bool:
        """Close it, once the button is let go."""
        if not self._corners or self.busy:
            return False
        self._is_down = self._is_closing = True
        return True

    def wants_key(self, key: Qt.Key) -> bool:
        """While there are corners, the keys that close it or remove the last one."""
        return bool(self._corners) and key in _CLOSE + _REMOVE

    def key_pressed(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """Close it, or remove the last corner."""
        if not self.wants_key(key):
            return False
        if key in _CLOSE:
            self._close(modifiers)
        else:
            self._corners.pop()
        self.changed.emit()
        return True

    def outline(self, point: Point | None, modifiers: Qt.KeyboardModifier) -> Outline | None:
        """The sides so far, and the next one to the pointer; the first corner has a handle."""
        if not self._corners:
            return super().outline(point, modifiers)
        first, corners = self._corners[0], list(self._corners)
        is_closing = point is not None and self._closes(point)
        if is_closing:
            corners.append(first)
        elif point is not None:
            corners.append(self._placed(point, modifiers))
        label = with_sign("", modifiers) if point is not None else ""
        return Outline(np.array(corners), handle=first, is_handle_hot=is_closing, label=label, label_at=point)

    def _released(self, point: Point, modifiers: Qt.KeyboardModifier) -> None:
        if self._is_closing or self._closes(point):
            self._is_closing = False
            self._close(modifiers)
        else:
            self._corners.append(self._placed(point, modifiers))

    def _closes(self, point: Point) -> bool:
        """Whether a click at `point` closes it."""
        return len(self._corners) >= _FEWEST and self._is_near(self._corners[0], point, REACH)

    def _placed(self, point: Point, modifiers: Qt.KeyboardModifier) -> Point:
        """Where the next corner stands: with Shift, on the nearest of the eight directions from the last one."""
        if not self._corners or not modifiers & SHIFT:
            return point
        last = self._corners[-1]
        dx, dy = point.x - last.x, point.y - last.y
        if abs(dx) > abs(dy) * _STEEP:
            return Point(point.x, last.y)
        if abs(dy) > abs(dx) * _STEEP:
            return Point(last.x, point.y)
        length = (abs(dx) + abs(dy)) / 2
        return Point(last.x + math.copysign(length, dx), last.y + math.copysign(length, dy))

    def _close(self, modifiers: Qt.KeyboardModifier) -> None:
        if len(self._corners) >= _FEWEST:
            corners, self._corners = np.array(self._corners), []
            self._paint(partial(polygon_coverage, corners), modifiers & ALT)


_STEEP = 1 + math.sqrt(2)
"""The tangent of 67.5°, half way between a diagonal and an axis."""
