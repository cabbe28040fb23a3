"""Several methods fill one hole, one after the other. Importing this loads no torch.

A coarse inpainter runs once, however many of its results are wanted; one that fails is told, and the next one runs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import LacunaError, let_go
from app.imaging.arrays import DeepImage, Image, Mask, hole_of
from app.imaging.depth import narrowed
from app.imaging.geometry import Rect
from app.imaging.hole_figures import Fidelity, HoleMeter
from app.inference.request import (
    STAGES,
    Check,
    Event,
    InpaintOptions,
    InpaintRequest,
    Notice,
    Progress,
    RunCancelled,
    Stage,
    StageResult,
    no_check,
    stages_until,
)

if TYPE_CHECKING:  # it loads torch
    from app.inference.distance import FeatureJudge

Solve = Callable[[InpaintRequest, Check], Iterator[Event]]
"""An engine's run."""


@dataclass(frozen=True, slots=True)
class Method:
    """A coarse inpainter, and which of the results it leads to are wanted."""

    name: str
    """What the user calls it."""
    options: InpaintOptions
    wanted: tuple[Stage, ...]
    """In the order of `Stage`; DETAIL is the detail step on ``options.built_on``."""

    def __post_init__(self) -> None:
        """Raises ValueError where `options` don't lead to what is wanted."""
        last = max((self._needed(stage) for stage in self.wanted), default=-1)
        if not self.wanted or last > STAGES.index(self.options.last_stage):
            raise ValueError(f"{self.name} ends with {self.options.last_stage}, before what is wanted of it")
        if Stage.DETAIL in self.wanted and not self.options.detail:
            raise ValueError(f"{self.name} has no detail step")

    def _needed(self, stage: Stage) -> int:
        return STAGES.index(self.options.built_on if stage is Stage.DETAIL else stage)


def method(name: str, options: InpaintOptions, wanted: Sequence[Stage]) -> Method:
    """`options` with no more stages than lead to what is `wanted`, one at least; detail stays on the stage it has."""
    stages = tuple(stage for stage in Stage if stage in wanted)
    built_on = options.built_on
    last = max((built_on if stage is Stage.DETAIL else stage for stage in stages), key=STAGES.index)
    is_reached = STAGES.index(built_on) <= STAGES.index(last)
    options = replace(options, last_stage=last, result_stage=built_on if is_reached else last)
    return Method(name, options, stages)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is measured of a result, in and round the hole at native size."""

    sharpness: float
    """In the hole over that of the ring round it."""
    fidelity: Fidelity | None = None
    """None where the truth is not known."""
    distance: float | None = None
    """The feature distance; None also without a perceptual network."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The hole and what surrounds it; the arrays are never written to."""

    image: DeepImage
    mask: Mask
    contexts: tuple[Rect, ...] = ()
    revision: int = 0
    is_truth: bool = False
    """What the mask covers is what should come back."""
    perceptual: Path | None = None
    """The file of the network of the feature distance."""

    def part(self, rect: Rect) -> Image:
        """The part of the image in `rect`, at 8 bits."""
        return narrowed(self.image[rect.slices])


@dataclass(frozen=True, slots=True)
class Began:
    """The method at `index` runs now."""

    index: int


@dataclass(frozen=True, slots=True)
class Told:
    """What the engine says of the method at `index` meanwhile."""

    index: int
    event: Progress | Notice


@dataclass(frozen=True, slots=True)
class Brought:
    """One of the results that are wanted of the method at `index`."""

    index: int
    stage: Stage
    """The one that was wanted."""
    result: StageResult
    """That of another stage where no detail was needed."""
    seconds: float
    """Of all that it is made of."""
    figures: Figures


@dataclass(frozen=True, slots=True)
class Failed:
    """The method at `index` ended with an error; what it had brought stays. None: there is no feature distance."""

    index: int | None
    error: Exception


@dataclass(frozen=True, slots=True)
class Measured:
    """The first event: the figures of the photograph itself, of which only the sharpness says anything."""

    figures: Figures


