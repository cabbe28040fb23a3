"""The small before and after of a file, for lists and reports."""

from __future__ import annotations

import io

import cv2
import numpy as np
import PIL.Image

from app.imaging.arrays import DeepImage, Image, Mask
from app.imaging.screen import look_of
from app.imaging.thumbnails import tinted

SIDE = 192
"""Pixels along the longer side."""
_FINE = 4
"""Pixels looked at, a side, for each of the small picture: all of them would cost as much as decoding."""
_TINT, _OPACITY = (230, 40, 60), 0.6
_QUALITY = 80


def small_jpeg(pixels: DeepImage, profile: bytes | None, mask: Mask | None = None) -> bytes:
    """A JPEG of `pixels` ``(H, W, 3)`` in the screen's colours, under the tint of `mask` ``(H, W)`` where given."""
    small = np.asarray(cv2.resize(_thinned(pixels), _size(pixels), interpolation=cv2.INTER_AREA), pixels.dtype)
    shown: Image = look_of(profile)(small)
    if mask is not None:
        cover = cv2.resize(_thinned(mask), _size(mask), interpolation=cv2.INTER_AREA)
        shown = tinted(shown, np.asarray(cover, np.uint8), _TINT, _OPACITY)
    out = io.BytesIO()
    PIL.Image.fromarray(shown).save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _size(array: DeepImage | Mask) -> tuple[int, int]:
    height, width = array.shape[:2]
    scale = min(SIDE / max(height, width), 1.0)
    return max(round(width * scale), 1), max(round(height * scale), 1)


def _thinned(array: DeepImage | Mask) -> DeepImage:
    """Every so manieth pixel of every so manieth row, in one piece."""
    step = max(max(array.shape[:2]) // (SIDE * _FINE), 1)
    return np.ascontiguousarray(array[::step, ::step])
