"""A window with a plain photo, and a mouse or a pen over it, led along image points by real events."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent, QPointingDevice, QPointingDeviceUniqueId, QTabletEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.imaging.arrays import Mask
from app.imaging.geometry import Point
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.scene_view import SceneView
from app.ui.main_window import MainWindow
from tests.canvases import LEFT, NONE, mouse

Place = tuple[float, float]


def pen_device(kind: QPointingDevice.PointerType) -> QPointingDevice:
    """One end of a pen."""
    can = QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
    stylus = QInputDevice.DeviceType.Stylus
    return QPointingDevice("pen", 7, stylus, kind, can, 1, 3, "", QPointingDeviceUniqueId())


TIP = pen_device(QPointingDevice.PointerType.Pen)
END = pen_device(QPointingDevice.PointerType.Eraser)


class Pointer(Protocol):
    """A mouse or a pen. Places are image pixels."""

    def press(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None: ...
    def move(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None: ...
    def release(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None: ...
    def double(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None: ...


def widget_at(canvas: SceneView, place: Place) -> Place:
    """The widget position of an image point."""
    position = canvas.from_image(Point(*place))
    return position.x(), position.y()


class Mouse:
    """A mouse."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas, self._is_down = canvas, False

    def press(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self._send(QEvent.Type.MouseButtonPress, place, modifiers, is_down=True)

    def move(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self._send(QEvent.Type.MouseMove, place, modifiers, is_down=self._is_down)

    def release(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self._send(QEvent.Type.MouseButtonRelease, place, modifiers, is_down=False)

    def double(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.press(place, modifiers)
        self.release(place, modifiers)
        self._send(QEvent.Type.MouseButtonDblClick, place, modifiers, is_down=True)
        self.release(place, modifiers)

    def _send(self, kind: QEvent.Type, place: Place, modifiers: Qt.KeyboardModifier, *, is_down: bool) -> None:
        self._is_down = is_down
        held = kind == QEvent.Type.MouseMove and not is_down
        mouse(self._canvas, kind, widget_at(self._canvas, place), Qt.MouseButton.NoButton if held else LEFT, modifiers)


def pen(
    canvas: Canvas,
    kind: QEvent.Type,
    at: Place,
    pressure: float = 1.0,
    device: QPointingDevice = TIP,
    *,
    modifiers: Qt.KeyboardModifier = NONE,
    time: int = 0,
) -> QTabletEvent:
    """Send one event of a pen at a widget position; without pressure it hovers. `time` is in milliseconds."""
    position = QPointF(*at)
    held = LEFT if kind != QEvent.Type.TabletRelease and pressure else Qt.MouseButton.NoButton
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletMove else LEFT
    where = position, QPointF(canvas.mapToGlobal(position))
    event = QTabletEvent(kind, device, *where, pressure, 0, 0, 0, 0, 0, modifiers, button, held)
    event.setTimestamp(time)
    event.ignore()
    QApplication.sendEvent(canvas, event)
    return event


class Pen:
    """A pen, by its tip or its other end; a second passes between two events, but not within a double tap."""

    def __init__(self, canvas: Canvas, device: QPointingDevice = TIP) -> None:
        self._canvas, self._device, self._is_down, self._time = canvas, device, False, 5000
        self.pressure = 0.5

    def press(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self._time += 1000
        self._send(QEvent.Type.TabletPress, place, modifiers, is_down=True)

    def move(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self._send(QEvent.Type.TabletMove, place, modifiers, is_down=self._is_down)

    def release(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self._send(QEvent.Type.TabletRelease, place, modifiers, is_down=False)

    def double(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.press(place, modifiers)
        self.release(place, modifiers)
        self._send(QEvent.Type.TabletPress, place, modifiers, is_down=True)
        self.release(place, modifiers)

    def _send(self, kind: QEvent.Type, place: Place, modifiers: Qt.KeyboardModifier, *, is_down: bool) -> None:
        self._is_down = is_down
        pressure = self.pressure if is_down else 0.0
        at = widget_at(self._canvas, place)
        pen(self._canvas, kind, at, pressure, self._device, modifiers=modifiers, time=self._time)


def drag(pointer: Pointer, *places: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press at the first place, move through the others, release at the last."""
    pointer.press(places[0], modifiers)
    for place in places[1:]:
        pointer.move(place, modifiers)
    pointer.release(places[-1], modifiers)


def click(pointer: Pointer, *places: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """One click at each place."""
    for place in places:
        pointer.move(place, modifiers)
        pointer.press(place, modifiers)
        pointer.release(place, modifiers)


def mask_of(qtbot: QtBot, window: MainWindow) -> Mask:
    """The mask, once nothing is under way."""
    qtbot.waitUntil(lambda: not window.session.loans.is_lent)
    assert window.session.document is not None
    return window.session.document.mask


def key(canvas: Canvas, kind: QEvent.Type, which: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """One end of a key's stroke."""
    QApplication.sendEvent(canvas, QKeyEvent(kind, which, modifiers))


def wheel(
    canvas: SceneView,
    place: Place,
    angle: tuple[int, int],
    modifiers: Qt.KeyboardModifier,
    taker: QWidget | None = None,
) -> None:
    """Turn the wheel over an image point; `taker` is what lies behind `canvas`: only real events go on to it."""
    position = QPointF(*widget_at(canvas, place))
    where = position, QPointF(canvas.mapToGlobal(position))
    buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(*where, QPoint(), QPoint(*angle), buttons, modifiers, phase, False)
    QApplication.sendEvent(taker or canvas, event)
