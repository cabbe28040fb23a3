"""The mapping between image pixels and view pixels: enlarged, moved by whole pixels, and perhaps turned."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRect

from app.imaging.geometry import Extent, Point, Rect

_RIGHT_ANGLES = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), 270.0: (0.0, -1.0)}
"""Cosine and sine of them, exact."""

_NOISE = 1e-7
"""Share of a view pixel that rounding may add to a turned position."""


@dataclass(frozen=True, slots=True)
class ViewTransform:
    """Image point ``p`` lies at view position ``p * scale + (x, y)``; whole-pixel offsets keep 100 % crisp.

    A turned view is that flat one turned by `angle` about `pivot`. What draws pixels draws the flat view, and a
    painter turns it; points and rectangles below are those on the screen.
    """

    scale: float
    x: int
    y: int
    angle: float = 0.0
    """Degrees clockwise."""
    pivot: tuple[int, int] = (0, 0)
    """View pixels; whole ones, so that right angles map pixels to pixels."""

    @property
    def is_turned(self) -> bool:
        """True where the flat view is not what is seen."""
        return self.angle != 0.0

    @property
    def is_upright(self) -> bool:
        """True at multiples of 90°, where the image's pixels are those of the screen."""
        return self.angle % 90 == 0

    @property
    def flat(self) -> ViewTransform:
        """This view before it is turned."""
        return ViewTransform(self.scale, self.x, self.y) if self.is_turned else self

    def to_view(self, point: Point) -> tuple[float, float]:
        """The view position of an image point."""
        return self._turned(point.x * self.scale + self.x, point.y * self.scale + self.y, self.angle)

    def to_image(self, x: float, y: float) -> Point:
        """The image point at a view position; may lie outside the image."""
        x, y = self._turned(x, y, -self.angle)
        return Point((x - self.x) / self.scale, (y - self.y) / self.scale)

    def covering(self, rect: Rect, margin: int = 0) -> QRect:
        """A rectangle round all view pixels that an image rectangle touches, and `margin` more on each side."""
        corners = map(self.to_view, _corners(rect.x, rect.y, rect.right, rect.bottom))
        return self._round(corners).adjusted(-margin, -margin, margin, margin)

    def visible(self, exposed: QRect, extent: Extent) -> Rect:
        """A rectangle round the image pixels that lie, wholly or in part, in a rectangle of the view."""
        corners = [self.to_image(*corner) for corner in _corners_of(exposed)]
        x, y = math.floor(min(each.x for each in corners)), math.floor(min(each.y for each in corners))
        right, bottom = math.ceil(max(each.x for each in corners)), math.ceil(max(each.y for each in corners))
        return Rect(x, y, right - x, bottom - y).intersected(Rect(0, 0, *extent))

    def flattened(self, shown: QRect) -> QRect:
        """A rectangle of the flat view round what `shown`, of the screen, shows of it."""
        return self._round(self._turned(x, y, -self.angle) for x, y in _corners_of(shown)) if self.is_turned else shown

    def turned(self, flat: QRect) -> QRect:
        """A rectangle of the screen round where `flat`, of the flat view, is seen."""
        return self._round(self._turned(x, y, self.angle) for x, y in _corners_of(flat)) if self.is_turned else flat

    def _turned(self, x: float, y: float, angle: float) -> tuple[float, float]:
        if not self.is_turned:
            return x, y
        across, down = turned_by(x - self.pivot[0], y - self.pivot[1], angle)
        return across + self.pivot[0], down + self.pivot[1]

    def _round(self, corners: Iterable[tuple[float, float]]) -> QRect:
        columns, rows = zip(*corners, strict=True)
        noise = _NOISE if self.is_turned else 0.0
        x, y = math.floor(min(columns) + noise), math.floor(min(rows) + noise)
        return QRect(x, y, math.ceil(max(columns) - noise) - x, math.ceil(max(rows) - noise) - y)


def turned_by(dx: float, dy: float, angle: float) -> tuple[float, float]:
    """The vector ``(dx, dy)`` turned by `angle` degrees clockwise; exact for right angles."""
    cosine, sine = _RIGHT_ANGLES.get(angle % 360) or (math.cos(math.radians(angle)), math.sin(math.radians(angle)))
    return dx * cosine - dy * sine, dx * sine + dy * cosine


def _corners(x: float, y: float, right: float, bottom: float) -> tuple[Point, Point, Point, Point]:
    return Point(x, y), Point(right, y), Point(right, bottom), Point(x, bottom)


def _corners_of(rect: QRect) -> tuple[Point, Point, Point, Point]:
    return _corners(rect.x(), rect.y(), rect.x() + rect.width(), rect.y() + rect.height())
