"""What to cut out round a mask, and at what scale to solve it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Mask, hole_of
from app.imaging.geometry import Extent, Rect, bounding_rect
from app.imaging.masks import grown, hardened
from app.inference.catalog import FINER, solving_side
from app.inference.contexts import chosen_among, kept_apart, rescaled, scale_of
from app.inference.request import InpaintOptions, Region

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

MOST_PIXELS = 700_000
"""Hole pixels, all regions together, that texture is copied into: some seconds on two cores."""

_NEARLY = 0.8
"""From this scale on the photograph's own is taken: what it costs is saved in enlarging."""

_FAR = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class RegionPlan:
    """How a mask will be solved; `holes` are the hole's boxes inside the regions, in the same order."""

    regions: tuple[Region, ...]
    holes: tuple[Rect, ...]
    chosen: tuple[Rect | None, ...] = ()
    """In the same order, the context box that asked for a region; None where it follows from the hole alone."""
    finer: tuple[float, ...] = ()
    """In the same order, the scale at which texture is copied into a region: at least that at which it is solved."""


def filled_mask(mask: Mask, grow: int) -> Mask:
    """The hole to fill: `mask` grown by `grow` pixels, unless growing would leave nothing of the image."""
    full = grown(mask, grow)
    return hardened(mask) if full.all() else full


def plan_for(mask: Mask, options: InpaintOptions, contexts: Sequence[Rect] = ()) -> RegionPlan:
    """The plan for filling `mask`, grown already, as `options` say."""
    plan = plan_regions(mask, options.working_size, contexts, options.context_scale)
    side = solving_side(options)
    return replace(plan, regions=_finely(plan, side)) if side > options.working_size else plan


def plan_regions(
    mask: Mask, working_size: int, contexts: Sequence[Rect] = (), context_scale: float = 1.0
) -> RegionPlan:
    """Cluster the hole pixels of `mask` into regions with context, each no longer than `working_size` once scaled.

    Every hole pixel lies in exactly one cluster's box. A small hole gets a region of `working_size` at its own
    scale; a large one is solved at the scale that makes hole and context fit. Texture is copied at up to `FINER` times
    the size, as far as that leaves no more than `MOST_PIXELS` of hole to copy into.

    The clusters that lie wholly inside one of `contexts` (image pixels, clipped to the image; the first one counts)
    are one region, and that box is what it sees, grown where it is too tight (`contexts.tightest`). A box round no
    cluster is ignored. The other regions are `context_scale` times as long as they would be.
    """
    extent = Extent(mask.shape[1], mask.shape[0])
    chosen, left = chosen_among([_rect(box) for box in _clusters(hole_of(mask), BLOCK)], contexts)
    longest = max(extent) if context_scale >= 1 else _FAR
    joined = _joined(_boxes(left), working_size, _boxes([each.hole for each in chosen]), longest)
    chosen, free = kept_apart(chosen, [_rect(box) for box in joined])
    regions = [each.region(extent, working_size) for each in chosen]
    regions += [_region(hole, extent, working_size, context_scale) for hole in free]
    holes = [each.hole for each in chosen] + free
    finer = _finer(regions, [int(np.count_nonzero(mask[hole.slices])) for hole in holes], FINER * working_size)
    asked = (*(each.context for each in chosen), *(None for _ in free))
    return RegionPlan(tuple(regions), tuple(holes), asked, finer)


def _clusters(hole: npt.NDArray[np.bool_], block: int) -> Boxes:
    """Tight boxes round groups of hole pixels that are less than about two blocks apart."""
    busy = _busy(hole, block)
    count, _, stats, _ = cv2.connectedComponentsWithStats(busy.view(np.uint8), connectivity=8)
    if count - 1 > MOST_CLUSTERS:
        return _clusters(hole, 2 * block)
    boxes = [_tight(hole, *(int(value) * block for value in stats[label][:4])) for label in range(1, count)]
    return np.array(boxes, np.int64).reshape(-1, 4)


