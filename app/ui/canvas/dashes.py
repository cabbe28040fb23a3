"""A line through many points, cut into dashes where a view shows it, by arrays alone.

Dashes are counted from the line's beginning, so a line that grows at its end, or is seen through a part of the view,
has the same ones.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect

Floats = npt.NDArray[np.float64]


class Dashes(NamedTuple):
    """Pieces of a line, in its order; no piece is longer than a dash."""

    ends: Floats
    """``(n, 4)``: x and y of the beginning, x and y of the end, view pixels."""
    is_dash: npt.NDArray[np.bool_]
    """``(n,)``: dash or gap."""
    begins_side: npt.NDArray[np.bool_]
    """``(n,)``: first of the pieces between two points of the line."""


def dashes_of(points: Floats, dash: float, shown: QRect) -> Dashes:
    """The line through `points`, ``(n, 2)``, where it touches `shown`; dashes and gaps of `dash` view pixels."""
    start, way = points[:-1], np.diff(points, axis=0)
    length = np.hypot(way[:, 0], way[:, 1])
    offset = np.concatenate([[0.0], np.cumsum(length)[:-1]]) if len(length) else length
    first, last = _shown_part(start, way, shown)
    side = np.flatnonzero((last > first) & (length > 0))
    begin, end = offset[side] + first[side] * length[side], offset[side] + last[side] * length[side]
    number = np.floor(begin / dash)
    count = np.maximum(np.ceil(end / dash) - number, 1).astype(np.intp)
    piece = np.repeat(np.arange(len(side)), count)
    nth = np.arange(len(piece)) - np.repeat(np.cumsum(count) - count, count)
    number = number[piece] + nth
    cuts = np.clip(np.stack([number, number + 1], axis=1) * dash, begin[piece, None], end[piece, None])
    of = side[piece]
    share = (cuts - offset[of, None]) / length[of, None]
    ends = start[of, None] + share[..., None] * way[of, None]
    return Dashes(ends.reshape(-1, 4), number % 2 == 0, nth == 0)


def _shown_part(start: Floats, way: Floats, shown: QRect) -> tuple[Floats, Floats]:
    """Of each side the share of the way at which it enters `shown`, and at which it leaves (Liang and Barsky)."""
    low = np.array([shown.left(), shown.top()], float)
    high = low + np.array([shown.width(), shown.height()])
    is_still = way == 0
    steps = np.where(is_still, 1.0, way)
    near, far = (low - start) / steps, (high - start) / steps
    is_inside = (start >= low) & (start <= high)
    enters = np.where(is_still, np.where(is_inside, 0.0, 1.0), np.minimum(near, far))
    leaves = np.where(is_still, np.where(is_inside, 1.0, 0.0), np.maximum(near, far))
    return np.maximum(enters.max(axis=1, initial=0.0), 0.0), np.minimum(leaves.min(axis=1, initial=1.0), 1.0)


def boxes_of(dashes: Dashes, reach: float, at_most: int) -> list[QRect]:
    """Rectangles round the pieces and `reach` view pixels more: about `at_most`, and each round a straight stretch."""
    count = len(dashes.ends)
    if count == 0:
        return []
    length = max(_STRETCH, -(-count // at_most))
    sides = np.flatnonzero(dashes.begins_side)
    long = np.diff(sides, append=count) >= _STRETCH
    begins = np.unique(
        np.concatenate([np.arange(0, count, length), sides[long], (sides + np.diff(sides, append=count))[long]])
    )
    begins = begins[begins < count]
    ends = dashes.ends.reshape(count, 2, 2)
    low = np.floor(np.minimum.reduceat(ends.min(axis=1), begins) - reach).astype(int)
    size = np.ceil(np.maximum.reduceat(ends.max(axis=1), begins) + reach).astype(int) - low
    return [QRect(*corner, *extent) for corner, extent in zip(low.tolist(), size.tolist(), strict=True)]


_STRETCH = 12
"""Pieces in a rectangle, at least."""


def differing(one: Dashes, other: Dashes) -> Dashes:
    """The pieces of `one` from the first on that is not the same in `other`."""
    shorter = min(len(one.ends), len(other.ends))
    differs = (one.ends[:shorter] != other.ends[:shorter]).any(axis=1) | (
        one.is_dash[:shorter] != other.is_dash[:shorter]
    )
    first = int(np.argmax(differs)) if differs.any() else shorter
    return Dashes(one.ends[first:], one.is_dash[first:], one.begins_side[first:])
