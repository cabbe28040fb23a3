"""Lines of text that live with the room there is: what does not fit is cut off with dots, and the tip has all of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QWidget

from app.ui.look.theme import GRID


class ElidedLabel(QLabel):
    """As wide as there is room. Another text asks for no new layout, only for a repaint, so it may change often."""

    def __init__(self, tip: str = "", parent: QWidget | None = None) -> None:
        """`tip` explains the text."""
        super().__init__(parent)
        self._whole, self._tip = "", tip
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._refresh()

    def text(self) -> str:
        """The whole text."""
        return self._whole

    def setText(self, text: str) -> None:
        """Show another text."""
        if text != self._whole:
            self._whole = text
            self.setAccessibleName(text)
            self._refresh()
            self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.setText("")

    def set_tip(self, tip: str) -> None:
        """What the tip says besides a text that does not fit."""
        self._tip = tip
        self._refresh()

    @property
    def is_cut(self) -> bool:
        """True where not all of the text can be seen."""
        return self.fontMetrics().horizontalAdvance(self._whole) > self.contentsRect().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tip follows."""
        super().resizeEvent(event)
        self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much of the text as fits."""
        area = self.contentsRect()
        text = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, area.width())
        align = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        painter = QPainter(self)
        self.style().drawItemText(painter, area, align, self.palette(), self.isEnabled(), text, self.foregroundRole())
        painter.end()

    def _refresh(self) -> None:
        parts = (self._whole if self.is_cut else "", self._tip)
        self.setToolTip("\n".join(part for part in parts if part))


class Fact(ElidedLabel):
    """Asks for as much room as was reserved, whatever it shows."""

    def __init__(self, tip: str = "", parent: QWidget | None = None) -> None:
        """`tip` explains the text."""
        super().__init__(tip, parent)
        self._reserved = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def reserve(self, widest: str) -> None:
        """Ask for room for `widest`."""
        if widest != self._reserved:
            self._reserved = widest
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for what was reserved."""
        beside = self.width() - self.contentsRect().width()
        return QSize(self.fontMetrics().horizontalAdvance(self._reserved) + GRID + beside, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(min(self.sizeHint().width(), 8 * GRID), self.fontMetrics().height())
