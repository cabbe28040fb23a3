"""The mask as a tint with a thin outline, drawn from the mask itself and only where the view shows it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from app.imaging.arrays import HOLE, KEEP, Mask, extent_of
from app.imaging.geometry import EMPTY, Extent, Rect
from app.imaging.pyramid import Pyramid
from app.ui.image_layer import level_rect
from app.ui.mask_tint import OverlayStyle, Patch, drawn_patch, full_tile
from app.ui.viewport import ViewTransform

TILE = 128
"""View pixels. Tiles lie on a grid fixed to the image, so that a part redrawn looks as it did in the whole."""

REACH = 4
"""View pixels beyond a changed rectangle that smoothing and the outline may change."""

_KEPT = 2000
"""Tiles kept: a 4K view has 510, most of them empty; one with an outline takes 64 KB."""

_READ_MARGIN = 2
"""Mask level pixels round a tile that smoothing may read."""


class _Tile(NamedTuple):
    """What one tile looks like."""

    checksum: int
    """Of the mask it was drawn from."""
    drawn: QImage | None
    """None where there is nothing of the mask."""


_EMPTY_TILE = _Tile(0, None)


class MaskOverlay:
    """Draws a mask. Keeps the tiles it drew last, at one zoom: panning and repainting cost a copy of those in view."""

    def __init__(self, mask: Mask) -> None:
        """Show `mask`, ``(H, W)``, which stays the caller's: tell `refresh` where it changed."""
        self._pyramid = Pyramid(mask)
        self._extent: Extent = extent_of(mask)
        self._stale = EMPTY
        self._look: tuple[float, OverlayStyle] | None = None
        self._tiles: dict[tuple[int, int], _Tile] = {}
        self._doubtful: dict[tuple[int, int], _Tile] = {}
        self._full = QImage()

    def refresh(self, rect: Rect) -> None:
        """The mask changed in `rect` (image pixels); it is read again when next drawn."""
        self._stale = self._stale.united(rect)

    def paint(self, painter: QPainter, view: ViewTransform, exposed: QRect, style: OverlayStyle) -> None:
        """Draw what lies in `exposed`, which lies in the image; `painter` counts view pixels."""
        if not style.visible:
            return
        self._forget_stale(view, style)
        painter.setClipRect(exposed, Qt.ClipOperation.IntersectClip)
        for row in _rows(view, exposed):
            tiles = _tiles(row)
            if any(_key(view, tile) not in self._tiles for tile in tiles):
                self._read_row(view, row, tiles, style)
            for tile in tiles:
                drawn = self._tiles[_key(view, tile)].drawn
                if drawn is not None:
                    painter.drawImage(tile.topLeft(), drawn)

    def _forget_stale(self, view: ViewTransform, style: OverlayStyle) -> None:
        """Bring the pyramid up to date; drop the tiles that no longer show the mask as it is or as it should look."""
        self._pyramid.update(self._stale)
        if self._look != (view.scale, style) or len(self._tiles) > _KEPT:
            self._look = (view.scale, style)
            self._tiles.clear()
            self._doubtful.clear()
            self._full = full_tile(TILE, style)
        elif not self._stale.is_empty:
            changed = ViewTransform(view.scale, 0, 0).covering(self._stale, REACH)
            inside = [key for key in self._tiles if changed.intersects(QRect(*key, TILE, TILE))]
            self._doubtful = {key: self._tiles.pop(key) for key in inside}
        self._stale = EMPTY

    def _read_row(self, view: ViewTransform, row: QRect, tiles: list[QRect], style: OverlayStyle) -> None:
        """Look at the mask in a row of tiles and keep, for each not yet known, what to draw."""
        level, factor = self._pyramid.level_for(view.scale)
        band = self._area(view, row, style.line_width, factor)
        peaks = level[band.slices].max(axis=0, initial=KEEP)
        for tile in tiles:
            key = _key(view, tile)
            if key in self._tiles:
                continue
            area = self._area(view, tile, style.line_width, factor)
            if area.is_empty or not peaks[area.x - band.x : area.right - band.x].any():
                self._tiles[key] = _EMPTY_TILE
            else:
                self._tiles[key] = self._tile(view, tile, Patch(level[area.slices], area, factor), style)

    def _tile(self, view: ViewTransform, tile: QRect, patch: Patch, style: OverlayStyle) -> _Tile:
        """Draw a tile, unless it is hole all over or its mask turns out to be what it was."""
        checksum = crc32(patch.pixels.tobytes())
        known = self._doubtful.get(_key(view, tile))
        if known is not None and known.checksum == checksum and known.drawn is not None:
            return known
        is_full = patch.pixels.min() == HOLE and self._off_border(view, tile)
        return _Tile(checksum, self._full if is_full else drawn_patch(patch, view, tile, style))

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
