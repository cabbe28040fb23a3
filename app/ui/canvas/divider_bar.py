"""The line between before and after, with a grip to drag it by and a word on each side."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QRegion,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from app.ui.canvas.divider import Divider
from app.ui.language import tr

_REACH = 5
"""Pixels from the line within which a press takes hold of it."""

_GRIP = 32
"""Diameter of the grip."""

_PADDING, _GAP = 8, 16
"""Pixels round the words, and between them and the line."""

_STEPS = {
    Qt.Key.Key_Left: -0.01,
    Qt.Key.Key_Up: -0.01,
    Qt.Key.Key_Right: 0.01,
    Qt.Key.Key_Down: 0.01,
    Qt.Key.Key_Home: -1.0,
    Qt.Key.Key_End: 1.0,
}
"""Shares that keys move the line by; with Shift, ten times as much."""


class DividerBar(QWidget):
    """Lies over a canvas, but is there only where it is drawn: what is dragged by it paints nothing below."""

    def __init__(self, divider: Divider, parent: QWidget) -> None:
        super().__init__(parent)
        self._divider = divider
        self._offset: int | None = None
        """While dragged, pixels from the line to where it was taken hold of."""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Line between before and after"))
        self.setToolTip(tr("Before and after: drag the line, or move it with the arrow keys. Shift+D turns it."))
        divider.changed.connect(self._place)
        self.hide()

    def cover(self, area: QRect) -> None:
        """The canvas is as large as `area` now."""
        self.setGeometry(area)
        self._place()

    def grip(self) -> QRect:
        """Where the grip lies."""
        line, middle = self._divider.line(self.size()), QPoint(self.width() // 2, self.height() // 2)
        middle = QPoint(line, middle.y()) if self._divider.is_upright else QPoint(middle.x(), line)
        return QRect(middle - QPoint(_GRIP // 2, _GRIP // 2), QSize(_GRIP, _GRIP))

    def _place(self) -> None:
        shape = QRegion(self._strip(_REACH)) + self.grip().adjusted(-2, -2, 2, 2)
        for plate, _ in self._words():
            shape = shape + plate
        self.setMask(shape)
        upright = self._divider.is_upright
        self.setCursor(Qt.CursorShape.SplitHCursor if upright else Qt.CursorShape.SplitVCursor)
        self.setAccessibleDescription(tr("{} % before").format(round(100 * self._divider.share)))
        self.update()

    def _strip(self, reach: int) -> QRect:
        """The line and `reach` pixels on both sides of it."""
        line = self._divider.line(self.size()) - reach
        upright = self._divider.is_upright
        return QRect(line, 0, 2 * reach, self.height()) if upright else QRect(0, line, self.width(), 2 * reach)

    def _words(self) -> list[tuple[QRect, str]]:
        """The plates on both sides that have room, and what they say."""
        line, metrics = self._divider.line(self.size()), self.fontMetrics()
        plates = []
        for text, is_before in ((tr("Before"), True), (tr("After"), False)):
            width, height = metrics.horizontalAdvance(text) + 2 * _PADDING, metrics.height() + _PADDING
            length = width if self._divider.is_upright else height
            along = line - _GAP - length if is_before else line + _GAP
            corner = QPoint(along, _PADDING) if self._divider.is_upright else QPoint(_PADDING, along)
            plate = QRect(corner, QSize(width, height))
            if self.rect().contains(plate):
                plates.append((plate, text))
        return plates

    def paintEvent(self, event: QPaintEvent) -> None:
        """Light beside the accent's colour, so that the line shows on any photo."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent, light = self._colour(QPalette.ColorRole.Highlight), self._colour(QPalette.ColorRole.BrightText)
        painter.fillRect(self._strip(2), accent)
        painter.fillRect(self._strip(1), light)
        self._paint_grip(painter, accent, light)
        for plate, text in self._words():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour(QPalette.ColorRole.Window, 225))
            painter.drawRoundedRect(plate, 4, 4)
            painter.setPen(self._colour(QPalette.ColorRole.WindowText))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    def _paint_grip(self, painter: QPainter, accent: QColor, light: QColor) -> None:
        painter.setBrush(accent)
        painter.setPen(QPen(light, 3 if self.hasFocus() else 1.5))
        painter.drawEllipse(self.grip().adjusted(2, 2, -2, -2))
        painter.save()
        painter.translate(QPointF(self.grip().center()) + QPointF(0.5, 0.5))
        painter.rotate(0 if self._divider.is_upright else 90)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(light)
        for side in (-1, 1):
            painter.drawPolygon(QPolygonF([QPointF(side * x, y) for x, y in ((9, 0), (4, -5), (4, 5))]))
        painter.restore()

    def _colour(self, role: QPalette.ColorRole, alpha: int = 255) -> QColor:
        colour = QColor(self.palette().color(role))
        colour.setAlpha(alpha)
        return colour

    # Input

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of it; the other buttons mean here what they mean beside it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._take(event.position())
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if self._offset is None:
            event.ignore()
        else:
            self._drag(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._offset is None:
            event.ignore()
        self._offset = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the middle."""
        self._divider.move_to(0.5)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """The pen drags it, too."""
        if event.type() == QEvent.Type.TabletPress:
            self._take(event.position())
        elif event.type() == QEvent.Type.TabletMove and self._offset is not None:
            self._drag(event.position())
        elif event.type() == QEvent.Type.TabletRelease:
            self._offset = None
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move it."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            event.ignore()
            return
        faster = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self._divider.move_to(self._divider.share + faster * step)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys are here."""
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """And that they are not."""
        self.update()

    def _take(self, position: QPointF) -> None:
        self._offset = self._along(position) - self._divider.line(self.size())

    def _drag(self, position: QPointF) -> None:
        length = self.width() if self._divider.is_upright else self.height()
        self._divider.move_to((self._along(position) - (self._offset or 0)) / max(length, 1))

    def _along(self, position: QPointF) -> int:
        return round(position.x() if self._divider.is_upright else position.y())
