"""What the window shows while no photograph is open: how it works, and two ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.look.icons import icon
from app.ui.look.theme import GRID, Palette

_ICONS = ("brush", "keyboard-return", "check")


class EmptyState(QWidget):
    """Three lines that teach and two buttons."""

    open_pressed = Signal()
    sample_pressed = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._signs = [QLabel() for _ in _ICONS]
        column = QVBoxLayout(self)
        column.setSpacing(3 * GRID)
        column.addStretch(2)
        column.addWidget(self._title(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(self._lines())
        column.addLayout(self._buttons())
        column.addWidget(self._hint(), 0, Qt.AlignmentFlag.AlignHCenter)
        self._more = QVBoxLayout()
        column.addLayout(self._more)
        column.addStretch(3)
        self.recolour(palette)

    def add_below(self, widget: QWidget) -> None:
        """Show `widget` below the lines that teach, such as photos opened lately."""
        self._more.addWidget(widget)

    def _title(self) -> QLabel:
        label = QLabel(tr("Make it as if it had never been there"))
        label.setProperty("role", "title")
        return label

    def _hint(self) -> QLabel:
        label = QLabel(tr("or drop a photo here"))
        label.setProperty("role", "muted")
        return label

    def _lines(self) -> QHBoxLayout:
        texts = (
            tr("Paint over what should not be in the photo."),
            tr("Press Enter: three stages fill the hole, each building on the one before."),
            tr("Accept the best one. Everything outside the mask stays as it was, to the bit."),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID + GRID // 2)
        for row, (sign, text) in enumerate(zip(self._signs, texts, strict=True)):
            grid.addWidget(sign, row, 0)
            grid.addWidget(QLabel(text), row, 1)
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addLayout(grid)
        centred.addStretch(1)
        return centred

    def _buttons(self) -> QHBoxLayout:
        first, second = QPushButton(tr("Open a photo…")), QPushButton(tr("Try the sample"))
        first.setProperty("role", "primary")
        first.clicked.connect(self.open_pressed)
        second.clicked.connect(self.sample_pressed)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addStretch(1)
        for button in (first, second):
            button.setMinimumSize(18 * GRID, 4 * GRID + GRID // 2)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        for sign, name in zip(self._signs, _ICONS, strict=True):
            sign.setPixmap(icon(name, palette, colour=palette.muted).pixmap(20, 20))
