"""The windows beside the main one: settings and the sheet of keys. Their code is loaded when they are first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.ui.actions.keymap import Keymap
from app.ui.asking import Asker
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

if TYPE_CHECKING:
    from app.ui.panels.settings_dialog import SettingsDialog


class Sheets:
    """Makes each when it is first asked for, over `parent`."""

    def __init__(self, parent: QWidget, settings: Settings, keymap: Keymap, asker: Asker) -> None:
        self._parent, self._settings, self._keymap, self._asker = parent, settings, keymap, asker
        self._dialog: SettingsDialog | None = None

    def show_keys(self) -> None:
        """The sheet of keys, until it is closed."""
        from app.ui.panels.key_sheet import KeySheet

        sheet = KeySheet(self._keymap, self._parent)
        sheet.exec()
        sheet.deleteLater()

    def show_settings(self, setting: Setting[Any] | None = None) -> None:
        """The settings, beside which the work goes on; at `setting` where one is named."""
        from app.ui.panels.settings_dialog import SettingsDialog

        if self._dialog is None:
            self._dialog = SettingsDialog(self._settings, self._keymap, self._asker, self._parent)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        if setting is not None:
            self._dialog.show_setting(setting)
