"""How two versions of a hole are compared: figures, pictures, rectangles."""

from __future__ import annotations

import numpy as np
import pytest

from app.imaging.colour_difference import ciede2000, lab_of_levels
from app.imaging.difference_map import SEEN, WHOLE, DifferenceMap, apart, compared, heat, laid, ramp, signed
from app.imaging.geometry import Rect

RECT = Rect(30, 20, 12, 8)


def _map(first: np.ndarray, second: np.ndarray, hole: np.ndarray | None = None) -> DifferenceMap:
    hole = np.ones(first.shape[:2], bool) if hole is None else hole
    return compared([(RECT, first, second, hole)], lambda: None)


def _random(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (8, 12, 3), dtype=np.uint8)


def test_differences_are_those_of_the_formula() -> None:
    first, second = _random(1), _random(2)
    found = _map(first, second)
    wanted = ciede2000(lab_of_levels(first.astype(np.float32)), lab_of_levels(second.astype(np.float32)))
    np.testing.assert_allclose(found.parts[0].differences, wanted, atol=1e-3)
    assert found.mean == pytest.approx(wanted.mean(), abs=1e-3)
    assert found.changed == pytest.approx((wanted > SEEN).mean())
    assert found.pixels == 96


def test_only_the_hole_counts() -> None:
    first, hole = np.full((8, 12, 3), 100, np.uint8), np.zeros((8, 12), bool)
    second = first.copy()
    second[:4], hole[2:6] = 140, True
    found = _map(first, second, hole)
    assert found.pixels == 48
    assert found.changed == 0.5
    assert found.at(30, 20) is None, "the versions differ there, but it is not hole"
    assert found.at(30, 22) == pytest.approx(2 * found.mean)
    assert found.at(30, 25) == 0
    assert found.at(5, 5) is None


def test_no_difference_and_no_hole_are_zero() -> None:
    same = _random(3)
    assert (_map(same, same).mean, _map(same, same).changed) == (0, 0)
    nothing = _map(same, _random(4), np.zeros((8, 12), bool))
    assert (nothing.pixels, nothing.mean, nothing.changed) == (0, 0, 0)
    assert compared([], lambda: None).parts == ()


def test_heat_grows_lighter_with_the_difference_and_its_amplification() -> None:
    first, second = np.full((8, 12, 3), 100, np.uint8), np.full((8, 12, 3), 100, np.uint8)
    for column in range(12):
        second[:, column] += 8 * column
    hole = np.ones((8, 12), bool)
    hole[0] = False
    (part,) = _map(first, second, hole).parts
    picture = heat(part, 1)
    light = picture[4].astype(int).sum(axis=1)
    assert (np.diff(light) > 0).all()
    assert (picture[0] == second[0]).all(), "beside the hole it is the photo"
    assert (heat(part, 16)[4, -1] == ramp()[0, -1]).all(), f"more than {WHOLE / 16} is the end of the scale"
    step = round(255 * float(part.differences[4, 5]) / WHOLE)
    assert (np.abs(picture[4, 5].astype(int) - ramp()[0, step]) <= 4).all()


def test_the_scale_is_even_in_lightness() -> None:
    lightness = lab_of_levels(ramp().astype(np.float32))[0, :, 0]
    assert (np.diff(lightness) > 0).all()
    assert np.diff(lightness).max() < 3 * np.diff(lightness).mean()


def test_signed_differences_lie_round_mid_grey() -> None:
    first, second = np.full((8, 12, 3), 100, np.uint8), np.full((8, 12, 3), 100, np.uint8)
    second[0], second[1], second[2] = 110, 90, (255, 100, 0)
    (part,) = _map(first, second).parts
    assert (signed(part, 4)[3:] == 128).all()
    assert (signed(part, 4)[0] == 148).all()
    assert (signed(part, 4)[1] == 108).all()
    assert (signed(part, 1)[2] == (206, 128, 78)).all()
    assert (signed(part, 16)[2] == (255, 128, 0)).all()


def test_a_check_ends_it() -> None:
    def check() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        compared([(RECT, _random(1), _random(2), np.ones((8, 12), bool))], check)


def test_rectangles_that_meet_are_made_one() -> None:
    one, two, three, far = Rect(0, 0, 10, 10), Rect(8, 8, 10, 10), Rect(17, 0, 5, 9), Rect(40, 40, 5, 5)
    assert apart([far, one, three, two]) == (Rect(0, 0, 22, 18), far)
    assert apart([Rect(0, 0, 0, 0)]) == ()
    assert apart([one, Rect(10, 0, 10, 10)]) == (one, Rect(10, 0, 10, 10)), "touching is not meeting"


def test_patches_are_laid_where_they_meet() -> None:
    area = np.zeros((8, 12, 3), np.uint8)
    made = laid(area, RECT, [(Rect(28, 18, 4, 4), np.full((4, 4, 3), 9, np.uint8)), (Rect(0, 0, 3, 3), area[:3, :3])])
    assert (made[:2, :2] == 9).all()
    assert made.sum() == 9 * 12
    assert not area.any()
