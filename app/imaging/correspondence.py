"""For every pixel of a hole, the known pixel whose surroundings look most like its own: a correspondence field.

`nearest_patches` is PatchMatch (Barnes, Shechtman, Finkelstein and Goldman, "PatchMatch: a randomized correspondence
algorithm for structural image editing", SIGGRAPH 2009): random starts, good matches handed on to neighbours, random
steps of halving length. `settle` trades a little likeness for coherence, so that large pieces of the photograph share
one offset and can be copied whole (seams cost as in Kwatra et al., "Graphcut textures", SIGGRAPH 2003).

The kernels are compiled on first use and cached on disk; `warm_up` compiles them ahead of time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from numba import njit

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Field = npt.NDArray[np.int32]
"""``(h, w, 2)`` int32: row and column of the pixel that each pixel is matched with (its own where it is not wanted)."""

RADIUS = 3
"""Patches are ``2 * RADIUS + 1`` pixels on a side."""

_FAR = np.float32(1e30)
_LEAST_RIGOUR = 4.0
"""Squared grey levels: offsets stay together even where the likeness is perfect everywhere."""


def sources_of(hole: Flags, reach: int = RADIUS) -> Flags:
    """Pixels of ``(h, w)`` whose square of `reach` pixels round them lies inside the array and outside the hole."""
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    framed = cv2.copyMakeBorder((~hole).astype(np.uint8), reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(cv2.erode(framed, kernel)[reach:-reach, reach:-reach], bool)


def nearest_patches(
    target: Floats,
    source: Floats,
    wanted: Flags,
    sources: Flags,
    *,
    start: Field | None = None,
    passes: int = 4,
    seed: int = 0,
    check: Callable[[], None] = lambda: None,
) -> Field:
    """Match every wanted pixel of `target` with a pixel of `source` at which `sources` is set.

    `target` and `source` are ``(h, w, C)`` float32 of one size, `wanted` and `sources` ``(h, w)``; at least one source
    is needed. The likeness is the mean squared difference of two patches (mirrored at the border). The search begins
    with `start`, otherwise at random; equal arguments give equal results. `check` runs before each pass and may raise.
    """
    field = _random_field(wanted, sources, seed) if start is None else start.copy()
    padded_target, padded_source = _padded(target), _padded(source)
    points = np.argwhere(wanted).astype(np.int32)
    costs = _likeness(padded_target, padded_source, points, field)
    for index in range(passes):
        check()
        _search(padded_target, padded_source, points, wanted, sources, field, costs, np.uint32(seed), index)
    return field


def settle(
    field: Field,
    target: Floats,
    source: Floats,
    view: Floats,
    wanted: Flags,
    sources: Flags,
    *,
    rigour: float = 1.0,
    passes: int = 6,
    check: Callable[[], None] = lambda: None,
) -> Field:
    """A copy of `field` in which neighbours share their offset unless keeping it would cost much likeness.

    The first arrays are those the field was made from; `view` ``(h, w, 3)`` is the picture in which a change of offset
    would show: it costs `rigour` times the median likeness, and the difference seen on both sides of the seam. The
    rigour rises over the first passes, so that small pieces go before large ones take shape.
    """
    settled = field.copy()
    padded_target, padded_source = _padded(target), _padded(source)
    points = np.argwhere(wanted).astype(np.int32)
    if len(points) == 0:
        return settled
    usual = float(np.median(_likeness(padded_target, padded_source, points, settled)))
    full = rigour * max(usual, _LEAST_RIGOUR) / 8
    for index in range(passes):
        check()
        price = np.float32(full * min(1.0, 2.0 ** (index - 2)))
        _settle(padded_target, padded_source, view, points, wanted, sources, settled, price, index)
    return settled


def warm_up() -> None:
    """Compile the kernels: some seconds the first time on a machine, milliseconds later."""
    image = np.zeros((16, 16, 3), np.float32)
    wanted = np.zeros((16, 16), bool)
    wanted[1:3, 1:3] = True
    sources = sources_of(wanted)
    field = nearest_patches(image, image, wanted, sources, passes=1)
    settle(field, image, image, image, wanted, sources, passes=1)


def _padded(image: Floats) -> Floats:
    framed = cv2.copyMakeBorder(image, RADIUS, RADIUS, RADIUS, RADIUS, cv2.BORDER_REFLECT)
    return np.ascontiguousarray(framed, np.float32)


def _random_field(wanted: Flags, sources: Flags, seed: int) -> Field:
    height, width = wanted.shape
    field = np.stack(np.mgrid[0:height, 0:width], axis=2).astype(np.int32)
    places = np.argwhere(sources).astype(np.int32)
    picks = np.random.default_rng(seed).integers(len(places), size=int(np.count_nonzero(wanted)))
    field[wanted] = places[picks]
    return field


@njit(cache=True, fastmath=True)
def _distance(target: Any, source: Any, y: int, x: int, v: int, u: int, limit: Any) -> Any:
    """Mean squared difference of the (padded) patches round (y, x) and (v, u), or anything above `limit` if more."""
    side = 2 * RADIUS + 1
    channels = target.shape[2]
    scale = np.float32(1.0 / (side * side * 3))
    most = limit / scale
    total = np.float32(0)
    for row in range(side):
        for column in range(side):
            for channel in range(channels):
                d = target[y + row, x + column, channel] - source[v + row, u + column, channel]
                total += d * d
        if total > most:
            break
    return total * scale


@njit(cache=True)
def _likeness(target: Any, source: Any, points: Any, field: Any) -> Any:
    """The patch distance of every point to its match, ``(n,)`` float32."""
    costs = np.empty(len(points), np.float32)
    for i in range(len(points)):
        y, x = points[i]
        costs[i] = _distance(target, source, y, x, field[y, x, 0], field[y, x, 1], _FAR)
    return costs


@njit(cache=True)
def _next_random(state: Any) -> Any:
    """Marsaglia's xorshift, 32 bits."""
    state ^= state << np.uint32(13)
    state ^= state >> np.uint32(17)
    state ^= state << np.uint32(5)
    return np.uint32(state)


