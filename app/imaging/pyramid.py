"""An image or mask and its halved copies, so that a zoomed-out view reads few pixels and looks smooth."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import DeepImage, Image
from app.imaging.depth import narrowed
from app.imaging.geometry import Rect

Pixels = npt.NDArray[np.uint8]
"""``(H, W)`` or ``(H, W, 3)`` uint8."""

SMALLEST = 512
"""Halving stops once both sides are at most this many pixels."""


class Pyramid:
    """Levels of an ``(H, W)`` or ``(H, W, 3)`` uint8 array, each half the size of the one before.

    A pixel of level k is the rounded mean of a 2×2 block of level k-1; at an odd right or lower edge the last column
    or row counts twice. So it covers exactly ``2**k × 2**k`` image pixels, the last ones reaching past the edge.

    Level 0 is the caller's array itself, neither copied nor written to: after changing it, call `update`.
    """

    def __init__(self, array: Pixels, depth: int | None = None, *, is_blank: bool = False) -> None:
        """Build all levels (about 0.1 s for 60 megapixels RGB): `depth` of them, or until `SMALLEST` is reached.

        `is_blank` promises that `array` is 0 throughout, which costs nothing.
        """
        self._levels = [array]
        while len(self._levels) < depth if depth is not None else max(self._levels[-1].shape[:2]) > SMALLEST:
            last = self._levels[-1]
            self._levels.append(_blank_half(last) if is_blank else _halved(last))

    @property
    def levels(self) -> tuple[Pixels, ...]:
        """All levels, the largest first."""
        return tuple(self._levels)

    def shown(self, pixels: DeepImage) -> Image:
        """Pixels ``(h, w, 3)`` to be laid over the image, as its levels show them."""
        return narrowed(pixels)

    def level_for(self, scale: float) -> tuple[Pixels, int]:
        """The smallest level that still has a pixel for every view pixel, and its factor.

        `scale` is view pixels per image pixel. The factor is the image pixels per level pixel, a power of two.
        """
        index = 0
        while index + 1 < len(self._levels) and scale * 2 ** (index + 1) <= 1.0:
            index += 1
        return self._levels[index], 2**index

    def update(self, rect: Rect) -> None:
        """Bring every level up to date after the pixels in `rect` (image pixels, clipped) changed.

        The levels are then exactly those of a new pyramid.
        """
        rect = rect.intersected(Rect.of_array(self._levels[0]))
        if rect.is_empty:
            return
        for larger, smaller in pairwise(self._levels):
            rect = _halved_rect(rect)
            source = Rect(2 * rect.x, 2 * rect.y, 2 * rect.width, 2 * rect.height)
            smaller[rect.slices] = _halved(larger[source.slices])


def _halved_rect(rect: Rect) -> Rect:
    """The pixels of the next level that read any pixel of `rect`."""
    x, y = rect.x // 2, rect.y // 2
    return Rect(x, y, (rect.right + 1) // 2 - x, (rect.bottom + 1) // 2 - y)


def _blank_half(array: Pixels) -> Pixels:
    height, width = array.shape[:2]
    return np.zeros(((height + 1) // 2, (width + 1) // 2, *array.shape[2:]), np.uint8)


def _halved(array: Pixels) -> Pixels:
    """`array` at half the size, rounded up."""
    height, width = array.shape[:2]
    if height % 2 or width % 2:
        array = cv2.copyMakeBorder(array, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)  # type: ignore[assignment]
    size = ((width + 1) // 2, (height + 1) // 2)
    return cv2.resize(array, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]
