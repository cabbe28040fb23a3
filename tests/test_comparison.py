"""Several methods on one hole: what is run, what is told, and the figures over the hole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from app.errors import LacunaError
from app.imaging.depth import narrowed
from app.imaging.geometry import Extent, Point, Rect
from app.imaging.hole_figures import HoleMeter
from app.imaging.metrics import psnr, sharpness_ratio, similarity_map
from app.imaging.picture_sheet import GAP, Look, cell, composed, look_round
from app.inference.comparison import (
    Began,
    Brought,
    CompareEvent,
    Failed,
    Figures,
    Measured,
    Method,
    Subject,
    Told,
    compared,
    method,
)
from app.inference.request import (
    STAGES,
    Check,
    Event,
    InpaintOptions,
    InpaintRequest,
    RegionPatch,
    RunCancelled,
    Stage,
    StageResult,
)
from tests.fakes import FakeEngine

HOLE = Rect(20, 10, 30, 20)
LGNET = InpaintOptions("lgnet", result_stage=Stage.GLOBAL)
TELEA = InpaintOptions("telea", result_stage=Stage.GLOBAL)


def subject(*, is_truth: bool = True, deep: bool = False) -> Subject:
    kind = np.uint16 if deep else np.uint8
    image = np.random.default_rng(1).integers(0, np.iinfo(kind).max, (60, 90, 3), dtype=kind)
    mask = np.zeros((60, 90), np.uint8)
    mask[HOLE.slices] = 255
    return Subject(image, mask, revision=3, is_truth=is_truth)


def events(engine: FakeEngine, *methods: Method, of: Subject | None = None) -> list[CompareEvent]:
    return list(compared(of or subject(), methods, engine.run))


def brought(found: list[CompareEvent]) -> list[Brought]:
    return [each for each in found if isinstance(each, Brought)]


# methods


def test_a_method_runs_no_further_than_is_wanted() -> None:
    one = method("LGNet", LGNET, [Stage.COARSE])
    assert (one.options.last_stage, one.options.built_on) == (Stage.COARSE, Stage.COARSE)
    one = method("LGNet", LGNET, [Stage.DETAIL, Stage.LOCAL])
    assert one.wanted == (Stage.LOCAL, Stage.DETAIL)
    assert (one.options.last_stage, one.options.built_on) == (Stage.GLOBAL, Stage.GLOBAL)
    on_coarse = replace(LGNET, result_stage=Stage.COARSE)
    one = method("LGNet", on_coarse, [Stage.LOCAL, Stage.DETAIL])
    assert (one.options.last_stage, one.options.built_on) == (Stage.LOCAL, Stage.COARSE)


def test_methods_that_do_not_lead_to_what_is_wanted_are_refused() -> None:
    with pytest.raises(ValueError, match="ends with"):
        Method("LGNet", replace(LGNET, last_stage=Stage.COARSE, result_stage=Stage.COARSE), (Stage.LOCAL,))
    with pytest.raises(ValueError, match="no detail"):
        method("LGNet", replace(LGNET, detail=False), [Stage.DETAIL])


# the comparison


def test_one_run_serves_all_results_of_a_method() -> None:
    engine = FakeEngine(has_detail=True)
    found = events(engine, method("a", LGNET, tuple(Stage)), method("b", TELEA, [Stage.COARSE]))
    assert [each.options.coarse for each in engine.requests] == ["lgnet", "telea"]
    assert isinstance(found[0], Measured)
    assert [(each.index, each.stage) for each in brought(found)] == [
        *((0, stage) for stage in Stage),
        (1, Stage.COARSE),
    ]
    assert [each.seconds for each in brought(found)] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.1])
    assert [each.index for each in found if isinstance(each, Began)] == [0, 1]
    assert all(each.index in (0, 1) for each in found if isinstance(each, Told))


def test_what_is_not_to_be_used_is_none_of_any_method_s() -> None:
    engine, avoid = FakeEngine(), np.zeros((60, 90), np.uint8)
    events(engine, method("a", LGNET, [Stage.COARSE]), method("b", TELEA, [Stage.COARSE]))
    assert [each.avoid for each in engine.requests] == [None, None]
    events(engine, method("a", LGNET, [Stage.COARSE]), of=replace(subject(), avoid=avoid))
    assert engine.requests[-1].avoid is avoid


def test_what_is_not_wanted_is_not_pulled() -> None:
    engine = FakeEngine()
    found = events(engine, method("a", LGNET, [Stage.COARSE]))
    stages = [each.event.stage for each in found if isinstance(each, Told)]  # type: ignore[union-attr]
    assert stages == [Stage.COARSE]


def test_where_no_detail_is_needed_the_stage_stands_for_it() -> None:
    engine = FakeEngine(has_detail=False)
    found = brought(events(engine, method("a", LGNET, [Stage.DETAIL])))
    assert [(each.stage, each.result.stage) for each in found] == [(Stage.DETAIL, Stage.GLOBAL)]
    assert found[0].seconds == pytest.approx(0.3)


def test_the_real_engine_is_compared_stage_by_stage(tmp_path) -> None:
    from app.inference.engine import Engine
    from tests.networks import write_tiny_weights

    engine = Engine(write_tiny_weights(tmp_path))
    plain = replace(TELEA, detail=False)
    methods = [method("a", replace(plain, coarse="lgnet"), STAGES), method("b", plain, [Stage.COARSE, Stage.LOCAL])]
    found = list(compared(subject(), methods, engine.run))
    assert not [each for each in found if isinstance(each, Failed)]
    arrived = brought(found)
    assert [(each.index, each.stage) for each in arrived] == [
        *((0, stage) for stage in STAGES),
        (1, Stage.COARSE),
        (1, Stage.LOCAL),
    ]
    assert arrived[0].seconds < arrived[1].seconds < arrived[2].seconds
    assert len({each.figures.fidelity.psnr for each in arrived if each.figures.fidelity}) == 5


def test_a_method_that_fails_leaves_the_others_alone() -> None:
    def solve(request: InpaintRequest, check: Check) -> Iterator[Event]:
        if request.options.coarse == "telea":
            raise LacunaError("no")
        yield from FakeEngine().run(request, check)

    methods = [method("a", TELEA, [Stage.COARSE]), method("b", LGNET, [Stage.COARSE])]
    found = list(compared(subject(), methods, solve))
    (failure,) = [each for each in found if isinstance(each, Failed)]
    assert (failure.index, str(failure.error)) == (0, "no")
    assert [each.index for each in brought(found)] == [1]


def test_what_the_check_raises_ends_it() -> None:
    def check() -> None:
        raise RunCancelled

    with pytest.raises(RunCancelled):
        list(compared(subject(), [method("a", LGNET, [Stage.COARSE])], FakeEngine().run, check))


@pytest.mark.parametrize("deep", [False, True])
def test_figures_where_the_truth_is_known(deep: bool) -> None:
    of = subject(deep=deep)
    (one,) = brought(events(FakeEngine(), method("a", LGNET, [Stage.GLOBAL]), of=of))
    fidelity = one.figures.fidelity
    assert fidelity is not None
    truth, filled = narrowed(of.image), narrowed(one.result.laid_over(of.image))
    hole = of.mask > 127
    assert fidelity.psnr == pytest.approx(psnr(filled, truth, hole), abs=1e-4)
    assert fidelity.l1 == pytest.approx(np.abs(filled.astype(float) - truth)[hole].mean() / 255)
    assert 0 < fidelity.psnr < 20
    assert one.figures.distance is None


def test_without_the_truth_only_sharpness_is_measured() -> None:
    (one,) = brought(events(FakeEngine(), method("a", LGNET, [Stage.GLOBAL]), of=subject(is_truth=False)))
    assert one.figures == Figures(one.figures.sharpness)
    assert one.figures.sharpness < 0.5, "one colour"


def test_a_perceptual_network_that_cannot_be_read_is_told_and_the_rest_measured(tmp_path) -> None:
    path = tmp_path / "net.safetensors"
    path.write_bytes(b"none")
    of = replace(subject(), perceptual=path)
    found = events(FakeEngine(), method("a", LGNET, [Stage.COARSE]), of=of)
    assert isinstance(found[0], Failed)
    assert found[0].index is None
    assert "net.safetensors" in str(found[0].error)
    assert brought(found)[0].figures.fidelity is not None


def test_the_feature_distance_is_that_of_the_evaluation(tmp_path, monkeypatch) -> None:
    import torch

    from app.inference.distance import FeatureJudge
    from tests.samplers import few_maps

    class Network:
        def to(self, device):
            return few_maps

    monkeypatch.setattr("app.models.features.load_squeezenet", lambda path: Network())
    of = replace(subject(), perceptual=tmp_path)
    (one,) = brought(events(FakeEngine(), method("a", LGNET, [Stage.GLOBAL]), of=of))
    filled = one.result.laid_over(of.image)
    expected = FeatureJudge(few_maps, torch.device("cpu")).distance(filled, of.image, of.mask > 127)
    assert one.figures.distance == pytest.approx(expected)


def test_a_distance_that_fails_is_told_once_and_the_rest_measured(tmp_path, monkeypatch) -> None:
    class Broken:
        def distance_in(self, *_):
            raise MemoryError

    monkeypatch.setattr("app.inference.comparison._feature_judge", lambda path, device: Broken())
    of = replace(subject(), perceptual=tmp_path)
    found = events(FakeEngine(), method("a", LGNET, [Stage.COARSE, Stage.GLOBAL]), of=of)
    assert [each.index for each in found if isinstance(each, Failed)] == [None]
    assert all(each.figures.fidelity is not None and each.figures.distance is None for each in brought(found))


# figures over the hole


def pictures() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two of 700×600 pixels and a mask with two holes in several tiles."""
    rng = np.random.default_rng(3)
    first, second = (rng.integers(0, 256, (600, 700, 3), dtype=np.uint8) for _ in range(2))
    mask = np.zeros((600, 700), np.uint8)
    mask[200:300, 230:330] = mask[590:, 690:] = 255
    second[mask == 0] = first[mask == 0]
    return first, second, mask


