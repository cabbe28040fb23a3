"""The engine end to end on tiny networks: what is outside the hole stays, stages arrive in turn, odd input works."""

import gc
import hashlib
import traceback
import weakref
from dataclasses import replace

import numpy as np
import pytest
import torch

from app.errors import LacunaError
from app.imaging.geometry import Rect
from app.imaging.masks import grown
from app.inference.engine import Engine
from app.inference.request import (
    STAGES,
    DeviceChoice,
    InpaintOptions,
    InpaintRequest,
    Notice,
    Progress,
    RunCancelled,
    RunReport,
    Stage,
    StageResult,
)
from app.models.weights import load_network
from tests.networks import write_tiny_weights

FAST = InpaintOptions(coarse="telea", working_size=128, device=DeviceChoice.CPU)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_tiny_weights(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def engine(weights):
    return Engine(weights)


def photo(width=200, height=150, seed=0):
    """Smooth colour with grain, so that seams and shifts would show."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    base = np.stack([x * 200 / width + 20, y * 200 / height + 20, 120 + 60 * np.sin(x / 9)], axis=-1)
    return np.clip(base + rng.normal(0, 4, base.shape), 0, 255).astype(np.uint8)


def mask_with(shape, *rects):
    mask = np.zeros(shape[:2], np.uint8)
    for x, y, w, h in rects:
        mask[y : y + h, x : x + w] = 255
    return mask


def composite(image, result):
    whole = image.copy()
    for patch in result.patches:
        whole[patch.rect.slices] = patch.pixels
    return whole


def run(engine, image, mask, options=FAST):
    events = list(engine.run(InpaintRequest(image, mask, options, revision=3)))
    results = {event.stage: composite(image, event) for event in events if isinstance(event, StageResult)}
    return events, results


@pytest.mark.parametrize("coarse", ["telea", "ns", "lgnet", "exemplar", "patchmatch", "criminisi", "biharmonic"])
def test_outside_the_grown_mask_every_bit_stays(engine, coarse):
    if coarse == "patchmatch":
        pytest.importorskip("patchmatch")
    image = photo()
    mask = mask_with(image.shape, (60, 50, 40, 30))
    kept = image.copy()
    _, results = run(engine, image, mask, replace(FAST, coarse=coarse))
    outside = grown(mask, FAST.grow) == 0
    digest = hashlib.sha256(image[outside].tobytes()).hexdigest()
    assert np.array_equal(image, kept), "the request's arrays are never written to"
    for stage in STAGES:
        assert hashlib.sha256(results[stage][outside].tobytes()).hexdigest() == digest
        assert not np.array_equal(results[stage], image)


def test_stages_and_progress_arrive_in_order(engine):
    image = photo()
    events, _ = run(engine, image, mask_with(image.shape, (60, 50, 20, 20)), replace(FAST, working_size=256))
    kinds = [(type(event), getattr(event, "stage", None)) for event in events]
    expected = [(kind, stage) for stage in Stage for kind in (Progress, StageResult)]
    assert kinds == [*expected, (RunReport, None)]
    report = events[-1]
    assert report.model == "telea + tiny"
    assert report.device == "cpu"
    assert report.hole_pixels == np.count_nonzero(grown(mask_with(image.shape, (60, 50, 20, 20)), FAST.grow))
    assert list(report.seconds) == ["load", "coarse", "local", "global", "detail", "total"]
    assert {event.revision for event in events if isinstance(event, StageResult)} == {3}


def test_coarse_is_yielded_before_local_runs(engine, monkeypatch):
    image = photo()
    request = InpaintRequest(image, mask_with(image.shape, (60, 50, 20, 20)), replace(FAST, coarse="lgnet"))
    ran = []
    network = engine.networks(torch.device("cpu"))._network
    handles = [
        part.register_forward_hook(lambda *_, name=name: ran.append(name))
        for name, part in network.stage_networks().items()
    ]
    events = engine.run(request)
    first = next(event for event in events if isinstance(event, StageResult))
    assert (first.stage, ran) == (Stage.COARSE, ["coarse"])
    events.close()
    assert ran == ["coarse"], "closing the generator cancels the stages that have not run"
    for handle in handles:
        handle.remove()


def test_no_seam_at_the_edge_of_the_hole(engine):
    """Across the hole's edge the picture steps no more than it does elsewhere."""
    image = photo()
    mask = mask_with(image.shape, (60, 50, 40, 30))
    _, results = run(engine, image, mask)
    filled = results[Stage.COARSE].astype(int)
    edge = np.abs(filled[50:80, 55] - filled[50:80, 56]).mean()
    elsewhere = np.abs(np.diff(image.astype(int), axis=1)).mean()
    assert edge < 1.5 * elsewhere


@pytest.mark.parametrize("rect", [(0, 0, 30, 30), (170, 120, 30, 30), (0, 0, 200, 20), (0, 0, 120, 150)])
def test_a_hole_at_the_border(engine, rect):
    image = photo()
    mask = mask_with(image.shape, rect)
    _, results = run(engine, image, mask)
    outside = grown(mask, FAST.grow) == 0
    assert np.array_equal(results[Stage.GLOBAL][outside], image[outside])


@pytest.mark.parametrize(("width", "height"), [(2, 1), (3, 5), (31, 17), (129, 65), (1, 40)])
@pytest.mark.parametrize("coarse", ["telea", "lgnet"])
def test_odd_and_tiny_sizes(engine, width, height, coarse):
    image = photo(width, height)
    mask = np.zeros((height, width), np.uint8)
    mask[0, 0] = 255
    _, results = run(engine, image, mask, replace(FAST, coarse=coarse, grow=0))
    assert results[Stage.GLOBAL].shape == image.shape
    assert np.array_equal(results[Stage.GLOBAL][mask == 0], image[mask == 0])


def test_a_grey_photo_stays_grey(engine):
    grey = np.repeat(photo()[..., :1], 3, axis=2)
    _, results = run(engine, grey, mask_with(grey.shape, (60, 50, 40, 30)), replace(FAST, coarse="lgnet"))
    for result in results.values():
        assert (result == result[..., :1]).all()


def test_many_spots_run_as_few_regions(engine):
    image = photo(900, 600)
    rng = np.random.default_rng(1)
    mask = np.zeros((600, 900), np.uint8)
    for _ in range(60):
        y, x = rng.integers(0, 595), rng.integers(0, 895)
        mask[y : y + 4, x : x + 4] = 255
    events, results = run(engine, image, mask, replace(FAST, last_stage=Stage.COARSE))
    assert list(results) == [Stage.COARSE, Stage.DETAIL]
    assert len(events[-1].regions) <= 12
    inside = grown(mask, FAST.grow) > 0
    assert np.abs(results[Stage.COARSE][inside].astype(int) - image[inside]).mean() < 15


def test_a_large_hole_is_scaled_and_said(engine):
    image = photo(700, 500)
    events, results = run(engine, image, mask_with(image.shape, (150, 100, 400, 300)))
    notices = [event for event in events if isinstance(event, Notice)]
    assert notices[0].text.startswith("This hole will be solved at 0.18× its size.")
    assert events[-1].warnings == (notices[0].text,)
    assert events[-1].regions[0].scale < 0.35
    assert results[Stage.GLOBAL].shape == image.shape


def test_a_chosen_context_is_what_is_solved(engine):
    image = photo(500, 400)
    mask = mask_with(image.shape, (60, 50, 20, 20), (400, 300, 20, 20))
    chosen = Rect(10, 0, 256, 190)
    request = InpaintRequest(image, mask, FAST, contexts=(chosen,))
    events = list(engine.run(request))
    first, second = events[-1].regions
    assert (first.rect, first.scale) == (chosen, 0.5)
    assert second.rect.contains(Rect(400, 300, 20, 20))
    assert {event.region for event in events if isinstance(event, Progress)} == {first, second}
    outside = grown(mask, FAST.grow) == 0
    for result in (composite(image, event) for event in events if isinstance(event, StageResult)):
        assert np.array_equal(result[outside], image[outside])
        assert not np.array_equal(result[50:70, 60:80], image[50:70, 60:80])


@pytest.mark.parametrize("working_size", [128, 256])
def test_little_to_work_from_is_said_and_done_all_the_same(engine, working_size):
    image = photo(150, 100)
    options = replace(FAST, grow=0, working_size=working_size)
    events, results = run(engine, image, mask_with(image.shape, (0, 0, 150, 92)), options)
    assert "Too little of the photo is left" in events[-1].warnings[0]
    assert list(results) == list(Stage)
    if working_size == 256:
        assert np.array_equal(results[Stage.DETAIL], results[Stage.GLOBAL]), "there is nothing to copy from"


def test_without_stages_no_weights_are_needed(tmp_path):
    image = photo()
    options = replace(FAST, last_stage=Stage.COARSE)
    _, results = run(Engine(tmp_path / "none"), image, mask_with(image.shape, (60, 50, 20, 20)), options)
    assert list(results) == [Stage.COARSE, Stage.DETAIL]
    with pytest.raises(LacunaError, match="no weights there"):
        run(Engine(tmp_path / "none"), image, mask_with(image.shape, (60, 50, 20, 20)))


def test_equal_requests_give_equal_results(engine):
    image, mask = photo(), mask_with((150, 200), (60, 50, 50, 50))
    assert np.array_equal(run(engine, image, mask)[1][Stage.GLOBAL], run(engine, image, mask)[1][Stage.GLOBAL])


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (np.zeros((150, 200), np.uint8), "empty"),
        (np.full((150, 200), 255, np.uint8), "whole image"),
        (np.full((10, 10), 255, np.uint8), "10×10"),
    ],
)
def test_a_mask_that_cannot_be_solved_gets_a_sentence(engine, mask, words):
    with pytest.raises(LacunaError, match=words):
        run(engine, photo(), mask)


