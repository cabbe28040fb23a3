"""A stroke of the brush or the eraser: live in the mask, one edit at the end."""

from __future__ import annotations

from app.document.document import Document
from app.document.edits import MaskEdit
from app.document.live_stroke import LiveStroke
from app.document.recorder import Recorder
from app.imaging.brush import paint_segment, segment_rect
from app.imaging.geometry import Point, Rect


class Stroke(LiveStroke):
    """Paints the document's mask, or erases it."""

    changes_image = False

    def __init__(self, document: Document, size: float, hardness: float, erase: bool = False) -> None:
        """See `LiveStroke`."""
        super().__init__(document, size, hardness)
        self._recorder = Recorder(document.writable_mask)
        self._erase = erase

    @property
    def erases(self) -> bool:
        """See `LiveStroke`."""
        return self._erase

    def _paint(self, start: Point, end: Point, size: float, *, continued: bool) -> Rect:
        self._recorder.save(segment_rect(start, end, size))
        mask = self._document.writable_mask
        return paint_segment(mask, start, end, size, self._hardness, erase=self._erase, continued=continued)

    def _edit(self) -> MaskEdit | None:
        patches = self._recorder.changes()
        return MaskEdit("Eraser" if self._erase else "Brush", patches, in_effect=True) if patches else None

    def _restore(self) -> Rect:
        return self._recorder.restore()
