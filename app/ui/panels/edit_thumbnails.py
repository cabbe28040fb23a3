"""Small pictures of what each edit changed, made off the GUI thread when the edit is new, and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QPixmap

from app.document.document import Document
from app.document.edits import AvoidEdit, Edit
from app.document.keep_edit import KeepEdit
from app.imaging.arrays import Image, Mask
from app.imaging.geometry import EMPTY, Extent, Rect
from app.imaging.patches import TILE
from app.imaging.thumbnails import framed, thumbnail, tinted
from app.ui.canvas.qimages import to_screen
from app.ui.look.stage_colours import STAGE_COLOURS
from app.ui.session.jobs import Err, Ok
from app.ui.session.keeping import stage_of
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.store import Settings

SIZE = Extent(48, 32)
"""Of a picture, in the display's own pixels times its ratio."""

_FINE = 2
"""Pixels made for each of `SIZE`, so that they are crisp on displays of up to that ratio."""

_TINT, _KEPT_TINT = 0.65, 0.35

_Pictures = dict[int, QPixmap | None]


class EditThumbnails(QObject):
    """A picture for each state of the history that was the present one while this listened, of each open photo.

    What is copied for it on the GUI thread is a few hundred pixels of a level of the pyramid.
    """

    made = Signal(int)
    """The state whose picture is there now."""

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._document: Document | None = None
        self._pictures: _Pictures = {}
        self._kept: WeakKeyDictionary[Document, _Pictures] = WeakKeyDictionary()
        self.kept_look: Callable[[Image, Rect, int], Image] = lambda pixels, area, factor: pixels
        """Lays what is kept of the results shown over an area of the pyramid's level of a factor."""

    def of(self, state: int) -> QPixmap | None:
        """The picture of `state`; None where there is none, or not yet."""
        return self._pictures.get(state)

    def update(self) -> None:
        """The history changed: order a picture of a new state, let go of those whose states are gone."""
        document = self._session.document
        if document is not self._document:
            self._begin(document)
        if document is None:
            return
        if len(self._pictures) > len(document.history.states):
            for state in self._pictures.keys() - set(document.history.states):
                del self._pictures[state]
        if document.history.state not in self._pictures:
            self._order(document, document.history.state, document.history.previous)

    def _begin(self, document: Document | None) -> None:
        """Another photo lies on the desk, perhaps one that was there before."""
        self._document, self._pictures = document, {}
        if document is None:
            return
        self._pictures = self._kept.setdefault(document, {})
        first = document.history.states[0]
        if first not in self._pictures and not any(edit.changes_image for edit in document.history.edits):
            self._order(document, first, None)

    def _order(self, document: Document, state: int, edit: Edit | None) -> None:
        pyramid, mask_levels = self._session.pyramid, self._session.mask_levels
        if pyramid is None or mask_levels is None:
            return
        whole = Rect(0, 0, *document.extent)
        rect = framed(edit.rect, SIZE, whole) if edit is not None and edit.rect != EMPTY else whole
        scale = min(_FINE * SIZE.width / rect.width, 1.0)
        level, factor = pyramid.level_for(scale)
        small = Rect(rect.x // factor, rect.y // factor, -(-rect.width // factor), -(-rect.height // factor))
        pixels, tints = level[small.slices].copy(), list[_Tint]()
        levels = self._session.avoid_levels if isinstance(edit, AvoidEdit) else mask_levels
        if isinstance(edit, KeepEdit):
            pixels, tints = self.kept_look(pixels, small, factor), _kept_tints(document, edit, small, factor)
        elif edit is not None and not edit.changes_image and levels is not None:
            mask = levels.level_for(scale)[0][small.slices].copy()
            tints = [_Tint(mask, self._settings.get(declared.OVERLAY_COLOUR), _TINT)]
        self._pictures[state] = None
        work = partial(_picture, pixels, tints)
        self._session.runner.submit(work, partial(self._finished, document, state))

    def _finished(self, document: Document, state: int, outcome: Ok[Image] | Err) -> None:
        pictures = self._kept.get(document, {})
        if state in pictures and isinstance(outcome, Ok):
            picture = QPixmap.fromImage(to_screen(outcome.value))
            picture.setDevicePixelRatio(_FINE)
            pictures[state] = picture
            if document is self._document:
                self.made.emit(state)


class _Tint(NamedTuple):
    """A mask of the picture's size, ``#rrggbb``, and how strong its colour is, 0…1."""

    mask: Mask
    colour: str
    opacity: float


def _kept_tints(document: Document, edit: KeepEdit, small: Rect, factor: int) -> list[_Tint]:
    """Where each stage is kept now, in an area of the level of `factor`."""
    kept = document.kept.get(edit.run)
    if kept is None or factor > TILE:
        return []
    area = Rect(small.x * factor, small.y * factor, small.width * factor, small.height * factor)
    weights = kept.weights.read(area, factor)
    return [
        _Tint(weights[layer], STAGE_COLOURS[stage_of(layer)], _KEPT_TINT)
        for layer in range(len(weights))
        if weights[layer].any()
    ]


def _picture(shown: Image, tints: Sequence[_Tint]) -> Image:
    for mask, name, opacity in tints:
        colour = QColor(name)
        shown = tinted(shown, mask, (colour.red(), colour.green(), colour.blue()), opacity)
    return thumbnail(shown, Extent(_FINE * SIZE.width, _FINE * SIZE.height))
