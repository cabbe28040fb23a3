"""What an image and a mask are, and checks whose messages say what came instead."""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt

from app.errors import LacunaError
from app.imaging.geometry import Extent
from app.words import Words

Image = npt.NDArray[np.uint8]
"""RGB, ``(H, W, 3)``, uint8, 0…255: what networks and screens take."""

DeepImage = npt.NDArray[np.uint8 | np.uint16]
"""RGB, ``(H, W, 3)``, in a photograph's own depth: uint8, 0…255, or uint16, 0…65535. Every `Image` is one."""

Mask = npt.NDArray[np.uint8]
"""``(H, W)``, uint8: 255 = fill, 0 = keep; values between are a soft brush's edge (> 127 counts as hole)."""

Picture = npt.NDArray[np.uint8 | np.float32]
"""RGB, ``(H, W, 3)``: an `Image`, or float32 grey levels 0…255 where 8 bits would show steps."""

DeepMask = npt.NDArray[np.uint8 | np.uint16]
"""``(H, W)`` in a photograph's own depth: its transparency, 0 = transparent."""

Hole = npt.NDArray[np.bool_]
"""``(H, W)`` bool: a mask decided, True = fill."""

HOLE = 255
KEEP = 0
THRESHOLD = 127
"""Mask values above this one are hole."""


def extent_of(array: npt.NDArray[np.generic]) -> Extent:
    """Width and height of an image or mask array."""
    return Extent(array.shape[1], array.shape[0])


def check_image(image: npt.NDArray[np.generic]) -> Image:
    """Return `image` where it is ``(H, W, 3)`` uint8; otherwise raise `ValueError` saying what it is."""
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or 0 in image.shape:
        raise ValueError(f"an image is (H, W, 3) uint8, this is {image.shape} {image.dtype}")
    return cast(Image, image)


def check_deep_image(image: npt.NDArray[np.generic]) -> DeepImage:
    """Return `image` where it is ``(H, W, 3)`` uint8 or uint16; otherwise raise `ValueError` saying what it is."""
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype not in (np.uint8, np.uint16) or 0 in image.shape:
        raise ValueError(f"a photograph is (H, W, 3) uint8 or uint16, this is {image.shape} {image.dtype}")
    return cast(DeepImage, image)


def check_mask(mask: npt.NDArray[np.generic]) -> Mask:
    """Return `mask` where it is ``(H, W)`` uint8; otherwise raise `ValueError` saying what it is."""
    if mask.ndim != 2 or mask.dtype != np.uint8 or 0 in mask.shape:
        raise ValueError(f"a mask is (H, W) uint8, this is {mask.shape} {mask.dtype}")
    return cast(Mask, mask)


def check_same_extent(image: DeepImage, mask: Mask) -> None:
    """Raise `LacunaError` with both sizes where image and mask differ in size."""
    if image.shape[:2] != mask.shape:
        have, want = extent_of(mask), extent_of(image)
        raise LacunaError(
            Words(
                "the mask is {width}×{height} pixels, the image {want_width}×{want_height}: use a mask of"
                " the image's size",
                width=have.width,
                height=have.height,
                want_width=want.width,
                want_height=want.height,
            )
        )


def hole_of(mask: Mask) -> Hole:
    """The pixels to fill, ``(H, W)`` bool."""
    return mask > THRESHOLD
