"""A hole filled patch by patch from its edge inwards, those that go on a line first.

Criminisi, Pérez and Toyama, "Region filling and object removal by exemplar-based image inpainting", IEEE Transactions
on Image Processing 13 (2004), 1200–1212. Of the patches on the front of the filling the one with the greatest priority
comes first: its confidence, the share of it that is known or how surely it was filled, times its data term, how
strongly an isophote runs into the front. The known patch most like what is known of it, by the summed squared
difference in CIE Lab, gives it the rest; what was filled gets the patch's confidence. 9×9 pixels a patch, as in the
paper.

What the paper leaves open: the front's normal is the direction to the mean of the known pixels within 2 pixels, and a
small constant is added to the data term, so that confidence decides where nothing runs into the front. Known patches
are looked for in a square round the filled one, the largest for which `_MOST_LOOKS` are enough for the whole hole, and
never less than `LEAST_REACH` pixels each way: 240 pixels in a picture of 512 × 512 of which a tenth is hole.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from app.imaging import criminisi_kernels as kernels
from app.imaging.arrays import Hole, Image
from app.imaging.correspondence import Check, Completion, framed_by, own_places, sources_of

RADIUS = 4
"""Of the patches: 9×9 pixels."""
LEAST_SOURCES = 50
"""With fewer known patches there is nothing to choose from."""
LEAST_REACH = 64
_MOST_LOOKS = 250_000_000
"""Known patches that are looked at for a hole, about: some seconds on one core."""
_A_PATCH_FILLS = 24
"""Pixels, about."""
_LOOKS_AT_A_TIME = 4_000_000
"""Between two checks."""


def can_fill(hole: Hole) -> bool:
    """True where enough is known round `hole` ``(H, W)``, with all else that can't be copied, to copy from."""
    return bool(np.count_nonzero(sources_of(hole, RADIUS)) >= LEAST_SOURCES)


def completed(image: Image, hole: Hole, check: Check = lambda: None, avoided: Hole | None = None) -> Completion:
    """Fill `hole` ``(H, W)`` of `image` ``(H, W, 3)`` uint8 with known pixels, but for those `avoided` ``(H, W)``.

    What `image` holds in the hole does not matter; equal arguments give equal results. `check` is called every few
    tenths of a second and may raise to stop. ValueError unless what is neither hole nor avoided `can_fill` it.
    """
    sources = sources_of(hole if avoided is None else hole | avoided, RADIUS)
    if np.count_nonzero(sources) < LEAST_SOURCES:
        raise ValueError("too little is known round the hole to copy from")
    emptied = np.where(hole[..., None], np.uint8(0), image)
    colours = np.asarray(cv2.cvtColor(emptied.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)
    seen, known = framed_by(colours, RADIUS), (~hole).astype(np.uint8)
    confidence, matches = known.astype(np.float64), own_places(*hole.shape)
    priority, row_best = np.full(hole.shape, -1.0), np.full(hole.shape[0], -1.0)
    kernels.refresh(seen, known, confidence, priority, row_best, 0, hole.shape[0], 0, hole.shape[1], RADIUS)
    reach = reach_of(hole)
    while True:
        check()
        if not kernels.advance(
            seen, known, sources, confidence, priority, row_best, matches, RADIUS, reach, _LOOKS_AT_A_TIME
        ):
            break
    picture = image[matches[..., 0], matches[..., 1]]
    return Completion(picture, matches)


def reach_of(hole: Hole) -> int:
    """How far from a patch, in pixels each way, its like is looked for."""
    patches = max(1.0, int(np.count_nonzero(hole)) / _A_PATCH_FILLS)
    longest: int = max(hole.shape)
    return max(LEAST_REACH, min(longest, math.isqrt(int(_MOST_LOOKS / patches)) // 2))
