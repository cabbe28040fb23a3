"""Seeded random holes: one family for evaluation, a wider one for training."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

import numpy as np

from app.imaging.arrays import Mask
from app.imaging.geometry import Extent
from app.imaging.mask_shapes import (
    draw_blob,
    draw_box,
    draw_painted,
    draw_scratch,
    draw_silhouette,
    draw_strokes,
)

AREA_BINS: Final = ((0.01, 0.1), (0.1, 0.2), (0.2, 0.3), (0.3, 0.4), (0.4, 0.5), (0.5, 0.6))
"""Shares of the image's area: the six bins in which inpainting results are reported."""

Draw = Callable[[np.random.Generator, Mask, float], None]

_ATTEMPTS: Final = 200
_FULL_ENOUGH: Final = 0.85
"""A mask of one kind is done at this share of the area aimed at: the last shapes would be crumbs."""


class MaskKind(Enum):
    """What a training mask is made of."""

    MIXED = "mixed"
    """Exactly what evaluation draws: see `random_mask`."""
    PAINTED = "painted"
    STROKES = "strokes"
    BOXES = "boxes"
    BLOBS = "blobs"
    SILHOUETTES = "silhouettes"
    SCRATCHES = "scratches"
    """Thin lines alone: they suit the smallest bin only."""


KIND_SHARES: Final = {
    MaskKind.MIXED: 0.35,
    MaskKind.PAINTED: 0.3,
    MaskKind.STROKES: 0.05,
    MaskKind.BOXES: 0.08,
    MaskKind.BLOBS: 0.07,
    MaskKind.SILHOUETTES: 0.15,
}
"""Shares of the kinds among training masks, whatever the bin; in the smallest bin `SCRATCH_SHARE` goes ahead."""

SCRATCH_SHARE: Final = 0.25
"""Scratches among the masks of the smallest bin: one mask in 24 over all six."""

_SHAPES: Final[dict[MaskKind, Draw]] = {
    MaskKind.PAINTED: draw_painted,
    MaskKind.STROKES: draw_strokes,
    MaskKind.BOXES: draw_box,
    MaskKind.BLOBS: draw_blob,
    MaskKind.SILHOUETTES: draw_silhouette,
    MaskKind.SCRATCHES: draw_scratch,
}

_MIXED: Final[tuple[Draw, ...]] = (draw_strokes, draw_strokes, draw_box, draw_blob, draw_silhouette)


def random_mask(rng: np.random.Generator, extent: Extent, area: tuple[float, float]) -> Mask:
    """An ``(H, W)`` mask whose hole covers a share of the image inside `area` (low, high): the evaluation's family.

    Equal generators give equal masks. Shapes are drawn, each sized by what is still missing, until the share is
    reached; a shape that would pass the upper end is taken back and drawn smaller.
    """
    low, high = area
    mask = np.zeros((extent.height, extent.width), np.uint8)
    kinds = _MIXED if high > 0.05 else _MIXED + (draw_scratch,) * 3
    favourite = kinds[rng.integers(len(kinds))]
    shrink = 1.0
    for _ in range(_ATTEMPTS):
        share = _share(mask)
        if share >= low:
            break
        missing = (rng.uniform(low, high) - share) if share == 0 else (high + low) / 2 - share
        kind = favourite if rng.random() < 0.7 else kinds[rng.integers(len(kinds))]
        trial = mask.copy()
        kind(rng, trial, max(missing, 0.002) * shrink)
        if _share(trial) <= high:
            mask = trial
        else:
            shrink *= 0.8
    return mask


def training_mask(rng: np.random.Generator, extent: Extent, area: tuple[float, float]) -> Mask:
    """An ``(H, W)`` mask with a hole inside `area`, of a kind drawn by `KIND_SHARES` and `SCRATCH_SHARE`."""
    if area[1] <= AREA_BINS[0][1] and rng.random() < SCRATCH_SHARE:
        return mask_of_kind(rng, extent, area, MaskKind.SCRATCHES)
    place = rng.random()
    for kind, share in KIND_SHARES.items():
        place -= share
        if place < 0:
            return mask_of_kind(rng, extent, area, kind)
    return random_mask(rng, extent, area)


def mask_of_kind(rng: np.random.Generator, extent: Extent, area: tuple[float, float], kind: MaskKind) -> Mask:
    """An ``(H, W)`` mask with a hole inside `area` (low, high), made of shapes of one kind.

    The area aimed at is uniform in `area`; shapes that would pass its upper end are taken back and drawn smaller.
    """
    if kind is MaskKind.MIXED:
        return random_mask(rng, extent, area)
    low, high = area
    mask = np.zeros((extent.height, extent.width), np.uint8)
    aim, shrink = rng.uniform(low, high), 1.0
    for _ in range(_ATTEMPTS):
        share = _share(mask)
        if share >= max(low, aim * _FULL_ENOUGH):
            break
        trial = mask.copy()
        _SHAPES[kind](rng, trial, max(aim - share, 0.002) * shrink)
        if _share(trial) <= high:
            mask = trial
        else:
            shrink *= 0.8
    return mask


def _share(mask: Mask) -> float:
    return float(np.count_nonzero(mask)) / mask.size
