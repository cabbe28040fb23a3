"""The action table made flesh: one QAction an entry, and the menus and toolbars that hold them."""

from __future__ import annotations

from functools import partial
from html import escape

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar

from app.ui.actions.keymap import Keymap, native
from app.ui.actions.spec import ActionSpec, Bar, Commands, Menu
from app.ui.actions.table import ACTIONS, label
from app.ui.language import tr
from app.ui.look.icons import icon
from app.ui.look.theme import Palette


class ActionSet(QObject):
    """The actions of one window; call `recolour` and `refresh` once the window stands."""

    def __init__(self, commands: Commands, keymap: Keymap, parent: QObject) -> None:
        super().__init__(parent)
        self._commands, self._keymap = commands, keymap
        self._actions = {spec.id: self._made(spec) for spec in ACTIONS if not spec.is_held}
        self._bind()
        keymap.changed.connect(self._bind)

    def __getitem__(self, id_: str) -> QAction:
        """The action of the entry `id_`."""
        return self._actions[id_]

    def refresh(self) -> None:
        """Dim and mark every action as the state asks for."""
        for spec in ACTIONS:
            if spec.id in self._actions:
                action = self._actions[spec.id]
                action.setEnabled(spec.enabled(self._commands))
                if spec.checked is not None:
                    action.setChecked(spec.checked(self._commands))

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        for spec in ACTIONS:
            if spec.icon and spec.id in self._actions:
                self._actions[spec.id].setIcon(icon(spec.icon, palette))

    def fill_menu_bar(self, bar: QMenuBar, recent: QMenu) -> None:
        """All menus; `recent` goes below *open*."""
        menus: dict[str, QMenu] = {}
        for spec in ACTIONS:
            if spec.menu is Menu.NONE:
                continue
            menu = _menu(bar, menus, spec.menu.value)
            if spec.starts_group and not menu.isEmpty():
                menu.addSeparator()
            menu.addAction(self._actions[spec.id])
            if spec.id == "open":
                menu.addMenu(recent)

    def fill_tool_bar(self, bar: QToolBar, which: Bar) -> None:
        """The entries that belong to one toolbar."""
        for spec in ACTIONS:
            if spec.bar is which:
                if spec.starts_group and bar.actions():
                    bar.addSeparator()
                bar.addAction(self._actions[spec.id])

    def _made(self, spec: ActionSpec) -> QAction:
        action = QAction(tr(spec.text), self)
        action.setObjectName(spec.id)
        action.setCheckable(spec.checked is not None)
        action.setMenuRole(_ROLES.get(spec.id, QAction.MenuRole.NoRole))
        action.triggered.connect(partial(self._triggered, spec))
        return action

    def _bind(self) -> None:
        """Give every action its keys, and its tooltip, which names the first."""
        for spec in ACTIONS:
            if spec.id in self._actions:
                self._actions[spec.id].setShortcuts(self._keymap.sequences(spec.id))
                self._actions[spec.id].setToolTip(_tip(spec, self._keymap.keys(spec.id)))

    def _triggered(self, spec: ActionSpec, _checked: bool = False) -> None:
        spec.run(self._commands)
        self.refresh()


_ROLES = {
    "quit": QAction.MenuRole.QuitRole,
    "about": QAction.MenuRole.AboutRole,
    "settings": QAction.MenuRole.PreferencesRole,
}


def _menu(bar: QMenuBar, menus: dict[str, QMenu], path: str) -> QMenu:
    """The menu at `path`, made where it is not there yet."""
    if path not in menus:
        above, _, name = path.rpartition("/")
        title = tr(name)
        menus[path] = _menu(bar, menus, above).addMenu(title) if above else bar.addMenu(title)
    return menus[path]


def _tip(spec: ActionSpec, keys: tuple[str, ...]) -> str:
    key = f" ({escape(native(keys[0]))})" if keys else ""
    tip = f"<br>{tr(spec.tip)}" if spec.tip else ""
    return f"<b>{label(spec)}</b>{key}{tip}"
