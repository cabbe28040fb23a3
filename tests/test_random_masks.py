"""Generated holes: in their area bin, repeatable, at any size, of every kind."""

import cv2
import numpy as np
import pytest

from app.imaging.geometry import Extent
from app.imaging.random_masks import AREA_BINS, KIND_SHARES, MaskKind, mask_of_kind, random_mask, training_mask

SHAPES = [kind for kind in MaskKind if kind is not MaskKind.SCRATCHES]


def is_thin(mask):
    return np.count_nonzero(cv2.erode(mask, np.ones((7, 7), np.uint8))) < 0.05 * np.count_nonzero(mask)


@pytest.mark.parametrize("area", AREA_BINS)
@pytest.mark.parametrize("extent", [Extent(128, 128), Extent(300, 90)])
@pytest.mark.parametrize("draw", [random_mask, training_mask])
def test_the_area_lies_in_its_bin(area, extent, draw):
    for seed in range(25):
        mask = draw(np.random.default_rng(seed), extent, area)
        assert mask.shape == (extent.height, extent.width)
        assert set(np.unique(mask)) <= {0, 255}
        share = (mask > 0).mean()
        assert area[0] * 0.9 <= share <= area[1]


@pytest.mark.parametrize("area", AREA_BINS)
@pytest.mark.parametrize("kind", SHAPES)
def test_every_kind_fills_every_bin(area, kind):
    shares = [(mask_of_kind(np.random.default_rng(seed), Extent(96, 96), area, kind) > 0).mean() for seed in range(12)]
    assert all(area[0] <= share <= area[1] for share in shares)
    assert max(shares) - min(shares) > 0.02  # all over the bin, not at its edge


def test_scratches_are_thin_and_long():
    for seed in range(12):
        mask = mask_of_kind(np.random.default_rng(seed), Extent(256, 256), AREA_BINS[0], MaskKind.SCRATCHES)
        assert AREA_BINS[0][0] <= (mask > 0).mean() <= AREA_BINS[0][1]
        assert np.ptp(np.argwhere(mask), axis=0).max() > 100
        assert is_thin(mask)


def test_training_masks_hold_scratches_in_the_smallest_bin_only():
    small, large = (
        sum(is_thin(training_mask(np.random.default_rng(seed), Extent(256, 256), area)) for seed in range(100))
        for area in AREA_BINS[:2]
    )
    assert 12 <= small <= 50
    assert large <= 2


def test_the_shares_of_the_kinds_are_whole():
    assert sum(KIND_SHARES.values()) == pytest.approx(1.0)
    assert set(KIND_SHARES) == set(SHAPES)


@pytest.mark.parametrize("draw", [random_mask, training_mask])
def test_equal_seeds_give_equal_masks(draw):
    first, second = (draw(np.random.default_rng(4), Extent(99, 64), (0.2, 0.3)) for _ in range(2))
    assert np.array_equal(first, second)


def test_the_masks_of_published_figures_stay_as_they_are():
    """The tables were measured with seed 0 at 256 pixels: other masks would make them incomparable."""
    published = [1703, 9569, 16325, 22253, 26730, 36358, 2009, 9831, 15916, 21804, 27777, 34531]
    areas = [AREA_BINS[index % len(AREA_BINS)] for index in range(12)]
    drawn = [random_mask(np.random.default_rng((0, index)), Extent(256, 256), area) for index, area in enumerate(areas)]
    # lines may differ by a pixel between versions of OpenCV
    assert [np.count_nonzero(mask) for mask in drawn] == pytest.approx(published, rel=0.01)
