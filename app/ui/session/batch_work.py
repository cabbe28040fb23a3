"""The batch under way: a stream beside that of the editor, over the same engine, and the rows that it fills."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.batch.events import BatchEvent, FileBegan, FileEnded, FileOutcome, FileProgress, Waiting
from app.batch.request import BatchPlan, BatchRequest, FileJob
from app.ui.language import localised, tr
from app.ui.session.batch_rows import BatchClock, BatchRow, BatchSummary, RowState
from app.ui.session.batch_runs import BatchRuns, Found, Pass, now_words
from app.ui.session.crash import as_sentence, sentence
from app.ui.session.jobs import Err, Lane, Ok, Stream, StreamEnd
from app.ui.session.run_desk import RunDesk


class BatchWork(QObject):
    """At most one batch at a time. A verb that makes no sense at the moment does nothing."""

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
        self.runs = runs or BatchRuns()
        self.clock = clock or BatchClock()
        self._request: BatchRequest | None = None
        self._report: Path | None = None
        self._rows: list[BatchRow] = []
        self._places: dict[str, int] = {}
        self._queue: dict[str, FileJob] = {}
        """What is to be done when the pass under way is over, by name."""
        self._stream: Stream | None = None
        self._is_closing = False
        self._writes_report = self._has_report = False
        self._began = ""
        self._trouble = ""
        self._in_trouble: set[str] = set()
        """Photos whose results could not be written."""
        self._is_stopped = False
        self._over = 0
        self._at_work = ""
        """The photo that was begun last."""

    # what there is

    @property
    def rows(self) -> Sequence[BatchRow]:
        """All photos, in their order."""
        return self._rows

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
    def is_reporting(self) -> bool:
        """True while all photos are done and the report is being written."""
        return self._writes_report

    @property
    def is_paused(self) -> bool:
        """True while nothing more is begun."""
        return bool(self._trouble) if self._stream is None else self._stream.is_resting

    @property
    def is_stopping(self) -> bool:
        """True while what was begun is brought to its end."""
        return self._is_closing and self.is_running

    @property
    def trouble(self) -> str:
        """Why it rests by itself; empty where it does not."""
        return self._trouble

    @property
    def done(self) -> int:
        """Photos of which nothing more is to be expected."""
        return self._over

    @property
    def total(self) -> int:
        """All photos."""
        return len(self._rows)

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
        count = dict.fromkeys(RowState, 0)
        for row in self._rows:
            count[row.state] += 1
        left = sum(count[state] for state in RowState if not state.is_over)
        done, failed, left_out = count[RowState.DONE], count[RowState.FAILED], count[RowState.LEFT_OUT]
        return BatchSummary(done, failed, left_out, left, self.clock.elapsed)

    def row_of(self, name: str) -> int | None:
        """The row of the photo known as `name`."""
        return self._places.get(name)

    def row_at(self, photo: Path) -> int | None:
        """The row of the photo whose file is `photo`."""
        return next((at for at, row in enumerate(self._rows) if row.job.photo == photo), None)

    # verbs

    def start(self, plan: BatchPlan, resume: bool = False, report: Path | None = None) -> None:
        """Begin with the jobs of `plan`; `resume` leaves alone what its journal says is done."""
        if self.is_running:
            return
        self._request, self._report = plan.request, report
        self._rows = [BatchRow.of(planned) for planned in plan.rows]
        self._places = {row.job.name: at for at, row in enumerate(self._rows)}
        self._queue.clear()
        self._in_trouble.clear()
        self._began = now_words()
        self.clock.reset()
        self._count()
        self.rows_changed.emit()
        self._begin(plan.jobs, resume=resume)

    def pause(self) -> None:
        """Begin nothing more; what is being written is written."""
        if self._stream is not None and not self._is_closing:
            self._stream.pause()
            self.clock.rest()
            self.changed.emit()

    def go_on(self) -> None:
        """End a pause; after trouble try again; what was stopped is taken up again."""
        if self.is_paused:
            self._leave_trouble()
            if self._stream is None:
                self._begin_queue()
                return
            self.clock.run()
            self._stream.go_on()
            self.changed.emit()
        elif not self.is_running:
            self._begin([row.job for row in self._rows if not row.state.is_over], resume=True)

    def stop(self) -> None:
        """Begin nothing more and let go of what was begun; what is done stays, the rest can be gone on with."""
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
        for row in self._rows:
            if not row.state.is_over:
                row.job = self.runs.moved(row.job, old, output)
        if self._report is not None and self._report.is_relative_to(old):
            self._report = output / self._report.relative_to(old)
        self._leave_trouble()
        self._requeue([row.job.name for row in self._rows if not row.state.is_over])
        if self._stream is None:
            self._begin_queue()
        else:
            self._stream.cancel()

    def _leave_trouble(self) -> None:
        self._trouble = ""
        names, self._in_trouble = self._in_trouble, set()
        self._requeue(names)

    def retry_failed(self) -> None:
        """Do the failed ones again; what could not be begun is looked at anew."""
        failed = [row for row in self._rows if row.state is RowState.FAILED]
        self._requeue(row.job.name for row in failed if row.problem is None)
        if self._request is not None and any(row.problem is not None for row in failed):
            work = partial(self.runs.plan, self._request, lambda: None)
            self._desk.work(tr("Looking at the photos anew…"), work, self._replanned)
        else:
            self._begin_queue()

    def put_back(self, name: str, mask: Path) -> None:
        """Do the photo known as `name` once more, with the mask in the file `mask`, in the place of what was."""
        at = self._places.get(name)
        if at is None or self._rows[at].state in (RowState.WORKING, RowState.WRITING):
            return
        row = self._rows[at]
        row.problem, row.job = None, replace(row.job, mask=mask, overwrite=True)
        self._requeue([name])
        self._begin_queue()

    def mark_done(self, name: str, outcome: FileOutcome) -> None:
        """What the user made by hand is the result of the photo known as `name`, and is in its place already."""
        at = self._places.get(name)
        if at is not None:
            self._queue.pop(name, None)
            self._rows[at].problem = None
            self._end_row(at, outcome)
            self.changed.emit()
            if self.has_report and self._request is not None and self._report is not None:
                self._write_report(self._request, self._report)

    # a pass over files

    def _begin(self, jobs: Sequence[FileJob], *, resume: bool, retry_failed: bool = False) -> None:
        if self._request is None:
            return
        self._is_closing = self._is_stopped = self._has_report = False
        self._trouble = ""
        self.clock.run()
        one = Pass(self._request, tuple(jobs), self._desk.runs.engine, resume, retry_failed)
        make: Callable[[Stream], Iterator[BatchEvent]] = partial(self.runs.events, one)
        self._stream = self._desk.runner.stream(make, self._take, self._ended, Lane.BATCH)
        self.changed.emit()

    def _begin_queue(self) -> None:
        """Unless a pass is under way, or cannot go on, which is followed by what waits."""
        if self._queue and not self.is_running:
            jobs, self._queue = tuple(self._queue.values()), {}
            self._begin(jobs, resume=True, retry_failed=True)
        self.changed.emit()

    def _take(self, event: BatchEvent) -> None:
        match event:
            case FileBegan(job):
                self._show_written(self._at_work)
                self._at_work = job.name
                self._show(job.name, RowState.WORKING)
            case FileProgress(job, fraction, stage):
                self._show(job.name, RowState.WORKING, fraction, stage)
            case FileEnded(job, outcome):
                self._file_ended(job.name, outcome)
            case Waiting():
                self._show_reading()

    def _show(self, name: str, state: RowState, fraction: float = 0.0, stage: object = None) -> None:
        at = self._places[name]
        row = self._rows[at]
        row.state, row.fraction, row.stage = state, fraction, stage  # type: ignore[assignment]
        self.file_changed.emit(at)

    def _show_written(self, name: str) -> None:
        """The next file has begun: what is left to do for the one called `name` is to write it."""
        at = self._places.get(name)
        if at is not None and self._rows[at].state is RowState.WORKING:
            self._show(name, RowState.WRITING)

    def _show_reading(self) -> None:
        at = next((at for at, row in enumerate(self._rows) if row.state in (RowState.WAITING, RowState.READING)), None)
        if at is not None and self._rows[at].state is RowState.WAITING:
            self._rows[at].state = RowState.READING
            self.file_changed.emit(at)

    def _file_ended(self, name: str, outcome: FileOutcome) -> None:
        if outcome.is_place_trouble:
            self._meet_trouble(name, outcome)
            return
        if not outcome.from_journal:
            self.clock.file_ended()
        if name not in self._queue:
            self._end_row(self._places[name], outcome)
        self.changed.emit()

    def _end_row(self, at: int, outcome: FileOutcome) -> None:
        was_over = self._rows[at].state.is_over
        self._rows[at].end(outcome)
        self._over += not was_over
        self.file_changed.emit(at)

    def _meet_trouble(self, name: str, outcome: FileOutcome) -> None:
        """Every file after this one would fail the same way: rest, and ask."""
        at = self._places[name]
        self._rows[at].wait()
        self.file_changed.emit(at)
        self._in_trouble.add(name)
        if not self._trouble and not self._is_closing and self._stream is not None:
            self._trouble = as_sentence(localised(outcome.error))
            self._stream.pause()
            self.clock.rest()
            self.changed.emit()
            self.troubled.emit(self._trouble)

    def _requeue(self, names: Iterable[str]) -> None:
        for name in list(names):
            at = self._places[name]
            self._rows[at].wait()
            self._queue[name] = self._rows[at].job
            self.file_changed.emit(at)
        self._count()

    def _count(self) -> None:
        self._over = sum(row.state.is_over for row in self._rows)

    def _replanned(self, found: Found) -> None:
        planned = {row.job.name: row for row in found.plan.rows}
        for at, row in enumerate(self._rows):
            anew = planned.get(row.job.name)
            if row.problem is not None and anew is not None:
                row.replan(anew)
                self.file_changed.emit(at)
                if row.problem is None:
                    self._queue[row.job.name] = row.job
        self._count()
        self._begin_queue()

    # its end

    def _ended(self, end: StreamEnd) -> None:
        self._stream = None
        self.clock.rest()
        for at, row in enumerate(self._rows):
            if row.state in (RowState.READING, RowState.WORKING, RowState.WRITING):
                row.wait()
                self.file_changed.emit(at)
        if isinstance(end, Err):
            self._queue.clear()
            self._is_stopped = True
            self.failed.emit(sentence(end.error))
        if self._trouble:
            self.changed.emit()
        elif self._queue:
            self._begin_queue()
        elif self._is_stopped or self._report is None or self._request is None:
            self._finish()
        else:
            self._write_report(self._request, self._report)

    def _write_report(self, request: BatchRequest, report: Path) -> None:
        outcomes = tuple(row.outcome for row in self._rows if row.outcome is not None)

        def written(outcome: Ok[None] | Err) -> None:
            self._writes_report, self._has_report = False, isinstance(outcome, Ok)
            if isinstance(outcome, Err):
                self.failed.emit(sentence(outcome.error))
            if self._queue:
                self._begin_queue()
            else:
                self._finish()

        self._writes_report = True
        self.changed.emit()
        work = partial(self.runs.write_report, report, request, outcomes, self._began, self.clock.elapsed)
        self._desk.runner.submit(work, written)

    def _finish(self) -> None:
        self._is_closing = False
        self.changed.emit()
        self.ended.emit(self.summary)
        self.finished.emit()
