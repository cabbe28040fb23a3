"""A stroke of the keep brush: where it goes one of a run's results wins, live, one edit at the end."""

from __future__ import annotations

import numpy as np

from app.document.coverage_stroke import CoverageStroke
from app.document.document import Document
from app.document.keep_edit import KeepEdit
from app.document.kept import Kept
from app.imaging.arrays import Mask
from app.imaging.geometry import EMPTY, Rect, united
from app.imaging.stage_map import Weights, layer_patches, painted


class KeepStroke(CoverageStroke):
    """Lays a result over what was kept before; image and mask stay as they are.

    A soft edge takes a share of each, and another stroke takes its share of what the one before left.
    """

    changes_image = False
    outlives_crash = False

    def __init__(
        self, document: Document, kept: Kept, layer: int | None, size: float, hardness: float, name: str
    ) -> None:
        """Keep `layer`, None for the base, of the results of `kept`; `name` is that of the edit."""
        super().__init__(document, size, hardness)
        self._kept, self._layer, self._name = kept, layer, name
        self._before: dict[Rect, Weights] = {}
        self._open: dict[Rect, Mask] = {}

    def _may_change(self, tile: Rect) -> bool:
        if tile.intersected(self._kept.rect).is_empty:
            return False
        self._open[tile] = self._kept.paintable(tile)
        return bool(self._open[tile].any())

    def _lay(self, rect: Rect, tile: Rect) -> None:
        weights = self._kept.weights
        if tile not in self._before:
            self._before[tile] = weights.read(tile)
        inside = rect.moved(-tile.x, -tile.y).slices
        coverage = np.bitwise_and(self._coverage[rect.slices], self._open[tile][inside])
        weights.write(rect, painted(self._before[tile][(slice(None), *inside)], self._layer, coverage))
        self._kept.update(rect)

    def _edit(self) -> KeepEdit | None:
        weights = self._kept.weights
        changes = layer_patches((tile, before, weights.read(tile)) for tile, before in self._before.items())
        return KeepEdit(self._name, self._kept.number, changes, in_effect=True) if changes else None

    def _restore(self) -> Rect:
        for tile, before in self._before.items():
            self._kept.weights.write(tile, before)
        rect = united(self._before).intersected(Rect.of_array(self._coverage))
        if rect != EMPTY:
            self._kept.update(rect)
        return rect
