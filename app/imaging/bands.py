"""Splitting a photograph into what a small version of it can say (the low band) and the rest (the high band)."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import DeepImage, Picture
from app.imaging.correspondence import Field, Flags, Floats
from app.imaging.depth import is_deep, levels_of, smooth_levels
from app.imaging.local_mean import local_mean
from app.imaging.patch_kernels import add_share, compiled

Levels = npt.NDArray[np.int16]
"""An image in steps of 1/32 grey level: fine enough that a clear sky shows no steps, half the memory of float32."""

STEPS = 32
"""Steps of `Levels` to one grey level."""

_LUMA = np.array([[0.299, 0.587, 0.114]])
_QUIET = 0.5
"""Grey levels added before a logarithm: what is below is noise."""

_ENERGY_SIGMA = 1.5
_SIGMAS = (0.0, 0.5, 0.7, 0.85, 1.0, 1.2, 1.4, 1.7, 2.0, 2.5, 3.0)
_ALIKE = 1.15
"""Edges this much stronger still count as equally sharp."""


def blurred(image: Floats, sigma: float) -> Floats:
    """`image` under a Gaussian of `sigma` pixels; the image itself where that is 0."""
    return image if sigma <= 0 else np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.float32)


def enlarged_levels(image: Floats, height: int, width: int) -> Levels:
    """``(h, w, 3)`` grey levels 0…255, enlarged to ``(height, width, 3)`` by cubic interpolation."""
    levels = np.rint(image * STEPS).astype(np.int16)
    return np.asarray(cv2.resize(levels, (width, height), interpolation=cv2.INTER_CUBIC), np.int16)


def shrunk_view(photo: DeepImage, covered: Flags, guide: Picture) -> Floats:
    """`photo` at the guide's size, with the guide where `covered` ``(h, w)``; ``(h, w, 3)`` float32, 0…255.

    Beside a photograph of 16 bits the guide's gradients lose the steps of 8.
    """
    size = guide.shape[1], guide.shape[0]
    small = levels_of(np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), photo.dtype))
    if is_deep(photo):
        return smooth_levels(guide, covered, small)
    return np.where(covered[..., None], guide, small).astype(np.float32)


def covered_by(hole: Flags, height: int, width: int) -> Flags:
    """The pixels of a smaller version, ``(height, width)``, on which any pixel of the hole falls."""
    share = cv2.resize(hole.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(share > 0, bool)


def softness(view: Floats, field: Field, covered: Flags) -> float:
    """By how much the covered part of `view` is blurred against the places it is matched with: a sigma in pixels.

    It is the blur that makes those places' edges as weak as the covered part's; 0 where that is sharp already.
    """
    deep = cv2.erode(covered.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    area = deep if deep.any() else covered
    rows, columns = field[area].T
    allowed = float(_edges(view)[area].mean()) * _ALIKE
    for sigma in _SIGMAS:
        if float(_edges(blurred(view, sigma))[rows, columns].mean()) <= allowed:
            return sigma
    return _SIGMAS[-1]


def texture_energy(photo: DeepImage, low: Levels, known: Flags) -> Floats:
    """The natural logarithm of the high band's mean strength in grey levels, at the size of `known` ``(h, w)``.

    Only known pixels count; far from them the value means nothing.
    """
    luma = _luma_levels(photo)
    strength = cv2.absdiff(luma, cv2.transform(low, _LUMA))
    mean = cv2.resize(strength, (known.shape[1], known.shape[0]), interpolation=cv2.INTER_AREA) / STEPS
    return np.asarray(np.log(local_mean(np.asarray(mean, np.float32), known, _ENERGY_SIGMA) + _QUIET), np.float32)


def _luma_levels(photo: DeepImage) -> Levels:
    luma = np.asarray(cv2.transform(photo, _LUMA), photo.dtype)
    if is_deep(photo):
        return np.rint(levels_of(luma) * STEPS).astype(np.int16)
    return luma.astype(np.int16) * np.int16(STEPS)


def _edges(image: Floats) -> Floats:
    return np.asarray(np.abs(cv2.Laplacian(image, cv2.CV_32F)).mean(axis=2), np.float32)


@compiled
def transfer(
    result: Any,
    hole: Any,
    low: Any,
    source_low: Any,
    field: Any,
    gain: Any,
    unit: int,
    top: int,
    left: int,
    bottom: int,
    right: int,
) -> None:
    """Write ``low + gain * (photo - source_low)[match]`` into the hole's pixels of `result` (the photograph).

    `result` ``(H, W, 3)`` uint8 or uint16, `unit` of whose steps make a grey level; `low` and `source_low`
    ``(H, W, 3)`` levels, `field` and `gain` at the guide's size.
    Only rows `top`…`bottom` and columns `left`…`right` are visited. Where offsets meet, the four nearest are blended
    so that the variance stays (Heitz and Neyret, "High-performance by-example noise", 2018): blending does not blur.
    """
    height, width = hole.shape
    small_height, small_width = gain.shape
    down, across = height / small_height, width / small_width
    places = np.empty((4, 2), np.int64)
    shares = np.empty(4, np.float64)
    steps = STEPS / unit
    peak = 255.0 * unit
    for y in range(top, bottom):
        gy = (y + 0.5) / down - 0.5
        row = int(np.floor(gy))
        for x in range(left, right):
            if not hole[y, x]:
                continue
            gx = (x + 0.5) / across - 0.5
            column = int(np.floor(gx))
            count, strength = 0, 0.0
            for corner in range(4):
                j, i = row + corner // 2, column + corner % 2
                share = (1 - abs(gy - j)) * (1 - abs(gx - i))
                j, i = min(max(j, 0), small_height - 1), min(max(i, 0), small_width - 1)
                strength += share * gain[j, i]
                v = min(max(int(np.rint(y + (field[j, i, 0] - j) * down)), 0), height - 1)
                u = min(max(int(np.rint(x + (field[j, i, 1] - i) * across)), 0), width - 1)
                count = add_share(places, shares, count, v, u, share)
            power = 0.0
            for k in range(count):
                shares[k] = shares[k] * shares[k] * (3 - 2 * shares[k])
                power += shares[k] * shares[k]
            factor = strength / np.sqrt(power)
            for channel in range(3):
                high = 0.0
                for k in range(count):
                    v, u = places[k]
                    high += shares[k] * (result[v, u, channel] * steps - source_low[v, u, channel])
                value = (low[y, x, channel] + factor * high) / steps
                result[y, x, channel] = int(min(max(np.rint(value), 0.0), peak))
