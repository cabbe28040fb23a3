"""The shapes that generated holes are made of.

Each function draws one shape, of about the share `area` of the mask, into an ``(H, W)`` uint8 mask; parts beyond the
frame are lost.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import HOLE, Mask


def _side(mask: Mask, area: float) -> float:
    """The side of a square that covers the share `area`, in pixels."""
    return float(np.sqrt(area * mask.size))


def _anywhere(rng: np.random.Generator, mask: Mask) -> tuple[float, float]:
    return float(rng.uniform(0, mask.shape[1])), float(rng.uniform(0, mask.shape[0]))


def draw_strokes(rng: np.random.Generator, mask: Mask, area: float) -> None:
    """A brush walk of a few straight segments with sharp bends."""
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


def draw_box(rng: np.random.Generator, mask: Mask, area: float) -> None:
    """An upright rectangle, up to five times as long as it is wide."""
    side, aspect = _side(mask, area), float(np.exp(rng.uniform(-0.8, 0.8)))
    width, height = side * aspect, side / aspect
    x, y = _anywhere(rng, mask)
    corner = (int(x - width / 2), int(y - height / 2))
    cv2.rectangle(mask, corner, (int(x + width / 2), int(y + height / 2)), HOLE, -1)


def draw_blob(rng: np.random.Generator, mask: Mask, area: float) -> None:
    """The highest part of a smooth random field: soft organic outlines, often several pieces."""
    grid = int(rng.integers(3, 9))
    field = cv2.resize(
        rng.standard_normal((grid, grid)).astype(np.float32), mask.shape[::-1], interpolation=cv2.INTER_CUBIC
    )
    mask[field >= np.quantile(field, 1 - min(area, 0.99))] = HOLE


def draw_silhouette(rng: np.random.Generator, mask: Mask, area: float) -> None:
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


def draw_scratch(rng: np.random.Generator, mask: Mask, area: float) -> None:
    """A long thin line with a slight bend, one to a few pixels wide."""
    width = int(rng.integers(1, max(mask.shape[0] // 80, 2) + 1))
    length = min(area * mask.size / width, max(mask.shape))
    x, y = _anywhere(rng, mask)
    angle, bend = rng.uniform(0, 2 * np.pi), rng.normal(0, 0.3)
    steps = np.linspace(-0.5, 0.5, 12)
    turned = angle + bend * steps
    points = np.stack([x + length * steps * np.cos(turned), y + length * steps * np.sin(turned)], axis=1)
    cv2.polylines(mask, [points.astype(np.int32)], False, HOLE, width)


def draw_painted(rng: np.random.Generator, mask: Mask, area: float) -> None:
    """What a hand paints over something: one round-ended stroke that curves, and turns back on itself now and then."""
    side = _side(mask, area)
    width = max(side * rng.uniform(0.12, 0.5), 3.0)
    step = width / 2
    count = int(np.clip(side * side / (width * step), 4, 200))
    turns = _smooth_noise(rng, count) * rng.uniform(0.1, 0.7)
    headings = rng.uniform(0, 2 * np.pi) + np.cumsum(turns)
    ways = np.cumsum(np.stack([np.cos(headings), np.sin(headings)], axis=1), axis=0)
    path = np.rint(np.array(_anywhere(rng, mask)) + step * ways).astype(int).tolist()
    widths = np.rint(width * (1 + 0.25 * _smooth_noise(rng, count))).astype(int).tolist()
    for begin, end, thickness in zip(path, path[1:], widths, strict=False):
        cv2.line(mask, begin, end, HOLE, max(thickness, 2))


def _smooth_noise(rng: np.random.Generator, count: int) -> npt.NDArray[np.float64]:
    """`count` values of spread 1, within -2…2, that change little from one to the next."""
    knots = rng.standard_normal(count // 2 + 3)
    return np.clip(np.interp(np.linspace(0, len(knots) - 1, count), np.arange(len(knots)), knots), -2, 2)
