"""The time a stage took is that in which it was worked at, whatever else goes on between two events of a run."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.imaging.arrays import Hole, Image
from app.inference import work_time
from app.inference.coarse import CoarseFill
from app.inference.engine import Engine
from app.inference.region_job import RegionJob
from app.inference.request import (
    Check,
    DeviceChoice,
    InpaintOptions,
    InpaintRequest,
    Progress,
    RegionPatch,
    RunReport,
    Stage,
    StageResult,
    no_check,
)
from app.inference.work_time import WorkTime
from tests.networks import write_tiny_weights

LONG = 100.0
"""Seconds that others take between two events."""


class Clock:
    """Goes on where it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    result = Clock()
    monkeypatch.setattr(work_time, "perf_counter", result)
    return result


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(write_tiny_weights(tmp_path_factory.mktemp("weights")))


def test_what_goes_on_at_once_counts_once_and_pauses_do_not(clock: Clock) -> None:
    work = WorkTime()

    def span(began: float, ended: float) -> None:
        clock.now = began
        with work.measured():
            clock.now = ended

    assert work.seconds == 0
    for began, ended in ((10, 14), (12, 13), (13, 16), (20, 21)):
        span(began, ended)
    assert work.seconds == 7


def test_what_fails_took_time_too(clock: Clock) -> None:
    def fail(seconds: float) -> None:
        clock.now += seconds
        raise KeyError

    work = WorkTime()
    with pytest.raises(KeyError):
        work.spent_on(fail, 3.0)
    assert work.seconds == 3


class Filler:
    """A coarse inpainter that takes 7 seconds."""

    has_texture = False

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def fill(self, image: Image, hole: Hole, check: Check = no_check) -> CoarseFill:
        """Grey."""
        self._clock.now += 7
        return CoarseFill(np.where(hole[..., None], np.uint8(128), image))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """A worker has done its work."""
    result, original = threading.Event(), WorkTime.spent_on

    def spent_on(work: WorkTime, *arguments: Any) -> object:
        try:
            return original(work, *arguments)
        finally:
            result.set()

    monkeypatch.setattr(WorkTime, "spent_on", spent_on)
    return result


def times(engine: Engine, clock: Clock, options: InpaintOptions, done: threading.Event) -> dict[str, float]:
    """Of a run whose events are pulled by somebody who has other things to do, and does them once workers are done."""
    image = np.random.default_rng(2).integers(0, 256, (200, 300, 3), dtype=np.uint8)
    mask = np.zeros((200, 300), np.uint8)
    mask[60:140, 80:200] = 255
    found: dict[str, float] = {}
    for event in engine.run(InpaintRequest(image, mask, options)):
        if isinstance(event, Progress) and event.stage in (Stage.COARSE, Stage.DETAIL):
            assert done.wait(10)
            done.clear()
        if isinstance(event, StageResult):
            found[event.stage.value] = event.seconds
        if isinstance(event, RunReport):
            assert {stage: event.seconds[stage] for stage in found} == found
        clock.now += LONG
    return found


OPTIONS = InpaintOptions("telea", working_size=128, device=DeviceChoice.CPU, detail=False)


def test_a_filler_s_time_counts_and_that_of_others_does_not(
    engine: Engine, clock: Clock, done: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "coarse", lambda options, device: Filler(clock))
    assert times(engine, clock, OPTIONS, done) == {"coarse": 7, "local": 0, "global": 0}


def test_the_time_of_detail_is_that_of_its_workers(
    engine: Engine, clock: Clock, done: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def detailed(job: RegionJob, check: Check) -> RegionPatch:
        """Not the step itself, which is compiled when it is first wanted."""
        clock.now += 5
        assert job._basis is not None
        return job._basis[1]

    monkeypatch.setattr(RegionJob, "detailed", detailed)
    options = replace(OPTIONS, detail=True, last_stage=Stage.COARSE)
    assert times(engine, clock, options, done) == {"coarse": 0, "detail": 5}
