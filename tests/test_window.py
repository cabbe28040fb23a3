"""The real window over a fake engine: tools, keys and the empty state, by mouse and keys as a user would."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QPushButton
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from app.ui.settings.declared import ThemeName
from app.ui.stages.panes import Pane
from app.ui.tools.toolbox import ToolName
from tests.driving import press, stroke
from tests.fakes import ScriptedAsker
from tests.photo_files import encoded


def test_tool_keys(opened: MainWindow) -> None:
    toolbox = opened.toolbox
    press(opened, Qt.Key.Key_E)
    assert toolbox.current is ToolName.ERASER
    press(opened, Qt.Key.Key_X)
    assert toolbox.current is ToolName.BRUSH
    press(opened, Qt.Key.Key_X)
    press(opened, Qt.Key.Key_B)
    assert toolbox.current is ToolName.BRUSH
    size, hardness = toolbox.brush.size, toolbox.brush.hardness
    press(opened, Qt.Key.Key_BracketRight)
    assert toolbox.brush.size > size
    press(opened, Qt.Key.Key_BracketLeft)
    assert toolbox.brush.size == pytest.approx(size, abs=1)
    press(opened, Qt.Key.Key_BracketLeft, Qt.KeyboardModifier.ShiftModifier)
    assert toolbox.brush.hardness == pytest.approx(hardness - 0.1)


def test_the_eraser_erases(opened: MainWindow) -> None:
    stroke(opened, (60, 60), (110, 60))
    press(opened, Qt.Key.Key_E)
    stroke(opened, (100, 60), (110, 60))
    assert opened.session.document is not None
    assert opened.session.document.mask[60, 60] == 255
    assert opened.session.document.mask[60, 105] == 0


def test_letters_belong_to_the_field_that_has_the_keyboard(opened: MainWindow) -> None:
    field = opened.findChildren(QDoubleSpinBox)[0]
    field.setFocus()
    for key in (Qt.Key.Key_E, Qt.Key.Key_Q, Qt.Key.Key_0):
        press(opened, key)
    assert opened.toolbox.current is ToolName.BRUSH
    assert opened.commands.view.is_mask_shown()
    assert opened.view.current is Pane.ORIGINAL
    field.selectAll()
    QTest.keyClicks(field, "33")
    press(opened, Qt.Key.Key_Return)
    assert opened.toolbox.brush.size == 33
    assert opened.session.runs.phase is RunPhase.IDLE, "Enter in a field does not run"
    assert opened.view.canvas(Pane.ORIGINAL).hasFocus()
    press(opened, Qt.Key.Key_E)
    assert opened.toolbox.current is ToolName.ERASER


def test_tab_hides_the_panels_and_moves_within_them(opened: MainWindow) -> None:
    press(opened, Qt.Key.Key_Tab)
    assert not opened.frame.are_panels_shown()
    press(opened, Qt.Key.Key_Tab)
    assert opened.frame.are_panels_shown()
    press(opened, Qt.Key.Key_F6)
    first = opened.focusWidget()
    assert not opened.view.isAncestorOf(first)
    press(opened, Qt.Key.Key_Tab)
    assert opened.frame.are_panels_shown()
    assert opened.focusWidget() is not first
    for _ in range(6):
        press(opened, Qt.Key.Key_F6)
        if opened.view.canvas(Pane.ORIGINAL).hasFocus():
            return
    pytest.fail("F6 never came back to the photo")


def test_zoom_keys_and_status(opened: MainWindow) -> None:
    viewport = opened.view.viewport
    control = Qt.KeyboardModifier.ControlModifier
    press(opened, Qt.Key.Key_1, control)
    assert viewport.scale == 1.0
    press(opened, Qt.Key.Key_Plus, control)
    assert viewport.scale > 1.0
    press(opened, Qt.Key.Key_0, control)
    assert viewport.is_fit


def test_mask_keys(qtbot: QtBot, opened: MainWindow) -> None:
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    for key, modifiers, expected in (
        (Qt.Key.Key_A, control, 120 * 180),
        (Qt.Key.Key_D, control, 0),
        (Qt.Key.Key_I, control | shift, 120 * 180),
    ):
        with qtbot.waitSignal(opened.session.mask_changed):
            press(opened, key, modifiers)
        assert opened.session.hole_pixels == expected


def test_themes(opened: MainWindow) -> None:
    dark = opened.palette().window().color().lightness()
    opened.action_set["theme_light"].trigger()
    assert opened.settings.get(declared.THEME) is ThemeName.LIGHT
    assert opened.palette().window().color().lightness() > dark
    assert opened.action_set["theme_light"].isChecked()
    assert not opened.action_set["theme_dark"].isChecked()
    opened.action_set["theme_dark"].trigger()


def test_the_empty_state_teaches_and_opens(qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, photo: Path) -> None:
    assert window.empty.isVisible()
    assert not window.action_set["save"].isEnabled()
    asker.open_path = photo
    button = next(each for each in window.empty.findChildren(QPushButton) if "Open" in each.text())
    with qtbot.waitSignal(window.session.document_opened):
        button.click()
    assert window.view.isVisible()
    assert not window.empty.isVisible()
    assert window.settings.get(declared.RECENT) == (str(photo),)
    window.recent.refresh()
    assert window.recent.actions()[0].text() == "sea.png"


def test_the_sample_saves_under_a_new_name(qtbot: QtBot, window: MainWindow, asker: ScriptedAsker) -> None:
    with qtbot.waitSignal(window.session.document_opened, timeout=20_000):
        window.empty.sample_pressed.emit()
    assert window.session.hole_pixels > 0
    assert not window.isWindowModified()
    window.commands.file.save()
    assert asker.asked == ["photo_to_save sample-edited.jpg"]


@pytest.mark.parametrize("allowed", [True, False])
def test_a_huge_photo_opens_when_the_user_insists(
    qtbot: QtBot,
    window: MainWindow,
    asker: ScriptedAsker,
    photo: Path,
    allowed: bool,
) -> None:
    window.settings.set(declared.PIXEL_LIMIT_MP, 10)
    photo.write_bytes(encoded(np.zeros((3200, 3200), np.uint8), "PNG"))
    window.commands.file.open_path(photo)
    qtbot.waitUntil(lambda: bool(window.banner.rows))
    message = window.banner.rows[0]
    assert message.text.startswith("sea.png has 10.24 megapixels (3200×3200) and would take about 0.12 GB of memory")
    assert message.isVisible()
    if allowed:
        message.buttons[0].setFocus()
        QTest.keyClick(message.buttons[0], Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: window.session.document is not None)
    else:
        message.close_message()
    assert (window.session.document is None) != allowed
    assert window.banner.text == ""
    assert asker.asked == asker.errors == []


def test_the_brush_is_remembered(window: MainWindow) -> None:
    window.toolbox.brush.set_size(123)
    assert window.settings.get(declared.BRUSH_SIZE) == 123
    window.settings.set(declared.BRUSH_HARDNESS, 0.25)
    assert window.toolbox.brush.hardness == 0.25


def test_every_pixel_outside_the_stroke_is_kept_at_the_pointer(opened: MainWindow) -> None:
    """The stroke lands where the pointer is: image coordinates, whatever the zoom."""
    opened.view.viewport.set_scale(2.0)
    stroke(opened, (90, 60), (90, 60))
    assert opened.session.document is not None
    ys, xs = np.nonzero(opened.session.document.mask > 127)
    assert abs(xs.mean() + 0.5 - 90) < 1
    assert abs(ys.mean() + 0.5 - 60) < 1