@njit(cache=True)
def _search(
    target: Any, source: Any, points: Any, wanted: Any, sources: Any, field: Any, costs: Any, seed: Any, index: int
) -> None:
    """One PatchMatch pass over `points`, forwards if `index` is even; improves `field` and `costs` in place."""
    height, width = wanted.shape
    back = 1 if index % 2 == 0 else -1
    state = np.uint32(seed * np.uint32(2654435761) + np.uint32(index + 1) * np.uint32(40503) + np.uint32(1))
    for k in range(len(points)):
        i = k if back == 1 else len(points) - 1 - k
        y, x = points[i]
        v, u = field[y, x]
        best = costs[i]
        for axis in range(2):
            dy, dx = (back, 0) if axis == 0 else (0, back)
            ny, nx = y - dy, x - dx
            if 0 <= ny < height and 0 <= nx < width and wanted[ny, nx]:
                cv, cu = field[ny, nx, 0] + dy, field[ny, nx, 1] + dx
                if 0 <= cv < height and 0 <= cu < width and sources[cv, cu] and (cv != v or cu != u):
                    cost = _distance(target, source, y, x, cv, cu, best)
                    if cost < best:
                        best, v, u = cost, cv, cu
        reach = max(height, width)
        while reach >= 1:
            state = _next_random(state)
            cv = v + np.int64(state >> np.uint32(4)) % (2 * reach + 1) - reach
            state = _next_random(state)
            cu = u + np.int64(state >> np.uint32(4)) % (2 * reach + 1) - reach
            reach //= 2
            if 0 <= cv < height and 0 <= cu < width and sources[cv, cu]:
                cost = _distance(target, source, y, x, cv, cu, best)
                if cost < best:
                    best, v, u = cost, cv, cu
        costs[i], field[y, x, 0], field[y, x, 1] = best, v, u


@njit(cache=True, fastmath=True)
def _seams(view: Any, wanted: Any, field: Any, y: int, x: int, v: int, u: int, price: Any) -> Any:
    """What it costs at (y, x) that neighbours do not share the offset to (v, u)."""
    height, width = wanted.shape
    total = np.float32(0)
    for dy in range(-1, 2):
        for dx in range(-1, 2):
            ny, nx = y + dy, x + dx
            if (dy == 0 and dx == 0) or not (0 <= ny < height and 0 <= nx < width):
                continue
            if not (0 <= v + dy < height and 0 <= u + dx < width):
                continue
            shown = np.float32(0)
            if wanted[ny, nx]:
                nv, nu = field[ny, nx]
                if nv == v + dy and nu == u + dx:
                    continue
                if 0 <= nv - dy < height and 0 <= nu - dx < width:
                    for channel in range(3):
                        here = view[v, u, channel] - view[nv - dy, nu - dx, channel]
                        there = view[v + dy, u + dx, channel] - view[nv, nu, channel]
                        shown += here * here + there * there
                total += price + shown * np.float32(SEAM / 48)
            else:
                for channel in range(3):
                    there = view[v + dy, u + dx, channel] - view[ny, nx, channel]
                    shown += there * there
                total += shown * np.float32(SEAM / 24)
    return total


SEAM = 0.5


@njit(cache=True)
def _settle(
    target: Any, source: Any, view: Any, points: Any, wanted: Any, sources: Any, field: Any, price: Any, index: int
) -> None:
    """One pass of iterated conditional modes: every point takes the cheapest of its own and its neighbours' offsets."""
    height, width = wanted.shape
    for k in range(len(points)):
        i = k if index % 2 == 0 else len(points) - 1 - k
        y, x = points[i]
        v, u = field[y, x]
        best = _distance(target, source, y, x, v, u, _FAR) + _seams(view, wanted, field, y, x, v, u, price)
        for dy in range(-1, 2):
            for dx in range(-1, 2):
                ny, nx = y + dy, x + dx
                if not (0 <= ny < height and 0 <= nx < width and wanted[ny, nx]):
                    continue
                cv, cu = field[ny, nx, 0] - dy, field[ny, nx, 1] - dx
                if (cv == v and cu == u) or not (0 <= cv < height and 0 <= cu < width and sources[cv, cu]):
                    continue
                cost = _seams(view, wanted, field, y, x, cv, cu, price)
                if cost < best:
                    cost += _distance(target, source, y, x, cv, cu, best - cost)
                    if cost < best:
                        best, v, u = cost, cv, cu
        field[y, x, 0], field[y, x, 1] = v, u