def _busy(hole: npt.NDArray[np.bool_], block: int) -> npt.NDArray[np.bool_]:
    """Which squares of side `block` hold a hole pixel; row by row, which is a tenth of the time of a sum over all."""
    columns = np.arange(0, hole.shape[1], block)
    rows = (hole[top : top + block].any(axis=0) for top in range(0, hole.shape[0], block))
    return np.stack([np.logical_or.reduceat(row, columns) for row in rows])


def _tight(hole: npt.NDArray[np.bool_], left: int, top: int, width: int, height: int) -> tuple[int, int, int, int]:
    used = bounding_rect(hole[top : top + height, left : left + width]).moved(left, top)
    return used.x, used.y, used.right, used.bottom


def _joined(boxes: Boxes, working_size: int, fixed: Boxes, longest: int) -> Boxes:
    """Boxes united while their common region costs no scale, or while there are too many; never over a `fixed` one.

    No region is longer than `longest`. A region may reach over another's hole: every hole pixel counts as unknown,
    whoever fills it.
    """
    boxes = _absorbed(boxes)
    while len(boxes) > 1:
        first, second, side = _nearest_pair(boxes, fixed)
        if side == _FAR or (len(boxes) <= MOST_REGIONS and min(side + 2 * LEAST_CONTEXT, longest) > working_size):
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


def _nearest_pair(boxes: Boxes, fixed: Boxes) -> tuple[int, int, int]:
    """The two boxes whose union is shortest, and that union's longer side; `_FAR` where each touches a fixed one."""
    low = np.minimum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.maximum(boxes[:, None, 2:], boxes[None, :, 2:])
    side = (high - low).max(axis=2)
    for box in fixed:
        side[((low < box[2:]) & (high > box[:2])).all(axis=2)] = _FAR
    np.fill_diagonal(side, _FAR)
    first, second = np.unravel_index(int(side.argmin()), side.shape)
    return int(first), int(second), int(side[first, second])


def _rect(box: npt.NDArray[np.int64]) -> Rect:
    x0, y0, x1, y1 = (int(value) for value in box)
    return Rect(x0, y0, x1 - x0, y1 - y0)


def _boxes(rects: Iterable[Rect]) -> Boxes:
    return np.array([(each.x, each.y, each.right, each.bottom) for each in rects], np.int64).reshape(-1, 4)


def _finer(regions: list[Region], pixels: list[int], side: int) -> tuple[float, ...]:
    """Scales at which the regions, each with so many hole `pixels`, are no longer than `side`, and affordable."""
    scales = [scale_of(region.rect, side) for region in regions]
    asked = sum(count * scale**2 for count, scale in zip(pixels, scales, strict=True))
    share = min(1.0, math.sqrt(MOST_PIXELS / max(asked, 1)))
    afforded = (max(region.scale, scale * share) for region, scale in zip(regions, scales, strict=True))
    return tuple(_nearly(scale) for scale in afforded)


def _finely(plan: RegionPlan, side: int) -> tuple[Region, ...]:
    """The regions, solved where texture is copied as far as that is about `side` at most."""
    limits = (max(region.scale, _nearly(scale_of(region.rect, side))) for region in plan.regions)
    scales = (min(scale, limit) for scale, limit in zip(plan.finer, limits, strict=True))
    return tuple(Region(region.rect, scale) for region, scale in zip(plan.regions, scales, strict=True))


def _nearly(scale: float) -> float:
    """`scale`, or the photograph's own where it is not much larger."""
    return 1.0 if scale >= _NEARLY else scale


def _region(hole: Rect, extent: Extent, working_size: int, context_scale: float) -> Region:
    margin = max(int(max(hole.width, hole.height) * CONTEXT), LEAST_CONTEXT)
    left, width = _placed(hole.x, hole.right, margin, working_size, extent.width)
    top, height = _placed(hole.y, hole.bottom, margin, working_size, extent.height)
    rect = rescaled(Rect(left, top, width, height), hole, context_scale, extent)
    return Region(rect, scale_of(rect, working_size))


def _placed(start: int, end: int, margin: int, least: int, limit: int) -> tuple[int, int]:
    """Start and length of a span round ``start … end`` with context, at least `least` long, inside ``0 … limit``."""
    length = min(max(end - start + 2 * margin, least), limit)
    centred = (start + end - length) // 2
    return min(max(centred, 0), limit - length), length
