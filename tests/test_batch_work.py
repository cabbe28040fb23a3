"""A batch beside the editor: its rows, pauses, trouble, retries and end. Passes are scripted, threads held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.atomic import WriteError
from app.batch.events import BatchEvent, FileBegan, FileEnded, FileOutcome, FileProgress, Waiting
from app.batch.request import BatchRequest, Problem, ProblemKind
from app.errors import LacunaError
from app.inference.request import Check, Stage
from app.ui.session.batch_clock import BatchClock
from app.ui.session.batch_rows import BatchSummary, RowState
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
        self.breaks: Exception | None = None
        self.overlaps = False
        self.anew: Found | None = None
        self.reports: list[tuple[Path, tuple[FileOutcome, ...]]] = []

    def plan(self, request: BatchRequest, check: Check) -> Found:
        assert self.anew is not None
        return self.anew

    def events(self, one: Pass, stream: Stream) -> Iterator[BatchEvent]:
        self.passes.append(one)
        if self.breaks is not None:
            raise self.breaks
        yield Waiting()
        if self.overlaps:
            yield from (FileBegan(job) for job in one.jobs)
            yield from (FileEnded(job, outcome_of(job)) for job in one.jobs)
            return
        for job in one.jobs:
            yield FileBegan(job)
            yield FileProgress(job, 0.5, Stage.LOCAL)
            error = self.errors.get(job.name, "")
            yield FileEnded(job, outcome_of(job, error, place=job.name in self.places))

    def write_report(
        self, path: Path, request: BatchRequest, outcomes: tuple[FileOutcome, ...], began: str, seconds: float
    ) -> None:
        self.reports.append((path, outcomes))


class Scene:
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
def scene(qapp: QApplication) -> Scene:
    return Scene()


OUT = Path("/out")
D, F, W = RowState.DONE, RowState.FAILED, RowState.WAITING


def test_a_batch_from_start_to_end(scene: Scene) -> None:
    seen: list[tuple[str, float]] = []
    work = scene.work
    work.file_changed.connect(lambda row: seen.append((work.rows[row].state.name, work.rows[row].fraction)))
    work.start(planned(OUT, 1), report=OUT / "report.html")
    assert work.is_running
    assert (work.done, work.total) == (0, 1)
    assert work.progress_text == "Batch 0 of 1"
    scene.go()
    assert seen == [("READING", 0.0), ("WORKING", 0.0), ("WORKING", 0.5), ("DONE", 0.0)]
    assert scene.endings == [BatchSummary(1, 0, 0, 0, 0.0)]
    assert scene.finishes == [False], "nothing is under way when this is said"
    assert work.progress_text == ""
    assert [path for path, _ in scene.runs.reports] == [OUT / "report.html"]
    assert work.has_report


def test_what_is_filled_is_being_saved_while_the_next_one_is_filled(scene: Scene) -> None:
    seen: list[str] = []
    work = scene.work
    work.start(planned(OUT, 2))
    work.file_changed.connect(lambda row: seen.append(f"{row} {work.rows[row].state.name}"))
    scene.runs.overlaps = True
    scene.go()
    assert seen[-5:] == ["0 WORKING", "0 WRITING", "1 WORKING", "0 DONE", "1 DONE"]


def test_a_photo_with_a_problem_is_a_row_that_is_over_and_is_not_begun(scene: Scene) -> None:
    plan = planned(OUT, 3)
    rows = (
        replace(plan.rows[0], problem=Problem(ProblemKind.MASK_MISSING, "there is no mask")),
        replace(plan.rows[1], problem=Problem(ProblemKind.EXISTS, "left out", is_failure=False)),
        plan.rows[2],
    )
    scene.work.start(replace(plan, rows=rows), report=OUT / "report.csv")
    assert scene.states() == [F, RowState.LEFT_OUT, W]
    assert scene.work.done == 2
    assert scene.work.rows[0].reason == "There is no mask."
    scene.go()
    assert [job.name for job in scene.runs.passes[0].jobs] == ["2.png"]
    assert [outcome.name for outcome in scene.runs.reports[0][1]] == ["0.png", "1.png", "2.png"], "all are reported"
    assert scene.endings == [BatchSummary(1, 1, 1, 0, 0.0)]


def test_a_pause_begins_nothing_more_and_its_time_does_not_count(scene: Scene) -> None:
    scene.work.start(planned(OUT, 2))
    scene.now = 10.0
    scene.work.pause()
    scene.now = 100.0
    scene.go()
    assert scene.work.is_paused
    assert scene.work.progress_text == "Batch paused at 0 of 2"
    assert scene.runs.passes == []
    scene.work.go_on()
    scene.now = 104.0
    scene.go()
    assert scene.states() == [D, D]
    assert scene.work.clock.elapsed == 14.0


def test_stop_leaves_the_rest_waiting_and_go_on_takes_it_up(scene: Scene) -> None:
    scene.work.start(planned(OUT, 2), report=OUT / "report.html")
    scene.work.stop()
    assert scene.work.is_stopping
    scene.go()
    assert not scene.work.is_running
    assert scene.endings[-1] == BatchSummary(0, 0, 0, 2, 0.0)
    assert scene.endings[-1].is_stopped
    assert scene.runs.reports == [], "there is no report of half a batch"
    scene.work.go_on()
    scene.go()
    assert scene.states() == [D, D]
    assert scene.runs.passes[-1].resume
    assert scene.runs.reports


def test_failed_ones_are_done_again_and_the_others_are_not(scene: Scene) -> None:
    scene.runs.errors = {"1.png": "the file is damaged"}
    scene.work.start(planned(OUT, 3))
    scene.go()
    assert scene.states() == [D, F, D]
    scene.runs.errors = {}
    scene.work.retry_failed()
    assert scene.states() == [D, W, D]
    scene.go()
    assert scene.states() == [D, D, D]
    assert [job.name for job in scene.runs.passes[-1].jobs] == ["1.png"]
    assert scene.runs.passes[-1].retry_failed


def test_a_problem_that_was_mended_is_seen_by_a_retry(scene: Scene) -> None:
    plan = planned(OUT, 1)
    missing = replace(plan.rows[0], problem=Problem(ProblemKind.MASK_MISSING, "there is no mask"))
    scene.work.start(replace(plan, rows=(missing,)))
    scene.go()
    assert scene.states() == [F]
    scene.runs.anew = Found(plan, 0)
    scene.work.retry_failed()
    scene.go()
    scene.go()
    assert scene.states() == [D]


def test_what_is_put_back_is_done_once_more_with_its_mask(scene: Scene) -> None:
    scene.work.start(planned(OUT, 2))
    scene.go()
    scene.work.put_back("1.png", Path("/masks/mine.png"))
    assert scene.states() == [D, W]
    scene.go()
    (job,) = scene.runs.passes[-1].jobs
    assert (job.name, job.mask, job.overwrite) == ("1.png", Path("/masks/mine.png"), True)
    assert scene.states() == [D, D]


def test_what_is_put_back_while_others_are_done_follows_them(scene: Scene) -> None:
    plan = planned(OUT, 2)
    missing = replace(plan.rows[0], problem=Problem(ProblemKind.MASK_MISSING, "there is no mask"))
    scene.work.start(replace(plan, rows=(missing, plan.rows[1])), report=OUT / "report.json")
    scene.work.put_back("0.png", Path("/masks/mine.png"))
    scene.go()
    assert [len(one.jobs) for one in scene.runs.passes] == [1]
    assert scene.endings == [], "the batch is not over before that one is done, too"
    scene.go()
    assert [[job.name for job in one.jobs] for one in scene.runs.passes] == [["1.png"], ["0.png"]]
    assert scene.endings == [BatchSummary(2, 0, 0, 0, 0.0)]
    assert len(scene.runs.reports) == 1


def test_a_full_disk_rests_the_batch_and_trying_again_does_all(scene: Scene) -> None:
    scene.runs.errors = {"0.png": "the disk is full"}
    scene.runs.places = {"0.png"}
    scene.work.start(planned(OUT, 3))
    scene.go()
    assert scene.troubles == ["The disk is full."]
    assert scene.work.trouble == "The disk is full."
    assert F not in scene.states(), "nobody's fault but the disk's"
    scene.runs.errors = {}
    scene.work.go_on()
    assert scene.work.trouble == ""
    scene.go()
    scene.go()
    assert scene.states() == [D, D, D]


def test_after_trouble_the_rest_may_go_elsewhere(scene: Scene) -> None:
    scene.runs.errors = dict.fromkeys(("1.png", "2.png"), "the disk is full")
    scene.runs.places = set(scene.runs.errors)
    scene.work.start(planned(OUT, 3), report=OUT / "report.html")
    scene.go()
    scene.runs.errors = {}
    scene.work.move_to(Path("/other"))
    scene.go()
    scene.go()
    assert scene.states() == [D, D, D]
    assert [row.job.output.parent for row in scene.work.rows] == [OUT, Path("/other"), Path("/other")]
    assert scene.runs.passes[-1].request.output == Path("/other")
    assert scene.runs.reports[-1][0] == Path("/other/report.html")


def test_a_folder_in_which_nothing_can_be_begun_is_trouble_too(scene: Scene) -> None:
    scene.runs.breaks = WriteError("the disk is full")
    scene.work.start(planned(OUT, 2))
    scene.go()
    assert scene.troubles == ["The disk is full."]
    assert scene.work.is_paused
    scene.runs.breaks = None
    scene.work.go_on()
    scene.go()
    assert scene.states() == [D, D]


def test_trouble_can_be_answered_by_ending_the_batch(scene: Scene) -> None:
    scene.runs.errors = {"0.png": "the disk is full"}
    scene.runs.places = {"0.png"}
    scene.work.start(planned(OUT, 1))
    scene.go()
    scene.work.stop()
    scene.go()
    assert not scene.work.is_running
    assert scene.endings == [BatchSummary(0, 0, 0, 1, 0.0)]


def test_what_was_made_by_hand_is_done(scene: Scene) -> None:
    scene.runs.errors = {"0.png": "the file is damaged"}
    scene.work.start(planned(OUT, 1))
    scene.go()
    scene.work.mark_done("0.png", outcome_of(scene.work.rows[0].job))
    assert scene.states() == [D]
    assert scene.work.done == 1


def test_a_batch_that_cannot_begin_says_why_and_is_over(scene: Scene) -> None:
    scene.runs.breaks = LacunaError("another batch is at work")
    scene.work.start(planned(OUT, 2))
    scene.go()
    assert scene.failures == ["Another batch is at work."]
    assert scene.endings[-1].left == 2
    assert scene.finishes == [False]


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
