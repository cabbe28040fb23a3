"""The session with a fake engine: the whole story, stale results, cancelling, errors, files. No window."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.errors import LacunaError
from app.imaging.files import read_photo, write_image
from app.imaging.geometry import EMPTY, Point, Rect
from app.inference.request import STAGES, InpaintOptions, RunReport, Stage
from app.ui.session import run_desk
from app.ui.session.file_record import suggested_name
from app.ui.session.jobs import JobRunner
from app.ui.session.mask_files import MaskFiles
from app.ui.session.next_step import Step, StepKind, next_step
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from tests.conftest import HeldExecutor, ImmediateExecutor
from tests.fakes import COLOURS, FakeEngine

OPTIONS = InpaintOptions()


@pytest.fixture
def session(qapp: QApplication, engine: FakeEngine) -> Iterator[Session]:
    result = Session(engine.factory)
    yield result
    for gate in engine.gates.values():
        gate.set()
    result.close()


@pytest.fixture
def files(session: Session) -> PhotoFiles:
    return PhotoFiles(session)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "sea.png"
    write_image(path, np.random.default_rng(3).integers(0, 256, (40, 60, 3), dtype=np.uint8))
    return path


@pytest.fixture
def opened(qtbot: QtBot, session: Session, files: PhotoFiles, photo: Path) -> Session:
    with qtbot.waitSignal(session.document_opened):
        files.open(photo)
    return session


def paint(session: Session, *points: tuple[float, float], size: float = 8, erase: bool = False) -> None:
    session.strokes.begin_stroke(size, 1.0, erase)
    for x, y in points:
        session.strokes.stroke_to(Point(x, y))
    session.strokes.end_stroke()


def run_to_end(qtbot: QtBot, session: Session) -> None:
    session.run(OPTIONS)
    qtbot.waitUntil(lambda: session.runs.phase is RunPhase.READY)


def accept(qtbot: QtBot, session: Session, stage: Stage) -> None:
    with qtbot.waitSignal(session.image_changed):
        session.accept(stage)


def image_of(session: Session) -> np.ndarray:
    assert session.document is not None
    return session.document.image.copy()


def test_the_whole_story(qtbot: QtBot, opened: Session, files: PhotoFiles, photo: Path, tmp_path: Path) -> None:
    document = opened.document
    assert document is not None
    before = image_of(opened)
    paint(opened, (20, 20), (30, 20))
    hole = document.mask > 127
    assert opened.hole_pixels == hole.sum() > 0
    assert next_step(opened, Stage.GLOBAL) == Step(StepKind.FILL)

    arrived: list[Stage] = []
    opened.runs.stage_ready.connect(lambda result: arrived.append(result.stage))
    run_to_end(qtbot, opened)
    assert arrived == list(STAGES)
    assert (image_of(opened) == before).all(), "results touch nothing until one is accepted"
    assert next_step(opened, Stage.LOCAL) == Step(StepKind.ACCEPT, Stage.LOCAL)

    accept(qtbot, opened, Stage.LOCAL)
    after = image_of(opened)
    assert (after[hole] == COLOURS[Stage.LOCAL]).all()
    assert (after[~hole] == before[~hole]).all()
    assert opened.hole_pixels == 0, "accepting clears the hole it fills"
    assert opened.runs.phase is RunPhase.IDLE
    assert document.history.names == ("Brush", "Fill: local, 200 ms")

    with qtbot.waitSignal(opened.image_changed):
        opened.undo()
    assert (image_of(opened) == before).all()
    assert opened.hole_pixels == hole.sum(), "one undo brings image and mask back"
    with qtbot.waitSignal(opened.image_changed):
        opened.redo()
    assert (image_of(opened) == after).all()

    target = tmp_path / "sea-edited.png"
    assert document.is_modified
    with qtbot.waitSignal(files.saved):
        files.save(target)
    assert not document.is_modified
    assert (files.path, files.name) == (target, target.name)
    assert (read_photo(target).pixels == after).all()
    assert (read_photo(photo).pixels == before).all(), "the original is untouched"


def test_request_is_made_of_copies_on_the_engine_thread(qtbot: QtBot, opened: Session, engine: FakeEngine) -> None:
    paint(opened, (20, 20))
    run_to_end(qtbot, opened)
    run_to_end(qtbot, opened)
    first, second = engine.requests
    assert opened.document is not None
    assert not np.shares_memory(first.image, opened.document.image)
    assert not np.shares_memory(first.mask, opened.document.mask)
    assert engine.made == 1, "one engine for life"
    assert len(engine.threads) == 1
    assert threading.current_thread().name not in engine.threads
    assert first.revision == second.revision


def test_painting_during_a_run_keeps_its_results(qtbot: QtBot, opened: Session, engine: FakeEngine) -> None:
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    paint(opened, (20, 20))
    opened.run(OPTIONS)
    qtbot.waitUntil(lambda: Stage.COARSE in opened.runs.results)
    paint(opened, (40, 20))
    gate.set()
    qtbot.waitUntil(lambda: opened.runs.phase is RunPhase.READY)
    assert next_step(opened, Stage.GLOBAL) == Step(StepKind.FILL_AGAIN, Stage.GLOBAL)
    accept(qtbot, opened, Stage.GLOBAL)
    assert opened.document is not None
    assert opened.document.mask[20, 20] == 0
    assert opened.document.mask[20, 40] == 255, "what was painted since the run stays to be filled"
    assert next_step(opened, Stage.GLOBAL) == Step(StepKind.FILL)


def test_results_are_dropped_when_the_image_changes(qtbot: QtBot, opened: Session, engine: FakeEngine) -> None:
    paint(opened, (20, 20))
    run_to_end(qtbot, opened)
    accept(qtbot, opened, Stage.GLOBAL)
    paint(opened, (40, 20))
    gate = engine.gates[Stage.GLOBAL] = threading.Event()
    opened.run(OPTIONS)
    qtbot.waitUntil(lambda: Stage.LOCAL in opened.runs.results)
    with qtbot.waitSignal(opened.image_changed):
        opened.jump(0)
    assert opened.runs.phase is RunPhase.IDLE
    assert not opened.runs.results
    gate.set()
    before = image_of(opened)
    opened.accept(Stage.LOCAL)
    run_nothing(qtbot, opened)
    assert (image_of(opened) == before).all()


def test_a_stale_result_is_not_accepted_even_in_a_race(qtbot: QtBot, engine: FakeEngine, photo: Path) -> None:
    """Undo of an accepted result and accepting another one are asked for in the same breath."""
    session = Session(engine.factory)
    files = PhotoFiles(session)
    with qtbot.waitSignal(session.document_opened):
        files.open(photo)
    paint(session, (20, 20))
    run_to_end(qtbot, session)
    accept(qtbot, session, Stage.GLOBAL)
    paint(session, (40, 20))
    run_to_end(qtbot, session)
    assert session.document is not None
    session.jump(0)
    session.accept(Stage.GLOBAL)
    run_nothing(qtbot, session)
    assert (image_of(session) == session.document.photo.pixels).all()
    session.close()


def run_nothing(qtbot: QtBot, session: Session) -> None:
    """Wait until all that was asked for is done."""
    done: list[bool] = []
    session.loans.in_turn(lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done))


def test_cancel_forgets_results_and_the_next_run_works(qtbot: QtBot, opened: Session, engine: FakeEngine) -> None:
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    paint(opened, (20, 20))
    opened.run(OPTIONS)
    qtbot.waitUntil(lambda: Stage.COARSE in opened.runs.results)
    opened.runs.clear()
    assert opened.runs.phase is RunPhase.IDLE
    assert not opened.runs.results
    gate.set()
    engine.gates.clear()
    run_to_end(qtbot, opened)
    assert len(engine.requests) == 2


@pytest.mark.parametrize(("built_on", "name"), [
    (Stage.COARSE, "Fill: coarse + detail, 200 ms"), (Stage.GLOBAL, "Fill: global + detail, 400 ms"),
])  # fmt: skip
def test_detail_is_accepted_under_the_name_of_its_stage(
    qtbot: QtBot, opened: Session, engine: FakeEngine, built_on: Stage, name: str
) -> None:
    engine.has_detail = True
    paint(opened, (20, 20), (30, 20))
    opened.run(InpaintOptions(result_stage=built_on))
    qtbot.waitUntil(lambda: opened.runs.phase is RunPhase.READY)
    assert list(opened.runs.results) == list(Stage)
    accept(qtbot, opened, Stage.DETAIL)
    assert opened.document is not None
    assert opened.document.history.names == ("Brush", name)
    assert (image_of(opened)[20, 25] == COLOURS[Stage.DETAIL]).all()


def test_a_long_fill_is_named_in_seconds(
    qtbot: QtBot, opened: Session, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_desk, "_LONG", 0.25)
    paint(opened, (20, 20))
    run_to_end(qtbot, opened)
    accept(qtbot, opened, Stage.GLOBAL)
    assert opened.document is not None
    assert opened.document.history.names[-1] == "Fill: global, 0.3 s"


def test_what_enter_accepts_is_the_first_there_is(qtbot: QtBot, opened: Session, engine: FakeEngine) -> None:
    paint(opened, (20, 20))
    run_to_end(qtbot, opened)
    assert next_step(opened, Stage.DETAIL, Stage.COARSE).stage is Stage.COARSE
    assert next_step(opened, Stage.DETAIL).stage is Stage.GLOBAL, "without any the newest"


def test_cancel_ends_a_step_that_lasts_and_so_does_closing(qtbot: QtBot, photo: Path, engine: FakeEngine) -> None:
    engine.has_detail, engine.lasting = True, frozenset({Stage.DETAIL})
    session = Session(engine.factory)
    files = PhotoFiles(session)
    with qtbot.waitSignal(session.document_opened):
        files.open(photo)
    failures: list[str] = []
    session.failed.connect(failures.append)
    paint(session, (20, 20))
    for end in (session.runs.clear, session.close):
        engine.out_of_lasting.clear()
        session.run(OPTIONS)
        qtbot.waitUntil(engine.in_lasting.is_set)
        engine.in_lasting.clear()
        end()
        assert engine.out_of_lasting.wait(5)
    assert failures == []


def test_cancel_before_the_request_is_frozen(qtbot: QtBot, photo: Path, engine: FakeEngine) -> None:
    pool = HeldExecutor()
    session = Session(engine.factory, JobRunner(ImmediateExecutor(), pool))
    files = PhotoFiles(session)
    files.open(photo)
    pool.release()
    qtbot.waitUntil(lambda: session.document is not None)
    paint(session, (20, 20))
    session.run(OPTIONS)
    assert session.runs.phase is RunPhase.RUNNING
    session.runs.clear()
    pool.release()
    run_nothing(qtbot, session)
    assert engine.requests == []


def test_an_engine_error_is_a_sentence_and_the_document_survives(
    qtbot: QtBot, opened: Session, engine: FakeEngine
) -> None:
    engine.failure, engine.fails_at = LacunaError("the weights are missing: reinstall"), Stage.COARSE
    paint(opened, (20, 20))
    with qtbot.waitSignal(opened.failed) as failed:
        opened.run(OPTIONS)
    assert failed.args == ["The weights are missing: reinstall."]
    assert opened.runs.phase is RunPhase.IDLE
    assert opened.hole_pixels > 0
    engine.failure = None
    run_to_end(qtbot, opened)


def test_stages_before_an_error_stay_acceptable(qtbot: QtBot, opened: Session, engine: FakeEngine) -> None:
    engine.failure, engine.fails_at = RuntimeError("boom"), Stage.GLOBAL
    paint(opened, (20, 20))
    with qtbot.waitSignal(opened.failed) as failed:
        opened.run(OPTIONS)
    assert "RuntimeError: boom" in failed.args[0]
    assert next_step(opened, Stage.GLOBAL) == Step(StepKind.ACCEPT, Stage.LOCAL)
    accept(qtbot, opened, Stage.LOCAL)


def test_an_engine_that_cannot_be_made(qtbot: QtBot, photo: Path) -> None:
    def factory() -> None:
        raise ImportError("no torch")

    session = Session(factory)  # type: ignore[arg-type]
    files = PhotoFiles(session)
    with qtbot.waitSignal(session.document_opened):
        files.open(photo)
    session.runs.preload()
    paint(session, (20, 20))
    with qtbot.waitSignal(session.failed) as failed:
        session.run(OPTIONS)
    assert "no torch" in failed.args[0]
    session.close()


def test_events_reach_who_listens(qtbot: QtBot, opened: Session, engine: FakeEngine) -> None:
    engine.notices = ("The GPU is full, the CPU takes over.",)
    notices: list[str] = []
    reports: list[RunReport] = []
    progress: list[int] = []
    opened.notice_given.connect(notices.append)
    opened.runs.finished.connect(reports.append)
    opened.runs.progress_made.connect(lambda now: progress.append(now.stage_index))
    paint(opened, (20, 20))
    run_to_end(qtbot, opened)
    assert notices == list(engine.notices)
    assert progress == [1, 2, 3]
    assert reports[0].device == "cpu"


def test_running_without_a_hole_says_so(qtbot: QtBot, opened: Session, engine: FakeEngine) -> None:
    with qtbot.waitSignal(opened.notice_given):
        opened.run(OPTIONS)
    assert opened.runs.phase is RunPhase.IDLE
    assert engine.requests == []


def test_run_again_with_the_last_mask(qtbot: QtBot, opened: Session, engine: FakeEngine) -> None:
    paint(opened, (20, 20))
    run_to_end(qtbot, opened)
    accept(qtbot, opened, Stage.GLOBAL)
    assert opened.hole_pixels == 0
    opened.run_again(OPTIONS)
    qtbot.waitUntil(lambda: opened.runs.phase is RunPhase.READY)
    assert (engine.requests[0].mask == engine.requests[1].mask).all()
    assert opened.document is not None
    assert opened.document.history.names[-1] == "Last mask"


def test_whole_mask_edits_and_jumps(qtbot: QtBot, opened: Session) -> None:
    document = opened.document
    assert document is not None
    for verb in (opened.select_all, opened.clear_mask, opened.invert_mask):
        with qtbot.waitSignal(opened.mask_changed):
            verb()
    assert document.history.names == ("Select all", "Clear mask", "Invert mask")
    assert opened.hole_pixels == 40 * 60
    with qtbot.waitSignal(opened.history_changed):
        opened.jump(0)
    assert (document.history.index, opened.hole_pixels) == (0, 0)
    opened.jump(99)
    run_nothing(qtbot, opened)
    assert document.history.index == 3


def test_verbs_wait_their_turn_while_the_document_is_lent(qtbot: QtBot, photo: Path, engine: FakeEngine) -> None:
    pool = HeldExecutor()
    session = Session(engine.factory, JobRunner(ImmediateExecutor(), pool))
    files = PhotoFiles(session)
    files.open(photo)
    pool.release()
    qtbot.waitUntil(lambda: session.document is not None)
    document = session.document
    assert document is not None
    session.select_all()
    assert session.loans.is_lent
    paint(session, (20, 20), erase=True)
    assert session.strokes.stroke_to(Point(1, 1)) == EMPTY
    pool.release()
    run_nothing(qtbot, session)
    assert document.history.names == ("Select all", "Eraser"), "the stroke came after, and is complete"
    assert document.mask[20, 20] == 0
    assert document.mask[0, 0] == 255


def test_stroke_is_one_edit_and_abort_leaves_nothing(qtbot: QtBot, opened: Session) -> None:
    changed: list[Rect] = []
    opened.mask_changed.connect(changed.append)
    opened.strokes.begin_stroke(6, 1.0, False)
    assert opened.strokes.stroke_to(Point(10, 10)) == changed[-1]
    opened.undo()
    run_nothing(qtbot, opened)
    opened.strokes.abort_stroke()
    assert opened.document is not None
    assert not opened.document.mask.any()
    assert len(opened.document.history) == 0
    paint(opened, (10, 10), (20, 20), (30, 10))
    assert opened.document.history.names == ("Brush",)


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
    with qtbot.waitSignals([opened.failed, files.save_failed]):
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


def test_closing_forgets_everything(qtbot: QtBot, opened: Session, files: PhotoFiles) -> None:
    paint(opened, (20, 20))
    run_to_end(qtbot, opened)
    with qtbot.waitSignal(opened.document_closed):
        opened.close_document()
    assert opened.document is None
    assert (files.path, files.name) == (None, "")
    assert opened.runs.phase is RunPhase.IDLE
    assert next_step(opened, Stage.GLOBAL) == Step(StepKind.NOTHING_OPEN)
    for verb in (opened.undo, opened.redo, opened.select_all, opened.clear_mask, files.save):
        verb()
    opened.run(OPTIONS)
    paint(opened, (20, 20))
    assert opened.runs.phase is RunPhase.IDLE
