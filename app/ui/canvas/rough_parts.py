"""Which part of a view was only painted roughly, and in which order it is painted again once nothing moves."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtGui import QRegion

_REST = 40
"""Milliseconds without a rough picture after which the last one is painted again, smoothly."""

_BAND = 128
"""View rows of it painted at once: between two bands the window answers."""

_TURNED_BAND = 640
"""View columns of a band of a turned picture, which takes more to draw than it shows."""


class RoughParts(QObject):
    """Rectangles are view pixels."""

    due = Signal()
    """Paint what `next_band` says."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._region = QRegion()
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self.due)

    @property
    def is_empty(self) -> bool:
        """True where all is smooth."""
        return self._region.isEmpty()

    def note(self, exposed: QRect, rough: QRegion) -> None:
        """`exposed` was painted, `rough` of it only roughly."""
        self._region = self._region - QRegion(exposed) + rough
        if not self.is_empty:
            self._rest.start(0 if rough.isEmpty() else _REST)

    def next_band(self, view: QRect, *, is_turned: bool) -> QRect:
        """What to paint next of a view, which may have shrunk."""
        self._region = self._region.intersected(view)
        band = self._region.boundingRect()
        band.setHeight(min(band.height(), _BAND))
        if is_turned:
            band = self._region.intersected(band).boundingRect()
            band.setWidth(min(band.width(), _TURNED_BAND))
        return band
