"""Runs of the session: stale results, cancelling, errors, what is accepted. No window."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.errors import LacunaError
from app.imaging.geometry import Rect
from app.inference.request import InpaintOptions, RunReport, Stage
from app.ui.session import run_desk
from app.ui.session.jobs import JobRunner
from app.ui.session.next_step import Step, StepKind, next_step
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from tests.conftest import HeldExecutor, ImmediateExecutor
from tests.fakes import COLOURS, FakeEngine
from tests.session.driving import (
    OPTIONS,
    accept,
    image_of,
    paint,
    run_nothing,
    run_to_end,
)


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


def test_boxes_drawn_meanwhile_stay_when_results_come_back(qtbot: QtBot, opened: Session) -> None:
    paint(opened, (20, 20))
    opened.candidates(OPTIONS, 2)
    qtbot.waitUntil(lambda: opened.runs.phase is RunPhase.READY)
    accept(qtbot, opened, Stage.GLOBAL)
    with qtbot.waitSignal(opened.history_changed):
        opened.jump(0)
    assert opened.runs.variants == ()
    box = Rect(0, 0, 30, 30)
    opened.set_contexts((box,))
    with qtbot.waitSignal(opened.brought_back):
        opened.jump(1)
    assert len(opened.runs.variants) == 2
    assert opened.contexts == (box,)


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
