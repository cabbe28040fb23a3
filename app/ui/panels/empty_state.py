"""What the window shows while no photograph is open: how it works, and three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.look.sign import Sign
from app.ui.look.theme import GRID, Palette
from app.ui.panels.pieces import flush, label

_STEPS = ("brush", "keyboard-return", "check")
_WIDTHS = 88 * GRID, 144 * GRID
"""Of the column, at most, in a small window and in one that fills a large screen."""
_MARGINS = 4 * GRID, 14 * GRID
"""Above and below what stands in the drop zone."""


class EmptyState(QWidget):
    """A place to drop photos on, two buttons, and three lines that teach. Photos may be dropped anywhere on it."""

    open_pressed = Signal()
    sample_pressed = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._signs = [Sign(name, 3 * GRID) for name in _STEPS]
        self._drop_sign = Sign("image-plus-outline", 6 * GRID)
        self._zone = self._drop_zone()
        self._more = QVBoxLayout()
        self._more.setSpacing(GRID)
        self._middle = QWidget()
        column = flush(QVBoxLayout(self._middle), 4 * GRID)
        column.addWidget(_title())
        column.addWidget(self._zone)
        column.addLayout(self._lines())
        column.addLayout(self._more)
        self._centre(self._middle)
        self.recolour(palette)

    def _centre(self, middle: QWidget) -> None:
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(middle, 8)
        row.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
        rows.addStretch(2)
        rows.addLayout(row)
        rows.addStretch(3)

    def add_below(self, widget: QWidget) -> None:
        """Show `widget` below the lines that teach, such as photos opened lately."""
        self._more.addWidget(widget)

    def _drop_zone(self) -> QFrame:
        zone = QFrame()
        zone.setObjectName("dropzone")
        words = label(tr("Drop a photo here"), "heading")
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        rows = QVBoxLayout(zone)
        rows.setSpacing(2 * GRID)
        rows.addWidget(self._drop_sign, 0, Qt.AlignmentFlag.AlignHCenter)
        rows.addWidget(words)
        rows.addLayout(self._buttons())
        return zone

    def _lines(self) -> QGridLayout:
        texts = (
            tr("Paint over what should not be in the photo."),
            tr("Press Enter: three stages fill the hole, each building on the one before."),
            tr("Accept the best one. Everything outside the mask stays as it was, to the bit."),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID + GRID // 2)
        grid.setColumnStretch(1, 1)
        for row, (sign, text) in enumerate(zip(self._signs, texts, strict=True)):
            grid.addWidget(sign, row, 0)
            grid.addWidget(label(text, wraps=True), row, 1)
        return grid

    def _buttons(self) -> QHBoxLayout:
        first, second = QPushButton(tr("Open a photo…")), QPushButton(tr("Try the sample"))
        first.setProperty("role", "primary")
        first.setToolTip(tr("Choose a photo on this computer (Ctrl+O)"))
        second.setToolTip(tr("A photograph that comes with Lacuna, with a mask ready: press Enter"))
        first.clicked.connect(self.open_pressed)
        second.clicked.connect(self.sample_pressed)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addStretch(1)
        for button in (first, second):
            button.setMinimumWidth(18 * GRID)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        for sign in self._signs:
            sign.recolour(palette, palette.accent_icon)
        self._drop_sign.recolour(palette, palette.muted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A larger window has a larger place to drop on."""
        width = min(max(self.width() // 2, _WIDTHS[0]), _WIDTHS[1])
        margin = min(max(self.height() // 20, _MARGINS[0]), _MARGINS[1])
        self._middle.setMaximumWidth(width)
        layout = self._zone.layout()
        if layout is not None:
            layout.setContentsMargins(3 * GRID, margin, 3 * GRID, margin)


def _title() -> QLabel:
    title = label(tr("Make it as if it had never been there"), "title", wraps=True)
    title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return title
