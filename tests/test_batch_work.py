"""A batch beside the editor: its rows, pauses, trouble, retries and end. Passes are scripted, threads held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.batch.events import BatchEvent, FileBegan, FileEnded, FileOutcome, FileProgress, Waiting
from app.batch.request import BatchRequest, Problem, ProblemKind
from app.errors import LacunaError
from app.inference.request import Check, Stage
from app.ui.session.batch_rows import BatchClock, BatchSummary, RowState
from app.ui.session.batch_runs import BatchRuns, Found, Pass
from app.ui.session.batch_work import BatchWork
from app.ui.session.jobs import JobRunner, Stream
from app.ui.session.session import Session
from tests.batches import outcome_of, planned
from tests.conftest import HeldExecutor, ImmediateExecutor
from tests.fakes import FakeEngine


class ScriptedRuns(BatchRuns):
    """Does every job in no time; fails those in `errors`, once or always."""

    def __init__(self) -> None:
        super().__init__()
        self.passes: list[Pass] = []
        self.errors: dict[str, str] = {}
        self.places: set[str] = set()
        """Of the errors those that every other file would meet, too."""
        self.breaks = False
        self.anew: Found | None = None
        self.reports: list[tuple[Path, tuple[FileOutcome, ...]]] = []

    def plan(self, request: BatchRequest, check: Check) -> Found:
        assert self.anew is not None
        return self.anew

    def events(self, one: Pass, stream: Stream) -> Iterator[BatchEvent]:
        self.passes.append(one)
        if self.breaks:
            raise LacunaError("another batch is at work")
        yield Waiting()
        for job in one.jobs:
            yield FileBegan(job)
            yield FileProgress(job, 0.5, Stage.LOCAL)
            error = self.errors.get(job.name, "")
            yield FileEnded(job, outcome_of(job, error, place=job.name in self.places))

    def write_report(
        self, path: Path, request: BatchRequest, outcomes: tuple[FileOutcome, ...], began: str, seconds: float
    ) -> None:
        self.reports.append((path, outcomes))


class Stage1:
    """A `BatchWork` whose inference thread moves only when told."""

    def __init__(self) -> None:
        self.held, self.runs = HeldExecutor(), ScriptedRuns()
        self.now = 0.0
        self.session = Session(lambda: FakeEngine().run, JobRunner(self.held, ImmediateExecutor()))
        self.work = BatchWork(self.session, self.runs, BatchClock(lambda: self.now))
        self.endings: list[BatchSummary] = []
        self.finishes: list[bool] = []
        self.troubles: list[str] = []
        self.failures: list[str] = []
        self.work.ended.connect(self.endings.append)
        self.work.finished.connect(lambda: self.finishes.append(self.work.is_running))
        self.work.troubled.connect(self.troubles.append)
        self.work.failed.connect(self.failures.append)

    def go(self) -> None:
        """Let the inference thread do what it can, and hear of it."""
        self.held.release()
        for _ in range(3):
            QApplication.processEvents()

    def states(self) -> list[RowState]:
        return [row.state for row in self.work.rows]


@pytest.fixture
def stage(qapp: QApplication) -> Stage1:
    return Stage1()


OUT = Path("/out")
D, F, W = RowState.DONE, RowState.FAILED, RowState.WAITING


def test_a_batch_from_start_to_end(stage: Stage1) -> None:
    seen: list[tuple[str, float]] = []
    work = stage.work
    work.file_changed.connect(lambda row: seen.append((work.rows[row].state.name, work.rows[row].fraction)))
    work.start(planned(OUT, 1), report=OUT / "report.html")
    assert work.is_running
    assert (work.done, work.total) == (0, 1)
    assert work.progress_text == "Batch 0 of 1"
    stage.go()
    assert seen == [("READING", 0.0), ("WORKING", 0.0), ("WORKING", 0.5), ("DONE", 0.0)]
    assert stage.endings == [BatchSummary(1, 0, 0, 0, 0.0)]
    assert stage.finishes == [False], "nothing is under way when this is said"
    assert work.progress_text == ""
    assert [path for path, _ in stage.runs.reports] == [OUT / "report.html"]
    assert work.has_report


def test_a_photo_with_a_problem_is_a_row_that_is_over_and_is_not_begun(stage: Stage1) -> None:
    plan = planned(OUT, 3)
    rows = (
        replace(plan.rows[0], problem=Problem(ProblemKind.MASK_MISSING, "there is no mask")),
        replace(plan.rows[1], problem=Problem(ProblemKind.EXISTS, "left out", is_failure=False)),
        plan.rows[2],
    )
    stage.work.start(replace(plan, rows=rows), report=OUT / "report.csv")
    assert stage.states() == [F, RowState.LEFT_OUT, W]
    assert stage.work.done == 2
    assert stage.work.rows[0].reason == "There is no mask."
    stage.go()
    assert [job.name for job in stage.runs.passes[0].jobs] == ["2.png"]
    assert [outcome.name for outcome in stage.runs.reports[0][1]] == ["0.png", "1.png", "2.png"], "all are reported"
    assert stage.endings == [BatchSummary(1, 1, 1, 0, 0.0)]


def test_a_pause_begins_nothing_more_and_its_time_does_not_count(stage: Stage1) -> None:
    stage.work.start(planned(OUT, 2))
    stage.now = 10.0
    stage.work.pause()
    stage.now = 100.0
    stage.go()
    assert stage.work.is_paused
    assert stage.work.progress_text == "Batch paused at 0 of 2"
    assert stage.runs.passes == []
    stage.work.go_on()
    stage.now = 104.0
    stage.go()
    assert stage.states() == [D, D]
    assert stage.work.clock.elapsed == 14.0


def test_stop_leaves_the_rest_waiting_and_go_on_takes_it_up(stage: Stage1) -> None:
    stage.work.start(planned(OUT, 2), report=OUT / "report.html")
    stage.work.stop()
    assert stage.work.is_stopping
    stage.go()
    assert not stage.work.is_running
    assert stage.endings[-1] == BatchSummary(0, 0, 0, 2, 0.0)
    assert stage.endings[-1].is_stopped
    assert stage.runs.reports == [], "there is no report of half a batch"
    stage.work.go_on()
    stage.go()
    assert stage.states() == [D, D]
    assert stage.runs.passes[-1].resume
    assert stage.runs.reports


def test_failed_ones_are_done_again_and_the_others_are_not(stage: Stage1) -> None:
    stage.runs.errors = {"1.png": "the file is damaged"}
    stage.work.start(planned(OUT, 3))
    stage.go()
    assert stage.states() == [D, F, D]
    stage.runs.errors = {}
    stage.work.retry_failed()
    assert stage.states() == [D, W, D]
    stage.go()
    assert stage.states() == [D, D, D]
    assert [job.name for job in stage.runs.passes[-1].jobs] == ["1.png"]
    assert stage.runs.passes[-1].retry_failed


def test_a_problem_that_was_mended_is_seen_by_a_retry(stage: Stage1) -> None:
    plan = planned(OUT, 1)
    missing = replace(plan.rows[0], problem=Problem(ProblemKind.MASK_MISSING, "there is no mask"))
    stage.work.start(replace(plan, rows=(missing,)))
    stage.go()
    assert stage.states() == [F]
    stage.runs.anew = Found(plan, 0)
    stage.work.retry_failed()
    stage.go()
    stage.go()
    assert stage.states() == [D]


def test_what_is_put_back_is_done_once_more_with_its_mask(stage: Stage1) -> None:
    stage.work.start(planned(OUT, 2))
    stage.go()
    stage.work.put_back("1.png", Path("/masks/mine.png"))
    assert stage.states() == [D, W]
    stage.go()
    (job,) = stage.runs.passes[-1].jobs
    assert (job.name, job.mask, job.overwrite) == ("1.png", Path("/masks/mine.png"), True)
    assert stage.states() == [D, D]


def test_what_is_put_back_while_others_are_done_follows_them(stage: Stage1) -> None:
    plan = planned(OUT, 2)
    missing = replace(plan.rows[0], problem=Problem(ProblemKind.MASK_MISSING, "there is no mask"))
    stage.work.start(replace(plan, rows=(missing, plan.rows[1])), report=OUT / "report.json")
    stage.work.put_back("0.png", Path("/masks/mine.png"))
    stage.go()
    assert [len(one.jobs) for one in stage.runs.passes] == [1]
    assert stage.endings == [], "the batch is not over before that one is done, too"
    stage.go()
    assert [[job.name for job in one.jobs] for one in stage.runs.passes] == [["1.png"], ["0.png"]]
    assert stage.endings == [BatchSummary(2, 0, 0, 0, 0.0)]
    assert len(stage.runs.reports) == 1


def test_a_full_disk_rests_the_batch_and_trying_again_does_all(stage: Stage1) -> None:
    stage.runs.errors = {"0.png": "the disk is full"}
    stage.runs.places = {"0.png"}
    stage.work.start(planned(OUT, 3))
    stage.go()
    assert stage.troubles == ["The disk is full."]
    assert stage.work.trouble == "The disk is full."
    assert F not in stage.states(), "nobody's fault but the disk's"
    stage.runs.errors = {}
    stage.work.go_on()
    assert stage.work.trouble == ""
    stage.go()
    stage.go()
    assert stage.states() == [D, D, D]


def test_after_trouble_the_rest_may_go_elsewhere(stage: Stage1) -> None:
    stage.runs.errors = dict.fromkeys(("1.png", "2.png"), "the disk is full")
    stage.runs.places = set(stage.runs.errors)
    stage.work.start(planned(OUT, 3), report=OUT / "report.html")
    stage.go()
    stage.runs.errors = {}
    stage.work.move_to(Path("/other"))
    stage.go()
    stage.go()
    assert stage.states() == [D, D, D]
    assert [row.job.output.parent for row in stage.work.rows] == [OUT, Path("/other"), Path("/other")]
    assert stage.runs.passes[-1].request.output == Path("/other")
    assert stage.runs.reports[-1][0] == Path("/other/report.html")


def test_what_was_made_by_hand_is_done(stage: Stage1) -> None:
    stage.runs.errors = {"0.png": "the file is damaged"}
    stage.work.start(planned(OUT, 1))
    stage.go()
    stage.work.mark_done("0.png", outcome_of(stage.work.rows[0].job))
    assert stage.states() == [D]
    assert stage.work.done == 1


def test_a_batch_that_cannot_begin_says_why_and_is_over(stage: Stage1) -> None:
    stage.runs.breaks = True
    stage.work.start(planned(OUT, 2))
    stage.go()
    assert stage.failures == ["Another batch is at work."]
    assert stage.endings[-1].left == 2
    assert stage.finishes == [False]


def test_remaining_time_is_measured_and_never_guessed() -> None:
    now = 0.0
    clock = BatchClock(lambda: now)
    clock.run()
    assert clock.left(10) is None
    now = 4.0
    clock.file_ended()
    now = 6.0
    clock.file_ended()
    assert clock.left(10) == 30.0
    clock.rest()
    now = 100.0
    clock.run()
    assert clock.elapsed == 6.0
    assert clock.left(1) == 3.0


def test_closing_the_session_ends_a_batch_that_rests(qtbot: QtBot) -> None:
    runs = ScriptedRuns()
    session = Session(lambda: FakeEngine().run)
    work = BatchWork(session, runs)
    work.start(planned(OUT, 1))
    work.pause()
    session.close()
    assert work.is_running, "nobody is told any more, and nothing hangs"
