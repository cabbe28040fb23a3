"""Draws the shape that a tool is about to paint: a dashed light line on a dark one, a handle, and words.

Only what differs from the outline before is repainted: a lasso of thousands of points grows by one short line.
All lengths are view pixels, at a display scaling of 100 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from app.imaging.geometry import Point
from app.ui.canvas.dashes import NO_DASHES, Floats, cells_of, dashes_of
from app.ui.canvas.plates import paint_plate, plate_font, plate_size
from app.ui.canvas.viewport import ViewTransform
from app.ui.tools.tools import Outline

_DARK, _LIGHT = QColor(0, 0, 0), QColor(255, 255, 255)
_DASH = 5
_HANDLE, _HOT_HANDLE = 7, 11
_REACH = 3
"""Beyond the line's middle, for its width and for smoothing."""

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


_NOTHING = Outline()


class OutlineLayer:
    """The outline of one canvas."""

    def __init__(self) -> None:
        self._outline = _NOTHING
        self._surface: Surface | None = None
        self._dashes = NO_DASHES
        self._handle, self._plate = QRect(), QRect()

    def show(self, outline: Outline | None, surface: Surface) -> list[QRect]:
        """Show `outline` from now on; returns the view pixels to repaint."""
        if outline is None and self._outline is _NOTHING:
            return []
        before, marks = self._dashes.ends, [self._handle, self._plate]
        self._outline = outline or _NOTHING
        kept = self._place(surface)
        changed = np.concatenate([before[kept:], self._dashes.ends[kept:]])
        marks = [mark for mark in (*marks, self._handle, self._plate) if not mark.isEmpty()]
        lines = cells_of(changed, _REACH * surface.ratio, surface.size) if len(changed) else []
        return lines + [mark.adjusted(-2, -2, 2, 2) for mark in marks]

    def paint(self, painter: QPainter, surface: Surface, exposed: QRect) -> None:
        """Draw what touches `exposed`; the painter counts view pixels."""
        if self._outline is _NOTHING:
            return
        if surface != self._surface:
            self._place(surface)
        painter.save()
        self._paint_line(painter, exposed, surface.ratio)
        if self._handle.intersects(exposed):
            self._paint_handle(painter, surface.ratio)
        if self._plate.intersects(exposed):
            painter.setFont(plate_font(surface.font, surface.ratio))
            paint_plate(painter, self._plate, self._outline.label, _LIGHT, surface.ratio)
        painter.restore()

    def _place(self, surface: Surface) -> int:
        """Lay the outline out on `surface`; returns how many pieces of its line are what they were."""
        outline, ratio = self._outline, surface.ratio
        points = _in_view(outline.points, surface.view)
        if not outline.is_curve:
            points = np.floor(points) + _middle(ratio)
        margin = round(2 * _REACH * ratio)
        shown = QRect(-margin, -margin, surface.size.width() + 2 * margin, surface.size.height() + 2 * margin)
        before = self._dashes if surface == self._surface else NO_DASHES
        self._dashes, kept = dashes_of(points, _DASH * ratio, shown, before)
        self._surface = surface
        self._handle = QRect() if outline.handle is None else _handle_rect(outline, surface)
        self._plate = QRect() if outline.label_at is None or not outline.label else _plate_rect(outline, surface)
        return kept

    def _paint_line(self, painter: QPainter, exposed: QRect, ratio: float) -> None:
        ends = self._dashes.ends
        near = QRectF(exposed).adjusted(*(side * _REACH * ratio for side in (-1, -1, 1, 1)))
        low, high = np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])
        is_near = ((high >= (near.left(), near.top())) & (low <= (near.right(), near.bottom()))).all(axis=1)
        if not is_near.any():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, flat, square = _line_width(ratio), Qt.PenCapStyle.FlatCap, Qt.PenCapStyle.SquareCap
        for colour, across, cap, chosen in (
            (_DARK, 3 * width, square, is_near),
            (_LIGHT, width, flat, is_near & self._dashes.is_dash),
        ):
            painter.setPen(QPen(colour, across, Qt.PenStyle.SolidLine, cap))
            painter.drawLines([QLineF(*each) for each in ends[chosen].tolist()])  # one long line takes far longer

    def _paint_handle(self, painter: QPainter, ratio: float) -> None:
        line = _line_width(ratio)
        painter.fillRect(self._handle, _DARK)
        painter.fillRect(self._handle.adjusted(line, line, -line, -line), _LIGHT)
        if not self._outline.is_handle_hot:
            painter.fillRect(self._handle.adjusted(2 * line, 2 * line, -2 * line, -2 * line), _DARK)


def _in_view(points: Floats, view: ViewTransform) -> Floats:
    """View positions of image points; the view may turn the image, so three points say how it lies."""
    x, y = view.to_view(Point(0, 0))
    across, down = view.to_view(Point(1, 0)), view.to_view(Point(0, 1))
    turn = np.array([(across[0] - x, across[1] - y), (down[0] - x, down[1] - y)])
    result: Floats = points @ turn + (x, y)
    return result


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
