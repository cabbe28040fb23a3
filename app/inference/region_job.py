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
from app.inference.request import Check, InpaintOptions, Region, RegionPatch, Stage

RING = 12
"""Working pixels round the hole in which a stage's colour is compared with the photograph's."""

FLAT_RING = 16
"""Working pixels round the hole that decide whether it lies in something flat."""

NEAR = 96
"""A foreign coarse inpainter sees this many working pixels round a hole, or as many as the hole is long."""

TEXTURE_SIGMA = 2.0
"""A coarse result of real texture is changed only in what is slower than this, in working pixels."""


class RegionJob:
    """Holds the region's native pixels, its small copies, and between two stages what the next ones start from."""

    def __init__(
        self, image: DeepImage, grown: Mask, feather: Mask, region: Region, box: Rect, options: InpaintOptions
    ) -> None:
        self.region = region
        self._options = options
        self._box = box.moved(-region.rect.x, -region.rect.y)
        self._photo = image[region.rect.slices]
        self._is_grey = is_grey(self._photo)
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
        self._basis: tuple[Picture, RegionPatch] | None = None

    def begin(self, coarse: CoarseInpainter, pool: Executor, check: Check) -> None:
        """Let `pool` run the foreign coarse inpainter; `result` waits for it when the coarse stage is asked for."""
        self._start = pool.submit(self._coarsely_filled, coarse, check)
        self._has_texture = coarse.has_texture

    def result(self, stage: Stage, networks: StageNetworks | None) -> RegionPatch:
        """What `stage` makes of the hole, at native size; stages are asked for in their order."""
        solved = self._solved(stage, networks)
        patch = self._patch(in_depth_of(self._photo, solved, self._hole))
        if stage is self._options.built_on:
            self._basis = solved, patch
        return patch

    def detailed(self, check: Check) -> RegionPatch:
        """The result that detail is built on, which was asked for before, with the photograph's texture.

        One solved at native size comes as it is. `check` is called between steps and may raise to stop.
        """
        if self._basis is None:
            raise ValueError("detail needs a stage to build on")
        solved, patch = self._basis
        return self._patch(add_detail(self._photo, self._hole, solved, check)) if self.region.scale < 1 else patch

    def _solved(self, stage: Stage, networks: StageNetworks | None) -> Picture:
        """The region at working size with its hole filled by `stage`.

        In grey levels where the photograph is finer than 8 bits.
        """
        start = None
        if stage is Stage.COARSE and self._start is not None:
            start = self._start.result()
            self._texture = start if self._has_texture else None
            if networks is None:
                return self._without_cast(start)
        if networks is None:
            raise ValueError("the stage needs the networks")
        if self._stages is None:
            self._stages = networks.stages(self._small, self._small_hole, start)
        picture = next(self._stages)
        solved = picture.composite if start is not None else self._finished(picture)
        return self._without_cast(solved)

    def _without_cast(self, solved: Image) -> Picture:
        if not self._options.colour_match:
            return solved
        levels = without_cast(solved, self._small_hole, FLAT_RING, self._fine)
        return rounded(levels) if self._fine is None else levels

    def _coarsely_filled(self, coarse: CoarseInpainter, check: Check) -> Image:
        """The small picture filled by `coarse`, which sees no more round a small hole than it needs."""
        check()
        hole = bounding_rect(self._small_hole)
        near = hole.grown(max(hole.width, hole.height, NEAR)).intersected(Rect.of_array(self._small))
        filled = self._small.copy()
        part = np.ascontiguousarray(self._small[near.slices])
        filled[near.slices] = coarse.fill(part, np.ascontiguousarray(self._small_hole[near.slices]), check)
        return filled

    def _finished(self, picture: StagePicture) -> Image:
        """A network's picture with its colour matched to the ring and, where the coarse result had it, texture."""
        solved = picture.composite
        if self._options.colour_match:
            matched = matched_to_ring(picture.raw, self._small, self._small_hole, RING)
            solved = np.where(self._small_hole[..., None], matched, self._small)
        if self._options.detail and self._texture is not None:
            solved = with_texture_of(self._texture, solved, self._small_hole, TEXTURE_SIGMA)
        return solved

    def _patch(self, native: DeepImage) -> RegionPatch:
        """`native` blended into the photograph, cut to the box of this region's hole."""
        made = native[self._box.slices]
        if self._is_grey:
            made = grey_image(made)
        pixels = blended(self._photo[self._box.slices], made, self._feather[self._box.slices])
        return RegionPatch(self._box.moved(self.region.rect.x, self.region.rect.y), pixels)
