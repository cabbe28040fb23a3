"""Coarse results that did not come from the coarse network, so that the refinements learn to work on top of others."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Hole, Image
from app.imaging.pull_push import spread
from app.inference.coarse import Diffusion


class Foreign(Enum):
    """The coarse inpainters whose results the refinements are trained on besides the network's own."""

    TELEA = "telea"
    NAVIER_STOKES = "ns"
    BLUR = "blur"
    """A smooth surface, blurred further and with noise on it."""
    COPY = "copy"
    """The best of a few shifts of the picture: sharp, right in texture, wrong in place. Quick enough for every step."""
    PATCHMATCH = "patchmatch"
    """Real PatchMatch. Far too slow to run while training, so it comes from a pool made before (`foreign_pool`)."""


FOREIGN_SHARES: Final[Mapping[Foreign, float]] = MappingProxyType(
    {
        Foreign.TELEA: 0.2,
        Foreign.NAVIER_STOKES: 0.2,
        Foreign.BLUR: 0.1,
        Foreign.COPY: 0.2,
        Foreign.PATCHMATCH: 0.3,
    }
)
"""What the foreign samples are made of. Without a pool PatchMatch's share goes to the copies."""

_SHIFTS: Final = 24
_MOST_RING_POINTS: Final = 512
_LARGEST_BLUR: Final = 0.08
"""Standard deviation of the blur's Gaussian as a share of the side."""
_MOST_NOISE: Final = 12.0


def draw_foreign(rng: np.random.Generator) -> Foreign:
    """A kind, by `FOREIGN_SHARES`."""
    place = rng.random()
    for kind, share in FOREIGN_SHARES.items():
        place -= share
        if place < 0:
            return kind
    return Foreign.COPY


def foreign_coarse(rng: np.random.Generator, image: Image, hole: Hole, kind: Foreign | None = None) -> Image:
    """`image` ``(H, W, 3)`` with its hole ``(H, W)`` filled the way of `kind` (None: drawn by `FOREIGN_SHARES`).

    What lies in the hole is never looked at, the known pixels stay as they are. PatchMatch is stood for by a copy.
    """
    match kind or draw_foreign(rng):
        case Foreign.TELEA:
            return Diffusion(cv2.INPAINT_TELEA).fill(image, hole).picture
        case Foreign.NAVIER_STOKES:
            return Diffusion(cv2.INPAINT_NS).fill(image, hole).picture
        case Foreign.BLUR:
            return _blurred(rng, image, hole)
        case Foreign.COPY | Foreign.PATCHMATCH:
            return _copied(rng, image, hole)


def _blurred(rng: np.random.Generator, image: Image, hole: Hole) -> Image:
    smooth = spread(image.astype(np.float32), (~hole).astype(np.float32))
    sigma = rng.uniform(0.002, _LARGEST_BLUR) * hole.shape[0]
    smooth = np.asarray(cv2.GaussianBlur(smooth, (0, 0), sigma), np.float32)
    noise = rng.standard_normal(smooth.shape, np.float32) * np.float32(rng.uniform(0, _MOST_NOISE))
    return _laid(smooth + noise, image, hole)


def _copied(rng: np.random.Generator, image: Image, hole: Hole) -> Image:
    """The best of a few random shifts of the picture, its colour brought to that of the ring."""
    ring = (cv2.dilate(hole.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0) & ~hole
    if not ring.any():
        return image
    # what lies in the hole is not known: a smooth fill takes its place before anything is copied
    known = np.clip(spread(image.astype(np.float32), (~hole).astype(np.float32)), 0, 255)
    height, width = hole.shape
    shifts = np.stack([rng.integers(side // 8, side * 7 // 8, _SHIFTS) for side in (height, width)])
    rows, columns = np.nonzero(ring)
    thinned = slice(None, None, -(-len(rows) // _MOST_RING_POINTS))
    rows, columns = rows[thinned], columns[thinned]
    moved = known[(rows - shifts[0][:, None]) % height, (columns - shifts[1][:, None]) % width]
    best = int(np.abs(moved - known[rows, columns]).mean(axis=(1, 2)).argmin())
    copy = np.roll(known, tuple(shifts[:, best].tolist()), axis=(0, 1))
    return _laid(copy + spread(known - copy, ring.astype(np.float32)), image, hole)


def _laid(filled: npt.NDArray[np.float32], image: Image, hole: Hole) -> Image:
    return np.where(hole[..., None], np.clip(np.rint(filled), 0, 255).astype(np.uint8), image)
