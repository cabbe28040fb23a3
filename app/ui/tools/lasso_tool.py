"""The lasso: follows the hand and closes where it is let go."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Qt

from app.imaging.geometry import Point
from app.imaging.shapes import Points, polygon_coverage
from app.ui.canvas.viewport import Viewport
from app.ui.language import mark
from app.ui.tools.shape_tool import LEAST, ShapeNames, ShapeTool, with_sign
from app.ui.tools.tools import Outline, ShapeSink

_STEP = 1.0
"""View pixels from one point to the next, at least."""


class Track:
    """Points that are added one by one, many thousands of them, and read as an array at no cost."""

    def __init__(self) -> None:
        self._room = np.empty((256, 2))
        self._count = 0

    @property
    def points(self) -> Points:
        """All of them."""
        return self._room[: self._count]

    def add(self, point: Point) -> None:
        """One more."""
        if self._count == len(self._room):
            self._room = np.concatenate([self._room, np.empty_like(self._room)])
        self._room[self._count] = point
        self._count += 1


class LassoTool(ShapeTool):
    """A freehand outline, painted at release."""

    def __init__(self, sink: ShapeSink, viewport: Viewport, parent: QObject | None = None) -> None:
        super().__init__(ShapeNames(mark("Lasso"), mark("Erase: lasso")), sink, viewport, parent)
        self._track = Track()
        self._last = Point(0, 0)

    def outline(self, point: Point | None, modifiers: Qt.KeyboardModifier) -> Outline | None:
        """The way so far."""
        if not self.busy:
            return super().outline(point, modifiers)
        return Outline(self._track.points, label=with_sign("", modifiers), label_at=self._last)

    def _pressed(self, point: Point) -> None:
        self._track = Track()
        self._track.add(point)
        self._last = point

    def _moved(self, point: Point) -> None:
        if not self._is_near(self._last, point, _STEP):
            self._track.add(point)
            self._last = point

    def _released(self, point: Point, modifiers: Qt.KeyboardModifier) -> None:
        points, self._track = self._track.points, Track()
        reach = np.ptp(points, axis=0).max() * self._viewport.scale
        if len(points) > 2 and reach >= LEAST:
            self._paint(partial(polygon_coverage, points), modifiers)
