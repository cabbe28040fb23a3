"""A stage's patches at every zoom: what they look like within the image that they are laid over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from functools import cached_property

from app.imaging.arrays import Image
from app.imaging.depth import narrowed
from app.imaging.geometry import Rect, united
from app.imaging.mixing import PixelPatch
from app.imaging.pyramid import Pyramid
from app.imaging.screen import Look
from app.ui.canvas.screen_tiles import ScreenTiles


class PatchSet:
    """A stage's patches at every level of the base image's pyramid.

    Each patch is cut out of the image with the patches pasted in, on a grid that all levels share. So its levels
    equal those of the full composite bit for bit, and its border can't show at any zoom.
    """

    def __init__(self, patches: Sequence[PixelPatch], base: Pyramid, *, are_colours: bool = False) -> None:
        """With `are_colours` the patches are what the screen is to show, 8 bits and sRGB, whatever the image is."""
        self._patches = tuple(patches)
        self._base = base
        self._shown: Look = narrowed if are_colours else base.shown
        self.tiles = ScreenTiles()
        """What was drawn of the image with the patches in it."""
        self._blocks = [_Block(patch.rect, self._patches, base, self._shown) for patch in self._patches]

    def twin(self) -> PatchSet:
        """The same patches to be shown at another zoom: what was drawn is its own, all else is shared."""
        twin = copy(self)
        twin.tiles = ScreenTiles()
        return twin

    @property
    def rect(self) -> Rect:
        """A rectangle round all patches, image pixels."""
        return united(patch.rect for patch in self._patches)

    def laid_over(self, pixels: Image, area: Rect, factor: int) -> Image:
        """`pixels`, which show `area` of the base's level of `factor`, with the patches in them; copied if changed."""
        pieces = list(self.pieces(area, factor))
        pixels = pixels.copy() if pieces else pixels
        for where, piece in pieces:
            pixels[where.slices] = piece
        return pixels

    def pieces(self, area: Rect, factor: int) -> Iterator[tuple[Rect, Image]]:
        """What lies in `area` of the base's level of `factor`: where, counted from its corner, and the pixels there."""
        for block in self._blocks:
            where = level_rect(block.rect, factor)
            common = where.intersected(area)
            if not common.is_empty:
                level = block.pyramid.levels[factor.bit_length() - 1]
                yield common.moved(-area.x, -area.y), level[common.moved(-where.x, -where.y).slices]

    def refresh(self, rect: Rect) -> None:
        """The base image changed in `rect`: build the blocks there anew when they are next drawn."""
        self.tiles.forget(rect)
        self._blocks = [
            block
            if block.rect.intersected(rect).is_empty
            else _Block(block.patch_rect, self._patches, self._base, self._shown)
            for block in self._blocks
        ]


class _Block:
    """One patch with as much of the image round it as fills whole pixels of the coarsest level."""

    def __init__(self, patch_rect: Rect, patches: tuple[PixelPatch, ...], base: Pyramid, shown: Look) -> None:
        self.patch_rect = patch_rect
        self._shown = shown
        self._patches = patches
        self._base = base
        unit = 2 ** (len(base.levels) - 1)
        x, y = patch_rect.x // unit * unit, patch_rect.y // unit * unit
        right, bottom = -(-patch_rect.right // unit) * unit, -(-patch_rect.bottom // unit) * unit
        self.rect = Rect(x, y, right - x, bottom - y).intersected(Rect.of_array(base.levels[0]))

    @cached_property
    def pyramid(self) -> Pyramid:
        """The levels, built when first drawn; level 0 is the patch's own memory where it needs nothing else."""
        near = [patch for patch in self._patches if not patch.rect.intersected(self.rect).is_empty]
        if len(near) == 1 and near[0].rect == self.rect:
            return Pyramid(self._shown(near[0].pixels), len(self._base.levels))
        pixels = self._base.levels[0][self.rect.slices].copy()
        for patch in near:
            common = patch.rect.intersected(self.rect)
            source = self._shown(patch.pixels[common.moved(-patch.rect.x, -patch.rect.y).slices])
            pixels[common.moved(-self.rect.x, -self.rect.y).slices] = source
        return Pyramid(pixels, len(self._base.levels))


def level_rect(rect: Rect, factor: int) -> Rect:
    """The pixels of the level of `factor` that show any part of `rect` (image pixels)."""
    x, y = rect.x // factor, rect.y // factor
    return Rect(x, y, -(-rect.right // factor) - x, -(-rect.bottom // factor) - y)
