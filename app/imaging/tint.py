"""A mask as coloured pixels with a line along the hole's border, in few passes over small integers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from cv2.typing import MatLike

from app.imaging.arrays import HOLE, KEEP, THRESHOLD, Mask

Table = npt.NDArray[np.uint32]
"""One colour for each value of a mask, ``(256,)``."""

OUTER_LINE, INNER_LINE = 1, 254
"""The values that stand for the line just outside and just inside the hole; those of a mask move aside by one."""

DASH = 8
"""Line widths from the beginning of a dash to that of the next."""

_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)
_ASIDE = np.arange(256, dtype=np.uint8)
_ASIDE[[OUTER_LINE, INNER_LINE]] = OUTER_LINE + 1, INNER_LINE - 1


class Sampling(NamedTuple):
    """Where the pixels of a picture lie in a mask: output pixel centre ``(x, y)`` at ``((x, y) - offset) / scale``."""

    scale: float
    """Output pixels per pixel of the mask."""
    x: float
    y: float
    """The mask's corner in the output, in output pixels."""


def sampled(mask: Mask, where: Sampling, width: int, height: int) -> Mask:
    """`mask` as ``(height, width)`` pixels, blended between its pixels; 0 beyond its edge."""
    across, down = ((0.5 - offset) / where.scale - 0.5 for offset in (where.x, where.y))
    step = 1 / where.scale
    matrix = np.array([[step, 0, across], [0, step, down]])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    result = cv2.warpAffine(mask, matrix, (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE)
    for beyond in _beyond(where.x, where.x + mask.shape[1] * where.scale, width):
        result[:, beyond] = KEEP
    for beyond in _beyond(where.y, where.y + mask.shape[0] * where.scale, height):
        result[beyond] = KEEP
    return np.asarray(result, np.uint8)


def _beyond(start: float, end: float, length: int) -> tuple[slice, slice]:
    """The pixels whose centres lie before `start`, and those past `end`."""
    first, last = (min(max(math.ceil(edge - 0.5), 0), length) for edge in (start, end))
    return slice(0, first), slice(last, length)


def dashed(coverage: Mask, line_width: int, x: int, y: int) -> npt.NDArray[np.uint8]:
    """The line just inside the hole of `coverage` ``(H, W)``, as places on its dashes, without the outermost pixels.

    0 off the line; on it 1…`DASH`, counted along the picture's diagonals, so that lines at all angles are dashed. The
    line and what is left out on each side are `line_width` wide; ``(x, y)`` is where the first pixel of the result lies
    on the plane that the dashes are fixed to.
    """
    line = np.asarray(_borders(coverage, line_width)[0], np.uint8)[line_width:-line_width, line_width:-line_width]
    length = DASH * line_width
    down, across = (np.arange(at, at + side) % length for at, side in zip((y, x), line.shape, strict=True))
    places = (np.arange(256) // line_width % DASH + 1).astype(np.uint8)
    diagonals = down.astype(np.uint8)[:, None] + across.astype(np.uint8)
    return np.asarray(cv2.bitwise_and(line, cv2.LUT(diagonals, places)), np.uint8)


def tinted(coverage: Mask, table: Table, line_width: int) -> npt.NDArray[np.uint32]:
    """`table` at `coverage` ``(H, W)``, lines included, without the outermost `line_width` pixels.

    Each half of the line is `line_width` ≥ 1 pixels wide, measured along rows and columns.
    """
    values = cv2.LUT(coverage, _ASIDE)
    return _coloured(_with_line(values, *_borders(coverage, line_width)), table, line_width)


def edged(
    painted: Mask, strength: Mask, borders: Sequence[Mask], table: Table, line_width: int
) -> npt.NDArray[np.uint32]:
    """`table` at what of `strength` goes beyond `painted`, with a line along each of `borders`; all ``(H, W)``.

    Without the outermost 2 × `line_width` pixels. Where `painted` has its own line there is no other.
    """
    values = cv2.LUT(cv2.multiply(strength, cv2.bitwise_not(painted), scale=1 / 255), _ASIDE)
    own = cv2.bitwise_not(cv2.bitwise_or(*_borders(painted, 2 * line_width)))
    for border in borders:
        inner, outer = (cv2.bitwise_and(line, own) for line in _borders(border, line_width))
        values = _with_line(values, inner, outer)
    return _coloured(values, table, 2 * line_width)


def _borders(coverage: MatLike, line_width: int) -> tuple[MatLike, MatLike]:
    """The lines just inside and just outside the hole, 255 on them."""
    hole = cv2.threshold(coverage, THRESHOLD, HOLE, cv2.THRESH_BINARY)[1]
    inner = cv2.bitwise_xor(hole, cv2.erode(hole, _CROSS, iterations=line_width))
    return inner, cv2.bitwise_xor(hole, cv2.dilate(hole, _CROSS, iterations=line_width))


def _with_line(values: MatLike, inner: MatLike, outer: MatLike) -> MatLike:
    """`values` with those of the two lines in their places."""
    values = cv2.bitwise_and(values, cv2.bitwise_not(cv2.bitwise_or(inner, outer)))
    for line, value in ((inner, INNER_LINE), (outer, OUTER_LINE)):
        values = cv2.bitwise_or(values, cv2.min(line, value))  # type: ignore[call-overload]
    return values


def _coloured(values: MatLike, table: Table, margin: int) -> npt.NDArray[np.uint32]:
    centre = np.asarray(values, np.uint8)[margin:-margin, margin:-margin]
    return np.asarray(cv2.LUT(centre, table.view(np.int32)), np.int32).view(np.uint32)
