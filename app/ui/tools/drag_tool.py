"""Rectangle and ellipse: dragged open from corner to corner."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Qt

from app.imaging.geometry import Extent, Point, Rect
from app.imaging.shapes import Coverage, Points, ellipse_coverage, ellipse_points, rectangle_coverage
from app.ui.canvas.viewport import Viewport
from app.ui.language import mark, tr
from app.ui.tools.shape_tool import CONTROL, LEAST, SHIFT, ShapeNames, ShapeTool, with_sign
from app.ui.tools.tools import Outline, ShapeSink

_CURVE_POINTS = 256
"""Of an ellipse on the screen; so many that no corner shows in a view of 4K."""


@dataclass(frozen=True, slots=True)
class BoxShape:
    """What is drawn into the box that was dragged open."""

    names: ShapeNames
    points: Callable[[Rect], Points]
    coverage: Callable[[Rect, Extent], Coverage]
    is_curve: bool
    """A curve keeps its form beyond the image's edge; what has straight sides ends there."""


def _corners(box: Rect) -> Points:
    x, y, right, bottom = box.x, box.y, box.right, box.bottom
    return np.array([(x, y), (right, y), (right, bottom), (x, bottom), (x, y)], float)


def _curve(box: Rect) -> Points:
    points = ellipse_points(box, _CURVE_POINTS)
    return np.concatenate([points, points[:1]])


RECTANGLE = BoxShape(
    ShapeNames(mark("Rectangle"), mark("Erase: rectangle")), _corners, rectangle_coverage, is_curve=False
)
ELLIPSE = BoxShape(ShapeNames(mark("Ellipse"), mark("Erase: ellipse")), _curve, ellipse_coverage, is_curve=True)


class DragTool(ShapeTool):
    """Its box has whole pixels. Shift makes it a square, Ctrl begins at its centre; carried, it moves as it is."""

    def __init__(self, shape: BoxShape, sink: ShapeSink, viewport: Viewport, parent: QObject | None = None) -> None:
        super().__init__(shape.names, sink, viewport, parent)
        self._shape = shape
        self._start = self._end = self._last = Point(0, 0)
        self._is_carried = False

    def carry(self, on: bool) -> None:
        """Move the shape instead of its corner."""
        self._is_carried = on and self.busy

    def outline(self, point: Point | None, modifiers: Qt.KeyboardModifier) -> Outline | None:
        """The shape and its size in pixels."""
        if not self.busy:
            return super().outline(point, modifiers)
        box = self._box(modifiers)
        if box.is_empty:
            return super().outline(self._last, modifiers)
        label = with_sign(tr("{} × {} px").format(box.width, box.height), modifiers)
        return Outline(self._shape.points(box), self._shape.is_curve, label=label, label_at=self._last)

    def _pressed(self, point: Point) -> None:
        self._start = self._end = self._last = point
        self._is_carried = False

    def _moved(self, point: Point) -> None:
        if self._is_carried:
            dx, dy = point.x - self._last.x, point.y - self._last.y
            self._start = Point(self._start.x + dx, self._start.y + dy)
            self._end = Point(self._end.x + dx, self._end.y + dy)
        else:
            self._end = point
        self._last = point

    def _released(self, point: Point, modifiers: Qt.KeyboardModifier) -> None:
        box = self._box(modifiers)
        if not box.is_empty and not self._is_near(self._start, self._end, LEAST):
            self._paint(partial(self._shape.coverage, box), modifiers)

    def _box(self, modifiers: Qt.KeyboardModifier) -> Rect:
        x, y = _whole(self._start.x), _whole(self._start.y)
        width, height = _whole(self._end.x) - x, _whole(self._end.y) - y
        if modifiers & SHIFT:
            side = max(abs(width), abs(height))
            width, height = (-side if width < 0 else side), (-side if height < 0 else side)
        if modifiers & CONTROL:
            x, y, width, height = x - width, y - height, 2 * width, 2 * height
        box = Rect(min(x, x + width), min(y, y + height), abs(width), abs(height))
        return box if self._shape.is_curve else box.intersected(Rect(0, 0, *self._viewport.extent))


def _whole(value: float) -> int:
    return math.floor(value + 0.5)
