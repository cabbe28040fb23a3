"""Keeps what an array showed before it was painted over, without copying the whole of it."""

from __future__ import annotations

from app.imaging.geometry import Rect, united
from app.imaging.patches import Patch, Pixels, tiles_of


class Recorder:
    """Copies of the tiles of an array, each taken just before it is first touched.

    Between `save` and the last call of `changes` or `restore` nobody else may write to the array.
    """

    def __init__(self, array: Pixels) -> None:
        """Watch `array`, ``(H, W)`` or ``(H, W, 3)``; nothing is copied yet."""
        self._array = array
        self._whole = Rect.of_array(array)
        self._tiles: dict[Rect, Pixels] = {}

    def save(self, rect: Rect) -> None:
        """Call before writing inside `rect` (clipped to the array)."""
        for tile in tiles_of(rect.intersected(self._whole)):
            if tile not in self._tiles:
                self._tiles[tile] = self._array[tile.slices].copy()

    def before(self, tile: Rect) -> Pixels:
        """What `tile`, one of `tiles_of`, showed before it was first touched, clipped to the array; not to be written.

        Saves it where that was not done yet.
        """
        self.save(tile)
        return self._tiles[tile]

    def changes(self) -> tuple[Patch, ...]:
        """What changed since, as disjoint patches; empty where nothing did."""
        patches = (
            Patch.between(tile.intersected(self._whole), before, self._array[tile.slices])
            for tile, before in self._tiles.items()
        )
        return tuple(patch for patch in patches if patch is not None)

    def restore(self) -> Rect:
        """Put everything back as it was; return a rectangle round it."""
        for tile, before in self._tiles.items():
            self._array[tile.slices] = before
        return united(self._tiles).intersected(self._whole)