@pytest.mark.parametrize(("name", "words"), [("magic", "no coarse inpainter is called magic")])
def test_an_unknown_coarse_inpainter_gets_a_sentence(engine, name, words):
    with pytest.raises(LacunaError, match=words):
        run(engine, photo(), mask_with((150, 200), (9, 9, 9, 9)), replace(FAST, coarse=name))


def test_an_absent_device_gets_a_sentence(engine):
    if torch.cuda.is_available():
        pytest.skip("this machine has the device")
    with pytest.raises(LacunaError, match="no cuda device"):
        run(engine, photo(), mask_with((150, 200), (9, 9, 9, 9)), replace(FAST, device=DeviceChoice.CUDA))


def test_exact_is_the_papers_computation(engine, weights):
    image = photo(96, 64)
    mask = mask_with(image.shape, (30, 20, 25, 25))
    events, results = run(engine, image, mask, replace(FAST, coarse="lgnet", exact=True))
    network = load_network(weights)
    x = torch.from_numpy(image).permute(2, 0, 1)[None].float() / 127.5 - 1
    m = torch.from_numpy(mask > 127)[None, None].float()
    with torch.inference_mode():
        y = x * (1 - m) + m
        for stage, part in zip(STAGES, network.stage_networks().values(), strict=True):
            y = x * (1 - m) + part(torch.cat([y, m], 1)) * m
            published = ((y[0].permute(1, 2, 0) + 1) * 127.5).numpy()
            assert np.abs(results[stage] - published).max() <= 0.51
            assert np.array_equal(results[stage][mask == 0], image[mask == 0])
    assert events[-1].hole_pixels == 625


