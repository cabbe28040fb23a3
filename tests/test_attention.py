"""Where the global stage looks, and what it is told to leave out: the numbers themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from app.imaging.geometry import Point, Rect
from app.imaging.mirrored import folded, mirrored_places
from app.inference.attention_probe import ALL_LEVELS, AttentionProbe
from app.inference.coarse import Criminisi, Exemplar, PatchMatch
from app.inference.detail import add_detail
from app.inference.engine import Engine
from app.inference.networks import StageNetworks
from app.inference.request import DeviceChoice, InpaintOptions, InpaintRequest, Notice, RunReport, Stage, StageResult
from app.models.attention import NeighbourhoodAttention, positions_without
from app.models.lgnet import LGNet
from tests.networks import TINY, write_tiny_weights
from tests.test_engine import composite, mask_with, photo

FAST = InpaintOptions(coarse="lgnet", working_size=128, device=DeviceChoice.CPU)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_tiny_weights(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def engine(weights):
    return Engine(weights)


def explicit_shares(features: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
    """The whole N×N softmax in double precision, what is not allowed at minus infinity."""
    double = features.double()
    keys = torch.nn.functional.normalize(double + 1e-7, dim=1)[0].flatten(1)
    padded = torch.nn.functional.pad(double, (1, 1, 1, 1))
    height, width = features.shape[2:]
    queries = sum(padded[0, :, y : y + height, x : x + width] for y in range(3) for x in range(3)).flatten(1)
    scores = queries.T @ keys
    scores[:, ~allowed] = -torch.inf
    return torch.softmax(scores, dim=1)


@pytest.fixture(scope="module")
def features():
    torch.manual_seed(3)
    return torch.randn(1, 8, 6, 10)


def test_keys_left_out_are_those_of_an_explicit_softmax_with_minus_infinity(features):
    allowed = torch.rand(60, generator=torch.Generator().manual_seed(1)) > 0.4
    values = torch.nn.functional.normalize(features.double() + 1e-7, dim=1)[0].flatten(1)
    expected = (explicit_shares(features, allowed) @ values.T).T.reshape(1, 8, 6, 10)
    found = NeighbourhoodAttention.attend(features, torch.nonzero(allowed).flatten())
    assert (found - expected).abs().max() < 1e-5


def test_a_position_is_left_out_where_any_pixel_of_it_is_avoided():
    avoided = torch.zeros(1, 1, 32, 32)
    avoided[..., 5, 9] = 1
    assert positions_without(avoided, 2).tolist() == [each for each in range(64) if each != 1 * 8 + 2]
    assert positions_without(avoided, 4).tolist() == [1, 2, 3]


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_nothing_and_everything_left_out_are_no_restriction(value):
    assert positions_without(torch.full((1, 1, 32, 32), value), 2) is None


def test_only_the_global_stage_leaves_out_what_is_avoided():
    torch.manual_seed(0)
    network = LGNet(TINY).eval()
    image, mask, avoided = torch.rand(1, 3, 64, 64) * 2 - 1, torch.zeros(1, 1, 64, 64), torch.zeros(1, 1, 64, 64)
    mask[..., 20:40, 20:40], avoided[..., :, 48:] = 1, 1
    with torch.inference_mode():
        plain = [each.raw for each in network.stages(image, mask)]
        free = [each.raw for each in network.stages(image, mask, avoided=torch.zeros(1, 1, 64, 64))]
        choosy = [each.raw for each in network.stages(image, mask, avoided=avoided)]
    assert all(torch.equal(one, other) for one, other in zip(plain, free, strict=True))
    assert [torch.equal(one, other) for one, other in zip(plain, choosy, strict=True)] == [True, True, False]


# the probe


@pytest.fixture(scope="module")
def probe(weights):
    """Of a picture of 50×70 with a hole, an area left out, and the global stage's own input."""
    networks = StageNetworks(weights, torch.device("cpu"))
    image, hole, avoided = photo(70, 50), np.zeros((50, 70), bool), np.zeros((50, 70), bool)
    hole[20:34, 24:44], avoided[:, 52:] = True, True
    seen: dict[str, torch.Tensor] = {}
    for name, module in networks._network.globe.attentions.items():
        module.register_forward_pre_hook(lambda _, args, name=name: seen.update({name: args[0].float()}))
    with networks.watched(hole, Rect(100, 200, 140, 100)) as probes:
        list(networks.stages(image, hole, avoided=avoided, full_precision=True))
    return probes[-1], seen


