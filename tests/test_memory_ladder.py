"""Running out of memory, injected where it can happen: every rung in its order, said, and the result still whole."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

from app.errors import LacunaError
from app.imaging.masks import grown
from app.inference import coarse as coarse_module
from app.inference import engine as engine_module
from app.inference import region_job, regions
from app.inference.device import is_out_of_memory
from app.inference.engine import Engine
from app.inference.networks import StageNetworks
from app.inference.request import InpaintRequest, Notice, RunReport, Stage, StageResult
from tests.networks import write_tiny_weights
from tests.test_engine import FAST, composite, mask_with, photo

FROM_512 = replace(FAST, working_size=512)
HALVED = "Memory ran out: going on at a working size of 256 pixels."
ON_CPU = "Memory ran out on the graphics card: going on with the processor."
EMPTY_HANDED = "memory ran out at the smallest working size"
GPU = torch.device("cuda")
CPU = torch.device("cpu")


def cv_error() -> cv2.error:
    error = cv2.error("Insufficient memory")
    error.code = -4
    return error


ERRORS = {
    "python": MemoryError,
    "torch": lambda: RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    "words": lambda: RuntimeError("CUDA error: out of memory"),
    "cuda": lambda: torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    "opencv": cv_error,
}


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_tiny_weights(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def engine(weights):
    return Engine(weights)


def solved(engine, options=FROM_512):
    image = photo(520, 400)
    mask = mask_with(image.shape, (150, 100, 100, 80))
    events = list(engine.run(InpaintRequest(image, mask, options)))
    report = events[-1]
    assert isinstance(report, RunReport)
    results = {event.stage: composite(image, event) for event in events if isinstance(event, StageResult)}
    outside = grown(mask, options.grow) == 0
    assert list(results) == list(Stage)
    for result in results.values():
        assert np.array_equal(result[outside], image[outside])
        assert not np.array_equal(result, image)
    return [event.text for event in events if isinstance(event, Notice)], report


def fail_above(monkeypatch, place, name, error, size, side_of):
    """Let ``place.name`` raise where what it works on is longer than `size` pixels."""
    original = getattr(place, name)

    def greedy(*args, **kwargs):
        if side_of(args) > size:
            raise error()
        return original(*args, **kwargs)

    monkeypatch.setattr(place, name, greedy)


def fail_in_coarse(monkeypatch, error, size):
    """In a pool thread."""
    fail_above(monkeypatch, coarse_module.Diffusion, "fill", error, size, lambda args: max(args[1].shape))


def fail_in_detail(monkeypatch, error, size):
    """In a pool thread, by the size of the guide."""
    fail_above(monkeypatch, region_job, "_guided", error, size, lambda args: max(args[0].shape))


def fail_in_enlarging(monkeypatch, error, size):
    """In a pool thread, where texture is copied below native size."""
    monkeypatch.setattr(regions, "FINER", 1)
    monkeypatch.setattr(regions, "_NEARLY", 1.0)
    fail_above(monkeypatch, region_job, "add_detail", error, size, lambda args: max(args[2].shape))


def fail_in_network(stage):
    def fail(monkeypatch, error, size):
        stages = StageNetworks.stages

        def greedy(self, image, hole, coarse=None, **kwargs):
            for each, picture in zip(Stage, stages(self, image, hole, coarse, **kwargs), strict=True):
                if each is stage and max(hole.shape) > size:
                    raise error()
                yield picture

        monkeypatch.setattr(StageNetworks, "stages", greedy)

    return fail


PLACES = {
    "coarse": fail_in_coarse,
    "local": fail_in_network(Stage.LOCAL),
    "global": fail_in_network(Stage.GLOBAL),
    "detail": fail_in_detail,
    "enlarging": fail_in_enlarging,
}


@pytest.mark.parametrize("place", PLACES)
def test_the_first_rung_halves_the_working_size_wherever_memory_ran_out(engine, monkeypatch, place):
    # solved at 220 the region is scaled, so that texture can be copied below native size
    scaled = place == "enlarging"
    options = replace(FROM_512, working_size=220 if scaled else 512)
    monkeypatch.setattr(engine_module, "LEAST_WORKING_SIZE", 110 if scaled else 256)
    PLACES[place](monkeypatch, MemoryError, 200 if scaled else 300)
    notices, report = solved(engine, options)
    assert notices == [HALVED.replace("256", str(options.working_size // 2))]
    assert report.warnings == tuple(notices)
    assert max(region.rect.width * region.scale for region in report.regions) <= 256


@pytest.mark.parametrize("kind", ERRORS)
def test_every_way_of_saying_it_is_understood(engine, monkeypatch, kind):
    fail_in_coarse(monkeypatch, ERRORS[kind], 300)
    notices, _ = solved(engine)
    assert notices == [HALVED]


@pytest.mark.parametrize("error", [RuntimeError("shapes differ"), ValueError("out of memory"), KeyError("memory")])
def test_other_errors_are_not_taken_for_it(engine, monkeypatch, error):
    assert not is_out_of_memory(error)
    fail_in_coarse(monkeypatch, lambda: error, 0)
    with pytest.raises(type(error)):
        solved(engine)


@pytest.fixture
def on_a_gpu(monkeypatch, weights):
    """An engine that believes in a graphics card; its networks are the processor's. Returns what it asked for."""
    asked = []

    def networks(self, device):
        asked.append(device.type)
        return StageNetworks(weights, CPU)

    monkeypatch.setattr(Engine, "networks", networks)
    monkeypatch.setattr(engine_module, "choose_device", lambda choice: GPU)
    return asked


