"""The session's files: photos and masks read and written, what comes too late. No window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.ui.session.file_record import suggested_name
from app.ui.session.jobs import JobRunner
from app.ui.session.mask_files import MaskFiles
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.session import Session
from tests.conftest import HeldExecutor, ImmediateExecutor
from tests.fakes import FakeEngine
from tests.session.driving import paint, run_nothing


def test_open_reports_bad_files_and_keeps_what_is_open(
    qtbot: QtBot, opened: Session, files: PhotoFiles, photo: Path, tmp_path: Path
) -> None:
    document = opened.document
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no image")
    with qtbot.waitSignal(opened.failed) as failed:
        files.open(bad)
    assert "bad.jpg" in failed.args[0]
    assert opened.document is document
    assert files.path == photo


def test_the_last_of_two_opens_wins(qtbot: QtBot, session: Session, photo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.png"
    write_image(other, np.zeros((5, 7, 3), np.uint8))
    files = PhotoFiles(session)
    files.open(photo)
    with qtbot.waitSignal(session.document_opened):
        files.open(other)
    assert files.name == "other.png"
    assert session.document is not None
    assert session.document.extent == (7, 5)


def test_open_with_a_mask(qtbot: QtBot, session: Session, files: PhotoFiles, photo: Path, tmp_path: Path) -> None:
    mask = np.zeros((40, 60), np.uint8)
    mask[5:9, 5:9] = 255
    write_image(tmp_path / "mask.png", mask)
    with qtbot.waitSignal(files.opened):
        files.open(photo, tmp_path / "mask.png")
    assert session.hole_pixels == 16
    assert session.document is not None
    assert not session.document.is_modified


def test_a_bad_mask_is_told_and_the_photo_opens(
    qtbot: QtBot, session: Session, files: PhotoFiles, photo: Path, tmp_path: Path
) -> None:
    write_image(tmp_path / "small.png", np.zeros((4, 4), np.uint8))
    with qtbot.waitSignal(session.failed) as failed:
        files.open(photo, tmp_path / "small.png")
    assert "4×4" in failed.args[0]
    assert session.document is not None


def test_mask_goes_out_and_comes_back(qtbot: QtBot, opened: Session, tmp_path: Path) -> None:
    paint(opened, (20, 20))
    assert opened.document is not None
    mask = opened.document.mask.copy()
    busy: list[str] = []
    opened.busy.changed.connect(busy.append)
    masks = MaskFiles(opened)
    masks.export_mask(tmp_path / "out.png")
    qtbot.waitUntil(lambda: busy[-2:] == ["Saving out.png…", ""])
    with qtbot.waitSignal(opened.mask_changed):
        opened.clear_mask()
    with qtbot.waitSignal(opened.mask_changed):
        masks.import_mask(tmp_path / "out.png")
    assert (opened.document.mask == mask).all()


def held_session(qtbot: QtBot, photo: Path, engine: FakeEngine) -> tuple[Session, PhotoFiles, HeldExecutor]:
    """A session with `photo` open, whose pool works when it is released."""
    pool = HeldExecutor()
    session = Session(engine.factory, JobRunner(ImmediateExecutor(), pool))
    files = PhotoFiles(session)
    open_held(qtbot, session, files, pool, photo)
    return session, files, pool


def open_held(qtbot: QtBot, session: Session, files: PhotoFiles, pool: HeldExecutor, photo: Path) -> None:
    with qtbot.waitSignal(session.document_opened):
        files.open(photo)
        pool.release()


def test_a_mask_that_comes_too_late_is_not_the_next_photos(
    qtbot: QtBot, photo: Path, engine: FakeEngine, tmp_path: Path
) -> None:
    session, files, pool = held_session(qtbot, photo, engine)
    write_image(tmp_path / "mask.png", np.full((40, 60), 255, np.uint8))
    reading = HeldExecutor()
    session.runner._pool = reading
    MaskFiles(session).import_mask(tmp_path / "mask.png")
    session.runner._pool = pool
    open_held(qtbot, session, files, pool, photo)
    reading.release()
    qtbot.waitUntil(lambda: not session.busy.words)
    assert not session.loans.is_lent
    assert session.hole_pixels == 0


def test_what_was_read_comes_though_the_photo_before_it_is_closed_first(
    qtbot: QtBot, photo: Path, engine: FakeEngine, tmp_path: Path
) -> None:
    session, files, pool = held_session(qtbot, photo, engine)
    write_image(tmp_path / "next.png", np.zeros((8, 8, 3), np.uint8))
    files.open(tmp_path / "next.png")
    pool.release()
    session.select_all()
    assert session.loans.is_lent
    qtbot.waitUntil(lambda: files._ready is not None)
    assert files.name == photo.name
    session.close_document()
    assert session.document is None
    qtbot.waitUntil(lambda: files.name == "next.png")
    assert session.document is not None
    assert session.document.extent == (8, 8)


def test_closing_while_the_image_is_copied_leaves_nobody_busy(
    qtbot: QtBot, photo: Path, engine: FakeEngine, tmp_path: Path
) -> None:
    session, files, pool = held_session(qtbot, photo, engine)
    files.save(tmp_path / "out.png")
    assert session.busy.words == "Saving out.png…"
    session.close_document()
    pool.release()
    qtbot.waitUntil(lambda: not session.busy.words)
    assert not (tmp_path / "out.png").exists()


def test_a_failed_save_says_so_and_loses_nothing(
    qtbot: QtBot, opened: Session, files: PhotoFiles, photo: Path, tmp_path: Path
) -> None:
    paint(opened, (20, 20))
    with qtbot.waitSignals([opened.failed, opened.saves.failed]):
        files.save(tmp_path / "no such folder" / "a.png")
    assert opened.document is not None
    assert opened.document.is_modified
    assert files.path == photo
    assert not files.is_saving


def test_edits_made_while_saving_stay_unsaved(qtbot: QtBot, photo: Path, engine: FakeEngine, tmp_path: Path) -> None:
    pool = HeldExecutor()
    session = Session(engine.factory, JobRunner(ImmediateExecutor(), pool))
    files = PhotoFiles(session)
    files.open(photo)
    pool.release()
    qtbot.waitUntil(lambda: session.document is not None)
    paint(session, (20, 20))
    files.save(tmp_path / "out.png")
    pool.release()
    run_nothing(qtbot, session)
    paint(session, (40, 20))
    with qtbot.waitSignal(files.saved):
        pool.release()
    assert session.document is not None
    assert session.document.is_modified
    with qtbot.waitSignal(session.mask_changed):
        session.undo()
        pool.release()
    assert not session.document.is_modified, "the saved state is the one that was copied"


def test_the_original_needs_consent_once(qtbot: QtBot, opened: Session, files: PhotoFiles, photo: Path) -> None:
    assert files.needs_consent
    with qtbot.waitSignal(files.saved):
        files.save()
    assert files.path == photo
    assert not files.needs_consent


def test_the_sample_has_no_file_to_save_over(qtbot: QtBot, session: Session, files: PhotoFiles, photo: Path) -> None:
    with qtbot.waitSignal(session.document_opened):
        files.open(photo, own=False)
    assert files.path is None
    assert files.name == "sea.png"
    files.save()
    assert not files.is_saving


def test_suggested_names(tmp_path: Path) -> None:
    photo = tmp_path / "beach.jpg"
    assert suggested_name(photo, "beach.jpg", tmp_path) == tmp_path / "beach-edited.jpg"
    (tmp_path / "beach-edited.jpg").touch()
    assert suggested_name(photo, "beach.jpg", tmp_path) == tmp_path / "beach-edited-2.jpg"
    assert suggested_name(None, "sample.jpg", tmp_path) == tmp_path / "sample-edited.jpg"
