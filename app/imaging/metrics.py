"""How far two pictures are apart. Images are ``(H, W, 3)`` uint8 of one size; masks ``(H, W)`` bool."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Image

PEAK = 255.0
HIGHEST_PSNR = 99.0
"""Reported for identical pictures, whose PSNR has no bound."""


def psnr(first: Image, second: Image, area: npt.NDArray[np.bool_] | None = None) -> float:
    """Peak signal-to-noise ratio in dB over all pixels, or over those of `area`."""
    difference = first.astype(np.float32) - second.astype(np.float32)
    if area is not None:
        difference = difference[area]
    error = float(np.mean(np.square(difference))) if difference.size else 0.0
    return min(10 * float(np.log10(PEAK**2 / error)), HIGHEST_PSNR) if error > 0 else HIGHEST_PSNR


def l1(first: Image, second: Image) -> float:
    """Mean absolute difference as a share of the range, 0…1."""
    return float(np.mean(np.abs(first.astype(np.float32) - second.astype(np.float32)))) / PEAK


def ssim(first: Image, second: Image) -> float:
    """Structural similarity (Wang et al. 2004): 11×11 Gaussian windows, sigma 1.5, mean over pixels and channels."""
    a, b = first.astype(np.float32), second.astype(np.float32)
    mean_a, mean_b = _smooth(a), _smooth(b)
    variance_a, variance_b = _smooth(a * a) - mean_a**2, _smooth(b * b) - mean_b**2
    covariance = _smooth(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * PEAK) ** 2, (0.03 * PEAK) ** 2
    top = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    return float(np.mean(top / ((mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2))))


def sharpness_ratio(image: Image, hole: npt.NDArray[np.bool_], ring: int = 32) -> float:
    """Mean absolute Laplacian inside the hole over that in the ring of `ring` pixels round it; 1 = equally sharp."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    edges = np.abs(cv2.Laplacian(grey, cv2.CV_32F))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * ring + 1, 2 * ring + 1))
    around = (cv2.dilate(hole.astype(np.uint8), kernel) > 0) & ~hole
    return float(edges[hole].mean()) / max(float(edges[around].mean()), 1e-6) if around.any() and hole.any() else 1.0


def _smooth(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), np.float32)
