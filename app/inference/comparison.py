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

from app.errors import let_go
from app.imaging.arrays import DeepImage, Image, Mask, hole_of
from app.imaging.depth import narrowed
from app.imaging.geometry import Rect
from app.imaging.hole_figures import Fidelity, HoleMeter, Part
from app.inference.request import (
    STAGES,
    Check,
    DeviceChoice,
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
    avoid: Mask | None = None
    """What of the image is not to be used, as in `InpaintRequest`."""

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
    judge.load(methods[0].options.device)
    yield from judge.troubles()
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
    request = InpaintRequest(
        subject.image, subject.mask, one.options, subject.revision, subject.contexts, subject.avoid
    )
    results: dict[Stage, StageResult] = {}
    with _closing(solve(request, check)) as events:
        for event in events:
            if isinstance(event, Progress | Notice):
                yield Told(index, event)
            elif isinstance(event, StageResult):
                results[event.stage] = event
                if event.stage in one.wanted:
                    yield _brought(index, event.stage, event, _seconds(one, event.stage, results), judge)
                    yield from judge.troubles()
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
        self._trouble: Exception | None = None

    def load(self, device: DeviceChoice) -> None:
        """Bring in what the feature distance needs, where it is wanted; where that fails, there is none."""
        subject = self._subject
        if subject.is_truth and subject.perceptual is not None:
            try:
                self._features = _feature_judge(subject.perceptual, device)
                self._windows = _feature_windows(subject.mask)
            except Exception as error:
                self._give_up(error)

    def troubles(self) -> Iterator[Failed]:
        """What went wrong with the feature distance, once."""
        if self._trouble is not None:
            trouble, self._trouble = self._trouble, None
            yield Failed(None, trouble)

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
        return Figures(sharpness, fidelity, self._distance(ours, truth))

    def _distance(self, ours: Part, truth: Part) -> float | None:
        self._check()
        try:
            return None if self._features is None else self._features.distance_in(self._windows, ours, truth)
        except Exception as error:  # such as memory that ran out: the other figures are as good
            self._give_up(error)
            return None

    def _give_up(self, error: Exception) -> None:
        let_go(error)
        self._features, self._trouble = None, error


def _feature_judge(path: Path, device: DeviceChoice) -> FeatureJudge:
    """Raises `LacunaError` where the file is no good."""
    from app.inference.device import choose_device
    from app.inference.distance import FeatureJudge
    from app.models.features import load_squeezenet

    place = choose_device(device)
    return FeatureJudge(load_squeezenet(path).to(place), place)


def _feature_windows(mask: Mask) -> list[Rect]:
    from app.inference.distance import feature_windows

    return feature_windows(hole_of(mask))


def _part(subject: Subject, result: StageResult, rect: Rect) -> Image:
    return narrowed(result.part_over(subject.image, rect))
