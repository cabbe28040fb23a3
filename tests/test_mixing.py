"""Soft weights and the pictures they mix: exactly, in both depths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from app.imaging import stage_map
from app.imaging.arrays import DeepImage
from app.imaging.geometry import Rect
from app.imaging.mixing import laid, mixed, near_hole
from app.imaging.patches import TILE
from app.imaging.stage_map import LAYERS, StageMap, are_weights, layer_patches, painted

SIDE = 16
DEPTHS = (np.uint8, np.uint16)


@dataclass(frozen=True)
class Piece:
    rect: Rect
    pixels: DeepImage


def picture(seed: int, depth: type[np.unsignedinteger] = np.uint8, side: int = SIDE) -> DeepImage:
    most = np.iinfo(depth).max
    return np.random.default_rng(seed).integers(0, most, (side, side, 3), dtype=depth, endpoint=True)


def coverage(seed: int) -> np.ndarray:
    """Every value there is, ends included."""
    values = np.arange(SIDE * SIDE, dtype=np.uint8)
    np.random.default_rng(seed).shuffle(values)
    return values.reshape(SIDE, SIDE)


def blank() -> np.ndarray:
    return np.zeros((LAYERS, SIDE, SIDE), np.uint8)


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_mixture_is_the_rounded_mean(depth: type[np.unsignedinteger]) -> None:
    base, one, other = (picture(seed, depth) for seed in (1, 2, 3))
    weights = painted(painted(blank(), 0, coverage(4)), 2, coverage(5))
    made = mixed(base, [(one, weights[0]), (other, weights[2])])
    first, third = weights[0].astype(int)[..., None], weights[2].astype(int)[..., None]
    exact = one * first + other * third + base * (255 - first - third)
    assert made.dtype == depth
    assert (np.abs(2 * (made.astype(int) * 255 - exact)) <= 255).all(), "at most half a step from the mean"


@pytest.mark.parametrize("depth", DEPTHS)
def test_what_counts_alone_or_is_equal_comes_out_as_it_is(depth: type[np.unsignedinteger]) -> None:
    base, one = picture(1, depth), picture(2, depth)
    weight = coverage(3)
    made = mixed(base, [(one, weight)])
    assert (made[weight == 0] == base[weight == 0]).all()
    assert (made[weight == 255] == one[weight == 255]).all()
    assert (mixed(base, [(base.copy(), weight), (base.copy(), 255 - weight)]) == base).all()
    untouched = mixed(base, [])
    assert (untouched == base).all()
    assert untouched is not base


def test_painting_lays_one_over_the_others() -> None:
    first = coverage(1)
    weights = painted(blank(), 1, first)
    assert (weights[1] == first).all()
    assert not weights[[0, 2, 3]].any()
    second = coverage(2)
    over = painted(weights, 3, second)
    assert are_weights(over)
    left = 255 - second.astype(int)
    assert (over[1] == first * left // 255).all(), "what was there keeps its share of what is left"
    assert (over[3] == 255 - (255 - first.astype(int)) * left // 255 - over[1]).all(), "and the new one gets the rest"
    assert (over[:, second == 0] == weights[:, second == 0]).all()
    assert (over[3, second == 255] == 255).all()


def test_the_base_is_laid_over_all() -> None:
    weights = painted(painted(blank(), 0, coverage(1)), 2, coverage(2))
    over = coverage(3)
    back = painted(weights, None, over)
    assert (back == weights * (255 - over.astype(int)) // 255).all()
    assert not back[:, over == 255].any()


def test_soft_strokes_again_and_again_come_to_the_whole() -> None:
    soft = np.full((SIDE, SIDE), 100, np.uint8)
    weights = blank()
    seen = []
    for _ in range(20):
        weights = painted(weights, 2, soft)
        seen.append(int(weights[2, 0, 0]))
        assert are_weights(weights)
    assert seen == sorted(seen)
    assert seen[-1] == 255


def test_a_map_takes_memory_only_where_it_was_painted() -> None:
    where = StageMap()
    assert where.is_blank
    assert where.nbytes == 0
    weights = np.zeros((LAYERS, 4, 6), np.uint8)
    weights[3] = 9
    across = Rect(TILE - 3, 2 * TILE - 2, 6, 4)
    where.write(across, weights)
    assert len(where.tiles) == 4
    assert (where.read(across) == weights).all()
    assert where.layers == (3,)
    assert not where.read(across.grown(2))[3, 0].any()
    where.write(across, np.zeros_like(weights))
    assert where.is_blank


@pytest.mark.parametrize(
    "look",
    [
        lambda where: where.read(Rect(0, 0, 9 * TILE, TILE)),
        lambda where: where.read(Rect(0, 0, TILE, TILE)),
        lambda where: where.touches(Rect(0, 0, TILE, TILE)),
        lambda where: where.layers,
        lambda where: where.tiles,
        lambda where: where.changes(),
        lambda where: where.nbytes,
    ],
)
def test_a_map_can_be_looked_at_while_tiles_come_and_go(
    monkeypatch: pytest.MonkeyPatch, look: Callable[[StageMap], object]
) -> None:
    where, some = StageMap(), np.full((LAYERS, TILE, 4 * TILE), 9, np.uint8)
    where.write(Rect(0, 0, 4 * TILE, TILE), some)
    place = stage_map._place

    def meanwhile(key: tuple[int, int]) -> Rect:
        """As another thread would, after the first tile was found."""
        monkeypatch.setattr(stage_map, "_place", place)
        where.write(Rect(0, 0, 3 * TILE, TILE), np.zeros_like(some[..., TILE:]))
        where.write(Rect(0, TILE, 4 * TILE, TILE), some)
        return place(key)

    monkeypatch.setattr(stage_map, "_place", meanwhile)
    look(where)
    assert stage_map._place is place, "all that is looked at was found before"
    assert len(where.tiles) == 5


def test_a_map_is_read_in_steps() -> None:
    where = StageMap()
    weights = np.random.default_rng(1).integers(1, 60, (LAYERS, 2 * TILE, 2 * TILE), dtype=np.uint8)
    where.write(Rect(0, 0, 2 * TILE, 2 * TILE), weights)
    area = Rect(16, 48, 333, 400)
    whole = where.read(area)
    for step in (2, 8):
        assert (where.read(area, step) == whole[:, ::step, ::step]).all()


def test_changes_of_a_map_are_there_and_back() -> None:
    where, before = StageMap(), StageMap()
    rect = Rect(TILE - 8, TILE - 8, SIDE, SIDE)
    first = painted(blank(), 1, coverage(1))
    where.write(rect, first)
    before.write(rect, first)
    tiles = {tile: where.read(tile) for tile in where.tiles}
    where.write(rect, painted(first, 0, coverage(2)))
    changes = layer_patches((tile, old, where.read(tile)) for tile, old in tiles.items())
    after = where.read(rect)
    where.toggle(changes)
    assert (where.read(rect) == first).all()
    where.toggle(changes)
    assert (where.read(rect) == after).all()
    before.toggle(changes)
    assert (before.read(rect) == after).all()
    fresh = StageMap()
    fresh.toggle(where.changes())
    assert (fresh.read(rect) == after).all()
    fresh.toggle(where.changes())
    assert fresh.is_blank


def test_results_are_laid_over_the_image() -> None:
    image, one, other = picture(1, side=40), picture(2), picture(3)
    lower, upper = Piece(Rect(4, 4, SIDE, SIDE), one), Piece(Rect(12, 4, SIDE, SIDE), other)
    other[:4] = image[4:8, 12:28]  # what it leaves as it is
    part = laid(image, [lower, upper], Rect(0, 0, 40, 24))
    assert (part[:4] == image[:4]).all()
    assert (part[4:8, 4:20] == one[:4]).all()
    assert (part[8:20, 12:28] == other[4:]).all()
    assert (image == picture(1, side=40)).all()
    inside = laid(image, [lower], Rect(6, 6, 4, 4))
    assert np.shares_memory(inside, one), "no copy where one has it all"


def test_near_a_hole_is_counted_in_rows_and_columns() -> None:
    mask = np.zeros((40, 40), np.uint8)
    mask[20, 20], mask[5, 5] = 255, 127
    near = near_hole(mask, Rect(10, 10, 20, 20), 3)
    expected = np.zeros((20, 20), np.uint8)
    expected[7:14, 7:14] = 255
    assert (near == expected).all()
    assert not near_hole(mask, Rect(0, 0, 12, 12), 3).any()
