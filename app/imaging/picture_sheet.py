"""A sheet of pictures side by side, each below a strip of its own that says what it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from app.imaging.arrays import Hole, Image
from app.imaging.geometry import Extent, Point, Rect

GAP = 8
"""Pixels between cells, and round all of them."""

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """Where every cell looks, at which zoom, and how large it is."""

    centre: Point
    scale: float
    """Pixels of the sheet for one of the picture."""
    size: Extent

    def area(self, whole: Extent) -> Rect:
        """The pixels of a picture of the size `whole` that are seen, as far as there are any."""
        width, height = self.size.width / self.scale, self.size.height / self.scale
        left, top = math.floor(self.centre.x - width / 2), math.floor(self.centre.y - height / 2)
        right, bottom = math.ceil(self.centre.x + width / 2), math.ceil(self.centre.y + height / 2)
        return Rect(left, top, right - left, bottom - top).intersected(Rect(0, 0, *whole))


def cell(part: Callable[[Rect], Image] | None, whole: Extent, look: Look, ground: Colour) -> Image:
    """What `look` sees of a picture of the size `whole`, given part by part, on `ground`; ``(height, width, 3)``.

    Of no picture it sees the ground alone.
    """
    result = np.full((look.size.height, look.size.width, 3), ground, np.uint8)
    area = look.area(whole)
    if part is None or area.is_empty:
        return result
    width, height = (max(round(side * look.scale), 1) for side in (area.width, area.height))
    way = cv2.INTER_AREA if look.scale < 1 else cv2.INTER_NEAREST
    pixels = part(area) if look.scale == 1 else cv2.resize(part(area), (width, height), interpolation=way)
    left = round((area.x - look.centre.x) * look.scale + look.size.width / 2)
    top = round((area.y - look.centre.y) * look.scale + look.size.height / 2)
    there = Rect(left, top, width, height)
    common = there.intersected(Rect(0, 0, *look.size))
    result[common.slices] = pixels[common.moved(-left, -top).slices]
    return result


def composed(heading: Image, cells: Sequence[tuple[Image, Image]], columns: int, ground: Colour) -> Image:
    """Pairs of strip and picture, all of one size, in rows of `columns` below `heading`, on `ground`."""
    strip, picture = cells[0]
    width, height = picture.shape[1], strip.shape[0] + picture.shape[0]
    rows = -(-len(cells) // columns)
    across = max(columns * (width + GAP) + GAP, heading.shape[1] + 2 * GAP)
    sheet = np.full((heading.shape[0] + GAP + rows * (height + GAP) + GAP, across, 3), ground, np.uint8)
    _lay(sheet, heading, GAP, GAP)
    for at, (above, below) in enumerate(cells):
        x, y = GAP + at % columns * (width + GAP), 2 * GAP + heading.shape[0] + at // columns * (height + GAP)
        _lay(sheet, above, x, y)
        _lay(sheet, below, x, y + above.shape[0])
    return sheet


def look_round(hole: Hole, box: Rect, whole: Extent, most: int, least: int) -> Look:
    """`box`, whose part of the picture of the size `whole` has the `hole`, and something round it, at 100 %.

    No more than `most` and no less than `least` pixels a side; where that is less than the box, most of the hole.
    """
    around = box.grown(max(16, max(box.width, box.height) // 4)).intersected(Rect(0, 0, *whole))
    size = Extent(*(min(max(side, least), most) for side in (around.width, around.height)))
    centre = Point(around.x + around.width // 2, around.y + around.height // 2)
    if max(around.width, around.height) > most:
        x, y = _densest(hole, size)
        centre = Point(box.x + x, box.y + y)
    return Look(centre, 1.0, size)


def _densest(hole: Hole, size: Extent) -> tuple[int, int]:
    """The middle of the window of `size` with the most hole, sought on a coarse grid."""
    step = 32
    coarse = hole[::step, ::step].astype(np.float32)
    window = max(size.width // step, 1), max(size.height // step, 1)
    sums = cv2.boxFilter(coarse, -1, window, normalize=False, borderType=cv2.BORDER_CONSTANT)
    row, column = divmod(int(np.argmax(sums)), sums.shape[1])
    return column * step, row * step


def _lay(sheet: Image, piece: Image, x: int, y: int) -> None:
    sheet[y : y + piece.shape[0], x : x + piece.shape[1]] = piece
