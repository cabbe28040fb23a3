"""Differences of colour as people see them: CIEDE2000, and by it the cast of a filled hole."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import DeepImage, Hole
from app.imaging.depth import levels_of
from app.imaging.local_mean import local_mean
from app.imaging.surroundings import surroundings_of

Lab = npt.NDArray[np.float64] | npt.NDArray[np.float32]
"""``(…, 3)``: L* 0…100, a*, b*, of the D65 white. Half as exact takes a third of the time, and is exact to 0.0001."""

_POWER_25 = 25.0**7


def lab_of_levels(levels: npt.NDArray[np.float32]) -> Lab:
    """CIE L*a*b* ``(H, W, 3)`` of an sRGB image in grey levels."""
    return np.asarray(cv2.cvtColor(np.clip(levels / np.float32(255), 0, 1), cv2.COLOR_RGB2LAB), np.float64)


def ciede2000(first: Lab, second: Lab) -> npt.NDArray[np.float64]:
    """The difference of two colours ``(…, 3)`` each, 1 = just to be seen.

    Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula: implementation notes", Color Research and
    Application 30 (2005), whose numbered equations these are; all weights 1.
    """
    lightness = first[..., 0], second[..., 0]
    chroma = [np.hypot(lab[..., 1], lab[..., 2]) for lab in (first, second)]
    power = ((chroma[0] + chroma[1]) / 2) ** 7
    stretch = 1 + 0.5 * (1 - np.sqrt(power / (power + _POWER_25)))  # 4, 5
    a = first[..., 1] * stretch, second[..., 1] * stretch
    c = [np.hypot(a[index], lab[..., 2]) for index, lab in enumerate((first, second))]  # 6
    hue = [np.degrees(np.arctan2(lab[..., 2], a[index])) % 360 for index, lab in enumerate((first, second))]  # 7
    both = c[0] * c[1] > 0
    turn = np.where(both, (hue[1] - hue[0] + 180) % 360 - 180, 0.0)  # 10
    delta_hue = 2 * np.sqrt(c[0] * c[1]) * np.sin(np.radians(turn) / 2)  # 11
    mean_l, mean_c = (lightness[0] + lightness[1]) / 2, (c[0] + c[1]) / 2  # 12, 13
    mean_hue = np.where(both, _mean_hue(hue[0], hue[1]), hue[0] + hue[1])  # 14
    angles = np.radians([mean_hue - 30, 2 * mean_hue, 3 * mean_hue + 6, 4 * mean_hue - 63])
    t = 1 - 0.17 * np.cos(angles[0]) + 0.24 * np.cos(angles[1]) + 0.32 * np.cos(angles[2]) - 0.2 * np.cos(angles[3])
    squared = (mean_l - 50) ** 2
    scale_l = 1 + 0.015 * squared / np.sqrt(20 + squared)  # 18
    scale_c, scale_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t  # 19, 20
    rotation = np.radians(60 * np.exp(-(((mean_hue - 275) / 25) ** 2)))  # 16, times 2
    mixed = -np.sin(rotation) * 2 * np.sqrt(mean_c**7 / (mean_c**7 + _POWER_25))  # 17, 21
    parts = (lightness[1] - lightness[0]) / scale_l, (c[1] - c[0]) / scale_c, delta_hue / scale_h
    total = parts[0] ** 2 + parts[1] ** 2 + parts[2] ** 2 + mixed * parts[1] * parts[2]  # 22
    return np.asarray(np.sqrt(total), np.float64)


def _mean_hue(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    total, apart = first + second, np.abs(first - second) > 180
    return np.where(apart, np.where(total < 360, total + 360, total - 360), total) / 2


def cast(image: DeepImage, hole: Hole, ring: int = 24, sigma: float = 6.0) -> float:
    """How far the colour inside `hole` ``(H, W)`` is from what goes on round it: mean CIEDE2000 of slow colours.

    Compared with the hole's low frequencies (Gaussian of `sigma` pixels, over the hole alone) is the smooth surface
    that continues those of the `ring` pixels round it. Only where these are flat, as in skies, should it be small; 0
    where there is nothing to compare.
    """
    levels = levels_of(image)
    around = surroundings_of(levels, hole, ring, sigma) if hole.any() else None
    if around is None:
        return 0.0
    inside = around.surface + local_mean(levels - around.surface, hole, sigma)
    return float(ciede2000(lab_of_levels(inside)[hole], lab_of_levels(around.surface)[hole]).mean())
