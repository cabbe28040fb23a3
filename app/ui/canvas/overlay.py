"""The mask as a tint with a thin outline, drawn from the mask itself and only where the view shows it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from app.imaging.arrays import HOLE, KEEP, extent_of
from app.imaging.geometry import EMPTY, Extent, Rect
from app.imaging.mask_levels import MaskLevels
from app.imaging.tint import DASH
from app.ui.canvas.mask_look import MaskLook
from app.ui.canvas.mask_tint import DrawnTile, OverlayStyle, Patch, ant_colours, drawn_tiles, full_tile
from app.ui.canvas.patch_set import level_rect
from app.ui.canvas.viewport import ViewTransform

TILE = 128
"""View pixels. Tiles lie on a grid fixed to the image, so that a part redrawn looks as it did in the whole."""

REACH = 4
"""View pixels beyond a changed rectangle that smoothing and the outline may change."""

_KEPT = 2000
"""Tiles kept: a 4K view has 510, most of them empty; one with an outline takes 64 KB."""

_WIDE = 16
"""Tiles that are hole all over are drawn together, so many at once."""

_READ_MARGIN = 2
"""Mask level pixels round a tile that smoothing may read."""

_GAP = 3
"""Tiles: to draw that many for nothing costs no more than to begin anew behind them."""

_BORDER = 16
"""View pixels."""

_Key = tuple[int, int]
"""Where a tile lies from the image's corner, view pixels: stays the same when the image is panned."""


