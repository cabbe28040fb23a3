"""Rows of a form, each bound to one setting: a text, a folder or file that can be chosen or dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.pieces import flush, label
from app.ui.session.clipping import files_in
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

Choose = Callable[[str], Path | None]
"""Asks for a place, beginning at the present one."""


class TextRow(QWidget):
    """A name and a field for a text."""

    def __init__(self, settings: Settings, setting: Setting[str]) -> None:
        super().__init__()
        self._settings, self.setting = settings, setting
        self.name, self.field = label(tr(setting.name)), QLineEdit()
        self.field.setAccessibleName(tr(setting.name))
        self.field.setMinimumWidth(10 * GRID)
        self.name.setBuddy(self.field)
        self.setToolTip(tr(setting.tip))
        self.row = flush(QHBoxLayout(self))
        self.row.addWidget(self.name)
        self.row.addWidget(self.field, 1)
        self._show()
        self.field.textChanged.connect(self._typed)
        settings.changed.connect(self._setting_changed)

    def _typed(self, text: str) -> None:
        self._settings.set(self.setting, text)

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting is self.setting:
            self._show()

    def _show(self) -> None:
        value = self._settings.get(self.setting)
        if value != self.field.text():
            with QSignalBlocker(self.field):
                self.field.setText(value)
        self.field.setToolTip("\n".join(each for each in (value, tr(self.setting.tip)) if each))


class PlaceRow(TextRow):
    """A folder or file: typed, chosen with the button, or dropped anywhere on the row."""

    def __init__(self, settings: Settings, setting: Setting[str], choose: Choose) -> None:
        super().__init__(settings, setting)
        self._choose = choose
        self.button = QToolButton(text="…", focusPolicy=Qt.FocusPolicy.TabFocus)  # type: ignore[call-arg]
        self.button.setProperty("role", "menu")
        self.button.setToolTip(tr("Choose…"))
        self.button.setAccessibleName(tr("Choose: {}").format(tr(setting.name)))
        self.button.clicked.connect(self._pressed)
        self.row.addWidget(self.button)
        self.setAcceptDrops(True)
        self.field.setAcceptDrops(False)
        self.field.setPlaceholderText(tr("Choose or drop"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file or folder may be dropped."""
        if len(files_in(event.mimeData())) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        paths = files_in(event.mimeData())
        if len(paths) == 1:
            event.acceptProposedAction()
            self._settings.set(self.setting, str(paths[0]))

    def _pressed(self) -> None:
        chosen = self._choose(self._settings.get(self.setting))
        if chosen is not None:
            self._settings.set(self.setting, str(chosen))


def align(rows: list[QWidget]) -> int:
    """Let the fields of `rows` begin below each other; how wide their names are then, in pixels."""
    names = [name for row in rows if (name := row.findChild(QLabel)) is not None]
    width = max((name.sizeHint().width() for name in names), default=0)
    for name in names:
        name.setMinimumWidth(width)
    return width
