"""The bar with the options of the tool in hand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QDoubleSpinBox, QLabel, QSlider, QWidget
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow
from app.ui.panels.elided_label import ElidedLabel
from app.ui.panels.tool_options import ToolOptions
from app.ui.settings import declared
from app.ui.settings.store import Settings
from app.ui.tools.toolbox import ToolName


@pytest.fixture
def settings(tmp_path: object) -> Settings:
    return Settings(QSettings(f"{tmp_path}/s.ini", QSettings.Format.IniFormat))


@pytest.fixture
def bar(qtbot: QtBot, settings: Settings) -> ToolOptions:
    result = ToolOptions(settings)
    qtbot.addWidget(result)
    result.resize(1200, 40)
    result.show()
    return result


def fields(bar: QWidget) -> list[str]:
    """The names of what can be set."""
    shown = [each for each in bar.findChildren(QWidget) if each.isVisible()]
    numbers = [each.accessibleName() for each in shown if isinstance(each, QAbstractSpinBox)]
    return numbers + [each.text() for each in shown if isinstance(each, QCheckBox)]


@pytest.mark.parametrize(("tool", "names"), [
    (ToolName.BRUSH, ["Size", "Hardness"]), (ToolName.ERASER, ["Size", "Hardness"]),
    (ToolName.WAND, ["Tolerance", "Enlarge by", "Contiguous"]), (ToolName.OBJECT, ["Enlarge by"]),
    (ToolName.RECTANGLE, []), (ToolName.CONTEXT, []),
])  # fmt: skip
def test_each_tool_shows_its_own(bar: ToolOptions, tool: ToolName, names: list[str]) -> None:
    bar.show_tool(tool)
    assert [name for name in fields(bar) if name in names] == names
    assert bool(fields(bar)) == bool(names)


def test_every_tool_has_a_name_and_a_hint(bar: ToolOptions) -> None:
    seen = set()
    for tool in ToolName:
        bar.show_tool(tool)
        texts = [each.text() for each in bar.children() if isinstance(each, QLabel)]
        assert all(texts), tool
        seen.add(texts[0])
    assert len(seen) == len(ToolName)


def test_the_hint_gives_way_and_is_told_in_the_tooltip(bar: ToolOptions) -> None:
    bar.show_tool(ToolName.OBJECT)
    hint = bar.findChild(ElidedLabel)
    assert hint is not None
    assert not hint.toolTip()
    bar.resize(500, 40)
    assert hint.toolTip() == hint.text()
    assert bar.minimumSizeHint().width() < 800


def test_rows_and_settings_are_equal(bar: ToolOptions, settings: Settings) -> None:
    bar.show_tool(ToolName.WAND)
    field = next(each for each in bar.findChildren(QDoubleSpinBox) if each.isVisible())
    settings.set(declared.WAND_TOLERANCE, 77)
    assert field.value() == 77
    field.setValue(12)
    assert settings.get(declared.WAND_TOLERANCE) == 12


def test_it_follows_the_tool_in_hand_and_hides_with_the_panels(window: MainWindow) -> None:
    window.toolbox.take(ToolName.WAND)
    assert "Tolerance" in fields(window.options)
    window.frame.show_panels(False)
    assert not window.options.isVisible()
    window.frame.show_panels(True)
    assert window.options.isVisible()


def test_every_field_is_reached_by_tab(qtbot: QtBot, window: MainWindow) -> None:
    window.toolbox.take(ToolName.WAND)
    shown = [each for each in window.options.findChildren(QWidget) if each.isVisible()]
    wanted = {each for each in shown if isinstance(each, QAbstractSpinBox | QSlider | QCheckBox)}
    first = next(each for each in shown if isinstance(each, QSlider))
    first.setFocus(Qt.FocusReason.TabFocusReason)
    reached = set()
    for _ in range(len(wanted)):
        focus = window.focusWidget()
        reached.add(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert reached == wanted
    assert all(each.accessibleName() or isinstance(each, QCheckBox) for each in wanted)


def test_nothing_is_cut_in_a_small_window(window: MainWindow) -> None:
    window.resize(1000, 700)
    for tool in ToolName:
        if tool in (ToolName.BRUSH, ToolName.WAND, ToolName.OBJECT):
            window.toolbox.take(tool)
            for child in window.options.findChildren(QWidget):
                if child.isVisible() and not isinstance(child, ElidedLabel):
                    assert child.width() >= child.minimumSizeHint().width(), (tool, child)
            assert window.options.mapTo(window, QPoint(window.options.width(), 0)).x() <= window.width()


def test_the_bar_is_as_tall_for_every_tool(window: MainWindow) -> None:
    heights = set()
    for tool in ToolName:
        window.options.show_tool(tool)
        heights.add((window.options.sizeHint().height(), window.options.minimumSizeHint().height()))
    assert len({height for height, _ in heights}) == 1
    assert len({height for _, height in heights}) == 1
