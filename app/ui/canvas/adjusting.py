"""Changing the brush under the pointer: a drag with Alt and the right button, or the wheel with Alt."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QWheelEvent

from app.imaging.geometry import Point
from app.ui.tools.tools import AdjustableTool

_ALT, _SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier

_LEAST = 4.0
"""Pixels of the window after which it shows which way the drag goes."""

_FULL = 200.0
"""Pixels of the window from a soft brush to a hard one."""

_NOTCH = 120
"""`angleDelta` of one notch of a wheel."""


class AdjustDrag:
    """Sideways the size: the ring's edge follows the pointer. Down harder, up softer. The first movement decides."""

    def __init__(self, tool: AdjustableTool, start: QPointF, to_image: Callable[[QPointF], Point]) -> None:
        """Begins at `start`, in the widget's pixels."""
        self._tool, self._start, self._to_image = tool, start, to_image
        self._is_sideways: bool | None = None
        tool.begin_adjust(to_image(start))

    def to(self, position: QPointF) -> None:
        """The pointer is there now."""
        moved = position - self._start
        if self._is_sideways is None and max(abs(moved.x()), abs(moved.y())) >= _LEAST:
            self._is_sideways = abs(moved.x()) >= abs(moved.y())
        if self._is_sideways:
            beside = self._start + QPointF(moved.x(), 0)
            reach = math.dist(self._to_image(beside), self._to_image(self._start))
            self._tool.adjust(math.copysign(2 * reach, moved.x()), 0.0)
        elif self._is_sideways is not None:
            self._tool.adjust(0.0, moved.y() / _FULL)


class WheelSteps:
    """Turns a wheel into steps of size or, with Shift, of hardness; fine wheels send parts of a step."""

    def __init__(self) -> None:
        self._turned = 0

    def turn(self, tool: AdjustableTool, event: QWheelEvent) -> bool:
        """Change the brush of `tool`; returns whether the wheel was meant for it."""
        modifiers = event.modifiers()
        if not modifiers & _ALT or modifiers & _CONTROL:
            return False
        self._turned += event.angleDelta().x() or event.angleDelta().y()  # while Alt is held Qt swaps the two
        steps = int(self._turned / _NOTCH)
        self._turned -= steps * _NOTCH
        if steps:
            (tool.brush.harden if modifiers & _SHIFT else tool.brush.resize)(steps)
        return True
