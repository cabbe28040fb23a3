"""The canvas: a scene view that takes the mouse, the pen, touch and keys, and feeds them to hand and tool."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
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
from app.ui.tools.tools import CursorShape, Outline, Tool

KeyTaker = Callable[[QKeyEvent], bool]
"""Whether it took the key."""

_BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class Canvas(SceneView):
    """One pane's picture and everything one can do to it by pointing."""

    cursor_moved = Signal(object)
    """`QPointF` in image pixels (perhaps outside the image), or None when the pointer left."""

    double_clicked = Signal()
    """Where a left drag would pan; with a tool, a double click is two dabs."""

    focused = Signal()
    """It has the keyboard by a click or a key, not because the pointer is over it."""

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
        self._framed = False
        self._has_glass = False
        self._key_taker: KeyTaker | None = None
        viewport.hand_changed.connect(self.pointer_changed)
        viewport.changed.connect(self.pointer_changed)

    def set_layer(self, layer: ImageLayer | None, mask: MaskLevels | None, avoided: MaskLevels | None = None) -> None:
        """Show another image; a stroke in progress on the old one is taken back."""
        self._pointer.abort()
        super().set_layer(layer, mask, avoided)
        self.pointer_changed()

    def ring(self) -> CursorShape | None:
        """The tool's ring at the pointer."""
        return None if self.scene.layer is None else self._pointer.ring

    def outline(self) -> Outline | None:
        """What the tool draws over the photo."""
        return None if self.scene.layer is None else self._pointer.outline

    def set_tool(self, tool: Tool | None) -> None:
        """Paint with `tool`; with None a left drag pans."""
        self._pointer.set_tool(tool)

    def set_key_taker(self, taker: KeyTaker | None) -> None:
        """Who may take a key that is none of the tool's, before it moves the image."""
        self._key_taker = taker

    @property
    def is_busy(self) -> bool:
        """True while a stroke or a shape is under way."""
        return self._pointer.is_busy

    def abort(self) -> bool:
        """Take back the stroke in progress, or the open shape; returns whether there was one."""
        return self._pointer.abort()

    def pointer_changed(self) -> None:
        """Redraw the marks at the pointer, set the cursor's shape, and tell where the pointer is."""
        self.update_marks()
        self.setCursor(self._cursor_shape())
        position = self._pointer.position
        if position is not None or self._pointing:
            self._pointing = position is not None
            self.cursor_moved.emit(None if position is None else QPointF(*self.to_image(position)))

    def set_glass(self, on: bool) -> None:
        """A glass lies over the pointer: a hand would hide what it enlarges."""
        self._has_glass = on
        self.setCursor(self._cursor_shape())

    @property
    def has_tool(self) -> bool:
        """A left drag is the tool's."""
        return not self._pointer.pans_on_left

    def _cursor_shape(self) -> Qt.CursorShape:
        if self.scene.layer is None:
            return Qt.CursorShape.ArrowCursor
        shape = self._pointer.cursor
        return Qt.CursorShape.CrossCursor if self._has_glass and shape is Qt.CursorShape.OpenHandCursor else shape

    def hideEvent(self, event: QHideEvent) -> None:
        """A drag in progress ends and is kept."""
        self._pointer.finish()
        self._pointer.left()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Paint, pan, or resize the brush."""
        self.focused.emit()
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
        """The pen; a press takes the keys as one of the mouse does."""
        if event.type() == QEvent.Type.TabletPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pointer.tablet(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Take the keys (Space, Alt) where nobody is typing."""
        if self.isActiveWindow() and not isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox):
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is elsewhere."""
        self._pointer.left()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever came by keys sees a frame; a pointer shows for itself where it is."""
        self._set_framed(event.reason() in _BY_KEYS)
        if event.reason() in _BY_KEYS:
            self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A release of Space would not come here any more."""
        self._set_framed(False)
        self._viewport.set_hand(False)
        self._pointer.key_released(Qt.Key.Key_Space)

    def _set_framed(self, on: bool) -> None:
        if on != self._framed:
            self._framed = on
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The scene, and the frame of the keyboard's focus."""
        super().paintEvent(event)
        if self._framed:
            painter = QPainter(self)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
            painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the brush, zoom to the cursor, or pan."""
        if self._pointer.wheel(event):
            event.accept()
        else:
            self._navigator.wheel(event)
        self.pointer_changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The tool's keys; Space, arrows; Alt shows what it will do."""
        self._pointer.modifiers_changed(event.modifiers())
        taken = self._pointer.key_pressed(Qt.Key(event.key()), event.modifiers())
        taken = taken or (self._key_taker is not None and self._key_taker(event))
        event.setAccepted(taken or self._navigator.key_pressed(event))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space or Alt let go."""
        self._pointer.modifiers_changed(event.modifiers())
        if not event.isAutoRepeat():
            self._pointer.key_released(Qt.Key(event.key()))
        event.setAccepted(self._navigator.key_released(event))

    def event(self, event: QEvent) -> bool:
        """Pinches have no handler of their own; some keys are the tool's before they are a shortcut."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(self._pointer.wants_key(Qt.Key(event.key())))
            if event.isAccepted():
                return True
        if isinstance(event, QNativeGestureEvent) and self._navigator.native_gesture(event):
            return True
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._navigator.pinch(pinch, QPointF(self.mapFromGlobal(pinch.hotSpot().toPoint())))
                return True
        return super().event(event)
