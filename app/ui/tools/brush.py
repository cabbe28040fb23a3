"""Brush and eraser."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import Qt, SignalInstance

from app.imaging.geometry import EMPTY, Point, Rect
from app.ui.language import tr
from app.ui.tools.brush_settings import BrushSettings
from app.ui.tools.rail import Rail
from app.ui.tools.tools import CursorShape, Outline, StrokeSink

_ALT, _SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


class _Drag(Enum):
    """What the drag in progress does."""

    NONE = auto()
    PAINT = auto()
    ADJUST = auto()


class BrushTool:
    """A `tools.Tool`. Alt inverts, Shift+click draws a straight line, Shift pressed later keeps to a row or column."""

    def __init__(self, settings: BrushSettings, sink: StrokeSink, *, erase: bool = False) -> None:
        self.brush = settings
        """Size, hardness and pressure."""
        self._sink = sink
        self._erase = erase
        self._drag = _Drag.NONE
        self._stroke_erases = erase
        self._last: Point | None = None
        self._last_before: Point | None = None
        self._rail = Rail()
        self._anchor = Point(0, 0)
        self._brush_before = settings.size, settings.hardness

    @property
    def changed(self) -> SignalInstance:
        """The brush settings changed."""
        return self.brush.changed

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
        """Begin a stroke (left, or the pen's tip)."""
        if self.busy or button != Qt.MouseButton.LeftButton:
            return EMPTY
        self._stroke_erases = self._inverted(modifiers)
        self._sink.begin_stroke(self.brush.size, self.brush.hardness, self._stroke_erases)
        self._drag, self._last_before = _Drag.PAINT, self._last
        is_line = bool(modifiers & _SHIFT) and self._last is not None
        dirty = self._stroke_to(self._last, pressure) if is_line and self._last is not None else EMPTY
        self._rail.begin(point, max(self.brush.size / 8, 1.0), waits=is_line)
        return dirty.united(self._stroke_to(point, pressure))

    def move(self, point: Point, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> Rect:
        """Paint on to `point`."""
        if self._drag is not _Drag.PAINT:
            return EMPTY
        return self._stroke_to(self._rail.along(point, is_held=bool(modifiers & _SHIFT)), pressure)

    def release(self, point: Point, modifiers: Qt.KeyboardModifier) -> Rect:
        """End the stroke as one edit; the last move has already painted to its end."""
        if self._drag is _Drag.PAINT:
            self._sink.end_stroke()
        self._drag = _Drag.NONE
        return EMPTY

    def abort(self) -> Rect:
        """Take the stroke, or the change of the brush, back."""
        drag, self._drag = self._drag, _Drag.NONE
        if drag is _Drag.ADJUST:
            self._set_brush(*self._brush_before)
        if drag is not _Drag.PAINT:
            return EMPTY
        self._last = self._last_before
        return self._sink.abort_stroke() or EMPTY

    def begin_adjust(self, point: Point) -> None:
        """Change the brush under the pointer, which is at `point`."""
        if not self.busy:
            self._drag, self._anchor = _Drag.ADJUST, point
            self._brush_before = self.brush.size, self.brush.hardness

    def adjust(self, wider: float, harder: float) -> None:
        """The brush as it was, wider by image pixels and harder by a share."""
        if self._drag is _Drag.ADJUST:
            size, hardness = self._brush_before
            self._set_brush(size + wider, hardness + harder)

    def cursor(self, point: Point, modifiers: Qt.KeyboardModifier) -> CursorShape:
        """The brush's ring; it stays where it was while it is being changed."""
        centre = self._anchor if self._drag is _Drag.ADJUST else point
        erase = self._stroke_erases if self._drag is _Drag.PAINT else self._inverted(modifiers)
        if self._drag is _Drag.ADJUST:
            erase = self._erase
        return CursorShape(centre, self.brush.size, self.brush.hardness, erase)

    def outline(self, point: Point | None, modifiers: Qt.KeyboardModifier) -> Outline | None:
        """Size and hardness in words, while they are being changed."""
        if self._drag is not _Drag.ADJUST:
            return None
        words = tr("{size} px · {hardness} %")
        label = words.format(size=round(self.brush.size), hardness=round(100 * self.brush.hardness))
        return Outline(label=label, label_at=self._anchor)

    def double_click(self, point: Point) -> bool:
        """Two quick dabs."""
        return False

    def key_pressed(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """Keys are for moving about."""
        return False

    def _inverted(self, modifiers: Qt.KeyboardModifier) -> bool:
        return self._erase != bool(modifiers & _ALT)

    def _set_brush(self, size: float, hardness: float) -> None:
        self.brush.set_size(size)
        self.brush.set_hardness(hardness)

    def _stroke_to(self, point: Point, pressure: float) -> Rect:
        self._last = point
        return self._sink.stroke_to(point, self.brush.share(pressure))
