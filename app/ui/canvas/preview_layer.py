"""Draws what a click would take, or has found, before it is part of the mask: tinted and hatched, and its hints.

Lengths are view (device) pixels at a display scaling of 100 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPalette, QPen, QPixmap

from app.imaging.arrays import Mask
from app.imaging.geometry import EMPTY, Extent, Point, Rect
from app.ui.canvas.mask_tint import OverlayStyle, Patch, drawn_tiles
from app.ui.canvas.viewport import ViewTransform

_DARK, _LIGHT = QColor(0, 0, 0, 190), QColor(255, 255, 255, 240)
_PERIOD = 8
_CLEARED = QColor(0, 0, 0, 130)
"""How much of the tint every other stripe loses."""
_REACH = 4
_DOT = 6.0


class Tone(Enum):
    """What the preview stands for."""

    ADD = auto()
    REMOVE = auto()
    HOVER = auto()
    """What a click would take: fainter."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Part of a mask that is not there yet, and what was pointed at to find it."""

    coverage: Mask
    """``(area.height, area.width)`` uint8."""
    area: Rect = EMPTY
    """Pixels of a level of which each stands for `factor` × `factor` image pixels."""
    factor: int = 1
    tone: Tone = Tone.ADD
    box: Rect = EMPTY
    """Image pixels, as are the points."""
    inside: tuple[Point, ...] = ()
    outside: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What was drawn last; painted again as long as nothing moves."""

    image: QImage
    view: ViewTransform
    shown: QRect
    colour: str


class PreviewLayer:
    """The preview of one pane."""

    def __init__(self, preview: Preview | None = None) -> None:
        self._preview = preview
        self._drawn: _Drawn | None = None

    def paint(self, painter: QPainter, view: ViewTransform, exposed: QRect, palette: QPalette, ratio: float) -> None:
        """Draw what lies in `exposed`; the painter counts view pixels."""
        preview = self._preview
        if preview is None:
            return
        visible = exposed.intersected(_tint_bounds(preview, view))
        if not visible.isEmpty():
            drawn = self._drawn_for(preview, view, visible, _colour(preview.tone, palette), ratio)
            painter.save()
            painter.setOpacity(0.5 if preview.tone is Tone.HOVER else 1.0)
            painter.drawImage(visible.topLeft(), drawn.image, visible.translated(-drawn.shown.topLeft()))
            painter.restore()
        if any(each.intersects(exposed) for each in _mark_bounds(preview, view, ratio)):
            _paint_marks(painter, preview, view, ratio)

    def bounds(self, view: ViewTransform, ratio: float) -> list[QRect]:
        """The view pixels that `paint` may touch."""
        if self._preview is None:
            return []
        tint = _tint_bounds(self._preview, view)
        return [*([] if tint.isEmpty() else [tint]), *_mark_bounds(self._preview, view, ratio)]

    def _drawn_for(self, preview: Preview, view: ViewTransform, visible: QRect, colour: str, ratio: float) -> _Drawn:
        last = self._drawn
        if last is None or (last.view, last.colour) != (view, colour) or not last.shown.contains(visible):
            last = self._drawn = _Drawn(_drawn(preview, view, visible, colour, ratio), view, visible, colour)
        return last


def _colour(tone: Tone, palette: QPalette) -> str:
    role = QPalette.ColorRole.PlaceholderText if tone is Tone.REMOVE else QPalette.ColorRole.Highlight
    return palette.color(role).name()


def _tint_bounds(preview: Preview, view: ViewTransform) -> QRect:
    return QRect() if preview.area.is_empty else _level_view(preview, view).covering(preview.area, _REACH)


def _level_view(preview: Preview, view: ViewTransform) -> ViewTransform:
    """The view of the level as if it were an image of its own."""
    return replace(view, scale=view.scale * preview.factor)


def _drawn(preview: Preview, view: ViewTransform, visible: QRect, colour: str, ratio: float) -> QImage:
    style = OverlayStyle(True, colour, 0.7, max(round(ratio), 1))
    preview = _thinned(preview, view.scale)
    level = _level_view(preview, view)
    ((image, _),) = drawn_tiles(_patch(preview, level, visible), level, visible, style, visible.width())
    if preview.tone is not Tone.HOVER:
        painter = QPainter(image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        painter.setBrushOrigin(QPointF(view.x - visible.x(), view.y - visible.y()))
        painter.fillRect(QRect(0, 0, visible.width(), visible.height()), _stripes(_PERIOD * max(round(ratio), 1)))
        painter.end()
    return image


def _thinned(preview: Preview, scale: float) -> Preview:
    """Where a view pixel shows several of the level's, one of them for all: a large area is as quick as a small one."""
    step = 2 ** max(int(math.log2(1 / (scale * preview.factor))), 0) if scale * preview.factor < 1 else 1
    if step == 1:
        return preview
    left, top = (step // 2 - preview.area.x) % step, (step // 2 - preview.area.y) % step
    coverage = preview.coverage[top::step, left::step]
    x, y = (preview.area.x + left) // step, (preview.area.y + top) // step
    return replace(
        preview,
        coverage=coverage,
        area=Rect(x, y, coverage.shape[1], coverage.shape[0]),
        factor=preview.factor * step,
    )


def _patch(preview: Preview, level: ViewTransform, visible: QRect) -> Patch:
    """The coverage that `visible` shows, with what surrounds it: nothing."""
    extent = Extent(preview.area.right + _REACH, preview.area.bottom + _REACH)
    seen = level.visible(visible.adjusted(-_REACH, -_REACH, _REACH, _REACH), extent)
    part = seen.grown(2).intersected(Rect(0, 0, *extent))
    pixels = np.zeros((part.height, part.width), np.uint8)
    common = part.intersected(preview.area)
    source = preview.coverage[common.moved(-preview.area.x, -preview.area.y).slices]
    pixels[common.moved(-part.x, -part.y).slices] = source
    return Patch(pixels, part, 1, extent)


def _stripes(period: int) -> QBrush:
    """Diagonal stripes, half of each period wide."""
    tile = QPixmap(period, period)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    for row in range(period):
        for column in range(period // 2):
            painter.fillRect((row + column) % period, row, 1, 1, _CLEARED)
    painter.end()
    return QBrush(tile)


def _mark_bounds(preview: Preview, view: ViewTransform, ratio: float) -> list[QRect]:
    spots = [_around(view.to_view(point), (_DOT + 2) * ratio) for point in (*preview.inside, *preview.outside)]
    if preview.box.is_empty:
        return spots
    reach = math.ceil(2 * ratio)
    outer, line = view.covering(preview.box, reach), 2 * reach + 1
    x, y, width, height = outer.x(), outer.y(), outer.width(), outer.height()
    level, upright = QSize(width, line), QSize(line, height)
    sides = (
        QRect(QPoint(x, y), level),
        QRect(QPoint(x, y + height - line), level),
        QRect(QPoint(x, y), upright),
        QRect(QPoint(x + width - line, y), upright),
    )
    return [*sides, *spots]


def _around(centre: tuple[float, float], reach: float) -> QRect:
    return QRectF(centre[0] - reach, centre[1] - reach, 2 * reach, 2 * reach).toAlignedRect()


def _paint_marks(painter: QPainter, preview: Preview, view: ViewTransform, ratio: float) -> None:
    painter.save()
    if not preview.box.is_empty:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        outline = QRectF(view.covering(preview.box)).adjusted(0.5, 0.5, -0.5, -0.5)
        for pen in _box_pens(ratio):
            painter.setPen(pen)
            painter.drawRect(outline)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for points, is_inside in ((preview.inside, True), (preview.outside, False)):
        for point in points:
            _paint_sign(painter, QPointF(*view.to_view(point)), is_inside, ratio)
    painter.restore()


def _box_pens(ratio: float) -> tuple[QPen, QPen]:
    """Light dashes on a dark line."""
    width = max(round(ratio), 1)
    dashes = QPen(_LIGHT, width, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
    dashes.setDashPattern([4, 4])
    return QPen(_DARK, width), dashes


def _paint_sign(painter: QPainter, at: QPointF, is_plus: bool, ratio: float) -> None:
    """A disc with a plus for what belongs to the object, a minus for what does not."""
    painter.setPen(QPen(_LIGHT, ratio))
    painter.setBrush(_DARK)
    painter.drawEllipse(at, _DOT * ratio, _DOT * ratio)
    painter.setPen(QPen(_LIGHT, 1.5 * ratio))
    arm = 3 * ratio
    painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
    if is_plus:
        painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))
