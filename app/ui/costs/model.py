"""The rows as a table that Qt shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from app.ui.costs import words
from app.ui.costs.rows import CostRow
from app.ui.costs.words import FIELD, MEMORY, PARAMETERS, STAGE, TIME, WORK

SHARE = Qt.ItemDataRole.UserRole
"""0…1: the cell's number as a share of the largest in its column; None for none."""

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

_VALUES: dict[int, Callable[[CostRow], float | None]] = {
    TIME: lambda row: row.seconds,
    MEMORY: lambda row: row.memory,
    PARAMETERS: lambda row: row.parameters,
    WORK: lambda row: row.multiply_adds,
}


class CostModel(QAbstractTableModel):
    """A row a stage, the total last."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[CostRow, ...] = ()

    @property
    def rows(self) -> tuple[CostRow, ...]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: tuple[CostRow, ...]) -> None:
        """Show others; a choice stays where there are as many."""
        if len(rows) == len(self._rows):
            self._rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, FIELD))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """See Qt."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """See Qt."""
        return 0 if parent.isValid() else FIELD + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See Qt."""
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return words.heading(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.heading_tip(section)
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See Qt."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return words.cell(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return words.cell_tip(row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{words.stage_name(row)}, {words.heading(column)}: {words.cell(row, column)}"
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.FontRole if row.stage is None:
                return _bold()
            case _ if role == SHARE:
                return self._share(row, column)
        return None

    def _share(self, row: CostRow, column: int) -> float | None:
        value = _VALUES.get(column)
        own = None if value is None or row.stage is None else value(row)
        if value is None or own is None:
            return None
        largest = max(value(each) or 0.0 for each in self._rows if each.stage is not None)
        return own / largest if largest > 0 else None


def _alignment(column: int) -> Qt.AlignmentFlag:
    """Numbers stand below each other by their ends."""
    side = Qt.AlignmentFlag.AlignLeading if column == STAGE else Qt.AlignmentFlag.AlignTrailing
    return side | Qt.AlignmentFlag.AlignVCenter


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font
