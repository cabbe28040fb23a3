"""For every pixel of a hole, the known pixel whose surroundings look most like its own: a nearest-neighbour field.

The search is PatchMatch (Barnes, Shechtman, Finkelstein and Goldman, "PatchMatch: a randomized correspondence algorithm
for structural image editing", SIGGRAPH 2009): random starts, good matches handed on to neighbours, random steps of
halving length. `settle` then trades a little likeness for coherence, so that large pieces of the photograph share one
offset and are copied whole (the seam cost is that of Kwatra et al., "Graphcut textures", SIGGRAPH 2003).

All kernels are compiled on first use and cached on disk; `warm_up` compiles them ahead of time.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Field = npt.NDArray[np.int32]
"""``(h, w, 2)`` int32: the row and column of the known pixel each pixel is matched with (its own where unmatched)."""

RADIUS = 3
"""Patches are ``2 * RADIUS + 1`` pixels on a side."""

_FAR = np.float32(1e30)


def sources_of(hole: Flags, reach: int = RADIUS) -> Flags:
    """Pixels of ``(h, w)`` whose square of `reach` pixels round them lies inside the array and outside the hole."""
    size = 2 * reach + 1
    known = cv2.erode(
        (~hole).astype(np.uint8), np.ones((size, size), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0
    )
    return np.asarray(known, bool)


def nearest_patches(
    target: Floats,
    source: Floats,
    wanted: Flags,
    sources: Flags,
    *,
    start: Field | None = None,
    passes: int = 6,
    seed: int = 0,
    check: Callable[[], None] = lambda: None,
) -> Field:
    """Match every wanted pixel of `target` with a pixel of `source` at which `sources` is set.

    `target` and `source` are ``(h, w, 3)`` float32 of one size, `wanted` and `sources` ``(h, w)``; at least one source
    is needed. The likeness is the mean squared difference of the patches (mirrored beyond the border). The result is
    a function of the arguments alone. `check` is called before every pass and may raise.
    """
    field = _random_field(wanted, sources, seed) if start is None else start.copy()
    padded, padded_source = _padded(target), _padded(source)
    points = np.argwhere(wanted).astype(np.int32)
    costs = np.full(wanted.shape, _FAR, np.float32)
    for index in range(passes):
        check()
        _search(padded, padded_source, points, sources, wanted, field, costs, index, seed)
    return field


def settle(
    field: Field,
    target: Floats,
    source: Floats,
    wanted: Flags,
    sources: Flags,
    *,
    rigour: float,
    passes: int = 4,
    check: Callable[[], None] = lambda: None,
) -> Field:
    """A copy of `field` in which neighbours share offsets unless that costs much more than `rigour`.

    `rigour` is in squared levels, like the likeness: it is what a change of offset between two neighbours costs, on
    top of the difference that the change shows.
    """
    settled = field.copy()
    padded, padded_source = _padded(target), _padded(source)
    points = np.argwhere(wanted).astype(np.int32)
    for index in range(passes):
        check()
        _settle(padded, padded_source, points, sources, wanted, settled, np.float32(rigour), index)
    return settled


def warm_up() -> None:
    """Compile the kernels (a few seconds the first time on a machine, milliseconds later)."""
    image = np.zeros((16, 16, 3), np.float32)
    wanted = np.zeros((16, 16), bool)
    wanted[1:3, 1:3] = True
    sources = sources_of(wanted)
    settle(nearest_patches(image, image, wanted, sources, passes=1), image, image, wanted, sources, rigour=1, passes=1)


def _padded(image: Floats) -> Floats:
    return np.asarray(cv2.copyMakeBorder(image, RADIUS, RADIUS, RADIUS, RADIUS, cv2.BORDER_REFLECT_101), np.float32)


def _random_field(wanted: Flags, sources: Flags, seed: int) -> Field:
    """A field of random sources; unmatched pixels hold their own place."""
    height, width = wanted.shape
    field = np.stack(np.mgrid[0:height, 0:width], axis=2).astype(np.int32)
    places = np.argwhere(sources).astype(np.int32)
    picks = np.random.default_rng(seed).integers(len(places), size=int(np.count_nonzero(wanted)))
    field[wanted] = places[picks]
    return field


@njit(cache=True, inline="always")
def _next(state: np.uint32) -> np.uint32:
    """Marsaglia's xorshift."""
    state ^= (state << np.uint32(13)) & np.uint32(0xFFFFFFFF)
    state ^= state >> np.uint32(17)
    state ^= (state << np.uint32(5)) & np.uint32(0xFFFFFFFF)
    return state


