"""Strokes on their way from the tools to the document (each a `tools.StrokeSink`)."""

from __future__ import annotations

from functools import partial

from app.document.document import Document
from app.document.live_stroke import LiveStroke
from app.document.restore import RestoreStroke
from app.document.stroke import AvoidStroke, Stroke
from app.imaging.geometry import EMPTY, Point, Rect
from app.ui.session.desk import Desk


class Strokes:
    """Paints the mask at once, on the GUI thread.

    While the document is lent a stroke waits and is caught up with afterwards.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stroke: LiveStroke | None = None
        desk.document_closed.connect(self._forget)

    @property
    def is_painting(self) -> bool:
        """True between `begin_stroke` and its end."""
        return self._stroke is not None

    def begin_stroke(self, size: float, hardness: float, erase: bool) -> None:
        """Start a stroke of `size` image pixels (diameter) and `hardness` 0…1."""
        self._desk.loans.in_turn(lambda: self._begin(size, hardness, erase))

    def stroke_to(self, point: Point, pressure: float = 1.0) -> Rect:
        """Paint on to `point`; `pressure` 0…1 scales the brush. Returns what changed, empty where the stroke waits."""
        dirty: list[Rect] = []
        self._desk.loans.in_turn(lambda: dirty.append(self._to(point, pressure)))
        return dirty[0] if dirty else EMPTY

    def end_stroke(self) -> None:
        """Keep the stroke as one edit."""
        self._desk.loans.in_turn(self._end)

    def keep(self) -> None:
        """Keep the stroke in progress, if there is one, at once; only while nobody has the document."""
        self._end()

    def abort_stroke(self) -> Rect | None:
        """Take the stroke back; the desk announces the rectangle."""
        self._desk.loans.in_turn(self._abort)
        return None

    def _begin(self, size: float, hardness: float, erase: bool) -> None:
        document = self._desk.document
        if document is not None and not document.is_painting:
            self._stroke = self._opened(document, size, hardness, erase)

    def _to(self, point: Point, pressure: float) -> Rect:
        if self._stroke is None:
            return EMPTY
        dirty = self._stroke.to(point, pressure)
        self._show(dirty)
        return dirty

    def _end(self) -> None:
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self._keep(stroke)

    def _abort(self) -> None:
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self._take_back(stroke)

    def _forget(self) -> None:
        self._stroke = None

    def _opened(self, document: Document, size: float, hardness: float, erase: bool) -> LiveStroke | None:
        """A stroke that begins; None where there is nothing to paint in."""
        return Stroke(document, size, hardness, erase)

    def _show(self, rect: Rect) -> None:
        self._desk.mask_painted(rect)

    def _keep(self, stroke: LiveStroke) -> None:
        edit = stroke.end()
        if edit is not None:
            self._desk.apply_now(edit)

    def _take_back(self, stroke: LiveStroke) -> None:
        self._show(stroke.abort())


class AvoidStrokes(Strokes):
    """Marks at once what is not to be used."""

    def _opened(self, document: Document, size: float, hardness: float, erase: bool) -> LiveStroke:
        return AvoidStroke(document, size, hardness, erase)

    def _show(self, rect: Rect) -> None:
        self._desk.avoid_painted(rect)


class RestoreStrokes(Strokes):
    """Paints the image as it was opened at once; packing the edit, and taking it back, is the pool's work."""

    def _opened(self, document: Document, size: float, hardness: float, erase: bool) -> LiveStroke:
        return RestoreStroke(document, size, hardness)

    def _show(self, rect: Rect) -> None:
        self._desk.image_painted(rect)

    def _keep(self, stroke: LiveStroke) -> None:
        self._desk.close_stroke(partial(applied, stroke), kept=True)

    def _take_back(self, stroke: LiveStroke) -> None:
        self._desk.close_stroke(lambda _: stroke.abort(), kept=False)


def applied(stroke: LiveStroke, document: Document) -> Rect | None:
    """End `stroke` and put its edit into the history; the rectangle that changed, None where nothing did."""
    edit = stroke.end()
    return None if edit is None else document.apply(edit)
