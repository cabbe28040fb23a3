"""Keeps a stroke on a row or a column for as long as a key is held."""

from __future__ import annotations

from app.imaging.geometry import Point


class Rail:
    """The direction is that of the first movement after the key went down."""

    def __init__(self) -> None:
        self._last = Point(0, 0)
        self._reach = 1.0
        self._waits = False
        self._start: Point | None = None
        self._is_level: bool | None = None

    def begin(self, point: Point, reach: float, *, waits: bool) -> None:
        """A stroke begins at `point`; a movement of `reach` image pixels shows its direction.

        With `waits`, a key that is held already means something else, until it was let go.
        """
        self._last, self._reach, self._waits = point, reach, waits
        self._start = self._is_level = None

    def along(self, point: Point, *, is_held: bool) -> Point:
        """Where to paint while the pointer is at `point`."""
        if not is_held:
            self._waits, self._start, self._is_level = False, None, None
            self._last = point
        elif self._waits:
            self._last = point
        else:
            self._last = self._held(point)
        return self._last

    def _held(self, point: Point) -> Point:
        start = self._start = self._start or self._last
        dx, dy = abs(point.x - start.x), abs(point.y - start.y)
        if self._is_level is None and max(dx, dy) >= self._reach:
            self._is_level = dx >= dy
        if self._is_level is None:
            return start
        return Point(point.x, start.y) if self._is_level else Point(start.x, point.y)
