"""The survey of a mask, and a mask as coloured pixels."""

import numpy as np
import pytest

from app.imaging.arrays import Mask
from app.imaging.geometry import Rect
from app.imaging.mask_levels import BLOCK, MaskLevels
from app.imaging.pyramid import Pyramid
from app.imaging.tint import INNER_LINE, OUTER_LINE, Sampling, sampled, tinted


def spotted(seed: int = 0) -> Mask:
    """Blank squares, full ones and noise, of a size that no square divides."""
    mask = np.zeros((3 * BLOCK + 7, 1100), np.uint8)
    mask[:BLOCK, 2 * BLOCK : 9 * BLOCK] = 255
    mask[BLOCK + 3 : 2 * BLOCK, 500:777] = np.random.default_rng(seed).integers(0, 256, (BLOCK - 3, 277))
    return mask


def grid(step: int, reach: int, side: int) -> np.ndarray:
    starts = np.arange(0, side, step)
    return np.stack([np.maximum(starts - reach, 0), np.minimum(starts + step + reach, side)], axis=1)


@pytest.mark.parametrize("mask", [np.zeros((70, 1500), np.uint8), np.full((130, 900), 255, np.uint8), spotted()])
def test_levels_and_survey_are_those_of_the_mask(mask: Mask) -> None:
    levels = MaskLevels(mask)
    assert levels.hole_pixels == np.count_nonzero(mask > 127)
    for mine, plain in zip(levels.levels, Pyramid(mask).levels, strict=True):
        assert np.array_equal(mine, plain)


def test_after_an_update_nothing_differs_from_a_new_one() -> None:
    mask = spotted()
    levels = MaskLevels(mask)
    rng = np.random.default_rng(3)
    for rect in (Rect(-5, 10, 300, 90), Rect(1000, 100, 400, 400), Rect(640, 3, 1, 1), Rect(5, 5, 0, 3)):
        inside = rect.intersected(Rect.of_array(mask))
        mask[inside.slices] = rng.choice([0, 90, 255], (inside.height, inside.width))
        levels.update(rect)
    fresh = MaskLevels(mask)
    columns, rows = grid(50, 9, mask.shape[1]), grid(40, 9, mask.shape[0])
    assert levels.hole_pixels == fresh.hole_pixels
    assert np.array_equal(levels.peaks(columns, rows), fresh.peaks(columns, rows))
    assert np.array_equal(levels.floors(columns, rows), fresh.floors(columns, rows))
    for mine, plain in zip(levels.levels, fresh.levels, strict=True):
        assert np.array_equal(mine, plain)


def test_the_survey_bounds_what_a_cell_holds() -> None:
    mask = spotted()
    levels = MaskLevels(mask)
    columns, rows = grid(90, 11, mask.shape[1]), grid(64, 11, mask.shape[0])
    peaks, floors = levels.peaks(columns, rows), levels.floors(columns, rows)
    blank = full = 0
    for i, (top, bottom) in enumerate(rows):
        for j, (left, right) in enumerate(columns):
            cell = mask[top:bottom, left:right]
            assert floors[i, j] <= cell.min() <= cell.max() <= peaks[i, j]
            blank, full = blank + (peaks[i, j] == 0), full + (floors[i, j] == 255)
    assert blank > 0
    grid_rows = np.array([[0, BLOCK]])
    assert levels.floors(np.array([[3 * BLOCK, 5 * BLOCK]]), grid_rows)[0, 0] == 255


@pytest.mark.parametrize("mask", [np.zeros((70, 1500), np.uint8), np.full((130, 900), 255, np.uint8), spotted()])
def test_a_copy_of_the_mask_is_its_own(mask: Mask) -> None:
    copy = MaskLevels(mask).copied_mask()
    assert np.array_equal(copy, mask)
    assert copy.flags.writeable
    assert not np.shares_memory(copy, mask)


@pytest.mark.parametrize("side", [3, 90, 700])
def test_the_hole_is_found_almost_exactly(side: int) -> None:
    mask = np.zeros((1500, 1700), np.uint8)
    mask[400 : 400 + side, 611 : 611 + side] = 255
    found, hole = MaskLevels(mask).hole_rect(), Rect(611, 400, side, side)
    slack = 0 if side <= 256 else 6
    assert found.contains(hole)
    assert hole.grown(slack).contains(found)


def test_without_a_hole_none_is_found() -> None:
    assert MaskLevels(np.zeros((300, 200), np.uint8)).hole_rect().is_empty


def test_smooth_sampling_lies_between_and_ends_at_the_edge() -> None:
    ramp = np.repeat(np.arange(0, 200, 10, dtype=np.uint8)[None], 12, axis=0)
    drawn = sampled(ramp, Sampling(0.75, 3.0, 2.0), 25, 15)
    x = (np.arange(25) + 0.5 - 3.0) / 0.75 - 0.5
    expected = np.clip(x * 10, 0, 190)
    assert np.abs(drawn[6, 3:18] - expected[3:18]).max() <= 1.5
    assert not drawn[:, :3].any()
    assert not drawn[:, 18:].any()
    assert not drawn[:2].any()


def test_the_line_runs_on_both_sides_of_the_border() -> None:
    table = np.arange(256, dtype=np.uint32)
    coverage = np.zeros((12, 14), np.uint8)
    coverage[4:9, 5:11] = 255
    drawn = tinted(coverage, table, 1)
    assert drawn.shape == (10, 12)
    assert drawn[5].tolist() == [0, 0, 0, OUTER_LINE, INNER_LINE, 255, 255, 255, 255, INNER_LINE, OUTER_LINE, 0]
    soft = tinted(np.full((3, 5), 1, np.uint8), table, 1)
    assert set(soft.ravel().tolist()) == {2}, "a mask's own values are never taken for a line"
