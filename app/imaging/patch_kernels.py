"""The compiled inner loops of `app.imaging.correspondence`; `app.imaging.exemplar` uses them too.

Images come as frames: padded by the patches' radius on every side, so that the patch round pixel (y, x) begins at
index (y, x), and with a row's pixels and channels in one axis, ``(h + 2 r, (w + 2 r) * channels)``, so that a patch's
row is one run of numbers. Indices of inner loops are unsigned: signed ones, which might count from the end, keep the
compiler from using vector instructions. Distances are in squared grey levels. The kernels release the GIL, are compiled
on first use and cached on disk.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

_F = TypeVar("_F", bound=Callable[..., Any])

Points = npt.NDArray[np.int32]
"""``(n, 2)``: rows and columns of pixels, row by row."""

RADIUS = 3
"""Patches are ``2 * RADIUS + 1`` pixels on a side, unless a caller says otherwise."""

FAR = np.float32(1e30)

NO_PULL: npt.NDArray[np.float32] = np.zeros((1, 1, 2), np.float32)
"""In place of a picture's pulls: no match costs more for where it lies."""

_MOST_PULL = np.float32(1500)
"""What being off a line costs at most."""

_TRIES = 6
"""Random steps along a line in a pass, where there is one."""

_SHOWN = np.float32(0.5)
"""Weight of the difference seen along a seam against the likeness of a whole patch."""


def compiled(function: _F) -> _F:
    """`function` as machine code: without the GIL, cached beside its file (or in the user's cache folder)."""
    return cast(_F, njit(cache=True, nogil=True, fastmath=True)(function))


@compiled
def add_share(places: Any, shares: Any, count: int, v: int, u: int, share: float) -> int:
    """Add `share` to that of the place (v, u) among the first `count`, or behind them with it; how many there are."""
    k = 0
    while k < count and (places[k, 0] != v or places[k, 1] != u):
        k += 1
    if k == count:
        places[k, 0], places[k, 1], shares[k] = v, u, 0
        count += 1
    shares[k] += share
    return count


@compiled
def distance(target: Any, source: Any, y: int, x: int, v: int, u: int, side: int, channels: int, limit: Any) -> Any:
    """Mean squared difference of the patches round (y, x) and (v, u); some value above `limit` if it exceeds that."""
    scale = np.float32(1.0 / (side * side * 3))
    most = limit / scale
    total = np.float32(0)
    run = np.uint64(side * channels)
    begin, other = np.uint64(x * channels), np.uint64(u * channels)
    for row in range(np.uint64(side)):
        ours = target[np.uint64(y) + row, begin : begin + run]
        theirs = source[np.uint64(v) + row, other : other + run]
        partial = np.float32(0)
        for k in range(run):
            d = np.float32(ours[k]) - np.float32(theirs[k])
            partial += d * d
        total += partial
        if total > most:
            break
    return total * scale


@compiled
def off_line(pulls: Any, y: int, x: int, v: int, u: int) -> Any:
    """What matching (y, x) with (v, u) costs because that is not along the line near (y, x).

    `pulls` ``(h, w, 2)`` hold the price of a step by row and by column, or are `NO_PULL`.
    """
    if pulls.shape[0] == 1:
        return np.float32(0)
    price = abs(pulls[y, x, 0] * np.float32(v - y) + pulls[y, x, 1] * np.float32(u - x))
    return min(price, _MOST_PULL)


@compiled
def likeness(target: Any, source: Any, points: Any, field: Any, side: int, channels: int, pulls: Any = NO_PULL) -> Any:
    """What every point ``(n, 2)`` and its match cost, their distance and `off_line`: ``(n,)`` float32."""
    costs = np.empty(len(points), np.float32)
    for i in range(len(points)):
        y, x = points[i]
        v, u = field[y, x]
        costs[i] = off_line(pulls, y, x, v, u) + distance(target, source, y, x, v, u, side, channels, FAR)
    return costs


@compiled
def next_random(state: Any) -> Any:
    """Marsaglia's xorshift, 32 bits (George Marsaglia, "Xorshift RNGs", 2003)."""
    state ^= state << np.uint32(13)
    state ^= state >> np.uint32(17)
    state ^= state << np.uint32(5)
    return np.uint32(state)


