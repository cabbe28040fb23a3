"""Messages in the place of dialogs: what they say, what their buttons do, and that nothing is lost by them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.errors import LacunaError
from app.imaging.files import read_photo, write_image
from app.ui.look.theme import DARK
from app.ui.main_window import MainWindow
from app.ui.panels.banner import LIMIT, Banner, Remedy, Severity
from app.ui.stages.panes import Pane
from tests.driving import dab, open_plain
from tests.fakes import FakeEngine, ScriptedAsker


@pytest.fixture
def banner(qtbot: QtBot) -> Banner:
    result = Banner(DARK)
    qtbot.addWidget(result)
    return result


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    return open_plain(qtbot, window, tmp_path)


def test_the_newest_three_stay_and_none_is_repeated(banner: Banner) -> None:
    for text in ("one", "two", "two", "three", "four"):
        banner.tell(text)
    assert len(banner.rows) == LIMIT
    assert banner.text == "Two.\nThree.\nFour."


def test_passing_messages_go_and_the_others_stay(banner: Banner) -> None:
    banner.tell("a note")
    banner.tell("an error", Severity.ERROR)
    banner.tell("a question", Severity.WARNING, (Remedy("Yes", lambda: None),))
    banner.clear_passing()
    assert banner.text == "An error.\nA question."
    banner.clear()
    assert banner.isHidden()


def test_a_remedy_runs_and_closes_its_message(banner: Banner) -> None:
    done: list[str] = []
    banner.tell("first", Severity.ERROR, (Remedy("Mend", lambda: done.append("mended")),))
    banner.tell("second", Severity.ERROR, (Remedy("Copy", lambda: done.append("copied"), closes=False),))
    banner.rows[1].buttons[0].click()
    assert banner.text == "First.\nSecond."
    banner.rows[0].buttons[0].click()
    assert banner.text == "Second."
    assert done == ["copied", "mended"]


def test_screen_readers_are_told(banner: Banner, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[tuple[QAccessible.Event, str]] = []
    monkeypatch.setattr(
        "app.ui.panels.banner.QAccessible.updateAccessibility",
        lambda event: events.append((event.type(), event.object().accessibleName())),
    )
    banner.tell("the disk is full", Severity.ERROR)
    assert events == [(QAccessible.Event.Alert, "Error: The disk is full.")]
    for row in banner.rows:
        assert row.findChild(type(row._close)).accessibleName()


def test_a_run_that_fails_says_so_without_a_dialog(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    engine.failure = LacunaError("the weights in /w are damaged: reinstall Lacuna")
    dab(opened)
    opened.commands.edit.fill_or_accept()
    qtbot.waitUntil(lambda: bool(opened.banner.rows))
    message = opened.banner.rows[0]
    assert message.severity is Severity.ERROR
    assert message.text == "The weights in /w are damaged: reinstall Lacuna."
    assert message.isVisible()
    assert QApplication.activeModalWidget() is None
    assert opened.view.canvas(Pane.ORIGINAL).hasFocus(), "a message leaves the keyboard where it is"


def test_esc_closes_the_newest_where_the_banner_has_the_keyboard(opened: MainWindow) -> None:
    opened.messages.error("one")
    opened.messages.error("two")
    opened.banner.rows[0].take_keyboard()
    for left in ("One.", ""):
        QTest.keyClick(opened.focusWidget(), Qt.Key.Key_Escape)
        assert opened.banner.text == left
    assert not opened.banner.isVisible()


def test_tab_leads_from_button_to_button_and_space_presses(opened: MainWindow) -> None:
    done: list[str] = []
    remedies = tuple(Remedy(name, lambda name=name: done.append(name), closes=False) for name in ("first", "second"))
    opened.banner.tell("choose", Severity.ERROR, remedies)
    row = opened.banner.rows[0]
    row.buttons[0].setFocus()
    QTest.keyClick(row.buttons[0], Qt.Key.Key_Space)
    QTest.keyClick(row.buttons[0], Qt.Key.Key_Tab)
    assert row.buttons[1].hasFocus()
    QTest.keyClick(row.buttons[1], Qt.Key.Key_Space)
    assert done == ["first", "second"]


def test_a_failed_save_offers_another_place(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    opened.files.save(tmp_path / "nowhere" / "sea.png")
    qtbot.waitUntil(lambda: bool(opened.banner.rows) and bool(opened.banner.rows[0].buttons))
    message = opened.banner.rows[0]
    assert [button.text() for button in message.buttons] == ["Choose another place…", "Try again"]
    asker.save_path = tmp_path / "other.png"
    with qtbot.waitSignal(opened.files.saved):
        message.buttons[0].click()
    assert (read_photo(asker.save_path).pixels == 77).all()
    assert opened.banner.text == ""


def test_errors_outlive_the_next_photo(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8nothing")
    other = tmp_path / "lake.png"
    write_image(other, np.zeros((30, 40, 3), np.uint8))
    opened.commands.file.open_path(broken)
    qtbot.waitUntil(lambda: bool(opened.banner.rows))
    opened.banner.tell("a note")
    with qtbot.waitSignal(opened.session.document_opened):
        opened.commands.file.open_path(other)
    assert opened.banner.text.startswith("broken.jpg")
    assert "note" not in opened.banner.text
