"""Regions: every hole pixel in exactly one box, context round it, few regions for many spots."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imaging.geometry import Rect
from app.inference.catalog import FINER
from app.inference.regions import MOST_PIXELS, MOST_REGIONS, plan_for, plan_regions
from app.inference.request import InpaintOptions, Stage

boxes = st.tuples(st.integers(0, 390), st.integers(0, 290), st.integers(1, 120), st.integers(1, 120))


def mask_of(rects, width=400, height=300):
    mask = np.zeros((height, width), np.uint8)
    for x, y, w, h in rects:
        mask[y : y + h, x : x + w] = 255
    return mask


@settings(max_examples=60, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=8), st.sampled_from([128, 256]))
def test_every_hole_pixel_lies_in_exactly_one_box(rects, working_size):
    mask = mask_of(rects)
    plan = plan_regions(mask, working_size)
    covered = np.zeros(mask.shape, int)
    whole = Rect.of_array(mask)
    for region, box in zip(plan.regions, plan.holes, strict=True):
        covered[box.slices] += 1
        assert region.rect.contains(box)
        assert whole.contains(region.rect)
        assert round(max(region.rect.width, region.rect.height) * region.scale) <= working_size
    assert (covered[mask > 0] == 1).all()


def test_a_small_hole_is_solved_at_its_own_size_with_context():
    plan = plan_regions(mask_of([(1000, 800, 60, 40)], 3000, 2000), 512)
    (region,) = plan.regions
    assert region.scale == 1.0
    assert (region.rect.width, region.rect.height) == (512, 512)
    assert plan.holes[0] == Rect(1000, 800, 60, 40)


def test_a_large_hole_is_scaled_to_the_working_size():
    (region,) = plan_regions(mask_of([(1000, 800, 900, 600)], 3000, 2000), 512).regions
    assert region.rect.width == 1800
    assert region.scale == pytest.approx(512 / 1800)


def test_three_hundred_dust_spots_are_a_few_regions():
    rng = np.random.default_rng(5)
    spots = [(int(rng.integers(0, 5980)), int(rng.integers(0, 3980)), 12, 12) for _ in range(300)]
    plan = plan_regions(mask_of(spots, 6000, 4000), 512)
    assert len(plan.regions) <= MOST_REGIONS


def test_ten_thousand_specks_stay_quick_and_few():
    rng = np.random.default_rng(6)
    mask = np.zeros((3000, 4000), np.uint8)
    mask[rng.integers(0, 3000, 10_000), rng.integers(0, 4000, 10_000)] = 255
    assert len(plan_regions(mask, 512).regions) <= MOST_REGIONS


def test_far_holes_are_not_made_one():
    plan = plan_regions(mask_of([(50, 50, 80, 80), (2800, 1800, 80, 80)], 3000, 2000), 512)
    assert [region.scale for region in plan.regions] == [1.0, 1.0]


def test_holes_of_an_image_no_larger_than_a_region_are_solved_at_once():
    corners = [(2, 2, 40, 40), (350, 2, 40, 40), (2, 250, 40, 40), (350, 250, 40, 40)]
    plan = plan_regions(mask_of(corners), 400)
    assert [region.rect for region in plan.regions] == [Rect(0, 0, 400, 300)]
    assert plan.holes == (Rect(2, 2, 388, 288),)
    assert len(plan_regions(mask_of(corners), 400, context_scale=0.5).regions) > 1, "less is looked at on purpose"
    assert len(plan_regions(mask_of(corners), 256).regions) > 1


def test_texture_is_copied_at_up_to_three_times_the_working_size():
    plan = plan_regions(mask_of([(1000, 800, 1000, 20)], 3000, 2000), 256)
    (region,) = plan.regions
    assert region.rect.width == 2000
    assert (region.scale, plan.finer) == (256 / 2000, (FINER * 256 / 2000,))


@pytest.mark.parametrize(("width", "scale"), [(480, 1.0), (482, 768 / 964)])
def test_nearly_native_is_native(width, scale):
    """Twice the hole is the region, and 768 / 960 is 0.8."""
    plan = plan_regions(mask_of([(1000, 800, width, 20)], 3000, 2000), 256)
    assert plan.finer == (pytest.approx(scale),)


@pytest.mark.parametrize("working_size", [512, 1024])
def test_no_more_is_copied_into_than_can_be_afforded(working_size):
    mask = mask_of([(300, 300, 1200, 1200), (3500, 300, 800, 900)], 5000, 2000)
    plan = plan_regions(mask, working_size)
    pixels = [np.count_nonzero(mask[hole.slices]) for hole in plan.holes]
    asked = sum(count * finer**2 for count, finer in zip(pixels, plan.finer, strict=True))
    assert len(plan.regions) == 2
    assert asked <= MOST_PIXELS * 1.01 or plan.finer == tuple(region.scale for region in plan.regions)
    if working_size == 512:
        assert asked > 0.9 * MOST_PIXELS, "nor much less, where it is asked for"
    assert all(finer >= region.scale for region, finer in zip(plan.regions, plan.finer, strict=True))


@pytest.mark.parametrize(
    ("options", "times"),
    [
        (InpaintOptions(coarse="exemplar", result_stage=Stage.COARSE), FINER),
        (InpaintOptions(coarse="exemplar", result_stage=Stage.GLOBAL), 1),
        (InpaintOptions(coarse="telea", result_stage=Stage.COARSE), 1),
    ],
)
def test_only_a_result_of_pieces_is_solved_where_texture_is_copied(options, times):
    mask = mask_of([(1000, 800, 1000, 20)], 3000, 2000)
    plan = plan_for(mask, replace(options, working_size=256))
    assert plan.regions[0].scale == pytest.approx(times * 256 / 2000)
    assert plan.finer == (pytest.approx(FINER * 256 / 2000),)
