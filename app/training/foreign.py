"""Coarse results that did not come from the coarse network, so that the refinements learn to work on top of others."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from app.imaging.arrays import Hole, Image
from app.imaging.pull_push import spread
from app.inference.coarse import Diffusion

_OFFSETS: Final = 24
_RADIUS: Final = 4.0


def foreign_coarse(rng: np.random.Generator, image: Image, hole: Hole) -> Image:
    """`image` with its hole filled by diffusion or by a copy from elsewhere in it: half and half.

    The copy stands for the exemplar methods (PatchMatch and its kin), which are too slow to run while training: sharp,
    right in texture, wrong in place.
    """
    return _copied(rng, image, hole) if rng.random() < 0.5 else _diffused(rng, image, hole)


def _diffused(rng: np.random.Generator, image: Image, hole: Hole) -> Image:
    method = cv2.INPAINT_TELEA if rng.random() < 0.5 else cv2.INPAINT_NS
    return Diffusion(method, _RADIUS).fill(image, hole)


def _copied(rng: np.random.Generator, image: Image, hole: Hole) -> Image:
    """The best of a few random shifts of the picture, its colour brought to that of the ring."""
    ring = (cv2.dilate(hole.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0) & ~hole
    if not ring.any():
        return image
    # what lies in the hole is not known: a smooth fill takes its place before anything is copied
    known = np.clip(spread(image.astype(np.float32), (~hole).astype(np.float32)), 0, 255)
    shifts = [
        tuple(int(v) for v in rng.integers(hole.shape[0] // 8, hole.shape[0] * 7 // 8, 2)) for _ in range(_OFFSETS)
    ]
    shifted = [np.roll(known, shift, axis=(0, 1)) for shift in shifts]
    best = min(shifted, key=lambda candidate: float(np.abs(candidate[ring] - known[ring]).mean()))
    correction = spread((known - best).astype(np.float32), ring.astype(np.float32))
    filled = np.clip(np.rint(best + correction), 0, 255).astype(np.uint8)
    return np.where(hole[..., None], filled, image)
