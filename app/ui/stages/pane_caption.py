"""The bar above a pane: its name, the time its result took, and the button that accepts its result."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from app.ui.language import tr
from app.ui.look.theme import GRID

HEIGHT = 36
"""Pixels."""


class PaneCaption(QWidget):
    """A click anywhere but on the button asks to see the pane large, or all panes again."""

    clicked = Signal()
    accepted = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name = QLabel(title)
        self._name.setFont(_bold(self.font()))
        self._detail = QLabel()
        self._detail.setProperty("role", "muted")
        self._accept = QPushButton(tr("Accept"))
        self._accept.setAccessibleName(tr("Accept {result}").format(result=title))
        self._accept.setToolTip(tr("Put this result into the image"))
        self._accept.setCursor(Qt.CursorShape.ArrowCursor)
        self._accept.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._accept.clicked.connect(self.accepted)
        self._accept.hide()
        self._is_acceptable = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        layout.setSpacing(GRID)
        for widget in (self._name, self._detail):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self._accept)
        self.set_large(False)

    @property
    def detail(self) -> str:
        """What stands beside the name."""
        return self._detail.text()

    @property
    def accept_button(self) -> QPushButton:
        """Shown where there is a result."""
        return self._accept

    def set_result(self, detail: str, *, acceptable: bool) -> None:
        """Show the time, and the button where there is something to accept."""
        self._detail.setText(detail)
        self._is_acceptable = acceptable
        self._fit()

    def _fit(self) -> None:
        """In a narrow pane what stands beside the name goes first, then the button: it is in the menu, too."""
        room = self.width() - 4 * GRID - self._name.sizeHint().width()
        button = self._accept.sizeHint().width() + GRID if self._is_acceptable else 0
        detail = self._detail.sizeHint().width() + GRID
        self._accept.setVisible(self._is_acceptable and button <= room)
        self._detail.setVisible(button + detail <= room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more room, or less."""
        super().resizeEvent(event)
        self._fit()

    def set_large(self, large: bool) -> None:
        """The pane is the only one shown: a click leads back to all."""
        self.setToolTip(tr("Show all side by side") if large else tr("Show large"))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up."""
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """And go out."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar itself, lit under the pointer."""
        role = QPalette.ColorRole.Midlight if self.underMouse() else QPalette.ColorRole.Window
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().color(role))
        painter.end()


def _bold(font: QFont) -> QFont:
    result = QFont(font)
    result.setWeight(QFont.Weight.DemiBold)
    return result
