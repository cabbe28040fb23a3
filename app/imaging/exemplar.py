"""A hole filled with the picture's own patches, coarse to fine.

Space-time completion's loop (Wexler, Shechtman and Irani, PAMI 2007): every patch over the hole is matched with a known
one (PatchMatch, Barnes et al. 2009, only where patches touch the hole), then every hole pixel takes the weighted mean
of what the patches over it say. A finer level begins with a vote of the coarser one's matches among its own pixels. At
the end each pixel is copied from the place named most, and the steps where places meet are taken out as in Pérez,
Gangnet and Blake, "Poisson image editing", SIGGRAPH 2003: slow gradients go on without seams, edges stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from app.imaging import exemplar_kernels as kernels
from app.imaging import patch_kernels
from app.imaging.arrays import Hole, Image
from app.imaging.correspondence import (
    Field,
    Flags,
    Floats,
    enlarged,
    framed_by,
    points_of,
    random_field,
    sources_of,
)
from app.imaging.local_mean import local_mean
from app.imaging.pull_push import spread

_RADII = (7, 5, 4)
"""Of the patches, from the finest level; the last for all coarser ones."""
_ROUNDS = (3, 4, 8, 12)
"""Matching and voting, from the finest level; the last for all coarser ones."""
_PASSES, _FIRST_PASSES = 2, 4
"""PatchMatch passes in a round, and in the first round of all."""
_THINNEST = 2.0
"""The coarsest level is where the hole's inside is no farther from its edge, in pixels."""
_LEAST_SOURCES = 50
_FALL = 1.6
"""A patch's word counts less by this factor with every pixel into the hole, down to `_DEEPEST` pixels."""
_DEEPEST = 40
_USUAL = 0.75
"""The share of patches whose distance is no more than usual."""
_EDGE = 16.0
"""Grey levels above which a step between two copied pieces passes for an edge."""
_HOLD, _SWEEPS = 0.002, 100
_START_RADIUS = 3
_TEXTURE_WEIGHT = 20.0
"""What a factor e of texture counts in grey levels when matching."""
_FINE_SIGMA, _WIDE_SIGMA = 1.5, 6.0
"""Pixels over which texture is measured, and averaged before it is spread into the hole."""


@dataclass(frozen=True)
class _Level:
    """The picture at one size."""

    image: Floats
    """``(h, w, 3)``; what it holds in the hole does not matter."""
    hole: Hole
    radius: int
    rounds: int

    @property
    def sources(self) -> Flags:
        """Centres of known patches."""
        return sources_of(self.hole, self.radius)

    @property
    def wanted(self) -> Flags:
        """Centres of patches that touch the hole."""
        side = 2 * self.radius + 1
        return np.asarray(cv2.dilate(self.hole.astype(np.uint8), np.ones((side, side), np.uint8)), bool)


def can_fill(hole: Hole) -> bool:
    """True where enough is known round `hole` ``(H, W)`` to copy from."""
    return bool(np.count_nonzero(sources_of(hole, _RADII[0])) >= _LEAST_SOURCES)


def filled(image: Image, hole: Hole, check: Callable[[], None] = lambda: None) -> Image:
    """``(H, W, 3)`` uint8 with the pixels of `hole` ``(H, W)`` made of known ones; the others are the image's own.

    What `image` holds in the hole does not matter; equal arguments give equal results. `check` is called once a round
    (tenths of a second at 512 pixels a side) and may raise to stop. ValueError unless `can_fill`.
    """
    if not can_fill(hole):
        raise ValueError("too little is known round the hole to copy from")
    if not hole.any():
        return image.copy()
    levels = _levels(image, hole)
    field, weights = _matched(levels[-1], None, len(levels) - 1, check)
    for index in range(len(levels) - 2, -1, -1):
        field, weights = _matched(levels[index], field, index, check)
    joined = _joined(levels[0], field, weights)
    return np.where(hole[..., None], np.clip(np.rint(joined), 0, 255).astype(np.uint8), image)


def warm_up() -> None:
    """Compile all that `filled` needs: some seconds the first time on a machine, milliseconds later."""
    hole = np.zeros((64, 64), bool)
    hole[28:36, 28:36] = True
    filled(np.zeros((64, 64, 3), np.uint8), hole)


def _levels(image: Image, hole: Hole) -> list[_Level]:
    levels = [_Level(image.astype(np.float32), hole, _RADII[0], _ROUNDS[0])]
    while cv2.distanceTransform(np.pad(levels[-1].hole.astype(np.uint8), 1), cv2.DIST_L2, 3).max() > _THINNEST:
        half = _halved(levels[-1], len(levels))
        if min(half.hole.shape) < 4 * half.radius or np.count_nonzero(half.sources) < _LEAST_SOURCES:
            break
        levels.append(half)
    return levels


