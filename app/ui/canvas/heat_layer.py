"""Draws where a place of the hole looks: warm cells over the region, the place itself, and the strongest places.

Lengths are view (device) pixels at a display scaling of 100 %.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap

from app.imaging.geometry import Point
from app.imaging.heat import heat_colours, widened
from app.inference.attention_probe import AttentionMap
from app.ui.canvas.plates import paint_plate, plate_font, plate_size
from app.ui.canvas.qimages import wrap_premultiplied
from app.ui.canvas.viewport import ViewTransform
from app.ui.numbers import fine_per_cent

_DARK, _LIGHT = QColor(0, 0, 0, 200), QColor(255, 255, 255, 245)
_RING, _GAP, _LEAST, _REACH = 9.0, 4.0, 4.0, 90
"""Radius of a ring round a place, from it to its plate, half the least square, and how far a plate reaches at most."""


_SEEN = 5.0
"""A hot cell is drawn at least so wide."""


class HeatLayer:
    """The attention shown in one pane; nothing without a map."""

    def __init__(self, looked: AttentionMap | None = None) -> None:
        self._looked = looked
        self._image: QPixmap | None = None
        self._widened = 0

    def paint(self, painter: QPainter, view: ViewTransform, exposed: QRect) -> None:
        """The cells, in the flat view."""
        looked = self._looked
        if looked is None or not view.covering(looked.rect).intersects(exposed):
            return
        reach = _reach(looked, view)
        if self._image is None or self._widened != reach:
            heat = widened(looked.heat, reach)
            self._image = QPixmap.fromImage(wrap_premultiplied(heat_colours(heat, looked.known)))
            self._widened = reach
        (x, y), scale = _corner(looked, view), view.scale
        rows, columns = looked.heat.shape
        target = QRectF(x, y, columns * looked.cell[0] * scale, rows * looked.cell[1] * scale)
        painter.save()
        painter.setClipRect(view.covering(looked.rect).intersected(exposed), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawPixmap(target, self._image, QRectF(self._image.rect()))
        painter.restore()

    def paint_marks(self, painter: QPainter, view: ViewTransform, ratio: float) -> None:
        """The place that looks, and what it looks at most, numbered, with their shares."""
        if self._looked is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        _paint_asked(painter, view, self._looked, ratio)
        painter.setFont(plate_font(painter.font(), ratio))
        for number, spot in reversed([*enumerate(self._looked.spots, 1)]):
            _paint_spot(painter, QPointF(*view.to_view(spot.point)), f"{number} · {fine_per_cent(spot.share)}", ratio)
        painter.restore()

    def bounds(self, view: ViewTransform, ratio: float) -> list[QRect]:
        """The view pixels that either may touch."""
        if self._looked is None:
            return []
        beyond = round((_RING + 3) * ratio)
        return [view.covering(self._looked.rect, beyond).adjusted(0, 0, round(_REACH * ratio), 0)]


def _reach(looked: AttentionMap, view: ViewTransform) -> int:
    """By how many cells the hot ones are widened, so that they can be seen from afar."""
    return math.ceil((_SEEN / (looked.cell[0] * view.scale) - 1) / 2) if looked.cell[0] * view.scale < _SEEN else 0


def _corner(looked: AttentionMap, view: ViewTransform) -> tuple[float, float]:
    return looked.rect.x * view.scale + view.x, looked.rect.y * view.scale + view.y


def _paint_asked(painter: QPainter, view: ViewTransform, looked: AttentionMap, ratio: float) -> None:
    """A square round the place that looks."""
    x, y, width, height = looked.asked
    centre = QPointF(*view.to_view(Point(x + width / 2, y + height / 2)))
    half = max(width * view.scale / 2, _LEAST * ratio)
    square = QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half)
    for pen in _pens(ratio):
        painter.setPen(pen)
        painter.drawRect(square)


def _paint_spot(painter: QPainter, at: QPointF, text: str, ratio: float) -> None:
    """A ring, and the plate beside it."""
    for pen in _pens(ratio):
        painter.setPen(pen)
        painter.drawEllipse(at, _RING * ratio, _RING * ratio)
    size = plate_size(text, QFontMetrics(painter.font()), ratio)
    corner = QPoint(round(at.x() + (_RING + _GAP) * ratio), round(at.y() - size.height() / 2))
    paint_plate(painter, QRect(corner, size), text, _LIGHT, ratio)


def _pens(ratio: float) -> tuple[QPen, QPen]:
    """Light on dark: seen on anything."""
    return QPen(_DARK, 4 * ratio), QPen(_LIGHT, 2 * ratio)
