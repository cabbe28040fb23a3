"""Films and strips that fail, last long, or are wanted again: what is offered, and that it means what was asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.errors import LacunaError
from app.imaging.film import Film
from app.inference.request import Stage
from app.ui.asking import Overwrite, Unsaved
from app.ui.commands import talk
from app.ui.main_window import MainWindow
from app.ui.panels.banner import MessageRow, Severity
from app.ui.session import mask_files, photo_files, saves
from app.ui.settings import declared
from app.ui.settings.declared import TalkPart
from tests.driving import dab, press, run_to_end
from tests.fakes import COLOURS, ScriptedAsker

CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
FILM, STRIP = Qt.Key.Key_F, Qt.Key.Key_P


@pytest.fixture
def filled(qtbot: QtBot, opened: MainWindow) -> MainWindow:
    """A photo with the results of all stages."""
    opened.settings.set(declared.TALK_PART, TalkPart.WHOLE)
    opened.settings.set(declared.FILM_SIDE, 200)
    opened.settings.set(declared.FILM_HOLD, 1)
    dab(opened)
    run_to_end(qtbot, opened)
    return opened


class LongFilm:
    """Films are begun and never done, unless they are told to end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.began, self.ended, self.let_go = threading.Event(), threading.Event(), threading.Event()
        monkeypatch.setattr(talk, "write_film", self._write)

    def _write(self, path: Path, film: Film, check: Callable[[], None]) -> None:
        self.began.set()
        try:
            while not self.let_go.is_set():
                check()
        finally:
            self.ended.set()