def test_tiles_give_what_the_whole_gives() -> None:
    first, second, mask = pictures()
    hole = mask > 0
    meter = HoleMeter(mask)
    found = meter.fidelity(lambda rect: second[rect.slices], lambda rect: first[rect.slices])
    assert found.psnr == pytest.approx(psnr(second, first, hole), abs=1e-6)
    similarity = similarity_map(second.astype(np.float32), first.astype(np.float32))
    assert found.ssim == pytest.approx(float(similarity[hole].mean()), abs=1e-5)
    assert meter.sharpness(lambda rect: second[rect.slices]) == pytest.approx(sharpness_ratio(second, hole), rel=0.02)
    same = meter.fidelity(lambda rect: first[rect.slices], lambda rect: first[rect.slices])
    assert (same.psnr, same.l1) == (99.0, 0.0)
    assert same.ssim == pytest.approx(1.0)


@pytest.mark.parametrize(("ring", "hole", "least", "most"), [(0, 0, 1.0, 1.0), (0, 1, 1.0, 12.0), (60, 0, 0.0, 0.05)])
def test_what_is_flat_is_as_sharp_as_what_is_flat(ring: int, hole: int, least: float, most: float) -> None:
    """`ring` and `hole` are how many grey levels of grain there are."""
    random, mask = np.random.default_rng(7), np.zeros((120, 120), np.uint8)
    mask[40:80, 40:80] = 255
    grain = np.where(mask > 0, random.integers(0, hole + 1, mask.shape), random.integers(0, ring + 1, mask.shape))
    grain[38:42] = grain[78:82] = grain[:, 38:42] = grain[:, 78:82] = 0
    image = np.repeat((100 + grain).astype(np.uint8)[..., None], 3, axis=2)
    assert least <= HoleMeter(mask).sharpness(lambda rect: image[rect.slices]) <= most


