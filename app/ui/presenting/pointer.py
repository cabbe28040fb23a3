"""The pointer over the presented photo: clicks step, drags pan, the wheel zooms, and at rest it is hidden."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.ui.canvas.navigation import Navigator
from app.ui.presenting.wipe_canvas import WipeCanvas

_REST = 2000
"""Milliseconds after which a pointer that rests is hidden."""


class PresentersPointer(QObject):
    """Is told what the mouse does."""

    clicked = Signal(int)
    """A click without a drag: by how many steps it leads on."""
    gripped = Signal()
    """The photo is moved by hand."""
    moved = Signal(QPointF)
    """Where the pointer is on the canvas."""

    def __init__(self, canvas: WipeCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._navigator = Navigator(canvas.viewport, canvas)
        self._pressed: QPointF | None = None
        self._is_crossed = False
        self.rest = QTimer(self, singleShot=True, interval=_REST)
        """Runs out where nothing moves."""
        self.rest.timeout.connect(self._hide)
        self.show()

    def show(self) -> None:
        """For a while."""
        crossed = Qt.CursorShape.CrossCursor if self._is_crossed else Qt.CursorShape.ArrowCursor
        self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor if self._navigator.panning else crossed)
        self.rest.start()

    def set_crossed(self, on: bool) -> None:
        """Be a cross, for a glass lies over it."""
        self._is_crossed = on
        self.show()

    def pressed(self, event: QMouseEvent) -> None:
        """A button went down."""
        self._pressed = event.position()
        self.show()

    def went(self, event: QMouseEvent) -> None:
        """The mouse moved; with the left button down it takes the photo along."""
        if event.buttons() == Qt.MouseButton.NoButton:
            self._pressed = None
        if not event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.MiddleButton):
            self._navigator.end_pan()
        elif self._pressed is not None and not self._navigator.panning and self._is_drag(event.position()):
            self._navigator.begin_pan(self._pressed)
            self.gripped.emit()
        self._navigator.pan_to(event.position())
        self.show()
        self.moved.emit(event.position())

    def released(self, event: QMouseEvent) -> None:
        """It went up: unless something was dragged, that was a click."""
        is_drag = self._navigator.panning or self._is_drag(event.position())
        was_click = self._pressed is not None and not is_drag
        self._navigator.end_pan()
        self._pressed = None
        step = {Qt.MouseButton.LeftButton: 1, Qt.MouseButton.RightButton: -1}.get(event.button())
        if was_click and step is not None:
            self.clicked.emit(step)
        self.show()

    def turned(self, event: QWheelEvent) -> None:
        """The wheel zooms."""
        self.gripped.emit()
        self._navigator.wheel(event)
        self.show()

    def _is_drag(self, position: QPointF) -> bool:
        start = self._pressed or position
        return (position - start).manhattanLength() >= QApplication.startDragDistance()

    def _hide(self) -> None:
        self._canvas.setCursor(Qt.CursorShape.BlankCursor)