@njit(cache=True, fastmath=True)
def _distance(target, source, y, x, v, u, best):  # type: ignore[no-untyped-def]
    """Mean squared difference of the patches at (y, x) and (v, u); stops early where it exceeds `best`."""
    side = 2 * RADIUS + 1
    channels = target.shape[2]
    scale = np.float32(1.0 / (side * side * 3))
    limit = best / scale
    total = np.float32(0)
    for row in range(side):
        for column in range(side):
            for channel in range(channels):
                d = target[y + row, x + column, channel] - source[v + row, u + column, channel]
                total += d * d
        if total > limit:
            return total * scale
    return total * scale


@njit(cache=True)
def _search(target, source, points, sources, wanted, field, costs, index, seed):  # type: ignore[no-untyped-def]
    """One pass over `points` (forwards in even passes, backwards in odd ones); updates `field` and `costs`."""
    height, width = wanted.shape
    count = len(points)
    step = 1 if index % 2 == 0 else -1
    for k in range(count):
        i = k if step == 1 else count - 1 - k
        y, x = points[i, 0], points[i, 1]
        v, u = field[y, x, 0], field[y, x, 1]
        best = costs[y, x]
        if index == 0:
            best = _distance(target, source, y, x, v, u, _FAR)
        for axis in range(2):
            ny = y - step if axis == 0 else y
            nx = x - step if axis == 1 else x
            if 0 <= ny < height and 0 <= nx < width and wanted[ny, nx]:
                cv, cu = field[ny, nx, 0] + y - ny, field[ny, nx, 1] + x - nx
                if 0 <= cv < height and 0 <= cu < width and sources[cv, cu] and (cv != v or cu != u):
                    cost = _distance(target, source, y, x, cv, cu, best)
                    if cost < best:
                        best, v, u = cost, cv, cu
        state = np.uint32(seed * 2654435761 + i * 40503 + index * 69069 + 1)
        if state == 0:
            state = np.uint32(1)
        state = _next(_next(state))
        reach = max(height, width)
        while reach >= 1:
            state = _next(state)
            cv = v + np.int64(state >> np.uint32(4)) % (2 * reach + 1) - reach
            state = _next(state)
            cu = u + np.int64(state >> np.uint32(4)) % (2 * reach + 1) - reach
            reach //= 2
            if 0 <= cv < height and 0 <= cu < width and sources[cv, cu]:
                cost = _distance(target, source, y, x, cv, cu, best)
                if cost < best:
                    best, v, u = cost, cv, cu
        costs[y, x], field[y, x, 0], field[y, x, 1] = best, v, u


@njit(cache=True, fastmath=True)
def _seams(source, sources, wanted, field, y, x, v, u, rigour):  # type: ignore[no-untyped-def]
    """What it costs that the four neighbours of (y, x) do not go on with the offset to (v, u)."""
    height, width = wanted.shape
    total = np.float32(0)
    for side in range(4):
        dy = (side == 0) - (side == 1)
        dx = (side == 2) - (side == 3)
        ny, nx = y + dy, x + dx
        if not (0 <= ny < height and 0 <= nx < width and wanted[ny, nx]):
            continue
        nv, nu = field[ny, nx, 0], field[ny, nx, 1]
        if nv == v + dy and nu == u + dx:
            continue
        shown = np.float32(0)
        for channel in range(3):
            here = source[v + RADIUS, u + RADIUS, channel] - source[nv - dy + RADIUS, nu - dx + RADIUS, channel]
            there = source[v + dy + RADIUS, u + dx + RADIUS, channel] - source[nv + RADIUS, nu + RADIUS, channel]
            shown += here * here + there * there
        total += rigour + shown * np.float32(1.0 / 6)
    return total


@njit(cache=True)
def _settle(target, source, points, sources, wanted, field, rigour, index):  # type: ignore[no-untyped-def]
    """One pass of iterated conditional modes: each pixel takes the offset, of its own and its neighbours', that costs least."""
    height, width = wanted.shape
    count = len(points)
    for k in range(count):
        i = k if index % 2 == 0 else count - 1 - k
        y, x = points[i, 0], points[i, 1]
        v, u = field[y, x, 0], field[y, x, 1]
        best = _distance(target, source, y, x, v, u, _FAR)
        best += _seams(source, sources, wanted, field, y, x, v, u, rigour)
        for dy in range(-1, 2):
            for dx in range(-1, 2):
                ny, nx = y + dy, x + dx
                if not (0 <= ny < height and 0 <= nx < width and wanted[ny, nx]):
                    continue
                cv, cu = field[ny, nx, 0] - dy, field[ny, nx, 1] - dx
                if (cv == v and cu == u) or not (0 <= cv < height and 0 <= cu < width and sources[cv, cu]):
                    continue
                cost = _seams(source, sources, wanted, field, y, x, cv, cu, rigour)
                if cost < best:
                    cost += _distance(target, source, y, x, cv, cu, best - cost)
                    if cost < best:
                        best, v, u = cost, cv, cu
        field[y, x, 0], field[y, x, 1] = v, u
