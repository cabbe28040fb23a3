"""What an edit changed, kept small: the undo delta.

A delta is the bitwise difference (XOR) of before and after. It is its own inverse, it is zero wherever nothing changed
however odd the outline, and it needs half the memory of keeping both sides. It is only right on exactly the arrays it
was made from: laid on anything else it gives rubbish, so whoever keeps patches must be the arrays' only writer.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.imaging.geometry import Rect, bounding_rect

Pixels = npt.NDArray[np.unsignedinteger]
"""``(H, W)`` or ``(H, W, 3)``, uint8 (or uint16)."""

TILE = 256
"""Side, in pixels, of the squares in which changes are saved and compared."""

_SAMPLE = 4096
_WORTH = 0.9
"""Bytes compressed to see whether it pays, and the ratio that must be beaten: a photograph's noise does not shrink."""

_OVERHEAD = 200
"""Bytes a patch takes besides its data."""


@dataclass(frozen=True, slots=True)
class Patch:
    """The difference between before and after inside `rect` of an image or mask."""

    rect: Rect
    data: bytes
    """The difference of every value in `rect`, or a single one where it is the same throughout."""
    compressed: bool
    """True where `data` went through zlib."""

    @classmethod
    def between(cls, rect: Rect, before: Pixels, after: Pixels) -> Patch | None:
        """The patch that turns `before` into `after` and back, cropped to what changed; None where nothing did.

        Both arrays are ``(rect.height, rect.width, …)`` and show `rect` of the whole; neither is kept.
        """
        delta = np.bitwise_xor(before, after)
        if not delta.any():
            return None
        inner = _changed_rect(delta)
        data, compressed = _packed(delta[inner.slices])
        return cls(inner.moved(rect.x, rect.y), data, compressed)

    @property
    def nbytes(self) -> int:
        """Memory this patch takes, in bytes."""
        return len(self.data) + _OVERHEAD

    def moved(self, dx: int, dy: int) -> Patch:
        """The same difference for another place."""
        return Patch(self.rect.moved(dx, dy), self.data, self.compressed)

    def toggle(self, array: Pixels) -> None:
        """Turn before into after, or after into before, in the whole `array`, in place."""
        target = array[self.rect.slices]
        delta = np.frombuffer(zlib.decompress(self.data) if self.compressed else self.data, target.dtype)
        target ^= delta if delta.size == 1 else delta.reshape(target.shape)


def tiles_of(rect: Rect, side: int = TILE) -> Iterator[Rect]:
    """The squares of the grid of `side` pixels that meet `rect`, whole ones, row by row."""
    if rect.is_empty:
        return
    for y in range(rect.y // side * side, rect.bottom, side):
        for x in range(rect.x // side * side, rect.right, side):
            yield Rect(x, y, side, side)


def difference(rect: Rect, before: Pixels, after: Pixels) -> tuple[Patch, ...]:
    """Disjoint patches that together turn `before` into `after` and back; empty where the two are equal.

    Both arrays are ``(rect.height, rect.width, …)`` and show `rect` of the whole. Only changed tiles are kept, so
    many small changes far apart cost little.
    """
    patches = []
    for tile in (tile.intersected(rect) for tile in tiles_of(rect)):
        inside = tile.moved(-rect.x, -rect.y).slices
        patch = Patch.between(tile, before[inside], after[inside])
        if patch is not None:
            patches.append(patch)
    return tuple(patches)


def _changed_rect(delta: Pixels) -> Rect:
    """The smallest rectangle round the pixels of ``(h, w, …)`` of which any channel is not zero."""
    height, width = delta.shape[:2]
    channels = delta.size // (height * width)
    values = bounding_rect(delta.reshape(height, width * channels))
    x, right = values.x // channels, -(-values.right // channels)
    return Rect(x, values.y, right - x, values.height)


def _packed(delta: Pixels) -> tuple[bytes, bool]:
    """`delta` as bytes, and whether they are compressed."""
    if delta.min() == delta.max():
        return delta[:1, :1].tobytes()[: delta.itemsize], False
    data = delta.tobytes()
    return (zlib.compress(data, 1), True) if _is_worth_compressing(data) else (data, False)


def _is_worth_compressing(data: bytes) -> bool:
    """Judged by a sample from the middle."""
    start = max((len(data) - _SAMPLE) // 2, 0)
    sample = data[start : start + _SAMPLE]
    return len(zlib.compress(sample, 1)) < _WORTH * len(sample)
