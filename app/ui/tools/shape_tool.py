"""What the tools have in common that draw a shape first and paint it when it is done."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from app.imaging.geometry import EMPTY, Extent, Point, Rect
from app.imaging.shapes import Coverage
from app.ui.canvas.viewport import Viewport
from app.ui.language import tr
from app.ui.tools.tools import Outline, ShapeSink

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton

LEAST = 2.0
"""View pixels: a shape smaller than this in both directions is a slip of the hand."""


@dataclass(frozen=True, slots=True)
class ShapeNames:
    """How the history calls a shape; marked, not translated."""

    painted: str
    erased: str


class ShapeTool(QObject):
    """Alt erases: what counts is whether it is held when the shape is done. Every verb returns an empty rectangle."""

    changed = Signal()

    def __init__(self, names: ShapeNames, sink: ShapeSink, viewport: Viewport, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names, self._sink, self._viewport = names, sink, viewport
        self._is_down = False

    @property
    def busy(self) -> bool:
        """True while the button is down."""
        return self._is_down

    @property
    def is_open(self) -> bool:
        """True while there is a shape."""
        return self._is_down

    def press(
        self, point: Point, modifiers: Qt.KeyboardModifier, pressure: float = 1.0, button: Qt.MouseButton = LEFT
    ) -> Rect:
        """Begin, or go on with, the shape."""
        if button == LEFT and not self.busy:
            self._is_down = True
            self._pressed(point)
        return EMPTY

    def move(self, point: Point, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> Rect:
        """The shape follows."""
        if self._is_down:
            self._moved(point)
        return EMPTY

    def release(self, point: Point, modifiers: Qt.KeyboardModifier) -> Rect:
        """The drag is over."""
        if self._is_down:
            self._moved(point)
            self._is_down = False
            self._released(point, modifiers)
        return EMPTY

    def abort(self) -> Rect:
        """Take the drag back."""
        self._is_down = False
        return EMPTY

    def drop(self) -> None:
        """Forget the shape."""
        self._is_down = False
        self.changed.emit()

    def carry(self, on: bool) -> None:
        """Only what is dragged open can be carried."""

    def cursor(self, point: Point, modifiers: Qt.KeyboardModifier) -> Qt.CursorShape:
        """A crosshair."""
        return Qt.CursorShape.CrossCursor

    def outline(self, point: Point | None, modifiers: Qt.KeyboardModifier) -> Outline | None:
        """With Alt, a minus beside the pointer."""
        return Outline(label=_MINUS, label_at=point) if point is not None and modifiers & ALT else None

    def double_click(self, point: Point) -> bool:
        """Two presses."""
        return False

    def wants_key(self, key: Qt.Key) -> bool:
        """No keys."""
        return False

    def key_pressed(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """No keys."""
        return False

    def _pressed(self, point: Point) -> None:
        """The button went down."""

    def _moved(self, point: Point) -> None:
        """The pointer is elsewhere, with the button down."""

    def _released(self, point: Point, modifiers: Qt.KeyboardModifier) -> None:
        """The button is up, after a last `_moved`."""

    def _paint(self, drawn: Callable[[Extent], Coverage], modifiers: Qt.KeyboardModifier) -> None:
        erase = bool(modifiers & ALT)
        self._sink.paint_shape(tr(self._names.erased if erase else self._names.painted), drawn, erase=erase)

    def _is_near(self, one: Point, other: Point, reach: float) -> bool:
        """Whether two points are less than `reach` view pixels from each other."""
        return math.dist(one, other) * self._viewport.scale < reach


_MINUS = "\N{MINUS SIGN}"


def with_sign(label: str, modifiers: Qt.KeyboardModifier) -> str:
    """`label`, after a minus where Alt says that the shape erases."""
    return f"{_MINUS} {label}".rstrip() if modifiers & ALT else label
