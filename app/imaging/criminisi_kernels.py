"""The compiled inner loops of `app.imaging.criminisi`; nothing else calls them.

`seen` is a frame as in `patch_kernels`: colours float32, padded by the patches' radius on every side, a row's pixels
and channels in one axis. `known` ``(h, w)`` uint8 says which pixels have their colour by now. Patches are
``2 * radius + 1`` pixels on a side; a patch that reaches over the border is cut off there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from app.imaging.patch_kernels import FAR, compiled

CHANNELS = 3

_LEAST_DATA = 1e-3
"""Where nothing runs into the hole, confidence alone decides which patch comes first."""
_LIGHTEST = 100.0
"""Of the first channel: what the paper's α is to 8 bits."""
_NEAR = 2
"""Pixels round one of the front from which its normal is told."""


@compiled
def confidence_at(confidence: Any, y: int, x: int, radius: int) -> Any:
    """The mean confidence of the patch round (y, x)."""
    height, width = confidence.shape
    top, bottom = max(0, y - radius), min(height, y + radius + 1)
    left, right = max(0, x - radius), min(width, x + radius + 1)
    total = 0.0
    for j in range(top, bottom):
        for i in range(left, right):
            total += confidence[j, i]
    return total / ((bottom - top) * (right - left))


@compiled
def isophote_at(seen: Any, known: Any, y: int, x: int, radius: int) -> Any:
    """The steepest gradient of the lightness among the known pixels of the patch, turned by a right angle."""
    height, width = known.shape
    steepest, best_y, best_x = 0.0, 0.0, 0.0
    for j in range(max(1, y - radius), min(height - 1, y + radius + 1)):
        for i in range(max(1, x - radius), min(width - 1, x + radius + 1)):
            if known[j, i] and known[j - 1, i] and known[j + 1, i] and known[j, i - 1] and known[j, i + 1]:
                column = (i + radius) * CHANNELS
                down = seen[j + 1 + radius, column] - seen[j - 1 + radius, column]
                right = seen[j + radius, column + CHANNELS] - seen[j + radius, column - CHANNELS]
                square = down * down + right * right
                if square > steepest:
                    steepest, best_y, best_x = square, down, right
    return -0.5 * best_x, 0.5 * best_y


@compiled
def normal_at(known: Any, y: int, x: int) -> Any:
    """The front's unit normal; nothing where it has no direction."""
    height, width = known.shape
    down, right = 0.0, 0.0
    for j in range(max(0, y - _NEAR), min(height, y + _NEAR + 1)):
        for i in range(max(0, x - _NEAR), min(width, x + _NEAR + 1)):
            if known[j, i]:
                down += j - y
                right += i - x
    length = (down * down + right * right) ** 0.5
    return (down / length, right / length) if length > 0 else (0.0, 0.0)


@compiled
def is_front(known: Any, y: int, x: int) -> Any:
    """(y, x) is to be filled, and one of its four neighbours is known."""
    height, width = known.shape
    if known[y, x]:
        return False
    above, below = y > 0 and known[y - 1, x], y + 1 < height and known[y + 1, x]
    before, after = x > 0 and known[y, x - 1], x + 1 < width and known[y, x + 1]
    return above or below or before or after


@compiled
def refresh(
    seen: Any,
    known: Any,
    confidence: Any,
    priority: Any,
    row_best: Any,
    top: int,
    bottom: int,
    left: int,
    right: int,
    radius: int,
) -> None:
    """The priorities in rows `top` to `bottom` and columns `left` to `right`, and each row's greatest; -1: no front."""
    for y in range(top, bottom):
        for x in range(left, right):
            priority[y, x] = -1.0
            if is_front(known, y, x):
                along_y, along_x = isophote_at(seen, known, y, x, radius)
                normal_y, normal_x = normal_at(known, y, x)
                data = abs(along_y * normal_y + along_x * normal_x) / _LIGHTEST
                priority[y, x] = confidence_at(confidence, y, x, radius) * (data + _LEAST_DATA)
        row_best[y] = priority[y].max()


@compiled
def difference(seen: Any, wanted: Any, weights: Any, v: int, u: int, limit: Any) -> Any:
    """Summed squared difference of `wanted` ``(side, n)``, as `weights` count it, and the patch round (v, u).

    Some value above `limit` where it exceeds that.
    """
    rows, run = wanted.shape
    length, begin = np.uint64(run), np.uint64(u * CHANNELS)
    total = np.float32(0)
    for row in range(np.uint64(rows)):
        theirs = seen[np.uint64(v) + row, begin : begin + length]
        partial = np.float32(0)
        for k in range(length):
            d = (wanted[row, k] - theirs[k]) * weights[row, k]
            partial += d * d
        total += partial
        if total > limit:
            break
    return total


