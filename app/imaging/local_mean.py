"""The mean of part of a picture: round every pixel, or in every pixel of a smaller version."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Hole, Image

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


def shrunk_known(image: Floats | Image, hole: Hole, size: tuple[int, int]) -> tuple[Floats, Floats]:
    """`image` ``(H, W, 3)`` at width and height `size`, each pixel the mean of its known ones; what share is known.

    What `image` holds in `hole` ``(H, W)`` does not matter. The results are ``(h, w, 3)`` and ``(h, w)``, 0…1; where
    nothing is known the picture is 0.
    """
    known = (~hole).astype(np.float32)
    share = np.asarray(cv2.resize(known, size, interpolation=cv2.INTER_AREA), np.float32)
    total = np.asarray(cv2.resize(image * known[..., None], size, interpolation=cv2.INTER_AREA), np.float32)
    return np.asarray(total / np.maximum(share, _LEAST)[..., None], np.float32), share
