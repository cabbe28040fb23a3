"""Magic wand: the pixels that have the colour of one of them, as a region of the mask."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from app.imaging.arrays import HOLE, DeepImage, Mask
from app.imaging.depth import unit_of
from app.imaging.geometry import EMPTY, Point, Rect, bounding_rect
from app.imaging.masks import grown

MAX_TOLERANCE = 255
"""Everything is alike."""


@dataclass(frozen=True, slots=True)
class WandOptions:
    """What counts as alike."""

    tolerance: int = 32
    """0…255: how far each channel may differ, in grey levels (8-bit steps, whatever the depth)."""
    contiguous: bool = True
    """Only what hangs together with the pixel that was clicked, over the sides of pixels."""
    grow: int = 0
    """Pixels by which the region reaches further on every side."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Part of a mask: `coverage` ``(rect.height, rect.width)`` uint8 lies at `rect`, nothing beyond it."""

    rect: Rect
    coverage: Mask


NOTHING = Selection(EMPTY, np.zeros((0, 0), np.uint8))


def pixel_at(point: Point, image: DeepImage) -> tuple[int, int] | None:
    """Column and row of the pixel at `point`; None where it lies outside `image`."""
    x, y = int(np.floor(point.x)), int(np.floor(point.y))
    return (x, y) if 0 <= x < image.shape[1] and 0 <= y < image.shape[0] else None


def colour_at(image: DeepImage, x: int, y: int) -> tuple[int, int, int]:
    """The colour of a pixel in the values of `image` ``(H, W, 3)``."""
    red, green, blue = image[y, x].tolist()
    return red, green, blue


def selected(
    image: DeepImage, x: int, y: int, options: WandOptions, colour: tuple[int, int, int] | None = None
) -> Selection:
    """What a click on column `x`, row `y` of `image` ``(H, W, 3)`` takes; 0 and 255. The pixel itself always belongs.

    `colour` is compared with instead of the pixel's own: of a smaller copy of the image it may differ.
    """
    alike = _alike(image, colour or colour_at(image, x, y), options.tolerance)
    alike[y, x] = HOLE
    if options.contiguous:
        rect, coverage = _connected(alike, x, y)
    else:
        rect = bounding_rect(alike)
        coverage = alike[rect.slices]
    return enlarged(Selection(rect, np.ascontiguousarray(coverage)), options.grow, Rect.of_array(image))


def enlarged(selection: Selection, px: int, within: Rect) -> Selection:
    """`selection` grown by `px` pixels, as far as `within` goes."""
    if px <= 0 or selection.rect.is_empty:
        return selection
    rect = selection.rect.grown(px).intersected(within)
    room = np.zeros((rect.height, rect.width), np.uint8)
    room[selection.rect.moved(-rect.x, -rect.y).slices] = selection.coverage
    return Selection(rect, grown(room, px))


def _alike(image: DeepImage, colour: tuple[int, int, int], tolerance: int) -> Mask:
    """255 where no channel differs from `colour` by more than `tolerance` grey levels."""
    reach, most = tolerance * unit_of(image), int(np.iinfo(image.dtype).max)
    low = tuple(max(value - reach, 0) for value in colour)
    high = tuple(min(value + reach, most) for value in colour)
    return np.asarray(cv2.inRange(image, low, high), np.uint8)


def _connected(alike: Mask, x: int, y: int) -> tuple[Rect, Mask]:
    """The part of `alike` that hangs together with one of its pixels, and where it lies."""
    height, width = alike.shape
    found = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | HOLE << 8
    _, _, _, (left, top, wide, high) = cv2.floodFill(alike, found, (x, y), 0, flags=flags)
    rect = Rect(left, top, wide, high)
    return rect, found[1:-1, 1:-1][rect.slices]
