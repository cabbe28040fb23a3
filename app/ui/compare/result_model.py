"""The rows of the table: one a result, sorted by any column; the panes stand in the same order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont

from app.ui.compare.figure_words import NONE, Measure, measures
from app.ui.language import tr
from app.ui.session.comparison import Comparison
from app.ui.session.comparison_parts import Entry

RANK, METHOD = 0, 1
_FIRST = 2
_LEADING = "feature_distance", "psnr_db"
"""What ranks are given by: the first of these that was measured."""

_Index = QModelIndex | QPersistentModelIndex


class ResultModel(QAbstractTableModel):
    """Follows a `Comparison`. Results that are not there, or not measured, come last."""

    sorted_anew = Signal()
    """The rows stand in another order."""

    def __init__(self, comparison: Comparison, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._comparison = comparison
        self.measures: tuple[Measure, ...] = measures()
        self.rows: list[Entry] = []
        self._column, self._is_descending = -1, False
        comparison.begun.connect(self._fill)
        comparison.entry_changed.connect(self._entry_changed)

    # order

    @property
    def column(self) -> int:
        """The one that is sorted by; -1 while the rows stand as they were asked for."""
        return self._column

    @property
    def is_descending(self) -> bool:
        """The largest values come first, or those furthest from the best one."""
        return self._is_descending

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, or, where it is -1, as was asked for."""
        self._column, self._is_descending = column, order == Qt.SortOrder.DescendingOrder
        self._sort()

    def best_order(self, column: int) -> Qt.SortOrder:
        """In which the best result comes first."""
        is_more_better = column >= _FIRST and self.measures[column - _FIRST].best == 1
        return Qt.SortOrder.DescendingOrder if is_more_better else Qt.SortOrder.AscendingOrder

    def rank(self, entry: Entry) -> int | None:
        """Its place by feature distance, without that by PSNR; None where neither was measured."""
        for key in _LEADING:
            measure = next(each for each in self.measures if each.key == key)
            values = [value for each in self.rows if (value := measure.value(each)) is not None]
            mine = measure.value(entry)
            if values:
                return None if mine is None else 1 + sum(measure.badness(v) < measure.badness(mine) for v in values)
        return None

    def _sort(self) -> None:
        asked_for = {id(entry): at for at, entry in enumerate(self._comparison.entries)}
        rows = sorted(self.rows, key=lambda each: asked_for.get(id(each), 0))
        known = [each for each in rows if self._key(each) is not None]
        known.sort(key=lambda each: self._key(each) or 0, reverse=self._is_descending)
        rows = [*known, *(each for each in rows if self._key(each) is None)]
        if rows != self.rows:
            self.layoutAboutToBeChanged.emit()
            before, self.rows = self.rows, rows
            old = self.persistentIndexList()
            self.changePersistentIndexList(
                old, [self.index(rows.index(before[each.row()]), each.column()) for each in old]
            )
            self.layoutChanged.emit()
            self.sorted_anew.emit()

    def _key(self, entry: Entry) -> float | str | None:
        if self._column == METHOD:
            return entry.title.casefold()
        if self._column == RANK:
            return self.rank(entry)
        if self._column < 0:
            return None
        measure = self.measures[self._column - _FIRST]
        value = measure.value(entry)
        return value if value is None or measure.best else measure.badness(value)

    # rows

    def _fill(self) -> None:
        self.beginResetModel()
        self.rows = list(self._comparison.entries)
        self.endResetModel()
        self._sort()
        self.sorted_anew.emit()

    def _entry_changed(self, entry: Entry) -> None:
        if entry in self.rows:
            self._sort()
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, self.columnCount() - 1))

    def rowCount(self, parent: _Index | None = None) -> int:
        """Results."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Rank, method, and what is measured."""
        return _FIRST + len(self.measures)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Titles, and what they mean."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < self.columnCount():
            return None
        key = tr("Key {}: sort by it, again: the other way round.").format(section + 1)
        if section < _FIRST:
            title = (tr("Rank"), tr("Method"))[section]
            tip = tr("By feature distance; without that by PSNR.") if section == RANK else ""
        else:
            title, tip = self.measures[section - _FIRST].title, self.measures[section - _FIRST].tip
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(section)
        return f"{tip} {key}".strip() if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows."""
        entry, column = self.rows[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(entry, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(entry, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(column)
        if role == Qt.ItemDataRole.FontRole and self.is_best(entry, column):
            font = QFont()
            font.setBold(True)
            return font
        return None

    def is_best(self, entry: Entry, column: int) -> bool:
        """True where no other result has a better value in `column`, and one a worse one."""
        if column < _FIRST:
            return False
        measure = self.measures[column - _FIRST]
        mine, values = measure.value(entry), _values(measure, self.rows)
        return mine is not None and len(set(values)) > 1 and measure.badness(mine) == min(map(measure.badness, values))

    def _text(self, entry: Entry, column: int) -> str:
        if column == METHOD:
            return f"{entry.title} — {entry.words}" if entry.words else entry.title
        if column == RANK:
            rank = self.rank(entry)
            return NONE if rank is None else str(rank)
        return self.measures[column - _FIRST].words(entry)

    def _tip(self, entry: Entry, column: int) -> str:
        if column >= _FIRST and self.measures[column - _FIRST].value(entry) is None:
            return self.measures[column - _FIRST].tip
        return "\n".join((self._text(entry, METHOD), *entry.notices)) if column == METHOD else ""


def _align(column: int) -> Qt.AlignmentFlag:
    """Numbers stand below each other."""
    side = Qt.AlignmentFlag.AlignLeading if column == METHOD else Qt.AlignmentFlag.AlignTrailing
    return side | Qt.AlignmentFlag.AlignVCenter


def _values(measure: Measure, rows: Sequence[Entry]) -> list[float]:
    return [value for each in rows if (value := measure.value(each)) is not None]
