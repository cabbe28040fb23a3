"""Where the panes look: one zoom, one centre and one angle for all of them.

View pixels are *device* pixels, so that 100 % shows one image pixel on one pixel of the screen at any display scaling.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, Signal

from app.imaging.geometry import Extent, Point
from app.ui.canvas.view_transform import ViewTransform, turned_by

__all__ = ["ViewTransform", "Viewport"]

MIN_SCALE, MAX_SCALE = 0.01, 32.0
"""Smallest and largest zoom, view pixels per image pixel."""

STEP = 1.25
"""One notch of the wheel, one press of a zoom key."""


class Viewport(QObject):
    """Zoom, centre and angle, shared by all panes; starts, and stays until zoomed or panned, fitted to the view."""

    changed = Signal()
    hand_changed = Signal()

    wheel_zooms = True
    """A mouse wheel zooms; else it pans, as two fingers on a touchpad always do."""

    turns_by_touch = True
    """Two fingers that turn take the image along."""

    fit_margin = 0.02
    """Share of the view's shorter side left free on each side of a fitted image."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._extent = Extent(1, 1)
        self._view = Extent(1, 1)
        self._scale = 1.0
        self._centre = Point(0.5, 0.5)
        self._angle = 0.0
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
    def angle(self) -> float:
        """How far the image is turned, degrees clockwise, -180 < angle <= 180. It is only seen so."""
        return self._angle

    @property
    def view(self) -> Extent:
        """The size of the panes, or of the large ones of them, view pixels."""
        return self._view

    @property
    def is_fit(self) -> bool:
        """True while the image follows the size of the view."""
        return self._is_fit

    @property
    def fitting_scale(self) -> float:
        """The zoom at which the whole image is shown, as large as the view allows."""
        return self._fitting(self._view, self._angle)

    def turned_sides(self, width: float, height: float) -> tuple[float, float]:
        """The sides of the upright box round a rectangle that is turned as the image is."""
        return _box(width, height, self._angle)

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
        scale = self._fitting(Extent(width, height), self._angle) if self._is_fit else self._scale
        x = math.floor(width / 2 - self._centre.x * scale + 0.5)
        y = math.floor(height / 2 - self._centre.y * scale + 0.5)
        return ViewTransform(scale, x, y, self._angle, (width // 2, height // 2) if self._angle else (0, 0))

    def corners(self) -> tuple[Point, ...]:
        """The image points at the corners of the view, clockwise; they may lie outside the image."""
        view, (width, height) = self.transform(*self._view), self._view
        return tuple(view.to_image(*corner) for corner in ((0, 0), (width, 0), (width, height), (0, height)))

    def set_extent(self, extent: Extent) -> None:
        """Another image is shown: upright, and fitted."""
        self._extent = extent
        self._fit(0.0)

    def set_view_size(self, width: int, height: int) -> None:
        """The panes, or the large ones of them, are `width` × `height` view pixels now; a fitted image stays fitted."""
        view = Extent(max(width, 1), max(height, 1))
        if view == self._view:
            return
        self._view = view
        if self._is_fit:
            self.fit()
        else:
            self.changed.emit()

    def fit(self) -> None:
        """Show the whole image, as large as the view allows, and keep it so when the view is resized."""
        self._fit(self._angle)

    def fill(self) -> None:
        """Show the middle of the image as small as it leaves none of the view empty."""
        across, down = _box(*self._view, self._angle)
        centre = Point(self._extent.width / 2, self._extent.height / 2)
        self._set(_clamped(max(across / self._extent.width, down / self._extent.height)), centre)

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

    def look_at(self, scale: float, centre: Point) -> None:
        """Zoom to `scale`, image point `centre` in the middle of the view; both are clamped."""
        self._set(_clamped(scale), centre)

    def zoom_to(self, point: Point, factor: float) -> None:
        """Zoom by `factor` while image point `point` stays where it is."""
        self.set_scale(self._scale * factor, point)

    def zoom_step(self, steps: float, anchor: Point | None = None) -> None:
        """Zoom in (`steps` > 0) or out by that many steps; one that would pass 100 % stops there."""
        scale = self._scale * STEP**steps
        passes = min(self._scale, scale) * 1.001 < 1.0 < max(self._scale, scale) / 1.001
        self.set_scale(1.0 if passes else scale, anchor)

    def set_angle(self, angle: float, anchor: Point | None = None) -> None:
        """Turn the image to `angle`, degrees clockwise, while image point `anchor`, or the centre, stays where it is.

        A fitted image stays fitted.
        """
        angle = round(180.0 - (180.0 - angle) % 360.0, 6)
        if self._is_fit:
            self._fit(angle)
            return
        anchor = anchor or self._centre
        dx, dy = turned_by(self._centre.x - anchor.x, self._centre.y - anchor.y, self._angle - angle)
        self._set(self._scale, Point(anchor.x + dx, anchor.y + dy), angle=angle)

    def turn_by(self, degrees: float, anchor: Point | None = None) -> None:
        """Turn the image clockwise while image point `anchor`, or the centre, stays where it is."""
        self.set_angle(self._angle + degrees, anchor)

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the image by view pixels: right and down on the screen are positive."""
        dx, dy = turned_by(dx, dy, -self._angle)
        self._set(self._scale, Point(self._centre.x - dx / self._scale, self._centre.y - dy / self._scale))

    def centre_on(self, point: Point) -> None:
        """Bring an image point to the middle of the view."""
        self._set(self._scale, point)

    def _fit(self, angle: float) -> None:
        centre = Point(self._extent.width / 2, self._extent.height / 2)
        self._set(self._fitting(self._view, angle), centre, is_fit=True, angle=angle)

    def _fitting(self, view: Extent, angle: float) -> float:
        """The zoom at which the image, turned by `angle`, fits `view`."""
        margin = 2 * self.fit_margin * min(view)
        width, height = _box(*self._extent, angle)
        return _clamped(min((view.width - margin) / width, (view.height - margin) / height))

    def _set(self, scale: float, centre: Point, *, is_fit: bool = False, angle: float | None = None) -> None:
        centre = Point(min(max(centre.x, 0.0), self._extent.width), min(max(centre.y, 0.0), self._extent.height))
        angle = self._angle if angle is None else angle
        if (scale, centre, is_fit, angle) != (self._scale, self._centre, self._is_fit, self._angle):
            self._scale, self._centre, self._is_fit, self._angle = scale, centre, is_fit, angle
            self.changed.emit()


def _box(width: float, height: float, angle: float) -> tuple[float, float]:
    """The sides of the upright box round a turned rectangle."""
    across, down = turned_by(width, 0, angle), turned_by(0, height, angle)
    return abs(across[0]) + abs(down[0]), abs(across[1]) + abs(down[1])


def _clamped(scale: float) -> float:
    return min(max(scale, MIN_SCALE), MAX_SCALE)
