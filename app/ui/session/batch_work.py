"""The batch under way: a stream beside that of the editor, over the same engine, and the rows that it fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.atomic import WriteError
from app.batch.events import BatchEvent, FileEnded, FileOutcome
from app.batch.request import BatchPlan, BatchRequest, FileJob
from app.ui.language import localised, tr
from app.ui.session.batch_clock import BatchClock
from app.ui.session.batch_rows import BatchRow, BatchRows, BatchSummary, RowState
from app.ui.session.batch_runs import BatchRuns, Found, Pass, now_words, unless_unwanted
from app.ui.session.crash import as_sentence, sentence
from app.ui.session.jobs import Err, Lane, Ok, Stream, StreamEnd
from app.ui.session.latest import Latest, Wanted
from app.ui.session.run_desk import RunDesk


class BatchWork(QObject):
    """At most one batch at a time. A verb that makes no sense at the moment does nothing.

    A pass is one stream over some of the photos; what is put back or tried again meanwhile makes the next one.
    """

    changed = Signal()
    """How far it is, whether it rests, or that it is over."""
    file_changed = Signal(int)
    """The row of which something is different."""
    rows_changed = Signal()
    """Other photos."""
    ended = Signal(object)
    """`BatchSummary`: it is done, or was stopped. What a report says is on the disk."""
    finished = Signal()
    """Nothing of a batch is under way any longer; said last."""
    troubled = Signal(str)
    """A sentence: nothing can be written where the results go. The batch rests until `go_on` or `move_to`."""
    failed = Signal(str)
    """A sentence: the batch itself could not go on, or its report not be written."""

    def __init__(
        self,
        desk: RunDesk,
        runs: BatchRuns | None = None,
        clock: BatchClock | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self.runs, self.clock = runs or BatchRuns(), clock or BatchClock()
        self._rows = BatchRows(self)
        self._rows.changed.connect(self.file_changed)
        self._rows.filled.connect(self.rows_changed)
        self._anew = Latest(desk.runner, self._not_planned)
        self._request: BatchRequest | None = None
        self._report: Path | None = None
        self._began = ""
        self._stream: Stream | None = None
        self._queue: dict[str, FileJob] = {}
        """What the next pass does, by name."""
        self._trouble = ""
        self._in_trouble: set[str] = set()
        """Photos whose results could not be written."""
        self._is_stopped = self._is_closing = False
        self._writes_report = self._has_report = False

    # what there is

    @property
    def rows(self) -> Sequence[BatchRow]:
        """All photos, in their order."""
        return self._rows.all

    @property
    def request(self) -> BatchRequest | None:
        """What was asked for last; None where nothing was."""
        return self._request

    @property
    def report(self) -> Path | None:
        """Where the report of the batch is written at its end."""
        return self._report

    @property
    def has_report(self) -> bool:
        """The report of all that was done is written."""
        return self._has_report and not self.is_running

    @property
    def is_running(self) -> bool:
        """True until the last file and the report are on the disk, pauses included."""
        return self._stream is not None or self._writes_report or bool(self._trouble)

    @property
    def is_paused(self) -> bool:
        """True while nothing more is begun."""
        return bool(self._trouble) if self._stream is None else self._stream.is_resting

    @property
    def is_stopping(self) -> bool:
        """True while what was begun is brought to its end."""
        return self._is_closing and self.is_running

    @property
    def is_reporting(self) -> bool:
        """True while all photos are done and the report is being written."""
        return self._writes_report

    @property
    def trouble(self) -> str:
        """Why it rests by itself; empty where it does not."""
        return self._trouble

    @property
    def done(self) -> int:
        """Photos of which nothing more is to be expected."""
        return self._rows.over

    @property
    def total(self) -> int:
        """All photos."""
        return len(self._rows.all)

    @property
    def progress_text(self) -> str:
        """How far it is, in words; empty where none is under way."""
        if not self.is_running:
            return ""
        words = tr("Batch paused at {} of {}") if self.is_paused else tr("Batch {} of {}")
        return words.format(self.done, self.total)

    @property
    def summary(self) -> BatchSummary:
        """How it stands."""
        return self._rows.summary(self.clock.elapsed)

    def row_of(self, photo: Path) -> BatchRow | None:
        """The row of the photo whose file is `photo`."""
        return self._rows.of_photo(photo)

    def may_return(self, row: BatchRow) -> bool:
        """True where no pass has the photo of `row`, or will: it may be put back, or its result be made by hand."""
        return row.state.is_over or self._stream is None

    # verbs

    def start(self, plan: BatchPlan, resume: bool = False, report: Path | None = None) -> None:
        """Begin with the jobs of `plan`; `resume` leaves alone what its journal says is done."""
        if self.is_running:
            return
        self._anew.drop()
        self._request, self._report, self._began = plan.request, report, now_words()
        self._queue.clear()
        self.clock.reset()
        self._rows.fill(plan)
        self._begin(plan.jobs, resume=resume)

    def pause(self) -> None:
        """Begin nothing more; what is being written is written."""
        if self._stream is not None and not self._is_closing:
            self._stream.pause()
            self.clock.rest()
            self.changed.emit()

    def go_on(self) -> None:
        """End a pause; after trouble try again; what was stopped is taken up again."""
        if not self.is_running:
            self._begin(self._rows.left, resume=True)
        elif self._trouble:
            self._go_on_anew()
        elif self._stream is not None and self.is_paused:
            self.clock.run()
            self._stream.go_on()
            self._begin_queue()

    def stop(self) -> None:
        """Begin nothing more and let go of what was begun; what is done stays, the rest can be gone on with."""
        self._anew.drop()
        if not self.is_running or self._is_closing or self._writes_report:
            return
        self._is_closing = self._is_stopped = True
        self._leave_trouble()
        self._queue.clear()
        if self._stream is None:
            self._finish()
        else:
            self._stream.cancel()
            self.changed.emit()

    def move_to(self, output: Path) -> None:
        """Write the results that are still to come to another folder, and go on there."""
        if self._request is None or not self.is_running or self._is_closing:
            return
        old, self._request = self._request.output, replace(self._request, output=output)
        for row in self.rows:
            if not row.state.is_over:
                row.job = self.runs.moved(row.job, old, output)
        if self._report is not None and self._report.is_relative_to(old):
            self._report = output / self._report.relative_to(old)
        self._go_on_anew()

    def retry_failed(self) -> None:
        """Do the failed ones again; what could not be begun is looked at anew."""
        failed = [row for row in self.rows if row.state is RowState.FAILED]
        self._queue |= self._rows.wait([row.job.name for row in failed if row.problem is None])
        self._begin_queue()
        if self._request is not None and any(row.problem is not None for row in failed):
            self._anew.ask(partial(_planned, self.runs, self._request), self._replanned)

    def put_back(self, name: str, mask: Path) -> None:
        """Do the photo known as `name` once more, with the mask in the file `mask`, in the place of what was."""
        row = self._rows.named(name)
        if row is None or not self.may_return(row):
            return
        may_replace = row.job.overwrite or row.state is not RowState.FAILED
        row.problem, row.job = None, replace(row.job, mask=mask, overwrite=may_replace)
        self._queue |= self._rows.wait([name])
        self._begin_queue()

    def mark_done(self, name: str, outcome: FileOutcome) -> None:
        """What the user made by hand is the result of the photo known as `name`, and is in its place already."""
        row = self._rows.named(name)
        if row is None:
            return
        self._queue.pop(name, None)
        row.problem = None
        self._rows.end(name, outcome)
        self.changed.emit()
        if self.has_report:
            self._write_report()

    # a pass over files

    def _begin(self, jobs: Sequence[FileJob], *, resume: bool, retry_failed: bool = False) -> None:
        if self._request is None:
            return
        self._is_closing = self._is_stopped = self._has_report = False
        self.clock.run()
        one = Pass(self._request, tuple(jobs), self._desk.runs.engine, resume, retry_failed)
        make = partial(self.runs.events, one)
        self._stream = self._desk.runner.stream(make, self._take, self._ended, Lane.BATCH)
        self.changed.emit()

    def _begin_queue(self) -> None:
        """Unless a pass is under way, or can't go on: the queue follows it."""
        if self._queue and not self.is_running:
            jobs, self._queue = tuple(self._queue.values()), {}
            self._begin(jobs, resume=True, retry_failed=True)
        self.changed.emit()

    def _take(self, event: BatchEvent) -> None:
        if not isinstance(event, FileEnded):
            self._rows.follow(event)
            return
        name, outcome = event.job.name, event.outcome
        if outcome.is_place_trouble:
            self._meet_trouble(name, outcome)
            return
        if not outcome.from_journal:
            self.clock.file_ended()
        if name not in self._queue:
            self._rows.end(name, outcome)
        self.changed.emit()

    def _meet_trouble(self, name: str, outcome: FileOutcome) -> None:
        """Every file after this one would fail the same way: rest, and ask."""
        self._rows.wait([name])
        self._in_trouble.add(name)
        if not self._trouble and not self._is_closing and self._stream is not None:
            self._stream.pause()
            self._rest(as_sentence(localised(outcome.error)))

    def _rest(self, trouble: str) -> None:
        self._trouble = trouble
        self.clock.rest()
        self.changed.emit()
        self.troubled.emit(trouble)

    def _go_on_anew(self) -> None:
        """By another pass, which makes folder and journal where they are gone."""
        self._leave_trouble()
        self._queue |= self._rows.wait([job.name for job in self._rows.left])
        if self._stream is not None:
            self._stream.cancel()
        self._begin_queue()

    def _leave_trouble(self) -> None:
        self._trouble = ""
        names, self._in_trouble = self._in_trouble, set()
        self._queue |= self._rows.wait(names)

    def _replanned(self, found: Found) -> None:
        self._queue |= self._rows.replan(found.plan)
        self._begin_queue()

    def _not_planned(self, error: Exception) -> None:
        self.failed.emit(sentence(error))

    # its end

    def _ended(self, end: StreamEnd) -> None:
        self._stream = None
        self.clock.rest()
        self._rows.halt()
        if isinstance(end, Err) and isinstance(end.error, WriteError) and not self._is_closing:
            self._queue |= {job.name: job for job in self._rows.left}
            self._rest(sentence(end.error))
        elif isinstance(end, Err):
            self._queue.clear()
            self._is_stopped = True
            self.failed.emit(sentence(end.error))
        if self._trouble:
            self.changed.emit()
        elif self._queue:
            self._begin_queue()
        elif self._is_stopped or self._report is None:
            self._finish()
        else:
            self._write_report()

    def _write_report(self) -> None:
        assert self._request is not None
        assert self._report is not None
        outcomes = tuple(row.outcome for row in self.rows if row.outcome is not None)
        work = partial(self.runs.write_report, self._report, self._request, outcomes, self._began, self.clock.elapsed)
        self._writes_report = True
        self.changed.emit()
        self._desk.runner.submit(work, self._reported)

    def _reported(self, outcome: Ok[None] | Err) -> None:
        self._writes_report, self._has_report = False, isinstance(outcome, Ok)
        if isinstance(outcome, Err):
            self.failed.emit(sentence(outcome.error))
        if self._queue:
            self._begin_queue()
        else:
            self._finish()

    def _finish(self) -> None:
        self._is_closing = False
        self.changed.emit()
        self.ended.emit(self.summary)
        self.finished.emit()


def _planned(runs: BatchRuns, request: BatchRequest, wanted: Wanted) -> Found:
    return runs.plan(request, unless_unwanted(wanted))
