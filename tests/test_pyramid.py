from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imaging import pyramid as module
from app.imaging.geometry import Rect
from app.imaging.pyramid import Pixels, Pyramid

quick = settings(deadline=None, derandomize=True, max_examples=60)
SHAPES = [(1, 1), (37, 50), (64, 64), (65, 129), (1, 100), (100, 1), (2, 3), (63, 31, 3), (64, 48, 3)]


@pytest.fixture(scope="module", autouse=True)
def small_levels() -> Iterator[None]:
    """Pyramids of tiny images have levels, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SMALLEST", 4)
        yield


def noise(shape: tuple[int, ...], seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def halved(array: Pixels) -> Pixels:
    """The definition, the plain way."""
    even = np.pad(array, [(0, side % 2) for side in array.shape[:2]] + [(0, 0)] * (array.ndim - 2), mode="edge")
    blocks = even.astype(int)
    total = blocks[::2, ::2] + blocks[1::2, ::2] + blocks[::2, 1::2] + blocks[1::2, 1::2]
    mean: Pixels = ((total + 2) // 4).astype(np.uint8)
    return mean


@pytest.mark.parametrize("shape", SHAPES)
def test_levels_are_means_of_two_by_two(shape: tuple[int, ...]) -> None:
    levels = Pyramid(noise(shape)).levels
    for larger, smaller in pairwise(levels):
        assert np.array_equal(smaller, halved(larger))
    assert max(levels[-1].shape[:2]) <= 4
    assert len(levels) == 1 or max(levels[-2].shape[:2]) > 4


@quick
@given(st.sampled_from(SHAPES), st.data())
def test_an_update_equals_a_rebuild(shape: tuple[int, ...], data: st.DataObject) -> None:
    image = noise(shape)
    pyramid = Pyramid(image)
    for seed in range(1, 4):
        x, y = data.draw(st.integers(-5, shape[1])), data.draw(st.integers(-5, shape[0]))
        rect = Rect(x, y, data.draw(st.integers(0, 40)), data.draw(st.integers(0, 40)))
        inside = rect.intersected(Rect.of_array(image))
        image[inside.slices] = noise(shape, seed)[inside.slices]
        pyramid.update(rect)
        for updated, rebuilt in zip(pyramid.levels, Pyramid(image.copy()).levels, strict=True):
            assert np.array_equal(updated, rebuilt)


def test_an_update_touches_only_what_the_rect_reaches() -> None:
    image = noise((64, 64))
    pyramid = Pyramid(image)
    before = [level.copy() for level in pyramid.levels]
    image[:] = 255 - image
    pyramid.update(Rect(17, 33, 3, 1))
    for step, (level, old) in enumerate(zip(pyramid.levels[1:], before[1:], strict=True), start=1):
        changed = np.argwhere(level != old)
        assert changed[:, 0].min() >= 33 >> step
        assert changed[:, 0].max() <= 33 >> step
        assert changed[:, 1].min() >= 17 >> step
        assert changed[:, 1].max() <= 19 >> step


def test_a_part_at_the_same_depth_fits_into_the_whole() -> None:
    image = noise((64, 60, 3))
    whole = Pyramid(image)
    part = Pyramid(image[16:48, 32:], depth=len(whole.levels))
    for step, (level, piece) in enumerate(zip(whole.levels, part.levels, strict=True)):
        assert np.array_equal(level[16 >> step : 48 >> step, 32 >> step :], piece)


def test_level_zero_is_the_array_itself() -> None:
    image = noise((20, 20))
    pyramid = Pyramid(image)
    assert pyramid.levels[0] is image
    image.flags.writeable = False
    pyramid.update(Rect(0, 0, 20, 20))


@pytest.mark.parametrize(
    ("scale", "factor"),
    [(8.0, 1), (1.0, 1), (0.51, 1), (0.5, 2), (0.26, 2), (0.25, 4), (0.2, 4), (0.125, 8), (0.001, 16)],
)
def test_level_for_has_a_pixel_for_every_view_pixel(scale: float, factor: int) -> None:
    pyramid = Pyramid(noise((64, 60, 3)))
    level, found = pyramid.level_for(scale)
    assert found == factor
    assert level.shape[:2] == (64 // factor, -(-60 // factor))
