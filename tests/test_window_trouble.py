"""Disks that are full, read-only or gone, and files that others change: a sentence, the work kept, a way out."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.imaging.files import read_photo, write_image
from app.inference.request import Stage
from app.ui.asking import Overwrite, Unsaved
from app.ui.commands import file as file_commands
from app.ui.commands import rescue
from app.ui.main_window import MainWindow
from app.ui.panels.banner import MessageRow, Severity
from app.ui.session import saves
from app.ui.session.file_record import DiskState, FileRecord, Stamp
from tests.driving import FIRST, canvas_of, image_of, names_of, open_path, run_to_end, stroke
from tests.fakes import ScriptedAsker
from tests.recovering import written


@pytest.fixture
def filled(qtbot: QtBot, opened: MainWindow) -> MainWindow:
    """A photo with a hole that was filled; not saved."""
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    opened.session.accept(Stage.GLOBAL)
    qtbot.waitUntil(lambda: len(names_of(opened)) == 2)
    written(qtbot, opened)
    return opened


class Disk:
    """Writes end in the error with this number; 0 is none."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        fsync = os.fsync

        def synced(file: int) -> None:
            if self.number:
                raise OSError(self.number, os.strerror(self.number))
            fsync(file)

        monkeypatch.setattr(os, "fsync", synced)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that is proposed."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.setattr(rescue.QStandardPaths, "writableLocation", lambda *_: str(folder), raising=True)
    return folder


def message(qtbot: QtBot, window: MainWindow) -> MessageRow:
    """The only message, once it has its buttons; that the journal can't be written to a full disk is another's."""

    def rows() -> list[MessageRow]:
        return [row for row in window.banner.rows if not row.text.startswith("Should Lacuna crash")]

    qtbot.waitUntil(lambda: bool(rows()) and bool(rows()[-1].buttons))
    (row,) = rows()
    return row


def press(row: MessageRow, text: str) -> None:
    next(button for button in row.buttons if button.text() == text).click()


TROUBLES = [
    (errno.ENOSPC, "The disk is full"),
    (errno.EROFS, "read-only disk"),
    (errno.EACCES, "not permitted"),
    (errno.ESTALE, "does not answer"),
    (errno.EIO, "reports an error"),
]


@pytest.mark.parametrize(("number", "words"), TROUBLES)
def test_a_disk_in_trouble_costs_nothing(
    qtbot: QtBot, filled: MainWindow, disk: Disk, asker: ScriptedAsker, photo: Path, number: int, words: str
) -> None:
    before, edited, disk.number, asker.overwrite = photo.read_bytes(), image_of(filled), number, Overwrite.YES
    filled.action_set["save"].trigger()
    row = message(qtbot, filled)
    assert row.severity is Severity.ERROR
    assert words.lower() in row.text.lower()
    assert "sea.png" in row.text
    assert [button.text() for button in row.buttons] == ["Choose another place…", "Try again"]
    assert photo.read_bytes() == before
    assert list(photo.parent.glob(".lacuna*")) == []
    assert filled.isWindowModified()
    assert (image_of(filled) == edited).all()
    assert len(names_of(filled)) == 2, "the history is there"


def test_trying_again_once_there_is_room(
    qtbot: QtBot, filled: MainWindow, disk: Disk, asker: ScriptedAsker, photo: Path
) -> None:
    disk.number, asker.overwrite = errno.ENOSPC, Overwrite.YES
    filled.action_set["save"].trigger()
    row = message(qtbot, filled)
    disk.number = 0
    with qtbot.waitSignal(filled.files.saved):
        press(row, "Try again")
    assert (read_photo(photo).pixels == image_of(filled)).all()
    assert not filled.isWindowModified()
    assert filled.banner.text == ""
    assert asker.asked == ["may_overwrite sea.png"], "it was allowed before"


def test_another_place_is_proposed_with_a_free_name(
    qtbot: QtBot, filled: MainWindow, disk: Disk, asker: ScriptedAsker, elsewhere: Path
) -> None:
    (elsewhere / "sea.png").touch()
    disk.number, asker.overwrite, asker.save_path = errno.ENOSPC, Overwrite.YES, elsewhere / "sea-2.png"
    filled.action_set["save"].trigger()
    row = message(qtbot, filled)
    disk.number = 0
    with qtbot.waitSignal(filled.files.saved):
        press(row, "Choose another place…")
    assert asker.asked[-1] == "photo_to_save sea-2.png"
    assert filled.files.path == elsewhere / "sea-2.png"
    assert not filled.isWindowModified()


