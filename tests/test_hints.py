"""The first steps: one bubble at a time, beside its thing, gone once it has been done."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow
from app.ui.panels.hints import ALL_HINTS, Hint, place
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from app.ui.stages.panes import Pane
from tests.driving import dab, open_plain


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """A photo is open and no step has been seen."""
    window.settings.set(declared.HINTS_SEEN, ())
    assert window.hints.shown is None, "nothing is open"
    return open_plain(qtbot, window, tmp_path)


def test_each_step_goes_when_it_is_done_and_never_comes_again(qtbot: QtBot, opened: MainWindow) -> None:
    hints = opened.hints
    assert hints.shown is Hint.PAINT
    assert hints.bubble.isVisible()
    dab(opened)
    assert hints.shown is Hint.FILL
    opened.commands.edit.fill_or_accept()
    qtbot.waitUntil(lambda: opened.session.runs.phase is RunPhase.READY)
    assert hints.shown is Hint.ACCEPT
    with qtbot.waitSignal(opened.session.image_changed):
        opened.commands.edit.fill_or_accept()
    qtbot.waitUntil(lambda: hints.shown is None)
    assert hints.bubble.isHidden()
    assert set(opened.settings.get(declared.HINTS_SEEN)) == set(ALL_HINTS)
    dab(opened)
    assert hints.shown is None


def test_closing_the_photo_counts_nothing_as_done(opened: MainWindow) -> None:
    opened.session.close_document()
    assert opened.hints.shown is None
    assert opened.hints.bubble.isHidden()
    assert opened.settings.get(declared.HINTS_SEEN) == ()


def test_the_cross_closes_one_and_no_more_closes_all(opened: MainWindow) -> None:
    opened.hints.bubble.close_button.click()
    assert opened.hints.shown is None
    assert opened.settings.get(declared.HINTS_SEEN) == (Hint.PAINT.value,)
    dab(opened)
    assert opened.hints.shown is Hint.FILL
    opened.hints.bubble.no_more_button.click()
    assert opened.hints.shown is None
    assert set(opened.settings.get(declared.HINTS_SEEN)) == set(ALL_HINTS)


def test_help_brings_them_back(opened: MainWindow) -> None:
    opened.hints.stop()
    opened.action_set.refresh()
    assert opened.action_set["first_steps"].isEnabled()
    opened.action_set["first_steps"].trigger()
    assert opened.hints.shown is Hint.PAINT
    assert not opened.action_set["first_steps"].isEnabled()


def test_a_bubble_leaves_keyboard_and_photo_alone(qtbot: QtBot, opened: MainWindow) -> None:
    canvas, bubble = opened.view.canvas(Pane.ORIGINAL), opened.hints.bubble
    assert canvas.hasFocus()
    for state in (lambda: None, lambda: dab(opened)):
        state()
        QTest.qWait(0)
        on_window = QRect(bubble.pos(), bubble.size())
        assert opened.rect().contains(on_window)
        assert not on_window.contains(canvas.mapTo(opened, canvas.rect().center()))
        assert canvas.hasFocus()
    assert bubble.close_button.focusPolicy() == Qt.FocusPolicy.TabFocus
    assert bubble.close_button.accessibleName()


def test_the_first_bubble_stands_beside_the_brush(qtbot: QtBot, opened: MainWindow) -> None:
    QTest.qWait(0)
    button = next(each for each in opened.action_set["brush"].associatedObjects() if hasattr(each, "widgetForAction"))
    widget = button.widgetForAction(opened.action_set["brush"])
    corner = widget.mapTo(opened, QPoint(widget.width(), 0))
    assert 0 < opened.hints.bubble.x() - corner.x() < 24
    assert opened.hints.bubble.y() == corner.y()


def test_places_lie_in_the_window_in_both_directions_of_reading() -> None:
    host, bubble = QSize(1000, 700), QSize(272, 110)
    for anchor in (QRect(4, 80, 34, 34), QRect(962, 80, 34, 34), QRect(0, 640, 900, 48), QRect(0, 690, 40, 10)):
        corner = place(anchor, bubble, host)
        placed = QRect(corner, bubble)
        assert QRect(QPoint(0, 0), host).contains(placed)
        assert not placed.intersects(anchor)
        assert not placed.contains(QPoint(500, 350))
