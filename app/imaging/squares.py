"""An image's pixels shown as squares, sampled here: what draws a part gives the pixels that drawing the whole gives.

View pixel ``i``, counted from the image's corner, shows the image pixel that its centre lies in:
``floor((i + 0.5) / scale)``.
"""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from app.imaging.geometry import Extent, Rect

_Pixel = TypeVar("_Pixel", np.uint8, np.uint32)


def shown_length(side: int, scale: float) -> int:
    """View pixels whose centres lie on `side` image pixels, each `scale` view pixels wide; at least one."""
    return max(math.ceil(side * scale - 0.5), 1)


def as_squares(
    pixels: npt.NDArray[_Pixel],
    area: Rect,
    whole: Extent,
    shown: Rect,
    scale: float,
    out: npt.NDArray[_Pixel] | None = None,
) -> npt.NDArray[_Pixel]:
    """What ``(shown.height, shown.width)`` view pixels show; 0 beyond the image, whose size is `whole`.

    `pixels` ``(area.height, area.width)`` are those of `area`, in which everything shown must lie. `shown` counts from
    the image's corner and may reach past its edge. Written to `out` and that returned, where it is given.
    """
    result = np.empty((shown.height, shown.width), pixels.dtype) if out is None else out
    columns, across = _indices(shown.x, shown.width, scale, whole.width)
    rows, down = _indices(shown.y, shown.height, scale, whole.height)
    lines = np.take(pixels, columns - area.x, axis=1)
    if (len(rows), len(columns)) == result.shape:
        np.take(lines, rows - area.y, axis=0, out=result, mode="clip")  # in range anyway; "raise" would need a copy
    else:
        result.fill(0)
        result[down, across] = np.take(lines, rows - area.y, axis=0)
    return result


def _indices(first: int, count: int, scale: float, side: int) -> tuple[npt.NDArray[np.intp], slice]:
    """The image pixel at each of `count` view pixels from `first` on that lie on the image; which those are."""
    start = min(max(first, 0), first + count)
    end = max(min(first + count, shown_length(side, scale)), start)
    found = np.floor((np.arange(start, end) + 0.5) / scale).astype(np.intp)
    return np.clip(found, 0, side - 1), slice(start - first, end - first)
