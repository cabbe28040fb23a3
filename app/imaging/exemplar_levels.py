"""The sizes at which `app.imaging.exemplar` works, and what each of them begins with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import cv2
import numpy as np

from app.imaging.arrays import Hole, Image
from app.imaging.correspondence import Field, Flags, Floats, points_of, sources_of
from app.imaging.crossing_lines import FULL_PULL, Line, lines_across, pull_to
from app.imaging.local_mean import local_mean, shrunk_known
from app.imaging.patch_kernels import NO_PULL, Points
from app.imaging.pull_push import spread

_RADII = (5, 4, 4)
"""Of the patches, from the finest level; the last for all coarser ones."""
_STRIDES = (2, 1, 1)
"""Pixels from one patch to the next, likewise."""
_ROUNDS = (2, 4, 8, 12)
"""Matching and voting, likewise."""
_REACHES = (64, 128, 0)
"""Pixels from which random steps in matching start, likewise; 0 for as far as the picture goes."""
LEAST_SOURCES = 50
"""With fewer known patches there is nothing to choose from."""
_THINNEST = 2.0
"""The coarsest level is where the hole's inside is no farther from its edge, in pixels."""
_MARGIN = 3
"""Pixels that the finest level's sources keep from the hole, so that what lies beyond its band can be copied too."""
_FALL = 1.6
"""A patch's word counts less by this factor with every pixel into the hole, down to `_DEEPEST` pixels."""
_DEEPEST = 40
_OBEDIENCE, _AFAR, _LEAST_OBEDIENCE = 0.5, 64, 0.02
"""The share of the difference to a guide that a vote gives in to, up to a picture of so many pixels a side; above, the
share falls with the area, down to what is left out."""
_PATCHWORK, _LEFT_OUT = 9, 0.4
"""What a seed leaves out: that share of the picture, in patches of which about so many lie side by side."""
_START_RADIUS = 3
_TEXTURE_WEIGHT = 32.0
"""What a factor e of texture counts in grey levels when matching."""
_COARSE = 2
"""From this level on, matches have a say in what texture is expected."""
_FINE_SIGMA, _WIDE_SIGMA, _MATCH_SIGMA = 1.5, 6.0, 3.0
"""Pixels over which texture is measured, averaged before it is spread into the hole, and averaged over matches."""


