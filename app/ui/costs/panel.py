"""The panel: what ran, the table, and ways to take it elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from app.ui.costs import words
from app.ui.costs.counting import RunCosts
from app.ui.costs.model import SHARE, CostModel
from app.ui.language import tr
from app.ui.look.icons import icon
from app.ui.look.palette import Palette
from app.ui.look.theme import GRID
from app.ui.panels.bar import THICKNESS, draw_bar
from app.ui.panels.elided_label import ElidedLabel
from app.ui.panels.pieces import flush, label

_LEAST_ROWS = 3
_MOST_ROWS = 5


class _ShareCell(QStyledItemDelegate):
    """A number, and below it a bar that compares it with the others of its column."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Number, bar."""
        super().paint(painter, option, index)
        share = index.data(SHARE)
        if share is not None:
            draw_bar(painter, option, option.rect.height() - THICKNESS - 1, share)  # type: ignore[attr-defined, unused-ignore]


class CostTable(QTableView):
    """A few rows, all of which show where there is room. The keys that copy elsewhere copy it here."""

    copy_pressed = Signal()

    def __init__(self, model: CostModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_ShareCell(self))
        self.setAccessibleName(tr("What the stages cost"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().lineSpacing() + 2 * GRID)
        columns.setHighlightSections(False)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        columns.setMinimumSectionSize(6 * GRID)
        columns.setTextElideMode(Qt.TextElideMode.ElideRight)

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(80 * GRID, self._height(_MOST_ROWS))

    def minimumSizeHint(self) -> QSize:
        """Some of them."""
        return QSize(40 * GRID, self._height(_LEAST_ROWS))

    def _height(self, rows: int) -> int:
        around = self.height() - self.viewport().height() - self.horizontalHeader().height()
        header = self.horizontalHeader().sizeHint().height()
        return header + rows * self.verticalHeader().defaultSectionSize() + max(around, 2 * GRID)

    def event(self, event: QEvent) -> bool:
        """*Copy* is for the table while it has the keyboard."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _copies(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy; the rest is Qt's."""
        if _copies(event):
            self.copy_pressed.emit()
        else:
            super().keyPressEvent(event)


class CostPanel(QWidget):
    """Follows the run that is shown."""

    close_pressed = Signal()

    def __init__(self, costs: RunCosts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._costs = costs
        self.model = CostModel(self)
        self.table = CostTable(self.model)
        self.facts = ElidedLabel()
        self.hint = label(tr("Fill a hole: what each stage took will stand here."), "muted", wraps=True)
        self.copy_button, self.close_button = QToolButton(), QToolButton()
        self._lay_out()
        self.copy_button.clicked.connect(self.copy_text)
        self.close_button.clicked.connect(self.close_pressed)
        self.table.copy_pressed.connect(self.copy_text)
        costs.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        self.setAccessibleName(tr("What the stages cost"))
        self.facts.setProperty("role", "muted")
        _make_button(self.copy_button, tr("Copy"), tr("Copy the table, for a text or a sheet. The menu has it as CSV."))
        self.copy_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.copy_button.setMenu(self._copy_menu(self.copy_button))
        _make_button(self.close_button, tr("Close"), tr("Close this panel"))
        head = flush(QHBoxLayout(), 2 * GRID)
        head.addWidget(label(tr("What the stages cost"), "heading"))
        head.addWidget(self.facts, 1)
        head.addWidget(self.copy_button)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self.table)
        column.addWidget(self.hint)

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self.copy_button.setIcon(icon("content-copy", palette))
        self.close_button.setIcon(icon("close", palette))

    def refresh(self) -> None:
        """Show the run as it is now."""
        rows, variant = self._costs.rows, self._costs.shown
        self.model.show_rows(rows)
        self.table.setVisible(bool(rows))
        self.hint.setVisible(not rows)
        self.copy_button.setEnabled(bool(rows))
        report = None if variant is None else variant.report
        if variant is None or report is None:
            self.facts.clear()
        else:
            self.facts.setText(words.facts(variant, report, is_one_of_several=self._costs.is_one_of_several))

    def copy_text(self) -> None:
        """Put the table on the clipboard: as text, and for programs that take it as CSV."""
        self._copy(words.tabbed(self.model.rows))

    def copy_csv(self) -> None:
        """Put the table on the clipboard as CSV, which is then the text, too."""
        self._copy(words.comma_separated(self.model.rows))

    def copy_cell(self) -> None:
        """Put the chosen cell on the clipboard."""
        self._put(str(self.table.currentIndex().data() or ""))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ways to copy."""
        if self.model.rows:
            by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
            at = self.table.mapToGlobal(QPoint(GRID, GRID)) if by_key else event.globalPos()
            menu = self._copy_menu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(at)

    def _copy_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        menu.addAction(tr("Copy the table"), self.copy_text)
        menu.addAction(tr("Copy as CSV"), self.copy_csv)
        menu.addAction(tr("Copy the cell"), self.copy_cell)
        menu.aboutToShow.connect(lambda: menu.actions()[-1].setEnabled(self.table.currentIndex().isValid()))
        return menu

    def _copy(self, text: str) -> None:
        self._put(text, words.comma_separated(self.model.rows))

    def _put(self, text: str, table: str = "") -> None:
        if text:
            data = QMimeData()
            data.setText(text)
            if table:
                data.setData("text/csv", table.encode())
            QGuiApplication.clipboard().setMimeData(data)
            QToolTip.showText(self.copy_button.mapToGlobal(QPoint(0, 0)), tr("Copied"), self.copy_button)


def _make_button(button: QToolButton, name: str, tip: str) -> None:
    button.setAccessibleName(name)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)


def _copies(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Copy)
