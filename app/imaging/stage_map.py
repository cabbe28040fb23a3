"""How much each result of a run counts at each pixel: soft weights, kept in tiles only where somebody painted.

At each pixel the weights of the results are 0…255 and together at most 255; what is left of 255 is the base's, the
result on which the others are laid.

One thread at a time writes to a map; others may read it meanwhile, and see the old weights, the new, or some of each.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Mask
from app.imaging.geometry import Rect
from app.imaging.patches import TILE, Patch, difference, tiles_of

LAYERS = 4
"""Results that can be told apart."""

WHOLE = 255
"""What the weights of a pixel, the base's among them, come to."""

Weights = npt.NDArray[np.uint8]
"""``(LAYERS, h, w)``."""

LayerPatches = tuple[tuple[Patch, ...], ...]
"""The changes of each layer, ``LAYERS`` of them or none at all."""


class StageMap:
    """Weights of the whole image; where nothing was painted they are 0, and take no memory."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[int, int], Weights] = {}
        """By column and row in the grid of tiles."""

    @property
    def is_blank(self) -> bool:
        """True where the base alone counts, everywhere."""
        return not self._tiles

    @property
    def nbytes(self) -> int:
        """Memory it takes."""
        return sum(tile.nbytes for _, tile in self._stored())

    @property
    def layers(self) -> tuple[int, ...]:
        """Which layers count anywhere."""
        return tuple(layer for layer in range(LAYERS) if any(tile[layer].any() for _, tile in self._stored()))

    @property
    def tiles(self) -> tuple[Rect, ...]:
        """Those of `patches.tiles_of` in which something was painted."""
        return tuple(place for place, _ in self._stored())

    def touches(self, rect: Rect) -> bool:
        """True where something may have been painted in `rect`."""
        return next(self._parts(rect), None) is not None

    def read(self, rect: Rect, step: int = 1) -> Weights:
        """A copy of the weights in `rect`; of every `step`-th pixel of the image across and down, where it is more.

        `step` is a power of two, at most the side of a tile, and x and y of `rect` are multiples of it.
        """
        shape = -(-rect.height // step), -(-rect.width // step)
        weights = np.zeros((LAYERS, *shape), np.uint8)
        for tile, stored in self._parts(rect):
            common = tile.intersected(rect)
            rows, columns = common.moved(-tile.x, -tile.y).slices
            part = stored[:, rows.start : rows.stop : step, columns.start : columns.stop : step]
            x, y = (common.x - rect.x) // step, (common.y - rect.y) // step
            weights[:, y : y + part.shape[1], x : x + part.shape[2]] = part
        return weights

    def write(self, rect: Rect, weights: Weights) -> None:
        """Let the weights in `rect` be `weights`; tiles that become blank are let go."""
        for tile in tiles_of(rect):
            common = tile.intersected(rect)
            part = weights[(slice(None), *common.moved(-rect.x, -rect.y).slices)]
            key = tile.x // TILE, tile.y // TILE
            stored = self._tiles.get(key)
            if stored is None and part.any():
                stored = self._tiles[key] = np.zeros((LAYERS, TILE, TILE), np.uint8)
            if stored is not None:
                stored[(slice(None), *common.moved(-tile.x, -tile.y).slices)] = part
                if not part.any() and not stored.any():
                    del self._tiles[key]

    def toggle(self, changes: LayerPatches) -> None:
        """Turn before into after, or after into before."""
        for layer, patches in enumerate(changes):
            for patch in patches:
                weights = self.read(patch.rect)
                patch.moved(-patch.rect.x, -patch.rect.y).toggle(weights[layer])
                self.write(patch.rect, weights)

    def changes(self) -> LayerPatches:
        """What turns a blank map into this one; empty where it is one."""
        nothing = np.zeros((LAYERS, TILE, TILE), np.uint8)
        return layer_patches((place, nothing, stored) for place, stored in self._stored())

    def _stored(self) -> Iterator[tuple[Rect, Weights]]:
        """All tiles there are now, whatever is written meanwhile."""
        for key, stored in list(self._tiles.items()):  # in one go: the loop's body lets other threads in
            yield _place(key), stored

    def _parts(self, rect: Rect) -> Iterator[tuple[Rect, Weights]]:
        """The tiles that meet `rect`; the work is that of the fewer of those there may be and those there are."""
        if rect.is_empty:
            return
        columns = range(rect.x // TILE, (rect.right - 1) // TILE + 1)
        rows = range(rect.y // TILE, (rect.bottom - 1) // TILE + 1)
        if len(columns) * len(rows) > len(self._tiles):
            near = [each for each in list(self._tiles.items()) if each[0][0] in columns and each[0][1] in rows]
        else:
            near = [
                ((column, row), stored)
                for row in rows
                for column in columns
                if (stored := self._tiles.get((column, row))) is not None
            ]
        for key, stored in near:
            yield _place(key), stored


def _place(key: tuple[int, int]) -> Rect:
    return Rect(key[0] * TILE, key[1] * TILE, TILE, TILE)


def layer_patches(tiles: Iterator[tuple[Rect, Weights, Weights]]) -> LayerPatches:
    """What turns, in each of `tiles`, the first weights into the second; empty where nothing does."""
    found: list[list[Patch]] = [[] for _ in range(LAYERS)]
    for tile, before, after in tiles:
        for layer in range(LAYERS):
            found[layer] += difference(tile, before[layer], after[layer])
    return tuple(tuple(patches) for patches in found) if any(found) else ()


def are_weights(weights: Weights) -> bool:
    """True where they come to no more than there is at any pixel."""
    return bool((weights.sum(axis=0, dtype=np.uint16) <= WHOLE).all())


def painted(weights: Weights, layer: int | None, coverage: Mask) -> Weights:
    """`weights` ``(LAYERS, h, w)`` after `layer`, None for the base, was laid over them by `coverage` ``(h, w)``.

    Every other layer, the base among them, keeps its share of what `coverage` leaves, rounded down; `layer` gets the
    rest. So a coverage of 0 changes nothing, of 255 leaves `layer` alone, and the sum never grows.
    """
    left = np.subtract(WHOLE, coverage, dtype=np.uint16)
    others = _scaled(weights, left)
    if layer is None:
        return others
    base = WHOLE - weights.sum(axis=0, dtype=np.uint16)
    others[layer] = 0
    others[layer] = WHOLE - (base * left // WHOLE) - others.sum(axis=0, dtype=np.uint16)
    return others


def _scaled(weights: Weights, left: npt.NDArray[np.uint16]) -> Weights:
    scaled = np.zeros_like(weights)
    for layer, weight in enumerate(weights):
        if weight.any():
            scaled[layer] = weight * left // WHOLE
    return scaled
