"""Whole-mask operations. A mask is ``(H, W)`` uint8, values above 127 are hole; lengths are image pixels, 0 or more.

Every function returns a new array and leaves its argument alone. Beyond the image's edge there is neither hole nor
kept pixel, so a mask that touches the edge neither shrinks nor softens there.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import HOLE, KEEP, THRESHOLD, Mask, hole_of
from app.imaging.geometry import Extent, Rect, bounding_rect
from app.imaging.patches import tiles_of

_TILE = 512
"""Side of the squares that are worked on, only near the hole: sparse masks cost little however wide they spread."""


def blank(extent: Extent) -> Mask:
    """A mask that keeps every pixel."""
    return np.zeros((extent.height, extent.width), np.uint8)


def full(extent: Extent) -> Mask:
    """A mask that is hole everywhere."""
    return np.full((extent.height, extent.width), HOLE, np.uint8)


def inverted(mask: Mask) -> Mask:
    """Hole and kept swapped; soft values mirrored."""
    return np.bitwise_not(mask)


def hardened(mask: Mask) -> Mask:
    """Only 255 and 0: soft edges decided."""
    return np.asarray(cv2.threshold(mask, THRESHOLD, HOLE, cv2.THRESH_BINARY)[1], np.uint8)


def hole_area(mask: Mask) -> int:
    """How many pixels are hole."""
    return sum(int(np.count_nonzero(hole_of(mask[top : top + _TILE]))) for top in range(0, len(mask), _TILE))


def hole_rect(mask: Mask) -> Rect:
    """The smallest rectangle round the hole; empty where there is none."""
    rect = bounding_rect(mask)
    return bounding_rect(hole_of(mask[rect.slices])).moved(rect.x, rect.y)


def grown(mask: Mask, px: int) -> Mask:
    """The hole and every pixel whose centre is at most `px` from the centre of a hole pixel; values 0 and 255."""

    def near(hole: Mask) -> Mask:
        return _as_mask(_distance_to(HOLE, hole) <= _reach(px))

    return _mapped(near, mask, px, outwards=px)


def shrunk(mask: Mask, px: int) -> Mask:
    """The hole without the pixels whose centre is at most `px` from that of a kept pixel; values 0 and 255."""

    def deep(hole: Mask) -> Mask:
        return _as_mask(_distance_to(KEEP, hole) > _reach(px))

    return _mapped(deep, mask, px)


def feathered(mask: Mask, px: int) -> Mask:
    """The hole with a soft edge *inside* it, `px` wide: 0 outside, rising smoothly (smoothstep) to 255.

    A pixel of the hole at distance d from the nearest kept one gets ``smoothstep(d / √(px² + 1))``. No distance between
    pixels lies between px and that root, so a hole grown by at least `px` first is still 255 all over its old area.
    """

    def ramp(hole: Mask) -> Mask:
        share = np.minimum(_distance_to(KEEP, hole) / np.float32(math.hypot(px, 1)), 1)
        soft: Mask = (share * share * (3 - 2 * share) * 255 + np.float32(0.5)).astype(np.uint8)
        return soft

    return _mapped(ramp, mask, px)


def softened(mask: Mask, px: int) -> Mask:
    """`mask` blurred: half where its border was, falling off over about `px` pixels, at least three, on each side.

    Three box blurs in a row, which come close to a Gaussian and take the same time for every `px`.
    """
    reach = max(round(px / 3), 1)
    width = 2 * reach + 1
    area = bounding_rect(mask).grown(3 * reach).intersected(Rect.of_array(mask))
    result = np.zeros(mask.shape, np.uint8)
    if not area.is_empty:
        soft = mask[area.slices]
        for _ in range(3):
            soft = np.asarray(cv2.blur(soft, (width, width), borderType=cv2.BORDER_REPLICATE), np.uint8)
        result[area.slices] = soft
    return result


def smoothed(mask: Mask, px: int) -> Mask:
    """The hole without what is finer than about `px` pixels: ragged borders, specks, pinholes; values 0 and 255."""
    return hardened(softened(hardened(mask), px))


def _mapped(function: Callable[[Mask], Mask], mask: Mask, reach: int, *, outwards: int = 0) -> Mask:
    """`function` of the hole, near it only: 0 farther than `outwards` pixels from it.

    A pixel may depend only on those within `reach` of it; `function` leaves a block that is all hole as it is.
    """
    whole = Rect.of_array(mask)
    area = bounding_rect(mask).grown(outwards).intersected(whole)
    result = np.zeros(mask.shape, np.uint8)
    for tile in tiles_of(area, max(_TILE, 4 * reach)):
        around = tile.grown(reach).intersected(whole)
        near = bounding_rect(hole_of(mask[around.slices])).moved(around.x, around.y)
        if near.is_empty:
            continue
        around = near.grown(reach).intersected(around)
        target = tile.intersected(area).intersected(around)
        hole = hardened(mask[around.slices])
        values = hole if hole.all() else function(hole)
        result[target.slices] = values[target.moved(-around.x, -around.y).slices]
    return result


def _distance_to(value: int, hole: Mask) -> npt.NDArray[np.float32]:
    """Euclidean distance from every pixel's centre to the nearest one that has `value` (exact; huge where none has)."""
    others = np.bitwise_not(hole) if value == HOLE else hole
    return np.asarray(cv2.distanceTransform(others, cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32)


def _reach(px: int) -> float:
    """A little above `px`, below the next distance between pixel centres, so that rounding decides nothing."""
    return math.sqrt(px * px + 0.5)


def _as_mask(hole: npt.NDArray[np.bool_]) -> Mask:
    return hole.view(np.uint8) * np.uint8(HOLE)
