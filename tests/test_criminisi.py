"""Filling from the edge inwards: lines go on first, only known pixels are copied, odd cases do no harm."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from app.imaging import criminisi
from app.imaging import criminisi_kernels as kernels
from app.imaging.arrays import Hole, Image
from app.inference.coarse import build_coarse
from tests.filling import block, spoilt


def _filled(image: Image, hole: Hole, check: Callable[[], None] = lambda: None) -> Image:
    return criminisi.completed(image, hole, check).picture


def _noise(height: int, width: int, seed: int = 1) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


def test_repeated_texture_goes_on_exactly() -> None:
    image, hole = np.tile(_noise(12, 12), (6, 7, 1)), block(72, 84, 28, 30, 20, 24)
    np.testing.assert_array_equal(_filled(spoilt(image, hole), hole), image)


def test_a_line_goes_through_the_hole_before_the_plain_on_either_side_closes_it() -> None:
    image = np.full((80, 100, 3), 200, np.uint8)
    image[38:42] = 20
    hole = block(80, 100, 20, 40, 40, 24)
    result = _filled(spoilt(image, hole, 120), hole)
    np.testing.assert_array_equal(result[38:42], image[38:42])
    np.testing.assert_array_equal(result, image)


def test_an_isophote_into_the_front_raises_the_priority() -> None:
    image = np.full((60, 60, 3), 200, np.uint8)
    image[28:32] = 20
    hole = block(60, 60, 15, 30, 30, 30)
    colours = np.repeat(image[..., :1].astype(np.float32) / 2.55, 3, axis=2)
    seen = np.pad(colours, ((4, 4), (4, 4), (0, 0))).reshape(68, -1)
    known, priority, row_best = (~hole).astype(np.uint8), np.full((60, 60), -1.0), np.full(60, -1.0)
    kernels.refresh(seen, known, known.astype(np.float64), priority, row_best, 0, 60, 0, 60, 4)
    assert 23 <= np.unravel_index(np.argmax(priority), (60, 60))[0] <= 36
    assert priority[30, 30] > 20 * priority[20, 30] > 0
    assert priority[30, 31] == -1, "inside, not on the front"
    np.testing.assert_array_equal(row_best, priority.max(axis=1))


def test_each_pixel_is_a_copy_of_the_known_one_that_is_told() -> None:
    image, hole = _noise(60, 70), block(60, 70, 20, 60, 25, 10)
    done = criminisi.completed(spoilt(image, hole), hole)
    rows, columns = done.matches[..., 0], done.matches[..., 1]
    assert not hole[rows, columns].any()
    np.testing.assert_array_equal(done.picture, image[rows, columns])
    np.testing.assert_array_equal(done.picture[~hole], image[~hole])


def test_what_the_hole_holds_does_not_matter_and_results_repeat() -> None:
    image, hole = _noise(61, 75, seed=2), block(61, 75, 20, 30, 20, 15)
    image.setflags(write=False)
    np.testing.assert_array_equal(_filled(spoilt(image, hole, 0), hole), _filled(spoilt(image, hole, 255), hole))


def test_check_is_called_all_along_and_can_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(criminisi, "_LOOKS_AT_A_TIME", 10_000)
    image, hole, calls = _noise(70, 80), block(70, 80, 20, 20, 30, 30), list[int]()
    _filled(image, hole, lambda: calls.append(1))
    assert len(calls) > 5

    def stop() -> None:
        calls.append(1)
        if len(calls) == 3:
            raise InterruptedError

    calls.clear()
    with pytest.raises(InterruptedError):
        _filled(image, hole, stop)
    assert len(calls) == 3


@pytest.mark.parametrize("place", [(0, 0, 30, 30), (50, 60, 40, 50), (0, 45, 90, 6), (0, 30, 90, 80), (44, 55, 1, 1)])
def test_any_place(place: tuple[int, int, int, int]) -> None:
    image, hole = np.full((90, 110, 3), 77, np.uint8), block(90, 110, *place)
    np.testing.assert_array_equal(_filled(spoilt(image, hole), hole), image)


def test_sources_out_of_reach_are_found_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(criminisi, "reach_of", lambda hole: 2)
    image, hole = np.full((90, 110, 3), 77, np.uint8), block(90, 110, 0, 20, 90, 90)
    np.testing.assert_array_equal(_filled(spoilt(image, hole), hole), image)


def test_the_larger_the_hole_the_nearer_its_like_is_looked_for() -> None:
    small, large = block(512, 512, 0, 0, 50, 50), block(2000, 2000, 0, 0, 1500, 1500)
    assert criminisi.reach_of(small) == 512, "all of the picture"
    assert criminisi.reach_of(large) == criminisi.LEAST_REACH


def test_too_little_to_copy_from_is_refused_and_the_inpainter_smears() -> None:
    hole = block(30, 30, 4, 4, 22, 22)
    assert not criminisi.can_fill(hole)
    with pytest.raises(ValueError, match="too little"):
        _filled(np.zeros((30, 30, 3), np.uint8), hole)
    inpainter = build_coarse("criminisi")
    assert inpainter is not None
    assert inpainter.has_texture
    image = np.full((30, 30, 3), 50, np.uint8)
    np.testing.assert_allclose(inpainter.fill(spoilt(image, hole), hole).picture.astype(int), image, atol=4)
    everything = np.ones((30, 30), bool)
    assert inpainter.fill(image, everything).matches is None


def test_no_hole_gives_a_copy() -> None:
    image = _noise(40, 40)
    result = _filled(image, np.zeros((40, 40), bool))
    np.testing.assert_array_equal(result, image)
    assert not np.shares_memory(result, image)