@dataclass(frozen=True)
class Level:
    """The picture at one size; index 0 is the finest."""

    FINEST_RADIUS: ClassVar[int] = _RADII[0]

    image: Floats
    """``(h, w, 3)``; what it holds in the hole does not matter."""
    hole: Hole
    index: int
    guide: Image | None = None
    """The same view at any size: what the hole should look like from afar, where that is known."""
    avoided: Hole | None = None
    """Known pixels of which none may be copied."""
    lines: tuple[Line, ...] = ()
    """Straight lines that the hole interrupts, in this level's pixels."""
    seed: int = 0
    """Any but 0 leaves parts of the known area out, others for every seed: what is copied comes from elsewhere."""

    @property
    def radius(self) -> int:
        """Of the patches: they are ``2 * radius + 1`` pixels on a side."""
        return _RADII[min(self.index, len(_RADII) - 1)]

    @property
    def stride(self) -> int:
        """Pixels from one patch to the next."""
        return _STRIDES[min(self.index, len(_STRIDES) - 1)]

    @property
    def rounds(self) -> int:
        """How often is matched and voted."""
        return _ROUNDS[min(self.index, len(_ROUNDS) - 1)]

    @property
    def reach(self) -> int:
        """Pixels from which random steps in matching start; 0 for as far as the picture goes."""
        return _REACHES[min(self.index, len(_REACHES) - 1)]

    @property
    def unusable(self) -> Hole:
        """What can't be copied: the hole, and what is avoided."""
        return self.hole if self.avoided is None else self.hole | self.avoided

    @cached_property
    def sources(self) -> Flags:
        """Centres of known patches; on the finest level a little farther from the hole, where there are enough."""
        if self.index == 0:
            kept = sources_of(self.unusable, self.radius + _MARGIN)
            if np.count_nonzero(kept) >= LEAST_SOURCES:
                return self._chosen(kept)
        return self._chosen(sources_of(self.unusable, self.radius))

    def _chosen(self, sources: Flags) -> Flags:
        """Those of `sources` that the seed leaves, the same parts on every level; all where that would be too few."""
        if not self.seed:
            return sources
        coarse = np.random.default_rng(self.seed).random((_PATCHWORK, _PATCHWORK), np.float32)
        height, width = sources.shape
        smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        left = np.asarray(sources & (smooth >= np.quantile(smooth, _LEFT_OUT)), bool)
        return left if np.count_nonzero(left) >= LEAST_SOURCES else sources

    @cached_property
    def wanted(self) -> Flags:
        """Centres of the patches that are matched: a grid of those that touch the hole."""
        side = 2 * self.radius + 1
        touching = np.asarray(cv2.dilate(self.hole.astype(np.uint8), np.ones((side, side), np.uint8)), bool)
        chosen = np.zeros_like(touching)
        chosen[:: self.stride, :: self.stride] = touching[:: self.stride, :: self.stride]
        return chosen

    @cached_property
    def points(self) -> Points:
        """The same, one by one."""
        return points_of(self.wanted)

    @cached_property
    def hole_points(self) -> Points:
        """The hole's pixels, one by one."""
        return points_of(self.hole)

    @cached_property
    def pulls(self) -> Floats:
        """``(h, w, 2)``: what a match off the line nearby costs; see `patch_kernels.off_line`."""
        if not self.lines:
            return NO_PULL
        pulls = np.zeros((*self.hole.shape, 2), np.float32)
        matched = self.hole | self.wanted
        pulls[matched] = pull_to(self.lines, points_of(matched))
        return pulls

    @cached_property
    def energies(self) -> tuple[Floats, Floats]:
        """The logarithm of the texture round known pixels, and the same spread into the hole, as matching weighs it.

        Without it the mean of many votes, which is soft, draws soft places into the middle of sharp texture.
        """
        kernel = np.ones((3, 3), np.uint8)
        known = cv2.dilate(self.unusable.astype(np.uint8), kernel) == 0
        if not known.any():
            return np.zeros_like(self.image[..., 0]), np.zeros_like(self.image[..., 0])
        edges = np.abs(cv2.Laplacian(self.image.mean(axis=2), cv2.CV_32F)).astype(np.float32)
        logarithm = np.log(local_mean(edges, known, _FINE_SIGMA) + 1, dtype=np.float32) * np.float32(_TEXTURE_WEIGHT)
        reached = cv2.blur(known.astype(np.float32), (9, 9)) > 0
        inwards = spread(local_mean(logarithm, known, _WIDE_SIGMA), (reached | known).astype(np.float32))
        return logarithm, np.where(known, logarithm, inwards).astype(np.float32)

    def expected_of(self, field: Field) -> Floats:
        """The texture expected in the hole; on coarse levels halfway to that of the places which `field` names.

        Where trees meet the sky, these tell which is which. On finer levels they would let soft places spread.
        """
        measured, expected = self.energies
        if self.index < _COARSE:
            return expected
        found = local_mean(measured[field[..., 0], field[..., 1]], self.wanted, _MATCH_SIGMA)
        return np.where(self.hole, (expected + found) / 2, expected).astype(np.float32)

    @property
    def obedience(self) -> float:
        """How much of the difference to the guide is taken out after every vote: 0…1, nothing on fine levels."""
        if self.guide is None:
            return 0.0
        share = _OBEDIENCE * min(1.0, (_AFAR / max(self.hole.shape)) ** 2)
        return share if share >= _LEAST_OBEDIENCE else 0.0

    def led(self, colours: Floats) -> Floats:
        """`colours` ``(h, w, 3)`` nearer to the guide by its `obedience`; less so by a line, which it may break."""
        by_lines = np.hypot(self.pulls[..., 0], self.pulls[..., 1]) / FULL_PULL
        share = np.float32(self.obedience) * (1 - np.minimum(1, by_lines))
        return np.asarray(colours + share[..., None] * (self.afar - colours), np.float32)

    @cached_property
    def afar(self) -> Floats:
        """The guide at this size."""
        assert self.guide is not None
        height, width = self.hole.shape
        how = cv2.INTER_AREA if self.guide.shape[0] > height else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(self.guide, (width, height), interpolation=how), np.float32)

    def framed(self, colours: Floats, energy: Floats) -> Image:
        """``(h, w, 3)`` and ``(h, w)`` as the kernels take them, in 8 bits, mirrored outwards by the radius."""
        reach = self.radius
        joined = np.empty((*energy.shape, 4), np.uint8)
        np.clip(np.rint(colours), 0, 255, out=joined[..., :3], casting="unsafe")
        np.clip(np.rint(energy), 0, 255, out=joined[..., 3], casting="unsafe")
        frame = cv2.copyMakeBorder(joined, reach, reach, reach, reach, cv2.BORDER_REFLECT)
        return np.ascontiguousarray(frame, np.uint8).reshape(frame.shape[0], -1)


