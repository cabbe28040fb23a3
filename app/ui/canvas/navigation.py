"""Moving about on a canvas: wheel, pinch, two fingers, Space and the arrow keys."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QPinchGesture

from app.imaging.geometry import Point
from app.ui.canvas.viewport import Viewport

_NOTCH = 120
"""`angleDelta` of one notch of a wheel."""

_ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}

_ARROW_SHARE = 0.1
"""Share of the view's shorter side that an arrow key pans by."""


class Surface(Protocol):
    """What the navigator needs to know of its canvas."""

    def to_view(self, position: QPointF) -> QPointF:
        """View (device) pixels of a widget position."""

    def to_image(self, position: QPointF) -> Point:
        """The image point at a widget position."""

    def view_size(self) -> tuple[int, int]:
        """Width and height in view pixels."""


class Navigator:
    """Turns events into zoom and pan of the shared viewport."""

    def __init__(self, viewport: Viewport, surface: Surface) -> None:
        self._viewport = viewport
        self._surface = surface
        self._grip: QPointF | None = None

    @property
    def panning(self) -> bool:
        """True between `begin_pan` and `end_pan`."""
        return self._grip is not None

    def begin_pan(self, position: QPointF) -> None:
        """Grip the image at a widget position."""
        self._grip = self._surface.to_view(position)

    def pan_to(self, position: QPointF) -> None:
        """Drag what was gripped to a widget position."""
        if self._grip is not None:
            here = self._surface.to_view(position)
            self._viewport.pan_by(here.x() - self._grip.x(), here.y() - self._grip.y())
            self._grip = here

    def end_pan(self) -> None:
        """Let go."""
        self._grip = None

    def wheel(self, event: QWheelEvent) -> None:
        """A wheel zooms to the cursor, two fingers on a touchpad pan; Ctrl always zooms, Shift pans sideways."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if not control and (shift or _from_touchpad(event)):
            self._scroll(event, sideways=shift)
        else:
            angle = event.angleDelta().y() or event.angleDelta().x()
            self._viewport.zoom_step(angle / _NOTCH, self._surface.to_image(event.position()))
        event.accept()

    def _scroll(self, event: QWheelEvent, *, sideways: bool) -> None:
        delta = QPointF(event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta())
        if sideways and not delta.x():
            delta = QPointF(delta.y(), 0)
        origin, moved = self._surface.to_view(QPointF(0, 0)), self._surface.to_view(delta)
        self._viewport.pan_by(moved.x() - origin.x(), moved.y() - origin.y())

    def native_gesture(self, event: QNativeGestureEvent) -> bool:
        """A pinch on a touchpad zooms to the cursor; returns whether it was one."""
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._viewport.zoom_to(self._surface.to_image(event.position()), max(0.1, 1.0 + event.value()))
        return True

    def pinch(self, gesture: QPinchGesture, centre: QPointF) -> None:
        """Two fingers on a touch screen zoom about the widget position between them, and pan as they move."""
        moved = self._surface.to_view(gesture.centerPoint()) - self._surface.to_view(gesture.lastCenterPoint())
        self._viewport.pan_by(moved.x(), moved.y())
        self._viewport.zoom_to(self._surface.to_image(centre), max(0.1, gesture.scaleFactor()))

    def key_pressed(self, event: QKeyEvent) -> bool:
        """Space takes the hand, arrows pan; returns whether the key was one of these."""
        if event.key() == Qt.Key.Key_Space:
            self._viewport.set_hand(True)
            return True
        direction = _ARROWS.get(Qt.Key(event.key()))
        if direction is None:
            return False
        step = _ARROW_SHARE * min(self._surface.view_size())
        self._viewport.pan_by(direction[0] * step, direction[1] * step)
        return True

    def key_released(self, event: QKeyEvent) -> bool:
        """Letting go of Space lets go of the hand; returns whether it was that key."""
        if event.key() != Qt.Key.Key_Space:
            return False
        if not event.isAutoRepeat():
            self._viewport.set_hand(False)
        return True


def _from_touchpad(event: QWheelEvent) -> bool:
    """True for two-finger scrolling: the device says so, or it sends pixels in phases as only touchpads do."""
    if event.device() is not None and event.device().type() == QInputDevice.DeviceType.TouchPad:
        return True
    return not event.pixelDelta().isNull() and event.phase() != Qt.ScrollPhase.NoScrollPhase
