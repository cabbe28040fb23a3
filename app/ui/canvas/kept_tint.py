"""Shows which result is kept where: a faint tint of the result's colour, with a line along its border."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from app.imaging.arrays import Mask
from app.imaging.geometry import EMPTY, Extent, Rect
from app.imaging.patches import TILE as MAP_TILE
from app.imaging.stage_map import StageMap
from app.imaging.tint import tinted
from app.ui.canvas.mask_tint import Patch, coverage_of, tint_table
from app.ui.canvas.patch_set import level_rect
from app.ui.canvas.qimages import Premultiplied, wrap_premultiplied
from app.ui.canvas.viewport import ViewTransform

TILE = 128
"""View pixels. Tiles lie on a grid fixed to the image, so that a part redrawn looks as it did in the whole."""

REACH = 4
"""View pixels beyond a changed rectangle that smoothing and the line may change."""

_KEPT = 800
"""Tiles kept, 52 MB where something is in all of them."""

_OPACITY = 0.22
_OUTER = 0x80000000
"""The dark half of the line, premultiplied; the light half has the result's colour."""

_Key = tuple[int, int]


class KeptTint:
    """Draws some layers of a map over the picture. Keeps the tiles it drew last, at one zoom."""

    def __init__(self, weights: StageMap, extent: Extent, colours: Mapping[int, str]) -> None:
        """Of `weights`, which stay the caller's: tell `refresh` where they changed. `colours`, ``#rrggbb``, of the
        layers to show, in an image of `extent`.
        """
        self._weights, self._extent, self._colours = weights, extent, colours
        self._look = (0.0, 0)
        self._stale = EMPTY
        self._tiles: dict[_Key, Premultiplied | None] = {}

    def refresh(self, rect: Rect) -> None:
        """The weights in `rect` (image pixels) changed: they are read again when next drawn."""
        self._stale = self._stale.united(rect)

    def paint(self, painter: QPainter, view: ViewTransform, exposed: QRect, ratio: float) -> None:
        """Draw what lies in `exposed`; the painter counts view pixels. `ratio` is the display's."""
        if self._weights.is_blank:
            return
        line_width = max(round(ratio), 1)
        self._forget_stale(view.scale, line_width)
        painter.save()
        painter.setClipRect(exposed)
        for y in _starts(exposed.y() - view.y, exposed.height()):
            for x in _starts(exposed.x() - view.x, exposed.width()):
                if (x, y) not in self._tiles:
                    self._tiles[x, y] = self._drawn(view, QRect(x + view.x, y + view.y, TILE, TILE), line_width)
                drawn = self._tiles[x, y]
                if drawn is not None:
                    painter.drawImage(x + view.x, y + view.y, wrap_premultiplied(drawn))
        painter.restore()

    def _forget_stale(self, scale: float, line_width: int) -> None:
        if self._look != (scale, line_width) or len(self._tiles) > _KEPT:
            self._look = scale, line_width
            self._tiles.clear()
        elif not self._stale.is_empty:
            changed = ViewTransform(scale, 0, 0).covering(self._stale, REACH)
            for y in _starts(changed.y(), changed.height()):
                for x in _starts(changed.x(), changed.width()):
                    self._tiles.pop((x, y), None)
        self._stale = EMPTY

    def _drawn(self, view: ViewTransform, tile: QRect, line_width: int) -> Premultiplied | None:
        """The tile's pixels; None where nothing of the layers is there."""
        seen = view.visible(tile.adjusted(-REACH, -REACH, REACH, REACH), self._extent)
        if seen.is_empty or not self._weights.touches(seen):
            return None
        step = min(2 ** max(math.floor(math.log2(1 / view.scale)), 0), MAP_TILE) if view.scale < 1 else 1
        area = level_rect(seen.grown(2 * step).intersected(Rect(0, 0, *self._extent)), step)
        weights = self._weights.read(Rect(area.x * step, area.y * step, area.width * step, area.height * step), step)
        drawn: Premultiplied | None = None
        for layer, colour in self._colours.items():
            if weights[layer].any():
                patch = Patch(weights[layer], area, step, self._extent)
                layer_drawn = _tinted(coverage_of(patch, view, tile, line_width), colour, line_width)
                drawn = layer_drawn if drawn is None else _over(layer_drawn, drawn)
        return drawn


def _tinted(coverage: Mask, colour: str, line_width: int) -> Premultiplied:
    return tinted(coverage, tint_table(colour, _OPACITY, _OUTER, QColor(colour).rgba()), line_width)


def _over(upper: Premultiplied, lower: Premultiplied) -> Premultiplied:
    """One tint over the other. Where both have something, which is at soft edges, the stronger is shown."""
    result = lower.copy()
    stronger = upper >> 24 > lower >> 24
    result[stronger] = upper[stronger]
    return result


def _starts(first: int, length: int) -> list[int]:
    """Where the tiles begin that a stretch of view pixels, counted from the image's corner, touches."""
    return list(range(first // TILE * TILE, first + length, TILE))
