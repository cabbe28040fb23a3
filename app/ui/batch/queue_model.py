"""The photos of a batch under way as rows of a table; only what changed is announced."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from app.inference.request import Stage
from app.ui.batch.pictures import Pictures
from app.ui.language import tr
from app.ui.look.palette import Palette
from app.ui.numbers import decimal
from app.ui.panels.tables import row_icon
from app.ui.session.batch_rows import BatchRow, RowState
from app.ui.session.batch_work import BatchWork
from app.ui.stages.panes import Pane

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

PHOTO, BEFORE, AFTER, STATE, SECONDS, REMARKS = range(6)
"""The columns."""

PICTURE = Qt.ItemDataRole.UserRole
"""A `QPixmap`, or None."""
FRACTION = Qt.ItemDataRole.UserRole + 1
"""0…1 while it is worked on, else None."""


IS_OVER = Qt.ItemDataRole.UserRole + 2
"""True where no picture is to be expected any longer."""


class QueueModel(QAbstractTableModel):
    """Follows a `BatchWork`."""

    def __init__(self, work: BatchWork, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work, self._pictures = work, Pictures()
        self._icons: dict[RowState, QIcon] = {}
        work.rows_changed.connect(self._rows_changed)
        work.file_changed.connect(self._file_changed)

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        colours = {RowState.FAILED: palette.on_error, RowState.LEFT_OUT: palette.on_warning}
        self._icons = {state: row_icon(name, palette, colours.get(state, "")) for state, name in _ICONS.items()}
        if self.rowCount():
            last = self.index(self.rowCount() - 1, STATE)
            self.dataChanged.emit(self.index(0, STATE), last, [Qt.ItemDataRole.DecorationRole])

    def row(self, row: int) -> BatchRow:
        """What stands in a row."""
        return self._work.rows[row]

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """See Qt."""
        return 0 if parent.isValid() else self._work.total

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """See Qt."""
        return 0 if parent.isValid() else REMARKS + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See Qt."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("Photo"), tr("Before"), tr("After"), tr("State"), tr("Seconds"), tr("Remarks"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See Qt."""
        if not 0 <= index.row() < self._work.total:
            return None
        row, column = self._work.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(row, column)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icons.get(row.state) if column == STATE else None
        if role == PICTURE and row.outcome is not None:
            return self._pictures.of(row.outcome.before if column == BEFORE else row.outcome.after)
        if role == FRACTION:
            return row.fraction if row.state is RowState.WORKING else None
        if role == IS_OVER:
            return row.state.is_over
        return None

    def _rows_changed(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def _file_changed(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, REMARKS))


_ICONS = {
    RowState.WAITING: "clock-outline",
    RowState.READING: "folder-open-outline",
    RowState.WORKING: "progress-wrench",
    RowState.WRITING: "content-save-outline",
    RowState.DONE: "check-circle-outline",
    RowState.FAILED: "alert-circle-outline",
    RowState.LEFT_OUT: "debug-step-over",
}


def _alignment(column: int) -> Qt.AlignmentFlag:
    """Numbers stand below each other by their ends."""
    side = Qt.AlignmentFlag.AlignTrailing if column == SECONDS else Qt.AlignmentFlag.AlignLeading
    return side | Qt.AlignmentFlag.AlignVCenter


def state_words(row: BatchRow) -> str:
    """What a photo is at."""
    return _state_words(row.state, row.stage)


def all_state_words() -> list[str]:
    """All that `state_words` may say."""
    return [_state_words(state, None) for state in RowState] + [_state_words(RowState.WORKING, each) for each in Stage]


def _state_words(state: RowState, stage: Stage | None) -> str:
    match state:
        case RowState.WAITING:
            return tr("Waiting")
        case RowState.READING:
            return tr("Reading")
        case RowState.WORKING:
            return tr("Filling") if stage is None else Pane.of(stage).title
        case RowState.WRITING:
            return tr("Saving")
        case RowState.DONE:
            return tr("Done")
        case RowState.FAILED:
            return tr("Failed")
        case RowState.LEFT_OUT:
            return tr("Left out")


def _text(row: BatchRow, column: int) -> str:
    match column:
        case 0:
            return row.job.name
        case 3:
            return state_words(row)
        case 4:
            return "" if row.seconds is None else decimal(row.seconds, 1)
        case 5:
            return row.reason
        case _:
            return ""


def _tip(row: BatchRow, column: int) -> str:
    if column == REMARKS:
        return row.reason
    if column in (PHOTO, BEFORE):
        return str(row.job.photo)
    if column == AFTER:
        return str(row.job.output)
    return state_words(row)


def _spoken(row: BatchRow, column: int) -> str:
    if column == BEFORE:
        return tr("The photo {} with its mask").format(row.job.name)
    return tr("The result of {}").format(row.job.name) if column == AFTER else _text(row, column)
