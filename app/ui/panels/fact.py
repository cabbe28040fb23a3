"""A line of text that changes often and has to live with the room there is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.look.theme import GRID


class Fact(QLabel):
    """Shows `words`, cut short where there is no room; another text asks for no new layout, only for a repaint.

    So it can follow the pointer. `reserve` says how much room it asks for.
    """

    def __init__(self, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._tip, self._reserved = "", tip, ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @property
    def words(self) -> str:
        """The whole text."""
        return self._words

    def show_words(self, words: str, tip: str | None = None) -> None:
        """Show another text; `tip` explains it."""
        self._tip = self._tip if tip is None else tip
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self._tell_all()
            self.update()

    def reserve(self, widest: str) -> None:
        """Ask for room for `widest`."""
        if widest != self._reserved:
            self._reserved = widest
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for what was reserved."""
        return QSize(self.fontMetrics().horizontalAdvance(self._reserved) + GRID, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(min(self.sizeHint().width(), 8 * GRID), self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, with dots where it is cut short."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        words = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less of it may be cut off."""
        self._tell_all()

    def _tell_all(self) -> None:
        is_cut = self.fontMetrics().horizontalAdvance(self._words) > self.width()
        self.setToolTip("<br>".join(each for each in (self._words if is_cut else "", self._tip) if each))
