"""A stroke of the brush or the eraser: live in the mask, or in what is not to be used, one edit at the end."""

from __future__ import annotations

from collections.abc import Sequence

from app.document.document import Document
from app.document.edits import AvoidEdit, Edit, MaskEdit
from app.document.live_stroke import LiveStroke
from app.document.recorder import Recorder
from app.imaging.arrays import Mask
from app.imaging.brush import paint_segment, segment_rect
from app.imaging.geometry import Point, Rect
from app.imaging.patches import Patch


class Stroke(LiveStroke):
    """Paints the document's mask, or erases it."""

    changes_image = False

    def __init__(self, document: Document, size: float, hardness: float, erase: bool = False) -> None:
        """See `LiveStroke`."""
        super().__init__(document, size, hardness)
        self._recorder = Recorder(self._painted(document))
        self._erase = erase

    @staticmethod
    def _painted(document: Document) -> Mask:
        return document.writable_mask

    @property
    def erases(self) -> bool:
        """See `LiveStroke`."""
        return self._erase

    def _paint(self, start: Point, end: Point, size: float, *, continued: bool) -> Rect:
        self._recorder.save(segment_rect(start, end, size))
        mask = self._painted(self._document)
        return paint_segment(mask, start, end, size, self._hardness, erase=self._erase, continued=continued)

    def _edit(self) -> Edit | None:
        patches = self._recorder.changes()
        return self._edit_of(patches) if patches else None

    def _edit_of(self, patches: Sequence[Patch]) -> Edit:
        return MaskEdit("Eraser" if self._erase else "Brush", patches, in_effect=True)

    def _restore(self) -> Rect:
        return self._recorder.restore()


class AvoidStroke(Stroke):
    """Marks what is not to be used, or takes marks away."""

    avoids = True

    @staticmethod
    def _painted(document: Document) -> Mask:
        return document.writable_avoid

    def _edit_of(self, patches: Sequence[Patch]) -> Edit:
        return AvoidEdit("Use again" if self._erase else "Don't use", patches, in_effect=True)
