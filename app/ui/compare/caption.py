"""The bar above a pane of a comparison: what it shows, its time and figures, and the button that takes the result."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QToolButton, QWidget

from app.ui.language import tr
from app.ui.look.icons import icon
from app.ui.look.palette import Palette
from app.ui.look.theme import GRID, worn
from app.ui.panels.elided_label import ElidedLabel
from app.ui.panels.pieces import keep_room, label

_BAR = GRID // 2
"""Width of the mark of the pane that is chosen."""
_ICON = 2 * GRID


class CompareCaption(QWidget):
    """A click chooses the pane; a double click shows it large, or all again."""

    clicked = Signal()
    double_clicked = Signal()
    taken = Signal()

    def __init__(self, name: str, addition: str, *, can_be_taken: bool) -> None:
        """`addition` is what follows the name and is never cut off."""
        super().__init__()
        self._is_chosen = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._name, self._facts = ElidedLabel(), ElidedLabel()
        self._name.setText(name)
        self._addition = label(addition)
        for each in (self._name, self._addition):
            each.setFont(_bold(each.font()))
        self._facts.setProperty("role", "muted")
        self.take = QToolButton()
        self.take.setAccessibleName(tr("Take {result}").format(result=f"{name} {addition}".strip()))
        self.take.setToolTip(tr("Put this result into the photo, in the editor (T)"))
        self.take.setIconSize(QSize(_ICON, _ICON))
        self.take.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.take.clicked.connect(self.taken)
        self.take.setVisible(False)
        self._can_be_taken = can_be_taken
        self._lay_out()
        self.recolour(worn())

    @property
    def facts(self) -> str:
        """Time and figures, or how far it is."""
        return self._facts.text()

    def set_facts(self, text: str, *, is_ready: bool, tip: str = "") -> None:
        """Show time and figures, and the button where there is a result to take."""
        self._facts.setText(text)
        self._facts.set_tip(tip)
        self.take.setVisible(self._can_be_taken and is_ready)

    def set_chosen(self, chosen: bool) -> None:
        """Mark the pane, or no longer."""
        self._is_chosen = chosen
        self.update()

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self.take.setIcon(icon("check", palette))

    def _lay_out(self) -> None:
        keep_room(self.take)
        grid = QGridLayout(self)
        grid.setContentsMargins(2 * GRID, GRID // 2, GRID, GRID // 2)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._name, 0, 0)
        grid.addWidget(self._addition, 0, 1)
        grid.addWidget(self.take, 0, 2)
        grid.addWidget(self._facts, 1, 0, 1, 3)
        grid.setColumnStretch(0, 1)
        self._addition.setVisible(bool(self._addition.text()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar, with a mark at its side where the pane is chosen."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().color(QPalette.ColorRole.Window))
        if self._is_chosen:
            painter.fillRect(QRect(0, 0, _BAR, self.height()), self.palette().color(QPalette.ColorRole.Highlight))
        painter.end()


def _bold(font: QFont) -> QFont:
    result = QFont(font)
    result.setWeight(QFont.Weight.DemiBold)
    return result
