"""Detail at native size: the photograph is untouched outside, its texture goes on inside, odd cases do no harm."""

from __future__ import annotations

import tracemalloc

import cv2
import numpy as np
import pytest

from app.imaging import bands
from app.imaging.arrays import Image
from app.imaging.correspondence import Flags
from app.imaging.pull_push import spread
from app.inference import detail
from app.inference.detail import add_detail


def _texture(height: int, width: int, seed: int = 3) -> Image:
    """Fine noise on a slow gradient."""
    rng = np.random.default_rng(seed)
    ramp = np.linspace(90, 150, width)[None, :, None] + np.linspace(-20, 20, height)[:, None, None]
    grain = cv2.GaussianBlur(rng.normal(0, 60, (height, width, 3)), (0, 0), 1.0)
    return np.clip(ramp + grain, 0, 255).astype(np.uint8)


def _disc(height: int, width: int, row: int, column: int, radius: int) -> Flags:
    y, x = np.ogrid[:height, :width]
    return np.asarray((y - row) ** 2 + (x - column) ** 2 <= radius**2)


def _guide(photo: Image, height: int, width: int, blur: float = 0) -> Image:
    small = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), blur) if blur else small, np.uint8)


def _sharpness(image: Image, area: Flags) -> float:
    return float(np.abs(cv2.Laplacian(image.astype(np.float32), cv2.CV_32F))[area].mean())


@pytest.mark.parametrize("blur", [0, 1.5])
def test_texture_goes_on_inside(blur: float) -> None:
    photo, hole = _texture(360, 480), _disc(360, 480, 180, 230, 60)
    guide = _guide(photo, 90, 120, blur)
    spoilt = photo.copy()
    spoilt[hole] = 0
    result = add_detail(spoilt, hole, guide)
    np.testing.assert_array_equal(result[~hole], photo[~hole])
    enlarged = cv2.resize(guide, (480, 360), interpolation=cv2.INTER_CUBIC)
    outside = _disc(360, 480, 180, 230, 110) & ~hole
    assert _sharpness(enlarged, hole) < 0.3 * _sharpness(photo, outside)
    assert 0.75 < _sharpness(result, hole) / _sharpness(photo, outside) < 1.25
    drift = cv2.blur(result.astype(np.float32), (25, 25)) - cv2.blur(enlarged.astype(np.float32), (25, 25))
    assert np.abs(drift[_disc(360, 480, 180, 230, 40)]).mean() < 4


def test_equal_arguments_give_equal_results_and_stay_as_they_are() -> None:
    photo, hole = _texture(150, 190), _disc(150, 190, 70, 90, 25)
    guide = _guide(photo, 50, 63)
    before = photo.copy(), hole.copy(), guide.copy()
    for array in (photo, hole, guide):
        array.setflags(write=False)
    first, second = add_detail(photo, hole, guide), add_detail(photo, hole, guide)
    np.testing.assert_array_equal(first, second)
    for array, copy in zip((photo, hole, guide), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_what_the_photo_holds_in_the_hole_does_not_matter() -> None:
    photo, hole = _texture(120, 140), _disc(120, 140, 60, 60, 22)
    guide = _guide(photo, 60, 70)
    black, white = photo.copy(), photo.copy()
    black[hole], white[hole] = 0, 255
    np.testing.assert_array_equal(add_detail(black, hole, guide), add_detail(white, hole, guide))


def test_a_step_at_the_edge_is_taken_out() -> None:
    photo, hole = np.full((200, 200, 3), 100, np.uint8), _disc(200, 200, 100, 100, 40)
    guide = np.full((50, 50, 3), 100, np.uint8)
    guide[bands.covered_by(hole, 50, 50)] = 120
    result = add_detail(photo, hole, guide).astype(int)
    edge = hole & ~_disc(200, 200, 100, 100, 39)
    assert np.abs(result[edge] - 100).max() <= 8
    assert np.abs(result[100, 100] - 120).max() <= 2


@pytest.mark.parametrize(
    ("shape", "guide_shape", "place"),
    [
        ((101, 77), (34, 26), (50, 40, 12)),
        ((97, 131), (97, 131), (40, 40, 15)),
        ((64, 300), (11, 50), (30, 150, 10)),
        ((120, 120), (60, 60), (0, 0, 30)),
        ((120, 120), (119, 119), (60, 119, 30)),
        ((60, 60), (20, 20), (30, 30, 500)),
        ((60, 60), (20, 20), (30, 30, 35)),
        ((9, 7), (3, 2), (4, 3, 1)),
        ((5, 5), (1, 1), (2, 2, 1)),
        ((1, 1), (1, 1), (0, 0, 1)),
    ],
)
def test_any_size_and_place(shape: tuple[int, int], guide_shape: tuple[int, int], place: tuple[int, int, int]) -> None:
    photo, hole = _texture(*shape), _disc(*shape, *place)
    guide = _guide(photo, *guide_shape)
    result = add_detail(photo, hole, guide)
    assert result.shape == photo.shape
    assert result.dtype == np.uint8
    assert result is not photo
    np.testing.assert_array_equal(result[~hole], photo[~hole])
    assert np.abs(result[hole].mean() - photo[hole].mean()) < 40


def test_nothing_to_copy_from_leaves_the_enlarged_guide() -> None:
    photo, hole = _texture(80, 80), np.ones((80, 80), bool)
    guide = _guide(photo, 20, 20)
    enlarged = cv2.resize(guide, (80, 80), interpolation=cv2.INTER_CUBIC).astype(int)
    assert np.abs(add_detail(photo, hole, guide) - enlarged).max() <= 1


def test_a_guide_of_native_size_is_taken_as_it_is() -> None:
    photo, hole = _texture(60, 70), _disc(60, 70, 30, 30, 10)
    guide = _texture(60, 70, seed=9)
    result = add_detail(photo, hole, guide)
    np.testing.assert_array_equal(result[hole], guide[hole])
    np.testing.assert_array_equal(result[~hole], photo[~hole])


def test_no_hole_gives_a_copy() -> None:
    photo = _texture(40, 40)
    result = add_detail(photo, np.zeros((40, 40), bool), _guide(photo, 20, 20))
    np.testing.assert_array_equal(result, photo)
    assert not np.shares_memory(result, photo)


def test_check_is_called_between_steps_and_can_stop() -> None:
    photo, hole = _texture(120, 140), _disc(120, 140, 60, 60, 22)
    calls = 0

    def count() -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        add_detail(photo, hole, _guide(photo, 60, 70), count)
    assert calls == 5


def test_warm_up_runs() -> None:
    detail.warm_up()


def test_spread_goes_through_its_values() -> None:
    values = np.full((37, 50), 7, np.float32)
    values[:, 25:] = 11
    weights = np.zeros((37, 50), np.float32)
    weights[:, 0] = weights[:, -1] = 1
    surface = spread(values, weights)
    np.testing.assert_allclose(surface[:, 0], 7, atol=1e-4)
    np.testing.assert_allclose(surface[:, -1], 11, atol=1e-4)
    assert surface.min() >= 7 - 1e-4
    assert surface.max() <= 11 + 1e-4
    assert not spread(values, np.zeros_like(weights)).any()


def test_memory_stays_a_small_multiple_of_the_region() -> None:
    photo, hole = _texture(600, 600), _disc(600, 600, 300, 300, 80)
    guide = _guide(photo, 150, 150)
    add_detail(photo, hole, guide)
    tracemalloc.start()
    add_detail(photo, hole, guide)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * photo.nbytes
