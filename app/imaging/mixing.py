"""Results mixed by soft weights into one picture, exactly: where one alone counts its bits come out as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import HOLE, THRESHOLD, DeepImage, Mask
from app.imaging.depth import is_deep
from app.imaging.geometry import Rect
from app.imaging.stage_map import WHOLE


class PixelPatch(Protocol):
    """New pixels for a part of the image."""

    @property
    def rect(self) -> Rect:
        """Where they go: wholly inside the image."""

    @property
    def pixels(self) -> DeepImage:
        """What goes there: ``(rect.height, rect.width, 3)`` RGB of the image's depth."""


def changed(before: DeepImage, after: DeepImage) -> npt.NDArray[np.bool_]:
    """The pixels ``(h, w)`` in which two images ``(h, w, 3)`` differ (a plain ``any(axis=2)`` is ten times slower)."""
    delta = np.bitwise_xor(before, after)
    result: npt.NDArray[np.bool_] = (delta[..., 0] | delta[..., 1] | delta[..., 2]) != 0
    return result


def laid(image: DeepImage, patches: Sequence[PixelPatch], rect: Rect) -> DeepImage:
    """`rect` of `image` with `patches` in it; not to be written to, for it may be a patch's own memory.

    Where patches overlap, a pixel that one of them leaves as the image has it is left to the others; where several
    change the same pixel, the last wins.
    """
    near = [patch for patch in patches if not patch.rect.intersected(rect).is_empty]
    if len(near) == 1 and near[0].rect.contains(rect):
        return _part(near[0], rect)
    before = image[rect.slices]
    result = before.copy()
    for patch in near:
        common = patch.rect.intersected(rect)
        inside, new = common.moved(-rect.x, -rect.y).slices, _part(patch, common)
        np.copyto(result[inside], new, where=changed(before[inside], new)[..., np.newaxis])
    return result


def _part(patch: PixelPatch, rect: Rect) -> DeepImage:
    return patch.pixels[rect.moved(-patch.rect.x, -patch.rect.y).slices]


def mixed(base: DeepImage, kept: Sequence[tuple[DeepImage, Mask]]) -> DeepImage:
    """A new picture of `base` and the results `kept`, each with its weights ``(h, w)``; all pictures ``(h, w, 3)``.

    The base counts with what the weights leave of 255. Each value is the weighted mean, rounded to the nearest: equal
    values come out as they are, and so does whatever has a weight of 255.
    """
    kept = [(pixels, weight) for pixels, weight in kept if weight.any()]
    if not kept:
        return base.copy()
    rest = np.full(base.shape[:2], WHOLE, np.uint8)
    for _, weight in kept:
        rest -= weight
    parts = [(base, rest), *kept] if rest.any() else kept
    if len(parts) == 1:
        return parts[0][0].copy()
    return _mean(parts)


def _mean(parts: Sequence[tuple[DeepImage, Mask]]) -> DeepImage:
    """Channel by channel: numpy is slow where the last axis is short."""
    result = np.empty_like(parts[0][0])
    wide = np.uint32 if is_deep(result) else np.uint16
    for channel in range(result.shape[2]):
        total = np.full(result.shape[:2], WHOLE // 2, wide)
        for pixels, weight in parts:
            total += np.multiply(pixels[..., channel], weight, dtype=wide)
        result[..., channel] = total // wide(WHOLE)
    return result


def near_hole(mask: Mask, rect: Rect, px: int) -> Mask:
    """255 in `rect` of `mask` ``(H, W)`` where a hole pixel is at most `px` rows and columns away, else 0."""
    around = rect.grown(px).intersected(Rect.of_array(mask))
    hole = cv2.threshold(mask[around.slices], THRESHOLD, HOLE, cv2.THRESH_BINARY)[1]
    if hole.any():
        hole = cv2.dilate(hole, np.ones((2 * px + 1, 2 * px + 1), np.uint8))
    return np.asarray(hole, np.uint8)[rect.moved(-around.x, -around.y).slices]
