"""What to cut out round a mask, and at what scale to solve it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Mask, hole_of
from app.imaging.geometry import Extent, Rect, bounding_rect
from app.inference.request import Region

Boxes = npt.NDArray[np.int64]
"""``(N, 4)``: left, top, right, bottom of each box, the last two exclusive."""

BLOCK = 32
"""Side of the squares in which hole pixels are counted: holes in neighbouring squares belong together."""

MOST_CLUSTERS = 200
"""With more clusters than this the squares are doubled."""

CONTEXT = 0.5
"""Context on each side of a hole, as a share of the hole's longer side."""

LEAST_CONTEXT = 64
"""Context on each side in pixels, at least."""

MOST_REGIONS = 12
"""More clusters than this are joined, nearest first: many dust spots are a few regions."""


@dataclass(frozen=True, slots=True)
class RegionPlan:
    """How a mask will be solved; `holes` are the hole's boxes inside the regions, in the same order."""

    regions: tuple[Region, ...]
    holes: tuple[Rect, ...]


def plan_regions(mask: Mask, working_size: int) -> RegionPlan:
    """Cluster the hole pixels of `mask` into regions with context, each no longer than `working_size` once scaled.

    Every hole pixel lies in exactly one cluster's box. A small hole gets a region of `working_size` at its own
    scale; a large one is solved at the scale that makes hole and context fit.
    """
    extent = Extent(mask.shape[1], mask.shape[0])
    boxes = _joined(_clusters(hole_of(mask), BLOCK), working_size)
    regions = [_region(box, extent, working_size) for box in boxes]
    holes = [Rect(int(x0), int(y0), int(x1 - x0), int(y1 - y0)) for x0, y0, x1, y1 in boxes]
    return RegionPlan(tuple(regions), tuple(holes))


def _clusters(hole: npt.NDArray[np.bool_], block: int) -> Boxes:
    """Tight boxes round groups of hole pixels that are less than about two blocks apart."""
    rows, columns = np.arange(0, hole.shape[0], block), np.arange(0, hole.shape[1], block)
    busy = np.add.reduceat(np.add.reduceat(hole, rows, axis=0, dtype=np.int32), columns, axis=1) > 0
    count, _, stats, _ = cv2.connectedComponentsWithStats(busy.astype(np.uint8), connectivity=8)
    if count - 1 > MOST_CLUSTERS:
        return _clusters(hole, 2 * block)
    boxes = [_tight(hole, *(int(value) * block for value in stats[label][:4])) for label in range(1, count)]
    return np.array(boxes, np.int64).reshape(-1, 4)


def _tight(hole: npt.NDArray[np.bool_], left: int, top: int, width: int, height: int) -> tuple[int, int, int, int]:
    used = bounding_rect(hole[top : top + height, left : left + width]).moved(left, top)
    return used.x, used.y, used.right, used.bottom


def _joined(boxes: Boxes, working_size: int) -> Boxes:
    """Boxes united while their common region costs no scale, or while there are too many.

    A region may reach over another's hole: every hole pixel counts as unknown, whoever fills it.
    """
    boxes = _absorbed(boxes)
    while len(boxes) > 1:
        first, second, side = _nearest_pair(boxes)
        if len(boxes) <= MOST_REGIONS and side + 2 * LEAST_CONTEXT > working_size:
            break
        boxes = _absorbed(_with_union(boxes, first, second))
    return boxes


def _with_union(boxes: Boxes, first: int, second: int) -> Boxes:
    pair = boxes[[first, second]]
    union = np.concatenate([pair[:, :2].min(axis=0), pair[:, 2:].max(axis=0)])
    return np.concatenate([np.delete(boxes, [first, second], axis=0), union[None]])


def _absorbed(boxes: Boxes) -> Boxes:
    """Boxes that intersect made one, until none do: no hole pixel may belong to two."""
    index = 0
    while index < len(boxes):
        x0, y0, x1, y1 = boxes[index]
        meets = (boxes[:, 0] < x1) & (boxes[:, 2] > x0) & (boxes[:, 1] < y1) & (boxes[:, 3] > y0)
        meets[index] = False
        if meets.any():
            boxes = _with_union(boxes, index, int(np.flatnonzero(meets)[0]))
            index = 0
        else:
            index += 1
    return boxes


def _nearest_pair(boxes: Boxes) -> tuple[int, int, int]:
    """The two boxes whose union is shortest, and that union's longer side."""
    low = np.minimum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.maximum(boxes[:, None, 2:], boxes[None, :, 2:])
    side = (high - low).max(axis=2)
    np.fill_diagonal(side, np.iinfo(np.int64).max)
    first, second = np.unravel_index(int(side.argmin()), side.shape)
    return int(first), int(second), int(side[first, second])


def _region(box: npt.NDArray[np.int64], extent: Extent, working_size: int) -> Region:
    x0, y0, x1, y1 = (int(value) for value in box)
    margin = max(int(max(x1 - x0, y1 - y0) * CONTEXT), LEAST_CONTEXT)
    left, width = _placed(x0, x1, margin, working_size, extent.width)
    top, height = _placed(y0, y1, margin, working_size, extent.height)
    scale = min(1.0, working_size / max(width, height))
    return Region(Rect(left, top, width, height), scale)


def _placed(start: int, end: int, margin: int, least: int, limit: int) -> tuple[int, int]:
    """Start and length of a span round ``start … end`` with context, at least `least` long, inside ``0 … limit``."""
    length = min(max(end - start + 2 * margin, least), limit)
    centred = (start + end - length) // 2
    return min(max(centred, 0), limit - length), length
