"""A line through many points, cut into dashes where a view shows it, by arrays alone.

Dashes are counted from the line's beginning, so that a line which grows at its end keeps those it has.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QSize

Floats = npt.NDArray[np.float64]

_CELL = 64
"""View pixels of the side of the squares in which a line is repainted; far more than a dash has."""


class Dashes(NamedTuple):
    """A line, and the pieces it is drawn in, in its order; no piece is longer than a dash."""

    points: Floats
    """``(n, 2)``, view pixels: the line goes through these."""
    offsets: Floats
    """``(n,)``: how far along the line they lie."""
    ends: Floats
    """``(m, 4)``: x and y of the beginning of a piece, x and y of its end."""
    is_dash: npt.NDArray[np.bool_]
    """``(m,)``: dash or gap."""
    sides: npt.NDArray[np.intp]
    """``(m,)``: behind which point a piece lies."""


NO_DASHES = Dashes(np.empty((0, 2)), np.empty(0), np.empty((0, 4)), np.empty(0, np.bool_), np.empty(0, np.intp))


def dashes_of(points: Floats, dash: float, shown: QRect, before: Dashes = NO_DASHES) -> tuple[Dashes, int]:
    """The line through `points`, ``(n, 2)``, where it touches `shown`; dashes and gaps of `dash` view pixels.

    `before` is a line of the same dashes and the same view: its pieces up to the first point that differs are taken
    over. Returns how many these are, too.
    """
    same = min(len(points), len(before.points))
    differs = (points[:same] != before.points[:same]).any(axis=1)
    same = int(np.argmax(differs)) if differs.any() else same
    first = max(same - 1, 0)
    kept = int(np.searchsorted(before.sides, first))
    start, way = points[first:-1], np.diff(points[first:], axis=0)
    length = np.hypot(way[:, 0], way[:, 1])
    offsets = np.cumsum(np.concatenate([before.offsets[first : first + 1] if same else np.zeros(1), length]))
    ends, is_dash, sides = _cut(start, way, length, offsets, dash, shown)
    line = Dashes(
        points,
        np.concatenate([before.offsets[:first], offsets]),
        np.concatenate([before.ends[:kept], ends]),
        np.concatenate([before.is_dash[:kept], is_dash]),
        np.concatenate([before.sides[:kept], sides + first]),
    )
    return line, kept


def _cut(
    start: Floats, way: Floats, length: Floats, offsets: Floats, dash: float, shown: QRect
) -> tuple[Floats, npt.NDArray[np.bool_], npt.NDArray[np.intp]]:
    """The pieces of the sides that begin at `start` and go `way`; see `Dashes`."""
    enters, leaves = _shown_part(start, way, shown)
    seen = np.flatnonzero((leaves > enters) & (length > 0))
    begin = offsets[seen] + enters[seen] * length[seen]
    end = offsets[seen] + leaves[seen] * length[seen]
    number = np.floor(begin / dash)
    count = np.maximum(np.ceil(end / dash) - number, 1).astype(np.intp)
    piece = np.repeat(np.arange(len(seen)), count)
    number = number[piece] + np.arange(len(piece)) - np.repeat(np.cumsum(count) - count, count)
    cuts = np.clip(np.stack([number, number + 1], axis=1) * dash, begin[piece, None], end[piece, None])
    side = seen[piece]
    share = (cuts - offsets[side, None]) / length[side, None]
    ends = start[side, None] + share[..., None] * way[side, None]
    return ends.reshape(-1, 4), number % 2 == 0, side


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


def cells_of(ends: Floats, reach: float, size: QSize) -> list[QRect]:
    """What to repaint of a view of `size` for pieces, ``(n, 4)``, and `reach` view pixels round them.

    Rows of squares: rectangles that overlap nowhere, few of them, which cost less to paint than many that fit closely.
    """
    columns, rows = size.width() // _CELL + 1, size.height() // _CELL + 1
    is_hit = np.zeros((rows, columns), np.bool_)
    low = np.minimum(ends[:, :2], ends[:, 2:]) - reach
    high = np.maximum(ends[:, :2], ends[:, 2:]) + reach
    (left, top), (right, bottom) = (np.floor(each / _CELL).astype(np.intp).T for each in (low, high))
    for x, y in ((left, top), (right, top), (left, bottom), (right, bottom)):
        is_seen = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
        is_hit[y[is_seen], x[is_seen]] = True
    changes = np.diff(np.pad(is_hit, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    row, begin = np.nonzero(changes == 1)
    width = np.nonzero(changes == -1)[1] - begin
    return [
        QRect(x * _CELL, y * _CELL, w * _CELL, _CELL)
        for x, y, w in zip(begin.tolist(), row.tolist(), width.tolist(), strict=True)
    ]
