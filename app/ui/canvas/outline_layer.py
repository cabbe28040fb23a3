"""Draws the shape that a tool is about to paint: a dashed light line on a dark one, a handle, and words.

Only what differs from the outline before is repainted: a lasso of thousands of points grows by one short line.
All lengths are view pixels, at a display scaling of 100 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from app.imaging.geometry import Point
from app.ui.canvas.dashes import Dashes, Floats, boxes_of, dashes_of, differing
from app.ui.canvas.plates import paint_plate, plate_font, plate_size
from app.ui.canvas.viewport import ViewTransform
from app.ui.tools.tools import Outline

_DARK, _LIGHT = QColor(0, 0, 0, 170), QColor(255, 255, 255)
_DASH = 5
_HANDLE, _HOT_HANDLE = 7, 11
_REACH = 3
"""Beyond the line's middle, for its width and for smoothing."""

_BOXES = 20
"""Rectangles in which a line is repainted, about."""

_AWAY = 18, 20
"""From the pointer to its words, right and down."""


@dataclass(frozen=True, slots=True)
class Surface:
    """What an outline is drawn on."""

    view: ViewTransform
    size: QSize
    """View pixels."""
    ratio: float
    """The display's device pixel ratio."""
    font: QFont


class OutlineLayer:
    """The outline of one canvas."""

    def __init__(self) -> None:
        self._outline = Outline()
        self._surface: Surface | None = None
        self._dashes = dashes_of(self._outline.points, 1.0, QRect())
        self._handle, self._plate = QRect(), QRect()

    def show(self, outline: Outline | None, surface: Surface) -> list[QRect]:
        """Show `outline` from now on; returns the view pixels to repaint."""
        before, marks = self._dashes, [self._handle, self._plate]
        self._outline, self._surface = outline or Outline(), surface
        self._place(surface)
        lines = [*_changes(before, self._dashes, surface.ratio), *_changes(self._dashes, before, surface.ratio)]
        marks = [mark for mark in (*marks, self._handle, self._plate) if not mark.isEmpty()]
        return lines + [mark.adjusted(-2, -2, 2, 2) for mark in marks]

    def paint(self, painter: QPainter, surface: Surface, exposed: QRect) -> None:
        """Draw what touches `exposed`; the painter counts view pixels."""
        if self._surface is None or surface.view != self._surface.view or surface.size != self._surface.size:
            self._surface = surface
            self._place(surface)
        painter.save()
        self._paint_line(painter, exposed, surface.ratio)
        if self._handle.intersects(exposed):
            self._paint_handle(painter, surface.ratio)
        if self._plate.intersects(exposed):
            painter.setFont(plate_font(surface.font, surface.ratio))
            paint_plate(painter, self._plate, self._outline.label, _LIGHT, surface.ratio)
        painter.restore()

    def _place(self, surface: Surface) -> None:
        outline, ratio = self._outline, surface.ratio
        points = _in_view(outline.points, surface.view)
        if not outline.is_curve:
            points = np.floor(points) + _middle(ratio)
        margin = round(2 * _REACH * ratio)
        shown = QRect(-margin, -margin, surface.size.width() + 2 * margin, surface.size.height() + 2 * margin)
        self._dashes = dashes_of(points, _DASH * ratio, shown)
        self._handle = QRect() if outline.handle is None else _handle_rect(outline, surface)
        self._plate = QRect() if outline.label_at is None or not outline.label else _plate_rect(outline, surface)

    def _paint_line(self, painter: QPainter, exposed: QRect, ratio: float) -> None:
        ends = self._dashes.ends
        near = QRectF(exposed).adjusted(*(side * _REACH * ratio for side in (-1, -1, 1, 1)))
        low, high = np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])
        is_near = ((high >= (near.left(), near.top())) & (low <= (near.right(), near.bottom()))).all(axis=1)
        if not is_near.any():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = _line_width(ratio)
        painter.setPen(QPen(_DARK, 3 * width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
        for run in _runs(ends, np.flatnonzero(is_near)):
            painter.drawPolyline(run)
        painter.setPen(QPen(_LIGHT, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLines([QLineF(*each) for each in ends[is_near & self._dashes.is_dash].tolist()])

    def _paint_handle(self, painter: QPainter, ratio: float) -> None:
        line = _line_width(ratio)
        painter.fillRect(self._handle, _DARK)
        painter.fillRect(self._handle.adjusted(line, line, -line, -line), _LIGHT)
        if not self._outline.is_handle_hot:
            painter.fillRect(self._handle.adjusted(2 * line, 2 * line, -2 * line, -2 * line), QColor("black"))


def _changes(one: Dashes, other: Dashes, ratio: float) -> list[QRect]:
    return boxes_of(differing(one, other), _REACH * ratio, _BOXES)


def _in_view(points: Floats, view: ViewTransform) -> Floats:
    """View positions of image points; the view may turn the image, so three points say how it lies."""
    x, y = view.to_view(Point(0, 0))
    across, down = view.to_view(Point(1, 0)), view.to_view(Point(0, 1))
    turn = np.array([(across[0] - x, across[1] - y), (down[0] - x, down[1] - y)])
    result: Floats = points @ turn + (x, y)
    return result


def _runs(ends: Floats, chosen: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[list[QPointF]]:
    """Pieces that continue each other, each run as the points it goes through."""
    is_joined = (np.diff(chosen) == 1) & (ends[chosen[:-1], 2:] == ends[chosen[1:], :2]).all(axis=1)
    runs = np.split(chosen, np.flatnonzero(~is_joined) + 1)
    return [[QPointF(*each) for each in [*ends[run, :2].tolist(), ends[run[-1], 2:].tolist()]] for run in runs]


def _line_width(ratio: float) -> int:
    return max(round(ratio), 1)


def _middle(ratio: float) -> float:
    """Where in a pixel the middle of a line lies that covers whole pixels."""
    return 0.5 if _line_width(ratio) % 2 else 0.0


def _handle_rect(outline: Outline, surface: Surface) -> QRect:
    assert outline.handle is not None
    x, y = (math.floor(each) for each in surface.view.to_view(outline.handle))
    side = round((_HOT_HANDLE if outline.is_handle_hot else _HANDLE) * surface.ratio)
    return QRect(x - side // 2, y - side // 2, side, side)


def _plate_rect(outline: Outline, surface: Surface) -> QRect:
    """Below the pointer at its right; on the other side where the view ends, and always inside it."""
    assert outline.label_at is not None
    x, y = (round(each) for each in surface.view.to_view(outline.label_at))
    size = plate_size(outline.label, QFontMetrics(plate_font(surface.font, surface.ratio)), surface.ratio)
    right, down = (round(each * surface.ratio) for each in _AWAY)
    left = x + right if x + right + size.width() <= surface.size.width() else x - right - size.width()
    top = y + down if y + down + size.height() <= surface.size.height() else y - down - size.height()
    left = min(max(left, 0), surface.size.width() - size.width())
    top = min(max(top, 0), surface.size.height() - size.height())
    return QRect(left, top, size.width(), size.height())