def test_thinking_better_of_another_place_keeps_all(
    qtbot: QtBot, filled: MainWindow, disk: Disk, asker: ScriptedAsker, photo: Path
) -> None:
    disk.number, asker.overwrite = errno.EROFS, Overwrite.YES
    filled.action_set["save"].trigger()
    press(message(qtbot, filled), "Choose another place…")
    assert filled.isWindowModified()
    assert filled.files.path == photo


def test_a_photo_put_aside_meanwhile_comes_back_to_be_saved(
    qtbot: QtBot, filled: MainWindow, disk: Disk, asker: ScriptedAsker, photo: Path, tmp_path: Path
) -> None:
    disk.number, asker.overwrite = errno.ENOSPC, Overwrite.YES
    filled.action_set["save"].trigger()
    row = message(qtbot, filled)
    other = tmp_path / "lake.png"
    disk.number = 0
    write_image(other, np.zeros((20, 30, 3), np.uint8))
    open_path(qtbot, filled, other)
    with qtbot.waitSignal(filled.files.saved) as saved:
        press(row, "Try again")
    assert saved.args == [photo]
    assert read_photo(other).pixels.max() == 0


def test_a_photo_closed_meanwhile_is_no_trouble(
    qtbot: QtBot, filled: MainWindow, disk: Disk, asker: ScriptedAsker
) -> None:
    disk.number, asker.overwrite = errno.ENOSPC, Overwrite.YES
    filled.action_set["save"].trigger()
    row = message(qtbot, filled)
    filled.photos.close_all()
    press(row, "Try again")
    assert filled.banner.text == "That photo is closed already."


@pytest.mark.parametrize("action", ["export", "export_mask"])
def test_copies_and_masks_are_offered_another_place_too(
    qtbot: QtBot, filled: MainWindow, disk: Disk, asker: ScriptedAsker, tmp_path: Path, elsewhere: Path, action: str
) -> None:
    stroke(filled, (30, 30), (40, 30))
    written(qtbot, filled)
    disk.number, asker.save_path = errno.ENOSPC, tmp_path / "copy.png"
    filled.action_set[action].trigger()
    row = message(qtbot, filled)
    disk.number, asker.save_path = 0, elsewhere / "copy.png"
    press(row, "Choose another place…")
    qtbot.waitUntil((elsewhere / "copy.png").is_file)
    assert not (tmp_path / "copy.png").exists()
    qtbot.waitUntil(lambda: not filled.session.saves.words)


def test_a_folder_that_is_gone(qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, photo: Path) -> None:
    moved = photo.parent / "moved"
    folder = photo.parent / "share"
    folder.mkdir()
    asker.save_path = folder / "out.png"
    with qtbot.waitSignal(filled.files.saved):
        filled.action_set["save_as"].trigger()
    folder.rename(moved)
    stroke(filled, (30, 30), (40, 30))
    asker.overwrite = Overwrite.YES
    filled.action_set["save"].trigger()
    assert asker.asked[-1] == "may_replace_gone out.png"
    qtbot.waitUntil(lambda: any("there is no folder" in row.text for row in filled.banner.rows))
    assert filled.isWindowModified()


def test_what_no_other_place_would_mend_offers_another_name(
    qtbot: QtBot, filled: MainWindow, monkeypatch: pytest.MonkeyPatch, asker: ScriptedAsker, tmp_path: Path
) -> None:
    from app.errors import LacunaError
    from app.ui.session import photo_files

    def refused(*_: object) -> None:
        raise LacunaError("out.jpg: a JPEG has at most 65,500 pixels a side; save as PNG")

    monkeypatch.setattr(photo_files, "write_photo", refused)
    filled.files.save(tmp_path / "out.jpg")
    row = message(qtbot, filled)
    assert [button.text() for button in row.buttons] == ["Save as…"]
    press(row, "Save as…")
    assert asker.asked == ["photo_to_save sea-edited.png"]


