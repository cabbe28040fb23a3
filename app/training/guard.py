"""The guard against losses and gradients that are no numbers: back to the last good state, past the batch."""

from __future__ import annotations

import logging
import math
from typing import NamedTuple

import torch
from torch import Tensor

from app.errors import LacunaError
from app.training.checkpoints import State, copied
from app.training.distributed import Ranks

logger = logging.getLogger(__name__)

MOST_ROLLBACKS = 5
SNAPSHOT_SECONDS = 20.0


class Record(NamedTuple):
    """One step's figures, left on the device until somebody looks."""

    batch: int
    names: tuple[str, ...]
    values: Tensor
    """``(len(names),)``, the gradient norms among them"""


class Figures(NamedTuple):
    """What a look at several records showed: means by name, and the first batch with a figure that is no number."""

    means: dict[str, float]
    bad_batch: int | None


def read_figures(records: list[Record]) -> Figures:
    """Bring the records' values to the processor, the one wait for the device."""
    values = torch.cat([record.values for record in records]).tolist()
    columns: dict[str, list[float]] = {}
    bad: int | None = None
    for record in records:
        own, values = values[: len(record.names)], values[len(record.names) :]
        if bad is None and not all(map(math.isfinite, own)):
            bad = record.batch
        for name, value in zip(record.names, own, strict=True):
            columns.setdefault(name, []).append(value)
    return Figures({name: sum(column) / len(column) for name, column in columns.items()}, bad)


class DivergedError(LacunaError):
    """The training was given up; it can go on from the guard's last good state with other settings."""


class Guard:
    """Keeps a good state in memory and counts how often it was needed."""

    def __init__(self, ranks: Ranks) -> None:
        self.skipped: set[int] = set()
        """Batches that are never drawn again."""
        self._ranks = ranks
        self._state: State | None = None
        self._kept_at = -math.inf
        self._rollbacks = 0

    def keep(self, state: State, elapsed: float, *, now: bool = False) -> None:
        """Remember a good state, at most every `SNAPSHOT_SECONDS` unless `now`."""
        if now or elapsed - self._kept_at >= SNAPSHOT_SECONDS:
            self._state, self._kept_at = copied(state), elapsed

    def first_bad(self, bad_batch: int | None) -> int | None:
        """The first bad batch of all processes, which decide together."""
        (negated,) = self._ranks.highest(-math.inf if bad_batch is None else -bad_batch)
        return None if negated == -math.inf else int(-negated)

    def passed(self, next_batch: int) -> None:
        """A look showed numbers only; once it is past the last bad batch the counting starts anew."""
        if not self.skipped or next_batch > max(self.skipped):
            self._rollbacks = 0

    @property
    def good(self) -> State:
        """A copy of the state that was kept last."""
        assert self._state is not None
        state: State = copied(self._state)
        return state

    def leave_out(self, bad_batch: int) -> None:
        """Note that the training goes back to `good` and on without `bad_batch`.

        `DivergedError` where that happened too often in a row.
        """
        assert self._state is not None
        self._rollbacks += 1
        if self._rollbacks > MOST_ROLLBACKS:
            raise DivergedError(
                f"the training diverged: {MOST_ROLLBACKS} times in a row a loss or gradient was no number;"
                " lower learning_rate or set gradient_clip, then go on with --resume"
            )
        self.skipped.add(bad_batch)
        logger.warning(
            "batch %d gave a loss or gradient that is no number: back to step %d, without it (%d of %d in a row)",
            bad_batch,
            self._state["step"],
            self._rollbacks,
            MOST_ROLLBACKS,
        )
