"""The real window: journals follow what is done in it, and what a crash left is offered beside it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.appending import AppendFile
from app.atomic import WriteError
from app.document.document import Document
from app.document.recovery import kept_photo
from app.document.recovery.folder import recovery_root
from app.document.recovery.offers import Restored, offers, restore
from app.imaging.files import read_mask, read_photo, write_image
from app.imaging.geometry import Extent, Point, Rect
from app.imaging.photo import Metadata, Photo
from app.ui.asking import Overwrite
from app.ui.main_window import MainWindow
from app.ui.panels.hints import ALL_HINTS
from app.ui.panels.recovery_row import RecoveryRow, RowState
from app.ui.panels.recovery_sheet import RecoverySheet
from app.ui.session import followed
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.store import Settings
from tests.driving import FIRST, SECOND, dab, image_of, names_of, open_path, press, run_to_end, stroke, write_sea
from tests.fakes import FakeEngine, ScriptedAsker
from tests.recovering import left_behind, written
from tests.test_recovery_folder import held_elsewhere


def folders() -> list[Path]:
    root = recovery_root()
    return sorted(root.iterdir()) if root.is_dir() else []


def crashed(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> list[Restored]:
    """What would be restored if the process died now, the newest first."""
    written(qtbot, window)
    copy = tmp_path / "crashed"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(recovery_root(), copy)
    found = [restore(offer.folder) for offer in offers(copy)]
    for each in found:
        each.folder.release()
    return found


def assert_restores(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> Restored:
    """What would be restored is what the window has."""
    (found,) = crashed(qtbot, window, tmp_path)
    document = window.session.document
    assert document is not None
    assert (found.document.mask == document.mask).all()
    assert (found.document.image == document.image).all()
    return found


# following


def test_an_untouched_photo_leaves_nothing(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    assert crashed(qtbot, opened, tmp_path) == []
    assert len(folders()) == 1, "by which other windows know that it is open"


def test_painting_filling_undo_and_contexts_are_all_there(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    stroke(opened, *FIRST)
    assert_restores(qtbot, opened, tmp_path)
    run_to_end(qtbot, opened)
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Return)
    stroke(opened, *SECOND)
    box = Rect(100, 70, 60, 50)
    opened.session.set_contexts((box,))
    found = assert_restores(qtbot, opened, tmp_path)
    assert list(found.document.history.names) == names_of(opened)
    assert found.work.contexts == (box,)
    assert found.document.has_last_mask
    with qtbot.waitSignal(opened.session.image_changed):
        opened.session.jump(1)
    assert_restores(qtbot, opened, tmp_path)


def test_a_stroke_under_way_is_there_and_one_taken_back_is_not(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    strokes = opened.session.strokes
    strokes.begin_stroke(9, 0.7, False)
    strokes.stroke_to(Point(20, 20))
    strokes.stroke_to(Point(60, 40), 0.5)
    assert_restores(qtbot, opened, tmp_path)
    strokes.stroke_to(Point(90, 20))
    assert_restores(qtbot, opened, tmp_path)
    strokes.abort_stroke()
    assert crashed(qtbot, opened, tmp_path) == []


def test_photos_put_aside_stay_in_their_journals(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    dab(opened)
    write_image(tmp_path / "other.png", np.zeros((50, 60, 3), np.uint8))
    open_path(qtbot, opened, tmp_path / "other.png")
    dab(opened)
    dab(opened, 40, 30)
    found = crashed(qtbot, opened, tmp_path)
    assert {each.work.file.name: len(each.work.edits) for each in found} == {"sea.png": 1, "other.png": 2}
    opened.photos.step(1)
    qtbot.waitUntil(lambda: opened.files.name == "sea.png")
    dab(opened, 40, 30)
    found = crashed(qtbot, opened, tmp_path)
    assert {each.work.file.name: len(each.work.edits) for each in found} == {"sea.png": 2, "other.png": 2}
    other = next(each for each in opened.photos.photos if each.name == "other.png")
    opened.photos.close(other)
    qtbot.waitUntil(lambda: len(folders()) == 1)


def test_what_was_under_way_when_a_photo_is_put_aside_is_in_its_journal(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    write_image(tmp_path / "other.png", np.zeros((50, 60, 3), np.uint8))
    open_path(qtbot, opened, tmp_path / "other.png")
    opened.session.select_all()
    opened.photos.step(1)
    qtbot.waitUntil(lambda: opened.files.name == "sea.png")
    (found,) = crashed(qtbot, opened, tmp_path)
    assert found.document.history.names == ("Select all",)


def test_a_stroke_in_the_image_is_kept_when_its_photo_is_put_aside(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Return)
    filled = image_of(opened).copy()
    opened.session.restores.begin_stroke(9, 1.0, False)
    opened.session.restores.stroke_to(Point(70, 60))
    write_image(tmp_path / "other.png", np.zeros((50, 60, 3), np.uint8))
    open_path(qtbot, opened, tmp_path / "other.png")
    (found,) = crashed(qtbot, opened, tmp_path)
    assert len(found.document.history) == 3
    opened.photos.step(1)
    qtbot.waitUntil(lambda: opened.files.name == "sea.png")
    assert opened.session.document is not None
    assert not opened.session.document.is_painting, "else nothing could be done to it any longer"
    assert (image_of(opened) != filled).any()
    with qtbot.waitSignal(opened.session.image_changed):
        opened.session.undo()
    assert (image_of(opened) == filled).all()


def test_what_is_put_away_in_order_leaves_nothing(qtbot: QtBot, opened: MainWindow) -> None:
    dab(opened)
    written(qtbot, opened)
    assert (folders()[0] / "preview.jpg").parent.is_dir()
    opened.photos.close_all()
    qtbot.waitUntil(lambda: folders() == [])


def test_closing_the_window_leaves_nothing(qtbot: QtBot, opened: MainWindow) -> None:
    assert folders() or not opened.recovery.follower._followed
    opened.close()
    opened.session.close()
    assert folders() == []


def test_a_save_over_the_original_costs_nothing(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_photo, "COPY_LIMIT", 0)
    monkeypatch.setattr(kept_photo, "_linked", lambda source, target: False)
    asker.overwrite = Overwrite.YES
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Return)
    with qtbot.waitSignal(opened.files.saved):
        opened.action_set["save"].trigger()
    found = assert_restores(qtbot, opened, tmp_path)
    assert not found.document.is_modified, "it is known to be saved"
    assert found.work.file.own == (opened.files.path,)
    dab(opened, 90, 60)
    assert assert_restores(qtbot, opened, tmp_path).document.is_modified


@pytest.mark.parametrize("action", ["export", "export_mask"])
def test_any_file_in_the_place_of_the_original_costs_nothing(
    qtbot: QtBot,
    opened: MainWindow,
    asker: ScriptedAsker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
    photo: Path,
) -> None:
    monkeypatch.setattr(kept_photo, "COPY_LIMIT", 0)
    monkeypatch.setattr(kept_photo, "_linked", lambda source, target: False)
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Return)
    stroke(opened, *SECOND)
    written(qtbot, opened)
    before, asker.save_path = photo.read_bytes(), photo
    opened.action_set[action].trigger()
    qtbot.waitUntil(lambda: photo.read_bytes() != before and not opened.session.saves.words)
    assert_restores(qtbot, opened, tmp_path)


def test_a_pasted_photo_is_kept_with_its_pixels(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)
    with qtbot.waitSignal(window.session.document_opened):
        window.files.open_made("Untitled", lambda: Photo(pixels, None, Metadata("PNG")))
    dab(window)
    found = assert_restores(qtbot, window, tmp_path)
    assert found.work.file.name == "Untitled"
    assert found.document.is_modified


def test_a_journal_of_undone_edits_is_written_anew(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followed, "_SPARE", 1000)
    longest = 0
    for turn in range(8):
        with qtbot.waitSignal(opened.session.history_changed):
            opened.session.paint_region("Noise", Rect(0, 0, 100, 100), _noise(turn), erase=False)
        with qtbot.waitSignal(opened.session.history_changed):
            opened.session.jump(0)
        written(qtbot, opened)
        longest = max(longest, (folders()[0] / "journal").stat().st_size)
    assert longest < 60_000, "8 edits of 10,000 random bytes were undone"
    assert_restores(qtbot, opened, tmp_path)


def _noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (100, 100), dtype=np.uint8)


def test_old_edits_that_were_let_go_are_kept_as_one(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followed, "_SPARE", 1000)
    assert opened.session.document is not None
    opened.session.document.history._limit = 1
    for turn in range(6):
        with qtbot.waitSignal(opened.session.history_changed):
            opened.session.paint_region("Noise", Rect(0, 0, 100, 100), _noise(turn) // 7 * (turn + 1), erase=False)
        written(qtbot, opened)
    found = assert_restores(qtbot, opened, tmp_path)
    assert found.work.base.pruned > 0


def test_a_full_disk_is_told_once_and_made_good_later(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, full: pytest.MonkeyPatch
) -> None:
    follower = opened.recovery.follower
    with qtbot.waitSignal(follower.warned):
        dab(opened)
    dab(opened, 60, 40)
    assert len([row for row in opened.banner.rows if "the disk is full" in row.text]) == 1
    assert len(names_of(opened)) == 2, "work goes on"
    full.undo()
    with qtbot.waitSignal(follower.resumed):
        follower._again.timeout.emit()
    assert opened.banner.text == "Your work is kept again, even through a crash."
    assert_restores(qtbot, opened, tmp_path)


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """No journal can be added to until that is undone."""

    def refused(self: AppendFile, data: bytes, *, durable: bool = True) -> None:
        raise WriteError("cannot save journal: the disk is full; free some space")

    with monkeypatch.context() as patched:
        patched.setattr(AppendFile, "append", refused)
        yield patched


def test_a_photo_put_aside_is_kept_again_with_its_own_context_boxes(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, full: pytest.MonkeyPatch
) -> None:
    follower, own, others = opened.recovery.follower, Rect(10, 10, 60, 50), Rect(5, 5, 30, 30)
    with qtbot.waitSignal(follower.warned):
        dab(opened)
        opened.session.set_contexts((own,))
    write_image(tmp_path / "other.png", np.zeros((50, 60, 3), np.uint8))
    open_path(qtbot, opened, tmp_path / "other.png")
    full.undo()
    dab(opened)
    opened.session.set_contexts((others,))
    with qtbot.waitSignal(follower.resumed):
        follower._again.timeout.emit()
    found = crashed(qtbot, opened, tmp_path)
    assert {each.work.file.name: each.work.contexts for each in found} == {"sea.png": (own,), "other.png": (others,)}


def test_a_photo_that_was_put_away_is_no_trouble_any_longer(
    qtbot: QtBot, opened: MainWindow, full: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(opened.recovery.follower.warned):
        dab(opened)
    opened.photos.close_all()
    with qtbot.waitSignal(opened.recovery.follower.resumed):
        opened.recovery.follower._again.timeout.emit()


def test_a_long_history_put_aside_is_kept_once_it_is_back(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, full: pytest.MonkeyPatch
) -> None:
    follower = opened.recovery.follower
    assert opened.session.document is not None
    opened.session.document.history._limit = 1
    with qtbot.waitSignal(follower.warned):
        dab(opened)
        dab(opened, 40, 40)
    write_image(tmp_path / "other.png", np.zeros((50, 60, 3), np.uint8))
    open_path(qtbot, opened, tmp_path / "other.png")
    full.undo()
    follower._again.stop()
    follower._again.timeout.emit()
    assert follower._again.isActive(), "it goes on trying"
    opened.photos.step(1)
    qtbot.waitUntil(lambda: opened.files.name == "sea.png")
    with qtbot.waitSignal(follower.resumed):
        follower._again.timeout.emit()
    assert_restores(qtbot, opened, tmp_path)


def test_a_folder_deleted_underneath_is_told_and_made_anew(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    dab(opened)
    written(qtbot, opened)
    follower = opened.recovery.follower
    shutil.rmtree(recovery_root())
    with qtbot.waitSignal(follower.warned):
        dab(opened, 40, 40)
    with qtbot.waitSignal(follower.resumed):
        follower._again.timeout.emit()
    dab(opened, 60, 40)
    written(qtbot, opened)
    qtbot.waitUntil(lambda: bool(list(recovery_root().glob("*/photo.png"))))
    assert_restores(qtbot, opened, tmp_path)


def test_a_folder_that_cannot_be_made_is_told(qtbot: QtBot, window: MainWindow, photo: Path, tmp_path: Path) -> None:
    recovery_root().parent.mkdir(parents=True)
    recovery_root().write_text("no folder")
    with qtbot.waitSignal(window.recovery.follower.warned):
        open_path(qtbot, window, photo)
    dab(window)
    recovery_root().unlink()
    with qtbot.waitSignal(window.recovery.follower.resumed):
        window.recovery.follower._again.timeout.emit()
    assert_restores(qtbot, window, tmp_path)


# the next start


@pytest.fixture
def left(photo: Path) -> Path:
    """A crashed process had painted on `photo`."""
    return left_behind(recovery_root(), photo)


def sheet_of(qtbot: QtBot, window: MainWindow) -> RecoverySheet:
    """Start, and wait for the offer."""
    window.commands.recover.offer()
    qtbot.waitUntil(lambda: window.commands.recover.sheet is not None)
    sheet = window.commands.recover.sheet
    assert sheet is not None
    qtbot.waitUntil(sheet.isVisible)
    return sheet


def button_of(row: RecoveryRow | RecoverySheet, text: str) -> QPushButton:
    return next(each for each in row.findChildren(QPushButton) if each.text() == text and each.isVisible())


def click(row: RecoveryRow | RecoverySheet, text: str) -> None:
    QTest.mouseClick(button_of(row, text), Qt.MouseButton.LeftButton)


def test_nothing_is_offered_where_there_is_nothing(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.recovery.found):
        window.commands.recover.offer()
    assert window.commands.recover.sheet is None
    assert not window.banner.text
    with qtbot.waitSignal(window.recovery.found):
        window.action_set["recover"].trigger()
    assert "no work to recover" in window.banner.text


def test_restored_work_is_unsaved_and_complete_and_goes_on_in_its_folder(
    qtbot: QtBot, window: MainWindow, photo: Path, left: Path, tmp_path: Path
) -> None:
    (sheet_of(qtbot, window).rows,)
    sheet = window.commands.recover.sheet
    assert sheet is not None
    assert not sheet.isModal()
    with qtbot.waitSignal(window.recovery.restored):
        click(sheet.rows[0], "Restore")
    assert names_of(window) == ["Brush"]
    assert window.isWindowModified()
    assert window.files.path == photo
    assert window.session.hole_pixels > 0
    qtbot.waitUntil(lambda: window.commands.recover.sheet is None)
    dab(window, 80, 80)
    assert_restores(qtbot, window, tmp_path)
    assert folders() == [left]
    window.photos.close_all()
    qtbot.waitUntil(lambda: folders() == [])


def test_a_crash_while_restoring_loses_nothing(
    qtbot: QtBot, window: MainWindow, left: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = sheet_of(qtbot, window)

    def nothing(self: object, records: object, *, whole: bool) -> int:
        raise WriteError("cannot save journal: the disk is full")

    monkeypatch.setattr("app.document.recovery.document_journal.DocumentJournal.write", nothing)
    with qtbot.waitSignal(window.recovery.follower.warned):
        click(sheet.rows[0], "Restore")
    shutil.copytree(left, tmp_path / "crashed" / "it")
    (offer,) = offers(tmp_path / "crashed")
    assert restore(offer.folder).document.history.names == ("Brush",)


def test_all_are_restored_one_after_the_other(qtbot: QtBot, window: MainWindow, photo: Path, tmp_path: Path) -> None:
    write_image(tmp_path / "other.png", np.zeros((50, 60, 3), np.uint8))
    for path in (photo, tmp_path / "other.png"):
        left_behind(recovery_root(), path)
    sheet = sheet_of(qtbot, window)
    click(sheet, "Restore all")
    qtbot.waitUntil(lambda: len(window.photos.unsaved) == 2)
    qtbot.waitUntil(lambda: window.commands.recover.sheet is None)


def test_what_is_discarded_can_be_kept_until_the_sheet_is_closed(
    qtbot: QtBot, window: MainWindow, photo: Path, left: Path
) -> None:
    left_behind(recovery_root(), photo)
    sheet = sheet_of(qtbot, window)
    first, second = sheet.rows
    for row in (first, second):
        click(row, "Discard")
    click(second, "Keep it")
    assert (first.state, second.state) == (RowState.DISCARDED, RowState.OFFERED)
    assert len(folders()) == 2
    QTest.mouseClick(sheet._close, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: folders() == [second.offer.folder])
    assert [row.offer.folder for row in sheet_of(qtbot, window).rows] == [second.offer.folder]


def test_later_leaves_it_for_the_next_start(qtbot: QtBot, window: MainWindow, left: Path) -> None:
    sheet = sheet_of(qtbot, window)
    click(sheet.rows[0], "Later")
    qtbot.waitUntil(lambda: window.commands.recover.sheet is None)
    window.action_set["recover"].trigger()
    qtbot.waitUntil(lambda: window.commands.recover.sheet is not None)
    assert folders() == [left]


def test_the_same_photo_opened_plainly_makes_way(qtbot: QtBot, opened: MainWindow, left: Path) -> None:
    sheet = sheet_of(qtbot, opened)
    assert "puts it in its place" in sheet.rows[0]._note.text()
    with qtbot.waitSignal(opened.recovery.restored):
        click(sheet.rows[0], "Restore")
    assert len(opened.photos.photos) == 1
    assert names_of(opened) == ["Brush"]


def test_the_same_photo_with_other_changes_stays_beside(qtbot: QtBot, opened: MainWindow, left: Path) -> None:
    dab(opened)
    dab(opened, 90, 90)
    sheet = sheet_of(qtbot, opened)
    assert "a second time" in sheet.rows[0]._note.text()
    with qtbot.waitSignal(opened.recovery.restored):
        click(sheet.rows[0], "Restore")
    assert len(opened.photos.unsaved) == 2


def test_without_its_photo_the_mask_is_still_to_be_had(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, photo: Path, tmp_path: Path
) -> None:
    left_behind(recovery_root(), photo, keeps_photo=False)
    write_image(photo, np.full((120, 180, 3), 9, np.uint8))
    sheet = sheet_of(qtbot, window)
    row = sheet.rows[0]
    with qtbot.waitSignal(window.recovery.not_restored):
        click(row, "Restore")
    assert "no copy of it was kept" in row._note.text()
    asker.save_path = tmp_path / "mask.png"
    with qtbot.waitSignal(window.session.notice_given):
        click(row, "Save the mask…")
    mask = read_mask(asker.save_path, Extent(180, 120))
    assert mask[20, 20] == 255
    with qtbot.waitSignal(window.files.opened):
        click(row, "Mask only")
    assert window.session.document is not None
    assert (window.session.document.mask == mask).all()
    assert (image_of(window) == 9).all()


def test_a_damaged_journal_is_restored_up_to_the_damage(
    qtbot: QtBot, window: MainWindow, photo: Path, left: Path
) -> None:
    document = Document(read_photo(photo))
    for _ in range(3):
        document.apply(_inverted(document))
    folder = left_behind(recovery_root(), photo, document)
    shutil.rmtree(left)
    data = bytearray((folder / "journal").read_bytes())
    data[data.index(b"Invert", data.index(b"Invert") + 1) + 2] ^= 64
    (folder / "journal").write_bytes(data)
    with qtbot.waitSignal(window.recovery.restored):
        click(sheet_of(qtbot, window).rows[0], "Restore")
    assert names_of(window) == ["Invert mask"]
    assert "was damaged" in window.banner.text


def _inverted(document: Document):  # type: ignore[no-untyped-def]
    from app.document.edits import MaskEdit

    edit = MaskEdit.between("Invert mask", document.mask, 255 - document.mask)
    assert edit is not None
    return edit


def test_opening_another_photo_meanwhile_leaves_the_work_where_it_is(
    qtbot: QtBot, window: MainWindow, photo: Path, left: Path, tmp_path: Path
) -> None:
    write_image(tmp_path / "other.png", np.zeros((50, 60, 3), np.uint8))
    left_behind(recovery_root(), photo)
    sheet = sheet_of(qtbot, window)
    with qtbot.waitSignals([window.recovery.put_off, window.files.opened]):
        click(sheet, "Restore all")
        window.commands.file.open_path(tmp_path / "other.png")
    assert window.files.name == "other.png"
    assert [photo.name for photo in window.photos.photos] == ["other.png"]
    assert {row.state for row in sheet.rows} == {RowState.OFFERED}
    assert "Another photo was opened" in sheet.rows[0]._note.text()
    with qtbot.waitSignal(window.recovery.restored):
        click(sheet.rows[0], "Restore")


def test_a_photo_put_away_while_another_is_restored_holds_nothing_up(
    qtbot: QtBot, opened: MainWindow, photo: Path, left: Path, tmp_path: Path
) -> None:
    write_image(tmp_path / "other.png", np.zeros((50, 60, 3), np.uint8))
    open_path(qtbot, opened, tmp_path / "other.png")
    sheet, gate = sheet_of(qtbot, opened), threading.Event()
    try:
        opened.session.read(lambda document: gate.wait(10), lambda _: None, opened.session.fail)
        click(sheet.rows[0], "Restore")
        qtbot.waitUntil(lambda: opened.files._ready is not None)
        with qtbot.waitSignal(opened.recovery.put_off):
            opened.photos.step(1)
            opened.photos.close_all()
    finally:
        gate.set()
    with qtbot.waitSignal(opened.recovery.restored):
        click(sheet.rows[0], "Restore")


def test_work_that_waits_to_be_restored_may_be_asked_for_again(
    qtbot: QtBot, opened: MainWindow, photo: Path, left: Path
) -> None:
    left_behind(recovery_root(), photo)
    sheet, gate, lost = sheet_of(qtbot, opened), threading.Event(), []
    opened.recovery.not_restored.connect(lambda *why: lost.append(why))
    try:
        opened.session.read(lambda document: gate.wait(10), lambda _: None, opened.session.fail)
        click(sheet, "Restore all")
        qtbot.waitUntil(lambda: opened.files._ready is not None)
        opened.action_set["recover"].trigger()
        qtbot.waitUntil(lambda: opened.commands.recover.sheet not in (None, sheet))
        again = opened.commands.recover.sheet
        assert again is not None
        click(again, "Restore all")
    finally:
        gate.set()
    qtbot.waitUntil(lambda: opened.commands.recover.sheet is None and opened.recovery._under_way is None)
    assert lost == []


# a second instance


def test_a_photo_open_in_another_window_is_told(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, photo: Path, left: Path
) -> None:
    with held_elsewhere(left):
        with qtbot.waitSignal(window.files.elsewhere_refused):
            window.commands.file.open_path(photo)
        assert window.session.document is None
        row = window.banner.rows[-1]
        assert "sea.png is open in another Lacuna window" in row.text
        assert [each.text() for each in row.buttons] == ["Don't open", "Open all the same"]
        with qtbot.waitSignal(window.files.opened):
            QTest.mouseClick(row.buttons[1], Qt.MouseButton.LeftButton)
    assert asker.errors == []


@pytest.fixture
def second(qtbot: QtBot, tmp_path: Path, engine: FakeEngine, asker: ScriptedAsker) -> Iterator[MainWindow]:
    """Another window in this very process, such as tests have."""
    settings = Settings(QSettings(str(tmp_path / "second.ini"), QSettings.Format.IniFormat))
    settings.set(declared.HINTS_SEEN, ALL_HINTS)
    result = MainWindow(Session(engine.factory), settings, asker)
    yield result
    result.session.close_document()
    result.close()
    result.session.close()
    result.deleteLater()


def test_two_windows_keep_out_of_each_others_folders(
    qtbot: QtBot, opened: MainWindow, second: MainWindow, tmp_path: Path
) -> None:
    dab(opened)
    written(qtbot, opened)
    with qtbot.waitSignal(second.recovery.found) as found:
        second.commands.recover.offer()
    assert found.args == [[]]
    other = tmp_path / "other"
    other.mkdir()
    open_path(qtbot, second, write_sea(other))
    written(qtbot, second)
    second.close()
    qtbot.waitUntil(lambda: len(folders()) == 1)
