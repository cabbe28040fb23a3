"""Filling from exemplars: texture and structure go on, gradients have no seams, odd cases do no harm."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from app.imaging import exemplar
from app.imaging.arrays import Hole, Image
from tests.filling import block, spoilt


def _filled(image: Image, hole: Hole, check: Callable[[], None] = lambda: None) -> Image:
    return exemplar.completed(image, hole, check).picture


def test_repeated_texture_goes_on() -> None:
    tile = np.random.default_rng(1).integers(0, 256, (16, 16, 3)).astype(np.uint8)
    image, hole = np.tile(tile, (6, 6, 1)), block(96, 96, 38, 40, 14, 17)
    result = _filled(spoilt(image, hole), hole)
    assert np.abs(result[hole].astype(int) - image[hole]).mean() < 4


def test_a_gradient_has_no_seam() -> None:
    ramp = np.linspace(60, 190, 120)
    image = np.broadcast_to(ramp[None, :, None], (90, 120, 3)).round().astype(np.uint8)
    hole = block(90, 120, 30, 40, 28, 40)
    result = _filled(spoilt(image, hole), hole).astype(int)
    assert np.abs(np.diff(result, axis=0)).max() <= 2
    assert np.abs(np.diff(result, axis=1)).max() <= 4
    assert np.abs(result - image)[hole].max() <= 6


def test_an_edge_stays_sharp() -> None:
    image = np.full((80, 100, 3), 40, np.uint8)
    image[:, 50:] = 200
    hole = block(80, 100, 28, 36, 24, 28)
    result = _filled(spoilt(image, hole, 120), hole)
    np.testing.assert_allclose(result[hole].astype(int), image[hole], atol=2)


def test_only_the_hole_changes_and_its_content_does_not_matter() -> None:
    image = np.random.default_rng(2).integers(0, 256, (61, 75, 3)).astype(np.uint8)
    hole = block(61, 75, 20, 60, 20, 15)
    image.setflags(write=False)
    first, second = _filled(spoilt(image, hole, 0), hole), _filled(spoilt(image, hole, 255), hole)
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first[~hole], image[~hole])


def test_check_is_called_once_a_round_and_can_stop() -> None:
    image = np.random.default_rng(6).integers(0, 256, (70, 80, 3)).astype(np.uint8)
    hole, calls = block(70, 80, 20, 20, 12, 12), list[int]()
    _filled(image, hole, lambda: calls.append(1))
    rounds = len(calls)
    assert rounds >= 7, "at least two levels"

    def stop() -> None:
        calls.append(1)
        if len(calls) == rounds + 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        _filled(image, hole, stop)
    assert len(calls) == rounds + 3


@pytest.mark.parametrize("place", [(0, 0, 30, 30), (50, 60, 40, 50), (0, 45, 90, 6), (44, 55, 1, 1)])
def test_any_place(place: tuple[int, int, int, int]) -> None:
    image, hole = np.full((90, 110, 3), 77, np.uint8), block(90, 110, *place)
    result = _filled(spoilt(image, hole), hole)
    np.testing.assert_array_equal(result, image)


def test_too_little_to_copy_from_is_refused() -> None:
    hole = block(30, 30, 4, 4, 22, 22)
    assert not exemplar.can_fill(hole)
    with pytest.raises(ValueError, match="too little"):
        _filled(np.zeros((30, 30, 3), np.uint8), hole)


def test_no_hole_gives_a_copy() -> None:
    image = np.random.default_rng(3).integers(0, 256, (40, 40, 3)).astype(np.uint8)
    result = _filled(image, np.zeros((40, 40), bool))
    np.testing.assert_array_equal(result, image)
    assert not np.shares_memory(result, image)


def test_warm_up_runs() -> None:
    exemplar.warm_up()


def test_texture_stays_sharp_in_the_middle_though_soft_places_are_near() -> None:
    rng = np.random.default_rng(4)
    image = np.full((150, 200, 3), 128, np.uint8)
    image[:, 50:] = np.clip(rng.normal(128, 30, (150, 150, 3)), 0, 255)
    hole = block(150, 200, 45, 80, 60, 60)
    result = _filled(spoilt(image, hole), hole)
    assert result[hole].std() > 0.75 * image[hole].std()
