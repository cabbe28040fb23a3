"""What every stroke has in common: a path cut into pieces, and one edit at its end."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import pairwise

from app.document.document import Document
from app.document.edits import Edit
from app.imaging.geometry import EMPTY, Point, Rect
from app.imaging.patches import TILE


class LiveStroke(ABC):
    """Paints in the document from its making until `end` or `abort`; afterwards it does nothing.

    Memory and time go with the area painted, not with the size of the image: what was there is saved, in tiles, just
    before it is first touched.
    """

    outlives_crash = True
    """The same touches make it again from image and mask alone."""

    def __init__(self, document: Document, size: float, hardness: float) -> None:
        """Open a stroke. `size` is the brush's diameter in image pixels, `hardness` 0…1.

        RuntimeError where the document already has an open one.
        """
        if document.is_painting:
            raise RuntimeError("a stroke is open: end or abort it first")
        document.open_stroke = self
        self._document = document
        self._size = size
        self._hardness = hardness
        self.touches: list[tuple[float, float, float]] = []
        """Where it went, x, y and pressure: the same ones again make the same stroke."""
        self._last: Point | None = None
        self._reached = 0.0
        """The size of the dab at `_last`."""

    @property
    @abstractmethod
    def changes_image(self) -> bool:
        """True where pixels of the image change, not the mask."""

    @property
    def size(self) -> float:
        """The brush's diameter in image pixels."""
        return self._size

    @property
    def hardness(self) -> float:
        """Of the brush, 0…1."""
        return self._hardness

    @property
    def erases(self) -> bool:
        """True where it takes from the mask."""
        return False

    @property
    def avoids(self) -> bool:
        """True where it marks what is not to be used, not the mask."""
        return False

    @property
    def is_open(self) -> bool:
        """True until `end` or `abort`."""
        return self._document.open_stroke is self

    def to(self, point: Point, pressure: float = 1.0) -> Rect:
        """Paint from the last point to `point`, at first a dab; return the rectangle that changed, clipped.

        `point` may lie outside the image. `pressure` 0…1 scales the brush.
        """
        if not self.is_open:
            return EMPTY
        self.touches.append((point.x, point.y, pressure))
        start, self._last = self._last or point, point
        size = self._size * pressure
        dirty = EMPTY
        for piece_start, piece_end in _pieces(start, point, max(size, TILE)):
            dirty = dirty.united(self._paint(piece_start, piece_end, size, continued=size <= self._reached))
            self._reached = size
        return dirty

    def end(self) -> Edit | None:
        """Close the stroke; return the edit to hand to `Document.apply`, None where no pixel changed.

        The document shows the edit already; what matters is that it is applied before anything else is.
        """
        if not self.is_open:
            return None
        self._document.open_stroke = None
        return self._edit()

    def abort(self) -> Rect:
        """Close the stroke and put everything back bit for bit; return the rectangle to repaint."""
        if not self.is_open:
            return EMPTY
        self._document.open_stroke = None
        return self._restore()

    @abstractmethod
    def _paint(self, start: Point, end: Point, size: float, *, continued: bool) -> Rect:
        """Paint one piece, as `brush.paint_segment` takes it; return what changed."""

    @abstractmethod
    def _edit(self) -> Edit | None:
        """The edit of what changed, which is in effect; None where nothing did."""

    @abstractmethod
    def _restore(self) -> Rect:
        """Put everything back; return a rectangle round it."""


def _pieces(start: Point, end: Point, longest: float) -> Iterator[tuple[Point, Point]]:
    """The segment cut into equal pieces of at most `longest`: a long diagonal then touches few tiles."""
    count = max(math.ceil(math.dist(start, end) / longest), 1)
    dx, dy = (end.x - start.x) / count, (end.y - start.y) / count
    points = [Point(start.x + dx * i, start.y + dy * i) for i in range(count)] + [end]
    return pairwise(points)
