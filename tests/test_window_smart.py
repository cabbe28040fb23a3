"""Magic wand and object tool in the real window, driven by mouse and keys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.imaging.arrays import Mask
from app.imaging.files import write_image
from app.imaging.geometry import Point
from app.ui.canvas.preview_layer import Preview, Tone
from app.ui.main_window import MainWindow
from app.ui.session.next_step import StepKind
from app.ui.settings import declared
from app.ui.tools.toolbox import ToolName
from tests.driving import canvas_of
from tests.driving import press as key

LEFT, NONE, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """Grey with a dark block, a slightly darker one beside it, and a dark one apart."""
    image = np.full((200, 300, 3), 150, np.uint8)
    image[60:120, 40:100] = 30
    image[60:120, 100:140] = 70
    image[150:180, 220:260] = 30
    path = tmp_path / "blocks.png"
    write_image(path, image)
    with qtbot.waitSignal(window.session.document_opened):
        window.commands.file.open_path(path)
    for setting, value in ((declared.WAND_GROW, 0), (declared.OBJECT_GROW, 0), (declared.WAND_TOLERANCE, 10)):
        window.settings.set(setting, value)
    window.settings.set(declared.WAND_HOVER, False)
    qtbot.waitUntil(lambda: canvas_of(window).hasFocus())
    return window


def at(window: MainWindow, x: float, y: float) -> QPoint:
    return canvas_of(window).from_image(Point(x, y)).toPoint()


def press(window: MainWindow, x: float, y: float, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mousePress(canvas_of(window), LEFT, modifiers, at(window, x, y))


def release(window: MainWindow, x: float, y: float, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseRelease(canvas_of(window), LEFT, modifiers, at(window, x, y))


def click(window: MainWindow, x: float, y: float, modifiers: Qt.KeyboardModifier = NONE) -> None:
    press(window, x, y, modifiers)
    release(window, x, y, modifiers)


def preview(window: MainWindow) -> Preview | None:
    return canvas_of(window)._preview._preview


def mask_of(window: MainWindow) -> Mask:
    document = window.session.document
    assert document is not None
    return document.mask


def names(window: MainWindow) -> tuple[str, ...]:
    assert window.session.document is not None
    return window.session.document.history.names


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.session.loans.is_lent and not window.session.busy.words)


def taken(qtbot: QtBot, window: MainWindow, pixels: int) -> None:
    qtbot.waitUntil(lambda: window.session.hole_pixels == pixels)
    settle(qtbot, window)


def test_a_press_shows_what_the_release_takes(qtbot: QtBot, opened: MainWindow) -> None:
    key(opened, Qt.Key.Key_W)
    assert opened.toolbox.current is ToolName.WAND
    press(opened, 60, 80)
    qtbot.waitUntil(lambda: preview(opened) is not None)
    shown = preview(opened)
    assert shown is not None
    assert (shown.factor, shown.tone) == (1, Tone.ADD)
    assert not mask_of(opened).any()
    release(opened, 60, 80)
    taken(qtbot, opened, 3600)
    assert (mask_of(opened)[shown.area.slices] == shown.coverage).all()
    assert names(opened) == ("Magic wand",)
    assert preview(opened) is None
    key(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    taken(qtbot, opened, 0)


def test_a_drag_changes_the_tolerance_and_esc_takes_it_back(qtbot: QtBot, opened: MainWindow) -> None:
    key(opened, Qt.Key.Key_W)
    press(opened, 60, 80)
    start = at(opened, 60, 80)
    QTest.mouseMove(canvas_of(opened), start + QPoint(124, 0))
    assert opened.settings.get(declared.WAND_TOLERANCE) == 50
    qtbot.waitUntil(lambda: (now := preview(opened)) is not None and now.area.width == 100)
    key(opened, Qt.Key.Key_Escape)
    assert opened.settings.get(declared.WAND_TOLERANCE) == 10
    assert preview(opened) is None
    QTest.mouseRelease(canvas_of(opened), LEFT, NONE, start)
    settle(qtbot, opened)
    assert names(opened) == ()


def test_right_is_right_in_a_turned_view(qtbot: QtBot, opened: MainWindow) -> None:
    opened.toolbox.take(ToolName.WAND)
    canvas_of(opened).viewport.set_angle(180.0)
    start = at(opened, 70, 90)
    QTest.mousePress(canvas_of(opened), LEFT, NONE, start)
    QTest.mouseMove(canvas_of(opened), start + QPoint(34, 0))
    assert opened.settings.get(declared.WAND_TOLERANCE) == 20
    QTest.mouseRelease(canvas_of(opened), LEFT, NONE, start + QPoint(34, 0))


def test_a_trembling_hand_changes_nothing(qtbot: QtBot, opened: MainWindow) -> None:
    key(opened, Qt.Key.Key_W)
    press(opened, 60, 80)
    QTest.mouseMove(canvas_of(opened), at(opened, 60, 80) + QPoint(2, 1))
    release(opened, 60, 80)
    taken(qtbot, opened, 3600)
    assert opened.settings.get(declared.WAND_TOLERANCE) == 10


def test_alt_takes_away(qtbot: QtBot, opened: MainWindow) -> None:
    opened.session.select_all()
    key(opened, Qt.Key.Key_W)
    press(opened, 60, 80, ALT)
    qtbot.waitUntil(lambda: (now := preview(opened)) is not None and now.tone is Tone.REMOVE)
    release(opened, 60, 80, ALT)
    taken(qtbot, opened, 300 * 200 - 3600)


def test_not_contiguous_takes_the_block_apart_too(qtbot: QtBot, opened: MainWindow) -> None:
    opened.settings.set(declared.WAND_CONTIGUOUS, False)
    key(opened, Qt.Key.Key_W)
    click(opened, 60, 80)
    taken(qtbot, opened, 3600 + 1200)


def test_another_tolerance_makes_the_last_click_anew(qtbot: QtBot, opened: MainWindow) -> None:
    key(opened, Qt.Key.Key_W)
    click(opened, 60, 80)
    taken(qtbot, opened, 3600)
    opened.settings.set(declared.WAND_TOLERANCE, 40)
    taken(qtbot, opened, 6000)
    assert names(opened) == ("Magic wand",)
    opened.session.undo()
    taken(qtbot, opened, 0)
    opened.settings.set(declared.WAND_TOLERANCE, 20)
    opened.smart.wand._pause.timeout.emit()
    settle(qtbot, opened)
    assert opened.session.hole_pixels == 0, "what was undone stays undone"


def test_a_drag_leaves_the_last_click_as_it_is(qtbot: QtBot, opened: MainWindow) -> None:
    key(opened, Qt.Key.Key_W)
    click(opened, 60, 80)
    taken(qtbot, opened, 3600)
    press(opened, 60, 80)
    QTest.mouseMove(canvas_of(opened), at(opened, 60, 80) + QPoint(124, 0))
    assert opened.settings.get(declared.WAND_TOLERANCE) == 50
    assert not opened.smart.wand._pause.isActive(), "the tolerance is for the press under way"
    key(opened, Qt.Key.Key_Escape)
    settle(qtbot, opened)
    assert not opened.smart.wand._pause.isActive()
    assert opened.session.hole_pixels == 3600
    opened.settings.set(declared.WAND_TOLERANCE, 40)
    taken(qtbot, opened, 6000)


def test_a_click_beside_the_photo_is_nothing(qtbot: QtBot, opened: MainWindow) -> None:
    key(opened, Qt.Key.Key_W)
    QTest.mouseClick(canvas_of(opened), LEFT, NONE, QPoint(2, 2))
    key(opened, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    QTest.mouseClick(canvas_of(opened), LEFT, NONE, QPoint(2, 2))
    settle(qtbot, opened)
    assert names(opened) == ()
    assert not opened.smart.object.is_pending


def test_hovering_shows_faintly_what_a_click_would_take(qtbot: QtBot, opened: MainWindow) -> None:
    opened.settings.set(declared.WAND_HOVER, True)
    key(opened, Qt.Key.Key_W)
    QTest.mouseMove(canvas_of(opened), at(opened, 60, 80))
    qtbot.waitUntil(lambda: (now := preview(opened)) is not None and now.tone is Tone.HOVER)
    QTest.mouseMove(canvas_of(opened), QPoint(2, 2))
    qtbot.waitUntil(lambda: preview(opened) is None)
    QTest.mouseMove(canvas_of(opened), at(opened, 60, 80))
    qtbot.waitUntil(lambda: preview(opened) is not None)
    key(opened, Qt.Key.Key_B)
    assert preview(opened) is None


def test_an_object_is_clicked_shown_and_taken_with_enter(qtbot: QtBot, opened: MainWindow) -> None:
    key(opened, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    assert opened.toolbox.current is ToolName.OBJECT
    click(opened, 240, 165)
    assert opened.commands.edit.step.kind is StepKind.TAKE
    qtbot.waitUntil(lambda: opened.smart.object.found is not None)
    shown = preview(opened)
    assert shown is not None
    assert abs(np.count_nonzero(shown.coverage > 127) - 1200) < 60
    assert shown.inside == opened.smart.object.hints.inside  # type: ignore[union-attr]
    key(opened, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(opened) == ("Object",))
    settle(qtbot, opened)
    assert (mask_of(opened)[shown.area.slices] == shown.coverage).all()
    assert preview(opened) is None
    assert opened.commands.edit.step.kind is StepKind.FILL, "Enter fills again"


def test_a_box_finds_the_object_in_it_and_esc_drops_it(qtbot: QtBot, opened: MainWindow) -> None:
    key(opened, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    press(opened, 210, 140)
    QTest.mouseMove(canvas_of(opened), at(opened, 270, 190))
    shown = preview(opened)
    assert shown is not None
    assert abs(shown.box.right - 270) <= 2
    release(opened, 270, 190)
    qtbot.waitUntil(lambda: opened.smart.object.found is not None)
    found = opened.smart.object.found
    assert found is not None
    assert (abs(found.rect.x - 220), abs(found.rect.bottom - 180)) <= (2, 2)
    key(opened, Qt.Key.Key_Escape)
    assert not opened.smart.object.is_pending
    assert preview(opened) is None
    assert names(opened) == ()


def test_further_clicks_add_and_leave_out(qtbot: QtBot, opened: MainWindow) -> None:
    key(opened, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    click(opened, 240, 165)
    click(opened, 120, 90)
    click(opened, 10, 10, ALT)
    hints = opened.smart.object.hints
    assert hints is not None
    assert (len(hints.inside), len(hints.outside)) == (2, 1)
    qtbot.waitUntil(lambda: opened.smart.object.found is not None)
    key(opened, Qt.Key.Key_B)
    assert not opened.smart.object.is_pending, "leaving the tool accepts nothing"
    assert names(opened) == ()


def test_a_double_click_takes_at_once(qtbot: QtBot, opened: MainWindow) -> None:
    key(opened, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    click(opened, 240, 165)
    QTest.mouseDClick(canvas_of(opened), LEFT, NONE, at(opened, 240, 165))
    qtbot.waitUntil(lambda: names(opened) == ("Object",))


def test_alt_at_the_first_click_takes_the_object_out(qtbot: QtBot, opened: MainWindow) -> None:
    opened.session.select_all()
    key(opened, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    click(opened, 240, 165, ALT)
    opened.commands.edit.fill_or_accept()
    qtbot.waitUntil(lambda: names(opened) == ("Select all", "Object"))
    settle(qtbot, opened)
    assert mask_of(opened)[165, 240] == 0
    assert mask_of(opened)[10, 10] == 255


def test_closing_the_photo_forgets_all(qtbot: QtBot, opened: MainWindow) -> None:
    key(opened, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    click(opened, 240, 165)
    opened.session.close_document()
    assert not opened.smart.object.is_pending
    assert preview(opened) is None
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not opened.session.busy.words)
