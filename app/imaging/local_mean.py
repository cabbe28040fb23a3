"""The mean of part of a picture, round every pixel."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Hole

Floats = npt.NDArray[np.float32]

_LEAST = np.float32(1e-6)


def local_mean(values: Floats, area: Hole, sigma: float) -> Floats:
    """The Gaussian mean, of `sigma` > 0 pixels, of those `values` that lie in `area`, round every pixel.

    `values` is ``(h, w)`` or ``(h, w, 3)``, `area` ``(h, w)``. Far from the area the result falls to 0.
    """
    weights = area.astype(np.float32)
    total = cv2.GaussianBlur((values.T * weights.T).T, (0, 0), sigma)
    shares = np.maximum(cv2.GaussianBlur(weights, (0, 0), sigma), _LEAST)
    return np.asarray((total.T / shares.T).T, np.float32)
