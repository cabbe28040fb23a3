"""How far two pictures are apart. Images are ``(H, W, 3)`` uint8 of one size; masks ``(H, W)`` bool.

Large pictures are gone through in bands of rows, so that a photograph of 60 megapixels needs no gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Image

PEAK = 255.0
HIGHEST_PSNR = 99.0
"""Reported for identical pictures, whose PSNR has no bound."""

_BAND_PIXELS = 1 << 20
REACH = 5
"""Pixels that SSIM's 11×11 window reads beyond each side."""

Floats = npt.NDArray[np.float32]


def psnr(first: Image, second: Image, area: npt.NDArray[np.bool_] | None = None) -> float:
    """Peak signal-to-noise ratio in dB over all pixels, or over those of `area`."""
    total, count = 0.0, 0
    for rows in _bands(first):
        difference = first[rows].astype(np.float32) - second[rows].astype(np.float32)
        if area is not None:
            difference = difference[area[rows]]
        total += float(np.sum(np.square(difference), dtype=np.float64))
        count += difference.size
    return min(10 * float(np.log10(PEAK**2 * count / total)), HIGHEST_PSNR) if total > 0 else HIGHEST_PSNR


def l1(first: Image, second: Image) -> float:
    """Mean absolute difference as a share of the range, 0…1."""
    total = sum(float(cv2.norm(first[rows], second[rows], cv2.NORM_L1)) for rows in _bands(first))
    return total / first.size / PEAK


def ssim(first: Image, second: Image) -> float:
    """Structural similarity (Wang et al. 2004): 11×11 Gaussian windows, sigma 1.5, mean over pixels and channels."""
    total = 0.0
    for rows in _bands(first):
        wide = slice(max(rows.start - REACH, 0), min(rows.stop + REACH, first.shape[0]))
        similarity = similarity_map(first[wide].astype(np.float32), second[wide].astype(np.float32))
        inside = similarity[rows.start - wide.start : rows.stop - wide.start]
        total += float(np.sum(inside, dtype=np.float64))
    return total / first.size


def sharpness_ratio(image: Image, hole: npt.NDArray[np.bool_], ring: int = 32) -> float:
    """Mean absolute Laplacian inside the hole over that in the ring of `ring` pixels round it; 1 = equally sharp."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    edges = np.abs(cv2.Laplacian(grey, cv2.CV_32F))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * ring + 1, 2 * ring + 1))
    around = (cv2.dilate(hole.astype(np.uint8), kernel) > 0) & ~hole
    return float(edges[hole].mean()) / max(float(edges[around].mean()), 1e-6) if around.any() and hole.any() else 1.0


def _bands(image: Image) -> Iterator[slice]:
    """Slices of rows that together are the whole picture, the first of them first."""
    step = max(_BAND_PIXELS // image.shape[1], 1)
    for start in range(0, image.shape[0], step):
        yield slice(start, min(start + step, image.shape[0]))


def similarity_map(a: Floats, b: Floats) -> Floats:
    """The SSIM ``(H, W, 3)`` of every pixel and channel of two pictures in 0…255."""
    mean_a, mean_b = _smooth(a), _smooth(b)
    variance_a, variance_b = _smooth(a * a) - mean_a**2, _smooth(b * b) - mean_b**2
    covariance = _smooth(a * b) - mean_a * mean_b
    c1, c2 = np.float32((0.01 * PEAK) ** 2), np.float32((0.03 * PEAK) ** 2)
    top = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    return np.asarray(top / ((mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2)), np.float32)


def _smooth(values: Floats) -> Floats:
    return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), np.float32)
