"""All settings by page, made from their declarations; every change takes effect at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.atomic import write_text
from app.errors import LacunaError
from app.ui.actions.keymap import Keymap
from app.ui.asking import Asker
from app.ui.language import plural, tr
from app.ui.look.theme import GRID
from app.ui.panels.inline_bar import InlineBar
from app.ui.panels.keys_page import KeysPage
from app.ui.panels.pieces import button
from app.ui.panels.setting_entry import PageSection, SettingEntry
from app.ui.session.crash import sentence
from app.ui.settings import declared, exchange
from app.ui.settings.setting import Page, Setting
from app.ui.settings.store import Settings
from app.words import Words


def pages() -> list[Page]:
    """The pages there is anything on, in order."""
    used = {setting.page for setting in declared.all_settings()}
    return [page for page in Page if page in used and page is not Page.NONE]


class SettingsDialog(QDialog):
    """A search field, the pages at the left, the page's settings at the right; the work beside it goes on."""

    def __init__(self, settings: Settings, keymap: Keymap, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self._settings, self._keymap, self._asker = settings, keymap, asker
        self._keys = KeysPage(keymap, self._import_keys, self._export_keys)
        self._sections = [self._section(page) for page in pages()]
        self._search, self._pages, self._bar = QLineEdit(), QListWidget(), InlineBar()
        self._scroll = QScrollArea()
        self._lay_out()
        self._search.textChanged.connect(self._show_sections)
        self._pages.currentRowChanged.connect(self._show_sections)
        self._pages.setCurrentRow(0)
        self.resize(108 * GRID, 76 * GRID)

    def show_page(self, page: Page) -> None:
        """Open at `page`."""
        self._search.clear()
        self._pages.setCurrentRow([section.page for section in self._sections].index(page))

    def show_setting(self, setting: Setting[Any]) -> None:
        """Open where `setting` is, the keyboard in its row."""
        self.show_page(setting.page)
        entry = next(each for section in self._sections for each in section.entries if each.setting is setting)
        entry.take_focus()
        QTimer.singleShot(0, self, partial(self._scroll.ensureWidgetVisible, entry))  # once lines are broken

    def _section(self, page: Page) -> PageSection:
        entries = [
            SettingEntry(self._settings, setting, self._settings.at_start(setting))
            for setting in declared.all_settings()
            if setting.page is page
        ]
        return PageSection(page, entries, self._keys if page is Page.KEYS else None)

    def _lay_out(self) -> None:
        self._search.setPlaceholderText(tr("Search the settings"))
        self._search.setAccessibleName(tr("Search the settings"))
        self._search.setClearButtonEnabled(True)
        self._pages.setAccessibleName(tr("Pages"))
        self._pages.addItems([tr(section.page.value) for section in self._sections])
        self._pages.setFixedWidth(self._pages.sizeHintForColumn(0) + 6 * GRID)
        self._fill_scroll()
        middle = QHBoxLayout()
        middle.setSpacing(2 * GRID)
        middle.addWidget(self._pages)
        middle.addWidget(self._scroll, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        rows.setSpacing(2 * GRID)
        rows.addWidget(self._search)
        rows.addLayout(middle, 1)
        rows.addWidget(self._bar)
        rows.addLayout(self._buttons())

    def _fill_scroll(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(GRID, 0, 2 * GRID, 0)
        for section in self._sections:
            column.addWidget(section, 1 if section.page is Page.KEYS else 0)
        column.addStretch(0)
        self._scroll.setWidget(body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(button(tr("Import…"), self._import))
        row.addWidget(button(tr("Export…"), self._export))
        row.addWidget(button(tr("Reset page…"), self._ask_reset_page))
        row.addWidget(button(tr("Reset all…"), self._ask_reset_all))
        row.addStretch(1)
        row.addWidget(button(tr("Close"), self.reject))
        return row

    # What is shown

    def _show_sections(self, _changed: object = None) -> None:
        """The chosen page; while something is sought, what holds it on any page."""
        words = self._search.text().casefold().split()
        chosen = self._pages.currentRow()
        for index, section in enumerate(self._sections):
            found = section.show_matching(words)
            if section.page is Page.KEYS:
                found = self._keys.show_matching(words) or found
            section.setVisible(found if words else index == chosen)
        self._bar.clear()

    # Resetting, asked within the window

    def _ask_reset_page(self) -> None:
        section = self._sections[self._pages.currentRow()]
        text = tr("Reset everything on the page “{}”?").format(tr(section.page.value))
        self._bar.ask(text, tr("Reset"), partial(self._reset, [section]))

    def _ask_reset_all(self) -> None:
        self._bar.ask(tr("Reset all settings and keys?"), tr("Reset"), partial(self._reset, self._sections))

    def _reset(self, sections: list[PageSection]) -> None:
        for section in sections:
            for entry in section.entries:
                if not entry.setting.are_models:  # files that were added are no choice
                    self._settings.reset(entry.setting)
            if section.page is Page.KEYS:
                self._keymap.reset_all()

    # Files

    def _import(self) -> None:
        self._read(tr("Import settings"), self._take)

    def _take(self, text: str) -> None:
        found = exchange.taken(text)
        found.apply(self._settings)
        if found.unknown:
            words = plural(
                "{} setting is unknown here and was passed over: {}",
                "{} settings are unknown here and were passed over: {}",
                len(found.unknown),
            )
            self._bar.tell(words.format(len(found.unknown), ", ".join(found.unknown)))
        else:
            self._bar.tell(tr("The settings were imported."))

    def _export(self) -> None:
        self._write(tr("Export settings"), "lacuna-settings.json", exchange.exported(self._settings))

    def _import_keys(self) -> None:
        self._read(tr("Import keys"), self._keymap.take)

    def _export_keys(self) -> None:
        self._write(tr("Export keys"), "lacuna-keys.json", self._keymap.exported())

    def _read(self, title: str, take: Callable[[str], None]) -> None:
        folder = Path(self._settings.get(declared.FOLDER) or Path.home())
        path = self._asker.settings_to_open(title, folder)
        if path is None:
            return
        try:
            take(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            self._bar.tell(sentence(LacunaError(Words("{name} cannot be read: check the file", name=path.name))))
        except LacunaError as error:
            self._bar.tell(sentence(error))

    def _write(self, title: str, name: str, text: str) -> None:
        path = self._asker.settings_to_save(title, Path(self._settings.get(declared.FOLDER) or Path.home()) / name)
        if path is None:
            return
        try:
            write_text(path, f"{text}\n")
        except LacunaError as error:
            self._bar.tell(sentence(error))
