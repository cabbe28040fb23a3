"""A mask's halved copies, and a survey of it in squares: where it is blank, where it is full, how much of it is hole.

The survey answers without reading the mask, so that drawing, counting and skipping cost next to nothing at any size.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.imaging.arrays import HOLE, KEEP, Mask
from app.imaging.geometry import EMPTY, Rect, bounding_rect
from app.imaging.pyramid import SMALLEST, Pyramid

BLOCK = 64
"""Side of the survey's squares, in pixels."""


class MaskLevels(Pyramid):
    """The pyramid of a mask ``(H, W)`` uint8 and its survey. After changing the mask, call `update`."""

    def __init__(self, mask: Mask, *, is_blank: bool = False) -> None:
        """Look at the whole of `mask` (some 50 ms for 60 megapixels), unless it is known that it `is_blank`."""
        rows, columns = (-(-side // BLOCK) for side in mask.shape)
        self._peaks = np.zeros((rows, columns), np.uint8)
        self._floors = np.zeros((rows, columns), np.uint8)
        self._counts = np.zeros((rows, columns), np.int32)
        if not is_blank:
            self._survey(mask, Rect.of_array(mask))
        super().__init__(mask, is_blank=not self._peaks.any())

    @property
    def hole_pixels(self) -> int:
        """How many pixels are hole."""
        return int(self._counts.sum())

    def hole_rect(self) -> Rect:
        """A rectangle round all of the hole, as exact as it can be told in no time; perhaps empty."""
        blocks = bounding_rect(self._peaks)
        if blocks.is_empty:
            return EMPTY
        near = Rect(*(BLOCK * each for each in (blocks.x, blocks.y, blocks.width, blocks.height)))
        level, factor = self.level_for(min(SMALLEST / max(near.width, near.height), 1.0))
        area = Rect(near.x // factor, near.y // factor, -(-near.width // factor) + 1, -(-near.height // factor) + 1)
        area = area.intersected(Rect.of_array(level))
        exact = bounding_rect(level[area.slices]).moved(area.x, area.y).grown(int(factor > 1))
        found = Rect(*(factor * each for each in (exact.x, exact.y, exact.width, exact.height)))
        return found.intersected(Rect.of_array(self.levels[0]))

    def update(self, rect: Rect) -> None:
        """Bring levels and survey up to date after the pixels in `rect` (clipped) changed."""
        super().update(rect)
        rect = rect.intersected(Rect.of_array(self.levels[0]))
        if not rect.is_empty:
            self._survey(self.levels[0], rect)

    def copied_mask(self) -> Mask:
        """A copy of the mask; takes time, and memory, only where it is not blank."""
        mask = self.levels[0]
        copy = np.zeros(mask.shape, np.uint8)
        for row, busy in enumerate(self._peaks > 0):
            for first, last in np.flatnonzero(np.diff(busy, prepend=False, append=False)).reshape(-1, 2) * BLOCK:
                run = slice(row * BLOCK, (row + 1) * BLOCK), slice(first, last)
                copy[run] = mask[run]
        return copy

    def peaks(self, columns: npt.NDArray[np.intp], rows: npt.NDArray[np.intp]) -> Mask:
        """An upper bound of the mask in each cell of a grid, ``(len(rows), len(columns))``; 0 = the cell is blank.

        `columns` ``(n, 2)`` and `rows` ``(m, 2)`` hold the first pixel and one past the last, inside the mask; cells
        may overlap.
        """
        return _reduced(np.maximum, self._peaks, columns, rows)

    def floors(self, columns: npt.NDArray[np.intp], rows: npt.NDArray[np.intp]) -> Mask:
        """A lower bound of the mask in each cell of a grid, as for `peaks`; 255 = the cell is full."""
        return _reduced(np.minimum, self._floors, columns, rows)

    def _survey(self, mask: Mask, rect: Rect) -> None:
        """Look at the squares that touch `rect`."""
        first, last = rect.x // BLOCK, -(-rect.right // BLOCK)
        starts = np.arange(last - first) * BLOCK
        for row in range(rect.y // BLOCK, -(-rect.bottom // BLOCK)):
            band = mask[row * BLOCK : (row + 1) * BLOCK, first * BLOCK : last * BLOCK]
            highest, lowest = band.max(axis=0), band.min(axis=0)
            cells = row, slice(first, last)
            self._peaks[cells] = np.maximum.reduceat(highest, starts)
            self._floors[cells] = np.minimum.reduceat(lowest, starts)
            self._counts[cells] = _hole_counts(band, starts, int(highest.max()), int(lowest.min()))


def _hole_counts(band: Mask, starts: npt.NDArray[np.intp], highest: int, lowest: int) -> npt.NDArray[np.int32]:
    """Hole pixels of a band of at most `BLOCK` rows, by square; 255 rows would be too many for the sum's bytes."""
    if highest == KEEP:
        return np.zeros(len(starts), np.int32)
    if lowest == HOLE:
        widths = np.diff(starts, append=band.shape[1])
        return np.asarray(widths * band.shape[0], np.int32)
    columns = np.add.reduce(band >> 7, axis=0, dtype=np.uint8)
    return np.asarray(np.add.reduceat(columns, starts, dtype=np.int32), np.int32)


def _reduced(function: np.ufunc, survey: Mask, columns: npt.NDArray[np.intp], rows: npt.NDArray[np.intp]) -> Mask:
    return _runs(function, _runs(function, survey, rows).T, columns).T


def _runs(function: np.ufunc, values: Mask, pixels: npt.NDArray[np.intp]) -> Mask:
    """`function` over the rows of squares that each run of `pixels` touches."""
    first, last = (pixels[:, 0] // BLOCK).tolist(), (-(-pixels[:, 1] // BLOCK)).tolist()
    return np.stack([function.reduce(values[a:b], axis=0) for a, b in zip(first, last, strict=True)])
