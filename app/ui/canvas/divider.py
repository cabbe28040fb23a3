"""Where a pane is parted: on one side of the line the photo as it was, on the other as it is now."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QSize, Qt, Signal


class Divider(QObject):
    """A line across a pane, upright or level, at a share of its width or height. It stays when one zooms or pans."""

    changed = Signal()
    """It lies elsewhere now, or the other way."""
    switched = Signal()
    """It is there now, or no longer."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_on = False
        self._orientation = Qt.Orientation.Vertical
        self._share = 0.5

    @property
    def is_on(self) -> bool:
        """True while the pane shown large is to be parted."""
        return self._is_on

    @property
    def orientation(self) -> Qt.Orientation:
        """Vertical: before at the left, after at the right. Horizontal: before above, after below."""
        return self._orientation

    @property
    def is_upright(self) -> bool:
        """True for a vertical line."""
        return self._orientation is Qt.Orientation.Vertical

    @property
    def share(self) -> float:
        """Of the pane's width or height, how much shows what was before, 0…1."""
        return self._share

    def set_on(self, on: bool) -> None:
        """Part the pane, or no longer."""
        if on != self._is_on:
            self._is_on = on
            self.switched.emit()

    def turn(self) -> None:
        """From vertical to horizontal, or back."""
        self._orientation = Qt.Orientation.Horizontal if self.is_upright else Qt.Orientation.Vertical
        self.changed.emit()

    def move_to(self, share: float) -> None:
        """Put the line at `share`, kept within 0…1."""
        share = min(max(share, 0.0), 1.0)
        if share != self._share:
            self._share = share
            self.changed.emit()

    def line(self, size: QSize) -> int:
        """Where the line lies in a pane of `size`: pixels from the left, or from the top."""
        return round(self._share * (size.width() if self.is_upright else size.height()))

    def before_area(self, size: QSize) -> QRect:
        """The part of a pane of `size` that shows what was before."""
        line = self.line(size)
        return QRect(0, 0, line, size.height()) if self.is_upright else QRect(0, 0, size.width(), line)
