"""Keys: presets, changes on top of them, clashes, files; and every place that shows or obeys keys follows at once."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.errors import LacunaError
from app.ui.actions.keymap import Keymap
from app.ui.actions.presets import PRESETS
from app.ui.actions.table import ACTIONS
from app.ui.main_window import MainWindow
from app.ui.panels.key_sheet import KeySheet
from app.ui.settings import declared
from app.ui.settings.declared import KeyPreset
from app.ui.settings.store import Settings
from app.ui.tools.toolbox import ToolName

SPECS = {spec.id: spec for spec in ACTIONS}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "keys.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def keymap(settings: Settings, qapp: QApplication) -> Keymap:
    return Keymap(settings, ACTIONS)


def test_without_changes_the_keys_are_the_tables(keymap: Keymap) -> None:
    for spec in ACTIONS:
        assert keymap.keys(spec.id) == spec.keys
        assert set(keymap.sequences(spec.id)) == set(spec.shortcuts())
    assert not any(keymap.is_changed(spec.id) for spec in ACTIONS)


@pytest.mark.parametrize("preset", KeyPreset)
def test_presets_leave_nothing_out_and_do_not_clash(keymap: Keymap, settings: Settings, preset: KeyPreset) -> None:
    settings.set(declared.KEY_PRESET, preset)
    wanted = {spec.id: PRESETS[preset].get(spec.id, spec.keys) for spec in ACTIONS}
    counted = Counter(QKeySequence(key).toString() for keys in wanted.values() for key in keys)
    assert [key for key, count in counted.items() if count > 1] == []
    assert set(PRESETS[preset]) <= set(SPECS), "an id that is not in the table"
    for spec in ACTIONS:
        assert keymap.keys(spec.id) == wanted[spec.id]
        assert bool(keymap.keys(spec.id)) >= bool(spec.keys), f"{spec.id} has no key"
        for key in keymap.keys(spec.id):
            assert QKeySequence(key).toString() == key
    bound = [sequence.toString() for spec in ACTIONS for sequence in keymap.sequences(spec.id)]
    assert len(bound) == len(set(bound))


def test_presets_are_those_programs(keymap: Keymap, settings: Settings) -> None:
    settings.set(declared.KEY_PRESET, KeyPreset.GIMP)
    assert keymap.keys("brush") == ("P",)
    assert keymap.keys("eraser") == ("Shift+E",)
    assert keymap.keys("fit") == ("Ctrl+Shift+J",)
    settings.set(declared.KEY_PRESET, KeyPreset.KRITA)
    assert keymap.keys("brush") == ("B",)
    assert keymap.keys("clear_mask") == ("Ctrl+Shift+A",)
    settings.set(declared.KEY_PRESET, KeyPreset.PHOTOSHOP)
    assert keymap.keys("full_screen") == ("F", "F11")


def test_a_key_given_away_is_lost_where_it_was(keymap: Keymap) -> None:
    owner = keymap.owner("Ctrl+D", "brush")
    assert owner is SPECS["clear_mask"]
    keymap.assign("brush", ("Ctrl+D", "B"))
    assert keymap.keys("brush") == ("Ctrl+D", "B")
    assert keymap.keys("clear_mask") == ()
    assert keymap.is_changed("clear_mask")
    assert keymap.owner("Ctrl+D", "brush") is None


def test_other_names_of_a_key_move_with_it(keymap: Keymap) -> None:
    """``{`` is Shift+[ where that is a key of its own."""
    assert keymap.owner("{") is SPECS["softer"]
    keymap.assign("larger", ("{",))
    assert keymap.owner("{") is SPECS["larger"]
    assert keymap.keys("softer") == ()


def test_reset_brings_a_key_back(keymap: Keymap) -> None:
    keymap.assign("brush", ("Ctrl+D",))
    keymap.reset("clear_mask")
    assert keymap.keys("clear_mask") == ("Ctrl+D",)
    assert keymap.keys("brush") == ()
    keymap.reset_all()
    assert not any(keymap.is_changed(spec.id) for spec in ACTIONS)
    assert keymap.keys("brush") == ("B",)


def test_changes_survive_a_restart_and_another_preset(keymap: Keymap, settings: Settings) -> None:
    keymap.assign("brush", ("J",))
    settings.set(declared.KEY_PRESET, KeyPreset.GIMP)
    again = Keymap(settings, ACTIONS)
    assert again.keys("brush") == ("J",)
    assert again.keys("eraser") == ("Shift+E",)


@pytest.mark.parametrize(
    "garbage", ["", "[]", "7", '{"brush": 3}', '{"nonsense": ["B"]}', '{"brush": ["no such key+"]}']
)
def test_garbage_in_the_store_is_no_change(settings: Settings, garbage: str, qapp: QApplication) -> None:
    settings.set(declared.KEY_CHANGES, garbage)
    assert Keymap(settings, ACTIONS).keys("brush") == ("B",)


def test_a_clash_in_the_store_has_one_winner(settings: Settings, qapp: QApplication) -> None:
    settings.set(declared.KEY_CHANGES, json.dumps({"larger": ["B"], "smaller": ["B"]}))
    keymap = Keymap(settings, ACTIONS)
    owners = [spec.id for spec in ACTIONS if QKeySequence("B") in keymap.sequences(spec.id)]
    assert len(owners) == 1
    assert owners[0] in {"larger", "smaller"}


def test_keys_travel_in_a_file(keymap: Keymap, settings: Settings, tmp_path: Path) -> None:
    settings.set(declared.KEY_PRESET, KeyPreset.KRITA)
    keymap.assign("brush", ("J",))
    text = keymap.exported()
    other = Keymap(Settings(QSettings(str(tmp_path / "other.ini"), QSettings.Format.IniFormat)), ACTIONS)
    other.take(text)
    assert other.keys("brush") == ("J",)
    assert other.keys("clear_mask") == ("Ctrl+Shift+A",)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"lacuna_keys": 1, "preset": "x", "changes": {}}',
                                  '{"lacuna_keys": 2, "preset": "gimp", "changes": {}}',
                                  '{"lacuna_keys": 1, "preset": "gimp", "changes": {"brush": "B"}}'])  # fmt: skip
def test_other_files_are_refused(keymap: Keymap, settings: Settings, text: str) -> None:
    with pytest.raises(LacunaError, match="no keys of Lacuna"):
        keymap.take(text)
    assert settings.get(declared.KEY_PRESET) is KeyPreset.LACUNA


def test_the_window_follows_at_once(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    import numpy as np

    from app.imaging.files import write_image

    write_image(tmp_path / "sea.png", np.zeros((40, 60, 3), np.uint8))
    with qtbot.waitSignal(window.session.document_opened):
        window.files.open(tmp_path / "sea.png")
    window.keymap.assign("eraser", ("J",))
    assert "(J)" in window.action_set["eraser"].toolTip()
    assert window.action_set["eraser"].shortcuts() == [QKeySequence("J")]
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_J)
    assert window.toolbox.current is ToolName.ERASER
    sheet = KeySheet(window.keymap, window)
    assert "J" in {label.text() for label in sheet.findChildren(QLabel)}


def test_a_key_that_is_held_can_be_another(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[bool] = []
    monkeypatch.setattr(window.view, "show_original", shown.append)
    window.keymap.assign("hold_original", ("Y",))
    QTest.keyPress(window, Qt.Key.Key_Backslash)
    QTest.keyRelease(window, Qt.Key.Key_Backslash)
    assert shown == []
    QTest.keyPress(window, Qt.Key.Key_Y)
    QTest.keyRelease(window, Qt.Key.Key_Y)
    assert shown == [True, False]
