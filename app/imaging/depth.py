"""Bits per channel: from a photograph's own depth, 8 or 16, to the 8 that networks and screens take, and back.

A *grey level* is one step of 8 bits whatever the depth: values 0…255 as float32 stand for either.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import DeepImage, Hole, Image, Picture

Floats = npt.NDArray[np.float32]
"""Grey levels 0…255."""

STEPS_PER_LEVEL = 257
"""Steps of 16 bits to one of 8: 255 × 257 = 65535, so white stays white."""

_SIGMAS = (48.0, 24.0, 12.0, 6.0, 3.0, 1.5)
_HALF = 0.5
"""How far rounding to 8 bits moves a value at most, in grey levels."""
_GRAIN_SIGMA = 1.5
"""What is slower than this, in pixels, is no grain."""


def is_deep(pixels: npt.NDArray[np.generic]) -> bool:
    """True where there are 16 bits per channel."""
    return pixels.dtype == np.uint16


def unit_of(pixels: npt.NDArray[np.generic]) -> int:
    """What one grey level is in the values of `pixels`: 1 or 257."""
    return STEPS_PER_LEVEL if is_deep(pixels) else 1


def narrowed(pixels: DeepImage) -> Image:
    """`pixels` ``(H, W, …)`` at 8 bits, rounded; the array itself where it has no more."""
    if not is_deep(pixels):
        return cast(Image, pixels)
    return np.asarray(cv2.convertScaleAbs(pixels, alpha=1 / STEPS_PER_LEVEL), np.uint8).reshape(pixels.shape)


def widened(pixels: Image) -> npt.NDArray[np.uint16]:
    """8-bit `pixels` at 16 bits: the same levels, so `narrowed` gives them back."""
    return pixels.astype(np.uint16) * np.uint16(STEPS_PER_LEVEL)


def levels_of(pixels: DeepImage) -> Floats:
    """`pixels` in grey levels."""
    return pixels.astype(np.float32) / np.float32(unit_of(pixels))


def from_levels(levels: Floats, like: DeepImage) -> DeepImage:
    """Grey levels rounded to the depth of `like`."""
    unit = unit_of(like)
    return cast(DeepImage, np.clip(np.rint(levels * np.float32(unit)), 0, 255 * unit).astype(like.dtype))


def rounded(picture: Picture) -> Image:
    """`picture` at 8 bits; itself where it has no more."""
    if picture.dtype == np.uint8:
        return cast(Image, picture)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def smooth_levels(picture: Picture, hole: Hole, known: Floats) -> Floats:
    """`picture` in grey levels inside `hole` ``(H, W)``, `known` elsewhere; an 8-bit one goes `without_steps`."""
    if picture.dtype == np.uint8:
        return without_steps(cast(Image, picture), hole, known)
    return np.asarray(np.where(hole[..., None], picture, known), np.float32)


def without_steps(picture: Image, hole: Hole, known: Floats) -> Floats:
    """`picture` in grey levels without the steps that its 8 bits make in slow gradients; ``(H, W, 3)``.

    Of all values that round to the picture's, those are taken inside `hole` ``(H, W)`` that make the smoothest surface;
    outside it is `known` ``(H, W, 3)``, in grey levels, from which the surface goes on.
    """
    inside = hole[..., None]
    low, high = picture - np.float32(_HALF), picture + np.float32(_HALF)
    result = np.where(inside, picture.astype(np.float32), known)
    longest = max(hole.shape)
    for sigma in _SIGMAS:
        if sigma * 4 <= longest:
            smooth = np.asarray(cv2.GaussianBlur(result, (0, 0), sigma), np.float32)
            result = np.where(inside, np.clip(smooth, low, high), known)
    return np.asarray(np.clip(result, 0, 255), np.float32)


def fine_grain(photo: DeepImage, hole: Hole) -> Floats:
    """The noise of a 16-bit `photo` that 8 bits cannot hold, anew for every pixel: ``(H, W, 3)`` in grey levels.

    As strong as what rounding takes from the known pixels. Equal arguments give equal noise.
    """
    levels = levels_of(photo)
    lost = levels - without_steps(narrowed(photo), np.ones_like(hole), levels)
    known = (lost - cv2.GaussianBlur(lost, (0, 0), _GRAIN_SIGMA))[~hole]
    strength = known.std(axis=0) if len(known) else np.zeros(3, np.float32)
    noise = np.random.default_rng(0).standard_normal(photo.shape, np.float32)
    return np.asarray(noise * strength.astype(np.float32), np.float32)