class MaskOverlay:
    """Draws a mask. Keeps the tiles it drew last, at one zoom: panning and repainting cost a copy of those in view."""

    def __init__(self, levels: MaskLevels) -> None:
        """Show the mask of `levels`, which stay the caller's: tell `refresh` where it changed."""
        self._levels = levels
        self._extent: Extent = extent_of(levels.levels[0])
        self._stale = EMPTY
        self._look: tuple[float, OverlayStyle] | None = None
        self._tiles: dict[_Key, QImage | None] = {}
        """None where there is nothing of the mask."""
        self._full: QImage | None = None
        """A row of tiles that are hole all over; stands for each of them."""
        self._lines: dict[_Key, QRect] = {}
        """Of tiles with ants: where in the tile they are."""
        self._step = 0

    def refresh(self, rect: Rect) -> None:
        """The mask changed in `rect` (image pixels), its levels are up to date: it is read again when next drawn."""
        self._stale = self._stale.united(rect)

    def march(self, view: ViewTransform, exposed: QRect) -> list[QRect]:
        """Let the ants go one step; returns where in `exposed` they walk, for a repaint, a strip for each row of tiles.

        Knows only of those that were painted before.
        """
        self._step = (self._step + 1) % DASH
        strips: dict[int, QRect] = {}
        for (x, y), line in self._lines.items():
            shown = line.translated(x + view.x, y + view.y).intersected(exposed)
            strips[y] = strips.get(y, QRect()).united(shown)
        return [strip for strip in strips.values() if not strip.isEmpty()]

    def paint(self, painter: QPainter, view: ViewTransform, exposed: QRect, style: OverlayStyle) -> None:
        """Draw what lies in `exposed`, which lies in the image; `painter` counts view pixels."""
        if not style.visible:
            return
        self._forget_stale(view.scale, style)
        columns = _starts(exposed.x() - view.x, exposed.width())
        rows = _starts(exposed.y() - view.y, exposed.height())
        if any((x, y) not in self._tiles for y in rows for x in columns):
            self._read(view, columns, rows, style)
        painter.setClipRect(exposed, Qt.ClipOperation.IntersectClip)
        for y in rows:
            for drawn, first, count in self._runs(y, columns):
                if style.look is MaskLook.ANTS:
                    drawn.setColorTable(ant_colours(self._step))
                painter.drawImage(first + view.x, y + view.y, drawn, 0, 0, count * TILE)

    def _runs(self, y: int, columns: list[int]) -> Iterator[tuple[QImage, int, int]]:
        """What to draw in a row of tiles, where, and how many tiles wide: those that are hole all over together."""
        full = 0
        for index, x in enumerate(columns):
            drawn = self._tiles[x, y]
            if drawn is None:
                continue
            if drawn is not self._full:
                yield drawn, x, 1
                continue
            full += 1
            is_last = index + 1 == len(columns) or self._tiles[columns[index + 1], y] is not drawn
            if is_last or full == _WIDE:
                yield drawn, x - (full - 1) * TILE, full
                full = 0

    def _forget_stale(self, scale: float, style: OverlayStyle) -> None:
        """Drop the tiles that no longer show the mask as it is or as it should look."""
        if self._look != (scale, style) or len(self._tiles) > _KEPT:
            self._look = (scale, style)
            self._tiles.clear()
            self._lines.clear()
            self._full = full_tile(_WIDE * TILE, TILE, style)
        elif not self._stale.is_empty:
            changed = ViewTransform(scale, 0, 0).covering(self._stale, REACH)
            for y in _starts(changed.y(), changed.height()):
                for x in _starts(changed.x(), changed.width()):
                    self._tiles.pop((x, y), None)
                    self._lines.pop((x, y), None)
        self._stale = EMPTY

    def _read(self, view: ViewTransform, columns: list[int], rows: list[int], style: OverlayStyle) -> None:
        """Keep, for each tile not yet known, what to draw: mostly the survey tells, without a look at the mask."""
        reach = style.line_width + (_READ_MARGIN + 1) * self._levels.level_for(view.scale)[1] * view.scale
        across = _pixels(columns, reach, view.scale, self._extent.width)
        down = _pixels(rows, reach, view.scale, self._extent.height)
        peaks, floors = self._levels.peaks(across, down).tolist(), self._levels.floors(across, down).tolist()
        inside_x = _off_border(columns, view.scale * self._extent.width)
        inside_y = _off_border(rows, view.scale * self._extent.height)
        for row, y in enumerate(rows):
            busy = []
            for column, x in enumerate(columns):
                if (x, y) in self._tiles:
                    continue
                if peaks[row][column] == KEEP:
                    self._tiles[x, y] = None
                elif floors[row][column] == HOLE and inside_x[column] and inside_y[row]:
                    self._tiles[x, y] = self._full
                else:
                    busy.append(x)
            for first, count in _joined(busy):
                self._draw(view, QRect(first + view.x, y + view.y, count * TILE, TILE), style)

    def _draw(self, view: ViewTransform, run: QRect, style: OverlayStyle) -> None:
        """Keep the tiles of `run`, which lie side by side, drawn in one go."""
        level, factor = self._levels.level_for(view.scale)
        area = self._area(view, run, style.line_width, factor)
        pixels = level[area.slices]
        count = run.width() // TILE
        tiles: list[DrawnTile | None] = [None] * count
        if pixels.any():
            tiles = [*drawn_tiles(Patch(pixels, area, factor, self._extent), view, run, style, TILE)]
        for index, drawn in enumerate(tiles):
            key = run.x() - view.x + index * TILE, run.y() - view.y
            self._tiles.setdefault(key, None if drawn is None else drawn.image)
            if drawn is not None and not drawn.line.isEmpty():
                self._lines[key] = drawn.line

    def _area(self, view: ViewTransform, shown: QRect, reach: int, factor: int) -> Rect:
        """The level pixels that `shown` and `reach` view pixels round it show, with a margin for smoothing."""
        visible = view.visible(shown.adjusted(-reach, -reach, reach, reach), self._extent)
        if visible.is_empty:
            return EMPTY
        whole = level_rect(Rect(0, 0, *self._extent), factor)
        return level_rect(visible, factor).grown(_READ_MARGIN).intersected(whole)


def _starts(first: int, length: int) -> list[int]:
    """Where the tiles begin that a stretch of view pixels, counted from the image's corner, touches."""
    return list(range(first // TILE * TILE, first + length, TILE))


def _pixels(starts: list[int], reach: float, scale: float, side: int) -> npt.NDArray[np.intp]:
    """The first image pixel and one past the last, ``(n, 2)``, that tiles and `reach` view pixels round them show."""
    begins = np.array(starts)
    first = np.clip(np.floor((begins - reach) / scale), 0, side - 1)
    last = np.clip(np.ceil((begins + TILE + reach) / scale), first + 1, side)
    return np.stack([first, last], axis=1).astype(np.intp)


def _off_border(starts: list[int], end: float) -> list[bool]:
    """Which tiles are away from the image's border, along which the outline runs; `end` in view pixels."""
    return [start >= _BORDER and start + TILE <= end - _BORDER for start in starts]


def _joined(starts: list[int]) -> Iterator[tuple[int, int]]:
    """Tiles drawn in one go, those in narrow gaps between them included: the first one's start, and how many."""
    begin = 0
    for index, start in enumerate(starts):
        if index + 1 == len(starts) or starts[index + 1] - start > (_GAP + 1) * TILE:
            yield starts[begin], (start - starts[begin]) // TILE + 1
            begin = index + 1
