"""Moving and resizing a context box: pure geometry in image pixels. A box never leaves the image nor its least size."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from app.imaging.geometry import Extent, Point, Rect


class Edges(IntFlag):
    """The edges that a drag takes along; none of them: the whole box."""

    NONE = 0
    LEFT = 1
    TOP = 2
    RIGHT = 4
    BOTTOM = 8


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a box must hold, and what must hold it."""

    least: Rect
    extent: Extent


def edges_at(rect: Rect, point: Point, reach: float) -> Edges | None:
    """What a press at `point` would take hold of; None where it misses by more than `reach`.

    In a small box the edges reach less far inwards, so that there is always something to move it by.
    """
    across = _side(rect.x, rect.right, point.x, reach, Edges.LEFT, Edges.RIGHT)
    down = _side(rect.y, rect.bottom, point.y, reach, Edges.TOP, Edges.BOTTOM)
    return None if across is None or down is None else across | down


def _side(start: int, end: int, at: float, reach: float, low: Edges, high: Edges) -> Edges | None:
    inwards = min(reach, (end - start) / 4)
    if not start - reach <= at <= end + reach:
        return None
    if at <= start + inwards:
        return low
    return high if at >= end - inwards else Edges.NONE


def moved(rect: Rect, dx: int, dy: int, bounds: Bounds) -> Rect:
    """`rect` moved by `dx` and `dy`, as far as it may."""
    least, extent = bounds.least, bounds.extent
    x = _within(rect.x + dx, max(0, least.right - rect.width), min(least.x, extent.width - rect.width))
    y = _within(rect.y + dy, max(0, least.bottom - rect.height), min(least.y, extent.height - rect.height))
    return Rect(x, y, rect.width, rect.height)


def resized(rect: Rect, edges: Edges, dx: int, dy: int, bounds: Bounds) -> Rect:
    """`rect` with `edges` moved by `dx` and `dy`, as far as they may."""
    least, extent = bounds.least, bounds.extent
    left = _within(rect.x + dx, 0, least.x) if edges & Edges.LEFT else rect.x
    top = _within(rect.y + dy, 0, least.y) if edges & Edges.TOP else rect.y
    right = _within(rect.right + dx, least.right, extent.width) if edges & Edges.RIGHT else rect.right
    bottom = _within(rect.bottom + dy, least.bottom, extent.height) if edges & Edges.BOTTOM else rect.bottom
    return Rect(left, top, right - left, bottom - top)


def scaled(rect: Rect, edges: Edges, dx: int, dy: int, bounds: Bounds) -> Rect:
    """As `resized`, keeping the box's shape: the corner across stays, or the middle of the edge across."""
    least, extent = bounds.least, bounds.extent
    across = _Span.of(rect.x, rect.right, bool(edges & Edges.LEFT), bool(edges & Edges.RIGHT))
    down = _Span.of(rect.y, rect.bottom, bool(edges & Edges.TOP), bool(edges & Edges.BOTTOM))
    factor = max(across.factor(dx), down.factor(dy), key=lambda each: abs(each - 1))
    low_x, high_x = across.limits(least.x, least.right, extent.width)
    low_y, high_y = down.limits(least.y, least.bottom, extent.height)
    factor = min(max(factor, low_x, low_y), high_x, high_y)
    (left, right), (top, bottom) = across.times(factor, extent.width), down.times(factor, extent.height)
    return Rect(left, top, right - left, bottom - top).united(least)


@dataclass(frozen=True, slots=True)
class _Span:
    """One side of a box that is scaled: `weight` of its growth goes to its start, the rest to its end."""

    start: int
    end: int
    weight: float

    @classmethod
    def of(cls, start: int, end: int, takes_start: bool, takes_end: bool) -> _Span:
        return cls(start, end, 1.0 if takes_start else 0.0 if takes_end else 0.5)

    @property
    def length(self) -> int:
        return self.end - self.start

    def factor(self, delta: int) -> float:
        """By what the pointer's way `delta` scales it; the middle follows its neighbour."""
        return 1 + delta * {1.0: -1, 0.0: 1, 0.5: 0}[self.weight] / self.length

    def limits(self, least_start: int, least_end: int, limit: int) -> tuple[float, float]:
        """The factors between which the least span stays inside, and the span inside ``0 … limit``."""
        before, after = self.weight * self.length, (1 - self.weight) * self.length
        lows, highs = [0.0], []
        if before:
            lows.append(1 - (least_start - self.start) / before)
            highs.append(1 + self.start / before)
        if after:
            lows.append(1 - (self.end - least_end) / after)
            highs.append(1 + (limit - self.end) / after)
        return max(lows), min(highs)

    def times(self, factor: float, limit: int) -> tuple[int, int]:
        growth = (factor - 1) * self.length
        start, end = self.start - self.weight * growth, self.end + (1 - self.weight) * growth
        return max(round(start), 0), min(round(end), limit)


def _within(value: int, low: int, high: int) -> int:
    return min(max(value, low), high)
