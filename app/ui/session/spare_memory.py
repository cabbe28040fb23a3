"""What was freed goes back to the system when the editor rests."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app import memory
from app.ui.session.jobs import JobRunner

_REST = 3000
"""Milliseconds without anything large that was done."""


class SpareMemory(QObject):
    """Photos put away and fills that ended leave memory behind; the C library keeps it until it is told otherwise."""

    def __init__(self, runner: JobRunner, is_busy: Callable[[], bool], parent: QObject | None = None) -> None:
        """While `is_busy`, when it would be felt, it waits."""
        super().__init__(parent)
        self._runner, self._is_busy = runner, is_busy
        self._timer = QTimer(self, interval=_REST, singleShot=True)
        self._timer.timeout.connect(self._rested)
        self._is_at_work = False

    @property
    def is_due(self) -> bool:
        """True from `freed` until it has gone back."""
        return self._timer.isActive() or self._is_at_work

    def freed(self) -> None:
        """Something large was put away, or ended."""
        self._timer.start()

    def give_back(self) -> None:
        """Without waiting for a rest."""
        self._timer.stop()
        self._is_at_work = True
        self._runner.submit(memory.give_back, self._done)

    def _rested(self) -> None:
        if self._is_busy():
            self._timer.start()
        else:
            self.give_back()

    def _done(self, _: object) -> None:
        self._is_at_work = False
