"""What every sampler draws alike: random streams, square crops, colour gains, holes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import cv2
import numpy as np

from app.imaging.arrays import Image, Mask
from app.imaging.geometry import Extent
from app.imaging.random_masks import AREA_BINS, training_mask

CHANNEL_GAIN = (0.85, 1.15)
"""Each colour channel of a crop is multiplied by a number drawn from here …"""
BRIGHTNESS_GAIN = (0.9, 1.1)
"""… and all three by one from here."""


@dataclass(frozen=True, slots=True)
class Draws:
    """What a sampler's random draws depend on, besides step, count and size."""

    seed: int
    rank: int = 0
    """Number of the process among those that train together: each draws a stream of its own."""
    largest_area: float = 0.6
    """Holes cover up to this share of a crop."""
    foreign_share: float = 0.0
    """Share of the samples whose refinement starts from another coarse inpainter's result."""


class Stream(IntEnum):
    """Purposes that draw from streams of their own, so that none disturbs another."""

    BATCHES = 0
    PATCHMATCH = 1
    MASKS = 2
    QUICK = 3


def seeds(seed: int, number: int, rank: int, stream: Stream) -> np.random.SeedSequence:
    """The start of the stream for item or step `number` of process `rank`; no two of them overlap."""
    return np.random.SeedSequence((seed, number, rank, stream))


def generator(seed: int, number: int, rank: int, stream: Stream) -> np.random.Generator:
    """The generator that `seeds` starts."""
    return np.random.default_rng(seeds(seed, number, rank, stream))


def area_bins(largest_area: float) -> list[tuple[float, float]]:
    """The area bins up to `largest_area`; a single bin where it is smaller than the first one's end."""
    return [area for area in AREA_BINS if area[1] <= largest_area + 1e-6] or [(0.01, largest_area)]


def random_hole(rng: np.random.Generator, size: int, largest_area: float) -> Mask:
    """A training mask ``(size, size)``, its area bin drawn evenly."""
    bins = area_bins(largest_area)
    return training_mask(rng, Extent(size, size), bins[rng.integers(len(bins))])


def random_crop(rng: np.random.Generator, photographs: Sequence[Image], size: int) -> Image:
    """A square of any place and scale from one of the photographs, ``(size, size, 3)``, area-averaged."""
    photograph = photographs[int(rng.integers(len(photographs)))]
    height, width = photograph.shape[:2]
    side = int(rng.integers(min(size, height, width), min(height, width) + 1))
    y, x = int(rng.integers(height - side + 1)), int(rng.integers(width - side + 1))
    crop = photograph[y : y + side, x : x + side]
    while len(crop) >= 2 * size:
        crop = halved(crop)
    return np.asarray(cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def halved(image: Image) -> Image:
    """Means of 2×2 pixels, by far the quickest way down; an odd last line is left out, so coordinates halve exactly."""
    height, width = image.shape[0] // 2, image.shape[1] // 2
    even = image[: 2 * height, : 2 * width]
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def random_gains(rng: np.random.Generator) -> Image:
    """Colour jitter as a table ``(1, 256, 3)`` uint8 for `cv2.LUT`."""
    gains = rng.uniform(*CHANNEL_GAIN, 3) * rng.uniform(*BRIGHTNESS_GAIN)
    values = np.rint(np.arange(256)[None, :, None] * gains)
    return np.clip(values, 0, 255).astype(np.uint8)
