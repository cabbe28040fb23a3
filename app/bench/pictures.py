"""Large photographs for measuring: the sample enlarged, with grain, so that files and matches are lifelike."""

from __future__ import annotations

import cv2
import numpy as np

from app.errors import LacunaError
from app.imaging.arrays import HOLE, Image, Mask, extent_of
from app.imaging.files import read_mask, read_photo
from app.imaging.masks import hardened
from app.paths import resource


def large_photograph(width: int, height: int) -> tuple[Image, Mask]:
    """``(height, width, 3)`` and a mask ``(height, width)`` of which about a hundredth is hole; always the same."""
    try:
        sample = read_photo(resource("sample.jpg")).pixels
        mask = read_mask(resource("sample_mask.png"), extent_of(sample))
    except (LacunaError, OSError):
        sample, mask = _drawn()
    size = (width, height)
    image = cv2.resize(sample, size, interpolation=cv2.INTER_CUBIC)
    grain = np.random.default_rng(0).integers(-6, 7, (height, width, 1), dtype=np.int8)
    grained = cv2.add(image, np.repeat(grain, 3, axis=2).astype(np.int16), dtype=cv2.CV_8U)
    hole = hardened(np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR), np.uint8))
    return np.asarray(grained, np.uint8), hole


def _drawn() -> tuple[Image, Mask]:
    """Stands in where the sample is missing."""
    rng = np.random.default_rng(1)
    coarse = rng.integers(30, 220, (40, 60, 3), dtype=np.uint8)
    image = np.asarray(cv2.resize(coarse, (1200, 800), interpolation=cv2.INTER_CUBIC), np.uint8)
    mask = np.zeros((800, 1200), np.uint8)
    cv2.ellipse(mask, (600, 400), (50, 75), 0, 0, 360, HOLE, -1)
    return image, mask
