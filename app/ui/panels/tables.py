"""Tables whose rows are chosen whole, and what their cells have in common."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from app.ui.look.icons import SIZE, icon
from app.ui.look.palette import Palette
from app.ui.look.theme import GRID

_WIDEST = 28 * GRID
"""Pixels that a column takes by itself."""


class Table(QTableView):
    """Whole rows are chosen; all have one height, so that thousands cost what a screenful does."""

    def __init__(self, model: QAbstractItemModel, name: str, row_height: int, widths: tuple[int, ...]) -> None:
        """`widths` are those of the columns at first, in pixels; the last one takes the rest."""
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(GRID)
        rows.setDefaultSectionSize(row_height)
        columns.setHighlightSections(False)
        columns.setStretchLastSection(True)
        columns.setMinimumSectionSize(5 * GRID)
        columns.setTextElideMode(Qt.TextElideMode.ElideRight)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, max(width, columns.sectionSizeHint(column)))

    def set_lines(self, lines: int) -> None:
        """Give all rows room for so many lines of text."""
        text = lines * self.fontMetrics().lineSpacing()
        self.verticalHeader().setDefaultSectionSize(max(4 * GRID, text + 2 * GRID))

    def set_room(self, column: int, texts: Iterable[str]) -> None:
        """Widen a column so that none of `texts`, each after an icon, is cut."""
        widest = max(self.fontMetrics().horizontalAdvance(text) for text in texts)
        self.setColumnWidth(column, max(self.columnWidth(column), widest + SIZE + 3 * GRID))

    def fit(self) -> None:
        """Give every column the width that its visible cells ask for, within bounds; the last one takes the rest."""
        columns = self.horizontalHeader()
        for column in range(columns.count() - 1):
            wanted = max(self.sizeHintForColumn(column) + GRID, columns.sectionSizeHint(column))
            self.setColumnWidth(column, min(wanted, _WIDEST))


class SentenceCell(QStyledItemDelegate):
    """A sentence on as many lines as its row has room for."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Break lines."""
        super().initStyleOption(option, index)
        wrap = QStyleOptionViewItem.ViewItemFeature.WrapText
        option.features |= wrap  # type: ignore[attr-defined, unused-ignore]


def row_icon(name: str, palette: Palette, colour: str = "") -> QIcon:
    """The icon `name` for cells, in the text's colour or in `colour`; it can be seen on a chosen row's ground, too."""
    result = QIcon()
    for mode, seen in ((QIcon.Mode.Normal, colour or palette.text), (QIcon.Mode.Selected, palette.on_accent)):
        result.addPixmap(icon(name, palette, colour=seen).pixmap(2 * SIZE, 2 * SIZE), mode)
    return result