def test_a_part_of_a_result_is_that_of_the_whole() -> None:
    rng = np.random.default_rng(4)
    image = rng.integers(0, 256, (50, 60, 3), dtype=np.uint8)
    rects = Rect(5, 5, 20, 10), Rect(20, 10, 30, 30)
    patches = tuple(
        RegionPatch(rect, rng.integers(0, 256, (rect.height, rect.width, 3), dtype=np.uint8)) for rect in rects
    )
    result = StageResult(Stage.COARSE, patches, 0.1, 0)
    part = Rect(10, 8, 25, 20)
    assert np.array_equal(result.part_over(image, part), result.laid_over(image)[part.slices])


# the sheet


def test_a_cell_shows_what_the_look_sees() -> None:
    image = np.random.default_rng(5).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    whole = Extent(60, 40)

    def part(rect: Rect) -> np.ndarray:
        return image[rect.slices]

    at_100 = cell(part, whole, Look(Point(30, 20), 1.0, Extent(20, 10)), (1, 2, 3))
    assert np.array_equal(at_100, image[15:25, 20:40])
    corner = cell(part, whole, Look(Point(0, 0), 1.0, Extent(20, 10)), (1, 2, 3))
    assert (corner[:5] == (1, 2, 3)).all()
    assert np.array_equal(corner[5:, 10:], image[:5, :10])
    twice = cell(part, whole, Look(Point(30, 20), 2.0, Extent(20, 10)), (1, 2, 3))
    assert np.array_equal(twice[1::2, ::2], image[18:23, 25:35])
    nowhere = cell(part, whole, Look(Point(500, 500), 1.0, Extent(20, 10)), (1, 2, 3))
    assert (nowhere == (1, 2, 3)).all()
    nothing = cell(None, whole, Look(Point(30, 20), 1.0, Extent(20, 10)), (1, 2, 3))
    assert nothing.shape == (10, 20, 3)
    assert (nothing == (1, 2, 3)).all()


