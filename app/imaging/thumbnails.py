"""Small pictures of a part of an image."""

from __future__ import annotations

import cv2
import numpy as np

from app.imaging.arrays import Image, Mask
from app.imaging.geometry import Extent, Rect


def framed(rect: Rect, shape: Extent, within: Rect, margin: float = 0.25) -> Rect:
    """A rectangle round `rect` with `margin` of its size to spare and the proportions of `shape`, moved into `within`.

    Where that is too small for it, it is clipped.
    """
    height = max(rect.height, rect.width * shape.height / shape.width, 1) * (1 + margin)
    width = max(round(height * shape.width / shape.height), 1)
    x, y = rect.x + (rect.width - width) // 2, rect.y + (rect.height - round(height)) // 2
    x = min(max(x, within.x), max(within.right - width, within.x))
    y = min(max(y, within.y), max(within.bottom - round(height), within.y))
    return Rect(x, y, width, max(round(height), 1)).intersected(within)


def thumbnail(image: Image, extent: Extent) -> Image:
    """`image` ``(H, W, 3)`` uint8, made to cover `extent` exactly; what stands over on two sides is cut off."""
    height, width = image.shape[:2]
    scale = max(extent.width / width, extent.height / height)
    size = max(round(width * scale), extent.width), max(round(height * scale), extent.height)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(image, size, interpolation=how)
    x, y = (size[0] - extent.width) // 2, (size[1] - extent.height) // 2
    return np.ascontiguousarray(resized[y : y + extent.height, x : x + extent.width], np.uint8)


def tinted(image: Image, mask: Mask, colour: tuple[int, int, int], opacity: float) -> Image:
    """A copy of `image` ``(H, W, 3)`` under the tint of its `mask` ``(H, W)``: `colour` at `opacity` 0…1 where 255."""
    weight = (mask.astype(np.float32) * (opacity / 255))[..., np.newaxis]
    return np.asarray(np.rint(image * (1 - weight) + np.asarray(colour, np.float32) * weight), np.uint8)
