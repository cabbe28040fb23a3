"""Figures of what a hole was filled with, taken in and round the hole alone: however large the photograph is.

Pictures are given part by part, ``(h, w, 3)`` uint8, so that no whole composite is ever made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Image, Mask, hole_of
from app.imaging.geometry import Rect, bounding_rect
from app.imaging.masks import grown
from app.imaging.metrics import HIGHEST_PSNR, PEAK, REACH, similarity_map
from app.imaging.patches import tiles_of

RING = 32
"""Pixels round the hole with whose sharpness that of the filling is compared."""

FLAT = 0.5
"""Mean absolute Laplacian in grey levels, less than which is not to be seen: all that is flat is equally sharp."""

Part = Callable[[Rect], Image]
"""The part of a picture in a rectangle of it."""


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How near a filling is to the truth, over the pixels of the hole."""

    psnr: float
    """dB."""
    ssim: float
    """Mean over pixels and channels, at most 1; each window sees what surrounds the hole, too."""
    l1: float
    """Mean absolute difference as a share of the range, 0…1."""


class HoleMeter:
    """Measures pictures of one size in the hole of one mask, a tile at a time."""

    def __init__(self, mask: Mask) -> None:
        """`mask` ``(H, W)`` has a hole."""
        self._hole = hole_of(mask)
        self._wide = grown(mask, RING)
        self._whole = Rect.of_array(mask)
        tiles = (tile.intersected(self._whole) for tile in tiles_of(bounding_rect(self._wide)))
        self._tiles = [tile for tile in tiles if self._wide[tile.slices].any()]

    def fidelity(self, result: Part, truth: Part, check: Callable[[], None] = lambda: None) -> Fidelity:
        """How near `result` is to `truth`; `check` is called at every tile, and what it raises ends it."""
        squares = absolutes = similar = 0.0
        count = 0
        for tile, hole in self._holes():
            check()
            wide = tile.grown(REACH).intersected(self._whole)
            ours, theirs = (part(wide).astype(np.float32) for part in (result, truth))
            inner = tile.moved(-wide.x, -wide.y).slices
            difference = (ours[inner] - theirs[inner])[hole]
            squares += float(np.sum(np.square(difference), dtype=np.float64))
            absolutes += float(np.sum(np.abs(difference), dtype=np.float64))
            similar += float(np.sum(similarity_map(ours, theirs)[inner][hole], dtype=np.float64))
            count += difference.size
        psnr = min(10 * float(np.log10(PEAK**2 * count / squares)), HIGHEST_PSNR) if squares > 0 else HIGHEST_PSNR
        return Fidelity(psnr, similar / count, absolutes / count / PEAK)

    def sharpness(self, picture: Part, check: Callable[[], None] = lambda: None) -> float:
        """Mean absolute Laplacian in the hole over that in the ring round it, each `FLAT` at least; 1 = as sharp."""
        inside, outside = np.zeros(2), np.zeros(2)
        for tile in self._tiles:
            check()
            edges = _edges(picture, tile, self._whole)
            hole = self._hole[tile.slices]
            for total, area in ((inside, hole), (outside, (self._wide[tile.slices] > 0) & ~hole)):
                total += edges[area].sum(dtype=np.float64), np.count_nonzero(area)
        if not inside[1] or not outside[1]:
            return 1.0
        ours, around = (max(float(total / count), FLAT) for total, count in (inside, outside))
        return ours / around

    def _holes(self) -> Iterator[tuple[Rect, npt.NDArray[np.bool_]]]:
        for tile in self._tiles:
            hole = self._hole[tile.slices]
            if hole.any():
                yield tile, hole


def _edges(picture: Part, tile: Rect, whole: Rect) -> npt.NDArray[np.float32]:
    """The absolute Laplacian of the grey levels in `tile`."""
    wide = tile.grown(1).intersected(whole)
    grey = cv2.cvtColor(np.ascontiguousarray(picture(wide)), cv2.COLOR_RGB2GRAY).astype(np.float32)
    edges = np.abs(cv2.Laplacian(grey, cv2.CV_32F))
    return np.asarray(edges[tile.moved(-wide.x, -wide.y).slices], np.float32)
