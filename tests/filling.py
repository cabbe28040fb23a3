"""Pictures with a hole, for what fills it from the photograph itself."""

from __future__ import annotations

import numpy as np

from app.imaging.arrays import Hole, Image


def block(height: int, width: int, top: int, left: int, rows: int, columns: int) -> Hole:
    """A rectangular hole in a picture of ``height × width`` pixels."""
    hole = np.zeros((height, width), bool)
    hole[top : top + rows, left : left + columns] = True
    return hole


def spoilt(image: Image, hole: Hole, value: int = 0) -> Image:
    """A copy of `image` with `value` in the hole."""
    return np.where(hole[..., None], np.uint8(value), image)
