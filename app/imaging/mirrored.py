"""Pictures mirrored beyond their right and bottom edge: what of the margin is what of the picture."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.intp]
Shares = npt.NDArray[np.float32]


def mirrored_places(length: int, padded: int) -> Places:
    """For each of `padded` places along a side that of `length` which it shows; the edge itself is repeated."""
    return np.pad(np.arange(length), (0, padded - length), mode="symmetric")


@lru_cache(maxsize=32)
def folded(length: int, cells: int, side: int) -> Shares:
    """What becomes of values along a side when the margin is folded back: ``(ceil(length / side), cells)``.

    Each of the `cells`, `side` pixels long, is spread evenly over its pixels; those of the margin count where they are
    mirrored from. Columns sum to 1: nothing is lost.
    """
    places = mirrored_places(length, cells * side)
    result = np.zeros((-(-length // side), cells), np.float32)
    np.add.at(result, (places // side, np.arange(cells * side) // side), np.float32(1 / side))
    result.flags.writeable = False
    return result
