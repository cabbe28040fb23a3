"""Where the panes look: one zoom and one centre for all of them, and the mapping between image and view pixels.

View pixels are *device* pixels, so that 100 % shows one image pixel on one pixel of the screen at any display scaling.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect, Signal

from app.imaging.geometry import Extent, Point, Rect

MIN_SCALE, MAX_SCALE = 0.01, 32.0
"""Smallest and largest zoom, view pixels per image pixel."""

STEP = 1.25
"""One notch of the wheel, one press of a zoom key."""

_FIT_MARGIN = 0.02
"""Share of the view's shorter side left free on each side of a fitted image."""


@dataclass(frozen=True, slots=True)
class ViewTransform:
    """Image point ``p`` lies at view position ``p * scale + (x, y)``; whole-pixel offsets keep 100 % crisp."""

    scale: float
    x: int
    y: int

    def to_view(self, point: Point) -> tuple[float, float]:
        """The view position of an image point."""
        return point.x * self.scale + self.x, point.y * self.scale + self.y

    def to_image(self, x: float, y: float) -> Point:
        """The image point at a view position; may lie outside the image."""
        return Point((x - self.x) / self.scale, (y - self.y) / self.scale)

    def covering(self, rect: Rect, margin: int = 0) -> QRect:
        """All view pixels that an image rectangle touches, and `margin` more on each side."""
        left, top = self.to_view(Point(rect.x, rect.y))
        right, bottom = self.to_view(Point(rect.right, rect.bottom))
        x, y = math.floor(left) - margin, math.floor(top) - margin
        return QRect(x, y, math.ceil(right) + margin - x, math.ceil(bottom) + margin - y)

    def visible(self, exposed: QRect, extent: Extent) -> Rect:
        """The image pixels that lie, wholly or in part, in a rectangle of the view."""
        start = self.to_image(exposed.x(), exposed.y())
        end = self.to_image(exposed.x() + exposed.width(), exposed.y() + exposed.height())
        x, y = math.floor(start.x), math.floor(start.y)
        rect = Rect(x, y, math.ceil(end.x) - x, math.ceil(end.y) - y)
        return rect.intersected(Rect(0, 0, *extent))


class Viewport(QObject):
    """Zoom and centre, shared by all panes; starts, and stays until zoomed or panned, fitted to the view."""

    changed = Signal()
    hand_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._extent = Extent(1, 1)
        self._view = Extent(1, 1)
        self._scale = 1.0
        self._centre = Point(0.5, 0.5)
        self._is_fit = True
        self._hand = False

    @property
    def extent(self) -> Extent:
        """The size of the image."""
        return self._extent

    @property
    def scale(self) -> float:
        """View pixels per image pixel; 1.0 is 100 %."""
        return self._scale

    @property
    def centre(self) -> Point:
        """The image point in the middle of the view; always inside the image."""
        return self._centre

    @property
    def is_fit(self) -> bool:
        """True while the image follows the size of the view."""
        return self._is_fit

    @property
    def hand(self) -> bool:
        """True while Space is held: any drag pans."""
        return self._hand

    def contains(self, point: Point) -> bool:
        """True where `point` lies on the image."""
        return 0 <= point.x < self._extent.width and 0 <= point.y < self._extent.height

    def set_hand(self, held: bool) -> None:
        """Hold or let go of the hand."""
        if held != self._hand:
            self._hand = held
            self.hand_changed.emit()

    def transform(self, width: int, height: int) -> ViewTransform:
        """The mapping for a pane of `width` × `height` view pixels; while fitted, a smaller pane has a smaller zoom."""
        scale = self._fitting(Extent(width, height)) if self._is_fit else self._scale
        x = math.floor(width / 2 - self._centre.x * scale + 0.5)
        y = math.floor(height / 2 - self._centre.y * scale + 0.5)
        return ViewTransform(scale, x, y)

    def set_extent(self, extent: Extent) -> None:
        """Another image is shown: fit it."""
        self._extent = extent
        self.fit()

    def set_view_size(self, width: int, height: int) -> None:
        """The panes, or the large ones of them, are `width` × `height` view pixels now; a fitted image stays fitted."""
        view = Extent(max(width, 1), max(height, 1))
        if view == self._view:
            return
        self._view = view
        if self._is_fit:
            self.fit()

    def fit(self) -> None:
        """Show the whole image, as large as the view allows, and keep it so when the view is resized."""
        centre = Point(self._extent.width / 2, self._extent.height / 2)
        self._set(self._fitting(self._view), centre, is_fit=True)

    def set_scale(self, scale: float, anchor: Point | None = None) -> None:
        """Zoom to `scale` (clamped to 1 %…3200 %) while image point `anchor`, or the centre, stays where it is."""
        scale = _clamped(scale)
        anchor = anchor or self._centre
        ratio = self._scale / scale
        centre = Point(
            anchor.x + (self._centre.x - anchor.x) * ratio,
            anchor.y + (self._centre.y - anchor.y) * ratio,
        )
        self._set(scale, centre)

    def zoom_to(self, point: Point, factor: float) -> None:
        """Zoom by `factor` while image point `point` stays where it is."""
        self.set_scale(self._scale * factor, point)

    def zoom_step(self, steps: float, anchor: Point | None = None) -> None:
        """Zoom in (`steps` > 0) or out by that many steps; one that would pass 100 % stops there."""
        scale = self._scale * STEP**steps
        passes = min(self._scale, scale) * 1.001 < 1.0 < max(self._scale, scale) / 1.001
        self.set_scale(1.0 if passes else scale, anchor)

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the image by view pixels: right and down are positive."""
        self._set(self._scale, Point(self._centre.x - dx / self._scale, self._centre.y - dy / self._scale))

    def centre_on(self, point: Point) -> None:
        """Bring an image point to the middle of the view."""
        self._set(self._scale, point)

    def _fitting(self, view: Extent) -> float:
        """The zoom at which the image fits `view`."""
        margin = 2 * _FIT_MARGIN * min(view)
        return _clamped(min((view.width - margin) / self._extent.width, (view.height - margin) / self._extent.height))

    def _set(self, scale: float, centre: Point, *, is_fit: bool = False) -> None:
        centre = Point(min(max(centre.x, 0.0), self._extent.width), min(max(centre.y, 0.0), self._extent.height))
        if (scale, centre, is_fit) != (self._scale, self._centre, self._is_fit):
            self._scale, self._centre, self._is_fit = scale, centre, is_fit
            self.changed.emit()


def _clamped(scale: float) -> float:
    return min(max(scale, MIN_SCALE), MAX_SCALE)
