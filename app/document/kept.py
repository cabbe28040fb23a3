"""What of a run's results is kept where, and the picture that this makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.imaging.arrays import DeepImage, Mask
from app.imaging.geometry import Rect, united
from app.imaging.mixing import PixelPatch, laid, mixed, near_hole
from app.imaging.patches import tiles_of
from app.imaging.stage_map import LayerPatches, StageMap


@dataclass(frozen=True, slots=True)
class KeptPatch:
    """A part of the picture: `pixels` ``(h, w, 3)`` for `rect` of the image."""

    rect: Rect
    pixels: DeepImage


class Kept:
    """The weights of one run's results, and their mixture, both in tiles and only where something was painted.

    Whoever holds the results holds this; a document knows it by its number for as long as anybody does.
    """

    def __init__(
        self,
        number: int,
        image: DeepImage,
        layers: Sequence[Sequence[PixelPatch]],
        base: int,
        hole: Mask,
        reach: int,
    ) -> None:
        """Of the results `layers` of the `stage_map.LAYERS`, empty where there is none, laid over `image`.

        `base` is the one that counts where nothing is painted. Painting reaches `reach` pixels beyond the `hole`
        ``(H, W)``. The arrays are only read.
        """
        self.number = number
        self.base = base
        self.weights = StageMap()
        """Changed by `KeepStroke` and `KeepEdit` alone, which then call `update`."""
        self.rect = united(patch.rect for patches in layers for patch in patches)
        """A rectangle round all results."""
        self._image, self._layers = image, tuple(tuple(patches) for patches in layers)
        self._hole, self._reach = hole, reach
        self._tiles: dict[Rect, DeepImage] = {}

    @property
    def is_blank(self) -> bool:
        """True where the base is kept everywhere."""
        return self.weights.is_blank

    @property
    def nbytes(self) -> int:
        """Memory it takes besides the results."""
        return self.weights.nbytes + sum(tile.nbytes for tile in list(self._tiles.values()))

    @property
    def base_patches(self) -> tuple[PixelPatch, ...]:
        """The result that counts where nothing is painted."""
        return self._layers[self.base]

    def has(self, layer: int) -> bool:
        """Whether there is such a result."""
        return bool(self._layers[layer])

    def is_of(self, layers: Sequence[Sequence[PixelPatch]]) -> bool:
        """True where `layers` are the same results."""
        return len(layers) == len(self._layers) and all(map(_are_equal, layers, self._layers))

    def paintable(self, tile: Rect) -> Mask:
        """255 in `tile`, clipped to the image, where painting has an effect."""
        return near_hole(self._hole, tile.intersected(self._whole), self._reach)

    def tile(self, tile: Rect) -> DeepImage | None:
        """The picture in `tile`, one of `tiles_of`, clipped to the image; None where it is the base's."""
        return self._tiles.get(tile)

    def update(self, rect: Rect) -> None:
        """The weights in `rect` changed: mix the picture anew there."""
        for tile in tiles_of(rect.intersected(self._whole)):
            if not self.weights.touches(tile):
                self._tiles.pop(tile, None)
                continue
            inside = tile.intersected(self._whole)
            stored, part = self._tiles.get(tile), inside.intersected(rect)
            if stored is None:
                stored, part = self._tiles.setdefault(tile, laid(self._image, self.base_patches, inside).copy()), inside
            stored[part.moved(-tile.x, -tile.y).slices] = self._mixed(part)

    def complete(self) -> None:
        """Mix the picture where it is not yet, though something was painted; the image must be the results' own."""
        for tile in self.weights.tiles:
            if tile not in self._tiles:
                self.update(tile)

    def toggle(self, changes: LayerPatches) -> Rect:
        """Turn the weights from before into after, or back; return the rectangle that changed."""
        self.weights.toggle(changes)
        rect = united(patch.rect for patches in changes for patch in patches)
        self.update(rect)
        return rect

    def patches(self) -> tuple[KeptPatch, ...]:
        """The whole picture, in new arrays: what lies in the rectangles of all results."""
        rects = dict.fromkeys(patch.rect for patches in self._layers for patch in patches)
        return tuple(KeptPatch(rect, self._picture(rect)) for rect in rects)

    def _picture(self, rect: Rect) -> DeepImage:
        picture = laid(self._image, self.base_patches, rect).copy()
        for tile in tiles_of(rect):
            stored, common = self._tiles.get(tile), tile.intersected(rect)
            if stored is not None:
                inside = common.moved(-rect.x, -rect.y).slices
                picture[inside] = stored[common.moved(-tile.x, -tile.y).slices]
        return picture

    def _mixed(self, rect: Rect) -> DeepImage:
        weights = self.weights.read(rect)
        others = [
            (laid(self._image, patches, rect), weight)
            for patches, weight in zip(self._layers, weights, strict=True)
            if patches and weight.any()
        ]
        return mixed(laid(self._image, self.base_patches, rect), others)

    @property
    def _whole(self) -> Rect:
        return Rect.of_array(self._image)


def _are_equal(some: Sequence[PixelPatch], others: Sequence[PixelPatch]) -> bool:
    return len(some) == len(others) and all(
        one.rect == other.rect and np.array_equal(one.pixels, other.pixels)
        for one, other in zip(some, others, strict=True)
    )
