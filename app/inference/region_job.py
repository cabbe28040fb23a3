"""One region on its way through the stages: cut out, solved at working size, brought back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future

import numpy as np

from app.imaging.arrays import DeepImage, Image, Mask, Picture
from app.imaging.bands import covered_by
from app.imaging.compose import (
    blended,
    grey_image,
    in_depth_of,
    is_grey,
    matched_to_ring,
    shrunk_image,
    with_texture_of,
    without_cast,
)
from app.imaging.depth import is_deep, levels_of, narrowed, rounded
from app.imaging.geometry import Rect, bounding_rect
from app.inference.coarse import CoarseInpainter
from app.inference.detail import add_detail
from app.inference.networks import StageNetworks, StagePicture
from app.inference.request import InpaintOptions, Region, RegionPatch, Stage

RING = 12
"""Working pixels round the hole in which a stage's colour is compared with the photograph's."""

FLAT_RING = 16
"""Working pixels round the hole that decide whether it lies in something flat."""

NEAR = 96
"""A foreign coarse inpainter sees this many working pixels round a hole, or as many as the hole is long."""

TEXTURE_SIGMA = 2.0
"""A coarse result of real texture is changed only in what is slower than this, in working pixels."""


class RegionJob:
    """Holds the region's native pixels, its small copies, and the stages' generator between two stages."""

    def __init__(self, image: DeepImage, grown: Mask, feather: Mask, region: Region, box: Rect) -> None:
        self.region = region
        self._box = box.moved(-region.rect.x, -region.rect.y)
        self._photo = image[region.rect.slices]
        self._hole = grown[region.rect.slices] > 0
        self._feather = feather[region.rect.slices]
        width = max(round(region.rect.width * region.scale), 1)
        height = max(round(region.rect.height * region.scale), 1)
        small = shrunk_image(self._photo, width, height) if region.scale < 1 else self._photo
        self._small = narrowed(small)
        self._fine = levels_of(small) if is_deep(small) else None
        self._small_hole = covered_by(self._hole, height, width) if region.scale < 1 else self._hole
        self._stages: Iterator[StagePicture] | None = None
        self._texture: Image | None = None
        self._start: Future[Image] | None = None
        self._has_texture = False

    def begin(self, coarse: CoarseInpainter, pool: Executor) -> None:
        """Let `pool` run the foreign coarse inpainter; `solve` waits for it when the coarse stage is asked for."""
        self._start = pool.submit(self._coarsely_filled, coarse)
        self._has_texture = coarse.has_texture

    def solve(self, stage: Stage, networks: StageNetworks | None, options: InpaintOptions) -> Picture:
        """The region at working size with its hole filled by `stage`; stages are asked for in their order.

        In grey levels where the photograph is finer than 8 bits.
        """
        start = None
        if stage is Stage.COARSE and self._start is not None:
            start = self._start.result()
            self._texture = start if self._has_texture else None
            if networks is None:
                return self._without_cast(start, options)
        if networks is None:
            raise ValueError("the stage needs the networks")
        if self._stages is None:
            self._stages = networks.stages(self._small, self._small_hole, start)
        picture = next(self._stages)
        solved = picture.composite if start is not None else self._finished(picture, options)
        return self._without_cast(solved, options)

    def _without_cast(self, solved: Image, options: InpaintOptions) -> Picture:
        if not options.colour_match:
            return solved
        levels = without_cast(solved, self._small_hole, FLAT_RING, self._fine)
        return rounded(levels) if self._fine is None else levels

    def _coarsely_filled(self, coarse: CoarseInpainter) -> Image:
        """The small picture filled by `coarse`, which sees no more round a small hole than it needs."""
        hole = bounding_rect(self._small_hole)
        near = hole.grown(max(hole.width, hole.height, NEAR)).intersected(Rect.of_array(self._small))
        filled = self._small.copy()
        part = np.ascontiguousarray(self._small[near.slices])
        filled[near.slices] = coarse.fill(part, np.ascontiguousarray(self._small_hole[near.slices]))
        return filled

    def _finished(self, picture: StagePicture, options: InpaintOptions) -> Image:
        """A network's picture with its colour matched to the ring and, where the coarse result had it, texture."""
        solved = picture.composite
        if options.colour_match:
            matched = matched_to_ring(picture.raw, self._small, self._small_hole, RING)
            solved = np.where(self._small_hole[..., None], matched, self._small)
        if options.detail and self._texture is not None:
            solved = with_texture_of(self._texture, solved, self._small_hole, TEXTURE_SIGMA)
        return solved

    def patch(self, solved: Picture, *, detail: bool) -> RegionPatch:
        """`solved` brought to native size and blended into the photograph, cut to the box of this region's hole."""
        rect = self.region.rect
        if self.region.scale < 1 and detail:
            native = add_detail(self._photo, self._hole, solved)
        else:
            native = in_depth_of(self._photo, solved, self._hole)
        inside = self._box.slices
        made = native[inside]
        if is_grey(self._photo):
            made = grey_image(made)
        pixels = blended(self._photo[inside], made, self._feather[inside])
        return RegionPatch(self._box.moved(rect.x, rect.y), pixels)