def test_exact_takes_a_whole_image_mask_and_refuses_odd_sides(engine):
    image = photo(64, 64)
    exact = replace(FAST, coarse="lgnet", exact=True)
    _, results = run(engine, image, np.full((64, 64), 255, np.uint8), exact)
    assert results[Stage.GLOBAL].shape == image.shape
    with pytest.raises(LacunaError, match="multiples of 32"):
        run(engine, photo(70, 64), mask_with((64, 70), (5, 5, 5, 5)), exact)


@pytest.mark.parametrize("last", [0, 2, 5, 8])
def test_a_run_that_is_stopped_leaves_nothing_to_collect(engine, last):
    """Its images are free as soon as its error's frames are cleared, without the cyclic collector."""
    image = photo()
    gone, checks = weakref.ref(image), []
    mask = mask_with(image.shape, (60, 50, 40, 30), (10, 10, 15, 15))
    request = InpaintRequest(image, mask, replace(FAST, detail=True))
    del image

    def check():
        checks.append(None)
        if len(checks) > last:
            raise RunCancelled

    gc.disable()
    try:
        stopped = False
        try:
            list(engine.run(request, check))
        except RunCancelled as error:
            traceback.clear_frames(error.__traceback__)
            stopped = True
        del request, check
        assert stopped
        assert gone() is None
    finally:
        gc.enable()
