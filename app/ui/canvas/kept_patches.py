"""What is kept of a run's results at every zoom, while it is being painted."""

from __future__ import annotations

from collections.abc import Iterator

from app.document.kept import Kept
from app.imaging.arrays import Image
from app.imaging.geometry import Rect
from app.imaging.patches import TILE, tiles_of
from app.imaging.pyramid import Pyramid
from app.ui.canvas.patch_set import PatchSet, level_rect

_AT_ONCE = 8
"""Tiles that are brought up to date piece by piece."""


class KeptPatches(PatchSet):
    """The base's patches, and over them the tiles in which something was painted.

    A tile's side is a multiple of a pixel of every level, so its levels are those of the whole picture.
    """

    def __init__(self, kept: Kept, base: Pyramid) -> None:
        """Show `kept`, which stays the caller's: tell `update` where it changed."""
        super().__init__(kept.base_patches, base)
        self.kept = kept
        self._pyramids: dict[Rect, Pyramid] = {}

    @property
    def rect(self) -> Rect:
        """A rectangle round all results."""
        return self.kept.rect

    def update(self, rect: Rect) -> None:
        """What is kept changed in `rect` (image pixels). Where that is much, it is built anew when it is next drawn."""
        self.tiles.forget(rect)
        is_much = rect.area > _AT_ONCE * TILE * TILE
        for tile in tiles_of(rect):
            pixels, pyramid = self.kept.tile(tile), self._pyramids.get(tile)
            if pixels is None or is_much:
                self._pyramids.pop(tile, None)
            elif pyramid is not None:
                part = rect.intersected(tile).moved(-tile.x, -tile.y).intersected(Rect.of_array(pixels))
                pyramid.levels[0][part.slices] = self._base.shown(pixels[part.slices])
                pyramid.update(part)

    def refresh(self, rect: Rect) -> None:
        """The base image changed in `rect`: build what is there anew when it is next drawn."""
        super().refresh(rect)
        self._pyramids.clear()

    def pieces(self, area: Rect, factor: int) -> Iterator[tuple[Rect, Image]]:
        """See `PatchSet.pieces`: the base's first, what was painted over it."""
        yield from super().pieces(area, factor)
        if factor > TILE or self.kept.is_blank:
            return
        shown = Rect(area.x * factor, area.y * factor, area.width * factor, area.height * factor)
        for tile in tiles_of(shown.intersected(self.kept.rect)):
            pyramid = self._pyramid(tile)
            if pyramid is not None:
                level = pyramid.levels[factor.bit_length() - 1]
                where = level_rect(tile, factor)
                where = Rect(where.x, where.y, level.shape[1], level.shape[0])
                common = where.intersected(area)
                if not common.is_empty:
                    inside = common.moved(-where.x, -where.y).slices
                    yield common.moved(-area.x, -area.y), level[inside]

    def _pyramid(self, tile: Rect) -> Pyramid | None:
        """Built when first drawn, in memory of its own: it is brought up to date piece by piece."""
        pixels = self.kept.tile(tile)
        if pixels is None:
            return None
        if tile not in self._pyramids:
            self._pyramids[tile] = Pyramid(self._base.shown(pixels).copy(), len(self._base.levels))
        return self._pyramids[tile]
