"""Large photographs for measuring: the sample enlarged, with grain, so that files and matches are lifelike."""

from __future__ import annotations

import cv2
import numpy as np

from app.errors import LacunaError
from app.imaging.arrays import HOLE, Image, Mask, extent_of
from app.imaging.depth import narrowed
from app.imaging.files import read_mask, read_photo
from app.imaging.masks import hardened
from app.paths import resource


def large_photograph(width: int, height: int) -> tuple[Image, Mask]:
    """``(height, width, 3)`` and a mask ``(height, width)`` of which about a hundredth is hole; always the same."""
    sample, mask = _sample()
    size = (width, height)
    image = np.asarray(cv2.resize(sample, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    hole = hardened(np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR), np.uint8))
    return grained(image), hole


def sample_photograph() -> Image:
    """The sample as it is, ``(H, W, 3)``."""
    return _sample()[0]


def grained(image: Image, seed: int = 0) -> Image:
    """A copy of `image` ``(H, W, 3)`` with the grain of a sensor, so that its file is as large as a camera's."""
    grain = np.random.default_rng(seed).integers(-6, 7, (*image.shape[:2], 1), dtype=np.int8)
    return np.asarray(cv2.add(image, np.repeat(grain, 3, axis=2).astype(np.int16), dtype=cv2.CV_8U), np.uint8)


def _sample() -> tuple[Image, Mask]:
    try:
        sample = narrowed(read_photo(resource("sample.jpg")).pixels)
        return sample, read_mask(resource("sample_mask.png"), extent_of(sample))
    except (LacunaError, OSError):
        return _drawn()


def _drawn() -> tuple[Image, Mask]:
    """Stands in where the sample is missing."""
    rng = np.random.default_rng(1)
    coarse = rng.integers(30, 220, (40, 60, 3), dtype=np.uint8)
    image = np.asarray(cv2.resize(coarse, (1200, 800), interpolation=cv2.INTER_CUBIC), np.uint8)
    mask = np.zeros((800, 1200), np.uint8)
    cv2.ellipse(mask, (600, 400), (50, 75), 0, 0, 360, HOLE, -1)
    return image, mask
