"""Which ways of filling a hole there are to choose from, and what scale and seed do to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.imaging import exemplar
from app.imaging.exemplar_levels import LEAST_SOURCES, Level
from app.imaging.geometry import Extent, Rect
from app.inference.allowed import AllowedFile
from app.inference.candidates import candidates
from app.inference.catalog import COARSE_INPAINTERS, CUSTOM, OWN, CoarseInfo, gives_texture
from app.inference.coarse import build_coarse
from app.inference.contexts import rescaled, tightest
from app.inference.detail import add_detail
from app.inference.regions import plan_regions
from app.inference.request import SEEDS, InpaintOptions, Stage
from app.models.known_names import KnownNetwork
from tests.test_regions import mask_of

OPTIONS = InpaintOptions(grow=0)
LARGE = mask_of([(1000, 800, 600, 500)], 3000, 2000)


def _of(ways: tuple[InpaintOptions, ...]) -> list[tuple[float, int]]:
    return [(each.context_scale, each.seed) for each in ways]


def test_scales_come_before_seeds_and_the_options_as_they_are_first() -> None:
    ways = candidates(OPTIONS, 5, LARGE)
    assert _of(ways) == [(1.0, 0), (0.7, 0), (1.5, 0), (1.0, 1), (0.7, 1)]
    assert ways[0] == OPTIONS


def test_what_is_there_is_left_out_and_then_others_follow() -> None:
    first = candidates(OPTIONS, 3, LARGE)
    assert _of(candidates(OPTIONS, 3, LARGE, there=first[:1])) == [(0.7, 0), (1.5, 0)]
    assert _of(candidates(OPTIONS, 3, LARGE, there=first)) == [(1.0, 1), (0.7, 1), (1.5, 1)]


def test_boxes_that_are_chosen_leave_the_seeds() -> None:
    ways = candidates(OPTIONS, 3, LARGE, [Rect(800, 600, 1000, 900)])
    assert _of(ways) == [(1.0, 0), (1.0, 1), (1.0, 2)]


def test_boxes_that_end_at_the_photo_are_not_tried_twice() -> None:
    mask = mask_of([(100, 80, 100, 80)], 400, 300)
    assert _of(candidates(OPTIONS, 3, mask)) == [(1.0, 0), (0.7, 0), (1.0, 1)]


def test_without_texture_only_scales_tell() -> None:
    smooth = replace(OPTIONS, coarse="lgnet", detail=False)
    ways = candidates(smooth, 5, LARGE)
    assert {each.seed for each in ways} == {0}
    assert len({each.context_scale for each in ways}) == 5
    assert candidates(replace(smooth, exact=True), 5, LARGE) == (replace(smooth, exact=True),)
    assert candidates(replace(smooth, exact=True), 5, LARGE, there=[replace(smooth, exact=True)]) == ()


def _own(network: KnownNetwork) -> InpaintOptions:
    """What a model of the user's own makes, detail included."""
    file = AllowedFile(Path("/models/own"), "abc", network)
    return replace(OPTIONS, coarse=CUSTOM.name, coarse_file=file, result_stage=CUSTOM.best_stage)


def test_texture_that_is_at_its_size_already_is_the_same_with_every_seed() -> None:
    small = mask_of([(1000, 800, 100, 80)], 3000, 2000)
    ways = candidates(_own(KnownNetwork.LAMA), 6, small)
    assert {each.seed for each in ways} == {0}
    assert len({each.context_scale for each in ways}) == 6
    assert {each.seed for each in candidates(_own(KnownNetwork.NONE), 6, small)} == {0, 1}, "soft: detail is added"
    on_all = replace(_own(KnownNetwork.LAMA), result_stage=Stage.GLOBAL)
    assert {each.seed for each in candidates(on_all, 6, small)} == {0, 1}, "networks make it soft"
    criminisi = replace(OPTIONS, coarse="criminisi", result_stage=Stage.COARSE)
    assert {each.seed for each in candidates(criminisi, 2, small, [Rect(800, 600, 512, 512)])} == {0}


def test_seeds_are_tried_where_texture_is_brought_to_its_size() -> None:
    ways = candidates(_own(KnownNetwork.LAMA), 6, LARGE)
    assert _of(ways) == [(1.0, 0), (0.7, 0), (1.5, 0), (1.5, 1), (1.5, 2), (1.5, 3)]


