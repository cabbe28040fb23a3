"""Crops with a hole and another inpainter's result, made once: what is too slow to make at every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import cv2
import numpy as np
import numpy.typing as npt

from app.atomic import replacing
from app.errors import LacunaError
from app.imaging.arrays import Image, Mask, hole_of
from app.imaging.random_masks import AREA_BINS
from app.training.parallel import Progress, mapped

_STRIDE: Final = 8
_KEEP_EVERY: Final = 500
_SMALLEST_SHARE: Final = AREA_BINS[0][0]

Windows = npt.NDArray[np.int64]
"""``(M, 3)``: item, y and x of the upper left corner of a square part of a pool's item."""


@dataclass(frozen=True, slots=True, eq=False)
class ForeignPool:
    """N square crops of `size` pixels a side, all uint8."""

    truth: npt.NDArray[np.uint8]
    """``(N, size, size, 3)``"""
    mask: npt.NDArray[np.uint8]
    """``(N, size, size)``, 255 = hole"""
    foreign: npt.NDArray[np.uint8]
    """``(N, size, size, 3)``: the truth with its hole filled"""

    def __len__(self) -> int:
        return len(self.mask)

    @property
    def size(self) -> int:
        """The side in pixels."""
        return int(self.mask.shape[1])

    def first(self, count: int) -> ForeignPool:
        """The first `count` items, or all where there are fewer."""
        return ForeignPool(self.truth[:count], self.mask[:count], self.foreign[:count])

    def windows(self, size: int, largest_area: float) -> Windows:
        """All squares of `size` pixels, a few pixels apart, whose hole covers 1 % … `largest_area` of them."""
        last = self.size - size
        starts = np.array(sorted({*range(0, last + 1, _STRIDE), last})) if last >= 0 else np.empty(0, int)
        found = [np.empty((0, 3), np.int64)]
        for item, mask in enumerate(self.mask):
            sums = cv2.integral(hole_of(mask).astype(np.uint8))
            rows = sums[starts + size] - sums[starts]
            share = (rows[:, starts + size] - rows[:, starts]) / (size * size)
            y, x = np.nonzero((share >= _SMALLEST_SHARE) & (share <= largest_area + 1e-6))
            found.append(np.stack([np.full(len(y), item), starts[y], starts[x]], axis=1))
        return np.concatenate(found)


PoolItem = tuple[Image, Mask, Image]
"""Truth, mask, foreign."""


def grown_pool(
    pool: ForeignPool | None,
    count: int,
    size: int,
    make: Callable[[int], PoolItem],
    keep: Callable[[ForeignPool], None] = lambda _: None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> ForeignPool:
    """`pool` followed by ``make(number)`` for the numbers it lacks up to `count`, made by several threads.

    `keep` gets what there is now and then and at the end, also where an error or an interruption is the end.
    """
    done = begun = 0 if pool is None else len(pool)
    arrays = [np.empty(shape, np.uint8) for shape in _shapes(count, size)]
    if pool is not None:
        for array, kept in zip(arrays, (pool.truth, pool.mask, pool.foreign), strict=True):
            array[:begun] = kept
    whole = ForeignPool(*arrays)
    try:
        for item in mapped(make, range(begun, count), "foreign samples", progress, workers):
            for array, part in zip(arrays, item, strict=True):
                array[done] = part
            done += 1
            if done % _KEEP_EVERY == 0 and done < count:
                keep(whole.first(done))
    finally:
        if done > begun:
            keep(whole.first(done))
    return whole


def _shapes(count: int, size: int) -> tuple[tuple[int, ...], ...]:
    square = (count, size, size)
    return (*square, 3), square, (*square, 3)


def write_pool(path: Path, pool: ForeignPool) -> None:
    """Write the pool as an uncompressed ``.npz``, in one go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        np.savez(file, truth=pool.truth, mask=pool.mask, foreign=pool.foreign)


def read_pool(path: Path) -> ForeignPool:
    """The pool in a file that `write_pool` wrote; `LacunaError` where it is none."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            pool = ForeignPool(stored["truth"], stored["mask"], stored["foreign"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise LacunaError(f"{path}: not a pool of foreign results ({error}); delete it and it is made again") from error
    arrays = (pool.truth, pool.mask, pool.foreign)
    fits = pool.mask.ndim == 3 and tuple(array.shape for array in arrays) == _shapes(len(pool), pool.size)
    if not fits or any(array.dtype != np.uint8 for array in arrays):
        raise LacunaError(f"{path}: not a pool of foreign results (wrong arrays); delete it and it is made again")
    return pool
