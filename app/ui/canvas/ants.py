"""The clock of the marching ants: it runs only where somebody could see them march."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

INTERVAL = 125
"""Milliseconds: eight steps a second."""


MATTER_TO_IT = (
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.WindowActivate,
    QEvent.Type.WindowDeactivate,
)
"""Events of the view after which the clock must `decide`."""


class AntClock(QObject):
    """Ticks while ants are wanted, their view is visible and its window is the active one."""

    ticked = Signal()

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._wanted, self._animated = False, True
        self._timer = QTimer(self, interval=INTERVAL)
        self._timer.timeout.connect(self.ticked)

    @property
    def is_running(self) -> bool:
        """True while it ticks."""
        return self._timer.isActive()

    def set_wanted(self, on: bool) -> None:
        """Whether there are ants to be seen."""
        self._wanted = on
        self.decide()

    def set_animated(self, on: bool) -> None:
        """Whether ants may march at all."""
        self._animated = on
        self.decide()

    def decide(self) -> None:
        """Start or stop: the view was shown or hidden, or its window became active or inactive."""
        runs = self._wanted and self._animated and self._view.isVisible() and self._view.isActiveWindow()
        if runs != self.is_running:
            if runs:
                self._timer.start()
            else:
                self._timer.stop()
