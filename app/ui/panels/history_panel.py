"""The list of edits, done and undone; a click or an arrow key travels to that state."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QListView, QMenu, QVBoxLayout, QWidget

from app.document.document import Document
from app.document.edits import Edit
from app.document.history import History
from app.ui.language import plural, tr
from app.ui.look.icons import icon
from app.ui.look.theme import GRID, Palette
from app.ui.numbers import megabytes
from app.ui.panels.edit_thumbnails import EditThumbnails
from app.ui.panels.history_model import HistoryModel
from app.ui.panels.history_row import HistoryRow
from app.ui.panels.pieces import label
from app.ui.session.session import Session
from app.ui.session.shelf import Shelf
from app.ui.settings.store import Settings

HEIGHT = 30 * GRID
_LEAST = 12 * GRID


class HistoryList(QListView):
    """The right button asks for the menu and selects nothing."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Anything but the right button is Qt's."""
        if event.button() != Qt.MouseButton.RightButton:
            super().mousePressEvent(event)


class HistoryPanel(QWidget):
    """The present state is selected; what is undone stands dimmed below it."""

    def __init__(self, session: Session, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.thumbnails = EditThumbnails(session, settings, self)
        self.model = HistoryModel(self.thumbnails, self)
        self.list, self._rows = HistoryList(), HistoryRow(self)
        self._follows = False
        """The selection follows the history, and is no wish to travel."""
        self.footer = label(role="muted")
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(self._travel)
        session.history_changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._rows)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list.setAccessibleName(tr("History"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(_LEAST)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.list)
        column.addWidget(self.footer)

    def sizeHint(self) -> QSize:
        """About five rows."""
        return QSize(super().sizeHint().width(), HEIGHT)

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self._rows.disk = icon("content-save-outline", palette, colour=palette.muted)
        self._rows.disk_selected = icon("content-save-outline", palette, colour=palette.on_accent)
        self.list.viewport().update()

    def refresh(self) -> None:
        """Show the history as it is now."""
        document = self._session.document
        self.thumbnails.update()
        self._follows = True
        self.model.update(document)
        if document is None:
            self.footer.clear()
        else:
            self.list.setCurrentIndex(self.model.index(self.model.present))
            self.footer.setText(_size_words(document.history))
            self.footer.setToolTip(
                tr("Memory the edits take. The oldest are let go beyond {}.").format(megabytes(document.history.limit))
            )
        self._follows = False

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the row under the pointer, or the one that has the keyboard."""
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        place = self.list.viewport().mapFromGlobal(event.globalPos())
        index = self.list.currentIndex() if by_key else self.list.indexAt(place)
        if index.isValid():
            at = self.list.visualRect(index).center() if by_key else place
            self.menu_of(index).popup(self.list.viewport().mapToGlobal(QPoint(at)))

    def menu_of(self, index: QModelIndex) -> QMenu:
        """The menu of a row."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = index.row()
        menu.addAction(tr("Go here"), lambda: self._session.jump(row)).setEnabled(row != self.model.present)
        document = self._session.document
        if document is not None and row > 0 and _was_chosen(document, row, self._session.shelf):
            menu.addAction(tr("Other candidates"), lambda: self._session.jump(row - 1))
        return menu

    def _travel(self, index: QModelIndex) -> None:
        if index.isValid() and not self._follows:
            self._session.jump(index.row())


def _was_chosen(document: Document, row: int, shelf: Shelf) -> bool:
    """Other results than that of `row` could have been accepted there."""
    return document.history.edits[row - 1].changes_image and document.picture_states(row - 1)[0] in shelf


def _size_words(history: History[Edit]) -> str:
    count = plural("{} edit", "{} edits", len(history)).format(len(history))
    return tr("{} · {} of {}").format(count, megabytes(history.nbytes), megabytes(history.limit))