SELF_CONTAINED = [info for info in COARSE_INPAINTERS if not info.is_network and info.name != OWN]


@pytest.mark.parametrize("info", SELF_CONTAINED, ids=lambda info: info.name)
def test_the_catalogue_knows_whose_result_the_seed_changes_and_who_gives_texture(info: CoarseInfo) -> None:
    if info.package is not None:
        pytest.importorskip(info.package)
    image, hole = _grained()
    plain, other = build_coarse(info.name), build_coarse(info.name, seed=1)
    assert plain is not None
    assert other is not None
    is_changed = bool((plain.fill(image, hole).picture != other.fill(image, hole).picture).any())
    assert is_changed == info.is_seeded
    assert gives_texture(replace(OPTIONS, coarse=info.name)) == plain.has_texture


def test_networks_have_no_seed_and_give_no_texture() -> None:
    for info in COARSE_INPAINTERS:
        if info not in SELF_CONTAINED:
            assert not info.is_seeded
            assert not gives_texture(replace(OPTIONS, coarse=info.name))
    assert [gives_texture(_own(network)) for network in KnownNetwork] == [False, True, True]


@pytest.mark.parametrize("scale", [0.25, 0.7, 1.5, 4.0])
@pytest.mark.parametrize("hole", [(1000, 800, 600, 500), (5, 5, 40, 40), (2900, 1900, 90, 90), (0, 900, 3000, 30)])
def test_scaled_boxes_hold_the_hole_and_stay_in_the_photo(scale: float, hole: tuple[int, int, int, int]) -> None:
    mask = mask_of([hole], 3000, 2000)
    (plain,), (scaled,) = plan_regions(mask, 512).regions, plan_regions(mask, 512, context_scale=scale).regions
    assert Rect(0, 0, 3000, 2000).contains(scaled.rect)
    assert scaled.rect.contains(tightest(Rect(*hole), Extent(3000, 2000)))
    assert (scaled.rect.area - plain.rect.area) * (scale - 1) >= 0
    assert scaled.scale == pytest.approx(min(1, 512 / max(scaled.rect.width, scaled.rect.height)))


def test_a_scale_of_one_changes_nothing() -> None:
    box = Rect(3, 4, 50, 60)
    assert rescaled(box, Rect(20, 20, 4, 4), 1.0, Extent(100, 100)) is box


@pytest.mark.parametrize(
    "bad", [{"seed": -1}, {"seed": SEEDS}, {"context_scale": 0.0}, {"context_scale": float("nan")}]
)
def test_numbers_that_mean_nothing_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"seed|scaled"):
        InpaintOptions(**bad)  # type: ignore[arg-type]


def _grained() -> tuple[np.ndarray, np.ndarray]:
    image = np.random.default_rng(3).integers(60, 190, (96, 120, 3), dtype=np.uint8)
    hole = np.zeros((96, 120), bool)
    hole[36:60, 44:76] = True
    return image, hole


def test_seeds_copy_other_texture_and_each_always_the_same() -> None:
    image, hole = _grained()
    plain, first, second = (exemplar.completed(image, hole, seed=seed).picture for seed in (0, 1, 2))
    np.testing.assert_array_equal(exemplar.completed(image, hole).picture, plain)
    np.testing.assert_array_equal(exemplar.completed(image, hole, seed=1).picture, first)
    for one, other in ((plain, first), (plain, second), (first, second)):
        assert (one[hole] != other[hole]).mean() > 0.5
        np.testing.assert_array_equal(one[~hole], other[~hole])


def test_where_little_is_known_a_seed_leaves_nothing_out() -> None:
    image, hole = np.ascontiguousarray(_grained()[0][:20, :20]), np.zeros((20, 20), bool)
    hole[13:, 13:] = True
    level = Level(image.astype(np.float32), hole, 0, seed=1)
    assert np.count_nonzero(level.sources) < 2 * LEAST_SOURCES
    assert (level.sources == Level(level.image, hole, 0).sources).all()


def test_the_detail_step_searches_otherwise_with_another_seed() -> None:
    image, hole = _grained()
    guide = np.full((48, 60, 3), 125, np.uint8)
    plain, other = add_detail(image, hole, guide), add_detail(image, hole, guide, seed=1)
    assert (plain[hole] != other[hole]).any()
    np.testing.assert_array_equal(add_detail(image, hole, guide, seed=1), other)
