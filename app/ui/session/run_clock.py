"""How long a run takes: what has passed, and what is left as far as measured steps tell. Never a guess.

A step is one stage in one region. Steps of a stage take about the same time, so what one has taken tells the others of
that stage; what the last run with the same options took tells the stages to come, corrected by how much faster or
slower the present run is in the stages that both have done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.inference.request import InpaintOptions, Progress, Stage

Times = Mapping[Stage, float]
"""Mean seconds of a step, by stage."""

_OVERDUE = 2.0
"""Times the expected, and seconds: a step that takes longer tells that nothing is known of it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clock says."""

    elapsed: float
    """Seconds since the run began."""
    left: float | None
    """Seconds to go; None where nothing measured tells."""
    done: float | None
    """Share 0…1 that is done: of the time where that is known, else of the steps; None before the first step."""


class RunClock:
    """Is told what a run reports; remembers what the last run of each kind took."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is seconds from any beginning."""
        self._now = now
        self._last: dict[InpaintOptions, Times] = {}
        self._options: InpaintOptions | None = None
        self._began = self._step_began = self._first_step = now()
        self._step: Progress | None = None
        self._spent: dict[Stage, list[float]] = {}
        self._done = 0.0

    def begin(self) -> None:
        """A run begins."""
        self._began = self._now()
        self._options, self._step, self._done = None, None, 0.0
        self._spent = {}

    def step(self, progress: Progress, options: InpaintOptions) -> None:
        """A step begins, the one before it is over. The first step of all begins the run anew."""
        self._finish_step()
        if progress.stage_index == progress.region_index == 1:
            self._spent, self._done, self._first_step = {}, 0.0, self._now()
        self._step, self._step_began, self._options = progress, self._now(), options

    def complete(self) -> None:
        """The run is done: what it took tells the next one of its kind."""
        self._finish_step()
        if self._options is not None:
            self._last[_kind(self._options)] = self._means()

    def read(self) -> Reading:
        """What the clock says now."""
        now, step = self._now(), self._step
        if step is None:
            return Reading(now - self._began, None, None)
        left = self._left(step, now)
        if left is None:
            done = (step.stage_index - 1 + (step.region_index - 1) / step.region_count) / step.stage_count
        else:
            worked = now - self._first_step
            done = worked / (worked + left) if worked + left > 0 else 0.0
        self._done = max(self._done, done)
        return Reading(now - self._began, left, self._done)

    def _finish_step(self) -> None:
        if self._step is not None:
            self._spent.setdefault(self._step.stage, []).append(self._now() - self._step_began)
        self._step = None

    def _means(self) -> Times:
        return {stage: sum(spent) / len(spent) for stage, spent in self._spent.items()}

    def _left(self, step: Progress, now: float) -> float | None:
        expected = self._expected()
        later = tuple(Stage)[step.stage_index : step.stage_count]
        if any(stage not in expected for stage in (step.stage, *later)):
            return None
        each, in_step = expected[step.stage], now - self._step_began
        if in_step > _OVERDUE * each + _OVERDUE:
            return None
        here = max(each - in_step, 0.0) + each * (step.region_count - step.region_index)
        return here + step.region_count * sum(expected[stage] for stage in later)

    def _expected(self) -> Times:
        """Seconds of a step by stage, where anything measured tells."""
        means = self._means()
        last = self._last.get(_kind(self._options), {}) if self._options is not None else {}
        both = [stage for stage in means if last.get(stage)]
        ratio = sum(means[stage] for stage in both) / sum(last[stage] for stage in both) if both else 1.0
        return {**{stage: seconds * ratio for stage, seconds in last.items()}, **means}


def _kind(options: InpaintOptions) -> InpaintOptions:
    """Runs whose options differ in the edge or the seed alone take the same time."""
    return replace(options, grow=0, feather=0, colour_match=False, seed=0)
