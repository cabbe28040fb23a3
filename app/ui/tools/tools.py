"""Tools: what a press, a drag and a release on the canvas mean. They speak image pixels and know no widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
from PySide6.QtCore import Qt, SignalInstance

from app.imaging.geometry import Extent, Point, Rect
from app.imaging.shapes import Coverage, Points
from app.ui.tools.brush_settings import BrushSettings


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


class ShapeSink(Protocol):
    """Where shapes go."""

    def paint_shape(self, name: str, drawn: Callable[[Extent], Coverage], *, erase: bool) -> None:
        """Paint or erase what `drawn` makes for the image's size, as the edit `name`; it may be called on a thread."""


@dataclass(frozen=True, slots=True)
class CursorShape:
    """The ring a tool draws under the pointer. Lengths are image pixels."""

    centre: Point
    diameter: float
    hardness: float
    erase: bool
    restores: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The shape that a tool is about to paint, and words at the pointer. Positions are image pixels."""

    points: Points = field(default_factory=lambda: np.empty((0, 2)))
    """The line goes through these, in order."""
    is_curve: bool = False
    """The points lie on a curve; others are drawn on whole pixels of the screen, which makes straight lines crisp."""
    handle: Point | None = None
    """Marked with a square."""
    is_handle_hot: bool = False
    """A press would take hold of it."""
    label: str = ""
    label_at: Point | None = None


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


@runtime_checkable
class OutlinedTool(Protocol):
    """A tool that draws over the photo what it is about to do."""

    def outline(self, point: Point | None, modifiers: Qt.KeyboardModifier) -> Outline | None:
        """What to draw while the pointer is at `point`; None where the pointer is elsewhere, or pans."""


@runtime_checkable
class ShapingTool(Protocol):
    """A tool whose shape may stay open between two clicks."""

    @property
    def is_open(self) -> bool:
        """True where a shape was begun and not ended, with a button down or not."""

    def drop(self) -> None:
        """Forget the open shape."""

    def wants_key(self, key: Qt.Key) -> bool:
        """Whether `key` is the tool's just now, even where it is the shortcut of an action."""

    def carry(self, on: bool) -> None:
        """For as long as `on`, a drag moves the shape as it is."""


@runtime_checkable
class AdjustableTool(Protocol):
    """A tool with a brush that is resized, or made harder, under the pointer."""

    @property
    def brush(self) -> BrushSettings:
        """Its brush."""

    def begin_adjust(self, point: Point) -> None:
        """Busy from here on; the ring stays at `point`."""

    def adjust(self, wider: float, harder: float) -> None:
        """Change the size by `wider` image pixels and the hardness by `harder`, both counted from the beginning."""
