"""The history as rows of a list: row 0 is the photo as it was opened, row n the state after n edits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.document.document import Document
from app.document.edits import Edit
from app.document.history import History
from app.ui.language import plural, tr
from app.ui.panels.edit_names import edit_name
from app.ui.panels.edit_thumbnails import EditThumbnails

PICTURE = Qt.ItemDataRole.UserRole
"""A `QPixmap`, or None."""
UNDONE = Qt.ItemDataRole.UserRole + 1
SAVED = Qt.ItemDataRole.UserRole + 2

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class HistoryModel(QAbstractListModel):
    """Only what changed is announced, so that a stroke costs the same after hundreds of others."""

    def __init__(self, thumbnails: EditThumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._states: list[int] = []
        self._names: list[str] = []
        self._marks: tuple[int, int | None] = (0, None)
        """The present row and the saved one."""
        thumbnails.made.connect(self._picture_made)

    def update(self, document: Document | None) -> None:
        """Show the history of `document` as it is now."""
        states = [] if document is None else list(document.history.states)
        self._remove(0, self._gone_in_front(states))
        kept = _common_start(self._states, states)
        self._remove(kept, len(self._states) - kept)
        if document is None:
            return
        history = document.history
        names = [_first_name(history), *history.names]
        if len(states) > kept:
            self.beginInsertRows(_NOWHERE, kept, len(states) - 1)
            self._states += states[kept:]
            self._names += names[kept:]
            self.endInsertRows()
        self._names[0] = names[0]
        self._set_marks(history.index, history.saved_index)

    @property
    def present(self) -> int:
        """The row of the present state."""
        return self._marks[0]

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """See Qt."""
        return 0 if parent.isValid() else len(self._states)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See Qt."""
        row = index.row()
        if not 0 <= row < len(self._states):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return edit_name(self._names[row])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row)
        if role == PICTURE:
            return self._thumbnails.of(self._states[row])
        if role == UNDONE:
            return row > self._marks[0]
        return row == self._marks[1] if role == SAVED else None

    def _spoken(self, row: int) -> str:
        """The name, with what the row looks like in words."""
        name, (present, saved) = edit_name(self._names[row]), self._marks
        if row > present:
            name = tr("{}, undone").format(name)
        return tr("{}, saved").format(name) if row == saved else name

    def _gone_in_front(self, states: Sequence[int]) -> int:
        """How many rows at the beginning were let go."""
        if not states or not self._states or states[0] == self._states[0]:
            return 0
        return self._states.index(states[0]) if states[0] in self._states else len(self._states)

    def _remove(self, first: int, count: int) -> None:
        if count > 0:
            self.beginRemoveRows(_NOWHERE, first, first + count - 1)
            del self._states[first : first + count]
            del self._names[first : first + count]
            self.endRemoveRows()

    def _set_marks(self, present: int, saved: int | None) -> None:
        rows = [row for row in (*self._marks, present, saved) if row is not None]
        if self._marks != (present, saved):
            self._marks = present, saved
            self.dataChanged.emit(self.index(min(rows)), self.index(min(max(rows), len(self._states) - 1)))

    def _picture_made(self, state: int) -> None:
        if state in self._states:
            index = self.index(self._states.index(state))
            self.dataChanged.emit(index, index, [PICTURE])


def _common_start(one: Sequence[int], other: Sequence[int]) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _first_name(history: History[Edit]) -> str:
    if not history.pruned:
        return tr("Opened")
    return plural("{} older edit", "{} older edits", history.pruned).format(history.pruned)