@compiled
def search(
    target: Any,
    source: Any,
    points: Any,
    wanted: Any,
    sources: Any,
    field: Any,
    costs: Any,
    side: int,
    channels: int,
    seed: Any,
    index: int,
    stride: int = 1,
    reach: int = 0,
    pulls: Any = NO_PULL,
) -> None:
    """One PatchMatch pass over `points`, forwards if `index` is even; improves `field` and `costs` in place.

    Random steps start from `reach` pixels, 0 for as far as the picture goes; near a line, some also go along it.
    The points are whole rows of the `wanted` ones, which lie `stride` pixels apart; of the others nothing is read.
    """
    height, width = wanted.shape
    top, bottom = points[0, 0], points[-1, 0]
    step = stride if index % 2 == 0 else -stride
    state = np.uint32(seed * np.uint32(2654435761) + np.uint32(index + 1) * np.uint32(40503) + np.uint32(1))
    for k in range(len(points)):
        i = k if step > 0 else len(points) - 1 - k
        y, x = points[i]
        v, u = field[y, x]
        best = costs[i]
        for axis in range(2):
            dy, dx = (step, 0) if axis == 0 else (0, step)
            ny, nx = y - dy, x - dx
            if top <= ny <= bottom and 0 <= nx < width and wanted[ny, nx]:
                cv, cu = field[ny, nx, 0] + dy, field[ny, nx, 1] + dx
                if 0 <= cv < height and 0 <= cu < width and sources[cv, cu] and (cv != v or cu != u):
                    extra = off_line(pulls, y, x, cv, cu)
                    cost = extra + distance(target, source, y, x, cv, cu, side, channels, best - extra)
                    if cost < best:
                        best, v, u = cost, cv, cu
        far = reach if reach > 0 else max(height, width)
        while far >= 1:
            state = next_random(state)
            cv = v + np.int64(state >> np.uint32(4)) % (2 * far + 1) - far
            state = next_random(state)
            cu = u + np.int64(state >> np.uint32(4)) % (2 * far + 1) - far
            far //= 2
            if 0 <= cv < height and 0 <= cu < width and sources[cv, cu]:
                extra = off_line(pulls, y, x, cv, cu)
                cost = extra + distance(target, source, y, x, cv, cu, side, channels, best - extra)
                if cost < best:
                    best, v, u = cost, cv, cu
        price = np.float32(0)
        if pulls.shape[0] > 1:
            price = np.sqrt(pulls[y, x, 0] ** 2 + pulls[y, x, 1] ** 2)
        if price > 0:
            span = max(height, width)
            for _ in range(_TRIES):
                state = next_random(state)
                step_along = np.float32(np.int64(state >> np.uint32(4)) % (2 * span + 1) - span) / price
                cv = y - np.int64(np.rint(pulls[y, x, 1] * step_along))
                cu = x + np.int64(np.rint(pulls[y, x, 0] * step_along))
                if 0 <= cv < height and 0 <= cu < width and sources[cv, cu]:
                    extra = off_line(pulls, y, x, cv, cu)
                    cost = extra + distance(target, source, y, x, cv, cu, side, channels, best - extra)
                    if cost < best:
                        best, v, u = cost, cv, cu
        costs[i], field[y, x, 0], field[y, x, 1] = best, v, u


@compiled
def squared_difference(view: Any, y: int, x: int, v: int, u: int) -> Any:
    """Summed over the channels of two pixels of an image that is not padded; 0 where one lies outside."""
    height, width = view.shape[:2]
    total = np.float32(0)
    if 0 <= y < height and 0 <= x < width and 0 <= v < height and 0 <= u < width:
        for channel in range(view.shape[2]):
            d = view[y, x, channel] - view[v, u, channel]
            total += d * d
    return total


@compiled
def seam_cost(view: Any, wanted: Any, field: Any, y: int, x: int, v: int, u: int, price: Any) -> Any:
    """What matching (y, x) with (v, u) costs because its eight neighbours go on differently.

    A neighbour with another offset costs `price` and what the change shows on either side; a kept one costs what it
    differs from the pixel that would go on the piece.
    """
    height, width = wanted.shape
    total = np.float32(0)
    for dy in range(-1, 2):
        for dx in range(-1, 2):
            ny, nx = y + dy, x + dx
            if (dy == 0 and dx == 0) or not (0 <= ny < height and 0 <= nx < width):
                continue
            if not wanted[ny, nx]:
                total += squared_difference(view, v + dy, u + dx, ny, nx) * (_SHOWN / np.float32(24))
                continue
            nv, nu = field[ny, nx]
            if nv != v + dy or nu != u + dx:
                here = squared_difference(view, v, u, nv - dy, nu - dx)
                there = squared_difference(view, v + dy, u + dx, nv, nu)
                total += price + (here + there) * (_SHOWN / np.float32(48))
    return total


@compiled
def settle(
    target: Any,
    source: Any,
    view: Any,
    points: Any,
    wanted: Any,
    sources: Any,
    field: Any,
    side: int,
    channels: int,
    price: Any,
    index: int,
    pulls: Any = NO_PULL,
) -> None:
    """One pass of iterated conditional modes: every point takes the cheapest of its own and its neighbours' offsets."""
    height, width = wanted.shape
    for k in range(len(points)):
        i = k if index % 2 == 0 else len(points) - 1 - k
        y, x = points[i]
        v, u = field[y, x]
        best = seam_cost(view, wanted, field, y, x, v, u, price) + off_line(pulls, y, x, v, u)
        best += distance(target, source, y, x, v, u, side, channels, FAR)
        for dy in range(-1, 2):
            for dx in range(-1, 2):
                ny, nx = y + dy, x + dx
                if not (0 <= ny < height and 0 <= nx < width and wanted[ny, nx]):
                    continue
                cv, cu = field[ny, nx, 0] - dy, field[ny, nx, 1] - dx
                if (cv == v and cu == u) or not (0 <= cv < height and 0 <= cu < width and sources[cv, cu]):
                    continue
                cost = seam_cost(view, wanted, field, y, x, cv, cu, price) + off_line(pulls, y, x, cv, cu)
                if cost < best:
                    cost += distance(target, source, y, x, cv, cu, side, channels, best - cost)
                    if cost < best:
                        best, v, u = cost, cv, cu
        field[y, x, 0], field[y, x, 1] = v, u