def test_the_same_trouble_twice_is_one_message(
    qtbot: QtBot, filled: MainWindow, disk: Disk, asker: ScriptedAsker
) -> None:
    disk.number, asker.overwrite = errno.ENOSPC, Overwrite.YES
    for _ in range(2):
        with qtbot.waitSignal(filled.session.saves.failed):
            filled.action_set["save"].trigger()
    assert len(message(qtbot, filled).buttons) == 2


def test_a_proposal_has_room_and_never_touches_the_place_in_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead, full, good = (tmp_path / name for name in ("dead", "full", "good"))
    for folder in (dead, full, good):
        folder.mkdir()
    usage = shutil.disk_usage

    def asked(folder: Path) -> object:
        assert folder != dead
        known = usage(folder)
        return known._replace(free=0) if folder == full else known._replace(free=10**9)

    monkeypatch.setattr(shutil, "disk_usage", asked)
    folders = [dead, full, tmp_path / "none", good]
    assert rescue.another_place(dead / "a.png", folders) == good / "a.png"
    (good / "a.png").touch()
    assert rescue.another_place(dead / "a.png", folders) == good / "a-2.png"


# places that do not answer


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """No look at a file is answered before it is set."""
    gate, of = threading.Event(), Stamp.of

    def silent(path: Path) -> Stamp | None:
        assert threading.current_thread() is not threading.main_thread(), "the window would wait, too"
        gate.wait(10)
        return of(path)

    monkeypatch.setattr(Stamp, "of", silent)
    yield gate
    gate.set()


def test_a_place_that_does_not_answer_leaves_the_window_alive(
    qtbot: QtBot,
    filled: MainWindow,
    asker: ScriptedAsker,
    silence: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    photo: Path,
) -> None:
    monkeypatch.setattr(file_commands, "_NO_ANSWER", 50)
    before = photo.read_bytes()
    filled.action_set["save"].trigger()
    assert filled.session.busy.words == "Looking for sea.png…"
    row = message(qtbot, filled)
    assert "does not answer" in row.text
    assert filled.session.busy.words == ""
    silence.set()
    stroke(filled, (30, 30), (40, 30))
    assert len(names_of(filled)) == 3, "painting goes on"
    assert photo.read_bytes() == before
    assert asker.asked == [], "an answer that comes too late asks nothing"


def test_an_answer_that_comes_late_still_counts(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, silence: threading.Event
) -> None:
    asker.overwrite = Overwrite.YES
    filled.action_set["save"].trigger()
    with qtbot.waitSignal(filled.files.saved):
        silence.set()
    assert filled.session.busy.words == ""


def test_a_session_is_asked_for_though_the_photos_place_does_not_answer(
    filled: MainWindow, asker: ScriptedAsker, silence: threading.Event, tmp_path: Path
) -> None:
    asker.save_path = tmp_path / "work.lacuna"
    filled.action_set["save_session"].trigger()
    assert asker.asked == ["session_to_save sea.lacuna"]
    assert filled.session.saves.words == "Saving work.lacuna…"


