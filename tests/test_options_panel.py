"""The options panel: presets, sections that fold, marks and resets; through the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.inference.catalog import CUSTOM, CoarseKind, coarse_info, listed_coarse
from app.ui.main_window import MainWindow
from app.ui.panels.options_panel import OptionsPanel
from app.ui.settings import declared
from app.ui.settings.presets import BUILT_IN, RUN_SETTINGS, Presets
from app.ui.settings.store import Settings
from app.ui.settings.words import value_words
from tests.driving import buttons_of, open_photo, run_to_end, stroke, write_sea


@pytest.fixture
def panel(window: MainWindow) -> OptionsPanel:
    result = window.findChild(OptionsPanel)
    assert isinstance(result, OptionsPanel)
    return result


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "presets.ini"), QSettings.Format.IniFormat)


def texts(panel: OptionsPanel) -> list[str]:
    box = panel.presets.box
    return [box.itemText(index) for index in range(box.count())]


def pick(panel: OptionsPanel, name: str) -> None:
    """Choose from the list by keys."""
    box = panel.presets.box
    box.setFocus()
    target = texts(panel).index(name)
    while box.currentIndex() != target:
        QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < target else Qt.Key.Key_Up)


def name_it(panel: OptionsPanel, name: str) -> None:
    field = panel.presets.field
    assert field.isVisible()
    assert field.hasFocus()
    QTest.keyClicks(field, name)
    QTest.keyClick(field, Qt.Key.Key_Return)


# presets


def test_built_in_presets_set_options_that_can_be_set() -> None:
    for preset in BUILT_IN:
        assert preset.tip, preset.name
        for setting in RUN_SETTINGS:
            value = preset.value(setting)
            assert type(value) is type(setting.default), (preset.name, setting.key)
            assert setting.decoded(setting.encoded(value)) == value
            if setting.choices is not None:
                assert value in [choice.value for choice in setting.choices()]
        assert set(preset.values) <= {setting.key for setting in RUN_SETTINGS}


def test_a_preset_is_chosen_from_the_list(window: MainWindow, panel: OptionsPanel) -> None:
    assert panel.presets.box.currentText() == "Balanced"
    pick(panel, "Scratches and dust")
    assert window.settings.get(declared.COARSE) == "telea"
    assert window.settings.get(declared.GROW) == 2
    assert window.settings.run_options().detail is False
    assert panel.presets.box.currentText() == "Scratches and dust"
    pick(panel, "Balanced")
    assert window.settings.get(declared.COARSE) == declared.COARSE.default


def test_other_values_make_it_modified_and_the_same_unmodified(window: MainWindow, panel: OptionsPanel) -> None:
    window.settings.set(declared.GROW, 9)
    assert panel.presets.box.currentText() == "Balanced (modified)"
    window.settings.set(declared.GROW, declared.GROW.default)
    assert panel.presets.box.currentText() == "Balanced"
    window.settings.set(declared.OVERLAY_OPACITY, 0.9)
    assert panel.presets.box.currentText() == "Balanced", "a preset holds what the picture depends on, no more"


def test_own_presets_are_saved_renamed_and_deleted(window: MainWindow, panel: OptionsPanel) -> None:
    bar = panel.presets
    assert not bar.rename_action.isEnabled()
    assert not bar.delete_action.isEnabled()
    window.settings.set(declared.FEATHER, 11)
    bar.save_action.trigger()
    name_it(panel, "Skies")
    assert not bar.field.isVisible()
    assert bar.box.currentText() == "Skies"
    pick(panel, "Fast")
    assert window.settings.get(declared.FEATHER) == declared.FEATHER.default
    pick(panel, "Skies")
    assert window.settings.get(declared.FEATHER) == 11
    bar.rename_action.trigger()
    name_it(panel, "Clouds")
    assert "Skies" not in texts(panel)
    assert bar.box.currentText() == "Clouds"
    bar.delete_action.trigger()
    assert "Clouds" not in texts(panel)
    assert bar.box.currentText() == "Balanced (modified)", "the values stay"
    assert window.settings.get(declared.FEATHER) == 11


def test_a_name_must_be_new_and_escape_leaves(window: MainWindow, panel: OptionsPanel) -> None:
    bar = panel.presets
    bar.save_action.trigger()
    name_it(panel, "Fast")
    assert bar.field.isVisible()
    assert bar.name_error == "There is a preset of this name."
    bar.field.clear()
    name_it(panel, "  ")
    assert bar.name_error == "A preset needs a name."
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.field.isVisible()
    assert texts(panel) == [preset.name for preset in BUILT_IN]


def test_own_presets_survive_a_restart(store: QSettings) -> None:
    settings = Settings(store)
    presets = Presets(settings)
    settings.set(declared.WORKING_SIZE, 768)
    presets.save_as("Sharp")
    again = Presets(Settings(store))
    assert again.current.name == "Sharp"
    assert again.current.value(declared.WORKING_SIZE) == 768
    assert not again.is_modified


@pytest.mark.parametrize("garbage", ["[]", "{", '{"a": 3}', '{"a": {"run/grow": 3, "run/feather": "x"}}'])
def test_garbage_in_the_store_is_no_preset_or_a_plain_one(store: QSettings, garbage: str) -> None:
    settings = Settings(store)
    settings.set(declared.PRESETS, garbage)
    for preset in Presets(settings).all:
        assert not preset.is_own or preset.value(declared.FEATHER) == declared.FEATHER.default


# sections and resets


def test_a_dot_marks_and_resets_a_row(window: MainWindow, panel: OptionsPanel) -> None:
    row = panel.row(declared.GROW)
    assert not row.dot.isVisible()
    window.settings.set(declared.GROW, 20)
    assert row.dot.isVisible()
    assert row.dot.toolTip().endswith("4 px")
    row.dot.click()
    assert window.settings.get(declared.GROW) == 4
    assert not row.dot.isVisible()


def test_a_section_is_reset_alone(window: MainWindow, panel: OptionsPanel) -> None:
    edge = next(each for each in panel.sections if any(row.setting is declared.GROW for row in each.rows))
    assert not edge.reset_button.isVisible()
    window.settings.set(declared.GROW, 20)
    window.settings.set(declared.OVERLAY_OPACITY, 0.9)
    edge.reset_button.click()
    assert window.settings.get(declared.GROW) == 4
    assert window.settings.get(declared.OVERLAY_OPACITY) == 0.9


def test_a_reset_of_all_can_be_taken_back(window: MainWindow, panel: OptionsPanel) -> None:
    button = panel.reset_button
    assert not button.isEnabled()
    window.settings.set(declared.GROW, 20)
    window.settings.set(declared.COLOUR_MATCH, False)
    button.click()
    assert not any(row.is_modified for row in panel.rows)
    assert button.text() == "Take the reset back"
    button.click()
    assert window.settings.get(declared.GROW) == 20
    assert window.settings.get(declared.COLOUR_MATCH) is False
    button.click()
    window.settings.set(declared.FEATHER, 7)
    assert button.text() == "Reset all", "what was before is stale after another change"


def test_sections_fold_and_stay_folded(qtbot: QtBot, window: MainWindow, panel: OptionsPanel) -> None:
    section = next(each for each in panel.sections if any(row.setting is declared.GROW for row in each.rows))
    assert section.is_open
    section.heading.setFocus()
    QTest.keyClick(section.heading, Qt.Key.Key_Space)
    assert not section.is_open
    assert not panel.row(declared.GROW).isVisible()
    again = OptionsPanel(window.settings)
    qtbot.addWidget(again)
    assert [each.is_open for each in again.sections].count(False) == 1
    QTest.keyClick(section.heading, Qt.Key.Key_Space)
    assert panel.row(declared.GROW).isVisible()


def test_every_row_says_what_it_does(panel: OptionsPanel) -> None:
    shown = {row.setting for row in panel.rows}
    wanted = {*RUN_SETTINGS, declared.DEVICE, declared.RESULT_VIEW, declared.AUTO_RUN}
    assert wanted - shown == {declared.OWN_MODEL}  # which is a part of what fills first
    assert all(row.setting.tip and row.setting.name for row in panel.rows)


def test_nothing_in_the_panel_is_wider_than_it(panel: OptionsPanel) -> None:
    for row in panel.rows:
        assert row.minimumSizeHint().width() <= row.width()
    assert panel.widget().width() >= panel.widget().minimumSizeHint().width()


def test_a_preset_offers_filling_again(qtbot: QtBot, window: MainWindow, panel: OptionsPanel, tmp_path: Path) -> None:
    open_photo(qtbot, window, write_sea(tmp_path))
    stroke(window, (60, 60), (80, 60))
    run_to_end(qtbot, window)
    pick(panel, "Fast")
    assert "Again  ⇧⏎" in buttons_of(window)


def test_values_in_words() -> None:
    assert value_words(declared.GROW, 4) == "4 px"
    assert value_words(declared.OVERLAY_OPACITY, 0.45) == "45 %"
    assert value_words(declared.COLOUR_MATCH, False) == "off"
    assert value_words(declared.WORKING_SIZE, 512) == "512 px"


# the list of coarse inpainters


def test_coarse_inpainters_stand_in_groups_each_with_a_line_about_it(panel: OptionsPanel) -> None:
    box = panel.row(declared.COARSE).findChild(QComboBox)
    model = box.model()
    assert isinstance(model, QStandardItemModel)
    items = [model.item(index) for index in range(model.rowCount())]
    headings = [item.text() for item in items if item.font().bold()]
    assert headings == [kind.value for kind in CoarseKind]
    assert not any(item.isEnabled() for item in items if item.font().bold())
    shown = [item.text() for item in items if not item.font().bold()]
    assert shown[0].startswith("Best (")
    assert [text.partition(" (not")[0] for text in shown[1:]] == [info.label for info in listed_coarse()]
    tips = {item.text(): item.toolTip() for item in items if item.isEnabled()}
    assert all(tips[info.label] == info.about for info in listed_coarse() if info.label in tips)
    assert all(info.about for info in listed_coarse())


def test_arrows_go_from_group_to_group_past_the_headings(window: MainWindow, panel: OptionsPanel) -> None:
    box = panel.row(declared.COARSE).findChild(QComboBox)
    box.setFocus()
    able = [info.name for info in listed_coarse() if info.installed and info is not CUSTOM]
    for name in able:
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert window.settings.get(declared.COARSE) == name
        assert coarse_info(name).about in box.toolTip()
    for _ in able:
        QTest.keyClick(box, Qt.Key.Key_Up)
    assert window.settings.get(declared.COARSE) == declared.COARSE.default