def test_cells_stand_in_rows_below_the_heading() -> None:
    heading, strip = np.full((5, 30, 3), 9, np.uint8), np.full((4, 20, 3), 8, np.uint8)
    cells = [(strip, np.full((10, 20, 3), value, np.uint8)) for value in (50, 60, 70)]
    sheet = composed(heading, cells, 2, (0, 0, 0))
    assert sheet.shape == (5 + GAP + 2 * (14 + GAP) + GAP, 2 * (20 + GAP) + GAP, 3)
    top = 2 * GAP + 5 + 4
    assert (sheet[top, GAP] == 50).all()
    assert (sheet[top, 2 * GAP + 20] == 60).all()
    assert (sheet[top + 14 + GAP, GAP] == 70).all()


def test_the_look_round_a_hole_is_within_bounds() -> None:
    whole = Extent(5000, 4000)
    small = look_round(np.ones((30, 40), bool), Rect(100, 200, 40, 30), whole, 1600, 320)
    assert small.size == Extent(320, 320)
    assert small.area(whole).contains(Rect(100, 200, 40, 30))
    hole = np.zeros((3000, 4500), bool)
    hole[2500:2900, 3800:4300] = hole[0, 0] = True
    large = look_round(hole, Rect(100, 200, 4500, 3000), whole, 1600, 320)
    assert large.size == Extent(1600, 1600)
    assert large.area(whole).contains(Rect(3900, 2700, 500, 400)), "where most of the hole is"
