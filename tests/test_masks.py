import numpy as np
import numpy.typing as npt
import pytest

from app.imaging import masks
from app.imaging.arrays import Mask, hole_of
from app.imaging.geometry import EMPTY, Extent, Rect

Bools = npt.NDArray[np.bool_]


def distance_to(pixels: Bools) -> npt.NDArray[np.float64]:
    """From every pixel to the nearest of `pixels`, the plain way; infinite where there is none."""
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    best = np.full(pixels.shape, np.inf)
    for y, x in np.argwhere(pixels):
        best = np.minimum(best, np.hypot(rows - y, columns - x))
    return best


def spots(shape: tuple[int, int], count: int, seed: int = 0) -> Mask:
    mask = np.zeros(shape, np.uint8)
    rng = np.random.default_rng(seed)
    for _ in range(count):
        y, x = (int(rng.integers(0, side)) for side in shape)
        mask[y : y + int(rng.integers(1, 9)), x : x + int(rng.integers(1, 9))] = rng.choice([90, 128, 255])
    return mask


CASES = {
    "spots": spots((60, 80), 12),
    "single pixel": np.pad(np.full((1, 1), 255, np.uint8), ((20, 10), (5, 40))),
    "corner": np.pad(np.full((9, 7), 255, np.uint8), ((0, 30), (0, 30))),
    "thin image": spots((1, 90), 5),
    "1x1": np.full((1, 1), 255, np.uint8),
    "mostly hole": 255 - spots((50, 40), 5, 1),
}
cases = pytest.mark.parametrize("mask", CASES.values(), ids=CASES.keys())
lengths = pytest.mark.parametrize("px", [0, 1, 3, 8])


@cases
@lengths
def test_grown_is_all_within_a_round_distance(mask: Mask, px: int) -> None:
    assert np.array_equal(masks.grown(mask, px), np.where(distance_to(hole_of(mask)) <= px, 255, 0))


@cases
@lengths
def test_shrunk_loses_all_within_a_round_distance_of_kept_pixels(mask: Mask, px: int) -> None:
    inside = hole_of(mask) & (distance_to(~hole_of(mask)) > px)
    assert np.array_equal(masks.shrunk(mask, px), np.where(inside, 255, 0))


@cases
@lengths
def test_feathered_rises_smoothly_inside_the_hole(mask: Mask, px: int) -> None:
    share = np.minimum(distance_to(~hole_of(mask)) / np.hypot(px, 1), 1)
    expected = np.where(hole_of(mask), share**2 * (3 - 2 * share) * 255, 0)
    assert abs(masks.feathered(mask, px) - expected).max() <= 0.51


@lengths
def test_grown_then_feathered_is_full_in_the_old_hole(px: int) -> None:
    mask = spots((60, 80), 12)
    assert (masks.feathered(masks.grown(mask, px), px)[hole_of(mask)] == 255).all()


@pytest.mark.parametrize("px", [5, 40])
def test_large_masks_are_the_same_across_tiles(px: int) -> None:
    mask = np.zeros((1100, 1300), np.uint8)
    mask[500:530, 505:520] = 255
    mask[512, 1024] = 255
    mask[1020:1030, 3] = 255
    for name in ("grown", "shrunk", "feathered"):
        assert np.array_equal(getattr(masks, name)(mask, px), whole(name, mask, px)), name


def whole(name: str, mask: Mask, px: int) -> Mask:
    """The same operation tile by tile with a single tile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(masks, "_TILE", 1 << 20)
        result: Mask = getattr(masks, name)(mask, px)
        return result


def test_a_full_mask_stays_full() -> None:
    full = masks.full(Extent(700, 600))
    for changed in (masks.grown(full, 7), masks.shrunk(full, 7), masks.feathered(full, 7)):
        assert np.array_equal(changed, full)


def test_an_empty_mask_stays_empty() -> None:
    blank = masks.blank(Extent(70, 60))
    assert blank.shape == (60, 70)
    for changed in (masks.grown(blank, 7), masks.shrunk(blank, 7), masks.feathered(blank, 7)):
        assert np.array_equal(changed, blank)


def test_arguments_are_left_alone() -> None:
    mask = spots((60, 80), 12)
    before = mask.copy()
    for changed in (masks.grown(mask, 0), masks.shrunk(mask, 2), masks.inverted(mask), masks.hardened(mask)):
        assert not np.shares_memory(changed, mask)
        changed[:] = 7
    assert np.array_equal(mask, before)


def test_inverted_twice_is_the_mask() -> None:
    mask = spots((60, 80), 12)
    assert np.array_equal(hole_of(masks.inverted(mask)), ~hole_of(mask))
    assert np.array_equal(masks.inverted(masks.inverted(mask)), mask)


def test_soft_values_are_decided_by_the_threshold() -> None:
    mask = np.array([[0, 127, 128, 255]], np.uint8)
    assert masks.hardened(mask).tolist() == [[0, 0, 255, 255]]
    assert masks.hole_area(mask) == 2
    assert masks.hole_rect(mask) == Rect(2, 0, 2, 1)


def test_area_and_bounds() -> None:
    mask = np.zeros((1200, 30), np.uint8)
    assert masks.hole_area(mask) == 0
    assert masks.hole_rect(mask) == EMPTY
    mask[3, 4] = mask[1100, 20] = 200
    mask[0, 0] = 100
    assert masks.hole_area(mask) == 2
    assert masks.hole_rect(mask) == Rect(4, 3, 17, 1098)


@pytest.mark.parametrize("px", [1, 3, 10, 40])
def test_softened_is_half_at_the_border_and_reaches_as_far_as_asked(px: int) -> None:
    mask = np.zeros((60, 300), np.uint8)
    mask[:, 150:] = 255
    row = masks.softened(mask, px)[30].astype(int)
    assert (np.diff(row) >= 0).all()
    assert abs(row[149] + row[150] - 255) <= 2
    reach = max(px, 3) + 1
    assert not row[: 150 - reach].any()
    assert (row[150 + reach :] == 255).all()
    assert row[150 - max(px // 2, 1)] > 0
    assert np.array_equal(masks.softened(mask, px) > 127, mask > 127)


def test_softened_of_nothing_is_nothing() -> None:
    assert not masks.softened(np.zeros((20, 30), np.uint8), 5).any()


def test_smoothed_rounds_off_and_drops_specks_and_pinholes() -> None:
    mask = np.zeros((80, 80), np.uint8)
    mask[20:60, 20:60] = 255
    mask[40, 40] = 0
    mask[5, 5] = 255
    result = masks.smoothed(mask, 6)
    assert set(np.unique(result)) == {0, 255}
    assert result[40, 40] == 255
    assert result[5, 5] == 0
    assert result[20, 20] == 0
    assert result[40, 20] == 255
