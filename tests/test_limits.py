"""Limits: what will fall short is known from the plan, worst first, with a number that is right."""

from __future__ import annotations

import numpy as np
import pytest

from app.imaging.geometry import Rect
from app.inference.limits import LEAST_KNOWN, LOW_SCALE, Limit, LimitKind, known_share, limits_of, quick_limits
from app.inference.regions import plan_regions
from app.inference.request import Region
from tests.test_regions import mask_of


def found(*rects, width=3000, height=2000, contexts=()):
    mask = mask_of(rects, width, height)
    return limits_of(plan_regions(mask, 512, contexts), mask)


def test_a_small_hole_has_no_limits():
    assert found((1000, 800, 60, 40)) == ()


def test_a_large_hole_is_solved_below_its_size():
    (limit,) = found((500, 500, 1400, 900))
    assert (limit.kind, limit.value) == (LimitKind.LOW_SCALE, pytest.approx(512 / 2800))
    assert limit.text.startswith("This hole will be solved at 0.18× its size. ")


def test_a_chosen_box_decides_the_scale():
    hole = (1000, 800, 300, 300)
    assert found(hole) == ()
    (limit,) = found(hole, contexts=[Rect(0, 0, 3000, 2000)])
    assert limit.value == pytest.approx(512 / 3000)


def test_a_hole_that_leaves_little_of_the_photo_is_too_large_for_its_surroundings():
    (limit,) = found((0, 0, 400, 240), width=400, height=300)
    assert (limit.kind, limit.value) == (LimitKind.SCARCE, pytest.approx(0.2))
    assert "only 20 % of its box is known" in limit.text


def test_a_hole_that_leaves_no_patch_is_said_before_running():
    (limit,) = found((0, 0, 400, 290), width=400, height=300)
    assert limit.kind is LimitKind.BARE
    (whole,) = found((0, 0, 400, 300), width=400, height=300)
    assert (whole.kind, whole.value) == (LimitKind.BARE, 0)
    assert "Too little of the photo" in whole.text


def test_scattered_specks_may_leave_pixels_and_no_patch():
    mask = np.full((300, 400), 255, np.uint8)
    mask[::2, ::2] = 0
    kinds = [limit.kind for limit in limits_of(plan_regions(mask, 512), mask)]
    assert kinds == [LimitKind.BARE]


def test_the_worst_comes_first():
    limits = found((0, 0, 3000, 1500), (2950, 1950, 20, 20))
    assert [limit.kind for limit in limits] == [LimitKind.SCARCE, LimitKind.LOW_SCALE]
    two = found((100, 100, 800, 800), (1700, 100, 900, 900))
    assert [limit.value for limit in two] == sorted(limit.value for limit in two)


def test_what_can_be_told_from_a_share_alone():
    region = Region(Rect(0, 0, 100, 100), LOW_SCALE)
    assert quick_limits(region, LEAST_KNOWN) == ()
    assert quick_limits(region, 0.1) == (Limit(LimitKind.SCARCE, region, 0.1),)
    assert known_share(2500, Rect(9, 9, 100, 50)) == 0.5


def test_others_holes_count_as_unknown():
    """A region sees everybody's hole: two that fill each other's surroundings are scarce together."""
    mask = mask_of([(0, 0, 400, 90), (0, 160, 400, 140)], 400, 300)
    limits = limits_of(plan_regions(mask, 128), mask)
    assert LimitKind.SCARCE in {limit.kind for limit in limits}
