"""A hole filled with the picture's own patches, coarse to fine.

Space-time completion's loop (Wexler, Shechtman and Irani, PAMI 2007): patches over the hole are matched with known ones
(PatchMatch, Barnes et al. 2009, only where patches touch the hole), then every hole pixel takes the weighted mean of
what the patches over it say. A finer level begins with a vote of the coarser one's matches among its own pixels. On the
finer levels the patches lie some pixels apart and still overlap well, as in Kwatra, Essa, Bobick and Kwatra, "Texture
optimization for example-based synthesis", SIGGRAPH 2005. Where a straight line goes on across the hole, what is copied
beside it comes from along it (`app.imaging.crossing_lines`). At the end each pixel is copied from the place named most,
the pieces are made larger where that shows least (`correspondence.settled`), and the steps where they meet are taken
out as in Pérez, Gangnet and Blake, "Poisson image editing", SIGGRAPH 2003: slow gradients go on without seams, edges
stay.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from app.imaging import exemplar_kernels as kernels
from app.imaging import patch_kernels
from app.imaging.arrays import Hole, Image
from app.imaging.correspondence import (
    Check,
    Completion,
    Field,
    Floats,
    enlarged,
    own_places,
    random_field,
    settled,
    sources_of,
)
from app.imaging.exemplar_levels import LEAST_SOURCES, Level, beginning, levels_of, trust_in
from app.imaging.patch_kernels import Points

_PASSES, _FIRST_PASSES = 2, 4
"""PatchMatch passes in a round, and in the first round of all."""
_USUAL = 0.75
"""The share of patches whose distance is no more than usual."""
_EDGE = 16.0
"""Grey levels above which a step between two copied pieces passes for an edge."""
_RIGOUR, _SETTLING = 15.0, 6
"""See `correspondence.settled`: its rigour and passes."""
_HOLD, _SWEEPS = 0.002, 100
_PARTS = 4
"""Parts of the hole that are worked on at a time. Fixed, so that the result does not depend on the machine."""
_APART = 1_000_003
"""Between the random numbers of two seeds."""
_WORTH_PARTING = 4000
"""Points below which parts would only wait for each other."""


def can_fill(hole: Hole) -> bool:
    """True where enough is known round `hole` ``(H, W)``, with all else that can't be copied, to copy from."""
    return bool(np.count_nonzero(sources_of(hole, Level.FINEST_RADIUS)) >= LEAST_SOURCES)


def completed(
    image: Image,
    hole: Hole,
    check: Check = lambda: None,
    guide: Image | None = None,
    avoided: Hole | None = None,
    seed: int = 0,
) -> Completion:
    """Fill `hole` ``(H, W)`` of `image` ``(H, W, 3)`` uint8 with known pixels.

    `guide` ``(h, w, 3)`` uint8 shows the same view, at any size and however soft, with the hole filled as it should
    look from afar: the coarse levels begin with it and lean towards it, the known pixels round the hole have more
    weight; whatever is fast comes from the known pixels alone. Of what is `avoided` ``(H, W)`` nothing is copied.
    What `image` holds in the hole does not matter; equal arguments give equal results. Another `seed` (0 and up) copies
    from other places: see `Level.seed`. `check` is called once a round (tenths of a second at 512 pixels a side) and
    may raise to stop. ValueError unless what is neither hole nor avoided `can_fill` it.
    """
    if not can_fill(hole if avoided is None else hole | avoided):
        raise ValueError("too little is known round the hole to copy from")
    if not hole.any():
        return Completion(image.copy(), own_places(*hole.shape))
    levels = levels_of(image, hole, guide, avoided, seed)
    with ThreadPoolExecutor(min(_PARTS, os.cpu_count() or 1), thread_name_prefix="exemplar") as pool:
        solver = _Solver(pool, check, seed)
        field, weights = solver.matched(levels[-1], None, None, len(levels) - 1)
        for index in range(len(levels) - 2, -1, -1):
            field, weights = solver.matched(levels[index], levels[index + 1], field, index)
        matches = solver.named_most(levels[0], field, weights)
        check()
        del field, weights, levels[1:]
        matches = _settled(levels[0], matches, solver.current)
    joined = _joined(levels[0], matches)
    picture = np.where(hole[..., None], np.clip(np.rint(joined), 0, 255).astype(np.uint8), image)
    return Completion(picture, matches)


def warm_up() -> None:
    """Compile all that `completed` needs: some seconds the first time on a machine, milliseconds later."""
    hole = np.zeros((64, 64), bool)
    hole[28:36, 28:36] = True
    completed(np.zeros((64, 64, 3), np.uint8), hole)


