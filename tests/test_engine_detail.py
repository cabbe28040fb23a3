"""The engine's detail step: when there is one, what it is built on; and runs that are ended in the middle of a step."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor as Pool
from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.imaging import exemplar
from app.imaging.arrays import Hole, Image, Mask
from app.imaging.masks import grown
from app.imaging.metrics import sharpness_ratio
from app.inference import engine as engine_module
from app.inference import region_job
from app.inference.coarse import CoarseFill
from app.inference.engine import Engine
from app.inference.request import (
    STAGES,
    Check,
    DeviceChoice,
    Event,
    InpaintOptions,
    InpaintRequest,
    Progress,
    RunCancelled,
    RunReport,
    Stage,
    StageResult,
    no_check,
)
from tests.networks import write_tiny_weights

SMALL = InpaintOptions(coarse="telea", working_size=128, device=DeviceChoice.CPU)
DETAIL = Stage.DETAIL


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(write_tiny_weights(tmp_path_factory.mktemp("weights")))


def photo(height: int = 300, width: int = 400) -> Image:
    """A slope with fine grain: what is enlarged is visibly smoother than what is native."""
    grain = cv2.GaussianBlur(np.random.default_rng(4).normal(0, 50, (height, width, 3)), (0, 0), 0.8)
    ramp = np.linspace(90, 160, width)[None, :, None]
    return np.clip(ramp + grain, 0, 255).astype(np.uint8)


def mask_of(image: Image, *rects: tuple[int, int, int, int]) -> Mask:
    mask = np.zeros(image.shape[:2], np.uint8)
    for x, y, width, height in rects:
        mask[y : y + height, x : x + width] = 255
    return mask


LARGE = (120, 80, 130, 110)


def run(engine: Engine, image: Image, mask: Mask, options: InpaintOptions) -> list[Event]:
    return list(engine.run(InpaintRequest(image, mask, options)))


def wholes(image: Image, events: list[Event]) -> dict[Stage, Image]:
    return {event.stage: event.laid_over(image) for event in events if isinstance(event, StageResult)}


def sharpness(image: Image, area: Hole) -> float:
    return float(np.abs(cv2.Laplacian(image.astype(np.float32), cv2.CV_32F))[area].mean())


@pytest.mark.parametrize(
    ("coarse", "built_on", "size"),
    [("telea", None, 128), ("telea", Stage.COARSE, 128), ("exemplar", Stage.COARSE, 48)],
)
def test_only_the_detail_step_is_as_sharp_as_the_photo(
    engine: Engine, coarse: str, built_on: Stage | None, size: int
) -> None:
    image = photo()
    mask = mask_of(image, LARGE)
    options = replace(SMALL, coarse=coarse, result_stage=built_on, working_size=size)
    results = wholes(image, run(engine, image, mask, options))
    assert list(results) == [*STAGES, DETAIL]
    outside, inside = grown(mask, SMALL.grow) == 0, mask > 0
    usual = sharpness(image, outside)
    for stage, whole in results.items():
        assert np.array_equal(whole[outside], image[outside])
        assert (sharpness(whole, inside) > 0.6 * usual) == (stage is DETAIL), stage


@pytest.mark.parametrize("coarse", ["telea", "ns"])
def test_a_soft_result_of_native_size_gets_detail_too(engine: Engine, coarse: str) -> None:
    image = photo()
    mask = mask_of(image, LARGE)
    options = replace(SMALL, coarse=coarse, last_stage=Stage.COARSE, working_size=512)
    events = run(engine, image, mask, options)
    assert [region.scale for event in events if isinstance(event, RunReport) for region in event.regions] == [1.0]
    results = wholes(image, events)
    assert sharpness_ratio(results[Stage.COARSE], mask > 0) < 0.3
    assert 0.75 < sharpness_ratio(results[DETAIL], mask > 0) < 1.25


def test_detail_keeps_to_the_stage_it_is_built_on(engine: Engine) -> None:
    """The stages differ much: the photograph is all waves, and the networks, untrained, keep their colours."""
    wave = 60 * np.cos(2 * np.pi * (np.arange(400) - 185) / 130)
    image = np.clip(photo() + wave[None, :, None], 0, 255).astype(np.uint8)
    mask = mask_of(image, LARGE)
    inside = cv2.erode(mask, np.ones((41, 41), np.uint8)) > 0
    for built_on in (Stage.COARSE, Stage.GLOBAL):
        results = wholes(image, run(engine, image, mask, replace(SMALL, result_stage=built_on, colour_match=False)))
        slow = {stage: cv2.blur(whole.astype(np.float32), (31, 31)) for stage, whole in results.items()}
        drift = {stage: float(np.abs(slow[DETAIL] - slow[stage])[inside].mean()) for stage in STAGES}
        assert min(drift, key=lambda stage: drift[stage]) is built_on


def test_detail_is_a_step_of_its_own_in_progress_and_times(engine: Engine) -> None:
    image = photo()
    events = run(engine, image, mask_of(image, LARGE), SMALL)
    steps = [(e.stage, e.stage_index, e.stage_count) for e in events if isinstance(e, Progress)]
    assert steps == [(stage, index, 4) for index, stage in enumerate((*STAGES, DETAIL), 1)]
    report = events[-1]
    assert isinstance(report, RunReport)
    assert list(report.seconds) == ["load", "coarse", "local", "global", "detail", "total"]
    spent = {e.stage.value: e.seconds for e in events if isinstance(e, StageResult)}
    assert {key: report.seconds[key] for key in spent} == spent


def test_regions_copied_at_native_size_come_as_they_are(engine: Engine) -> None:
    image = photo(420, 900)
    options = replace(SMALL, coarse="exemplar", last_stage=Stage.COARSE, working_size=64)
    mask = mask_of(image, (60, 90, 190, 200), (850, 380, 12, 9))
    events = run(engine, image, mask, options)
    report = events[-1]
    assert isinstance(report, RunReport)
    scales = [region.scale for region in report.regions]
    assert sum(scale == 1 for scale in scales) == 1
    coarse, detail = (event for event in events if isinstance(event, StageResult))
    for region, plain, detailed in zip(report.regions, coarse.patches, detail.patches, strict=True):
        assert (plain.pixels is detailed.pixels) == (region.scale == 1)


@pytest.mark.parametrize(
    ("rect", "options"),
    [
        ((150, 100, 20, 20), replace(SMALL, coarse="exemplar", result_stage=Stage.COARSE)),
        (LARGE, replace(SMALL, detail=False)),
        (LARGE, replace(SMALL, coarse="lgnet", exact=True)),
    ],
)
def test_where_nothing_needs_it_there_is_no_detail(
    engine: Engine, rect: tuple[int, int, int, int], options: InpaintOptions
) -> None:
    image = photo(288, 384)
    events = run(engine, image, mask_of(image, rect), options)
    assert list(wholes(image, events)) == list(STAGES)
    assert all(event.stage_count == 3 for event in events if isinstance(event, Progress))


@pytest.mark.parametrize("rows", [(DETAIL, None), (Stage.COARSE, Stage.LOCAL), (Stage.GLOBAL, DETAIL)])
def test_a_stage_that_does_not_run_cannot_be_built_on(rows: tuple[Stage, Stage | None]) -> None:
    with pytest.raises(ValueError, match=r"^(a run cannot end with|detail is not|local is not)"):
        InpaintOptions(last_stage=rows[0], result_stage=rows[1])


# Ending a run in the middle of a step


class Ended:
    """A `Check` that lets `left` calls pass and raises at every one after; counts both."""

    def __init__(self, left: int) -> None:
        self.left, self.calls, self.raised = left, 0, 0
        self._lock = threading.Lock()

    def __call__(self) -> None:
        with self._lock:
            self.calls += 1
            if self.calls > self.left:
                self.raised += 1
                raise RunCancelled


def test_the_exemplar_fill_ends_at_its_next_round(engine: Engine) -> None:
    image = photo()
    request = InpaintRequest(image, mask_of(image, LARGE), replace(SMALL, coarse="exemplar"))
    ended, seen = Ended(5), list[Event]()
    with pytest.raises(RunCancelled):
        seen.extend(engine.run(request, ended))
    assert [type(event) for event in seen][-1:] == [Progress]
    assert not any(isinstance(event, StageResult) for event in seen)
    assert 1 <= ended.raised <= 2, "once in the fill and perhaps once between the regions"


def test_the_detail_step_ends_at_its_next_check(engine: Engine) -> None:
    image = photo()
    request = InpaintRequest(image, mask_of(image, LARGE), SMALL)
    ended, seen = Ended(10**9), list[Event]()

    def watched() -> Iterator[Event]:
        for event in engine.run(request, ended):
            if isinstance(event, Progress) and event.stage is DETAIL:
                ended.left = ended.calls + 3
            yield event

    with pytest.raises(RunCancelled):
        seen.extend(watched())
    assert ended.raised == 1
    assert [event.stage for event in seen if isinstance(event, StageResult)] == list(STAGES)


@pytest.mark.parametrize("coarse", ["telea", "exemplar"])
def test_two_regions_at_their_detail_end_together(engine: Engine, monkeypatch: pytest.MonkeyPatch, coarse: str) -> None:
    """Both are in the middle of it when the run is cancelled; each notices at its own next check."""
    both_at_it = threading.Barrier(2)
    ended: list[str] = []
    cancelled = threading.Event()

    def check() -> None:
        if cancelled.is_set():
            raise RunCancelled

    def detailed(self: region_job.RegionJob, within: Check) -> None:
        both_at_it.wait(10)
        cancelled.set()
        try:
            original(self, within)
        except RunCancelled:
            ended.append(threading.current_thread().name)
            raise

    original = region_job.RegionJob.detailed
    monkeypatch.setattr(region_job.RegionJob, "detailed", detailed)
    image = photo(420, 900)
    mask = mask_of(image, (60, 60, 190, 150), (650, 200, 190, 150))
    options = replace(SMALL, coarse=coarse, last_stage=Stage.COARSE, working_size=48)
    seen: list[Event] = []
    with pytest.raises(RunCancelled):
        seen.extend(engine.run(InpaintRequest(image, mask, options), check))
    assert [event.stage for event in seen if isinstance(event, StageResult)] == [Stage.COARSE]
    assert len(set(ended)) == 2
    assert not any(thread.name in ended for thread in threading.enumerate())


def test_it_ends_between_regions_too(engine: Engine) -> None:
    image = photo(420, 900)
    mask = mask_of(image, (60, 90, 20, 20), (800, 300, 20, 20))
    request = InpaintRequest(image, mask, replace(SMALL, coarse="lgnet"))
    seen: list[Event] = []
    with pytest.raises(RunCancelled):
        seen.extend(engine.run(request, Ended(1)))
    assert [(e.stage, e.region_index) for e in seen if isinstance(e, Progress)] == [
        (Stage.COARSE, 1),
        (Stage.COARSE, 2),
    ]


def test_leaving_the_generator_waits_for_no_more_than_a_round(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two regions and one thread: while the first is filled, the run is left; the second is never begun."""
    begun: list[int] = []
    in_a_round, may_go_on = threading.Event(), threading.Event()

    def completed(image: Image, hole: Hole, check: Check = no_check, *, seed: int = 0) -> exemplar.Completion:
        begun.append(1)
        in_a_round.set()
        assert may_go_on.wait(10)
        check()
        raise AssertionError("it should have ended here")

    class OneThread(Pool):
        def __init__(self, *_: object, **__: object) -> None:
            super().__init__(1)

        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            may_go_on.set()
            super().shutdown(wait, cancel_futures=cancel_futures)

    monkeypatch.setattr(exemplar, "completed", completed)
    monkeypatch.setattr(engine_module, "ThreadPoolExecutor", OneThread)
    futures: list[Future[CoarseFill]] = []
    begin = region_job.RegionJob.begin

    def remembered(self: region_job.RegionJob, *arguments: object) -> None:
        begin(self, *arguments)  # type: ignore[arg-type]
        assert self._start is not None
        futures.append(self._start)

    monkeypatch.setattr(region_job.RegionJob, "begin", remembered)
    image = photo(420, 900)
    options = replace(SMALL, coarse="exemplar", last_stage=Stage.COARSE)
    events = engine.run(InpaintRequest(image, mask_of(image, (60, 90, 20, 20), (800, 300, 20, 20)), options))
    assert isinstance(next(events), Progress)
    assert in_a_round.wait(10)
    events.close()  # type: ignore[attr-defined]
    assert begun == [1]
    assert isinstance(futures[0].exception(), RunCancelled)
    assert futures[1].cancelled()
