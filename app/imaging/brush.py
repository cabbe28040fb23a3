"""The brush: a segment of a stroke painted into a mask, touching nothing but the pixels it covers.

A pixel is judged by its centre (``+0.5``). A hard brush is exact: the pixel is painted where the centre lies within
half the brush's size of the segment. A soft one falls off smoothly from ``hardness × radius`` to the radius.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import HOLE, KEEP, Mask
from app.imaging.geometry import EMPTY, Point, Rect

SMALLEST_RADIUS = math.sqrt(0.5)
"""So that the finest brush still hits a pixel wherever it is set down, and a line has no gaps."""

_LEVEL = 1e-9
"""A segment that rises by less than this is level: dividing by its rise would overflow."""

_BAND = 128
"""Rows of a soft brush computed at once: the temporaries stay in the processor's cache."""


_Edges = npt.NDArray[np.float64]


_STEPS = 65535
_SHARE = np.arange(_STEPS + 1) / _STEPS
_SMOOTHSTEP = (_SHARE * _SHARE * (3 - 2 * _SHARE) * 255 + 0.5).astype(np.uint8)
"""0…255 for a strength of 0 … `_STEPS`; what is beyond is cut off by 16 bits."""


_LOOKS_UP_16_BITS = int(cv2.__version__.partition(".")[0]) >= 5
"""OpenCV does in half the time of numpy what earlier versions offer for 8 bits only."""


class _Capsule(NamedTuple):
    """All points within `radius` of the segment from `start` to `end`: what one movement of the brush covers."""

    start: Point
    end: Point
    radius: float
    ahead: bool
    """True where only what is nearer to the segment than to anything behind its start counts."""


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


def paint_segment(
    mask: Mask,
    start: Point,
    end: Point,
    size: float,
    hardness: float,
    *,
    erase: bool = False,
    continued: bool = False,
) -> Rect:
    """Paint (or erase) one segment into `mask`, ``(H, W)`` uint8, in place; return the dirty rectangle, clipped.

    `size` is the brush's diameter in image pixels, `hardness` 0…1 the share of the radius that is fully painted.
    `start` and `end` may be equal (a dab) and may lie outside. Painting takes the maximum of old and new, erasing the
    minimum, so going over a place twice never undoes anything. `continued` says that a dab of at least that size is at
    `start` already: only what lies ahead of it is painted. Cost: proportional to the pixels covered anew.
    """
    if continued and start == end:
        return EMPTY
    capsule = _Capsule(start, end, max(size / 2, SMALLEST_RADIUS), continued)
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
    start, end, radius, _ = capsule
    top = max(math.ceil(min(start.y, end.y) - radius - 0.5), 0)
    bottom = min(math.floor(max(start.y, end.y) + radius - 0.5) + 1, shape[0])
    rows = np.arange(top, bottom, dtype=np.float64) + (0.5 - start.y)
    left = np.ceil(_outline(capsule, rows, -1) - 0.5 - 1e-6)
    right = np.floor(_outline(capsule, rows, 1) - 0.5 + 1e-6) + 1
    if capsule.ahead:
        left, right = _ahead(capsule, rows, left, right)
    return _Spans(top, *(np.clip(edge, 0, shape[1]).astype(np.intp) for edge in (left, right)))


def _ahead(capsule: _Capsule, rows: _Edges, left: _Edges, right: _Edges) -> tuple[_Edges, _Edges]:
    """The spans without what lies behind the line through the segment's start that is square to it."""
    dx, dy = capsule.end.x - capsule.start.x, capsule.end.y - capsule.start.y
    if abs(dx) < _LEVEL * abs(dy):
        return left, np.where(rows * dy < -abs(dy), left, right)
    border = capsule.start.x - rows * dy / dx
    if dx > 0:
        return np.maximum(left, np.floor(border - 1)), right
    return left, np.minimum(right, np.ceil(border + 1))


def _outline(capsule: _Capsule, rows: npt.NDArray[np.float64], side: int) -> npt.NDArray[np.float64]:
    """The x of the left (`side` -1) or right (+1) outline at `rows`, given as y below the start.

    A capsule is a disc swept along the segment. The outline at a row is the farthest edge of any of those discs; it
    belongs to the disc that touches the straight flank there or, past the flank's ends, to the first or last disc.
    """
    (x, y), end, radius, _ = capsule
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
    core = _core(capsule, spans, hardness, mask.shape)
    for first in range(0, len(spans.left), _BAND):
        rows = slice(first, first + _BAND)
        band = _Spans(spans.top + first, spans.left[rows], spans.right[rows])
        inner = _Spans(band.top, core.left[rows], core.right[rows])
        if np.all(inner.right > inner.left):
            _paint_hard(mask, inner, KEEP if erase else HOLE)
            parts = [_Spans(band.top, band.left, inner.left), _Spans(band.top, inner.right, band.right)]
        else:
            parts = [band]
        for part in parts:
            if np.any(part.right > part.left):
                _blend(mask, capsule, _bounds(part), hardness, erase)


def _core(capsule: _Capsule, spans: _Spans, hardness: float, shape: tuple[int, ...]) -> _Spans:
    """What is fully painted, in the rows of `spans`; empty where the brush is soft to its middle."""
    left, right = spans.left.copy(), spans.left.copy()
    radius = capsule.radius * hardness - 1
    if radius >= 1:
        core = _spans(capsule._replace(radius=radius), shape)
        rows = slice(core.top - spans.top, core.top - spans.top + len(core.left))
        left[rows], right[rows] = core.left, core.right
    return _Spans(spans.top, left, right)


def _blend(mask: Mask, capsule: _Capsule, rect: Rect, hardness: float, erase: bool) -> None:
    paint = _coverage(capsule, rect, hardness)
    target = mask[rect.slices]
    if erase:
        np.minimum(target, np.bitwise_not(paint), out=target)
    else:
        np.maximum(target, paint, out=target)


def _coverage(capsule: _Capsule, rect: Rect, hardness: float) -> Mask:
    """How strongly each pixel of `rect` is painted, 0…255: the smoothstep of the squared distance to the segment."""
    start, end, radius, _ = capsule
    dx, dy = end.x - start.x, end.y - start.y
    length = math.hypot(dx, dy)
    unit = math.sqrt(_STEPS / (radius**2 * (1 - hardness**2)))
    ux, uy = (unit * dx / length, unit * dy / length) if length else (unit, 0.0)
    x = (np.arange(rect.x, rect.right) + (0.5 - start.x)).astype(np.float32)
    y = (np.arange(rect.y, rect.bottom) + (0.5 - start.y)).astype(np.float32)[:, None]
    full = _STEPS / (1 - hardness**2)
    if min(ux * x[0], ux * x[-1]) + min(uy * y[0, 0], uy * y[-1, 0]) >= unit * length:
        strength = np.square((x - np.float32(dx)) * unit) + (np.square((y - np.float32(dy)) * unit))
    else:
        along = x * ux + y * uy
        along -= np.clip(along, 0, unit * length)
        strength = y * ux - x * uy
        np.square(along, out=along)
        np.square(strength, out=strength)
        strength += along
    steps = cv2.subtract(full, strength, dtype=cv2.CV_16U)  # type: ignore[call-overload]
    return _looked_up(np.asarray(steps, np.uint16))


def _looked_up(steps: npt.NDArray[np.uint16]) -> Mask:
    if _LOOKS_UP_16_BITS:
        return np.asarray(cv2.LUT(steps, _SMOOTHSTEP), np.uint8)
    return np.asarray(np.take(_SMOOTHSTEP, steps, mode="wrap"), np.uint8)