def test_the_rungs_come_in_order_512_256_processor(engine, monkeypatch, on_a_gpu):
    tries = []

    def greedy(self, stage, networks):
        tries.append(self._options.working_size)
        if on_a_gpu[-1] == "cuda":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return result(self, stage, networks)

    result = engine_module.RegionJob.result
    monkeypatch.setattr(engine_module.RegionJob, "result", greedy)
    notices, report = solved(engine)
    assert notices == [HALVED, ON_CPU]
    assert on_a_gpu == ["cuda", "cuda", "cpu"]
    assert tries == [512, 256, 256, 256, 256]
    assert report.device == "cpu"
    assert report.warnings == (HALVED, ON_CPU)


def test_the_end_of_the_ladder_is_one_clear_sentence(engine, monkeypatch):
    fail_in_network(Stage.COARSE)(monkeypatch, MemoryError, 0)
    said = []
    with pytest.raises(LacunaError, match=EMPTY_HANDED) as raised:
        said.extend(engine.run(InpaintRequest(photo(), mask_with((150, 200), (60, 50, 20, 20)), FROM_512)))
    assert [event.text for event in said if isinstance(event, Notice)] == [HALVED]
    assert isinstance(raised.value.__cause__, MemoryError)


def test_a_limit_is_said_for_the_size_that_went_through(engine, monkeypatch):
    """What was true of the larger working size alone is not in the report."""
    fail_in_coarse(monkeypatch, MemoryError, 200)
    image = photo(1000, 600)
    mask = mask_with(image.shape, (100, 100, 500, 300))
    options = replace(FAST, working_size=256, last_stage=Stage.COARSE, detail=False)
    monkeypatch.setattr(engine_module, "LEAST_WORKING_SIZE", 64)
    report = list(engine.run(InpaintRequest(image, mask, options)))[-1]
    assert [word for word in report.warnings if "solved at" in word] == [
        "This hole will be solved at 0.13× its size. Its fine detail is taken from the rest of the photo."
    ]


@pytest.mark.parametrize("step", ["result", "detailed"])
def test_memory_is_given_back_before_the_next_rung(engine, monkeypatch, step):
    """The networks of the failed attempt, and the regions it had cut out, are gone when the next one begins."""
    kept, alive = [], []
    begin = engine_module.RegionJob.begin
    original = getattr(engine_module.RegionJob, step)

    def begun(self, coarse, pool, check, work):
        gc.collect()
        alive.append([each() is not None for each in kept])
        kept.extend([weakref.ref(engine.networks(CPU)), weakref.ref(self)])
        begin(self, coarse, pool, check, work)

    def greedy(self, *args):
        if self._options.working_size > 256:
            raise MemoryError
        return original(self, *args)

    monkeypatch.setattr(engine_module.RegionJob, "begin", begun)
    monkeypatch.setattr(engine_module.RegionJob, step, greedy)
    solved(engine)
    assert alive == [[], [False, False]]


def test_after_the_ladder_the_next_run_starts_at_the_top(engine, monkeypatch):
    with monkeypatch.context() as tight:
        fail_in_coarse(tight, MemoryError, 300)
        assert solved(engine)[0] == [HALVED]
    notices, report = solved(engine)
    assert notices == []
    assert report.regions[0].scale == 1.0
