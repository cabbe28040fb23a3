"""A row to choose a file: its name, and a button that asks for another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from app.ui.language import tr
from app.ui.panels.elided_label import ElidedLabel
from app.ui.panels.pieces import button, flush, label
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

Ask = Callable[[QWidget, str, str, str], tuple[str, str]]
"""Asks for a file, given a title, a folder and filters; an empty name stands for no answer."""


class FileRow(QWidget):
    """The tooltip has the whole path."""

    def __init__(self, settings: Settings, setting: Setting[str], ask: Ask = QFileDialog.getOpenFileName) -> None:
        super().__init__()
        self._settings, self._setting, self._ask = settings, setting, ask
        self._name = ElidedLabel()
        self.choose = button(tr("Choose…"), self._choose, tip=tr(setting.tip))
        self.choose.setAccessibleName(f"{tr(setting.name)}: {tr('Choose…')}")
        row = flush(QHBoxLayout(self))
        row.addWidget(label(tr(setting.name)))
        row.addWidget(self._name, 1)
        row.addWidget(self.choose)
        self.setToolTip(tr(setting.tip))
        self._show()
        settings.changed.connect(self._setting_changed)

    def _choose(self) -> None:
        path = Path(self._settings.get(self._setting) or Path.home())
        patterns = " ".join(f"*{suffix}" for suffix in self._setting.suffixes)
        filters = f"{tr(self._setting.name)} ({patterns})"
        name, _ = self._ask(self, tr(self._setting.name), str(path.parent if path.is_file() else path), filters)
        if name:
            self._settings.set(self._setting, name)

    def _setting_changed(self, setting: Setting[str]) -> None:
        if setting is self._setting:
            self._show()

    def _show(self) -> None:
        path = self._settings.get(self._setting)
        self._name.setText(Path(path).name if path else tr("None"))
        self._name.set_tip(path)
