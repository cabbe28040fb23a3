"""Moving about on a canvas: wheel, pinch, two fingers that pan, zoom and turn, Space and the arrow keys."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QPinchGesture

from app.imaging.geometry import Point
from app.ui.canvas.viewport import Viewport

NOTCH = 120
"""`angleDelta` of one notch of a wheel."""

ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}

ARROW_SHARE = 0.1
"""Share of the view's shorter side that an arrow key pans by."""

_TURN_FROM = 10.0
"""Degrees that two fingers have to turn before the image turns with them: a pinch is never quite straight."""

_SNAP = 3.0
"""Degrees from a right angle within which the image rests at it when the fingers are lifted."""


class Surface(Protocol):
    """What the navigator needs to know of its canvas."""

    def to_view(self, position: QPointF) -> QPointF:
        """View (device) pixels of a widget position."""

    def to_image(self, position: QPointF) -> Point:
        """The image point at a widget position."""

    def view_size(self) -> tuple[int, int]:
        """Width and height in view pixels."""


class Notches:
    """Whole notches of a wheel: fine wheels and touchpads send parts of one."""

    def __init__(self) -> None:
        self._turned = 0

    def turn(self, angle: int) -> int:
        """How many are full after another `angle`; the rest is kept."""
        self._turned += angle
        full = int(self._turned / NOTCH)
        self._turned -= full * NOTCH
        return full


class Navigator:
    """Turns events into zoom and pan of the shared viewport."""

    def __init__(self, viewport: Viewport, surface: Surface) -> None:
        self._viewport = viewport
        self._surface = surface
        self._grip: QPointF | None = None
        self._turning = 0.0
        """Degrees two fingers have turned since they touched down, until the image turns with them."""
        self._turns = False

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
        """A wheel zooms to the cursor or pans, as the viewport says; two fingers on a touchpad pan.

        Ctrl and Alt always zoom, Shift pans sideways.
        """
        zooms = bool(event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier))
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if not zooms and (shift or not self._viewport.wheel_zooms or _from_touchpad(event)):
            self._scroll(event, sideways=shift)
        else:
            angle = event.angleDelta().y() or event.angleDelta().x()
            self._viewport.zoom_step(angle / NOTCH, self._surface.to_image(event.position()))
        event.accept()

    def _scroll(self, event: QWheelEvent, *, sideways: bool) -> None:
        delta = QPointF(event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta())
        if sideways and not delta.x():
            delta = QPointF(delta.y(), 0)
        origin, moved = self._surface.to_view(QPointF(0, 0)), self._surface.to_view(delta)
        self._viewport.pan_by(moved.x() - origin.x(), moved.y() - origin.y())

    def native_gesture(self, event: QNativeGestureEvent) -> bool:
        """Two fingers on a touchpad zoom to the cursor and turn about it; returns whether they did."""
        kind, value = event.gestureType(), event.value()
        if kind == Qt.NativeGestureType.BeginNativeGesture:
            self._begin_turn()
        elif kind == Qt.NativeGestureType.EndNativeGesture:
            self._end_turn()
        elif kind == Qt.NativeGestureType.ZoomNativeGesture:
            self._viewport.zoom_to(self._surface.to_image(event.position()), max(0.1, 1.0 + value))
        elif kind == Qt.NativeGestureType.RotateNativeGesture:
            self._turn(value, event.position())
        else:
            return False
        return True

    def pinch(self, gesture: QPinchGesture, centre: QPointF) -> None:
        """Two fingers on a touch screen zoom and turn about the widget position between them, and pan as they move."""
        if gesture.state() == Qt.GestureState.GestureStarted:
            self._begin_turn()
        moved = self._surface.to_view(gesture.centerPoint()) - self._surface.to_view(gesture.lastCenterPoint())
        self._viewport.pan_by(moved.x(), moved.y())
        self._viewport.zoom_to(self._surface.to_image(centre), max(0.1, gesture.scaleFactor()))
        self._turn(gesture.rotationAngle() - gesture.lastRotationAngle(), centre)
        if gesture.state() in (Qt.GestureState.GestureFinished, Qt.GestureState.GestureCanceled):
            self._end_turn()

    def _begin_turn(self) -> None:
        self._turning, self._turns = 0.0, False

    def _turn(self, degrees: float, about: QPointF) -> None:
        if not self._viewport.turns_by_touch:
            return
        self._turning += degrees
        if self._turns:
            self._viewport.turn_by(degrees, self._surface.to_image(about))
        self._turns = self._turns or abs(self._turning) >= _TURN_FROM

    def _end_turn(self) -> None:
        """Come to rest, at a right angle where one is near."""
        angle = self._viewport.angle
        if self._turns and abs(angle - 90 * round(angle / 90)) <= _SNAP:
            self._viewport.set_angle(90 * round(angle / 90))
        self._begin_turn()

    def key_pressed(self, event: QKeyEvent) -> bool:
        """Space takes the hand, arrows pan; returns whether the key was one of these."""
        if event.key() == Qt.Key.Key_Space:
            self._viewport.set_hand(True)
            return True
        direction = ARROWS.get(Qt.Key(event.key()))
        if direction is None:
            return False
        step = ARROW_SHARE * min(self._surface.view_size())
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
