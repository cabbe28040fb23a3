"""A line of text that gives way: what does not fit is cut off with dots, and the tip has all of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QWidget


class ElidedLabel(QLabel):
    """As wide as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tip = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_tip(self, tip: str) -> None:
        """What the tip says besides a text that does not fit."""
        self._tip = tip
        self._refresh()

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._refresh()

    @property
    def is_cut(self) -> bool:
        """True where not all of the text can be seen."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tip follows."""
        super().resizeEvent(event)
        self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much of the text as fits."""
        area = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        align = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        painter = QPainter(self)
        self.style().drawItemText(painter, area, align, self.palette(), self.isEnabled(), text, self.foregroundRole())
        painter.end()

    def _refresh(self) -> None:
        parts = (self.text() if self.is_cut else "", self._tip)
        self.setToolTip("\n".join(part for part in parts if part))
