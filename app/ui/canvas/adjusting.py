"""Changing the brush under the pointer: a drag with Alt and the right button, or the wheel with Alt."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QWheelEvent

from app.imaging.geometry import Point
from app.ui.canvas.navigation import Notches
from app.ui.tools.tools import AdjustableTool

_ALT, _SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier

_LEAST = 4.0
"""Pixels of the window after which it shows which way the drag goes."""

_FULL = 200.0
"""Pixels of the window from a soft brush to a hard one."""


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
    """Turns a wheel into steps of size or, with Shift, of hardness."""

    def __init__(self) -> None:
        self._notches = Notches()

    def turn(self, tool: AdjustableTool, event: QWheelEvent) -> bool:
        """Change the brush of `tool`; returns whether the wheel was meant for it."""
        modifiers = event.modifiers()
        if not modifiers & _ALT or modifiers & _CONTROL:
            return False
        # while Alt is held Qt swaps the two
        steps = self._notches.turn(event.angleDelta().x() or event.angleDelta().y())
        if steps:
            (tool.brush.harden if modifiers & _SHIFT else tool.brush.resize)(steps)
        return True
