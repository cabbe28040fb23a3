"""The dry run as rows of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from app.batch.request import BatchPlan, BatchRequest, FileJob, PlanRow
from app.ui.language import localised, tr
from app.ui.look.palette import Palette
from app.ui.numbers import decimal
from app.ui.panels.tables import row_icon
from app.ui.session.crash import as_sentence

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

PHOTO, MASK, RESULT, SIZE, PROBLEM = range(5)
"""The columns."""


class PlanModel(QAbstractTableModel):
    """Every photo of a plan, or those with a problem alone."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plan: BatchPlan | None = None
        self._rows: tuple[PlanRow, ...] = ()
        self._problems_only = False
        self._sign = QIcon()

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self._sign = row_icon("alert-circle-outline", palette, palette.on_error)
        if self._rows:
            last = self.index(len(self._rows) - 1, PROBLEM)
            self.dataChanged.emit(self.index(0, PROBLEM), last, [Qt.ItemDataRole.DecorationRole])

    def show_plan(self, plan: BatchPlan | None, *, problems_only: bool) -> bool:
        """Show another plan, or other rows of it; False where there is nothing new to be seen."""
        if plan is self._plan and problems_only == self._problems_only:
            return False
        self.beginResetModel()
        self._plan, self._problems_only = plan, problems_only
        self._rows = () if plan is None else plan.problems if problems_only else plan.rows
        self.endResetModel()
        return True

    def row(self, row: int) -> PlanRow:
        """What stands in a row."""
        return self._rows[row]

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """See Qt."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """See Qt."""
        return 0 if parent.isValid() else PROBLEM + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See Qt."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("Photo"), tr("Mask"), tr("Result"), tr("Size"), tr("Problem"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See Qt."""
        if self._plan is None or not 0 <= index.row() < len(self._rows):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(self._plan.request, self._rows[index.row()], index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(self._rows[index.row()], index.column()) or self.data(index)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == PROBLEM:
            return self._sign if self._rows[index.row()].problem is not None else None
        return None


def problem_words(row: PlanRow) -> str:
    """Why a photo can't be done, in the user's language; empty where it can."""
    return "" if row.problem is None else as_sentence(localised(row.problem.text))


def _text(request: BatchRequest, row: PlanRow, column: int) -> str:
    job = row.job
    match column:
        case 0:
            return job.name
        case 1:
            return _mask_words(request, job)
        case 2:
            return _below(job.output, request.output)
        case 3:
            return "" if row.extent is None else _size_words(row.extent.width, row.extent.height)
        case _:
            return problem_words(row)


def _tip(row: PlanRow, column: int) -> str:
    paths = {PHOTO: row.job.photo, MASK: row.job.mask, RESULT: row.job.output}
    path = paths.get(column)
    return "" if path is None else str(path)


def _mask_words(request: BatchRequest, job: FileJob) -> str:
    if job.mask is None:
        return "–"
    return _below(job.mask, request.masks.path or request.folder)


def _below(path: Path, folder: Path) -> str:
    """`path` as it is seen from `folder`, else its name."""
    return path.relative_to(folder).as_posix() if path != folder and path.is_relative_to(folder) else path.name


def _size_words(width: int, height: int) -> str:
    return tr("{} × {} · {} MP").format(width, height, decimal(width * height / 1e6, 1))