def _halved(level: _Level, index: int) -> _Level:
    """Level `index`, half the size of `level`: each pixel the mean of its known ones, a hole where most are unknown."""
    height, width = level.hole.shape
    size = (width + 1) // 2, (height + 1) // 2
    known = (~level.hole).astype(np.float32)
    share = np.asarray(cv2.resize(known, size, interpolation=cv2.INTER_AREA), np.float32)
    total = np.asarray(cv2.resize(level.image * known[..., None], size, interpolation=cv2.INTER_AREA), np.float32)
    image = np.asarray(total / np.maximum(share, np.float32(1e-6))[..., None], np.float32)
    radius, rounds = _RADII[min(index, len(_RADII) - 1)], _ROUNDS[min(index, len(_ROUNDS) - 1)]
    return _Level(image, share < 0.5, radius, rounds)


def _matched(level: _Level, coarser: Field | None, seed: int, check: Callable[[], None]) -> tuple[Field, Floats]:
    """The level's matches and every patch's weight, ``(h, w)``, after its rounds; `coarser` are the level's before."""
    wanted, sources, reach = level.wanted, level.sources, level.radius
    points, holes, shape = points_of(wanted), points_of(level.hole), (2 * reach + 1, 4)
    trust, current, passes = _trust(level.hole), level.image.copy(), _PASSES
    if coarser is None:
        current[level.hole] = _diffused(level)[level.hole]
        field, passes = random_field(wanted, sources, seed), _FIRST_PASSES
    else:
        field = enlarged(coarser, wanted, sources)
        kernels.blend_votes(level.image, current, holes, wanted, field, trust, reach)
    weights = np.zeros_like(trust)
    measured, expected = _energies(level)
    source = framed_by(np.dstack([level.image, measured]), reach)
    for turn in range(level.rounds):
        check()
        target = framed_by(np.dstack([current, expected]), reach)
        costs = patch_kernels.likeness(target, source, points, field, *shape)
        for index in range(passes):
            word = np.uint32(1000 * seed + 10 * turn + index)
            patch_kernels.search(target, source, points, wanted, sources, field, costs, *shape, word, turn + index)
        usual = float(np.quantile(costs, _USUAL)) + 1 / 3
        weights[wanted] = np.exp(-costs / np.float32(2 * usual)) * trust[wanted] + np.float32(1e-12)
        kernels.blend_votes(level.image, current, holes, wanted, field, weights, reach)
        passes = _PASSES
    return field, weights


def _trust(hole: Hole) -> Floats:
    """How much a patch round each pixel knows: less the deeper in the hole it lies, ``(h, w)`` in 0…1."""
    depth = cv2.distanceTransform(np.pad(hole.astype(np.uint8), 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    return np.asarray(np.float32(_FALL) ** -np.minimum(depth, _DEEPEST), np.float32)


def _energies(level: _Level) -> tuple[Floats, Floats]:
    """The logarithm of the texture round each known pixel, and the same spread into the hole, as weighed in matching.

    Without it the mean of many votes, which is soft, draws soft places into the middle of sharp texture.
    """
    kernel = np.ones((3, 3), np.uint8)
    known = cv2.dilate(level.hole.astype(np.uint8), kernel) == 0
    if not known.any():
        return np.zeros_like(level.image[..., 0]), np.zeros_like(level.image[..., 0])
    edges = np.abs(cv2.Laplacian(level.image.mean(axis=2), cv2.CV_32F)).astype(np.float32)
    logarithm = np.log(local_mean(edges, known, _FINE_SIGMA) + 1, dtype=np.float32) * np.float32(_TEXTURE_WEIGHT)
    reached = cv2.blur(known.astype(np.float32), (9, 9)) > 0
    inwards = spread(local_mean(logarithm, known, _WIDE_SIGMA), (reached | known).astype(np.float32))
    return logarithm, np.where(known, logarithm, inwards).astype(np.float32)


def _diffused(level: _Level) -> Floats:
    image = np.clip(np.rint(level.image), 0, 255).astype(np.uint8)
    return np.asarray(cv2.inpaint(image, level.hole.astype(np.uint8), _START_RADIUS, cv2.INPAINT_TELEA), np.float32)


def _joined(level: _Level, field: Field, weights: Floats) -> Floats:
    """The hole copied from the places named most, without the steps between the pieces."""
    holes = points_of(level.hole)
    matches = kernels.strongest_votes(holes, level.wanted, field, weights, level.radius)
    result = level.image.copy()
    result[level.hole] = level.image[matches[:, 0], matches[:, 1]]
    numbers = np.empty((len(holes), 4), np.int64)
    sums = kernels.steps_at_seams(level.image, result, level.hole, holes, matches, numbers, np.float32(_EDGE))
    result[level.hole] += kernels.relaxed(sums, numbers, np.float32(_HOLD), _SWEEPS)
    return result
