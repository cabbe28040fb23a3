"""Routes the mouse and the pen: to the hand that pans, or to the tool that paints."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPointingDevice, QTabletEvent

from app.imaging.geometry import Point, Rect
from app.ui.canvas.navigation import Navigator
from app.ui.canvas.viewport import Viewport
from app.ui.tools.tools import CursorShape, Tool

_ALT = Qt.KeyboardModifier.AltModifier


class PaintSurface(Protocol):
    """What the router tells and asks its canvas."""

    def to_image(self, position: QPointF) -> Point:
        """The image point at a widget position."""

    def refresh_mask(self, rect: Rect) -> None:
        """The tool changed the mask in `rect`."""

    def pointer_changed(self) -> None:
        """The pointer moved, left, or looks different now."""


class PointerRouter:
    """One pointer over one canvas. While the pen is down, the mouse events that double it are ignored."""

    def __init__(self, viewport: Viewport, navigator: Navigator, surface: PaintSurface) -> None:
        self._viewport = viewport
        self._navigator = navigator
        self._surface = surface
        self._tool: Tool | None = None
        self._position: QPointF | None = None
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._pen_down = False

    @property
    def position(self) -> QPointF | None:
        """Where the pointer is, in widget coordinates; None while it is elsewhere."""
        return self._position

    @property
    def tool(self) -> Tool | None:
        """What paints here; with none, a left drag pans."""
        return self._tool

    def set_tool(self, tool: Tool | None) -> None:
        """Change the tool; a stroke in progress ends first and is kept."""
        self.finish()
        if self._tool is not None:
            self._tool.changed.disconnect(self._surface.pointer_changed)
        self._tool = tool
        if tool is not None:
            tool.changed.connect(self._surface.pointer_changed)
        self._surface.pointer_changed()

    @property
    def is_busy(self) -> bool:
        """True while the tool has the pointer: a stroke or a shape is under way."""
        return self._tool is not None and self._tool.busy

    @property
    def pans_on_left(self) -> bool:
        """True where a left drag would pan."""
        return self._viewport.hand or self._tool is None

    @property
    def ring(self) -> CursorShape | None:
        """The tool's ring at the pointer; None where there is no tool, no pointer, or the hand is held."""
        shape = self._tool_cursor()
        return shape if isinstance(shape, CursorShape) else None

    @property
    def cursor(self) -> Qt.CursorShape:
        """The system's pointer over the canvas; blank where a ring is drawn for it."""
        if self._navigator.panning:
            return Qt.CursorShape.ClosedHandCursor
        if self.pans_on_left:
            return Qt.CursorShape.OpenHandCursor
        shape = self._tool_cursor()
        return shape if isinstance(shape, Qt.CursorShape) else Qt.CursorShape.BlankCursor

    def _tool_cursor(self) -> CursorShape | Qt.CursorShape | None:
        if self._tool is None or self._position is None or self._viewport.hand or self._navigator.panning:
            return None
        return self._tool.cursor(self._surface.to_image(self._position), self._modifiers)

    def mouse_pressed(self, event: QMouseEvent) -> None:
        """A mouse button went down."""
        if not self._pen_down:
            self._press(event.position(), event.button(), event.modifiers(), 1.0)

    def mouse_moved(self, event: QMouseEvent) -> None:
        """The mouse moved. With no button down, a drag whose release went to another window ends here."""
        if self._pen_down:
            return
        if event.buttons() == Qt.MouseButton.NoButton:
            self.finish()
        self._move(event.position(), event.modifiers(), 1.0)

    def mouse_released(self, event: QMouseEvent) -> None:
        """A mouse button went up."""
        if not self._pen_down:
            self._release(event.position(), event.modifiers())

    def double_clicked(self, event: QMouseEvent) -> None:
        """The second press of a double click: the tool may see more in it than a press."""
        is_left = event.button() == Qt.MouseButton.LeftButton and not self._pen_down
        point = self._surface.to_image(event.position())
        if self._tool is None or not is_left or not self._tool.double_click(point):
            self.mouse_pressed(event)

    def key_pressed(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """A key went down; returns whether the tool took it."""
        return self._tool is not None and not self._tool.busy and self._tool.key_pressed(key, modifiers)

    def tablet(self, event: QTabletEvent) -> None:
        """The pen came down, moved or lifted. Its mouse twin may have come first: what that began is taken back."""
        modifiers = event.modifiers()
        if event.pointerType() == QPointingDevice.PointerType.Eraser:
            modifiers ^= _ALT  # the pen's other end erases: it counts as Alt
        if event.type() == QEvent.Type.TabletPress:
            if not self._pen_down:
                self.abort()
            self._pen_down = True
            self._press(event.position(), event.button(), modifiers, event.pressure())
        elif event.type() == QEvent.Type.TabletMove:
            self._move(event.position(), modifiers, event.pressure())
        elif event.type() == QEvent.Type.TabletRelease:
            self._release(event.position(), modifiers)
            self._pen_down = event.buttons() != Qt.MouseButton.NoButton
        event.accept()

    def modifiers_changed(self, modifiers: Qt.KeyboardModifier) -> None:
        """A modifier key went down or up while the pointer rested."""
        self._modifiers = modifiers
        self._surface.pointer_changed()

    def left(self) -> None:
        """The pointer left the canvas."""
        self._position = None
        self._surface.pointer_changed()

    def abort(self) -> bool:
        """Take back the stroke in progress; returns whether there was one."""
        self._navigator.end_pan()
        if self._tool is None or not self._tool.busy:
            return False
        self._surface.refresh_mask(self._tool.abort())
        self._surface.pointer_changed()
        return True

    def finish(self) -> None:
        """End the drag in progress, if there is one, and keep what it did."""
        self._navigator.end_pan()
        self._pen_down = False
        if self._tool is not None and self._tool.busy:
            point = self._surface.to_image(self._position or QPointF())
            self._surface.refresh_mask(self._tool.release(point, self._modifiers))

    def _press(
        self, position: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier, pressure: float
    ) -> None:
        self._position, self._modifiers = position, modifiers
        if self._tool is not None and self._tool.busy:
            return
        if button == Qt.MouseButton.MiddleButton or (button == Qt.MouseButton.LeftButton and self.pans_on_left):
            self._navigator.begin_pan(position)
        elif self._tool is not None:
            point = self._surface.to_image(position)
            self._surface.refresh_mask(self._tool.press(point, modifiers, pressure, button))
        self._surface.pointer_changed()

    def _move(self, position: QPointF, modifiers: Qt.KeyboardModifier, pressure: float) -> None:
        self._position, self._modifiers = position, modifiers
        if self._navigator.panning:
            self._navigator.pan_to(position)
        elif self._tool is not None and self._tool.busy:
            point = self._surface.to_image(position)
            self._surface.refresh_mask(self._tool.move(point, modifiers, pressure))
        self._surface.pointer_changed()

    def _release(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        self._position, self._modifiers = position, modifiers
        self.finish()
        self._surface.pointer_changed()
