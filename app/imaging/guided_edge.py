"""Moves the edge of a coarse mask to the edges of the photograph, at full size."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import HOLE, Image, Mask
from app.imaging.geometry import Rect
from app.imaging.patches import tiles_of

_TILE = 256
_SMOOTH = 36.0
"""Grey levels squared: variation below it is noise, along which the edge stays as it is."""
_MOST = 6_000_000
"""Pixels in which an edge is sought; that of a larger region is sought in a smaller copy."""
_STEEP = 3.0
"""By what the found share is spread round its middle: the filter's ramps are wider than a photograph's edges."""

_Plane = npt.NDArray[np.float32]


def refined(image: Image, coarse: Mask) -> Mask:
    """`coarse`, a smaller ``(h, w)`` mask of 0 and 255, as ``(H, W)``, its edge where that of `image` ``(H, W, 3)`` is.

    A guided filter (K. He, J. Sun, X. Tang, ECCV 2010) with the three colours as guide, where the edge runs alone.
    """
    height, width = image.shape[:2]
    scale = (_MOST / (height * width)) ** 0.5
    if scale >= 1:
        return _refined(image, coarse)
    small = cv2.resize(image, (max(int(width * scale), 1), max(int(height * scale), 1)), interpolation=cv2.INTER_AREA)
    edge = _refined(np.asarray(small, np.uint8), coarse)
    return np.asarray(cv2.resize(edge, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _refined(image: Image, coarse: Mask) -> Mask:
    height, width = image.shape[:2]
    enlarged = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    radius = max(round(1.5 * max(width / coarse.shape[1], height / coarse.shape[0])), 2)
    result = np.asarray(cv2.threshold(enlarged, 127, HOLE, cv2.THRESH_BINARY)[1], np.uint8)
    whole = Rect.of_array(image)
    for tile in tiles_of(whole, max(_TILE, 4 * radius)):
        around = tile.grown(2 * radius).intersected(whole)
        near = enlarged[around.slices]
        if near.min() == near.max():
            continue
        share = _guided(image[around.slices].astype(np.float32), near.astype(np.float32) / np.float32(255), radius)
        steep = np.clip((share - 0.5) * _STEEP + 0.5, 0, 1) * 255
        inner = tile.moved(-around.x, -around.y).slices
        result[tile.slices] = np.rint(steep[inner]).astype(np.uint8)
    return result


def _guided(guide: _Plane, share: _Plane, radius: int) -> _Plane:
    """`share` ``(H, W)`` as, in each window of `radius`, the linear function of `guide` ``(H, W, 3)`` nearest to it."""

    def mean(plane: _Plane) -> _Plane:
        side = 2 * radius + 1
        return np.asarray(cv2.blur(plane, (side, side), borderType=cv2.BORDER_REFLECT), np.float32)

    mean_guide, mean_share = mean(guide), mean(share)
    covariance = mean(guide * share[..., None]) - mean_guide * mean_share[..., None]
    products = mean(_products(guide).reshape(*share.shape, 9)).reshape(*share.shape, 3, 3)
    variance = products - _products(mean_guide) + _SMOOTH * np.eye(3, dtype=np.float32)
    slope = np.asarray(np.linalg.solve(variance, covariance[..., None])[..., 0], np.float32)
    offset = mean_share - np.einsum("yxc,yxc->yx", slope, mean_guide)
    return np.asarray(np.einsum("yxc,yxc->yx", mean(slope), guide) + mean(offset), np.float32)


def _products(colours: _Plane) -> _Plane:
    """Each channel times each, ``(H, W, 3, 3)``."""
    return colours[..., :, None] * colours[..., None, :]
