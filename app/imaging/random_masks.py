"""Seeded random holes for training and evaluation: brush strokes, boxes, blobs, silhouettes, thin scratches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from app.imaging.arrays import HOLE, Mask
from app.imaging.geometry import Extent

AREA_BINS: Final = ((0.01, 0.1), (0.1, 0.2), (0.2, 0.3), (0.3, 0.4), (0.4, 0.5), (0.5, 0.6))
"""Shares of the image's area: the six bins in which inpainting results are reported."""

_ATTEMPTS: Final = 200


def random_mask(rng: np.random.Generator, extent: Extent, area: tuple[float, float]) -> Mask:
    """An ``(H, W)`` mask whose hole covers a share of the image inside `area` (low, high).

    Equal generators give equal masks. Shapes are drawn, each sized by what is still missing, until the share is
    reached; a shape that would pass the upper end is taken back and drawn smaller.
    """
    low, high = area
    mask = np.zeros((extent.height, extent.width), np.uint8)
    kinds = _KINDS if high > 0.05 else _KINDS + (_draw_scratch,) * 3
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


def _share(mask: Mask) -> float:
    return float(np.count_nonzero(mask)) / mask.size


def _side(mask: Mask, area: float) -> float:
    """The side of a square that covers the share `area`, in pixels."""
    return float(np.sqrt(area * mask.size))


def _anywhere(rng: np.random.Generator, mask: Mask) -> tuple[float, float]:
    return float(rng.uniform(0, mask.shape[1])), float(rng.uniform(0, mask.shape[0]))


def _draw_strokes(rng: np.random.Generator, mask: Mask, area: float) -> None:
    """A brush walk of a few bent segments."""
    side = _side(mask, area)
    segments = int(rng.integers(3, 9))
    width = max(int(side * rng.uniform(0.15, 0.45)), 2)
    length = side * side / (width * segments)
    x, y = _anywhere(rng, mask)
    angle = rng.uniform(0, 2 * np.pi)
    for _ in range(segments):
        angle += rng.normal(0, 0.9)
        reach = length * rng.uniform(0.6, 1.4)
        end_x = float(np.clip(x + reach * np.cos(angle), 0, mask.shape[1]))
        end_y = float(np.clip(y + reach * np.sin(angle), 0, mask.shape[0]))
        cv2.line(mask, (int(x), int(y)), (int(end_x), int(end_y)), HOLE, width)
        cv2.circle(mask, (int(end_x), int(end_y)), width // 2, HOLE, -1)
        x, y = end_x, end_y


def _draw_box(rng: np.random.Generator, mask: Mask, area: float) -> None:
    side, aspect = _side(mask, area), float(np.exp(rng.uniform(-0.8, 0.8)))
    width, height = side * aspect, side / aspect
    x, y = _anywhere(rng, mask)
    corner = (int(x - width / 2), int(y - height / 2))
    cv2.rectangle(mask, corner, (int(x + width / 2), int(y + height / 2)), HOLE, -1)


def _draw_blob(rng: np.random.Generator, mask: Mask, area: float) -> None:
    """The highest part of a smooth random field: soft organic outlines, often several pieces."""
    grid = int(rng.integers(3, 9))
    field = cv2.resize(
        rng.standard_normal((grid, grid)).astype(np.float32), mask.shape[::-1], interpolation=cv2.INTER_CUBIC
    )
    mask[field >= np.quantile(field, 1 - min(area, 0.99))] = HOLE


def _draw_silhouette(rng: np.random.Generator, mask: Mask, area: float) -> None:
    """An upright figure of two or three bulging lobes, like a person, a tree or a sign on its post."""
    radius = _side(mask, area) / 1.6
    x, y = _anywhere(rng, mask)
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    for lobe in range(int(rng.integers(1, 4))):
        waves = sum(rng.normal(0, 0.22 / k) * np.cos(k * angles + rng.uniform(0, 6.3)) for k in range(2, 7))
        bulge = radius * (0.55 ** (lobe > 0)) * (1 + waves)
        centre_y = y - lobe * radius * rng.uniform(0.8, 1.2)
        outline = np.stack([x + bulge * 0.7 * np.cos(angles), centre_y + bulge * 1.1 * np.sin(angles)], axis=1)
        cv2.fillPoly(mask, [outline.astype(np.int32)], HOLE)


def _draw_scratch(rng: np.random.Generator, mask: Mask, area: float) -> None:
    """A long thin line with a slight bend, one to a few pixels wide."""
    width = int(rng.integers(1, max(mask.shape[0] // 80, 2) + 1))
    length = min(area * mask.size / width, max(mask.shape))
    x, y = _anywhere(rng, mask)
    angle, bend = rng.uniform(0, 2 * np.pi), rng.normal(0, 0.3)
    steps = np.linspace(-0.5, 0.5, 12)
    turned = angle + bend * steps
    points = np.stack([x + length * steps * np.cos(turned), y + length * steps * np.sin(turned)], axis=1)
    cv2.polylines(mask, [points.astype(np.int32)], False, HOLE, width)


_KINDS: Final[tuple[Callable[[np.random.Generator, Mask, float], None], ...]] = (
    _draw_strokes,
    _draw_strokes,
    _draw_box,
    _draw_blob,
    _draw_silhouette,
)
