"""One setting in the settings dialog: its row, what it does, and the way back to its default."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.controls import row_for
from app.ui.panels.pieces import button, keep_room, label
from app.ui.settings.setting import Page, Setting
from app.ui.settings.store import Settings


class SettingEntry(QWidget):
    """The row, the tip as a second line, and a button where the value is not the default."""

    def __init__(self, settings: Settings, setting: Setting[Any], at_start: Any) -> None:
        """`at_start` is the value the window began with."""
        super().__init__()
        self.setting = setting
        self._settings, self._at_start = settings, at_start
        self._words = f"{tr(setting.name)} {tr(setting.tip)}".casefold()
        self._row = row_for(settings, setting)
        self._reset = button(tr("Reset"), lambda: settings.reset(setting), tip=tr("Back to the default"))
        self._note = _second_line(tr("Takes effect at the next start."), "note")
        self._lay_out()
        settings.changed.connect(self._setting_changed)
        self._show()

    def matches(self, words: list[str]) -> bool:
        """All of `words`, casefolded, are in its name or tip."""
        return all(word in self._words for word in words)

    def name_width(self) -> int:
        """Pixels its name takes where it stands apart from its field; 0 where it does not."""
        name = self._row.findChild(QLabel)
        return name.sizeHint().width() if name is not None else 0

    def set_name_width(self, width: int) -> None:
        """Let the field begin where those of its neighbours do."""
        name = self._row.findChild(QLabel)
        if name is not None:
            name.setMinimumWidth(width)

    def take_focus(self) -> None:
        """The keyboard goes to the first part of the row that takes it."""
        parts = [each for each in self._row.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
        next(iter(parts), self._row).setFocus(Qt.FocusReason.TabFocusReason)

    def _lay_out(self) -> None:
        name = tr(self.setting.name)
        self._reset.setAccessibleName(tr("Reset “{}”").format(name))
        keep_room(self._reset)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, GRID // 2, 0, GRID // 2)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._row, 0, 0)
        grid.addWidget(self._reset, 0, 1)
        grid.addWidget(_second_line(tr(self.setting.tip)), 1, 0)
        grid.addWidget(self._note, 2, 0)

    def _setting_changed(self, setting: Setting[Any]) -> None:
        if setting is self.setting:
            self._show()

    def _show(self) -> None:
        self._reset.setVisible(self._settings.is_changed(self.setting) and not self.setting.are_models)
        changed = self._settings.get(self.setting) != self._at_start
        self._note.setVisible(self.setting.needs_restart and changed)


class PageSection(QWidget):
    """A page's heading and entries, and where the page has one, a further part below them."""

    def __init__(self, page: Page, entries: list[SettingEntry], more: QWidget | None = None) -> None:
        super().__init__()
        self.page, self.entries = page, entries
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 2 * GRID)
        rows.setSpacing(GRID)
        rows.addWidget(label(tr(page.value), "heading"))
        width = max((entry.name_width() for entry in entries), default=0)
        for entry in entries:
            entry.set_name_width(width)
            rows.addWidget(entry)
        if more is not None:
            rows.addWidget(more, 1)

    def show_matching(self, words: list[str]) -> bool:
        """Show the entries that hold all `words`; returns whether there are any."""
        for entry in self.entries:
            entry.setVisible(entry.matches(words))
        return any(not entry.isHidden() for entry in self.entries)


def _second_line(text: str, role: str = "muted") -> QLabel:
    line = label(text, role, wraps=True)
    line.setMinimumWidth(1)
    return line
