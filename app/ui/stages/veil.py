"""The veil over a pane whose result is not there yet: it dims the image and says what is being waited for."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimerEvent
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

_SPINNER = 18
"""Diameter of the ring, pixels."""

_PADDING = 12
"""Pixels between the plate's border, ring and text."""

_FOOT = 24
"""Pixels below the plate."""

_PERIOD = 40
"""Milliseconds between two pictures of the spinner."""

_STEP = 14
"""Degrees the spinner turns in that time."""


class Veil(QWidget):
    """Lies over a canvas and lets the pointer through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = ""
        self._spins = False
        self._angle = 0
        self._timer = 0

    @property
    def text(self) -> str:
        """What is being waited for."""
        return self._text

    def set_content(self, text: str, *, spins: bool) -> None:
        """Say `text`, below a turning ring where `spins`."""
        self._text, self._spins = text, spins
        if spins and not self._timer:
            self._timer = self.startTimer(_PERIOD)
        elif not spins and self._timer:
            self.killTimer(self._timer)
            self._timer = 0
        self.update()

    def timerEvent(self, event: QTimerEvent) -> None:
        """Turn the ring."""
        self._angle = (self._angle + _STEP) % 360
        if self.isVisible():
            self.update(self._ring().adjusted(-3, -3, 3, 3))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim the image; on a plate near its foot, the ring and the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), self._colour(QPalette.ColorRole.Dark, 130))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour(QPalette.ColorRole.Window, 225))
        plate = self._plate()
        painter.drawRoundedRect(plate, 8, 8)
        if self._spins:
            self._paint_ring(painter)
        painter.setPen(self._colour(QPalette.ColorRole.WindowText))
        words = plate.adjusted(_PADDING + self._ring_width(), 0, -_PADDING, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._text)
        painter.end()

    def _paint_ring(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._colour(QPalette.ColorRole.WindowText, 50), 2.5))
        painter.drawEllipse(self._ring())
        accent = self._colour(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(accent, 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(self._ring(), -self._angle * 16, 100 * 16)

    def _plate(self) -> QRect:
        """Round ring and text, low enough to leave the middle of the image free."""
        width = self.fontMetrics().horizontalAdvance(self._text) + 2 * _PADDING + self._ring_width()
        size = QSize(width, max(self.fontMetrics().height(), _SPINNER) + _PADDING)
        return QRect(QPoint((self.width() - size.width()) // 2, self.height() - size.height() - _FOOT), size)

    def _ring(self) -> QRect:
        plate = self._plate()
        return QRect(plate.x() + _PADDING, plate.center().y() - _SPINNER // 2, _SPINNER, _SPINNER)

    def _ring_width(self) -> int:
        return _SPINNER + _PADDING if self._spins else 0

    def _colour(self, role: QPalette.ColorRole, alpha: int = 255) -> QColor:
        colour = QColor(self.palette().color(role))
        colour.setAlpha(alpha)
        return colour
