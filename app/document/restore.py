"""A stroke that brings the photograph back as it was opened: live in the image, one edit at the end."""

from __future__ import annotations

import numpy as np

from app.document.coverage_stroke import CoverageStroke
from app.document.document import Document
from app.document.edits import ImageEdit
from app.document.recorder import Recorder
from app.imaging.arrays import HOLE
from app.imaging.compose import blended
from app.imaging.geometry import Rect


class RestoreStroke(CoverageStroke):
    """Lays the opened photo over the image where it is painted; the mask stays as it is.

    Where the brush covers a pixel wholly, it gets the opened photo's own bits; a soft edge blends the two, and going
    over it again blends the photo with what the image was before the stroke, not with what the stroke made of it.
    Tiles that show the opened photo already cost a look at them, once.
    """

    changes_image = True

    def __init__(self, document: Document, size: float, hardness: float) -> None:
        """See `LiveStroke`."""
        super().__init__(document, size, hardness)
        self._recorder = Recorder(document.writable_image)
        self._opened = document.photo.pixels

    def _may_change(self, tile: Rect) -> bool:
        """Whether the image was not the opened photo throughout `tile` when the stroke first came there."""
        image = self._document.writable_image[tile.slices]
        return not np.array_equal(image, self._opened[tile.slices])

    def _lay(self, rect: Rect, tile: Rect) -> None:
        before = self._recorder.before(tile)[rect.moved(-tile.x, -tile.y).slices]
        coverage, opened = self._coverage[rect.slices], self._opened[rect.slices]
        covered = coverage.min() == HOLE
        self._document.writable_image[rect.slices] = opened if covered else blended(before, opened, coverage)

    def _edit(self) -> ImageEdit | None:
        patches = self._recorder.changes()
        return ImageEdit("Restore", patches, in_effect=True) if patches else None

    def _restore(self) -> Rect:
        return self._recorder.restore()
