"""Strokes that lay something over what was there before, by how far the brush covers each pixel."""

from __future__ import annotations

from abc import abstractmethod

from app.document.document import Document
from app.document.live_stroke import LiveStroke
from app.imaging import masks
from app.imaging.brush import paint_segment, segment_rect
from app.imaging.geometry import EMPTY, Point, Rect, bounding_rect
from app.imaging.patches import tiles_of


class CoverageStroke(LiveStroke):
    """Going over a place again lays the same over what was there before the stroke, not over what it made of it."""

    def __init__(self, document: Document, size: float, hardness: float) -> None:
        """See `LiveStroke`."""
        super().__init__(document, size, hardness)
        self._coverage = masks.blank(document.extent)
        self._can_change: dict[Rect, bool] = {}

    def _paint(self, start: Point, end: Point, size: float, *, continued: bool) -> Rect:
        area = segment_rect(start, end, size).intersected(Rect.of_array(self._coverage))
        if area.is_empty:
            return EMPTY
        before = self._coverage[area.slices].copy()
        paint_segment(self._coverage, start, end, size, self._hardness, continued=continued)
        dirty = EMPTY
        for tile in tiles_of(area):
            if self._is_open(tile):
                part = tile.intersected(area)
                anew = self._coverage[part.slices] != before[part.moved(-area.x, -area.y).slices]
                rect = bounding_rect(anew).moved(part.x, part.y)
                if not rect.is_empty:
                    self._lay(rect, tile)
                    dirty = dirty.united(rect)
        return dirty

    def _is_open(self, tile: Rect) -> bool:
        if tile not in self._can_change:
            self._can_change[tile] = self._may_change(tile)
        return self._can_change[tile]

    @abstractmethod
    def _may_change(self, tile: Rect) -> bool:
        """Whether painting in `tile` can have an effect; asked once, when the stroke first comes there."""

    @abstractmethod
    def _lay(self, rect: Rect, tile: Rect) -> None:
        """Bring `rect` of `tile` up to date with the coverage."""
