"""The list of edits, done and undone; a click travels to that state."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.session.session import Session

HEIGHT = 24 * GRID
_MEGABYTE = 2**20


class HistoryPanel(QWidget):
    """Row 0 is the photo as it was opened, row n the state after n edits; the present one is selected."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._list = QListWidget()
        self._list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._list.setAccessibleName(tr("History"))
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._footer = QLabel()
        self._footer.setProperty("role", "muted")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        rows.setSpacing(GRID)
        rows.addWidget(self._list)
        rows.addWidget(self._footer)
        self._list.currentRowChanged.connect(self._travel)
        session.history_changed.connect(self.refresh)
        self.refresh()

    def sizeHint(self) -> QSize:
        """About six rows."""
        return QSize(super().sizeHint().width(), HEIGHT)

    def refresh(self) -> None:
        """Show the history as it is now."""
        document = self._session.document
        with QSignalBlocker(self._list):
            self._list.clear()
            if document is None:
                self._footer.clear()
                return
            history = document.history
            pruned = tr("{} older edits").format(history.pruned) if history.pruned else tr("Opened")
            for row, name in enumerate((pruned, *history.names)):
                self._list.addItem(self._item(name, undone=row > history.index))
            self._list.setCurrentRow(history.index)
        size = (
            f"{history.nbytes / _MEGABYTE:.1f} MB" if history.nbytes > _MEGABYTE / 10 else f"{history.nbytes >> 10} KB"
        )
        count = tr("1 edit") if len(history) == 1 else tr("{} edits").format(len(history))
        self._footer.setText(f"{count} · {size}")
        self._footer.setToolTip(tr("Memory the edits take. The oldest are let go beyond 512 MB."))

    def _item(self, name: str, *, undone: bool) -> QListWidgetItem:
        item = QListWidgetItem(name)
        item.setToolTip(name)
        if undone:
            item.setForeground(self.palette().brush(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text))
        return item

    def _travel(self, row: int) -> None:
        if row >= 0:
            self._session.jump(row)
