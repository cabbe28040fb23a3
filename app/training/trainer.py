"""The training loop: batch after batch until the budget is spent, with a state that resumes to the bit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from app.errors import LacunaError
from app.training.batches import Sampler
from app.training.checkpoints import State, load_fitting
from app.training.config import TrainConfig
from app.training.distributed import ALONE, Ranks
from app.training.guard import Guard, Record, read_figures
from app.training.learner import Learner
from app.training.optimise import learning_rate

LOOK_SECONDS = 2.0
"""Losses are read at least this often where steps are slow."""


@dataclass(frozen=True, slots=True)
class StepLog:
    """The steps since the last log; `progress` is the share of the budget spent, 0…1."""

    step: int
    progress: float
    seconds: float
    """Since the first step of the run, earlier sittings included."""
    figures: dict[str, float]
    """Means over the steps, by the names `Learner.learn` gives."""
    learning_rate: float
    size: int
    images_per_second: float
    """Over all processes."""
    waiting: float
    """Share of the time spent waiting for batches."""


@dataclass(slots=True)
class _Window:
    """What is counted between two logs; rate and size are those of the last step."""

    began: float
    images: int = 0
    waited: float = 0.0
    rate: float = 0.0
    size: int = 0


class Trainer:
    """Feeds `learner` from `sampler`. Everything random follows from the seed and the batch's number."""

    def __init__(
        self,
        config: TrainConfig,
        learner: Learner,
        sampler: Sampler,
        ranks: Ranks = ALONE,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.config = config
        self.learner = learner
        self.step_number = 0
        self.images_seen = 0
        self.elapsed = 0.0
        self._next_batch = 0
        self._sampler = sampler
        self._ranks = ranks
        self._guard = Guard(ranks)
        self._records: list[Record] = []
        self._clock = clock
        for phase in config.phases:
            ranks.share(phase.batch)

    @property
    def progress(self) -> float:
        """Share of the budget spent, 0…1: by steps where `config.steps` is set, else by time."""
        if self.config.steps > 0:
            return min(self.step_number / self.config.steps, 1.0)
        return min(self.elapsed / (self.config.minutes * 60), 1.0)

    def run(self, stop: Callable[[], bool] = lambda: False) -> Iterator[StepLog]:
        """Step until the budget is spent or `stop` says so, yielding whenever the losses have been read and are good.

        At every yield, and at the end, the state is one to keep, also where the end is a `DivergedError`. The time
        between a yield and the next call counts.
        """
        started = self._clock() - self.elapsed
        self._guard.keep(self.state(), self.elapsed, now=True)
        window, looked, stopped = _Window(self._clock()), self.elapsed, False
        while self.progress < 1.0 and not stopped:
            self._step(window)
            self.elapsed, flag = self._ranks.highest(self._clock() - started, float(stop()))
            stopped = flag > 0
            due = len(self._records) >= self.config.log_every or self.elapsed - looked >= LOOK_SECONDS
            if due or stopped or self.progress >= 1.0:
                means = self._read()
                if means is not None:
                    yield self._log(window, means)
                window, looked = _Window(self._clock()), self.elapsed

    def state(self) -> State:
        """Live tensors and numbers of everything a resumed run needs."""
        return self.learner.state() | {
            "config": self.config.to_json(),
            "step": self.step_number,
            "images": self.images_seen,
            "next_batch": self._next_batch,
            "skipped": sorted(self._guard.skipped),
            "elapsed": self.elapsed,
            "random": torch.get_rng_state(),
        }

    def restore(self, path: Path) -> State:
        """Go on from a checkpoint of the same network and optimiser; budget and losses may differ. Its state."""
        state = load_fitting(path, self.config)
        try:
            self._load(state)
        except (KeyError, RuntimeError, ValueError) as error:
            raise LacunaError(f"{path}: does not fit the configuration: {str(error).splitlines()[0]}") from error
        self.elapsed = float(state["elapsed"])
        self._guard.skipped = set(state["skipped"])
        return state

    def _load(self, state: State) -> None:
        self.learner.load(state)
        self.step_number, self.images_seen = int(state["step"]), int(state["images"])
        self._next_batch = int(state["next_batch"])
        torch.set_rng_state(state["random"])

    def _step(self, window: _Window) -> None:
        """One optimiser step on the next batch; its figures stay on the device."""
        phase = self.config.phase_at(self.progress)
        while self._next_batch in self._guard.skipped:
            self._next_batch += 1
        began = self._clock()
        batch = self._sampler.batch(self._next_batch, self._ranks.share(phase.batch), phase.size)
        window.waited += self._clock() - began
        window.images += phase.batch
        window.rate, window.size = learning_rate(self.config, self.step_number, self.progress), phase.size
        feature_terms = self.progress >= self.config.loss.feature_start
        self.step_number += 1
        figures = self.learner.learn(batch, self.step_number, window.rate, feature_terms=feature_terms)
        values = torch.stack([value.detach().float() for value in figures.values()])
        self._records.append(Record(self._next_batch, tuple(figures), values))
        self._next_batch += 1
        self.images_seen += phase.batch

    def _read(self) -> dict[str, float] | None:
        """The figures since the last look, averaged; None after a roll-back, which all processes make together."""
        figures = read_figures(self._records)
        self._records = []
        bad = self._guard.first_bad(figures.bad_batch)
        if bad is not None:
            self._load(self._guard.good)
            self._guard.leave_out(bad)
            return None
        self._guard.passed(self._next_batch)
        self._guard.keep(self.state(), self.elapsed)
        return figures.means

    def _log(self, window: _Window, means: dict[str, float]) -> StepLog:
        seconds = max(self._clock() - window.began, 1e-9)
        return StepLog(
            self.step_number,
            self.progress,
            self.elapsed,
            means,
            window.rate,
            window.size,
            window.images / seconds,
            window.waited / seconds,
        )
