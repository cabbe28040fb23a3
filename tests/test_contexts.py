"""Context boxes that were chosen: which holes they take, how tight they may be, and that nobody else's plan suffers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imaging.geometry import Extent, Rect
from app.inference.contexts import LEAST_MARGIN, Chosen, kept_apart, scale_of, tightest
from app.inference.regions import MOST_REGIONS, filled_mask, plan_regions
from tests.test_regions import boxes, mask_of

EXTENT = Extent(3000, 2000)


def test_a_hole_inside_a_chosen_box_is_solved_with_exactly_that_box():
    mask = mask_of([(1000, 800, 60, 40)], *EXTENT)
    chosen = Rect(700, 650, 1024, 400)
    plan = plan_regions(mask, 512, [chosen])
    assert plan.chosen == (chosen,)
    assert plan.holes == (Rect(1000, 800, 60, 40),)
    (region,) = plan.regions
    assert region.rect == chosen
    assert region.scale == 0.5


def test_a_small_box_is_solved_at_its_own_size():
    (region,) = plan_regions(mask_of([(1000, 800, 60, 40)], *EXTENT), 512, [Rect(900, 700, 300, 300)]).regions
    assert (region.rect, region.scale) == (Rect(900, 700, 300, 300), 1.0)


def test_several_holes_in_one_box_are_one_region_and_the_others_are_as_ever():
    holes = [(300, 300, 80, 80), (1500, 300, 80, 80), (2700, 1700, 80, 80)]
    mask = mask_of(holes, *EXTENT)
    alone = plan_regions(mask, 512)
    plan = plan_regions(mask, 512, [Rect(200, 200, 1500, 300)])
    assert len(alone.regions) == 3
    assert plan.holes == (Rect(300, 300, 1280, 80), Rect(2700, 1700, 80, 80))
    assert plan.regions[1] in alone.regions
    assert plan.chosen == (Rect(200, 200, 1500, 300), None)


@pytest.mark.parametrize("context", [Rect(2000, 1500, 500, 400), Rect(1010, 700, 500, 400), Rect(0, 0, 0, 0)])
def test_a_box_round_no_whole_hole_is_ignored(context):
    mask = mask_of([(1000, 800, 60, 40)], *EXTENT)
    assert plan_regions(mask, 512, [context]).regions == plan_regions(mask, 512).regions


def test_a_box_is_clipped_to_the_image_and_grown_to_its_least_margin():
    mask = mask_of([(10, 800, 600, 40)], *EXTENT)
    (region,) = plan_regions(mask, 512, [Rect(-50, 795, 665, 50)]).regions
    assert region.rect == Rect(0, 800 - 75, 10 + 600 + 75, 40 + 150)
    assert region.rect == tightest(Rect(10, 800, 600, 40), EXTENT).united(Rect(0, 795, 615, 50))


def test_the_least_margin_follows_large_holes():
    assert tightest(Rect(1000, 800, 60, 40), EXTENT) == Rect(1000, 800, 60, 40).grown(LEAST_MARGIN)
    assert tightest(Rect(1000, 800, 800, 40), EXTENT) == Rect(1000, 800, 800, 40).grown(100)


def test_the_first_of_two_boxes_round_one_hole_counts():
    mask = mask_of([(1000, 800, 60, 40)], *EXTENT)
    first, second = Rect(900, 700, 300, 300), Rect(800, 600, 500, 500)
    assert plan_regions(mask, 512, [first, second]).chosen == (first,)


def test_specks_are_not_joined_over_a_hole_with_a_box_of_its_own():
    holes = [(1000, 800, 60, 40), (900, 820, 10, 10), (1150, 820, 10, 10)]
    context = Rect(960, 760, 140, 120)
    plan = plan_regions(mask_of(holes, *EXTENT), 512, [context])
    assert plan.holes[0] == Rect(1000, 800, 60, 40)
    assert plan.regions[0].rect == context
    assert len(plan.regions) == 3


def test_many_specks_stay_few_regions_beside_a_chosen_box():
    rng = np.random.default_rng(5)
    spots = [(int(rng.integers(0, 2980)), int(rng.integers(0, 1980)), 12, 12) for _ in range(150)]
    context = Rect(1300, 900, 200, 200)
    spots = [spot for spot in spots if context.grown(80).intersected(Rect(*spot)).is_empty]
    plan = plan_regions(mask_of([*spots, (1350, 950, 90, 90)], *EXTENT), 512, [context])
    assert plan.chosen[0] == context
    assert len(plan.regions) <= 2 * MOST_REGIONS


@settings(max_examples=60, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=8), st.lists(boxes, max_size=4), st.sampled_from([128, 256]))
def test_every_hole_pixel_lies_in_exactly_one_box_with_chosen_contexts_too(rects, contexts, working_size):
    mask = mask_of(rects)
    plan = plan_regions(mask, working_size, [Rect(*each) for each in contexts])
    covered = np.zeros(mask.shape, int)
    for region, box, chosen in zip(plan.regions, plan.holes, plan.chosen, strict=True):
        covered[box.slices] += 1
        assert region.rect.contains(box)
        assert Rect.of_array(mask).contains(region.rect)
        assert region.scale == pytest.approx(scale_of(region.rect, working_size))
        if chosen is not None:
            assert region.rect.contains(tightest(box, Extent(400, 300)))
            assert region.rect.contains(chosen.intersected(Rect.of_array(mask)))
    assert (covered[mask > 0] == 1).all()


def test_holes_that_meet_a_chosen_ones_go_with_it():
    chosen = [Chosen(Rect(0, 0, 100, 100), Rect(10, 10, 80, 80)), Chosen(Rect(0, 0, 300, 90), Rect(120, 20, 50, 50))]
    free = [Rect(80, 80, 50, 50), Rect(400, 400, 10, 10)]
    apart, left = kept_apart(chosen, free)
    assert apart == [Chosen(Rect(0, 0, 100, 100), Rect(10, 10, 160, 120))]
    assert left == [Rect(400, 400, 10, 10)]


def test_growing_never_takes_the_whole_image():
    mask = mask_of([(0, 0, 396, 300)])
    assert np.array_equal(filled_mask(mask, 10), mask)
    assert np.count_nonzero(filled_mask(mask, 2)) == 398 * 300
