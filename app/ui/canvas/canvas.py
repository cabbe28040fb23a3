"""The canvas: a scene view that takes the mouse, the pen, touch and keys, and feeds them to hand and tool."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QGestureEvent, QLineEdit, QPinchGesture, QWidget

from app.imaging.mask_levels import MaskLevels
from app.ui.canvas.image_layer import ImageLayer
from app.ui.canvas.navigation import Navigator
from app.ui.canvas.pointer import PointerRouter
from app.ui.canvas.scene_view import SceneView
from app.ui.canvas.viewport import Viewport
from app.ui.language import tr
from app.ui.tools.tools import CursorShape, Tool


class Canvas(SceneView):
    """One pane's picture and everything one can do to it by pointing."""

    cursor_moved = Signal(object)
    """`QPointF` in image pixels (perhaps outside the image), or None when the pointer left."""

    double_clicked = Signal()
    """Where a left drag would pan; with a tool, a double click is two dabs."""

    def __init__(self, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(viewport, parent)
        self._navigator = Navigator(viewport, self)
        self._pointer = PointerRouter(viewport, self._navigator, self)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Image"))
        self._pointing = False
        viewport.hand_changed.connect(self.pointer_changed)
        viewport.changed.connect(self.pointer_changed)

    def set_layer(self, layer: ImageLayer | None, mask: MaskLevels | None) -> None:
        """Show another image; a stroke in progress on the old one is taken back."""
        self._pointer.abort()
        super().set_layer(layer, mask)
        self.pointer_changed()

    def ring(self) -> CursorShape | None:
        """The tool's ring at the pointer."""
        return None if self.scene.layer is None else self._pointer.ring

    def set_tool(self, tool: Tool | None) -> None:
        """Paint with `tool`; with None a left drag pans."""
        self._pointer.set_tool(tool)

    @property
    def is_busy(self) -> bool:
        """True while a stroke or a shape is under way."""
        return self._pointer.is_busy

    def abort(self) -> bool:
        """Take back the stroke in progress; returns whether there was one."""
        return self._pointer.abort()

    def pointer_changed(self) -> None:
        """Redraw the marks at the pointer, set the cursor's shape, and tell where the pointer is."""
        self.update_marks()
        self.setCursor(self._cursor_shape())
        position = self._pointer.position
        if position is not None or self._pointing:
            self._pointing = position is not None
            self.cursor_moved.emit(None if position is None else QPointF(*self.to_image(position)))

    def _cursor_shape(self) -> Qt.CursorShape:
        if self.scene.layer is None:
            return Qt.CursorShape.ArrowCursor
        return self._pointer.cursor

    def hideEvent(self, event: QHideEvent) -> None:
        """A drag in progress ends and is kept."""
        self._pointer.finish()
        self._pointer.left()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Paint, pan, or resize the brush."""
        self._pointer.mouse_pressed(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        self._pointer.mouse_moved(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """And end it."""
        self._pointer.mouse_released(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """With a tool what it makes of it, without one a wish to see this pane large."""
        if self._pointer.pans_on_left and event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()
        else:
            self._pointer.double_clicked(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """The pen."""
        self._pointer.tablet(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Take the keys (Space, Alt) where nobody is typing."""
        if self.isActiveWindow() and not isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox):
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is elsewhere."""
        self._pointer.left()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A release of Space would not come here any more."""
        self._viewport.set_hand(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the cursor, or pan."""
        self._navigator.wheel(event)
        self.pointer_changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The tool's keys; Space, arrows; Alt shows what it will do."""
        self._pointer.modifiers_changed(event.modifiers())
        taken = self._pointer.key_pressed(Qt.Key(event.key()), event.modifiers())
        event.setAccepted(taken or self._navigator.key_pressed(event))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space or Alt let go."""
        self._pointer.modifiers_changed(event.modifiers())
        event.setAccepted(self._navigator.key_released(event))

    def event(self, event: QEvent) -> bool:
        """Pinches have no handler of their own."""
        if isinstance(event, QNativeGestureEvent) and self._navigator.native_gesture(event):
            return True
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._navigator.pinch(pinch, QPointF(self.mapFromGlobal(pinch.hotSpot().toPoint())))
                return True
        return super().event(event)
