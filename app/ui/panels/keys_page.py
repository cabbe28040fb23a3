"""The keys of all actions, and how to change them: the part of the settings below the preset."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.ui.actions.keymap import Keymap, native
from app.ui.actions.spec import ActionSpec, Menu
from app.ui.actions.table import ACTIONS, label, plain
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.key_editor import KeyEditor
from app.ui.panels.pieces import button, flush

_ID = Qt.ItemDataRole.UserRole


class KeysPage(QWidget):
    """A list of actions by menu; below it an editor for the keys of the chosen one."""

    def __init__(self, keymap: Keymap, import_keys: Callable[[], None], export_keys: Callable[[], None]) -> None:
        super().__init__()
        self._keymap = keymap
        self._tree = QTreeWidget()
        self._groups: list[QTreeWidgetItem] = []
        self._items = dict(self._filled())
        self._editor = KeyEditor(keymap)
        self._lay_out(import_keys, export_keys)
        self._tree.currentItemChanged.connect(self._chosen)
        keymap.changed.connect(self._show)
        self._show()
        self._tree.setCurrentItem(next(iter(self._items.values())))

    def choose(self, id_: str) -> None:
        """Select an action."""
        self._tree.setCurrentItem(self._items[id_])

    def show_matching(self, words: list[str]) -> bool:
        """Show the actions whose name or keys hold all `words`, casefolded; returns whether there are any."""
        for id_, item in self._items.items():
            text = " ".join((item.text(0), item.text(1), *self._keymap.keys(id_))).casefold()
            item.setHidden(not all(word in text for word in words))
        for group in self._groups:
            group.setHidden(all(item.isHidden() for item in self._items.values() if item.parent() is group))
        return any(not item.isHidden() for item in self._items.values())

    def _filled(self) -> Iterator[tuple[str, QTreeWidgetItem]]:
        for menu in Menu:
            specs = [spec for spec in ACTIONS if spec.menu is menu]
            if not specs:
                continue
            title = " › ".join(plain(tr(part)) for part in menu.value.split("/")) or tr("While held")
            group = QTreeWidgetItem(self._tree, [title])
            self._groups.append(group)
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            group.setFirstColumnSpanned(True)
            group.setFont(0, _bold(group.font(0)))
            for spec in specs:
                yield spec.id, _item(group, spec)

    def _lay_out(self, import_keys: Callable[[], None], export_keys: Callable[[], None]) -> None:
        self._tree.setAccessibleName(tr("Keys"))
        self._tree.setHeaderLabels([tr("Action"), tr("Keys")])
        self._tree.setRootIsDecorated(False)
        self._tree.setIndentation(2 * GRID)
        self._tree.setUniformRowHeights(True)
        self._tree.setMinimumHeight(24 * GRID)
        self._tree.expandAll()
        self._tree.setColumnWidth(0, self._tree.sizeHintForColumn(0) + 4 * GRID)
        rows = flush(QVBoxLayout(self))
        rows.addWidget(self._tree, 1)
        rows.addWidget(self._editor)
        rows.addLayout(_buttons(import_keys, export_keys))

    def _show(self) -> None:
        """Keys as they are now; those that were changed stand out."""
        for id_, item in self._items.items():
            item.setText(1, " / ".join(native(key) for key in self._keymap.keys(id_)))
            font = _bold(item.font(1)) if self._keymap.is_changed(id_) else QFont()
            for column in (0, 1):
                item.setFont(column, font)
        self._editor.refresh()

    def _chosen(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        id_ = item.data(0, _ID) if item is not None else None
        self._editor.edit(next((spec for spec in ACTIONS if spec.id == id_), None))


def _bold(font: QFont) -> QFont:
    result = QFont(font)
    result.setBold(True)
    return result


def _item(group: QTreeWidgetItem, spec: ActionSpec) -> QTreeWidgetItem:
    item = QTreeWidgetItem(group, [label(spec), ""])
    item.setData(0, _ID, spec.id)
    item.setToolTip(0, label(spec))
    return item


def _buttons(import_keys: Callable[[], None], export_keys: Callable[[], None]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID)
    row.addWidget(button(tr("Import keys…"), import_keys))
    row.addWidget(button(tr("Export keys…"), export_keys))
    row.addStretch(1)
    return row
