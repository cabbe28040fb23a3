"""What the object tool has found so far: shown first, part of the mask once it is accepted."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.imaging.arrays import Image
from app.imaging.geometry import Point, Rect
from app.imaging.object_cut import Hints, find_object
from app.imaging.wand import Selection
from app.ui.language import tr
from app.ui.session.latest import Latest, Wanted
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings


class ObjectWork(QObject):
    """One object at a time, between its first click and its acceptance. Points are image pixels."""

    changed = Signal()
    """Other hints, or another answer to them."""

    def __init__(self, session: Session, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._latest = Latest(session.runner, self._failed)
        self._busy: object | None = None
        self._accepts = False
        self.hints: Hints | None = None
        """What was pointed at; None while no object is begun."""
        self.erases = False
        """Whether the object is to be taken from the mask."""
        self.found: Selection | None = None
        """The newest answer, which may be one to fewer hints; None before the first."""
        session.document_closed.connect(self.discard)
        session.image_changed.connect(self.discard)
        settings.changed.connect(self._setting_changed)

    @property
    def is_pending(self) -> bool:
        """True between the first hint and the end."""
        return self.hints is not None

    def begin(self, hints: Hints, *, erase: bool) -> None:
        """Look for another object; the one before is dropped."""
        self._accepts, self.erases, self.found = False, erase, None
        self._look_for(hints)

    def add(self, point: Point, *, inside: bool) -> None:
        """Say that `point` is on the object, or not."""
        hints = self.hints
        if hints is not None and inside:
            self._look_for(replace(hints, inside=(*hints.inside, point)))
        elif hints is not None:
            self._look_for(replace(hints, outside=(*hints.outside, point)))

    def accept(self) -> None:
        """Make it part of the mask, as one edit; once it is found, if it is still being looked for."""
        if self._latest.is_waiting:
            self._accepts = True
            return
        found, erases = self.found, self.erases
        if found is None or found.rect.is_empty:
            self.discard()
            return
        self._session.paint_region(tr("Object"), found.rect, found.coverage, erase=erases)
        self._session.loans.in_turn(self.discard)

    def discard(self) -> None:
        """Forget it."""
        self._latest.drop()
        self._end_busy()
        self._accepts = False
        if self.hints is not None:
            self.hints = self.found = None
            self.changed.emit()

    def _look_for(self, hints: Hints) -> None:
        pyramid = self._session.pyramid
        if pyramid is None:
            return
        self.hints = hints
        self._end_busy()
        self._busy = self._session.busy.begin(tr("Looking for the object…"))
        work = partial(_found, pyramid.levels[0], hints, self._settings.get(declared.OBJECT_GROW))
        self._latest.ask(work, self._found)
        self.changed.emit()

    def _found(self, found: Selection) -> None:
        self._end_busy()
        self.found = found
        if found.rect.is_empty:
            self._session.notice_given.emit(tr("No object was found there: drag a box round it."))
        self.changed.emit()
        if self._accepts:
            self.accept()

    def _failed(self, error: Exception) -> None:
        self.discard()
        self._session.fail(error)

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting is declared.OBJECT_GROW and self.hints is not None:
            self._look_for(self.hints)

    def _end_busy(self) -> None:
        busy, self._busy = self._busy, None
        if busy is not None:
            self._session.busy.end(busy)


def _found(image: Image, hints: Hints, grow: int, is_wanted: Wanted) -> Selection:
    return find_object(image, hints, grow, is_wanted)


def box_between(start: Point, end: Point) -> Rect:
    """The whole pixels between two corners."""
    x, y = int(min(start.x, end.x)), int(min(start.y, end.y))
    return Rect(x, y, int(max(start.x, end.x)) + 1 - x, int(max(start.y, end.y)) + 1 - y)
