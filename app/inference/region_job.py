"""One region on its way through the stages: cut out, solved at working size, brought back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from functools import partial

import cv2
import numpy as np

from app.imaging import exemplar
from app.imaging.arrays import DeepImage, Hole, Image, Mask, Picture
from app.imaging.bands import covered_by
from app.imaging.compose import (
    blended,
    cast_of,
    grey_image,
    in_depth_of,
    is_grey,
    matched_to_ring,
    shrunk_image,
    with_texture_of,
    without_cast,
)
from app.imaging.correspondence import Field, own_places
from app.imaging.depth import Floats, is_deep, levels_of, narrowed, rounded, without_steps
from app.imaging.geometry import Rect, bounding_rect
from app.inference.coarse import CoarseFill, CoarseInpainter
from app.inference.contexts import scale_of
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


Share = tuple[float, float, float, float]
"""Left, top, right, bottom of a part of a region, 0…1 of its sides."""


class _View:
    """The region at one scale: what is solved there, and what of it is unknown."""

    def __init__(self, photo: DeepImage, hole: Hole, scale: float) -> None:
        height, width = (max(round(side * scale), 1) for side in hole.shape)
        small = shrunk_image(photo, width, height) if scale < 1 else photo
        self.picture: Image = narrowed(small)
        self.hole: Hole = covered_by(hole, height, width) if scale < 1 else hole
        self.fine = levels_of(small) if is_deep(small) else None
        """In grey levels, where the photograph is finer than 8 bits."""

    def shrunk(self, image: Image) -> Image:
        """`image`, a larger version of the region, at this size."""
        height, width = self.hole.shape
        return image if image.shape == self.picture.shape else np.asarray(shrunk_image(image, width, height), np.uint8)

    def without_cast(self, solved: Image) -> Picture:
        """`solved` without a colour cast; in grey levels where the photograph is finer than 8 bits."""
        levels = without_cast(solved, self.hole, FLAT_RING, self.fine)
        return rounded(levels) if self.fine is None else levels

    def filled(self, fill: Callable[[Image, Hole, Share], CoarseFill]) -> CoarseFill:
        """The region filled by `fill`, which sees no more round a small hole than it needs.

        Beside that part and its hole it is told which share of the region it sees.
        """
        hole, whole = bounding_rect(self.hole), Rect.of_array(self.hole)
        near = hole.grown(max(hole.width, hole.height, NEAR)).intersected(whole)
        share = near.x / whole.width, near.y / whole.height, near.right / whole.width, near.bottom / whole.height
        part = np.ascontiguousarray(self.picture[near.slices])
        done = fill(part, np.ascontiguousarray(self.hole[near.slices]), share)
        filled = self.picture.copy()
        filled[near.slices] = done.picture
        if done.matches is None:
            return CoarseFill(filled)
        matches = own_places(*self.hole.shape)
        matches[near.slices] = done.matches + np.array([near.y, near.x], np.int32)
        return CoarseFill(filled, matches)

    def shifted(self, solved: Image, shift: Floats) -> Picture:
        """`solved` with the colours of its hole shifted by `shift`, grey levels at a smaller size."""
        height, width = self.hole.shape
        enlarged = cv2.resize(shift, (width, height), interpolation=cv2.INTER_LINEAR)
        levels = solved.astype(np.float32) if self.fine is None else without_steps(solved, self.hole, self.fine)
        levels[self.hole] += enlarged[self.hole]
        return rounded(levels) if self.fine is None else np.clip(levels, 0, 255)


def _guided(guide: Image, check: Check, part: Image, hole: Hole, share: Share) -> CoarseFill:
    """`part` with its `hole` filled from known pixels as `guide`, the whole region at any size, looks from afar."""
    height, width = hole.shape
    left, top, right, bottom = share
    across, down = (right - left) * guide.shape[1] / width, (bottom - top) * guide.shape[0] / height
    start = left * guide.shape[1] + 0.5 * across - 0.5, top * guide.shape[0] + 0.5 * down - 0.5
    seen = np.array([[across, 0, start[0]], [0, down, start[1]]], np.float32)
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    enlarged = cv2.warpAffine(guide, seen, (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE)
    done = exemplar.completed(part, hole, check, np.asarray(enlarged, np.uint8))
    return CoarseFill(done.picture, done.matches)


class RegionJob:
    """Holds the region's native pixels, its small views, and between two stages what the next ones start from.

    A foreign coarse inpainter works at the region's scale, the networks no larger than at the working size.
    """

    def __init__(
        self,
        image: DeepImage,
        grown: Mask,
        feather: Mask,
        region: Region,
        box: Rect,
        finer: float,
        options: InpaintOptions,
    ) -> None:
        """`box` is that of the region's own hole; texture is copied at the scale `finer`, the region's or a larger."""
        self.region = region
        self._finer = finer
        self._options = options
        self._box = box.moved(-region.rect.x, -region.rect.y)
        self._photo = image[region.rect.slices]
        self._is_grey = is_grey(self._photo)
        self._hole = grown[region.rect.slices] > 0
        self._feather = feather[region.rect.slices]
        self._large = _View(self._photo, self._hole, region.scale)
        scale = min(region.scale, scale_of(region.rect, options.working_size))
        self._small = self._large if scale == region.scale else _View(self._photo, self._hole, scale)
        self._stages: Iterator[StagePicture] | None = None
        self._texture: Image | None = None
        self._matches: Field | None = None
        self._start: Future[CoarseFill] | None = None
        self._has_texture = False
        self._basis: tuple[Picture, RegionPatch] | None = None

    @property
    def needs_detail(self) -> bool:
        """True where the result is smaller than the photograph, or made by networks and soft."""
        return self.region.scale < 1 or not self._has_texture

    def begin(self, coarse: CoarseInpainter, pool: Executor, check: Check) -> None:
        """Let `pool` run the foreign coarse inpainter; `result` waits for it when the coarse stage is asked for."""
        self._start = pool.submit(self._coarsely_filled, coarse, check)
        self._has_texture = coarse.has_texture

    def result(self, stage: Stage, networks: StageNetworks | None) -> RegionPatch:
        """What `stage` makes of the hole, at native size; stages are asked for in their order."""
        if stage is Stage.COARSE and self._start is not None:
            solved = self._coarse(self._start.result(), networks)
        elif networks is not None:
            solved = self._refined(networks)
        else:
            raise ValueError("the stage needs the networks")
        patch = self._patch(in_depth_of(self._photo, solved, self._hole))
        if stage is self._options.built_on:
            self._basis = solved, patch
        return patch

    def detailed(self, check: Check) -> RegionPatch:
        """The result that detail is built on, which was asked for before, with the photograph's texture.

        One that was solved at native size with texture comes as it is. `check` is called between steps and may raise
        to stop.
        """
        if self._basis is None:
            raise ValueError("detail needs a stage to build on")
        solved, patch = self._basis
        if not self.needs_detail:
            return patch
        matches = self._matches if self._options.built_on is Stage.COARSE else None
        if not self._has_texture:
            view = _View(self._photo, self._hole, self._finer)
            if exemplar.can_fill(view.hole):
                made = view.filled(partial(_guided, rounded(solved), check))
                solved, matches = self._evened(made.picture, view), made.matches
        if solved.shape == self._photo.shape:
            return self._patch(in_depth_of(self._photo, solved, self._hole))
        return self._patch(add_detail(self._photo, self._hole, solved, check, matches))

    def _coarse(self, start: CoarseFill, networks: StageNetworks | None) -> Picture:
        """The foreign coarse inpainter's picture; the `networks` will go on from it."""
        small = self._small.shrunk(start.picture)
        self._matches, self._texture = start.matches, small if self._has_texture else None
        if networks is not None:
            self._stages = networks.stages(self._small.picture, self._small.hole, small)
            next(self._stages)  # their coarse stage, whose place it takes
        return self._evened(start.picture, self._large)

    def _evened(self, solved: Image, view: _View) -> Picture:
        """`solved`, the region at the size of `view`, without a colour cast, which is looked for at the small size."""
        if not self._options.colour_match:
            return solved
        if view is self._small:
            return view.without_cast(solved)
        small = self._small.shrunk(solved)
        return view.shifted(solved, cast_of(small, self._small.hole, FLAT_RING, self._small.fine))

    def _refined(self, networks: StageNetworks) -> Picture:
        """The networks' next stage, at the working size."""
        if self._stages is None:
            self._stages = networks.stages(self._small.picture, self._small.hole)
        solved = self._finished(next(self._stages))
        return self._small.without_cast(solved) if self._options.colour_match else solved

    def _coarsely_filled(self, coarse: CoarseInpainter, check: Check) -> CoarseFill:
        """The region filled by `coarse`."""
        check()
        return self._large.filled(lambda part, hole, near: coarse.fill(part, hole, check))

    def _finished(self, picture: StagePicture) -> Image:
        """A network's picture with its colour matched to the ring and, where the coarse result had it, texture."""
        solved, view = picture.composite, self._small
        if self._options.colour_match:
            matched = matched_to_ring(picture.raw, view.picture, view.hole, RING)
            solved = np.where(view.hole[..., None], matched, view.picture)
        if self._options.detail and self._texture is not None:
            solved = with_texture_of(self._texture, solved, view.hole, TEXTURE_SIGMA)
        return solved

    def _patch(self, native: DeepImage) -> RegionPatch:
        """`native` blended into the photograph, cut to the box of this region's hole."""
        made = native[self._box.slices]
        if self._is_grey:
            made = grey_image(made)
        pixels = blended(self._photo[self._box.slices], made, self._feather[self._box.slices])
        return RegionPatch(self._box.moved(self.region.rect.x, self.region.rect.y), pixels)
