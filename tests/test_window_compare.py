"""Before and after in the real window: the line that parts them, and the original while its key is held."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow
from app.ui.stages.panes import Pane
from tests.canvases import LEFT, assert_golden, drag, mouse, pixels
from tests.driving import open_path, press, stroke
from tests.looking import FILLED, bar_of, colour_at, fill, open_hills
from tests.pointers import pen

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    return open_hills(qtbot, window, tmp_path)


# Before and after


def test_the_line_parts_the_photo_as_opened_from_the_photo_as_it_is(qtbot: QtBot, opened: MainWindow) -> None:
    original = colour_at(opened, (70, 60))
    fill(qtbot, opened, accept=True)
    press(opened, Qt.Key.Key_D)
    scene = opened.view.canvas(Pane.ORIGINAL).scene
    qtbot.waitUntil(lambda: scene.opened is not None)
    assert bar_of(opened).isVisible()
    assert colour_at(opened, (70, 60)) == original
    assert colour_at(opened, (110, 60)) == FILLED
    press(opened, Qt.Key.Key_D, SHIFT)
    opened.view.divider.move_to(0.25)
    assert colour_at(opened, (70, 60)) == FILLED
    press(opened, Qt.Key.Key_D)
    assert not bar_of(opened).isVisible()


def test_the_keyboard_goes_back_to_the_photo_with_the_line(opened: MainWindow) -> None:
    press(opened, Qt.Key.Key_D)
    assert bar_of(opened).hasFocus()
    press(opened, Qt.Key.Key_D)
    assert opened.view.canvas(Pane.ORIGINAL).hasFocus()


def test_results_are_compared_with_the_photo_they_were_made_from(qtbot: QtBot, opened: MainWindow) -> None:
    original = colour_at(opened, (70, 60))
    fill(qtbot, opened, accept=False)
    assert opened.view.current is None
    press(opened, Qt.Key.Key_D)
    assert opened.view.current is Pane.GLOBAL
    assert bar_of(opened, Pane.GLOBAL).hasFocus()
    assert colour_at(opened, (70, 60), Pane.GLOBAL) == original
    assert colour_at(opened, (110, 60), Pane.GLOBAL) == FILLED
    press(opened, Qt.Key.Key_1)
    assert bar_of(opened).isVisible()
    assert not bar_of(opened, Pane.GLOBAL).isVisible()
    press(opened, Qt.Key.Key_0)
    assert not any(bar_of(opened, pane).isVisible() for pane in Pane)


def test_nothing_is_built_while_nothing_was_accepted(opened: MainWindow) -> None:
    stroke(opened, (60, 60), (120, 60))
    press(opened, Qt.Key.Key_D)
    assert opened.view.canvas(Pane.ORIGINAL).scene.opened is None
    before = colour_at(opened, (62, 60))
    after = colour_at(opened, (118, 60))
    press(opened, Qt.Key.Key_Q)
    assert colour_at(opened, (62, 60)) == before
    assert colour_at(opened, (118, 60)) != after


@pytest.mark.parametrize("upright", [True, False])
@pytest.mark.parametrize("angle", [0.0, 30.0])
def test_the_line_is_dragged_and_never_paints(opened: MainWindow, upright: bool, angle: float) -> None:
    opened.view.viewport.set_angle(angle)
    opened.commands.look.toggle_divider()
    if not upright:
        opened.commands.look.turn_divider()
    bar, divider = bar_of(opened), opened.view.divider
    shape = Qt.CursorShape.SplitHCursor if upright else Qt.CursorShape.SplitVCursor
    assert bar.cursor().shape() == shape
    at = bar.grip().center() + QPoint(3, 3)
    canvas = opened.view.canvas(Pane.ORIGINAL)
    assert canvas.childAt(at) is bar
    assert canvas.childAt(at + QPoint(60, 60)) is not bar
    length = bar.width() if upright else bar.height()
    step = QPoint(100, 0) if upright else QPoint(0, 100)
    drag(bar, (at.x(), at.y()), (at.x() + step.x(), at.y() + step.y()))
    assert divider.share == pytest.approx(0.5 + 100 / length, abs=0.005)
    mouse(bar, QEvent.Type.MouseMove, (10, 10), Qt.MouseButton.NoButton)
    grip = bar.grip().center()
    pen(bar, QEvent.Type.TabletPress, (grip.x(), grip.y()))  # type: ignore[arg-type]
    pen(bar, QEvent.Type.TabletMove, (grip.x() - step.x(), grip.y() - step.y()))  # type: ignore[arg-type]
    pen(bar, QEvent.Type.TabletRelease, (grip.x() - step.x(), grip.y() - step.y()), 0.0)  # type: ignore[arg-type]
    assert divider.share == pytest.approx(0.5, abs=0.01)
    assert opened.session.hole_pixels == 0


def test_arrows_move_the_line(opened: MainWindow) -> None:
    press(opened, Qt.Key.Key_D)
    divider, viewport = opened.view.divider, opened.view.viewport
    before = viewport.centre
    press(opened, Qt.Key.Key_Right)
    assert divider.share == pytest.approx(0.51)
    press(opened, Qt.Key.Key_Left, SHIFT)
    assert divider.share == pytest.approx(0.41)
    press(opened, Qt.Key.Key_End)
    assert divider.share == 1.0
    press(opened, Qt.Key.Key_Home)
    assert divider.share == 0.0
    assert viewport.centre == before
    opened.view.setFocus()
    press(opened, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert divider.share == pytest.approx(0.05)
    QTest.mouseDClick(bar_of(opened), LEFT, pos=bar_of(opened).grip().center())
    assert divider.share == 0.5


def test_the_parts_repaint_as_the_line_moves(qtbot: QtBot, opened: MainWindow) -> None:
    fill(qtbot, opened, accept=False)
    press(opened, Qt.Key.Key_D)
    canvas = opened.view.canvas(Pane.GLOBAL)
    for share in (0.2, 0.9, 0.55):
        opened.view.divider.move_to(share)
        QApplication.processEvents()
        line = canvas.to_image(QPointF(share * canvas.width(), 10)).x
        assert (colour_at(opened, (70, 60), Pane.GLOBAL) == FILLED) == (line < 70)


@pytest.mark.parametrize(("name", "angle"), [("divider", 0.0), ("divider_turned", 25.0)])
def test_golden_divider(qtbot: QtBot, opened: MainWindow, name: str, angle: float) -> None:
    fill(qtbot, opened, accept=False)
    press(opened, Qt.Key.Key_D)
    canvas = opened.view.canvas(Pane.GLOBAL)
    canvas.setFixedSize(300, 200)
    QApplication.processEvents()
    opened.view.viewport.set_angle(angle)
    bar = bar_of(opened, Pane.GLOBAL)
    bar.cover(canvas.rect())
    image = pixels(canvas)
    grip = bar.grip()
    image[:40] = 0  # the words, whose font is the system's
    assert (image[grip.center().y(), grip.center().x()] != 0).any()
    assert_golden(image, name)


# The original, while held


def test_the_photo_as_opened_shows_while_held(qtbot: QtBot, opened: MainWindow) -> None:
    original = colour_at(opened, (70, 60))
    fill(qtbot, opened, accept=True)
    stroke(opened, (60, 90), (90, 90))
    tinted = colour_at(opened, (70, 90))
    scene = opened.view.canvas(Pane.ORIGINAL).scene
    QTest.keyPress(opened.focusWidget(), Qt.Key.Key_Backslash)
    qtbot.waitUntil(lambda: scene.opened is not None)
    assert colour_at(opened, (70, 60)) == original
    assert colour_at(opened, (70, 90)) != tinted
    QTest.keyRelease(opened.focusWidget(), Qt.Key.Key_Backslash)
    assert colour_at(opened, (70, 60)) == FILLED
    assert scene.opened is not None
    opened._opened_photo.drop()
    assert scene.opened is None


def test_a_session_brings_the_photo_as_opened_back_too(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    original = colour_at(opened, (70, 60))
    fill(qtbot, opened, accept=True)
    with qtbot.waitSignal(opened.sessions.saved):
        opened.sessions.save(tmp_path / "work.lacuna", embed=False)
    opened.photos.close_all()
    open_path(qtbot, opened, tmp_path / "work.lacuna")
    assert colour_at(opened, (70, 60)) == FILLED
    scene = opened.view.canvas(Pane.ORIGINAL).scene
    QTest.keyPress(opened.focusWidget() or opened, Qt.Key.Key_Backslash)
    qtbot.waitUntil(lambda: scene.opened is not None)
    assert colour_at(opened, (70, 60)) == original
    QTest.keyRelease(opened.focusWidget() or opened, Qt.Key.Key_Backslash)
    assert colour_at(opened, (70, 60)) == FILLED


def test_what_was_accepted_while_comparing_is_hidden_before(qtbot: QtBot, opened: MainWindow) -> None:
    original = colour_at(opened, (70, 60))
    press(opened, Qt.Key.Key_D)
    fill(qtbot, opened, accept=True)
    scene = opened.view.canvas(Pane.ORIGINAL).scene
    qtbot.waitUntil(lambda: scene.opened is not None)
    assert colour_at(opened, (70, 60)) == original
    opened.session.close_document()
    assert scene.opened is None
