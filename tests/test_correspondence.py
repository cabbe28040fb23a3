"""Correspondence fields: true matches are found, pieces hold together, nothing is taken from the hole."""

from __future__ import annotations

import numpy as np
import pytest

from app.imaging import correspondence
from app.imaging.correspondence import Flags, Floats


def _noise(height: int, width: int, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).uniform(0, 255, (height, width, 3)).astype(np.float32)


def _block(height: int, width: int, top: int, left: int, side: int) -> Flags:
    flags = np.zeros((height, width), bool)
    flags[top : top + side, left : left + side] = True
    return flags


@pytest.fixture
def tiled() -> tuple[Floats, Flags, Flags]:
    """A picture that repeats every 16 pixels, what is wanted in it, and where it may come from."""
    view = np.tile(_noise(16, 16), (4, 5, 1))
    wanted = _block(64, 80, 26, 33, 12)
    return view, wanted, correspondence.sources_of(wanted)


def test_sources_keep_their_distance() -> None:
    hole = _block(20, 21, 9, 9, 2)
    sources = correspondence.sources_of(hole, 3)
    assert not sources[:3].any()
    assert not sources[:, -3:].any()
    assert not sources[6:14, 6:14].any()
    assert sources[5, 5]
    assert sources[10, 14]


def test_repeated_texture_is_found(tiled: tuple[Floats, Flags, Flags]) -> None:
    view, wanted, sources = tiled
    field = correspondence.nearest_patches(view, view, wanted, sources)
    field = correspondence.settled(field, view, view, view, wanted, sources)
    matched = field[wanted]
    assert sources[matched[:, 0], matched[:, 1]].all()
    np.testing.assert_array_equal(view[matched[:, 0], matched[:, 1]], view[wanted])


def test_settling_makes_pieces_larger() -> None:
    view = _noise(48, 48) * np.float32(0.05)
    wanted = _block(48, 48, 16, 16, 14)
    sources = correspondence.sources_of(wanted)
    found = correspondence.nearest_patches(view, view, wanted, sources)
    kept = correspondence.settled(found, view, view, view, wanted, sources)

    def seams(field: np.ndarray) -> int:
        inner = field[16:30, 16:30]
        return int(np.count_nonzero((np.diff(inner, axis=1) != (0, 1)).any(axis=2)))

    assert seams(kept) < 0.7 * seams(found)


def test_equal_arguments_give_equal_fields(tiled: tuple[Floats, Flags, Flags]) -> None:
    view, wanted, sources = tiled
    first, second = (correspondence.nearest_patches(view, view, wanted, sources, seed=7) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_pixels_not_wanted_keep_their_own_place(tiled: tuple[Floats, Flags, Flags]) -> None:
    view, wanted, sources = tiled
    field = correspondence.nearest_patches(view, view, wanted, sources, passes=1)
    own = np.moveaxis(np.indices(wanted.shape), 0, 2)
    np.testing.assert_array_equal(field[~wanted], own[~wanted])


def test_enlarged_keeps_offsets_and_lands_on_sources() -> None:
    small_wanted, wanted = _block(24, 31, 10, 12, 5), _block(48, 61, 20, 24, 10)
    sources = correspondence.sources_of(wanted)
    field = np.moveaxis(np.indices((24, 31), np.int32), 0, 2).copy()
    field[small_wanted] += (-7, 0)
    large = correspondence.enlarged(field, wanted, sources)
    assert large.dtype == np.int32
    matched = large[wanted]
    assert sources[matched[:, 0], matched[:, 1]].all()
    np.testing.assert_array_equal(large[24, 29], (10, 29))


def test_no_source_is_refused() -> None:
    view = _noise(8, 8)
    with pytest.raises(ValueError, match="no source"):
        correspondence.nearest_patches(view, view, np.ones((8, 8), bool), np.zeros((8, 8), bool))


def test_check_can_stop_the_search(tiled: tuple[Floats, Flags, Flags]) -> None:
    view, wanted, sources = tiled

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        correspondence.nearest_patches(view, view, wanted, sources, check=stop)
