"""Generated holes: in their area bin, repeatable, at any size."""

import numpy as np
import pytest

from app.imaging.geometry import Extent
from app.imaging.random_masks import AREA_BINS, random_mask


@pytest.mark.parametrize("area", AREA_BINS)
@pytest.mark.parametrize("extent", [Extent(128, 128), Extent(300, 90)])
def test_the_area_lies_in_its_bin(area, extent):
    for seed in range(25):
        mask = random_mask(np.random.default_rng(seed), extent, area)
        assert mask.shape == (extent.height, extent.width)
        assert set(np.unique(mask)) <= {0, 255}
        share = (mask > 0).mean()
        assert area[0] * 0.9 <= share <= area[1]


def test_equal_seeds_give_equal_masks():
    first, second = (random_mask(np.random.default_rng(4), Extent(99, 64), (0.2, 0.3)) for _ in range(2))
    assert np.array_equal(first, second)
