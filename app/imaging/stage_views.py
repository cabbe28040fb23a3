"""Parts of a photograph and of its results, of one size, to be shown beside or after each other."""

from __future__ import annotations

import cv2
import numpy as np

from app.imaging.arrays import Hole, Image, Mask
from app.imaging.geometry import Extent, Rect

_ROUND = 0.6
"""Of the hole's longer side: how much round it is seen on every side."""
_LEAST_ROUND = 48
_SLIMMEST = 4 / 3
"""The longer side over the shorter that a part has at most where the photograph allows."""

_BAND = 256
"""Rows that are worked on at a time, where that needs several times their memory."""


def part_round(hole: Rect, extent: Extent) -> Rect:
    """What is shown of a photograph round the rectangle of its hole: with surroundings, and not too slim."""
    wanted = hole.grown(max(round(max(hole.width, hole.height) * _ROUND), _LEAST_ROUND))
    width = max(wanted.width, round(wanted.height / _SLIMMEST))
    height = max(wanted.height, round(width / _SLIMMEST / _SLIMMEST))
    return wanted.resized(width, height, extent)


def over_white(picture: Image, alpha: Mask) -> Image:
    """A copy of `picture` ``(H, W, 3)`` as it looks on white, which shines through where `alpha` ``(H, W)`` is low."""
    result = np.empty(picture.shape, np.uint8)
    for top in range(0, len(picture), _BAND):
        band = slice(top, top + _BAND)
        share = alpha[band, :, np.newaxis].astype(np.float32) / 255
        result[band] = picture[band] * share + (1 - share) * 255 + np.float32(0.5)
    return result


def tinted(picture: Image, hole: Hole, colour: tuple[int, int, int], opacity: float) -> Image:
    """A copy of `picture` ``(H, W, 3)`` in which `hole` ``(H, W)`` is covered by `colour`; `opacity` is 0…1."""
    result = picture.copy()
    share = np.float32(opacity)
    mixed = picture[hole] * (1 - share) + np.array(colour, np.float32) * share
    result[hole] = (mixed + np.float32(0.5)).astype(np.uint8)
    return result


def sized(picture: Image, longest: int) -> Image:
    """`picture` ``(H, W, 3)`` with `longest` pixels on its longer side: averaged to shrink, cubic to enlarge."""
    height, width = picture.shape[:2]
    scale = longest / max(height, width)
    if scale == 1:
        return picture
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8)
