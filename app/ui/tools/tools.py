"""Tools: what a press, a drag and a release on the canvas mean. They speak image pixels and know no widget."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from PySide6.QtCore import Qt, SignalInstance

from app.imaging.geometry import EMPTY, Point, Rect
from app.ui.tools.brush_settings import BrushSettings

__all__ = ["BrushSettings", "BrushTool", "CursorShape", "StrokeSink", "Tool"]


class StrokeSink(Protocol):
    """Where strokes go. One stroke runs from `begin_stroke` to `end_stroke` (kept) or `abort_stroke` (taken back)."""

    def begin_stroke(self, size: float, hardness: float, erase: bool) -> None:
        """Start a stroke of `size` image pixels (diameter) and `hardness` 0…1."""

    def stroke_to(self, point: Point, pressure: float = 1.0) -> Rect:
        """Paint on to `point`, the size scaled by `pressure` 0…1; return the changed rectangle of the mask."""

    def end_stroke(self) -> None:
        """Keep the stroke as one edit."""

    def abort_stroke(self) -> Rect | None:
        """Take the stroke back; returns the restored rectangle, or None where the sink announces it itself."""


@dataclass(frozen=True, slots=True)
class CursorShape:
    """The ring a tool draws under the pointer. Lengths are image pixels."""

    centre: Point
    diameter: float
    hardness: float
    erase: bool
    restores: bool = False


class Tool(Protocol):
    """One tool. Points are image pixels; each verb returns the rectangle of the mask it changed."""

    @property
    def changed(self) -> SignalInstance:
        """Emitted when the ring would look different (its size, for one)."""

    @property
    def busy(self) -> bool:
        """True between a press that began something and its release or abort."""

    def press(
        self,
        point: Point,
        modifiers: Qt.KeyboardModifier,
        pressure: float = 1.0,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> Rect:
        """A button or the pen went down; `pressure` is 0…1."""

    def move(self, point: Point, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> Rect:
        """The pointer moved with the button down."""

    def release(self, point: Point, modifiers: Qt.KeyboardModifier) -> Rect:
        """The button or the pen went up."""

    def abort(self) -> Rect:
        """Take back what the drag in progress did; nothing to do is fine."""

    def cursor(self, point: Point, modifiers: Qt.KeyboardModifier) -> CursorShape | Qt.CursorShape:
        """The ring to draw while the pointer is at `point`, or the system's pointer to show there."""

    def double_click(self, point: Point) -> bool:
        """The second press of a double click; False lets it be a press like any other."""

    def key_pressed(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """A key went down over the canvas; returns whether the tool took it."""


class _Drag(Enum):
    """What the drag in progress does."""

    NONE = auto()
    PAINT = auto()
    RESIZE = auto()


class BrushTool:
    """Brush and eraser. Alt inverts, Shift+click draws a straight line, Alt+right-drag resizes under the cursor."""

    def __init__(self, settings: BrushSettings, sink: StrokeSink, *, erase: bool = False) -> None:
        self._settings = settings
        self._sink = sink
        self._erase = erase
        self._drag = _Drag.NONE
        self._stroke_erases = erase
        self._last: Point | None = None
        self._last_before: Point | None = None
        self._anchor = Point(0, 0)
        self._anchor_size = settings.size

    @property
    def changed(self) -> SignalInstance:
        """The brush settings changed."""
        return self._settings.changed

    @property
    def busy(self) -> bool:
        """True while a stroke or a resize is under way."""
        return self._drag is not _Drag.NONE

    def forget(self) -> None:
        """Forget where the last stroke ended, so that Shift+click starts afresh (another image was opened)."""
        self._last = None

    def press(
        self,
        point: Point,
        modifiers: Qt.KeyboardModifier,
        pressure: float = 1.0,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> Rect:
        """Begin a stroke (left, or the pen's tip) or, with Alt and right, a resize."""
        if self.busy:
            return EMPTY
        if button == Qt.MouseButton.RightButton:
            if modifiers & Qt.KeyboardModifier.AltModifier:
                self._drag, self._anchor, self._anchor_size = _Drag.RESIZE, point, self._settings.size
            return EMPTY
        if button != Qt.MouseButton.LeftButton:
            return EMPTY
        return self._begin(point, modifiers, pressure)

    def _begin(self, point: Point, modifiers: Qt.KeyboardModifier, pressure: float) -> Rect:
        self._stroke_erases = self._inverted(modifiers)
        self._sink.begin_stroke(self._settings.size, self._settings.hardness, self._stroke_erases)
        self._drag, self._last_before = _Drag.PAINT, self._last
        dirty = EMPTY
        if modifiers & Qt.KeyboardModifier.ShiftModifier and self._last is not None:
            dirty = self._stroke_to(self._last, pressure)
        return dirty.united(self._stroke_to(point, pressure))

    def move(self, point: Point, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> Rect:
        """Paint on to `point`, or resize: the ring's edge follows the pointer."""
        if self._drag is _Drag.PAINT:
            return self._stroke_to(point, pressure)
        if self._drag is _Drag.RESIZE:
            self._settings.set_size(self._anchor_size + 2 * (point.x - self._anchor.x))
        return EMPTY

    def release(self, point: Point, modifiers: Qt.KeyboardModifier) -> Rect:
        """End the stroke as one edit; the last move has already painted to its end."""
        if self._drag is _Drag.PAINT:
            self._sink.end_stroke()
        self._drag = _Drag.NONE
        return EMPTY

    def abort(self) -> Rect:
        """Take the stroke, or the resize, back."""
        drag, self._drag = self._drag, _Drag.NONE
        if drag is _Drag.RESIZE:
            self._settings.set_size(self._anchor_size)
        if drag is not _Drag.PAINT:
            return EMPTY
        self._last = self._last_before
        return self._sink.abort_stroke() or EMPTY

    def cursor(self, point: Point, modifiers: Qt.KeyboardModifier) -> CursorShape:
        """The brush's ring; it stays where it was while it is being resized."""
        centre = self._anchor if self._drag is _Drag.RESIZE else point
        erase = self._stroke_erases if self._drag is _Drag.PAINT else self._inverted(modifiers)
        return CursorShape(centre, self._settings.size, self._settings.hardness, erase)

    def double_click(self, point: Point) -> bool:
        """Two quick dabs."""
        return False

    def key_pressed(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """Keys are for moving about."""
        return False

    def _inverted(self, modifiers: Qt.KeyboardModifier) -> bool:
        return self._erase != bool(modifiers & Qt.KeyboardModifier.AltModifier)

    def _stroke_to(self, point: Point, pressure: float) -> Rect:
        self._last = point
        return self._sink.stroke_to(point, pressure if self._settings.pressure_sets_size else 1.0)