CompareEvent = Measured | Began | Told | Brought | Failed


def compared(
    subject: Subject, methods: Sequence[Method], solve: Solve, check: Check = no_check
) -> Iterator[CompareEvent]:
    """Run `methods` on `subject`. What `check` raises ends it; a method's own errors end that method alone."""
    judge = Judge(subject, check)
    try:
        judge.load()
    except LacunaError as error:
        yield Failed(None, error)
    yield Measured(judge.original())
    for index, one in enumerate(methods):
        yield Began(index)
        try:
            yield from _one(subject, index, one, solve, judge, check)
        except RunCancelled:
            raise
        except Exception as error:
            let_go(error)
            yield Failed(index, error)


def _one(subject: Subject, index: int, one: Method, solve: Solve, judge: Judge, check: Check) -> Iterator[CompareEvent]:
    """Until all that is wanted is there; what the engine would do afterwards is not done."""
    request = InpaintRequest(subject.image, subject.mask, one.options, subject.revision, subject.contexts)
    results: dict[Stage, StageResult] = {}
    with _closing(solve(request, check)) as events:
        for event in events:
            if isinstance(event, Progress | Notice):
                yield Told(index, event)
            elif isinstance(event, StageResult):
                results[event.stage] = event
                if event.stage in one.wanted:
                    yield _brought(index, event.stage, event, _seconds(one, event.stage, results), judge)
            if all(stage in results for stage in one.wanted):
                return
    if Stage.DETAIL in one.wanted:  # nothing was solved below native size: the stage has it all
        built_on = one.options.built_on
        yield _brought(index, Stage.DETAIL, results[built_on], _seconds(one, built_on, results), judge)


def _brought(index: int, stage: Stage, result: StageResult, seconds: float, judge: Judge) -> Brought:
    return Brought(index, stage, result, seconds, judge.figures(result))


def _seconds(one: Method, stage: Stage, results: dict[Stage, StageResult]) -> float:
    needed = (*stages_until(one.options.built_on), stage) if stage is Stage.DETAIL else stages_until(stage)
    return sum(results[each].seconds for each in needed)


@contextlib.contextmanager
def _closing(events: Iterator[Event]) -> Iterator[Iterator[Event]]:
    try:
        yield events
    finally:
        if isinstance(events, Generator):
            events.close()


class Judge:
    """Measures the results of one comparison."""

    def __init__(self, subject: Subject, check: Check) -> None:
        self._subject, self._check = subject, check
        self._meter = HoleMeter(subject.mask)
        self._features: FeatureJudge | None = None
        self._windows: list[Rect] = []

    def load(self) -> None:
        """Bring in what the feature distance needs, where it is wanted; `LacunaError` where its file is no good."""
        subject = self._subject
        if not subject.is_truth or subject.perceptual is None:
            return
        from app.inference.device import choose_device
        from app.inference.distance import FeatureJudge, feature_windows
        from app.inference.request import DeviceChoice
        from app.models.features import load_squeezenet

        device = choose_device(DeviceChoice.AUTO)
        self._features = FeatureJudge(load_squeezenet(subject.perceptual).to(device), device)
        self._windows = feature_windows(hole_of(subject.mask))

    def original(self) -> Figures:
        """Of the photograph as it is."""
        return Figures(self._meter.sharpness(self._subject.part, self._check))

    def figures(self, result: StageResult) -> Figures:
        """Of a result."""
        ours, truth = partial(_part, self._subject, result), self._subject.part
        sharpness = self._meter.sharpness(ours, self._check)
        if not self._subject.is_truth:
            return Figures(sharpness)
        fidelity = self._meter.fidelity(ours, truth, self._check)
        self._check()
        if self._features is None:
            return Figures(sharpness, fidelity)
        return Figures(sharpness, fidelity, self._features.distance_in(self._windows, ours, truth))


def _part(subject: Subject, result: StageResult, rect: Rect) -> Image:
    return narrowed(result.part_over(subject.image, rect))
