"""An edited JPEG whose untouched blocks are the camera's own: only blocks in which a pixel changed are encoded anew.

What is not touched keeps its quantised DCT coefficients, so nothing there changes by a single bit, however often it is
saved. In a touched block only the changed samples are new; the others are those that the block's own coefficients
stand for.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Image
from app.imaging.formats import jpeg_blocks, jpeg_parts
from app.imaging.formats.jpeg_blocks import Blocks, Table
from app.imaging.formats.jpeg_recoding import Places, Recoding
from app.imaging.geometry import bounding_rect
from app.words import Words

SIDE = 8
_AT_ONCE = 4096
"""Blocks transformed together."""
_BAND = 64
"""Rows compared at once: the temporaries stay in the processor's cache."""
_MOST = 1023
"""The largest quantised coefficient that an 8-bit JPEG can hold."""
_CENTRE = 128.0

_YCC = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32)
"""From R, G, B to luma and chroma (JFIF 1.02), which lies about `_CENTRE`."""

Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]
Samples = npt.NDArray[np.float32]


def why_not(data: bytes) -> str | None:
    """Why this JPEG can only be encoded anew as a whole, as the rest of a sentence; None where it can be patched."""
    try:
        frame = jpeg_parts.frame_of(data)
    except (ValueError, IndexError, ArithmeticError):
        return Words("has an unusual structure")
    if not frame.is_huffman_dct:
        return Words("is coded arithmetically or losslessly")
    if len(frame.components) not in (1, 3):
        return Words("has {count} components", count=len(frame.components))
    if any(frame.steps(component) is None for component in frame.components):
        return Words("has unusual chroma sampling")
    return None if jpeg_blocks.is_available() else Words("cannot be patched without the package jpeglib")


def patched(data: bytes, after: Image, changed: Flags, *, is_rgb: bool) -> bytes:
    """The JPEG `data` with the `changed` pixels ``(H, W)`` of `after` ``(H, W, 3)``, as the file stores them.

    Elsewhere `after` is what `data` decodes to. Application segments are left out. Raises OSError or ValueError where
    the coefficients cannot be read or written.
    """
    frame = jpeg_parts.frame_of(data)
    if changed.shape != (frame.height, frame.width):
        raise ValueError("the pixels are not the picture's")
    box = bounding_rect(changed)
    rows, columns = np.nonzero(changed[box.slices])
    places = [_places(rows + box.y, columns + box.x, frame, component) for component in frame.components]
    try:
        picture = Recoding(data, places, is_rgb=is_rgb)
    except (ValueError, IndexError, struct.error):
        return _patched_apart(data, places, after, changed, is_rgb=is_rgb)
    for index, blocks in enumerate(picture.blocks):
        _patch(blocks, places[index], index, picture.tables[index], frame, after, changed, is_rgb=is_rgb)
    return picture.encoded()


def _patched_apart(data: bytes, places: Sequence[Places], after: Image, changed: Flags, *, is_rgb: bool) -> bytes:
    """As `patched`, of all the picture's coefficients: what is coded in an unusual way, or progressively."""
    picture = jpeg_blocks.decoded(data)
    for index, (plane, table) in enumerate(zip(picture.planes, picture.tables, strict=True)):
        rows, columns = places[index].T
        blocks = plane[rows, columns]
        _patch(blocks, places[index], index, table, picture.frame, after, changed, is_rgb=is_rgb)
        plane[rows, columns] = blocks
    return picture.encoded()


def changed_pixels(before: Image, after: Image) -> Flags:
    """Where two images ``(H, W, 3)`` differ, ``(H, W)``; reducing over the last axis would take ten times as long.

    Bands in which nothing does are passed over in a quarter of the time.
    """
    changed = np.zeros(before.shape[:2], bool)
    for top in range(0, len(before), _BAND):
        old, new = before[top : top + _BAND], after[top : top + _BAND]
        if cv2.norm(old.reshape(len(old), -1), new.reshape(len(new), -1), cv2.NORM_INF) > 0:
            delta = np.bitwise_xor(old, new)
            np.not_equal(delta[..., 0] | delta[..., 1] | delta[..., 2], 0, out=changed[top : top + _BAND])
    return changed


def touched_blocks(rows: Indices, columns: Indices, steps: tuple[int, int], shape: tuple[int, int]) -> Flags:
    """The blocks ``(rows, columns)`` of a plane with `steps` pixels to a sample that hold one of the pixels there."""
    touched = np.zeros(shape, bool)
    touched[rows // (SIDE * steps[0]), columns // (SIDE * steps[1])] = True
    return touched


def _places(rows: Indices, columns: Indices, frame: jpeg_parts.Frame, component: jpeg_parts.Component) -> Places:
    steps = frame.steps(component)
    assert steps is not None
    return np.argwhere(touched_blocks(rows, columns, steps, frame.blocks(component)))


def _patch(
    blocks: Blocks,
    places: Places,
    index: int,
    table: Table,
    frame: jpeg_parts.Frame,
    after: Image,
    changed: Flags,
    *,
    is_rgb: bool,
) -> None:
    """Encode the `blocks` of one component, which lie at `places`, anew, in place."""
    steps = frame.steps(frame.components[index])
    assert steps is not None
    weights = np.eye(3, dtype=np.float32)[index] if is_rgb else _YCC[index]
    centre = _CENTRE if is_rgb or index == 0 else 0.0
    for start in range(0, len(places), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        rows, columns = places[some].T
        pixels, news = _gathered(after, changed, rows, columns, steps)
        fresh = _averaged(pixels @ weights, steps) - np.float32(centre)
        is_new = _averaged(news.astype(np.float32), steps) > 0
        blocks[some] = _forward(np.where(is_new, fresh, _inverse(blocks[some], table)), table)


def _gathered(
    after: Image, changed: Flags, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], steps: tuple[int, int]
) -> tuple[Samples, Flags]:
    """The pixels ``(n, h, w, 3)`` under each block, and which of them changed; the border's go on beyond it."""
    y = rows[:, None] * SIDE * steps[0] + np.arange(SIDE * steps[0])
    x = columns[:, None] * SIDE * steps[1] + np.arange(SIDE * steps[1])
    where = np.minimum(y, after.shape[0] - 1)[:, :, None], np.minimum(x, after.shape[1] - 1)[:, None, :]
    return after[where].astype(np.float32), changed[where]


def _averaged(values: Samples, steps: tuple[int, int]) -> Samples:
    """``(n, h, w)`` to ``(n, 8, 8)``: the mean of the pixels to each sample."""
    parts = values.reshape(len(values), SIDE, steps[0], SIDE, steps[1])
    return np.asarray(parts.mean(axis=(2, 4)), np.float32)


def _basis() -> Samples:
    """The orthonormal DCT-II, row by frequency."""
    return np.asarray(cv2.dct(np.eye(SIDE, dtype=np.float64), flags=cv2.DCT_ROWS).T, np.float32)


def _inverse(blocks: Blocks, table: Table) -> Samples:
    """Samples about 0 of quantised blocks ``(n, 8, 8)``."""
    basis = _basis()
    return np.asarray(basis.T @ (blocks * table).astype(np.float32) @ basis, np.float32)


def _forward(samples: Samples, table: Table) -> Blocks:
    """The quantised blocks of samples about 0; what was quantised before comes out as it was."""
    basis = _basis()
    return np.clip(np.rint(basis @ samples @ basis.T / table), -_MOST, _MOST).astype(np.int16)
