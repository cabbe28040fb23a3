"""What goes on round a hole, slowly: its surroundings' low frequencies, continued into it as a smooth surface."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Hole
from app.imaging.local_mean import local_mean
from app.imaging.pull_push import spread

Floats = npt.NDArray[np.float32]

_BEYOND = 0.25
"""Share of the ring's range of colours by which the surface may leave it."""
_LEAST = 12
"""Fewer pixels do not tell a surface."""


@dataclass(frozen=True)
class Surroundings:
    """The continuation of a hole's ring."""

    surface: Floats
    """``(H, W, 3)`` in grey levels: meant for the hole and its ring."""
    unevenness: float
    """Root mean square, in grey levels, by which the ring's slow colours differ from a simple curved surface."""
    roughness: float
    """Root mean square, in grey levels, of what is faster than these: the ring's texture and noise."""


def surroundings_of(
    levels: Floats, hole: Hole, ring: int, sigma: float, unknown: Hole | None = None
) -> Surroundings | None:
    """The slow colours (Gaussian of `sigma` pixels) of the `ring` pixels round `hole` ``(H, W)``, continued into it.

    `levels` is ``(H, W, 3)`` in grey levels; what it holds in the hole, and in `unknown` besides, does not matter. A
    surface of second degree is fitted to the ring by least squares; what is left is spread smoothly. The surface goes
    little beyond the ring's own colours. None where no ring is left.
    """
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * ring + 1, 2 * ring + 1))
    near = cv2.dilate(hole.astype(np.uint8), kernel) > 0
    around = np.asarray(near & ~(hole if unknown is None else hole | unknown), bool)
    if np.count_nonzero(around) < _LEAST:
        return None
    curve = _curve(levels, around)
    fast = levels - curve
    rest = local_mean(fast, around, sigma)
    unevenness, roughness = (float(np.sqrt(np.mean(np.square(each[around])))) for each in (rest, fast - rest))
    surface = curve + spread(rest, around.astype(np.float32))
    slow = (curve + rest)[around]
    lowest, highest = slow.min(axis=0), slow.max(axis=0)
    margin = (highest - lowest) * np.float32(_BEYOND) + np.float32(1)
    return Surroundings(np.clip(surface, lowest - margin, highest + margin), unevenness, roughness)


def _curve(levels: Floats, area: Hole) -> Floats:
    """The surface of second degree, ``(H, W, 3)``, nearest to `levels` in `area` by least squares.

    In a ring the square of the distance hardly varies: a little weight on every term but the constant keeps the
    surface from bulging, and flat where the ring lies on one side only.
    """
    terms = _terms(*area.shape)
    known, mean = terms[area].astype(np.float64), levels[area].mean(axis=0)
    weights = np.array([0, 1, 1, 1, 1, 1]) * 1e-4 * len(known)
    fit = np.linalg.solve(known.T @ known + np.diag(weights), known.T @ (levels[area] - mean).astype(np.float64))
    return np.asarray(mean + terms @ fit.astype(np.float32), np.float32)


def _terms(height: int, width: int) -> Floats:
    """``(H, W, 6)``: 1, x, y, x², xy, y², with x and y in -1…1."""
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).astype(np.float32)
