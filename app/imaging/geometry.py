"""Points, extents and rectangles in image pixels. Points are ``(x, y)``; arrays are indexed ``[y, x]``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Point(NamedTuple):
    """A position in image pixels; pixel centres lie at ``+0.5``."""

    x: float
    y: float


class Extent(NamedTuple):
    """The size of an image in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Rect:
    """A half-open rectangle of pixels: columns ``x … x+width-1``, rows ``y … y+height-1``. May be empty."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def of_array(cls, array: npt.NDArray[np.generic]) -> Rect:
        """The whole area of an image or mask array ``(H, W, …)``."""
        return cls(0, 0, array.shape[1], array.shape[0])

    @property
    def right(self) -> int:
        """One past the last column."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """One past the last row."""
        return self.y + self.height

    @property
    def area(self) -> int:
        """Pixels inside; 0 for an empty rectangle."""
        return 0 if self.is_empty else self.width * self.height

    @property
    def is_empty(self) -> bool:
        """True where no pixel is inside."""
        return self.width <= 0 or self.height <= 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of this rectangle in an array ``[y, x]``."""
        return slice(self.y, self.bottom), slice(self.x, self.right)

    def grown(self, margin: int) -> Rect:
        """This rectangle with `margin` more pixels on every side (not clipped)."""
        return Rect(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)

    def intersected(self, other: Rect) -> Rect:
        """The common part; an empty rectangle where there is none."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        width, height = min(self.right, other.right) - x, min(self.bottom, other.bottom) - y
        return Rect(x, y, max(width, 0), max(height, 0))

    def united(self, other: Rect) -> Rect:
        """The smallest rectangle round both; empty ones count for nothing."""
        if self.is_empty:
            return other
        if other.is_empty:
            return self
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def contains(self, other: Rect) -> bool:
        """True where `other` lies wholly inside (an empty one always does)."""
        return other.is_empty or self.intersected(other) == other

    def resized(self, width: int, height: int, extent: Extent) -> Rect:
        """One of another size about the same middle: moved into an image of `extent`, and no larger than that."""
        width, height = min(width, extent.width), min(height, extent.height)
        x, y = self.x + (self.width - width) // 2, self.y + (self.height - height) // 2
        return Rect(min(max(x, 0), extent.width - width), min(max(y, 0), extent.height - height), width, height)

    def moved(self, dx: int, dy: int) -> Rect:
        """This rectangle shifted by whole pixels."""
        return Rect(self.x + dx, self.y + dy, self.width, self.height)


EMPTY = Rect(0, 0, 0, 0)


def united(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle round all of `rects`; empty where there is none."""
    result = EMPTY
    for rect in rects:
        result = result.united(rect)
    return result


def bounding_rect(mask: npt.NDArray[np.generic]) -> Rect:
    """The smallest rectangle round the non-zero pixels of an ``(H, W)`` array; empty where all are zero."""
    rows = np.flatnonzero(mask.any(axis=1))
    if rows.size == 0:
        return EMPTY
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(mask[top:bottom].any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    return Rect(left, top, right - left, bottom - top)
