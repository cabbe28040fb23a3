"""A mask as coloured pixels with a line along the hole's border, in few passes over small integers."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import HOLE, THRESHOLD, Mask

Table = npt.NDArray[np.uint32]
"""One colour for each value of a mask, ``(256,)``."""

OUTER_LINE, INNER_LINE = 1, 254
"""The values that stand for the line just outside and just inside the hole; those of a mask move aside by one."""

_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)
_ASIDE = np.arange(256, dtype=np.uint8)
_ASIDE[[OUTER_LINE, INNER_LINE]] = OUTER_LINE + 1, INNER_LINE - 1


def tinted(coverage: Mask, table: Table, line_width: int) -> npt.NDArray[np.uint32]:
    """`table` at `coverage` ``(H, W)``, lines included, without the outermost `line_width` pixels.

    Each half of the line is `line_width` ≥ 1 pixels wide, measured along rows and columns.
    """
    hole = cv2.threshold(coverage, THRESHOLD, HOLE, cv2.THRESH_BINARY)[1]
    inner = cv2.bitwise_xor(hole, cv2.erode(hole, _CROSS, iterations=line_width))
    outer = cv2.bitwise_xor(hole, cv2.dilate(hole, _CROSS, iterations=line_width))
    values = cv2.bitwise_and(cv2.LUT(coverage, _ASIDE), cv2.bitwise_not(cv2.bitwise_or(inner, outer)))
    for line, value in ((inner, INNER_LINE), (outer, OUTER_LINE)):
        values = cv2.bitwise_or(values, cv2.min(line, value))  # type: ignore[call-overload]
    centre = np.asarray(values)[line_width:-line_width, line_width:-line_width]
    colours: npt.NDArray[np.uint32] = np.take(table, centre, mode="wrap")  # in range anyway, and four times as fast
    return colours