@compiled
def take_wanted(seen: Any, known: Any, y: int, x: int, radius: int, wanted: Any, weights: Any) -> None:
    """The patch round (y, x), with weight 1 where it is known."""
    height, width = known.shape
    side = 2 * radius + 1
    for j in range(side):
        for i in range(side):
            ny, nx = y + j - radius, x + i - radius
            counts = np.float32(0 <= ny < height and 0 <= nx < width and known[ny, nx])
            for channel in range(CHANNELS):
                wanted[j, i * CHANNELS + channel] = seen[y + j, (x + i) * CHANNELS + channel]
                weights[j, i * CHANNELS + channel] = counts


@compiled
def most_alike(
    seen: Any, sources: Any, matches: Any, wanted: Any, weights: Any, y: int, x: int, radius: int, reach: int
) -> Any:
    """The source within `reach` whose patch is most like `wanted`, and how many were looked at.

    Those that go on what the pixels round (y, x) are copied from come first, so that pieces stay together where
    several are equally alike. Where there is no source, the reach is doubled.
    """
    height, width = sources.shape
    best, found_v, found_u, count = FAR, -1, -1, 0
    for j in range(max(0, y - radius), min(height, y + radius + 1)):
        for i in range(max(0, x - radius), min(width, x + radius + 1)):
            v, u = matches[j, i, 0] + y - j, matches[j, i, 1] + x - i
            if (v != y or u != x) and 0 <= v < height and 0 <= u < width and sources[v, u]:
                cost = difference(seen, wanted, weights, v, u, best)
                count += 1
                if cost < best:
                    best, found_v, found_u = cost, v, u
    while True:
        for v in range(max(0, y - reach), min(height, y + reach + 1)):
            for u in range(max(0, x - reach), min(width, x + reach + 1)):
                if sources[v, u]:
                    cost = difference(seen, wanted, weights, v, u, best)
                    count += 1
                    if cost < best:
                        best, found_v, found_u = cost, v, u
        if found_v >= 0:
            return found_v, found_u, count
        reach *= 2


@compiled
def copy_patch(
    seen: Any, known: Any, confidence: Any, matches: Any, y: int, x: int, v: int, u: int, radius: int
) -> None:
    """Fill what is unknown of the patch round (y, x) from that round (v, u)."""
    height, width = known.shape
    level = confidence_at(confidence, y, x, radius)
    for j in range(max(0, y - radius), min(height, y + radius + 1)):
        for i in range(max(0, x - radius), min(width, x + radius + 1)):
            if not known[j, i]:
                b, a = v + j - y, u + i - x
                for channel in range(CHANNELS):
                    seen[j + radius, (i + radius) * CHANNELS + channel] = seen[
                        b + radius, (a + radius) * CHANNELS + channel
                    ]
                known[j, i], confidence[j, i] = 1, level
                matches[j, i, 0], matches[j, i, 1] = b, a


@compiled
def advance(
    seen: Any,
    known: Any,
    sources: Any,
    confidence: Any,
    priority: Any,
    row_best: Any,
    matches: Any,
    radius: int,
    reach: int,
    budget: int,
) -> bool:
    """Fill patch by patch until about `budget` sources were looked at; False once nothing is left to fill."""
    height, width = known.shape
    side = 2 * radius + 1
    wanted = np.zeros((side, side * CHANNELS), np.float32)
    weights = np.zeros((side, side * CHANNELS), np.float32)
    span = 2 * radius + _NEAR
    y: Any
    x: Any
    while budget > 0:
        y = np.argmax(row_best)
        if row_best[y] < 0:
            return False
        x = np.argmax(priority[y])
        take_wanted(seen, known, y, x, radius, wanted, weights)
        v, u, count = most_alike(seen, sources, matches, wanted, weights, y, x, radius, reach)
        copy_patch(seen, known, confidence, matches, y, x, v, u, radius)
        top, bottom, left, right = (
            max(0, y - span),
            min(height, y + span + 1),
            max(0, x - span),
            min(width, x + span + 1),
        )
        refresh(seen, known, confidence, priority, row_best, top, bottom, left, right, radius)
        budget -= count
    return True
