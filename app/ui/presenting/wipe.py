"""A line that crosses the screen from one step to the next: at its left the later step, at its right the earlier."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal

_DURATION = 600
"""Milliseconds."""


class Wipe(QObject):
    """Where the line stands, as a share of the width, while it crosses. It can be called back on its way."""

    moved = Signal()
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.clock = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=_DURATION)
        """Its time runs backward where the wipe does."""
        self.clock.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.clock.valueChanged.connect(self._move_to)
        self.clock.finished.connect(self.ended)
        self._share = 0.0

    @property
    def is_on(self) -> bool:
        """It crosses."""
        return self.clock.state() is not QVariantAnimation.State.Stopped

    @property
    def share(self) -> float:
        """Of the width, how much shows the later step, 0…1."""
        return self._share

    @property
    def is_forward(self) -> bool:
        """It brings the later step."""
        return self.clock.direction() is QVariantAnimation.Direction.Forward

    def begin(self, *, forward: bool) -> None:
        """Cross the screen from its left, or back from its right."""
        self.clock.stop()
        self._share = 0.0 if forward else 1.0
        self._turn(forward)
        self.clock.start()

    def turn_back(self) -> None:
        """Go back from where it stands."""
        self._turn(not self.is_forward)

    def stop(self) -> None:
        """Be over, without a word."""
        self.clock.stop()

    def _turn(self, forward: bool) -> None:
        direction = QVariantAnimation.Direction
        self.clock.setDirection(direction.Forward if forward else direction.Backward)

    def _move_to(self, share: float) -> None:
        self._share = share
        self.moved.emit()
