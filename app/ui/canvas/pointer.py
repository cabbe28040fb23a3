"""Routes the mouse and the pen: to the hand that pans, or to the tool that paints."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPointingDevice, QTabletEvent, QWheelEvent

from app.imaging.geometry import Point, Rect
from app.ui.canvas.adjusting import AdjustDrag, WheelSteps
from app.ui.canvas.double_tap import DoubleTap
from app.ui.canvas.navigation import Navigator
from app.ui.canvas.viewport import Viewport
from app.ui.tools.tools import AdjustableTool, CursorShape, Outline, OutlinedTool, ShapingTool, Tool

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
        self._taps = DoubleTap()
        self._adjusting: AdjustDrag | None = None
        self._wheel = WheelSteps()

    @property
    def position(self) -> QPointF | None:
        """Where the pointer is, in widget coordinates; None while it is elsewhere."""
        return self._position

    @property
    def tool(self) -> Tool | None:
        """What paints here; with none, a left drag pans."""
        return self._tool

    def set_tool(self, tool: Tool | None) -> None:
        """Change the tool; a stroke in progress ends first and is kept, a shape that is still open is dropped."""
        self.finish()
        if self._shaping is not None:
            self._shaping.drop()
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

    @property
    def outline(self) -> Outline | None:
        """What the tool draws over the photo, wherever the pointer is."""
        if not isinstance(self._tool, OutlinedTool):
            return None
        is_elsewhere = self._position is None or self._viewport.hand or self._navigator.panning
        point = None if is_elsewhere or self._position is None else self._surface.to_image(self._position)
        return self._tool.outline(point, self._modifiers)

    @property
    def _shaping(self) -> ShapingTool | None:
        return self._tool if isinstance(self._tool, ShapingTool) else None

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
        if not self._pen_down:
            self._press(event.position(), event.button(), event.modifiers(), 1.0, is_double=True)

    def key_pressed(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """A key went down; returns whether the tool took it. During a drag Space carries the shape."""
        if self._tool is not None and self._tool.busy:
            is_carried = key == Qt.Key.Key_Space and self._shaping is not None
            if self._shaping is not None and is_carried:
                self._shaping.carry(True)
            return is_carried
        taken = self._tool is not None and self._tool.key_pressed(key, modifiers)
        if taken:
            self._surface.pointer_changed()
        return taken

    def key_released(self, key: Qt.Key) -> None:
        """A key went up."""
        if key == Qt.Key.Key_Space and self._shaping is not None:
            self._shaping.carry(False)

    def wants_key(self, key: Qt.Key) -> bool:
        """Whether the tool comes before the actions that have `key` as their shortcut."""
        return self._shaping is not None and self._shaping.wants_key(key)

    def wheel(self, event: QWheelEvent) -> bool:
        """The wheel turned; returns whether that was meant for the brush, which it doesn't change during a drag."""
        if not isinstance(self._tool, AdjustableTool) or self._tool.busy:
            return False
        return self._wheel.turn(self._tool, event)

    def tablet(self, event: QTabletEvent) -> None:
        """The pen came down, moved or lifted. Its mouse twin may have come first: what that began is taken back."""
        modifiers = event.modifiers()
        if event.pointerType() == QPointingDevice.PointerType.Eraser:
            modifiers ^= _ALT  # the pen's other end erases: it counts as Alt
        if event.type() == QEvent.Type.TabletPress:
            if not self._pen_down:
                self._abort_drag()
            self._pen_down = True
            is_double = self._taps.is_second(event)
            self._press(event.position(), event.button(), modifiers, event.pressure(), is_double=is_double)
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
        """Take back the stroke in progress, or the shape that is still open; returns whether there was one."""
        was_open = self._shaping is not None and self._shaping.is_open
        was_busy = self._abort_drag()
        if self._shaping is not None:
            self._shaping.drop()
        return was_busy or was_open

    def _abort_drag(self) -> bool:
        self._navigator.end_pan()
        self._adjusting = None
        if self._tool is None or not self._tool.busy:
            return False
        self._surface.refresh_mask(self._tool.abort())
        self._surface.pointer_changed()
        return True

    def finish(self) -> None:
        """End the drag in progress, if there is one, and keep what it did."""
        self._navigator.end_pan()
        self._pen_down = False
        self._adjusting = None
        if self._tool is not None and self._tool.busy:
            point = self._surface.to_image(self._position or QPointF())
            self._surface.refresh_mask(self._tool.release(point, self._modifiers))

    def _press(
        self,
        position: QPointF,
        button: Qt.MouseButton,
        modifiers: Qt.KeyboardModifier,
        pressure: float,
        *,
        is_double: bool = False,
    ) -> None:
        self._position, self._modifiers = position, modifiers
        if self._tool is not None and self._tool.busy:
            return
        is_left, point = button == Qt.MouseButton.LeftButton, self._surface.to_image(position)
        if button == Qt.MouseButton.MiddleButton or (is_left and self.pans_on_left):
            self._navigator.begin_pan(position)
        elif button == Qt.MouseButton.RightButton and modifiers & _ALT and isinstance(self._tool, AdjustableTool):
            self._adjusting = AdjustDrag(self._tool, position, self._surface.to_image)
        elif self._tool is not None and not (is_double and is_left and self._tool.double_click(point)):
            self._surface.refresh_mask(self._tool.press(point, modifiers, pressure, button))
        self._surface.pointer_changed()

    def _move(self, position: QPointF, modifiers: Qt.KeyboardModifier, pressure: float) -> None:
        self._position, self._modifiers = position, modifiers
        if self._navigator.panning:
            self._navigator.pan_to(position)
        elif self._adjusting is not None:
            self._adjusting.to(position)
        elif self._tool is not None and self._tool.busy:
            point = self._surface.to_image(position)
            self._surface.refresh_mask(self._tool.move(point, modifiers, pressure))
        self._surface.pointer_changed()

    def _release(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        self._position, self._modifiers = position, modifiers
        self.finish()
        self._surface.pointer_changed()