@pytest.mark.parametrize(("level", "side"), [(2, 4), (3, 8), (4, 16)])
def test_a_probe_has_the_softmax_of_the_run(probe, level, side):
    found, features = probe[0], probe[1][str(level)]
    (attended,) = [each for each in found.levels if each.level == level]
    rows, columns = features.shape[2:]
    assert (attended.rows, attended.columns) == (rows, columns) == (64 // side, 96 // side)
    allowed = torch.zeros(rows * columns, dtype=torch.bool)
    allowed[attended.allowed] = True
    expected = explicit_shares(features, allowed).reshape(rows, columns, rows, columns)
    for row, column in ((5 * 4 // side, 7 * 4 // side), (0, 0)):
        shares = attended.looks_at(row, column)
        assert np.abs(shares - expected[row, column].numpy()).max() < 1e-4
        assert shares.sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("level", [2, 3, 4, ALL_LEVELS])
def test_a_map_loses_nothing_and_shows_nothing_of_the_hole_or_of_what_is_left_out(probe, level):
    side = 1 << (level or 2)
    looked = probe[0].at(Point(100 + 2 * 30, 200 + 2 * 27), level)
    assert looked.heat.shape == (-(-50 // side), -(-70 // side))
    assert looked.cell == (2 * side, 2 * side)
    assert looked.heat.sum() + looked.in_hole == pytest.approx(1, abs=1e-4)
    assert 0 < looked.in_hole < 1
    assert looked.at_known == pytest.approx(looked.heat.sum(), abs=1e-4)
    assert looked.heat[24 // side + 1 : 32 // side, 28 // side + 1 : 40 // side].sum() == 0
    if level in (2, 3):
        assert looked.heat[:, 56 // side :].sum() == 0
    x, y, width, height = looked.asked
    assert x <= 160 < x + width
    assert y <= 254 < y + height


def test_the_strongest_places_come_first_and_lie_in_the_region(probe):
    looked = probe[0].at(Point(160, 254), 2)
    shares = [spot.share for spot in looked.spots]
    assert shares == sorted(shares, reverse=True)
    assert all(100 <= spot.point.x < 240 and 200 <= spot.point.y < 300 for spot in looked.spots)
    assert sum(shares) <= looked.at_known + 1e-5


def test_a_margin_is_folded_back_onto_what_it_mirrors():
    assert mirrored_places(3, 8).tolist() == [0, 1, 2, 2, 1, 0, 0, 1]
    matrix = folded(6, 4, 4)
    assert matrix.shape == (2, 4)
    assert matrix.sum(axis=0).tolist() == [1, 1, 1, 1]
    assert matrix[:, 2].tolist() == [1, 0]  # pixels 8…11 mirror 3…0
    assert matrix[:, 1].tolist() == [0, 1]  # 4, 5, and mirrored 5, 4


# the engine


def answer(engine, image, mask, options=FAST, avoid=None, probe_at=None):
    return list(engine.run(InpaintRequest(image, mask, options, avoid=avoid, probe_at=probe_at)))


def results(events, image):
    return {each.stage: composite(image, each) for each in events if isinstance(each, StageResult)}


def test_nothing_marked_is_bit_for_bit_no_mark(engine):
    image = photo()
    mask = mask_with(image.shape, (60, 50, 40, 30))
    blank = np.zeros_like(mask)
    in_hole = mask_with(image.shape, (70, 60, 10, 10))
    taken_back = mask_with(image.shape, (110, 0, 90, 150)) // 2
    plain = results(answer(engine, image, mask), image)
    for avoid in (blank, in_hole, taken_back):
        again = results(answer(engine, image, mask, avoid=avoid), image)
        assert all(np.array_equal(plain[stage], again[stage]) for stage in plain)


def test_marks_change_the_global_stage_alone_of_the_networks(engine):
    image = photo()
    mask, avoid = mask_with(image.shape, (60, 50, 40, 30)), mask_with(image.shape, (110, 0, 90, 150))
    plain, choosy = (results(answer(engine, image, mask, avoid=each), image) for each in (None, avoid))
    assert np.array_equal(plain[Stage.COARSE], choosy[Stage.COARSE])
    assert np.array_equal(plain[Stage.LOCAL], choosy[Stage.LOCAL])
    assert not np.array_equal(plain[Stage.GLOBAL], choosy[Stage.GLOBAL])


def test_marks_on_all_that_is_known_are_passed_over_and_it_says_so(engine):
    image = photo()
    mask, avoid = mask_with(image.shape, (60, 50, 40, 30)), np.full(image.shape[:2], 255, np.uint8)
    events = answer(engine, image, mask, avoid=avoid)
    (notice,) = [each.text for each in events if isinstance(each, Notice)]
    assert "passed over" in notice
    assert notice in [str(each) for each in events[-1].warnings]
    plain = results(answer(engine, image, mask), image)
    assert np.array_equal(plain[Stage.GLOBAL], results(events, image)[Stage.GLOBAL])


def test_an_inpainter_that_cannot_leave_anything_out_says_so(engine):
    image = photo()
    mask, avoid = mask_with(image.shape, (60, 50, 40, 30)), mask_with(image.shape, (110, 0, 90, 150))
    for coarse, count in (("telea", 1), ("exemplar", 0), ("lgnet", 0)):
        events = answer(engine, image, mask, replace(FAST, coarse=coarse), avoid)
        assert len([each for each in events if isinstance(each, Notice)]) == count


def notices(events):
    return [each.text for each in events if isinstance(each, Notice)]


def test_what_is_passed_over_in_one_place_does_not_hide_what_is_not_kept_in_another(engine):
    image = photo(600, 400)
    mask = mask_with(image.shape, (40, 50, 30, 30), (500, 300, 30, 30))
    avoid = mask_with(image.shape, (0, 0, 300, 400), (560, 0, 40, 400))
    first, second = notices(answer(engine, image, mask, replace(FAST, coarse="telea"), avoid))
    assert "passed over" in first
    assert "can't leave out" in second


def test_the_exact_computation_says_what_it_does_not_keep(engine):
    image = photo(128, 96)
    mask, every = mask_with(image.shape, (60, 50, 20, 20)), mask_with(image.shape, (0, 0, 128, 96))
    some = mask_with(image.shape, (96, 0, 32, 96))
    exact = replace(FAST, exact=True)
    events = answer(engine, image, mask, exact, every)
    (notice,) = notices(events)
    assert "passed over" in notice
    assert events[-1].warnings == (notice,)
    (notice,) = notices(answer(engine, image, mask, replace(exact, coarse="telea"), some))
    assert "can't leave out" in notice
    assert not notices(answer(engine, image, mask, exact))


def test_a_request_for_a_probe_brings_one_of_the_region_and_no_results(engine):
    image = photo(600, 400)
    mask = mask_with(image.shape, (40, 50, 30, 30), (500, 300, 30, 30))
    events = answer(engine, image, mask, probe_at=Point(512, 311))
    (found,) = [each for each in events if isinstance(each, AttentionProbe)]
    assert not [each for each in events if isinstance(each, StageResult | RunReport)]
    report = answer(engine, image, mask)[-1]
    assert found.rect == next(each.rect for each in report.regions if each.rect.contains(Rect(512, 311, 1, 1)))
    assert [each.level for each in found.levels] == [2, 3, 4]
    assert 0 < found.nbytes < 4e6


def test_a_probe_does_not_change_the_runs_after_it(engine):
    image = photo()
    mask = mask_with(image.shape, (60, 50, 40, 30))
    before = results(answer(engine, image, mask), image)
    first, second = (
        next(each for each in answer(engine, image, mask, probe_at=Point(70, 60)) if isinstance(each, AttentionProbe))
        for _ in range(2)
    )
    after = results(answer(engine, image, mask), image)
    assert all(np.array_equal(before[stage], after[stage]) for stage in before)
    assert np.array_equal(first.at(Point(70, 60), 2).heat, second.at(Point(70, 60), 2).heat)
    assert not any(module._forward_pre_hooks for module in engine.networks(torch.device("cpu"))._network.modules())


@pytest.mark.parametrize("coarse", ["telea", "exemplar"])
def test_a_probe_of_a_run_on_another_inpainter_leaves_out_what_was_marked(engine, coarse):
    image = photo()
    mask, avoid = mask_with(image.shape, (60, 50, 40, 30)), mask_with(image.shape, (110, 0, 90, 150))
    options = replace(FAST, coarse=coarse)
    found = next(
        each for each in answer(engine, image, mask, options, avoid, Point(70, 60)) if isinstance(each, AttentionProbe)
    )
    looked = found.at(Point(70, 60), 2)
    first = int(np.ceil((110 - found.rect.x) / looked.cell[0]))
    assert looked.heat[:, first:].sum() == 0
    assert looked.heat.sum() > 0


def test_the_exact_computation_can_be_probed_and_leaves_out(engine):
    image = photo(128, 96)
    mask, avoid = mask_with(image.shape, (60, 50, 20, 20)), mask_with(image.shape, (96, 0, 32, 96))
    exact = replace(FAST, exact=True)
    events = answer(engine, image, mask, exact, avoid, Point(65, 55))
    (found,) = [each for each in events if isinstance(each, AttentionProbe)]
    assert found.rect == Rect(0, 0, 128, 96)
    assert found.at(Point(65, 55), 2).heat[:, 24:].sum() == 0
    plain, choosy = (results(answer(engine, image, mask, exact, each), image) for each in (None, avoid))
    assert not np.array_equal(plain[Stage.GLOBAL], choosy[Stage.GLOBAL])


# what copies


def two_grounds() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Blue grain left and above, red grain right; a hole that both touch; the red is to be left out."""
    rng = np.random.default_rng(2)
    image = np.clip(np.array([40, 60, 190]) + rng.normal(0, 12, (120, 160, 3)), 0, 255).astype(np.uint8)
    avoided = np.zeros((120, 160), bool)
    avoided[:, 90:] = True
    image[avoided] = np.clip(np.array([200, 50, 40]) + rng.normal(0, 12, (int(avoided.sum()), 3)), 0, 255)
    hole = np.zeros((120, 160), bool)
    hole[45:75, 70:110] = True
    return image, hole, avoided & ~hole


def redness(image: np.ndarray, hole: np.ndarray) -> float:
    """The share of the hole that is red."""
    return float((image[hole][:, 0] > image[hole][:, 2]).mean())


@pytest.mark.parametrize("inpainter", [Exemplar(), Exemplar(seed=3), PatchMatch(), PatchMatch(seed=3), Criminisi()])
def test_what_is_left_out_is_not_copied(inpainter):
    if isinstance(inpainter, PatchMatch):
        pytest.importorskip("patchmatch")
    image, hole, avoided = two_grounds()
    assert redness(inpainter.fill(image, hole).picture, hole) > 0.2
    done = inpainter.fill_without(image, hole, avoided)
    assert redness(done.picture, hole) < 0.05
    assert np.array_equal(done.picture[~hole], image[~hole])
    if done.matches is not None:
        places = done.matches[hole]
        assert not avoided[places[:, 0], places[:, 1]].any()


def island(free: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Red grain round a small hole, all of it marked, and blue grain, `free` pixels of it, along the border."""
    rng = np.random.default_rng(5)
    image = np.clip(np.array([40, 60, 190]) + rng.normal(0, 12, (400, 400, 3)), 0, 255).astype(np.uint8)
    inside = np.s_[free : 400 - free, free : 400 - free]
    image[inside] = image[inside][..., ::-1]
    avoid = np.zeros((400, 400), np.uint8)
    avoid[inside] = 255
    return image, mask_with(image.shape, (194, 194, 12, 12)), avoid


COPIED = replace(FAST, last_stage=Stage.COARSE, working_size=512, detail=False, colour_match=False)


@pytest.mark.parametrize("coarse", ["exemplar", "criminisi", "patchmatch"])
def test_where_all_that_is_near_is_left_out_it_copies_from_farther_away(engine, coarse):
    if coarse == "patchmatch":
        pytest.importorskip("patchmatch")
    image, mask, avoid = island(60)
    events = answer(engine, image, mask, replace(COPIED, coarse=coarse), avoid)
    assert not notices(events)
    assert redness(results(events, image)[Stage.COARSE], mask > 0) < 0.05


@pytest.mark.parametrize("size", [512, 200])
@pytest.mark.parametrize("coarse", ["exemplar", "criminisi"])
def test_marks_that_leave_too_little_to_copy_are_passed_over_and_it_says_so(engine, coarse, size):
    image, mask, avoid = island(6)
    options = replace(COPIED, coarse=coarse, working_size=size)
    contexts = (Rect(0, 0, 400, 400),)
    events = list(engine.run(InpaintRequest(image, mask, options, contexts=contexts, avoid=avoid)))
    (notice,) = notices(events)
    assert "passed over" in notice
    plain = list(engine.run(InpaintRequest(image, mask, options, contexts=contexts)))
    assert np.array_equal(results(events, image)[Stage.COARSE], results(plain, image)[Stage.COARSE])


def test_detail_too_is_taken_from_farther_away(engine):
    image, mask, avoid = island(60)
    image[avoid > 0] = 120
    image[avoid == 0] = np.random.default_rng(6).choice([40, 200], (int((avoid == 0).sum()), 1))
    events = answer(engine, image, mask, replace(FAST, working_size=512), avoid)
    found = results(events, image)
    inside = np.s_[196:204, 196:204]
    assert found[Stage.GLOBAL][inside].std() < 20
    assert found[Stage.DETAIL][inside].std() > 20


def test_detail_is_not_taken_from_what_is_left_out():
    rng = np.random.default_rng(4)
    photo = np.full((160, 160, 3), 120, np.uint8)
    photo[:, 80:] = np.clip(120 + rng.choice([-60, 60], (160, 80, 1)), 0, 255)
    hole, avoided = np.zeros((160, 160), bool), np.zeros((160, 160), bool)
    hole[60:100, 90:130], avoided[:, 72:] = True, True
    guide = np.full((80, 80, 3), 120, np.uint8)
    inside = np.s_[70:90, 100:120]  # a step at the hole's edge is evened out
    assert add_detail(photo, hole, guide)[inside].std() > 20
    assert add_detail(photo, hole, guide, avoided=avoided & ~hole)[inside].std() < 3


def test_leaving_keys_out_never_holds_a_map_of_all_pairs():
    """96×96 positions: one map of all pairs would be 324 MiB."""
    many = torch.randn(1, 4, 96, 96)
    allowed = torch.nonzero(torch.rand(96 * 96) > 0.3).flatten()
    with torch.inference_mode(), torch.profiler.profile(profile_memory=True) as profile:
        NeighbourhoodAttention.attend(many, allowed)
    assert max(abs(event.cpu_memory_usage) for event in profile.events()) < 32 * 2**20
