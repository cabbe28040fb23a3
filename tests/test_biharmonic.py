"""Biharmonic filling: slopes go on, pieces are solved apart, large ones at a smaller size, odd cases do no harm."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from skimage.restoration import inpaint_biharmonic

from app.imaging import biharmonic
from app.imaging.arrays import Hole, Image
from app.inference.coarse import build_coarse


def _ramp(height: int = 60, width: int = 80) -> Image:
    y, x = np.mgrid[:height, :width]
    return np.stack([30 + 2 * x, 40 + x + y, 200 - 2 * y], axis=2).astype(np.uint8)


def _hole(*blocks: tuple[int, int, int, int], size: tuple[int, int] = (60, 80)) -> Hole:
    hole = np.zeros(size, bool)
    for top, left, rows, columns in blocks:
        hole[top : top + rows, left : left + columns] = True
    return hole


def _spoilt(image: Image, hole: Hole, value: int = 0) -> Image:
    return np.where(hole[..., None], np.uint8(value), image)


def _noise(seed: int = 1) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (60, 80, 3)).astype(np.uint8)


@pytest.mark.parametrize("value", [0, 255])
def test_slopes_go_on_through_the_hole(value: int) -> None:
    image, hole = _ramp(), _hole((20, 25, 18, 30))
    result = biharmonic.completed(_spoilt(image, hole, value), hole)
    assert np.abs(result.astype(int) - image).max() <= 1


def test_pieces_apart_are_what_the_whole_is(monkeypatch: pytest.MonkeyPatch) -> None:
    image, hole = _noise(), _hole((5, 5, 9, 12), (30, 40, 20, 20), (20, 20, 2, 3))
    image = np.clip(image, 90, 160)
    image[0, 0], image[-1, -1] = 0, 255
    monkeypatch.setattr(biharmonic, "_WORTH_PARTING", 0)
    monkeypatch.setattr(biharmonic, "_SURROUNDINGS", 80)
    calls: list[int] = []
    parted = biharmonic.completed(_spoilt(image, hole), hole, lambda: calls.append(1))
    assert len(calls) == 4, "before each piece, and at the end"
    whole = inpaint_biharmonic(image, hole, channel_axis=-1) * 255
    np.testing.assert_allclose(parted, whole, atol=0.51)


def test_a_piece_does_not_hang_on_what_lies_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(biharmonic, "_WORTH_PARTING", 0)
    image, hole = _noise(), _hole((20, 20, 9, 12), (20, 40, 9, 12))
    dark, light = (biharmonic.completed(_spoilt(image, hole, value), hole) for value in (0, 255))
    np.testing.assert_array_equal(dark, light)
    np.testing.assert_array_equal(dark[~hole], image[~hole])


def test_a_large_piece_is_solved_smaller_and_meets_its_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    image, hole = _ramp(), _hole((14, 16, 30, 44))
    sizes: list[tuple[int, ...]] = []
    solved = biharmonic._solved
    monkeypatch.setattr(biharmonic, "MOST_UNKNOWNS", 300)
    monkeypatch.setattr(biharmonic, "_solved", lambda image, hole: (sizes.append(hole.shape), solved(image, hole))[1])
    result = biharmonic.completed(_spoilt(image, hole), hole).astype(int)
    assert sizes[0][0] < 40
    assert np.abs(result - image)[hole].max() <= 6
    assert np.abs(np.diff(result, axis=1)).max() <= 5, "no seam"


def test_check_can_stop_between_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(biharmonic, "_WORTH_PARTING", 0)
    calls: list[int] = []

    def stop() -> None:
        calls.append(1)
        if len(calls) == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        biharmonic.completed(_noise(), _hole((5, 5, 5, 5), (40, 40, 5, 5), (40, 10, 5, 5)), stop)
    assert len(calls) == 2


@pytest.mark.parametrize(
    "blocks",
    [
        [(0, 0, 20, 20)],
        [(0, 0, 60, 79)],
        [(0, 30, 60, 9)],
        [(1, 1, 58, 78)],
        [(0, 0, 59, 80)],
        [(0, 0, 60, 40), (0, 41, 60, 39)],
        [(0, 0, 60, 80)],
        [],
    ],
)
def test_any_place_and_however_little_is_known(blocks: list[tuple[int, int, int, int]]) -> None:
    image, hole = np.full((60, 80, 3), 77, np.uint8), _hole(*blocks)
    result = biharmonic.completed(_spoilt(image, hole), hole)
    assert result.dtype == np.uint8
    if not hole.all():
        np.testing.assert_allclose(result.astype(int), image, atol=1)


def test_where_the_system_has_no_solution_another_method_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(biharmonic, "_solved", lambda image, hole: np.full(image.shape, np.nan, np.float32))
    image, hole = np.full((60, 80, 3), 77, np.uint8), _hole((20, 20, 9, 9))
    np.testing.assert_allclose(biharmonic.completed(_spoilt(image, hole), hole).astype(int), image, atol=3)


def test_small_pictures() -> None:
    for height, width in ((1, 5), (3, 3), (5, 2)):
        image, hole = np.full((height, width, 3), 9, np.uint8), np.zeros((height, width), bool)
        hole[0, 0] = True
        assert biharmonic.completed(_spoilt(image, hole), hole).shape == image.shape


def test_the_inpainter_has_no_texture() -> None:
    inpainter = build_coarse("biharmonic")
    assert inpainter is not None
    assert not inpainter.has_texture
    image, hole = _ramp(), _hole((20, 25, 18, 30))
    done = inpainter.fill(_spoilt(image, hole), hole)
    assert np.abs(done.picture.astype(int) - image).max() <= 1
    assert done.matches is None


def test_nothing_of_it_is_loaded_before_it_is_used() -> None:
    code = "import sys, app.inference.coarse; sys.exit('skimage' in sys.modules or 'numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
