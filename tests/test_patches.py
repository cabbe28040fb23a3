import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imaging.geometry import Rect, bounding_rect
from app.imaging.patches import TILE, Patch, Pixels, difference, tiles_of

quick = settings(deadline=None, derandomize=True, max_examples=60)


def noise(shape: tuple[int, ...], seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def patch_between(before: Pixels, after: Pixels) -> Patch:
    patch = Patch.between(Rect.of_array(before), before, after)
    assert patch is not None
    return patch


@pytest.mark.parametrize("tail", [(), (3,)])
@pytest.mark.parametrize("fill", [None, 9])
def test_a_patch_goes_forth_and_back(tail: tuple[int, ...], fill: int | None) -> None:
    before = noise((30, 40, *tail))
    after = before.copy()
    after[5:20, 7:33] = noise((15, 26, *tail), 1) if fill is None else fill
    patch = patch_between(before, after)
    array = before.copy()
    patch.toggle(array)
    assert np.array_equal(array, after)
    patch.toggle(array)
    assert np.array_equal(array, before)
    assert patch.rect == Rect(7, 5, 26, 15)


@quick
@given(st.data())
def test_any_change_goes_forth_and_back(data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from([(1, 1), (5, 300), (300, 300), (270, 260, 3), (1, 1, 3)]))
    before = noise(shape)
    after = before.copy()
    for seed in range(data.draw(st.integers(0, 4))):
        y, x = data.draw(st.integers(0, shape[0] - 1)), data.draw(st.integers(0, shape[1] - 1))
        side = data.draw(st.integers(1, 120))
        after[y : y + side, x : x + side] = data.draw(st.sampled_from([0, 255, noise(shape, seed)[y, x]]))
    array = before.copy()
    patches = difference(Rect.of_array(before), before, after)
    for patch in patches:
        patch.toggle(array)
    assert np.array_equal(array, after)
    for patch in reversed(patches):
        patch.toggle(array)
    assert np.array_equal(array, before)


def test_a_patch_keeps_its_place_in_the_whole() -> None:
    whole = noise((50, 60))
    rect = Rect(20, 10, 12, 9)
    after = whole.copy()
    after[12, 25] ^= 255
    patch = Patch.between(rect, whole[rect.slices], after[rect.slices])
    assert patch is not None
    assert patch.rect == Rect(25, 12, 1, 1)
    patch.toggle(whole)
    assert np.array_equal(whole, after)


def test_no_change_is_no_patch() -> None:
    image = noise((30, 40, 3))
    assert Patch.between(Rect.of_array(image), image, image.copy()) is None
    assert difference(Rect.of_array(image), image, image.copy()) == ()


def test_one_channel_is_a_change() -> None:
    before = noise((30, 40, 3))
    for channel in range(3):
        after = before.copy()
        after[3, 39, channel] ^= 1
        assert patch_between(before, after).rect == Rect(39, 3, 1, 1)


def test_smooth_changes_are_compressed_and_noise_is_not_blown_up() -> None:
    before = np.zeros((200, 200), np.uint8)
    stripes = before.copy()
    stripes[::3] = 255
    assert patch_between(before, stripes).nbytes < 2000
    assert patch_between(before, np.full_like(before, 255)).nbytes < 300
    assert patch_between(before, noise(before.shape)).nbytes < before.nbytes + 300


def test_arrays_are_not_kept() -> None:
    before, after = noise((20, 20)), noise((20, 20), 1)
    patch = patch_between(before, after)
    array, expected = before.copy(), after.copy()
    before[:], after[:] = 0, 0
    patch.toggle(array)
    assert np.array_equal(array, expected)


def test_sixteen_bits() -> None:
    before = noise((20, 20, 3)).astype(np.uint16) * 257
    after = before.copy()
    after[4:9, 3:5] += 300
    array = before.copy()
    patch_between(before, after).toggle(array)
    assert np.array_equal(array, after)


def test_far_apart_changes_cost_little() -> None:
    before = np.zeros((10 * TILE, 10 * TILE), np.uint8)
    after = before.copy()
    after[5, 5] = after[-5, -5] = 255
    patches = difference(Rect.of_array(before), before, after)
    assert len(patches) == 2
    assert bounding_rect(after).contains(patches[0].rect)
    assert sum(patch.nbytes for patch in patches) < 1000


def test_tiles_lie_on_one_grid() -> None:
    assert list(tiles_of(Rect(5, -1, 12, 3), 10)) == [Rect(x, y, 10, 10) for y in (-10, 0) for x in (0, 10)]
    assert list(tiles_of(Rect(10, 10, 10, 10), 10)) == [Rect(10, 10, 10, 10)]
    assert list(tiles_of(Rect(10, 10, 0, 10), 10)) == []
