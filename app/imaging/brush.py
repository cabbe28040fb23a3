"""The brush: a segment of a stroke painted into a mask, touching nothing but the pixels it covers.

A pixel is judged by its centre (``+0.5``). A hard brush is exact: the pixel is painted where the centre lies within
half the brush's size of the segment. A soft one falls off smoothly from ``hardness × radius`` to the radius.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.imaging.arrays import HOLE, KEEP, Mask
from app.imaging.geometry import EMPTY, Point, Rect

SMALLEST_RADIUS = math.sqrt(0.5)
"""So that the finest brush still hits a pixel wherever it is set down, and a line has no gaps."""

_LEVEL = 1e-9
"""A segment that rises by less than this is level: dividing by its rise would overflow."""

_BAND = 32
"""Rows of a soft brush computed at once: the temporaries stay in the processor's cache."""


class _Capsule(NamedTuple):
    """All points within `radius` of the segment from `start` to `end`: what one movement of the brush covers."""

    start: Point
    end: Point
    radius: float


class _Spans(NamedTuple):
    """One run of pixels a row, clipped to the mask: rows ``top …``, columns ``left … right-1`` each; may be empty."""

    top: int
    left: npt.NDArray[np.intp]
    right: npt.NDArray[np.intp]


def segment_rect(start: Point, end: Point, size: float) -> Rect:
    """A rectangle (not clipped) outside which `paint_segment` with the same numbers changes nothing."""
    reach = max(size / 2, SMALLEST_RADIUS)
    x, y = math.floor(min(start.x, end.x) - reach), math.floor(min(start.y, end.y) - reach)
    right, bottom = math.ceil(max(start.x, end.x) + reach), math.ceil(max(start.y, end.y) + reach)
    return Rect(x, y, right - x, bottom - y)


def paint_segment(mask: Mask, start: Point, end: Point, size: float, hardness: float, *, erase: bool = False) -> Rect:
    """Paint (or erase) one segment into `mask`, ``(H, W)`` uint8, in place; return the dirty rectangle, clipped.

    `size` is the brush's diameter in image pixels, `hardness` 0…1 the share of the radius that is fully painted.
    `start` and `end` may be equal (a dab) and may lie outside. Painting takes the maximum of old and new, erasing the
    minimum, so going over a place twice never undoes anything. Cost: proportional to the covered pixels.
    """
    capsule = _Capsule(start, end, max(size / 2, SMALLEST_RADIUS))
    spans = _spans(capsule, mask.shape)
    if not np.any(spans.right > spans.left):
        return EMPTY
    soft = capsule.radius >= 1 and capsule.radius * (1 - hardness) >= 0.5
    if soft:
        _paint_soft(mask, capsule, spans, hardness, erase)
    else:
        _paint_hard(mask, spans, KEEP if erase else HOLE)
    return _bounds(spans)


def _spans(capsule: _Capsule, shape: tuple[int, ...]) -> _Spans:
    """The pixels of a mask of `shape` whose centres lie in `capsule`, row by row."""
    start, end, radius = capsule
    top = max(math.ceil(min(start.y, end.y) - radius - 0.5), 0)
    bottom = min(math.floor(max(start.y, end.y) + radius - 0.5) + 1, shape[0])
    rows = np.arange(top, bottom, dtype=np.float64) + (0.5 - start.y)
    left = np.ceil(_outline(capsule, rows, -1) - 0.5 - 1e-6)
    right = np.floor(_outline(capsule, rows, 1) - 0.5 + 1e-6) + 1
    return _Spans(top, *(np.clip(edge, 0, shape[1]).astype(np.intp) for edge in (left, right)))


def _outline(capsule: _Capsule, rows: npt.NDArray[np.float64], side: int) -> npt.NDArray[np.float64]:
    """The x of the left (`side` -1) or right (+1) outline at `rows`, given as y below the start.

    A capsule is a disc swept along the segment. The outline at a row is the farthest edge of any of those discs; it
    belongs to the disc that touches the straight flank there or, past the flank's ends, to the first or last disc.
    """
    (x, y), end, radius = capsule
    dx, dy = end.x - x, end.y - y
    if abs(dy) < _LEVEL:
        along = np.full_like(rows, dx * side > 0)
    else:
        touch = -side * math.copysign(radius, dy) * dx / math.hypot(dx, dy)
        along = np.clip((rows - touch) / dy, 0, 1)
    half_chord = np.sqrt(np.maximum(radius**2 - (rows - along * dy) ** 2, 0))
    outline: npt.NDArray[np.float64] = x + along * dx + side * half_chord
    return outline


def _bounds(spans: _Spans) -> Rect:
    """The smallest rectangle round spans of which at least one is not empty."""
    filled = np.flatnonzero(spans.right > spans.left)
    first, last = int(filled[0]), int(filled[-1])
    x, right = int(spans.left[filled].min()), int(spans.right[filled].max())
    return Rect(x, spans.top + first, right - x, last - first + 1)


def _paint_hard(mask: Mask, spans: _Spans, value: int) -> None:
    for row, left, right in zip(mask[spans.top :], spans.left.tolist(), spans.right.tolist(), strict=False):
        row[left:right] = value


def _paint_soft(mask: Mask, capsule: _Capsule, spans: _Spans, hardness: float, erase: bool) -> None:
    for first in range(0, len(spans.left), _BAND):
        band = _Spans(spans.top + first, spans.left[first : first + _BAND], spans.right[first : first + _BAND])
        if not np.any(band.right > band.left):
            continue
        rect = _bounds(band)
        paint = _coverage(capsule, rect, hardness)
        target = mask[rect.slices]
        if erase:
            np.minimum(target, 255 - paint, out=target)
        else:
            np.maximum(target, paint, out=target)


def _coverage(capsule: _Capsule, rect: Rect, hardness: float) -> Mask:
    """How strongly each pixel of `rect` is painted, 0…255: the smoothstep of the squared distance to the segment."""
    start, end, radius = capsule
    dx, dy = end.x - start.x, end.y - start.y
    length = math.hypot(dx, dy)
    ux, uy = (dx / length, dy / length) if length else (1.0, 0.0)
    x = np.arange(rect.x, rect.right) + (0.5 - start.x)
    y = np.arange(rect.y, rect.bottom)[:, None] + (0.5 - start.y)
    along = (x * ux).astype(np.float32) + (y * uy).astype(np.float32)
    across = (y * ux).astype(np.float32) - (x * uy).astype(np.float32)
    along -= np.clip(along, 0, length)
    core = (hardness * radius) ** 2
    strength = np.square(along, out=along)
    strength += np.square(across, out=across)
    strength *= -1 / (radius**2 - core)
    strength += radius**2 / (radius**2 - core)
    np.clip(strength, 0, 1, out=strength)
    np.multiply(strength, -2 * 255, out=across)
    across += 3 * 255
    strength *= strength
    strength *= across
    strength += 0.5
    return strength.astype(np.uint8)