def levels_of(image: Image, hole: Hole, guide: Image | None, avoided: Hole | None = None, seed: int = 0) -> list[Level]:
    """`image` ``(H, W, 3)`` with its `hole` ``(H, W)``, then halved until the hole is thin or sources would run out.

    `guide` shows the same view at any size; of what is `avoided` ``(H, W)`` nothing is copied, nor is it looked at for
    lines that go on across the hole.
    """
    lines = lines_across(image, hole if avoided is None else hole | avoided)
    levels = [Level(image.astype(np.float32), hole, 0, guide, avoided, lines, seed)]
    while cv2.distanceTransform(np.pad(levels[-1].hole.astype(np.uint8), 1), cv2.DIST_L2, 3).max() > _THINNEST:
        half = _halved(levels[-1])
        if min(half.hole.shape) < 4 * half.radius or np.count_nonzero(half.sources) < LEAST_SOURCES:
            break
        levels.append(half)
    return levels


def _halved(level: Level) -> Level:
    """`level` at half the size: each pixel the mean of its known ones, a hole where most are unknown."""
    height, width = level.hole.shape
    size = (width + 1) // 2, (height + 1) // 2
    image, share = shrunk_known(level.image, level.hole, size)
    avoided = _touched(level.avoided, size)
    lines = tuple(line.scaled(size[1] / height, size[0] / width) for line in level.lines)
    return Level(image, share < 0.5, level.index + 1, level.guide, avoided, lines, level.seed)


def _touched(avoided: Hole | None, size: tuple[int, int]) -> Hole | None:
    """Smaller, width and height `size`: every pixel on which any of it falls."""
    if avoided is None:
        return None
    return np.asarray(cv2.resize(avoided.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0, bool)


def trust_in(hole: Hole) -> Floats:
    """How much a patch round each pixel knows: less the deeper in the hole it lies, ``(h, w)`` in 0…1."""
    depth = cv2.distanceTransform(np.pad(hole.astype(np.uint8), 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    return np.asarray(np.float32(_FALL) ** -np.minimum(depth, _DEEPEST), np.float32)


def beginning(level: Level) -> Floats:
    """The level with its hole filled as the guide says, else smoothly: what the coarsest starts from."""
    if level.guide is not None:
        return level.afar
    image = np.clip(np.rint(level.image), 0, 255).astype(np.uint8)
    return np.asarray(cv2.inpaint(image, level.hole.astype(np.uint8), _START_RADIUS, cv2.INPAINT_TELEA), np.float32)