class _Solver:
    """Matching and voting on one level after the other, in parts on `pool`."""

    def __init__(self, pool: Executor, check: Check, seed: int) -> None:
        self._pool = pool
        self._check = check
        self._stray = seed * _APART
        self.current = np.zeros((0, 0, 3), np.float32)
        """What the last level matched looks like: the mean of its votes in the hole."""

    def matched(self, level: Level, coarser: Level | None, field: Field | None, seed: int) -> tuple[Field, Floats]:
        """The level's matches and each patch's weight, ``(h, w)``, after its rounds; `field` is the `coarser` one's."""
        trust, passes = trust_in(level.hole), _PASSES
        current, weights = level.image.copy(), np.zeros(level.hole.shape, np.float32)
        measured, expected = level.energies
        if coarser is None or field is None:
            current[level.hole] = beginning(level)[level.hole]
            field, passes = random_field(level.wanted, level.sources, self._stray + seed), _FIRST_PASSES
        else:
            field = enlarged(field, level.wanted, level.sources, coarser.wanted)
            self._vote(level, current, field, trust)
            expected = level.expected_of(field)
        source = level.framed(level.image, measured)
        for turn in range(level.rounds):
            self._check()
            target = level.framed(current, expected)
            costs = self._likeness(level, target, source, field)
            for index in range(turn, turn + passes):
                word = self._stray + 1000 * seed + 20 * turn + index
                self._search(level, target, source, field, costs, word, index)
            usual = float(np.quantile(costs, _USUAL)) + 1 / 3
            weights[level.wanted] = np.exp(-costs / np.float32(2 * usual)) * trust[level.wanted] + np.float32(1e-12)
            self._vote(level, current, field, weights)
            if level.obedience:
                current[level.hole] = level.led(current)[level.hole]
            passes = _PASSES
        self.current = current
        return field, weights

    def named_most(self, level: Level, field: Field, weights: Floats) -> Field:
        """For every hole pixel the place that the patches over it name with the greatest weight; others' own place."""
        holes, matches = level.hole_points, own_places(*level.hole.shape)

        def part(rows: Points) -> None:
            kernels.strongest_votes(rows, level.wanted, field, weights, level.radius, level.stride, matches)

        self._in_parts(part, holes)
        return matches

    def _likeness(self, level: Level, target: Image, source: Image, field: Field) -> Floats:
        costs = np.empty(len(level.points), np.float32)
        shape, pulls = (2 * level.radius + 1, 4), level.pulls

        def part(rows: Points, costs: Floats) -> None:
            costs[:] = patch_kernels.likeness(target, source, rows, field, *shape, pulls)

        self._in_parts(part, level.points, costs)
        return costs

    def _search(
        self,
        level: Level,
        target: Image,
        source: Image,
        field: Field,
        costs: Floats,
        seed: int,
        index: int,
    ) -> None:
        """One pass; the parts' borders lie elsewhere in the next, so that good matches get across."""
        wanted, sources, pulls, shape = level.wanted, level.sources, level.pulls, (2 * level.radius + 1, 4)

        def part(rows: Points, costs: Floats) -> None:
            word = np.uint32((seed + 7919 * int(rows[0, 0])) % 2**32)
            patch_kernels.search(
                target,
                source,
                rows,
                wanted,
                sources,
                field,
                costs,
                *shape,
                word,
                index,
                level.stride,
                level.reach,
                pulls,
            )

        self._in_parts(part, level.points, costs, count=_PARTS - index % 2)

    def _vote(self, level: Level, current: Floats, field: Field, weights: Floats) -> None:
        def part(rows: Points) -> None:
            kernels.blend_votes(level.image, current, rows, level.wanted, field, weights, level.radius, level.stride)

        self._in_parts(part, level.hole_points)

    def _in_parts(self, work: Callable[..., None], points: Points, *others: Floats, count: int = _PARTS) -> None:
        """Call `work` with runs of whole rows of `points` and the same runs of `others`."""
        rows = points[:, 0]
        count = count if len(points) >= _WORTH_PARTING else 1
        starts = [rows[index * len(points) // count] for index in range(1, count)]
        cuts = [0, *np.unique(np.searchsorted(rows, starts)).tolist(), len(points)]
        parts = [slice(*pair) for pair in pairwise(cuts) if pair[1] > pair[0]]
        for done in [self._pool.submit(work, points[part], *(other[part] for other in others)) for part in parts]:
            done.result()


def _settled(level: Level, matches: Field, current: Floats) -> Field:
    """`matches` in larger pieces, whose seams run where they show least."""
    measured, expected = level.energies
    target, source = np.dstack([current, expected]), np.dstack([level.image, measured])
    sources = sources_of(level.unusable, patch_kernels.RADIUS + 1)
    if not sources.any():
        return matches
    return settled(
        matches, target, source, current, level.hole, sources, rigour=_RIGOUR, passes=_SETTLING, pulls=level.pulls
    )


def _joined(level: Level, matches: Field) -> Floats:
    """The hole copied from its matches, without the steps between the pieces."""
    holes, places = level.hole_points, matches[level.hole].astype(np.int64)
    result = level.image.copy()
    result[level.hole] = level.image[places[:, 0], places[:, 1]]
    numbers = np.empty((len(holes), 4), np.int64)
    sums = kernels.steps_at_seams(level.image, result, level.hole, holes, places, numbers, np.float32(_EDGE))
    result[level.hole] += kernels.relaxed(sums, numbers, np.float32(_HOLD), _SWEEPS)
    return result
