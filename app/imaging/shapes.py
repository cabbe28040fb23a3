"""Closed shapes as coverage: how much of each pixel lies inside, 0…255.

The area within a pixel is exact: each edge adds, to all pixels to its right, the height by which it crosses their
row, signed by its direction, and to the pixels it runs through the part that lies to its right. Summed along a row
this is the winding number times the covered share, as scan converters of outline fonts compute it. Where an outline
crosses itself a place is inside whose winding number is not zero: loops of a lasso don't leave holes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from app.imaging.arrays import HOLE, Mask
from app.imaging.geometry import EMPTY, Extent, Rect

Points = npt.NDArray[np.float64]
"""``(n, 2)``: x and y in image pixels; may lie outside the image."""

Coverage = tuple[Rect, Mask]
"""A rectangle inside the image and the coverage of its pixels, ``(rect.height, rect.width)``."""

_CELLS = 4_000_000
"""Pixels summed at once."""

_CURVE_ERROR = 0.01
"""Image pixels by which the chords of an ellipse may miss it."""


def rectangle_coverage(rect: Rect, extent: Extent) -> Coverage:
    """Full coverage of the part of `rect` that lies in an image of `extent`; perhaps empty."""
    inside = rect.intersected(Rect(0, 0, *extent))
    return inside, np.full((inside.height, inside.width), HOLE, np.uint8)


def ellipse_coverage(box: Rect, extent: Extent) -> Coverage:
    """Coverage of the ellipse that touches the four sides of `box`."""
    radius = max(box.width, box.height, 2) / 2
    count = max(math.ceil(math.pi / math.acos(1 - _CURVE_ERROR / radius)), 32)
    return polygon_coverage(ellipse_points(box, count), extent)


def ellipse_points(box: Rect, count: int) -> Points:
    """`count` points on the ellipse that touches the four sides of `box`, from its rightmost one on."""
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    across = box.x + box.width / 2 * (1 + np.cos(angles))
    return np.stack([across, box.y + box.height / 2 * (1 + np.sin(angles))], axis=1)


def polygon_coverage(points: Points, extent: Extent) -> Coverage:
    """Coverage of the polygon through `points`, closed from the last one to the first, in an image of `extent`.

    Fewer than three points cover nothing.
    """
    rect = _bounds(points).intersected(Rect(0, 0, *extent))
    if len(points) < 3 or rect.is_empty:
        return EMPTY, np.zeros((0, 0), np.uint8)
    starts = points - (rect.x, rect.y)
    edges = np.stack([starts, np.roll(starts, -1, axis=0)], axis=1)
    cells = _split(_split(_within(edges, rect.height), 1), 0)
    coverage = np.empty((rect.height, rect.width), np.uint8)
    for rows, sums in _summed(cells, rect):
        coverage[rows] = np.minimum(np.abs(sums), 1) * HOLE + 0.5
    return rect, coverage


def _bounds(points: Points) -> Rect:
    if len(points) == 0:
        return EMPTY
    x, y = np.floor(points.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(points.max(axis=0)).astype(int).tolist()
    return Rect(x, y, right - x, bottom - y)


def _within(edges: Points, height: int) -> Points:
    """The parts of `edges`, ``(n, 2, 2)``, between row 0 and row `height`; level ones count for nothing."""
    begin, rise = edges[:, 0, 1], edges[:, 1, 1] - edges[:, 0, 1]
    is_steep = rise != 0
    edges, begin, rise = edges[is_steep], begin[is_steep], rise[is_steep]
    clipped = np.clip(edges[:, :, 1], 0, height)
    share = (clipped - begin[:, None]) / rise[:, None]
    x = edges[:, :1, 0] + share * (edges[:, 1:, 0] - edges[:, :1, 0])
    result: Points = np.stack([x, clipped], axis=2)[clipped[:, 0] != clipped[:, 1]]
    return result


def _split(edges: Points, axis: int) -> Points:
    """`edges`, ``(n, 2, 2)``, cut wherever their coordinate `axis` is whole."""
    begin, way = edges[:, 0], edges[:, 1] - edges[:, 0]
    low, high = edges[:, :, axis].min(axis=1), edges[:, :, axis].max(axis=1)
    first = np.floor(low)
    count = np.maximum(np.ceil(high) - first, 1).astype(np.intp)
    edge = np.repeat(np.arange(len(edges)), count)
    step = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    cuts = np.clip(np.stack([step, step + 1], axis=1), low[edge, None], high[edge, None])
    cuts = np.where(way[edge, axis, None] < 0, cuts[:, ::-1], cuts)
    length = np.where(way[:, axis] == 0, 1, way[:, axis])
    share = (cuts - begin[edge, None, axis]) / length[edge, None]
    share = np.where(way[edge, axis, None] == 0, (0.0, 1.0), share)
    result = begin[edge, None] + share[..., None] * way[edge, None]
    result[..., axis] = cuts
    return result


def _summed(cells: Points, rect: Rect) -> Iterator[tuple[slice, npt.NDArray[np.float32]]]:
    """Rows of `rect` and the winding numbers of their pixels, from edges that each lie within one pixel."""
    height, middle = cells[:, 1, 1] - cells[:, 0, 1], cells.mean(axis=1)
    row = np.clip(np.floor(middle[:, 1]), 0, rect.height - 1).astype(np.intp)
    x = np.clip(middle[:, 0], 0, rect.width)
    column = np.floor(x).astype(np.intp)
    share = x - column
    width, band = rect.width + 2, max(_CELLS // (rect.width + 2), 1)
    order = np.argsort(row, kind="stable")
    row, column, height, share = row[order], column[order], height[order], share[order]
    for top in range(0, rect.height, band):
        bottom = min(top + band, rect.height)
        part = slice(*np.searchsorted(row, (top, bottom)))
        index = (row[part] - top) * width + column[part]
        places = np.concatenate([index, index + 1])
        weights = np.concatenate([height[part] * (1 - share[part]), height[part] * share[part]])
        changes = np.bincount(places, weights, (bottom - top) * width).astype(np.float32)
        sums = np.cumsum(changes.reshape(bottom - top, width), axis=1, dtype=np.float32)
        yield slice(top, bottom), sums[:, : rect.width]
