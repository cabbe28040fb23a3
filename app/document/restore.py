"""A stroke that brings the photograph back as it was opened: live in the image, one edit at the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.document.document import Document
from app.document.edits import ImageEdit
from app.document.live_stroke import LiveStroke
from app.imaging import masks
from app.imaging.arrays import HOLE
from app.imaging.brush import paint_segment, segment_rect
from app.imaging.compose import blended
from app.imaging.geometry import EMPTY, Point, Rect, bounding_rect
from app.imaging.patches import Patch, tiles_of


class RestoreStroke(LiveStroke):
    """Lays the opened photo over the image where it is painted; the mask stays as it is.

    Where the brush covers a pixel wholly, it gets the opened photo's own bits; a soft edge blends the two, and going
    over it again blends the photo with what the image was before the stroke, not with what the stroke made of it.
    Tiles that show the opened photo already cost a look at them, once.
    """

    changes_image = True

    def __init__(self, document: Document, size: float, hardness: float) -> None:
        """See `LiveStroke`."""
        super().__init__(document, document.writable_image, size, hardness)
        self._opened = document.photo.pixels
        self._coverage = masks.blank(document.extent)
        self._differs: dict[Rect, bool] = {}

    def _paint(self, start: Point, end: Point, size: float, *, continued: bool) -> Rect:
        area = segment_rect(start, end, size).intersected(Rect.of_array(self._coverage))
        if area.is_empty:
            return EMPTY
        before = self._coverage[area.slices].copy()
        paint_segment(self._coverage, start, end, size, self._hardness, continued=continued)
        dirty = EMPTY
        for tile in tiles_of(area):
            if self._can_change(tile):
                part = tile.intersected(area)
                anew = self._coverage[part.slices] != before[part.moved(-area.x, -area.y).slices]
                dirty = dirty.united(self._blend(bounding_rect(anew).moved(part.x, part.y), tile))
        return dirty

    def _can_change(self, tile: Rect) -> bool:
        """Whether the image was not the opened photo throughout `tile` when the stroke first came there."""
        if tile not in self._differs:
            image = self._document.writable_image[tile.slices]
            self._differs[tile] = not np.array_equal(image, self._opened[tile.slices])
        return self._differs[tile]

    def _blend(self, rect: Rect, tile: Rect) -> Rect:
        """Bring `rect` of `tile` up to date with the coverage."""
        if not rect.is_empty:
            before = self._recorder.before(tile)[rect.moved(-tile.x, -tile.y).slices]
            coverage, opened = self._coverage[rect.slices], self._opened[rect.slices]
            covered = coverage.min() == HOLE
            self._document.writable_image[rect.slices] = opened if covered else blended(before, opened, coverage)
        return rect

    def _edit(self, patches: Sequence[Patch]) -> ImageEdit:
        return ImageEdit("Restore", patches, in_effect=True)
