"""One region on its way through the stages: cut out, solved at working size, brought back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from functools import partial

import cv2
import numpy as np

from app.imaging import exemplar
from app.imaging.arrays import DeepImage, Hole, Image, Mask, Picture
from app.imaging.compose import (
    blended,
    grey_image,
    in_depth_of,
    is_grey,
    matched_to_ring,
    with_texture_of,
)
from app.imaging.correspondence import Field
from app.imaging.depth import rounded
from app.imaging.geometry import Rect
from app.inference.attention_probe import AttentionProbe
from app.inference.avoiding import left_out
from app.inference.coarse import ChoosingInpainter, CoarseFill, CoarseInpainter, filled_by
from app.inference.contexts import scale_of
from app.inference.detail import add_detail
from app.inference.networks import StageNetworks, StagePicture
from app.inference.region_view import RegionView, Share
from app.inference.request import STAGES, Check, InpaintOptions, Region, RegionPatch, Stage
from app.inference.work_time import WorkTime

RING = 12
"""Working pixels round the hole in which a stage's colour is compared with the photograph's."""

TEXTURE_SIGMA = 2.0
"""A coarse result of real texture is changed only in what is slower than this, in working pixels."""


def _guided(
    guide: Image, seed: int, check: Check, part: Image, hole: Hole, share: Share, avoided: Hole | None
) -> CoarseFill:
    """`part` with its `hole` filled from known pixels as `guide`, the whole region at any size, looks from afar."""
    height, width = hole.shape
    left, top, right, bottom = share
    across, down = (right - left) * guide.shape[1] / width, (bottom - top) * guide.shape[0] / height
    start = left * guide.shape[1] + 0.5 * across - 0.5, top * guide.shape[0] + 0.5 * down - 0.5
    seen = np.array([[across, 0, start[0]], [0, down, start[1]]], np.float32)
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    enlarged = cv2.warpAffine(guide, seen, (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE)
    done = exemplar.completed(part, hole, check, np.asarray(enlarged, np.uint8), avoided, seed)
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
        avoid: Mask | None = None,
    ) -> None:
        """`box` is that of the region's own hole; texture is copied at the scale `finer`, the region's or a larger.

        `avoid` ``(H, W)`` is what of the image is not to be used.
        """
        self.region = region
        self._finer = finer
        self._options = options
        self._box = box.moved(-region.rect.x, -region.rect.y)
        self._photo = image[region.rect.slices]
        self._is_grey = is_grey(self._photo)
        self._hole = grown[region.rect.slices] > 0
        self._feather = feather[region.rect.slices]
        self._avoided = left_out(avoid, self._hole, region.rect)
        self._large = RegionView(self._photo, self._hole, region.scale, self._avoided)
        scale = min(region.scale, scale_of(region.rect, options.working_size))
        is_same = scale == region.scale
        self._small = self._large if is_same else RegionView(self._photo, self._hole, scale, self._avoided)
        self._stages: Iterator[StagePicture] | None = None
        self._texture: Image | None = None
        self._matches: Field | None = None
        self._start: Future[CoarseFill] | None = None
        self._has_texture = False
        self._basis: tuple[Picture, RegionPatch] | None = None

    @property
    def needs_detail(self) -> bool:
        """True where the result is smaller than the photograph, or soft."""
        return self.region.scale < 1 or not self._is_sharp

    @property
    def _is_sharp(self) -> bool:
        """True where the result is made of known pixels; what networks and diffusion make is soft."""
        return self._has_texture and self._options.built_on is Stage.COARSE

    def begin(self, coarse: CoarseInpainter, pool: Executor, check: Check, work: WorkTime) -> None:
        """Let `pool` run the foreign coarse inpainter; `result` waits for it when the coarse stage is asked for.

        Its time counts in `work`.
        """
        self._start = pool.submit(work.spent_on, self._coarsely_filled, coarse, check)
        self._has_texture = coarse.has_texture

    def end(self) -> None:
        """Nothing is asked for any more: an error of the coarse inpainter and what it was at would hold each other."""
        self._start = None

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

    def probe(self, networks: StageNetworks, check: Check) -> AttentionProbe | None:
        """Where the global stage looks; in place of `result`, all stages. None where it has no attention."""
        with networks.watched(self._small.hole, self.region.rect) as probes:
            for stage in STAGES:
                check()
                self.result(stage, networks)
        return probes[-1] if probes else None

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
        matches = self._matches if self._is_sharp else None
        if not self._is_sharp:
            view = RegionView(self._photo, self._hole, self._finer, self._avoided)
            if exemplar.can_fill(view.unusable):
                fill = partial(_guided, rounded(solved), self._options.seed, check)
                made = view.filled(fill, exemplar.can_fill)
                solved, matches = self._evened(made.picture, view), made.matches
        if solved.shape == self._photo.shape:
            return self._patch(in_depth_of(self._photo, solved, self._hole))
        return self._patch(
            add_detail(self._photo, self._hole, solved, check, matches, self._avoided, self._options.seed)
        )

    def _coarse(self, start: CoarseFill, networks: StageNetworks | None) -> Picture:
        """The foreign coarse inpainter's picture; the `networks` will go on from it."""
        small = self._small.shrunk(start.picture)
        self._matches, self._texture = start.matches, small if self._has_texture else None
        if networks is not None:
            view = self._small
            self._stages = networks.stages(view.picture, view.hole, small, avoided=view.avoided)
            next(self._stages)  # their coarse stage, whose place it takes
        return self._evened(start.picture, self._large)

    def _evened(self, solved: Image, view: RegionView) -> Picture:
        """`solved`, the region at the size of `view`, without a colour cast."""
        return view.without_cast_of(solved, self._small) if self._options.colour_match else solved

    def _refined(self, networks: StageNetworks) -> Picture:
        """The networks' next stage, at the working size."""
        if self._stages is None:
            view = self._small
            self._stages = networks.stages(view.picture, view.hole, avoided=view.avoided)
        solved = self._finished(next(self._stages))
        return self._small.without_cast(solved) if self._options.colour_match else solved

    def _coarsely_filled(self, coarse: CoarseInpainter, check: Check) -> CoarseFill:
        """The region filled by `coarse`."""
        check()
        can_copy = coarse.can_copy if isinstance(coarse, ChoosingInpainter) else None
        return self._large.filled(
            lambda part, hole, near, avoided: filled_by(coarse, part, hole, avoided, check), can_copy
        )

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