@pytest.fixture
def long_film(filled: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[LongFilm]:
    result = LongFilm(monkeypatch)
    yield result
    result.let_go.set()


def row_with_buttons(qtbot: QtBot, window: MainWindow) -> MessageRow:
    """The message that can be answered, once it is there."""
    qtbot.waitUntil(lambda: any(row.buttons for row in window.banner.rows))
    (row,) = (row for row in window.banner.rows if row.buttons)
    return row


def texts_of(row: MessageRow) -> list[str]:
    return [button.text() for button in row.buttons]


def click(row: MessageRow, text: str) -> None:
    next(button for button in row.buttons if button.text() == text).click()


# what lasts


def test_a_film_that_lasts_is_no_dead_disk_and_can_be_stopped(
    qtbot: QtBot,
    filled: MainWindow,
    asker: ScriptedAsker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    long_film: LongFilm,
) -> None:
    monkeypatch.setattr(saves, "_LONG", 0)
    asker.save_path = tmp_path / "talk.mp4"
    press(filled, FILM, CTRL_ALT)
    row = row_with_buttons(qtbot, filled)
    assert (row.text, row.severity, texts_of(row)) == ("Saving talk.mp4…", Severity.INFO, ["Stop now"])
    qtbot.waitUntil(long_film.began.is_set)
    click(row, "Stop now")
    assert not filled.session.saves.words
    qtbot.waitUntil(lambda: long_film.ended.is_set() and not filled.session.busy.words)
    assert filled.banner.text == ""
    assert asker.errors == []


def test_what_lasts_is_not_told_any_longer_once_it_is_done(
    qtbot: QtBot,
    filled: MainWindow,
    asker: ScriptedAsker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    long_film: LongFilm,
) -> None:
    monkeypatch.setattr(saves, "_LONG", 0)
    asker.save_path = tmp_path / "talk.mp4"
    press(filled, FILM, CTRL_ALT)
    row_with_buttons(qtbot, filled)
    long_film.let_go.set()
    qtbot.waitUntil(lambda: not filled.session.saves.words)
    assert filled.banner.text == f"Saved as {asker.save_path}."


def test_the_window_need_not_wait_for_a_film(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, tmp_path: Path, long_film: LongFilm
) -> None:
    asker.save_path, asker.unsaved = tmp_path / "talk.mp4", Unsaved.DISCARD
    press(filled, FILM, CTRL_ALT)
    qtbot.waitUntil(long_film.began.is_set)
    assert not filled.close()
    (wait,) = asker.waits
    assert (wait.told, wait.can_stop) == (["Saving talk.mp4…"], True)
    wait.answer(True)
    qtbot.waitUntil(lambda: not filled.isVisible())
    assert long_film.ended.wait(10)


def test_a_photo_under_way_beside_the_film_is_waited_for(
    qtbot: QtBot,
    filled: MainWindow,
    asker: ScriptedAsker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    long_film: LongFilm,
) -> None:
    gate, write = threading.Event(), photo_files.write_photo

    def held(*given: object) -> tuple[str, ...]:
        assert gate.wait(10)
        return write(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(photo_files, "write_photo", held)
    asker.save_path, asker.unsaved, asker.overwrite = tmp_path / "talk.mp4", Unsaved.SAVE, Overwrite.YES
    press(filled, FILM, CTRL_ALT)
    qtbot.waitUntil(long_film.began.is_set)
    filled.files.save(tmp_path / "out.png")
    assert not filled.close()
    assert asker.waits[-1].can_stop
    asker.waits[-1].answer(True)
    assert long_film.ended.wait(10)
    assert filled.isVisible()
    assert asker.waits[-1].is_open
    assert not asker.waits[-1].can_stop
    gate.set()
    qtbot.waitUntil(lambda: not filled.isVisible())
    assert (tmp_path / "out.png").is_file()


# what fails


@pytest.mark.parametrize(
    ("key", "wanted", "asked"),
    [(FILM, "talk.avi", "film_to_save talk.mp4"), (STRIP, "talk.avi", "strip_to_save talk.png")],
)
def test_another_name_is_one_for_what_failed(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, tmp_path: Path, key: Qt.Key, wanted: str, asked: str
) -> None:
    asker.save_path = tmp_path / wanted
    press(filled, key, CTRL_ALT)
    row = row_with_buttons(qtbot, filled)
    assert texts_of(row) == ["Save as…"]
    asker.save_path = tmp_path / asked.split()[1]
    click(row, "Save as…")
    assert asker.asked[-1] == asked
    qtbot.waitUntil(lambda: asker.save_path.is_file() and not filled.session.saves.words)


def test_another_name_for_a_mask_that_failed(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise LacunaError("no")

    asker.save_path = tmp_path / "mask.png"
    with monkeypatch.context() as patched:
        patched.setattr(mask_files, "write_image", refused)
        filled.action_set["export_mask"].trigger()
        row = row_with_buttons(qtbot, filled)
    click(row, "Save as…")
    assert asker.asked[-1] == "mask_to_save mask.png"
    qtbot.waitUntil(lambda: asker.save_path.is_file() and not filled.session.saves.words)


# what is tried again


@pytest.fixture
def failed(qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, tmp_path: Path) -> MessageRow:
    """A strip could not be written, for there was no folder; by now there is."""
    asker.save_path = tmp_path / "gone" / "talk.png"
    press(filled, STRIP, CTRL_ALT)
    row = row_with_buttons(qtbot, filled)
    assert texts_of(row) == ["Choose another place…", "Try again"]
    asker.save_path.parent.mkdir()
    return row


def test_trying_again_makes_what_was_wanted_though_the_results_are_gone(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, failed: MessageRow
) -> None:
    filled.session.runs.clear()
    click(failed, "Try again")
    assert asker.save_path is not None
    qtbot.waitUntil(lambda: asker.save_path.is_file() and not filled.session.saves.words)
    with PIL.Image.open(asker.save_path) as opened:
        page = np.asarray(opened.convert("RGB"))
    for stage in (Stage.COARSE, Stage.LOCAL, Stage.GLOBAL):
        assert (page == COLOURS[stage]).all(axis=-1).any()


def test_what_would_show_something_else_by_now_is_not_made(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, failed: MessageRow
) -> None:
    with qtbot.waitSignal(filled.session.image_changed):
        filled.session.accept(Stage.GLOBAL)
    click(failed, "Try again")
    qtbot.waitUntil(lambda: filled.banner.text == "The photo was changed since: talk.png can't be made.")
    assert not filled.session.saves.words
    assert asker.save_path is not None
    assert not asker.save_path.exists()
