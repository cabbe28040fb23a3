"""What the tools have in common that show what a press finds before it is part of the mask."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from app.imaging.geometry import EMPTY, Point, Rect
from app.ui.canvas.viewport import Viewport
from app.ui.tools.tools import CursorShape


@dataclass(frozen=True, slots=True)
class Press:
    """The press under way."""

    point: Point
    erase: bool
    """Alt was held."""


class PreviewTool(QObject):
    """They paint through their work, so every verb returns an empty rectangle."""

    changed = Signal()
    """Never said: the pointer is the system's."""
    shown = Signal(object)
    """The `Preview` to show; None for none."""

    def __init__(self, viewport: Viewport, parent: QObject) -> None:
        super().__init__(parent)
        self._viewport = viewport
        self._press: Press | None = None

    @property
    def busy(self) -> bool:
        """True while pressed."""
        return self._press is not None

    def press(
        self,
        point: Point,
        modifiers: Qt.KeyboardModifier,
        pressure: float = 1.0,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> Rect:
        """Begin."""
        if button == Qt.MouseButton.LeftButton and not self.busy and self._may_begin(point):
            self._press = Press(point, bool(modifiers & Qt.KeyboardModifier.AltModifier))
            self._pressed(self._press)
        return EMPTY

    def cursor(self, point: Point, modifiers: Qt.KeyboardModifier) -> CursorShape | Qt.CursorShape:
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def double_click(self, point: Point) -> bool:
        """Two clicks."""
        return False

    def key_pressed(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """Keys are for moving about; Enter and Esc are actions."""
        return False

    def _may_begin(self, point: Point) -> bool:
        """Whether a press at `point` means anything."""
        return True

    def _pressed(self, press: Press) -> None:
        """A press has begun."""
