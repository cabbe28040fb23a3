"""A batch as its window shows it: a row a photo, and what it is at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.batch.events import FileBegan, FileOutcome, FileProgress, FileState, Waiting
from app.batch.request import BatchPlan, FileJob, PlanRow, Problem
from app.inference.request import Stage
from app.ui.language import localised
from app.ui.session.crash import as_sentence


class RowState(Enum):
    """Where the story of a photo stands."""

    WAITING = auto()
    READING = auto()
    WORKING = auto()
    WRITING = auto()
    DONE = auto()
    FAILED = auto()
    LEFT_OUT = auto()

    @property
    def is_over(self) -> bool:
        """Nothing more happens to it by itself."""
        return self in (RowState.DONE, RowState.FAILED, RowState.LEFT_OUT)


_AT_WORK = (RowState.READING, RowState.WORKING, RowState.WRITING)
_ENDED = {
    FileState.DONE: RowState.DONE,
    FileState.FAILED: RowState.FAILED,
    FileState.SKIPPED: RowState.LEFT_OUT,
}


@dataclass(slots=True, eq=False)
class BatchRow:
    """One photo of a batch."""

    job: FileJob
    state: RowState = RowState.WAITING
    outcome: FileOutcome | None = None
    """How it ended, once it has; a photo with a problem ends before it begins."""
    fraction: float = 0.0
    stage: Stage | None = None
    problem: Problem | None = None
    """Why it can't be begun, as planned."""

    @classmethod
    def of(cls, planned: PlanRow) -> BatchRow:
        """The row of a photo of the plan."""
        row = cls(planned.job)
        row.replan(planned)
        return row

    def replan(self, planned: PlanRow) -> None:
        """Take over what a plan says now."""
        self.job, self.problem = planned.job, planned.problem
        if self.problem is None:
            self.wait()
            return
        state = FileState.FAILED if self.problem.is_failure else FileState.SKIPPED
        self.end(FileOutcome(self.job.name, state, error=self.problem.text))

    def wait(self) -> None:
        """Begin anew: what was is forgotten."""
        self.state, self.outcome, self.fraction, self.stage = RowState.WAITING, None, 0.0, None

    def end(self, outcome: FileOutcome) -> None:
        """It came to this."""
        self.state, self.outcome, self.fraction, self.stage = _ENDED[outcome.state], outcome, 0.0, None

    @property
    def reason(self) -> str:
        """Why it failed or was left out, in the user's language; else what the run had to say."""
        if self.outcome is None:
            return ""
        texts = (self.outcome.error,) if self.outcome.error else self.outcome.warnings
        return " ".join(as_sentence(localised(text)) for text in texts)

    @property
    def seconds(self) -> float | None:
        """What it took in all; None where nothing was measured."""
        return None if self.outcome is None else self.outcome.seconds.get("total")


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """How a batch ended."""

    done: int
    failed: int
    left_out: int
    left: int
    """Photos that were not begun: the batch was stopped."""
    seconds: float

    @property
    def is_stopped(self) -> bool:
        """It was stopped before its end."""
        return self.left > 0


class BatchRows(QObject):
    """The rows of a batch in their order; known by the names of their photos."""

    changed = Signal(int)
    """The row of which something is different."""
    filled = Signal()
    """Other photos."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[BatchRow] = []
        self._places: dict[str, int] = {}
        self._over = 0
        self._at_work = ""
        """The photo that was begun last."""

    def fill(self, plan: BatchPlan) -> None:
        """Show the photos of a plan."""
        self._rows = [BatchRow.of(planned) for planned in plan.rows]
        self._places = {row.job.name: at for at, row in enumerate(self._rows)}
        self._count()
        self.filled.emit()

    @property
    def all(self) -> Sequence[BatchRow]:
        """All of them."""
        return self._rows

    @property
    def over(self) -> int:
        """How many there are to which nothing more happens by itself."""
        return self._over

    @property
    def left(self) -> list[FileJob]:
        """The jobs of the others."""
        return [row.job for row in self._rows if not row.state.is_over]

    def summary(self, seconds: float) -> BatchSummary:
        """How they stand after so many seconds."""
        count = Counter(row.state for row in self._rows)
        done, failed, left_out = count[RowState.DONE], count[RowState.FAILED], count[RowState.LEFT_OUT]
        return BatchSummary(done, failed, left_out, len(self._rows) - done - failed - left_out, seconds)

    def named(self, name: str) -> BatchRow | None:
        """The row of the photo known as `name`."""
        at = self._places.get(name)
        return None if at is None else self._rows[at]

    def of_photo(self, photo: Path) -> BatchRow | None:
        """The row of the photo whose file is `photo`."""
        return next((row for row in self._rows if row.job.photo == photo), None)

    # what happens to them

    def follow(self, event: FileBegan | FileProgress | Waiting) -> None:
        """Show what a pass says of a file."""
        match event:
            case FileBegan(job):
                self._show_written(self._at_work)
                self._at_work = job.name
                self._show(job.name, RowState.WORKING)
            case FileProgress(job, fraction, stage):
                self._show(job.name, RowState.WORKING, fraction, stage)
            case Waiting():
                self._show_reading()

    def end(self, name: str, outcome: FileOutcome) -> None:
        """It came to this."""
        at = self._places[name]
        self._over += not self._rows[at].state.is_over
        self._rows[at].end(outcome)
        self.changed.emit(at)

    def wait(self, names: Iterable[str]) -> dict[str, FileJob]:
        """Let them wait anew; their jobs, by name."""
        waiting = {}
        for name in names:
            at = self._places[name]
            self._rows[at].wait()
            waiting[name] = self._rows[at].job
            self.changed.emit(at)
        self._count()
        return waiting

    def halt(self) -> None:
        """Nothing is at work any longer: what was waits again."""
        self.wait([row.job.name for row in self._rows if row.state in _AT_WORK])

    def replan(self, plan: BatchPlan) -> dict[str, FileJob]:
        """Take over what `plan` says of those with a problem; the jobs of those that have none any longer, by name."""
        mended = {}
        for planned in plan.rows:
            at = self._places.get(planned.job.name)
            if at is None or self._rows[at].problem is None:
                continue
            self._rows[at].replan(planned)
            if planned.problem is None:
                mended[planned.job.name] = planned.job
            self.changed.emit(at)
        self._count()
        return mended

    def _show(self, name: str, state: RowState, fraction: float = 0.0, stage: Stage | None = None) -> None:
        at = self._places[name]
        row = self._rows[at]
        row.state, row.fraction, row.stage = state, fraction, stage
        self.changed.emit(at)

    def _show_written(self, name: str) -> None:
        """The next file has begun: what is left to do for the one called `name` is to write it."""
        row = self.named(name)
        if row is not None and row.state is RowState.WORKING:
            self._show(name, RowState.WRITING)

    def _show_reading(self) -> None:
        coming = next((row for row in self._rows if row.state in (RowState.WAITING, RowState.READING)), None)
        if coming is not None and coming.state is RowState.WAITING:
            self._show(coming.job.name, RowState.READING)

    def _count(self) -> None:
        self._over = sum(row.state.is_over for row in self._rows)
