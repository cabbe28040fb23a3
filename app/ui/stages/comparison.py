"""Two versions of the hole compared, and the picture of it: what the pool is given to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.imaging import masks
from app.imaging.arrays import Hole, Image, Mask
from app.imaging.difference_map import DifferenceMap, apart, compared, heat, laid, signed
from app.imaging.geometry import Rect
from app.imaging.pyramid import Pyramid
from app.inference.request import RegionPatch


class UnwantedError(Exception):
    """Nobody waits for the comparison any longer."""


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """One version: what is laid over the image, and which part of it was to be filled."""

    patches: tuple[RegionPatch, ...] = ()
    """None for the original."""
    mask: Mask | None = None
    """``(H, W)`` uint8, before it is grown."""
    grow: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two versions of the image that `pyramid` shows."""

    first: Filled
    second: Filled
    pyramid: Pyramid

    def made(self, wanted: Callable[[], bool]) -> DifferenceMap:
        """The map, over all that either of them fills. `UnwantedError` as soon as it is not `wanted`."""

        def check() -> None:
            if not wanted():
                raise UnwantedError

        rects = apart(patch.rect for each in (self.first, self.second) for patch in each.patches)
        first, second = self._shown(self.first), self._shown(self.second)
        whole = self.pyramid.levels[0]
        versions = (
            (rect, laid(whole[rect.slices], rect, first), laid(whole[rect.slices], rect, second), self._hole(rect))
            for rect in rects
        )
        return compared(versions, check)

    def _shown(self, version: Filled) -> list[tuple[Rect, Image]]:
        return [(patch.rect, self.pyramid.shown(patch.pixels)) for patch in version.patches]

    def _hole(self, rect: Rect) -> Hole:
        """What either of them fills of `rect`."""
        hole = np.zeros((rect.height, rect.width), bool)
        for each in (self.first, self.second):
            if each.mask is not None:
                around = rect.grown(each.grow + 1).intersected(Rect.of_array(each.mask))
                near = masks.grown(each.mask[around.slices], each.grow)
                hole |= near[rect.moved(-around.x, -around.y).slices] > 0
        return hole


def picture_of(found: DifferenceMap, amplification: int, *, is_signed: bool) -> tuple[RegionPatch, ...]:
    """The map in colours, to be laid over the image."""
    draw = signed if is_signed else heat
    return tuple(RegionPatch(part.rect, draw(part, amplification)) for part in found.parts)
