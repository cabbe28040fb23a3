"""The row of the user's own models: their list, and buttons that add, rename and remove one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.inference.allowed import AllowedFile
from app.inference.own_models import MOST, NONE, kept, own_models, renamed, with_model, without
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.pieces import button, flush, label
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

Ask = Callable[[QWidget, str, str, str], tuple[str, str]]
"""Asks for a file, given a title, a folder and filters; an empty name stands for no answer."""

_SHOWN = 4
"""Rows of the list that are seen at once."""


class ModelsRow(QWidget):
    """What is added is put into the setting without a hash: whoever listens asks for consent, or takes it out again."""

    def __init__(self, settings: Settings, setting: Setting[str], ask: Ask = QFileDialog.getOpenFileName) -> None:
        super().__init__()
        self._settings, self._setting, self._ask = settings, setting, ask
        self.list = _List(self._remove)
        self.add = button(tr("Add…"), self._add, tip=tr(setting.tip))
        self.rename = button(tr("Rename"), self._rename, tip=tr("Give the chosen model another name"))
        self.remove = button(tr("Remove"), self._remove, tip=tr("Take it off the list; the file stays"))
        self._lay_out()
        self._show()
        self.list.itemChanged.connect(self._edited)
        self.list.currentRowChanged.connect(self._show_able)
        settings.changed.connect(self._setting_changed)

    def _lay_out(self) -> None:
        name = tr(self._setting.name)
        self.list.setAccessibleName(name)
        for each in (self.add, self.rename, self.remove):
            each.setAccessibleName(f"{name}: {each.text()}")
        buttons = flush(QHBoxLayout())
        for each in (self.add, self.rename, self.remove):
            buttons.addWidget(each)
        buttons.addStretch(1)
        column = flush(QVBoxLayout())
        column.addWidget(self.list)
        column.addLayout(buttons)
        row = flush(QHBoxLayout(self))
        row.addWidget(label(name), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        self.setToolTip(tr(self._setting.tip))

    def _add(self) -> None:
        models = own_models(self._settings.get(self._setting))
        folder = models[-1].file.path.parent if models else Path.home()
        patterns = " ".join(f"*{suffix}" for suffix in self._setting.suffixes)
        name, _ = self._ask(self, tr("Add a model"), str(folder), f"{tr('Models')} ({patterns})")
        if name:
            self._settings.set(self._setting, kept(with_model(models, AllowedFile(Path(name).absolute(), ""))))

    def _rename(self) -> None:
        self.list.setFocus()
        self.list.editItem(self.list.currentItem())

    def _edited(self, item: QListWidgetItem) -> None:
        """Later: the list, which is filled anew, is still at work on the item."""
        old = str(item.data(Qt.ItemDataRole.UserRole))
        QTimer.singleShot(0, self, partial(self._take_name, old, item.text()))

    def _take_name(self, old: str, text: str) -> None:
        """A name that the present choice goes by is that of the choice, too."""
        models = own_models(self._settings.get(self._setting))
        new = renamed(models, old, text)
        names = {before.name: after.name for before, after in zip(models, new, strict=True)}
        if self._settings.get(declared.OWN_MODEL) == old:
            self._settings.set(declared.OWN_MODEL, names.get(old, old))
        self._settings.set(self._setting, kept(new))
        self._show()

    def _remove(self) -> None:
        models, row = own_models(self._settings.get(self._setting)), self.list.currentRow()
        if 0 <= row < len(models):
            left = without(models, models[row].file.path)
            self._settings.set(self._setting, kept(left) if left else NONE)

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting is self._setting:
            self._show()

    def _show(self) -> None:
        row = self.list.currentRow()
        with QSignalBlocker(self.list):
            self.list.clear()
            for model in own_models(self._settings.get(self._setting)):
                text = model.name if model.is_allowed else tr("{} (not allowed yet)").format(model.name)
                item = QListWidgetItem(text, self.list)
                item.setData(Qt.ItemDataRole.UserRole, model.name)
                item.setToolTip(str(model.file.path))
                if model.is_allowed:
                    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
        self._show_able()

    def _show_able(self) -> None:
        item, is_full = self.list.currentItem(), self.list.count() >= MOST
        self.add.setEnabled(not is_full)
        self.add.setToolTip(tr("The list is full: remove a model first") if is_full else tr(self._setting.tip))
        self.remove.setEnabled(item is not None)
        self.rename.setEnabled(item is not None and bool(item.flags() & Qt.ItemFlag.ItemIsEditable))


class _Names(QStyledItemDelegate):
    """Gives the field in which a name is typed the whole of its row."""

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt would leave out the row's margins, and cut the text."""
        editor.setGeometry(option.rect)  # type: ignore[attr-defined]


class _List(QListWidget):
    """Says what to do while it is empty; Delete removes."""

    def __init__(self, remove: Callable[[], None]) -> None:
        super().__init__()
        self._remove = remove
        self.setItemDelegate(_Names(self))
        self.setEditTriggers(QListWidget.EditTrigger.EditKeyPressed | QListWidget.EditTrigger.DoubleClicked)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFixedHeight(_SHOWN * (self.fontMetrics().height() + GRID) + 2 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The models, or that there are none."""
        super().paintEvent(event)
        if self.count() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().placeholderText().color())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(GRID, 0, -GRID, 0), flags, tr("None yet: add a file."))
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the chosen one away."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._remove()
        else:
            super().keyPressEvent(event)
