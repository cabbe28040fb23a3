"""Pixels in the order in which screens take them."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Image


def write_blue_first(image: Image, target: npt.NDArray[np.uint8]) -> None:
    """Write RGB `image` ``(H, W, 3)`` into `target` ``(H, W, 4)`` as blue, green, red, 255; twice as fast as numpy."""
    cv2.cvtColor(image, cv2.COLOR_RGB2BGRA, dst=target)
