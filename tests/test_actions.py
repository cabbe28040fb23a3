"""The action table: complete, free of clashes, and the same in menus, key sheet and README."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from app.ui.actions.keymap import Keymap
from app.ui.actions.spec import Bar, Menu
from app.ui.actions.table import ACTIONS, keys_markdown, label
from app.ui.main_window import MainWindow
from app.ui.panels.key_sheet import KeySheet
from app.ui.settings.store import Settings

DEMANDED = {
    "brush": "B",
    "eraser": "E",
    "restore": "R",
    "swap": "X",
    "lasso": "L",
    "polygon": "Shift+L",
    "rectangle": "M",
    "ellipse": "Shift+M",
    "wand": "W",
    "object": "Shift+W",
    "context": "C",
    "smaller": "[",
    "larger": "]",
    "softer": "Shift+[",
    "harder": "Shift+]",
    "zoom_in": "Ctrl++",
    "zoom_out": "Ctrl+-",
    "fit": "Ctrl+0",
    "actual_size": "Ctrl+1",
    "undo": "Ctrl+Z",
    "redo": "Ctrl+Shift+Z Ctrl+Y",
    "select_all": "Ctrl+A",
    "clear_mask": "Ctrl+D",
    "invert_mask": "Ctrl+Shift+I",
    "fill": "Return Enter",
    "cancel": "Esc",
    "run_again": "Shift+R",
    "show_original": "1",
    "show_coarse": "2",
    "show_local": "3",
    "show_global": "4",
    "show_grid": "0",
    "hold_original": "\\",
    "mask_tint": "Q",
    "panels": "Tab",
    "full_screen": "F11",
    "keys": "F1 ?",
    "open": "Ctrl+O",
    "save": "Ctrl+S",
    "save_as": "Ctrl+Shift+S",
    "close": "Ctrl+W",
    "quit": "Ctrl+Q",
    "copy": "Ctrl+C",
    "paste": "Ctrl+V",
    "settings": "Ctrl+,",
}
"""What photographers expect to find where: action and keys."""


def test_ids_and_texts_are_unique() -> None:
    assert not [id_ for id_, count in Counter(spec.id for spec in ACTIONS).items() if count > 1]
    texts = Counter((spec.menu, label(spec)) for spec in ACTIONS)
    assert not [text for text, count in texts.items() if count > 1]


def test_no_two_entries_share_a_key(qapp: QApplication) -> None:
    keys = Counter(sequence.toString() for spec in ACTIONS for sequence in spec.shortcuts())
    assert not [key for key, count in keys.items() if count > 1]


@pytest.mark.parametrize(("id_", "keys"), DEMANDED.items())
def test_demanded_keys_do_what_is_expected(qapp: QApplication, id_: str, keys: str) -> None:
    (spec,) = (each for each in ACTIONS if each.id == id_)
    assert {QKeySequence(key) for key in keys.split()} <= set(spec.shortcuts())


def test_every_key_is_one_qt_understands(qapp: QApplication) -> None:
    for spec in ACTIONS:
        for key in spec.keys + spec.aliases:
            assert QKeySequence(key).toString() == key


def test_mnemonics_do_not_clash_within_a_menu() -> None:
    for menu in Menu:
        below = [each.rpartition("/")[2] for each in Menu if each.rpartition("/")[0] == menu and menu]
        texts = [text for text in (*below, *(spec.text for spec in ACTIONS if spec.menu is menu)) if "&" in text]
        letters = [text[text.index("&") + 1].lower() for text in texts]
        assert len(letters) == len(set(letters)), menu


def test_every_entry_can_be_reached() -> None:
    for spec in ACTIONS:
        assert spec.menu is not Menu.NONE or spec.keys, spec.id
        assert spec.is_held == (spec.menu is Menu.NONE), spec.id
        assert spec.bar is Bar.NONE or spec.icon, f"{spec.id} is a button without an icon"


def test_menus_hold_every_entry(window: MainWindow) -> None:
    found: set[str] = set()

    def walk(menu: QMenu) -> None:
        for action in menu.actions():
            sub = action.menu()
            if isinstance(sub, QMenu):
                walk(sub)
            else:
                found.add(action.objectName())

    for top in window.menuBar().actions():
        menu = top.menu()
        assert isinstance(menu, QMenu)
        walk(menu)
    assert {spec.id for spec in ACTIONS if spec.menu is not Menu.NONE} <= found


def test_every_action_has_its_keys_icon_and_tip(window: MainWindow) -> None:
    for spec in ACTIONS:
        if not spec.is_held:
            action = window.action_set[spec.id]
            assert action.shortcuts() == spec.shortcuts()
            assert action.icon().isNull() == (not spec.icon)
            assert label(spec) in action.toolTip()


def test_nothing_fails_without_a_document(window: MainWindow) -> None:
    """Whatever is not dimmed may be triggered; what is dimmed must survive being called all the same."""
    for spec in ACTIONS:
        if spec.id not in {"keys", "about", "log", "sample", "quit", "full_screen", "theme_light"}:
            spec.run(window.commands)
            if spec.release is not None:
                spec.release(window.commands)


def test_the_key_sheet_lists_every_key(qtbot: QtBot, tmp_path: Path) -> None:
    sheet = KeySheet(Keymap(Settings(QSettings(str(tmp_path / "keys.ini"), QSettings.Format.IniFormat)), ACTIONS))
    qtbot.addWidget(sheet)
    shown = {each.text() for each in sheet.findChildren(QLabel)}
    for spec in ACTIONS:
        if spec.keys:
            assert label(spec) in shown
            for key in spec.keys:
                assert QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) in shown


def test_markdown_lists_every_key() -> None:
    table = keys_markdown()
    assert table.startswith("| action | keys |\n|---|---|\n")
    for spec in ACTIONS:
        for key in spec.keys:
            assert f"`{key}`" in table


def test_the_readme_shows_this_table() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    shown = readme.partition("<!-- keys -->\n")[2].partition("<!-- /keys -->")[0]
    if not shown.strip():
        pytest.skip("the README has no key table yet: put keys_markdown() between its marks")
    assert shown.strip() == keys_markdown().strip()
