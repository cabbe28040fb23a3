"""The mask as a tint with a thin outline, drawn from the mask itself and only where the view shows it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.imaging.arrays import HOLE, KEEP, Mask, extent_of
from app.imaging.geometry import EMPTY, Extent, Rect
from app.imaging.pyramid import Pyramid
from app.ui.image_layer import level_rect
from app.ui.mask_tint import OverlayStyle, Patch, drawn_patch
from app.ui.viewport import ViewTransform

TILE = 128
"""View pixels. Tiles lie on a grid fixed to the image, so that a part redrawn looks as it did in the whole."""

REACH = 4
"""View pixels beyond a changed rectangle that smoothing and the outline may change."""

_KEPT = 2000
"""Tiles kept: a 4K view has 510, most of them empty; one with an outline takes 64 KB."""

_FULL = QImage()
"""Stands for a tile that is hole all over: no picture is needed to fill it."""

_READ_MARGIN = 2
"""Mask level pixels round a tile that smoothing may read."""


class MaskOverlay:
    """Draws a mask. Keeps the tiles it drew last, at one zoom: panning and repainting cost a copy of those in view."""

    def __init__(self, mask: Mask) -> None:
        """Show `mask`, ``(H, W)``, which stays the caller's: tell `refresh` where it changed."""
        self._pyramid = Pyramid(mask)
        self._extent: Extent = extent_of(mask)
        self._stale = EMPTY
        self._look: tuple[float, OverlayStyle] | None = None
        self._tiles: dict[tuple[int, int], QImage | None] = {}

    def refresh(self, rect: Rect) -> None:
        """The mask changed in `rect` (image pixels); it is read again when next drawn."""
        self._stale = self._stale.united(rect)

    def paint(self, painter: QPainter, view: ViewTransform, exposed: QRect, style: OverlayStyle) -> None:
        """Draw what lies in `exposed`, which lies in the image; `painter` counts view pixels."""
        if not style.visible:
            return
        self._forget_stale(view, style)
        fill = QColor(style.colour)
        fill.setAlphaF(style.opacity)
        painter.setClipRect(exposed, Qt.ClipOperation.IntersectClip)
        for row in _rows(view, exposed):
            tiles = _tiles(row)
            if any(_key(view, tile) not in self._tiles for tile in tiles):
                self._read_row(view, row, tiles, style)
            for tile in tiles:
                drawn = self._tiles[_key(view, tile)]
                if drawn is _FULL:
                    painter.fillRect(tile, fill)
                elif drawn is not None:
                    painter.drawImage(tile.topLeft(), drawn)

    def _forget_stale(self, view: ViewTransform, style: OverlayStyle) -> None:
        """Bring the pyramid up to date; drop the tiles that no longer show the mask as it is or as it should look."""
        self._pyramid.update(self._stale)
        if self._look != (view.scale, style) or len(self._tiles) > _KEPT:
            self._tiles.clear()
        elif not self._stale.is_empty:
            changed = ViewTransform(view.scale, 0, 0).covering(self._stale, REACH)
            inside = [key for key in self._tiles if changed.intersects(QRect(*key, TILE, TILE))]
            for key in inside:
                del self._tiles[key]
        self._look = (view.scale, style)
        self._stale = EMPTY

    def _read_row(self, view: ViewTransform, row: QRect, tiles: list[QRect], style: OverlayStyle) -> None:
        """Look at the mask in a row of tiles and keep, for each not yet known, what to draw."""
        level, factor = self._pyramid.level_for(view.scale)
        band = self._area(view, row, style.line_width, factor)
        peaks = level[band.slices].max(axis=0, initial=KEEP)
        for tile in tiles:
            area = self._area(view, tile, style.line_width, factor)
            key = _key(view, tile)
            if area.is_empty or not peaks[area.x - band.x : area.right - band.x].any():
                self._tiles[key] = None
            elif key not in self._tiles:
                patch = Patch(level[area.slices], area, factor)
                is_full = patch.pixels.min() == HOLE and self._off_border(view, tile)
                self._tiles[key] = _FULL if is_full else drawn_patch(patch, view, tile, style)

    def _area(self, view: ViewTransform, shown: QRect, reach: int, factor: int) -> Rect:
        """The level pixels that `shown` and `reach` view pixels round it show, with a margin for smoothing."""
        visible = view.visible(shown.adjusted(-reach, -reach, reach, reach), self._extent)
        if visible.is_empty:
            return EMPTY
        whole = level_rect(Rect(0, 0, *self._extent), factor)
        return level_rect(visible, factor).grown(_READ_MARGIN).intersected(whole)

    def _off_border(self, view: ViewTransform, tile: QRect) -> bool:
        """True where no border of the image, along which the outline runs, is near `tile`."""
        return view.covering(Rect(0, 0, *self._extent), -TILE // 8).contains(tile)


def _rows(view: ViewTransform, exposed: QRect) -> Iterator[QRect]:
    """The rows of tiles that `exposed` touches, each as wide as the tiles it needs."""
    x = view.x + (exposed.x() - view.x) // TILE * TILE
    columns = math.ceil((exposed.x() + exposed.width() - x) / TILE)
    first = view.y + (exposed.y() - view.y) // TILE * TILE
    for y in range(first, exposed.y() + exposed.height(), TILE):
        yield QRect(x, y, columns * TILE, TILE)


def _tiles(row: QRect) -> list[QRect]:
    return [QRect(x, row.y(), TILE, TILE) for x in range(row.x(), row.x() + row.width(), TILE)]


def _key(view: ViewTransform, tile: QRect) -> tuple[int, int]:
    """Where `tile` lies from the image's corner: stays the same when the image is panned."""
    return tile.x() - view.x, tile.y() - view.y
