"""Two taps of a pen at the same place: Qt makes double clicks of the mouse's alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QTabletEvent


class DoubleTap:
    """Remembers the last tap."""

    def __init__(self) -> None:
        self._time = 0
        self._place: QPointF | None = None

    def is_second(self, event: QTabletEvent) -> bool:
        """A press of the pen: whether it is the second of two; a third is a first again."""
        hints = QGuiApplication.styleHints()
        place, time = event.position(), event.timestamp()
        is_second = (
            self._place is not None
            and event.button() == Qt.MouseButton.LeftButton
            and time - self._time < hints.mouseDoubleClickInterval()
            and (place - self._place).manhattanLength() <= hints.touchDoubleTapDistance()
        )
        self._time, self._place = time, None if is_second else place
        return is_second