def test_a_write_that_is_under_way_at_the_end_is_not_told_to_last(
    qtbot: QtBot, filled: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(saves, "_LONG", 0)
    filled.files.save(tmp_path / "out.png")
    filled.session.close()
    with qtbot.assertNotEmitted(filled.session.saves.lasting, wait=20):
        assert not filled.session.saves.words


@pytest.fixture
def two(qtbot: QtBot, filled: MainWindow, tmp_path: Path) -> MainWindow:
    """The filled photo on the desk, another one put aside."""
    write_image(tmp_path / "lake.png", np.zeros((20, 30, 3), np.uint8))
    open_path(qtbot, filled, tmp_path / "lake.png")
    filled.photos.step(1)
    qtbot.waitUntil(lambda: filled.files.name == "sea.png")
    return filled


def test_closing_is_given_up_where_another_photo_is_chosen_meanwhile(
    qtbot: QtBot, two: MainWindow, asker: ScriptedAsker, silence: threading.Event
) -> None:
    asker.unsaved, asker.overwrite = Unsaved.SAVE, Overwrite.YES
    two.action_set["close"].trigger()
    assert two.session.busy.words == "Looking for sea.png…"
    two.photos.step(1)
    silence.set()
    qtbot.waitUntil(lambda: two.files.name == "lake.png" and not two.session.busy.words)
    two.photos.step(1)
    qtbot.waitUntil(lambda: two.files.name == "sea.png")
    with qtbot.waitSignal(two.files.saved):
        two.action_set["save"].trigger()
    assert two.files.name == "sea.png", "it was not to be closed any longer"


def test_a_write_that_lasts_offers_another_place(
    qtbot: QtBot,
    filled: MainWindow,
    asker: ScriptedAsker,
    elsewhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    photo: Path,
) -> None:
    from app.ui.session import photo_files

    monkeypatch.setattr(saves, "_LONG", 50)
    gate, write = threading.Event(), photo_files.write_photo

    def held(path: Path, *given: object) -> tuple[str, ...]:
        if path == photo:
            gate.wait(10)
        return write(path, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(photo_files, "write_photo", held)
    filled.files.save()
    row = message(qtbot, filled)
    assert row.text.startswith("Saving sea.png takes long")
    asker.save_path = elsewhere / "sea.png"
    with qtbot.waitSignal(filled.files.saved) as saved:
        press(row, "Choose another place…")
    assert saved.args == [asker.save_path]
    gate.set()
    qtbot.waitUntil(lambda: not filled.session.busy.words)
    assert filled.files.path == asker.save_path, "what was given up does not count when it ends after all"


# files that others change


def other_program_writes(photo: Path) -> None:
    """Other pixels, another time."""
    write_image(photo, np.full((120, 180, 3), 9, np.uint8))
    os.utime(photo, ns=(1, 1))


def look(window: MainWindow) -> None:
    """The user comes back to the window."""
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)


def test_a_photo_changed_by_another_program_is_told_once(qtbot: QtBot, filled: MainWindow, photo: Path) -> None:
    edited = image_of(filled)
    other_program_writes(photo)
    look(filled)
    row = message(qtbot, filled)
    assert row.text == "sea.png was changed by another program. Your work here is kept."
    assert [button.text() for button in row.buttons] == ["Reload", "Save as…"]
    assert canvas_of(filled).hasFocus()
    row.close_message()
    with qtbot.assertNotEmitted(filled.commands.file.watch.changed):
        look(filled)
        qtbot.waitUntil(lambda: not filled.commands.file.watch._is_looking)
    assert (image_of(filled) == edited).all()


def test_reload_reads_it_again_where_nothing_is_unsaved(qtbot: QtBot, opened: MainWindow, photo: Path) -> None:
    other_program_writes(photo)
    look(opened)
    row = message(qtbot, opened)
    with qtbot.waitSignal(opened.files.opened):
        press(row, "Reload")
    assert (image_of(opened) == 9).all()
    assert len(opened.photos.photos) == 1
    assert opened.photos.current is not None
    assert opened.photos.current.parked is None
    look(opened)
    qtbot.waitUntil(lambda: not opened.commands.file.watch._is_looking)
    assert opened.banner.text == ""


def test_reload_refuses_where_work_would_be_lost(qtbot: QtBot, filled: MainWindow, photo: Path) -> None:
    edited = image_of(filled)
    other_program_writes(photo)
    look(filled)
    press(message(qtbot, filled), "Reload")
    assert "has unsaved changes" in filled.banner.text
    assert (image_of(filled) == edited).all()


@pytest.mark.parametrize("aside", [False, True])
def test_a_photo_that_cannot_be_read_again_stays_as_it_was(
    qtbot: QtBot, opened: MainWindow, photo: Path, tmp_path: Path, aside: bool
) -> None:
    sea, before = opened.photos.current, image_of(opened).copy()
    assert sea is not None
    if aside:
        write_image(tmp_path / "lake.png", np.zeros((20, 30, 3), np.uint8))
        open_path(qtbot, opened, tmp_path / "lake.png")
    photo.write_bytes(b"half of it")
    with qtbot.waitSignal(opened.files.not_opened):
        opened.photos.reload(sea)
    assert sea in opened.photos.photos
    opened.photos.select(sea)
    qtbot.waitUntil(lambda: opened.photos.current is sea)
    assert (image_of(opened) == before).all()
    opened.photos.close(sea)
    assert sea not in opened.photos.photos


def test_what_is_painted_while_a_photo_is_read_again_stays(qtbot: QtBot, opened: MainWindow, photo: Path) -> None:
    other_program_writes(photo)
    look(opened)
    press(message(qtbot, opened), "Reload")
    stroke(opened, (30, 30), (40, 30))
    qtbot.waitUntil(lambda: "has unsaved changes" in opened.banner.text)
    assert names_of(opened) == ["Brush"]


def test_a_photo_read_again_belongs_to_its_file_alone(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    asker.save_path = tmp_path / "work.lacuna"
    with qtbot.waitSignal(filled.sessions.saved):
        filled.action_set["save_session"].trigger()
    asker.save_path = copy = tmp_path / "copy.png"
    with qtbot.waitSignal(filled.files.saved):
        filled.action_set["save_as"].trigger()
    other_program_writes(copy)
    assert filled.photos.current is not None
    with qtbot.waitSignal(filled.files.opened):
        filled.photos.reload(filled.photos.current)
    record = filled.files.record
    assert (record.source, record.session) == (copy, None), "to save it must not empty the session"
    assert record.source_as_opened() == copy
    assert filled.files.needs_consent


def test_a_photo_deleted_underneath_can_be_saved_again(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, photo: Path
) -> None:
    photo.unlink()
    look(filled)
    row = message(qtbot, filled)
    assert row.text.startswith("sea.png is no longer where it was")
    assert [button.text() for button in row.buttons] == ["Save as…"]
    asker.overwrite = Overwrite.YES
    with qtbot.waitSignal(filled.files.saved):
        filled.action_set["save"].trigger()
    assert asker.asked == ["may_replace_gone sea.png"]
    assert (read_photo(photo).pixels == image_of(filled)).all()
    qtbot.waitUntil(lambda: filled.banner.text == "")


@pytest.mark.parametrize("answer", [Overwrite.CANCEL, Overwrite.SAVE_AS, Overwrite.YES])
def test_saving_over_what_another_program_wrote_asks(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, photo: Path, tmp_path: Path, answer: Overwrite
) -> None:
    other_program_writes(photo)
    theirs = photo.read_bytes()
    asker.overwrite, asker.save_path = answer, tmp_path / "mine.png"
    filled.action_set["save"].trigger()
    assert asker.asked[0] == "may_replace_changed sea.png"
    qtbot.waitUntil(lambda: answer is Overwrite.CANCEL or not filled.isWindowModified())
    assert (photo.read_bytes() == theirs) is (answer is not Overwrite.YES)
    assert filled.isWindowModified() is (answer is Overwrite.CANCEL)


def test_photos_put_aside_are_looked_at_too(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, photo: Path, tmp_path: Path
) -> None:
    other = tmp_path / "lake.png"
    write_image(other, np.zeros((20, 30, 3), np.uint8))
    open_path(qtbot, filled, other)
    other_program_writes(photo)
    look(filled)
    press(message(qtbot, filled), "Save as…")
    qtbot.waitUntil(lambda: bool(asker.asked))
    assert filled.files.name == "sea.png", "what is to be saved is shown"
    assert asker.asked == ["photo_to_save sea-edited.png"]


def test_the_programs_own_saves_are_no_news(qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker) -> None:
    asker.overwrite = Overwrite.YES
    with qtbot.assertNotEmitted(filled.commands.file.watch.changed):
        with qtbot.waitSignal(filled.files.saved):
            filled.action_set["save"].trigger()
        look(filled)
        qtbot.waitUntil(lambda: not filled.commands.file.watch._is_looking)


def test_a_dead_place_holds_up_no_look_but_its_own(
    qtbot: QtBot, opened: MainWindow, silence: threading.Event, tmp_path: Path
) -> None:
    look(opened)
    look(opened)
    assert FileRecord().disk_state() is DiskState.SAME
    other = tmp_path / "lake.png"
    write_image(other, np.zeros((20, 30, 3), np.uint8))
    assert opened.photos.showing(other) is None
    assert opened.photos.showing(tmp_path / "sea.png") is opened.photos.current
