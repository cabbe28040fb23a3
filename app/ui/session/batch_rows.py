"""A batch as its window shows it: a row a photo, what it is at, and how long the rest will take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from app.batch.events import FileOutcome, FileState
from app.batch.request import FileJob, PlanRow, Problem
from app.inference.request import Stage
from app.ui.language import localised
from app.ui.session.crash import as_sentence

_LOOKED_BACK = 20
"""Files by which the time of the others is measured."""


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


class BatchClock:
    """Measures a batch, its pauses left out."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is seconds from any beginning."""
        self._now = now
        self._before, self._file_began = 0.0, 0.0
        self._since: float | None = None
        self._files: deque[float] = deque(maxlen=_LOOKED_BACK)
        """What the last files took."""

    def reset(self) -> None:
        """Nothing was measured yet."""
        self._before, self._since = 0.0, None
        self._files.clear()

    def run(self) -> None:
        """Time counts from now on; a file begins now."""
        if self._since is None:
            self._since = self._now()
            self._file_began = self.elapsed

    def rest(self) -> None:
        """Time does not count any longer."""
        self._before, self._since = self.elapsed, None

    def file_ended(self) -> None:
        """One more file was worked on, the next one begins."""
        self._files.append(self.elapsed - self._file_began)
        self._file_began = self.elapsed

    @property
    def elapsed(self) -> float:
        """Seconds in all."""
        return self._before + (0.0 if self._since is None else self._now() - self._since)

    def left(self, files: int) -> float | None:
        """Seconds that `files` more will take, by the last ones; None where none was measured yet."""
        return files * sum(self._files) / len(self._files) if self._files else None
