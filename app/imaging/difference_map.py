"""How two versions of a hole differ: for every pixel, on average, and as a picture.

Compared is what a screen shows, in 8 bits and sRGB. The difference is CIEDE2000 (`app.imaging.colour_difference`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Hole, Image
from app.imaging.colour_difference import ciede2000, lab_of_levels
from app.imaging.geometry import Rect

Differences = npt.NDArray[np.float32]
"""``(h, w)``: CIEDE2000 of every pixel, 0 outside the hole."""

SEEN = 1.0
"""A difference above this can just be seen."""

WHOLE = 64.0
"""The difference at which the heat map's scale ends at an amplification of 1."""

_RUN = 1 << 16
"""Pixels compared at a time: their intermediate values stay in the cache."""

_RAMP = np.asarray(
    cv2.cvtColor(cv2.applyColorMap(np.arange(256, dtype=np.uint8)[None], cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB),
    np.uint8,
)[0]
"""Inferno, black to pale yellow: equal steps look equal, and grow lighter, for colour-blind eyes and in print, too."""


@dataclass(frozen=True)
class Part:
    """Two versions of one rectangle of the photograph."""

    rect: Rect
    first: Image
    """``(h, w, 3)`` uint8."""
    second: Image
    """The same shape. Outside the hole both are alike."""
    hole: Hole
    """``(h, w)``: where they are compared."""
    differences: Differences

    def at(self, x: int, y: int) -> float | None:
        """The difference at a pixel of the photograph; None where nothing is compared."""
        if not self.rect.contains(Rect(x, y, 1, 1)) or not self.hole[y - self.rect.y, x - self.rect.x]:
            return None
        return float(self.differences[y - self.rect.y, x - self.rect.x])


@dataclass(frozen=True)
class DifferenceMap:
    """All parts of a comparison, and its figures."""

    parts: tuple[Part, ...]
    """Their rectangles do not meet."""
    pixels: int
    """How many were compared."""
    mean: float
    """CIEDE2000, over the pixels compared; 0 where there are none."""
    changed: float
    """The share of them, 0…1, whose difference is above `SEEN`."""

    def at(self, x: int, y: int) -> float | None:
        """The difference at a pixel of the photograph; None where nothing is compared."""
        return next((found for part in self.parts if (found := part.at(x, y)) is not None), None)


def compared(versions: Iterable[tuple[Rect, Image, Image, Hole]], check: Callable[[], None]) -> DifferenceMap:
    """The map of rectangles that do not meet, each with its two versions and where to compare them.

    Takes about half a second per megapixel of hole and core. `check` is called now and then, on several threads, and
    may raise to stop.
    """
    with ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="difference") as pool:
        parts = tuple(_part(*version, pool, check) for version in versions)
    pixels = sum(int(np.count_nonzero(part.hole)) for part in parts)
    total = sum(float(part.differences.sum(dtype=np.float64)) for part in parts)
    changed = sum(int(np.count_nonzero(part.differences > SEEN)) for part in parts)
    return DifferenceMap(parts, pixels, total / max(pixels, 1), changed / max(pixels, 1))


def heat(part: Part, amplification: float) -> Image:
    """The part with its hole in colours, from black for no difference to pale yellow for ``WHOLE / amplification``."""
    steps = np.minimum(part.differences * np.float32(255 * amplification / WHOLE), 255).astype(np.uint8)
    return _in_hole(part, np.asarray(cv2.applyColorMap(steps, _RAMP[:, None]), np.uint8))


def signed(part: Part, amplification: float) -> Image:
    """The part with its hole in mid grey, lighter and darker by half of ``amplification * (second - first)``."""
    share = amplification / 2
    return _in_hole(part, np.asarray(cv2.addWeighted(part.second, share, part.first, -share, 128), np.uint8))


def ramp() -> Image:
    """The heat map's scale from left to right, ``(1, 256, 3)``."""
    return np.array(_RAMP[None], np.uint8)


def apart(rects: Iterable[Rect]) -> tuple[Rect, ...]:
    """`rects` with those that meet made one, until none do."""
    left, found = [rect for rect in rects if not rect.is_empty], list[Rect]()
    while left:
        rect = left.pop()
        met = [each for each in found if not each.intersected(rect).is_empty]
        found = [each for each in found if each not in met]
        if met:
            for each in met:
                rect = rect.united(each)
            left.append(rect)
        else:
            found.append(rect)
    return tuple(sorted(found, key=lambda each: (each.y, each.x)))


def _in_hole(part: Part, picture: Image) -> Image:
    """`picture` in the hole, the photograph beside it."""
    return np.asarray(cv2.copyTo(picture, part.hole.view(np.uint8), part.second.copy()), np.uint8)


def _part(
    rect: Rect, first: Image, second: Image, hole: Hole, pool: ThreadPoolExecutor, check: Callable[[], None]
) -> Part:
    differences = np.zeros(hole.shape, np.float32)
    unlike = hole & (first != second).any(axis=2)
    ours, theirs = first[unlike], second[unlike]
    found = np.empty(len(ours), np.float32)

    def compare(run: slice) -> None:
        check()
        found[run] = ciede2000(_lab(ours[run]), _lab(theirs[run]))

    list(pool.map(compare, _runs(len(ours))))
    differences[unlike] = found
    return Part(rect, first, second, hole, differences)


def _runs(count: int) -> Iterator[slice]:
    return (slice(start, start + _RUN) for start in range(0, count, _RUN))


def _lab(colours: Image) -> npt.NDArray[np.float32]:
    return np.asarray(lab_of_levels(colours[None].astype(np.float32))[0], np.float32)


def laid(area: Image, rect: Rect, patches: Sequence[tuple[Rect, Image]]) -> Image:
    """`area`, which shows `rect`, with those of `patches` in it that meet it; a copy."""
    made = area.copy()
    for where, pixels in patches:
        common = where.intersected(rect)
        if not common.is_empty:
            piece = pixels[common.moved(-where.x, -where.y).slices]
            made[common.moved(-rect.x, -rect.y).slices] = piece
    return made
