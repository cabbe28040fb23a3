"""The clock of a run: what is left is only told where something measured tells it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.inference.request import InpaintOptions, Progress, Stage
from app.ui.panels.progress_strip import span, times
from app.ui.session.run_clock import Reading, RunClock

OPTIONS = InpaintOptions()


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0
        self.clock = RunClock(lambda: self.now)

    def step(self, stage: Stage, region: int = 1, regions: int = 1, options: InpaintOptions = OPTIONS) -> None:
        index = list(Stage).index(stage) + 1
        self.clock.step(Progress(stage, index, 3, region, regions), options)

    def run(self, *seconds: float, options: InpaintOptions = OPTIONS) -> None:
        """One whole run of three stages."""
        self.clock.begin()
        for stage, taken in zip(Stage, seconds, strict=False):
            self.step(stage, options=options)
            self.now += taken
        self.clock.complete()


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_nothing_is_known_of_the_first_run(watch: Watch) -> None:
    watch.clock.begin()
    watch.now += 2
    assert watch.clock.read() == Reading(2, None, None)
    watch.step(Stage.COARSE)
    watch.now += 3
    assert watch.clock.read() == Reading(5, None, 0.0)
    watch.step(Stage.LOCAL)
    assert watch.clock.read() == Reading(5, None, pytest.approx(1 / 3))


def test_regions_of_the_last_stage_tell_what_is_left(watch: Watch) -> None:
    watch.clock.begin()
    watch.step(Stage.GLOBAL, 1, 4)
    assert watch.clock.read().left is None
    watch.now += 2
    watch.step(Stage.GLOBAL, 2, 4)
    watch.now += 0.5
    assert watch.clock.read().left == pytest.approx(5.5)


def test_the_last_run_of_the_same_options_tells_the_next(watch: Watch) -> None:
    watch.run(1, 2, 3)
    watch.clock.begin()
    watch.step(Stage.COARSE)
    assert watch.clock.read().left == pytest.approx(6)
    watch.now += 0.5
    assert watch.clock.read().left == pytest.approx(5.5)
    watch.now += 1.5
    watch.step(Stage.LOCAL)
    assert watch.clock.read().left == pytest.approx(10), "this run is half as fast"


def test_more_regions_take_longer(watch: Watch) -> None:
    watch.run(1, 2, 3)
    watch.clock.begin()
    watch.step(Stage.COARSE, 1, 2)
    assert watch.clock.read().left == pytest.approx(12)


@pytest.mark.parametrize(("changes", "known"), [({"grow": 9, "feather": 0}, True), ({"working_size": 1024}, False)])
def test_runs_of_another_kind_tell_nothing(watch: Watch, changes: dict[str, int], known: bool) -> None:
    watch.run(1, 2, 3)
    watch.clock.begin()
    watch.step(Stage.COARSE, options=replace(OPTIONS, **changes))
    assert (watch.clock.read().left is not None) == known


def test_a_step_that_takes_far_too_long_is_not_counted_down(watch: Watch) -> None:
    watch.run(1, 2, 3)
    watch.clock.begin()
    watch.step(Stage.COARSE)
    watch.now += 10
    assert watch.clock.read().left is None


def test_the_bar_never_goes_back_but_where_the_run_begins_anew(watch: Watch) -> None:
    watch.run(1, 1, 1)
    watch.clock.begin()
    watch.step(Stage.COARSE)
    seen = []
    for stage in Stage:
        watch.step(stage)
        for _ in range(5):
            watch.now += 0.7
            seen.append(watch.clock.read().done)
        if stage is Stage.GLOBAL:
            break
    assert seen == sorted(seen)
    assert seen[-1] > 0.8
    watch.step(Stage.COARSE)
    assert watch.clock.read().done == 0


def test_a_run_that_was_stopped_teaches_nothing(watch: Watch) -> None:
    watch.clock.begin()
    watch.step(Stage.COARSE)
    watch.now += 1
    watch.clock.begin()
    watch.step(Stage.COARSE)
    assert watch.clock.read().left is None


def test_words() -> None:
    assert times(Reading(0.4, None, None)) == ""
    assert times(Reading(12.9, None, 0.5)) == "12 s"
    assert times(Reading(12.0, 5.2, 0.5)) == "12 s · about 6 s left"
    assert times(Reading(0.2, 0.3, 0.5)) == ""
    assert span(125) == "2 min 5 s"
