"""A smooth surface through scattered values, by pyramids (pull-push)."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def spread(values: Floats, weights: Floats) -> Floats:
    """`values` where `weights` is 1, and a smooth surface through them where it is 0.

    `values` is ``(H, W)`` or ``(H, W, C)``, `weights` ``(H, W)`` in 0…1; the result has the shape of `values`, all zero
    where no weight is set. After Gortler, Grzeszczuk, Szeliski and Cohen, "The Lumigraph", SIGGRAPH 1996.
    """
    surface = _pull_push((values.T * weights.T).T, weights)
    return surface.reshape(values.shape)


def _pull_push(weighted: Floats, weights: Floats) -> Floats:
    height, width = weights.shape
    own = np.asarray((weighted.T / np.maximum(weights, 1e-9).T).T, np.float32)
    if height * width == 1 or weights.min() >= 1:
        return own
    half = ((width + 1) // 2, (height + 1) // 2)
    pulled = _resized(weighted, half, cv2.INTER_AREA)
    coarse = _pull_push(pulled, _resized(weights, half, cv2.INTER_AREA))
    coarse = _resized(coarse, (width, height), cv2.INTER_LINEAR)
    return np.asarray(coarse + (weights.T * (own - coarse).T).T, np.float32)


def _resized(array: Floats, size: tuple[int, int], how: int) -> Floats:
    """`array` at ``(width, height)``; OpenCV drops a last axis of one, which comes back here."""
    resized = np.asarray(cv2.resize(array, size, interpolation=how), np.float32)
    return resized.reshape(size[1], size[0], *array.shape[2:])
