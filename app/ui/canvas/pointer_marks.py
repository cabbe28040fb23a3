"""Marks drawn at the pointer: the brush's ring and the cross that shows the same place in the other panes.

Each is drawn twice, dark and light, so that it shows on any background.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QRegion

from app.imaging.geometry import Point
from app.ui.canvas.viewport import ViewTransform
from app.ui.tools.tools import CursorShape

_DARK, _LIGHT = QColor(0, 0, 0, 170), QColor(255, 255, 255, 235)
_FAINT_DARK, _FAINT_LIGHT = QColor(0, 0, 0, 110), QColor(255, 255, 255, 170)

TINY = 6.0
"""A ring of fewer view pixels (at 100 % display scaling) is drawn as a crosshair."""

_ARM, _GAP = 12.0, 3.0
"""Outer and inner end of a crosshair's arms, view pixels at 100 % display scaling."""

_SIGN_FROM = 28.0
"""Signs are drawn in rings of at least this many view pixels."""


_CLEAR, _DOT = 3.0, 2.0
"""A ring of the hardness is drawn this far inside the brush's, and a dot where it would be smaller than that."""

_CENTRE_FROM = 160.0
"""Rings of at least this radius, which the view may not hold, have a small cross in their middle."""

_HOLLOW_FROM = 100.0
"""Rings of at least this radius, view pixels at 100 % display scaling, are repainted without their inside."""


def paint_ring(painter: QPainter, view: ViewTransform, shape: CursorShape, ratio: float) -> None:
    """Draw a tool's ring at its true size; `ratio` is the display's device pixel ratio."""
    centre = QPointF(*view.to_view(shape.centre))
    radius = shape.diameter * view.scale / 2
    if 2 * radius < TINY * ratio:
        paint_cross(painter, view, shape.centre, ratio)
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _circle(painter, centre, radius + 0.5 * ratio, QPen(_DARK, ratio))
    _circle(painter, centre, radius - 0.5 * ratio, QPen(_LIGHT, ratio))
    inner = radius * shape.hardness
    if radius - inner >= _CLEAR * ratio:
        _paint_hardness(painter, centre, inner, ratio)
    _sign(painter, math.floor(centre.x()) + 0.5, math.floor(centre.y()) + 0.5, shape, radius / ratio, ratio)
    painter.restore()


def _sign(painter: QPainter, x: float, y: float, shape: CursorShape, radius: float, ratio: float) -> None:
    """A minus for what erases, an arrow that turns back for what restores; else the middle of a large brush."""
    across, down = QLineF(x - 4.5 * ratio, y, x + 4.5 * ratio, y), QLineF(x, y - 4.5 * ratio, x, y + 4.5 * ratio)
    if shape.restores and 2 * radius >= _SIGN_FROM:
        _drawn_twice(painter, _turning_back(x, y, 4.5 * ratio), ratio)
    elif shape.erase and 2 * radius >= _SIGN_FROM:
        _lines(painter, [across], ratio)
    elif radius >= _CENTRE_FROM:
        _lines(painter, [across, down], ratio)


def _turning_back(x: float, y: float, radius: float) -> QPainterPath:
    """Three quarters of a circle round ``(x, y)``, with the head of an arrow at the top, pointing left."""
    path = QPainterPath(QPointF(x - radius, y))
    path.arcTo(QRectF(x - radius, y - radius, 2 * radius, 2 * radius), 180, 270)
    head = 0.55 * radius
    path.moveTo(x + head, y - radius - head)
    path.lineTo(x, y - radius)
    path.lineTo(x + head, y - radius + head)
    return path


def _paint_hardness(painter: QPainter, centre: QPointF, radius: float, ratio: float) -> None:
    """Where the brush begins to fade; a dot where that is its middle."""
    if radius < _DOT * ratio:
        painter.setPen(QPen(_FAINT_DARK, ratio))
        painter.setBrush(_LIGHT)
        painter.drawEllipse(centre, _DOT * ratio, _DOT * ratio)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        _circle(painter, centre, radius + 0.5 * ratio, QPen(_FAINT_DARK, ratio))
        _circle(painter, centre, radius - 0.5 * ratio, QPen(_FAINT_LIGHT, ratio))


def paint_cross(painter: QPainter, view: ViewTransform, point: Point, ratio: float) -> None:
    """Draw a crosshair with a free middle at an image point."""
    x, y = (math.floor(each) + 0.5 for each in view.to_view(point))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        near, far = _GAP * ratio, _ARM * ratio
        _lines(painter, [QLineF(x + dx * near, y + dy * near, x + dx * far, y + dy * far)], ratio)
    painter.restore()


def ring_bounds(view: ViewTransform, shape: CursorShape, ratio: float) -> list[QRect]:
    """The view pixels that `paint_ring` may touch: of a large ring the four sides, without what lies inside it."""
    radius = shape.diameter * view.scale / 2
    outer = _bounds(view, shape.centre, max(radius, _ARM * ratio) + 3 * ratio)
    innermost = radius * shape.hardness if shape.hardness > 0.5 else 0.0
    inner = _bounds(view, shape.centre, innermost * math.sqrt(0.5) - 3 * ratio)
    if innermost < _HOLLOW_FROM * ratio:
        return [outer]
    has_sign = shape.erase or shape.restores or radius >= _CENTRE_FROM * ratio
    middle = [_bounds(view, shape.centre, 8 * ratio)] if has_sign else []
    return [*(QRegion(outer) - QRegion(inner)), *middle]  # type: ignore[misc]  # iterable, but the stubs don't say so


def cross_bounds(view: ViewTransform, point: Point, ratio: float) -> QRect:
    """The view pixels that `paint_cross` may touch."""
    return _bounds(view, point, (_ARM + 3) * ratio)


def _bounds(view: ViewTransform, point: Point, reach: float) -> QRect:
    x, y = view.to_view(point)
    return QRectF(x - reach, y - reach, 2 * reach, 2 * reach).toAlignedRect()


def _circle(painter: QPainter, centre: QPointF, radius: float, pen: QPen) -> None:
    painter.setPen(pen)
    painter.drawEllipse(centre, radius, radius)


def _lines(painter: QPainter, lines: list[QLineF], ratio: float) -> None:
    path = QPainterPath()
    for line in lines:
        path.moveTo(line.p1())
        path.lineTo(line.p2())
    _drawn_twice(painter, path, ratio)


def _drawn_twice(painter: QPainter, path: QPainterPath, ratio: float) -> None:
    for colour, width in ((_DARK, 3 * ratio), (_LIGHT, ratio)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawPath(path)
