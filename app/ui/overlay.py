"""The mask as a tint with a thin outline, drawn from the mask itself, only where the view shows it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.imaging.arrays import HOLE, THRESHOLD, Mask, extent_of
from app.imaging.geometry import EMPTY, Extent, Rect
from app.imaging.pyramid import Pyramid
from app.ui.image_layer import CRISP_FROM, level_rect
from app.ui.qimages import Premultiplied, wrap_grey, wrap_premultiplied, writable_bytes
from app.ui.viewport import ViewTransform

TILE = 128
"""View pixels. Tiles lie on a grid fixed to the image, so that a part redrawn looks as it did in the whole."""

_INNER, _OUTER = 0xF0F0F0F0, 0x90000000
"""The outline, premultiplied: light just inside the hole, dark just outside, so one shows on any background."""

_READ_MARGIN = 2
"""Mask level pixels round a tile that smoothing may read."""


@dataclass(frozen=True, slots=True)
class OverlayStyle:
    """How the mask is shown."""

    visible: bool = True
    colour: str = "#ff3b30"
    opacity: float = 0.45
    """0…1 where the mask is 255."""
    line_width: int = 1
    """View pixels of each half of the outline."""


class MaskOverlay:
    """Draws a mask. Keeps no picture of it: empty tiles cost nothing, full ones one fill, the others a few µs."""

    def __init__(self, mask: Mask) -> None:
        """Show `mask`, ``(H, W)``, which stays the caller's: tell `refresh` where it changed."""
        self._pyramid = Pyramid(mask)
        self._extent: Extent = extent_of(mask)
        self._stale = EMPTY

    def refresh(self, rect: Rect) -> None:
        """The mask changed in `rect` (image pixels); it is read again when next drawn."""
        self._stale = self._stale.united(rect)

    def paint(self, painter: QPainter, view: ViewTransform, exposed: QRect, style: OverlayStyle) -> None:
        """Draw what lies in `exposed`; `painter` counts view pixels and is clipped to the image."""
        if not style.visible:
            return
        self._pyramid.update(self._stale)
        self._stale = EMPTY
        tints = _tints(QColor(style.colour), style.opacity)
        full = QColor.fromRgba(int(QColor(style.colour).rgb()))
        full.setAlphaF(style.opacity)
        painter.setClipRect(exposed, Qt.ClipOperation.IntersectClip)
        level, factor = self._pyramid.level_for(view.scale)
        reach = style.line_width
        for tile in _tiles(view, exposed):
            area = self._area(view, tile.adjusted(-reach, -reach, reach, reach), factor)
            crop = level[area.slices]
            if area.is_empty or not crop.any():
                continue
            if crop.min() == HOLE and self._is_inside(view, tile, reach):
                painter.fillRect(tile, full)
                continue
            coverage = _coverage(crop, area, view, tile, reach, factor)
            painter.drawImage(tile.topLeft(), wrap_premultiplied(_tinted(coverage, tints, style.line_width)))

    def _area(self, view: ViewTransform, tile: QRect, factor: int) -> Rect:
        """The level pixels that `tile` shows, and a margin for smoothing."""
        visible = view.visible(tile, self._extent)
        if visible.is_empty:
            return EMPTY
        whole = level_rect(Rect(0, 0, *self._extent), factor)
        return level_rect(visible, factor).grown(_READ_MARGIN).intersected(whole)

    def _is_inside(self, view: ViewTransform, tile: QRect, reach: int) -> bool:
        """True where no border of the image, at which an outline runs, lies in or at `tile`."""
        inner = view.covering(Rect(0, 0, *self._extent), -2)
        return inner.contains(tile.adjusted(-reach, -reach, reach, reach))


def _tiles(view: ViewTransform, exposed: QRect) -> Iterator[QRect]:
    first_x, first_y = (exposed.x() - view.x) // TILE, (exposed.y() - view.y) // TILE
    end_x = math.ceil((exposed.x() + exposed.width() - view.x) / TILE)
    end_y = math.ceil((exposed.y() + exposed.height() - view.y) / TILE)
    for row in range(first_y, end_y):
        for column in range(first_x, end_x):
            yield QRect(view.x + column * TILE, view.y + row * TILE, TILE, TILE)


def _coverage(crop: Mask, area: Rect, view: ViewTransform, tile: QRect, reach: int, factor: int) -> Mask:
    """The mask in view pixels, 0…255, for `tile` and `reach` more on each side."""
    image = QImage(TILE + 2 * reach, TILE + 2 * reach, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.scale < CRISP_FROM)
    painter.translate(view.x - tile.x() + reach, view.y - tile.y() + reach)
    painter.scale(view.scale * factor, view.scale * factor)
    painter.drawImage(QPointF(area.x, area.y), wrap_grey(crop))
    painter.end()
    return writable_bytes(image)[:, : image.width()].copy()


def _tinted(coverage: Mask, tints: Premultiplied, line_width: int) -> Premultiplied:
    """Tint and outline of a tile, from its coverage with `line_width` more pixels on each side."""
    hole = coverage > THRESHOLD
    inside, outside = hole, hole
    for _ in range(line_width):
        inside, outside = _with_neighbours(inside, np.logical_and), _with_neighbours(outside, np.logical_or)
    centre = (slice(line_width, -line_width), slice(line_width, -line_width))
    hole = hole[centre]
    result = tints[coverage[centre]]
    result[hole & ~inside] = _INNER
    result[outside & ~hole] = _OUTER
    return result


def _with_neighbours(hole: npt.NDArray[np.bool_], combine: np.ufunc) -> npt.NDArray[np.bool_]:
    """Each pixel combined with its four neighbours; one pixel smaller on each side."""
    across: npt.NDArray[np.bool_] = combine(combine(hole[1:-1, :-2], hole[1:-1, 2:]), hole[1:-1, 1:-1])
    combine(across, hole[:-2, 1:-1], out=across)
    combine(across, hole[2:, 1:-1], out=across)
    return across


def _tints(colour: QColor, opacity: float) -> Premultiplied:
    """The premultiplied tint for each mask value, ``(256,)`` uint32."""
    strength = np.arange(256) / 255 * opacity
    channels = (255, colour.red(), colour.green(), colour.blue())
    alpha, red, green, blue = (np.rint(strength * value).astype(np.uint32) for value in channels)
    return np.asarray(alpha << 24 | red << 16 | green << 8 | blue, np.uint32)
