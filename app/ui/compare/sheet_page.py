"""The second page of comparing: how far it is, the panes, and below them the table of figures."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.ui.compare.figure_words import NONE
from app.ui.compare.result_model import METHOD, ResultModel
from app.ui.compare.sheet_export import table_text
from app.ui.compare.sheet_view import SheetView
from app.ui.language import tr
from app.ui.look.palette import Palette
from app.ui.look.theme import GRID
from app.ui.numbers import decimal
from app.ui.panels.elided_label import ElidedLabel
from app.ui.panels.inline_bar import InlineBar
from app.ui.panels.pieces import button, flush, keep_room
from app.ui.panels.tables import Table
from app.ui.session.comparison import Comparison
from app.ui.session.comparison_parts import Entry
from app.ui.settings import declared
from app.ui.settings.store import Settings

_ROW = 3 * GRID
_COLUMNS = (8 * GRID, 40 * GRID, 11 * GRID, 11 * GRID, 11 * GRID, 11 * GRID, 18 * GRID, 12 * GRID)


class SheetPage(QWidget):
    """Follows a `Comparison`. The table's rows and the panes stand in one order, and one of them is chosen."""

    choices_pressed = Signal()
    take_pressed = Signal(object)
    """The `Entry`."""
    picture_pressed = Signal(bool)
    """Save the panes: at 100 % where True, else as they are seen."""
    table_pressed = Signal()

    def __init__(self, comparison: Comparison, settings: Settings) -> None:
        super().__init__()
        self._comparison, self._settings = comparison, settings
        self.words, self.bar = ElidedLabel(), QProgressBar(textVisible=False)
        self.notice = InlineBar()
        self.view, self.model = SheetView(), ResultModel(comparison, self)
        self.table = Table(self.model, tr("Results"), _ROW, _COLUMNS)
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._make_keys()
        self.refresh()

    def _connect(self) -> None:
        comparison, table = self._comparison, self.table
        comparison.changed.connect(self.refresh)
        comparison.begun.connect(self._fill)
        comparison.entry_changed.connect(self.view.refresh)
        comparison.failed.connect(self.notice.tell)
        comparison.taken.connect(self._tell_taken)
        self.model.sorted_anew.connect(lambda: self.view.reorder(self.model.rows))
        self.view.chosen_changed.connect(self._show_chosen)
        self.view.take_pressed.connect(self.take_pressed)
        self.view.enlarged.connect(self._show_large)
        table.selectionModel().currentRowChanged.connect(lambda now, before: self._choose_row(now.row()))
        table.doubleClicked.connect(lambda index: self.view.toggle_large(self.view.chosen))
        table.horizontalHeader().sectionClicked.connect(self.sort_by)

    # what it is made of

    def _make_buttons(self) -> None:
        self.stop = button(tr("Stop"), self._comparison.stop, tip=tr("Run nothing more; what is there stays."))
        self.choices = button(tr("Choose methods…"), self.choices_pressed.emit, tip=tr("Compare others."))
        self.take = button(
            tr("Take the result"), self.take_chosen, tip=tr("Put the chosen result into the photo, in the editor (T).")
        )
        self.save_table = button(
            tr("Save the table…"), self.table_pressed.emit, tip=tr("Writes all figures as CSV, for a spreadsheet.")
        )
        self.save_picture = QPushButton(tr("Save the picture"), autoDefault=False)
        self.save_picture.setToolTip(tr("Writes all panes with their names and figures as one PNG."))
        menu = QMenu(self.save_picture)
        menu.addAction(tr("As it is &seen…"), lambda: self.picture_pressed.emit(False))
        menu.addAction(tr("The hole at &100 %…"), lambda: self.picture_pressed.emit(True))
        self.save_picture.setMenu(menu)

    def _lay_out(self) -> None:
        self.bar.setAccessibleName(tr("Progress"))
        keep_room(self.bar)
        self.table.horizontalHeader().setSectionsClickable(True)
        self.table.horizontalHeader().setStretchLastSection(False)
        self.table.horizontalHeader().setSectionResizeMode(METHOD, QHeaderView.ResizeMode.Stretch)
        facts = flush(QVBoxLayout(), GRID // 2)
        facts.addWidget(self.words)
        facts.addWidget(self.bar)
        top = flush(QHBoxLayout())
        top.addLayout(facts, 1)
        for each in (self.stop, self.choices, self.take, self.save_picture, self.save_table):
            top.addWidget(each)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self.view)
        self.split.addWidget(self.table)
        self.split.setStretchFactor(0, 1)
        self.split.setChildrenCollapsible(False)
        self.table.setMinimumHeight(4 * _ROW)
        rows = flush(QVBoxLayout(self))
        rows.addLayout(top)
        rows.addWidget(self.notice)
        rows.addWidget(self.split, 1)

    def _make_keys(self) -> None:
        view = self.view.viewport_
        keys = {
            "Ctrl+0": view.fit,
            "Ctrl+1": lambda: view.set_scale(1.0),
            "Ctrl+2": lambda: view.set_scale(2.0),
            "Ctrl++": lambda: view.zoom_step(1),
            "Ctrl+=": lambda: view.zoom_step(1),
            "Ctrl+-": lambda: view.zoom_step(-1),
            "H": self.view.zoom_to_hole,
            ".": lambda: self.view.step(1),
            ",": lambda: self.view.step(-1),
            "T": self.take_chosen,
            "Q": self.view.toggle_outline,
            "Ctrl+C": self.copy_table,
        }
        keys |= {str(column + 1): partial(self.sort_by, column) for column in range(self.model.columnCount())}
        for key, run in keys.items():
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(run)

    # what is shown

    def refresh(self) -> None:
        """Show how the comparison stands."""
        work = self._comparison
        self.words.setText(work.words)
        self.bar.setRange(0, max(work.total, 1) if work.total else 0 if work.is_running else 1)
        self.bar.setValue(work.done)
        self.bar.setVisible(work.is_running)
        self.bar.setAccessibleDescription(work.words)
        self.stop.setEnabled(work.is_running)
        self.choices.setEnabled(not work.is_running)
        self.save_picture.setEnabled(work.ground is not None)
        self.save_table.setEnabled(work.total > 0)
        self._show_original()
        self._show_take()

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self.view.recolour(palette)

    def _fill(self) -> None:
        colour, opacity = self._settings.get(declared.OVERLAY_COLOUR), self._settings.get(declared.OVERLAY_OPACITY)
        self.view.fill(self._comparison.ground, self.model.rows, (colour, opacity))
        self._show_large()
        wanted = self.table.horizontalHeader().height() + (len(self.model.rows) + 1) * _ROW
        least = min(wanted, self.height() // 3)
        self.split.setSizes([self.height() - least, least])

    def _show_original(self) -> None:
        pane, figures = self.view.pane_of(None), self._comparison.original
        if pane is not None:
            words = NONE if figures is None else decimal(figures.sharpness, 2)
            pane.caption.set_facts(tr("Sharpness {}").format(words), is_ready=False)

    def _show_take(self) -> None:
        pane = self.view.chosen
        self.take.setEnabled(pane is not None and pane.entry is not None and pane.is_ready)

    def _show_large(self) -> None:
        is_large = self.view.large is not None
        self.table.setVisible(not is_large)

    # what is chosen

    @property
    def chosen(self) -> Entry | None:
        """The result that is chosen; None for the photo itself."""
        return None if self.view.chosen is None else self.view.chosen.entry

    def take_chosen(self) -> None:
        """Wish for the chosen result in the photo."""
        if self.take.isEnabled() and self.chosen is not None:
            self.take_pressed.emit(self.chosen)

    def sort_by(self, column: int) -> None:
        """Sort by a column, the best first; the other way round where it is sorted by it already."""
        order = self.model.best_order(column)
        if self.model.column == column:
            ascending, descending = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
            order = ascending if self.model.is_descending else descending
        header = self.table.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.setSortIndicator(column, order)
        self.model.sort(column, order)

    def _tell_taken(self, entry: Entry) -> None:
        self.notice.tell(tr("{} is in the photo now; undoing it there takes it back.").format(entry.title))

    def copy_table(self) -> None:
        """Put the table onto the clipboard, as spreadsheets take it."""
        ground = self._comparison.ground
        if ground is not None:
            QGuiApplication.clipboard().setText(table_text(self.model, ground, "\t"))
            self.notice.tell(tr("The table is on the clipboard."))

    def _show_chosen(self) -> None:
        self._show_take()
        entry = self.chosen
        row = self.model.rows.index(entry) if entry in self.model.rows else -1
        if row >= 0 and row != self.table.currentIndex().row():
            self.table.selectRow(row)
        elif row < 0:
            self.table.clearSelection()
            self.table.setCurrentIndex(self.model.index(-1, -1))

    def _choose_row(self, row: int) -> None:
        if 0 <= row < len(self.model.rows):
            self.view.choose(self.view.pane_of(self.model.rows[row]))

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows large, Esc all again, or stops what runs; the backslash shows the photo while it is held."""
        key, is_large = event.key(), self.view.large is not None
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or (key == Qt.Key.Key_Escape and is_large):
            self.view.toggle_large(self.view.chosen)
        elif key == Qt.Key.Key_Escape:
            self._comparison.stop()
        elif key == Qt.Key.Key_Backslash:
            self.view.show_original(True)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The backslash is let go."""
        if event.key() == Qt.Key.Key_Backslash and not event.isAutoRepeat():
            self.view.show_original(False)
        else:
            super().keyReleaseEvent(event)
