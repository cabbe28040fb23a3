"""The settings dialog: made from the declarations, searched, reset, exchanged as files; keys changed by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QKeySequenceEdit, QLabel, QLineEdit, QListWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.errors import LacunaError
from app.ui.actions.keymap import Keymap
from app.ui.actions.table import ACTIONS
from app.ui.language import Language
from app.ui.main_window import MainWindow
from app.ui.panels.inline_bar import InlineBar
from app.ui.panels.keys_page import KeysPage
from app.ui.panels.setting_entry import SettingEntry
from app.ui.panels.settings_dialog import SettingsDialog, pages
from app.ui.settings import declared, exchange
from app.ui.settings.declared import KeyPreset, ThemeName
from app.ui.settings.setting import Page
from app.ui.settings.store import Settings
from tests.driving import show_page
from tests.fakes import ScriptedAsker


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "dialog.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def keymap(settings: Settings) -> Keymap:
    return Keymap(settings, ACTIONS)


@pytest.fixture
def dialog(qtbot: QtBot, settings: Settings, keymap: Keymap, asker: ScriptedAsker) -> SettingsDialog:
    result = SettingsDialog(settings, keymap, asker)
    qtbot.addWidget(result)
    result.show()
    return result


def entries(dialog: SettingsDialog) -> list[SettingEntry]:
    return [each for each in dialog.findChildren(SettingEntry) if each.isVisible()]


def entry(dialog: SettingsDialog, setting: object) -> SettingEntry:
    return next(each for each in dialog.findChildren(SettingEntry) if each.setting is setting)


def click(parent: QWidget, text: str) -> None:
    button = next(each for each in parent.findChildren(QPushButton) if each.text() == text and each.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def bar(dialog: SettingsDialog) -> InlineBar:
    found = dialog.findChild(InlineBar)
    assert found is not None
    return found


def seek(dialog: SettingsDialog, words: str) -> None:
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.setText(words)


def test_every_setting_that_is_asked_for_has_an_entry_on_its_page(dialog: SettingsDialog) -> None:
    for page in pages():
        show_page(dialog, page)
        wanted = [setting for setting in declared.all_settings() if setting.page is page]
        assert [each.setting for each in entries(dialog)] == wanted
        shown = {label.text() for label in dialog.findChildren(QLabel) if label.isVisible()}
        assert {setting.tip for setting in wanted} <= shown


def test_searching_shows_what_holds_all_words_on_any_page(dialog: SettingsDialog) -> None:
    seek(dialog, "edge stroke")
    assert [each.setting for each in entries(dialog)] == [declared.BRUSH_HARDNESS]
    seek(dialog, "THEME")
    assert declared.THEME in [each.setting for each in entries(dialog)]
    seek(dialog, "no such thing")
    assert entries(dialog) == []
    seek(dialog, "")
    assert declared.LANGUAGE in [each.setting for each in entries(dialog)]


def test_searching_finds_keys(dialog: SettingsDialog) -> None:
    seek(dialog, "ctrl+d")
    page = dialog.findChild(KeysPage)
    assert page is not None
    assert page.isVisible()
    seek(dialog, "no such thing")
    assert not page.isVisible()


def test_a_changed_setting_offers_its_way_back(dialog: SettingsDialog, settings: Settings) -> None:
    show_page(dialog, Page.GENERAL)
    theme = entry(dialog, declared.THEME)
    assert not [each for each in theme.findChildren(QPushButton) if each.isVisible()]
    settings.set(declared.THEME, ThemeName.LIGHT)
    click(theme, "Reset")
    assert settings.get(declared.THEME) is ThemeName.DARK


def test_what_needs_a_restart_says_so(dialog: SettingsDialog, settings: Settings) -> None:
    def notes() -> list[str]:
        found = entry(dialog, declared.LANGUAGE).findChildren(QLabel)
        return [each.text() for each in found if each.isVisible() and each.property("role") == "note"]

    assert notes() == []
    settings.set(declared.LANGUAGE, Language.GERMAN)
    assert notes() == ["Takes effect at the next start."]
    settings.set(declared.LANGUAGE, Language.SYSTEM)
    assert notes() == []


def test_resetting_a_page_asks_within_the_window(dialog: SettingsDialog, settings: Settings) -> None:
    settings.set(declared.GROW, 9)
    settings.set(declared.THEME, ThemeName.LIGHT)
    show_page(dialog, Page.FILL)
    click(dialog, "Reset page…")
    assert bar(dialog).text == "Reset everything on the page “Fill”?"
    assert settings.get(declared.GROW) == 9
    click(bar(dialog), "Cancel")
    assert settings.get(declared.GROW) == 9
    click(dialog, "Reset page…")
    click(bar(dialog), "Reset")
    assert settings.get(declared.GROW) == declared.GROW.default
    assert settings.get(declared.THEME) is ThemeName.LIGHT
    assert bar(dialog).text == ""


def test_resetting_all_takes_the_keys_too(dialog: SettingsDialog, settings: Settings, keymap: Keymap) -> None:
    settings.set(declared.THEME, ThemeName.LIGHT)
    settings.set(declared.KEY_PRESET, KeyPreset.GIMP)
    keymap.assign("brush", ("J",))
    click(dialog, "Reset all…")
    click(bar(dialog), "Reset")
    assert settings.get(declared.THEME) is ThemeName.DARK
    assert keymap.keys("brush") == ("B",)


def test_settings_travel_in_a_file(
    dialog: SettingsDialog, settings: Settings, asker: ScriptedAsker, tmp_path: Path
) -> None:
    asker.save_path = asker.open_path = tmp_path / "mine.json"
    settings.set(declared.GROW, 9)
    settings.set(declared.RECENT, ("/secret.jpg",))
    click(dialog, "Export…")
    text = asker.save_path.read_text("utf-8")
    assert "secret" not in text
    assert "geometry" not in text
    settings.reset(declared.GROW)
    click(dialog, "Import…")
    assert settings.get(declared.GROW) == 9
    assert bar(dialog).text == "The settings were imported."


def test_unknown_settings_are_passed_over_and_told(
    dialog: SettingsDialog, settings: Settings, asker: ScriptedAsker, tmp_path: Path
) -> None:
    asker.open_path = tmp_path / "other.json"
    asker.open_path.write_text(json.dumps({"lacuna_settings": 1, "settings": {"run/grow": 7, "x/y": 1}}))
    click(dialog, "Import…")
    assert settings.get(declared.GROW) == 7
    assert bar(dialog).text == "1 setting is unknown here and was passed over: x/y"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no settings of Lacuna"),
        ("[]", "no settings of Lacuna"),
        ('{"lacuna_settings": 1}', "no settings of Lacuna"),
        ('{"lacuna_settings": 2, "settings": {}}', "newer Lacuna"),
        ('{"lacuna_settings": 1, "settings": {"run/feather": 3, "run/grow": 9999}}', "9999 is no value for “run/grow”"),
        ('{"lacuna_settings": 1, "settings": {"run/grow": "big"}}', "is no value"),
        ('{"lacuna_settings": 1, "settings": {"run/grow": null}}', "is no value"),
        ('{"lacuna_settings": 1, "settings": {"run/detail": 1}}', "is no value"),
        ('{"lacuna_settings": 1, "settings": {"run/working_size": 300}}', "is no value"),
        ('{"lacuna_settings": 1, "settings": {"window/theme": "pink"}}', "is no value"),
    ],
)
def test_bad_files_are_refused_as_a_whole(
    dialog: SettingsDialog, settings: Settings, asker: ScriptedAsker, tmp_path: Path, text: str, words: str
) -> None:
    asker.open_path = tmp_path / "bad.json"
    asker.open_path.write_text(text)
    click(dialog, "Import…")
    assert words in bar(dialog).text
    assert settings.get(declared.FEATHER) == declared.FEATHER.default


def test_files_that_cannot_be_read_or_written_are_told(
    dialog: SettingsDialog, asker: ScriptedAsker, tmp_path: Path
) -> None:
    asker.open_path, asker.save_path = tmp_path / "none.json", tmp_path / "no folder" / "x.json"
    click(dialog, "Import…")
    assert "none.json cannot be read" in bar(dialog).text
    click(dialog, "Export…")
    assert "there is no folder" in bar(dialog).text


def test_exported_values_are_checked_values(settings: Settings) -> None:
    found = exchange.taken(exchange.exported(settings))
    assert found.unknown == ()
    assert {setting.key: value for setting, value in found.values} == {
        setting.key: setting.default for setting in exchange.exchanged_settings()
    }
    with pytest.raises(LacunaError):
        exchange.taken("7")


def test_a_key_is_changed_by_pressing_it(dialog: SettingsDialog, keymap: Keymap) -> None:
    show_page(dialog, Page.KEYS)
    page, field = dialog.findChild(KeysPage), dialog.findChild(QKeySequenceEdit)
    assert page is not None
    assert field is not None
    page.choose("brush")
    QTest.keyClick(field, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    shown = [label.text() for label in page.findChildren(QLabel)]
    assert f"{QKeySequence('Ctrl+D').toString(QKeySequence.SequenceFormat.NativeText)} is used by “None”," in " ".join(
        shown
    )
    assert keymap.keys("brush") == ("B",), "nothing happens before it is said"
    click(page, "Assign anyway")
    assert keymap.keys("brush") == ("Ctrl+D",)
    assert keymap.keys("clear_mask") == ()
    click(page, "Reset")
    assert keymap.keys("brush") == ("B",)
    QTest.keyClick(field, Qt.Key.Key_J)
    click(page, "Add")
    assert keymap.keys("brush") == ("B", "J")
    click(page, "Remove")
    assert keymap.keys("brush") == ()


def test_keys_that_move_the_photo_stay(dialog: SettingsDialog) -> None:
    show_page(dialog, Page.KEYS)
    page, field = dialog.findChild(KeysPage), dialog.findChild(QKeySequenceEdit)
    assert page is not None
    assert field is not None
    QTest.keyClick(field, Qt.Key.Key_Space)
    assert not next(each for each in page.findChildren(QPushButton) if each.text() == "Assign").isEnabled()


def test_keys_travel_in_a_file_of_their_own(
    dialog: SettingsDialog, keymap: Keymap, asker: ScriptedAsker, tmp_path: Path
) -> None:
    asker.save_path = asker.open_path = tmp_path / "keys.json"
    show_page(dialog, Page.KEYS)
    keymap.assign("brush", ("J",))
    click(dialog, "Export keys…")
    keymap.reset_all()
    click(dialog, "Import keys…")
    assert keymap.keys("brush") == ("J",)


def test_the_pages_are_walked_by_keyboard(dialog: SettingsDialog, qtbot: QtBot) -> None:
    pages = dialog.findChild(QListWidget)
    assert pages is not None
    pages.setFocus()
    before = [each.setting for each in entries(dialog)]
    QTest.keyClick(pages, Qt.Key.Key_Down)
    assert [each.setting for each in entries(dialog)] != before
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_window_opens_it_beside_itself(qtbot: QtBot, window: MainWindow) -> None:
    window.action_set["settings"].trigger()
    shown = window.findChild(SettingsDialog)
    assert shown is not None
    assert shown.isVisible()
    assert not shown.isModal()
    window.settings.set(declared.THEME, ThemeName.LIGHT)
    shown.reject()
    window.action_set["settings"].trigger()
    assert shown.isVisible()
    assert len(window.findChildren(SettingsDialog)) == 1
    shown.reject()
