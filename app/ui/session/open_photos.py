"""All photos that are open. One lies on the desk; the others are put aside whole, or wait to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.atomic import is_same_file
from app.document.document import Document
from app.imaging.arrays import Image
from app.imaging.photo_thumbnails import thumbnail_of
from app.ui.session.file_record import DiskState, FileRecord, is_same_now, record_of
from app.ui.session.jobs import PATIENCE, answer_within
from app.ui.session.parked import ParkedSession
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session


@dataclass(slots=True, eq=False)
class OpenPhoto:
    """One of them. What is neither on the desk nor `parked` is read when it is chosen."""

    record: FileRecord
    parked: ParkedSession | None = None
    thumbnail: Image | None = None
    """As it was last seen, ``(h, w, 3)``; None for what was never read."""
    look: object = None
    """Where the view looked at it; whoever shows it keeps that here."""
    turn: int = 0
    """Rises each time it is put on the desk."""

    @property
    def name(self) -> str:
        """What the window calls it."""
        return self.record.name


class OpenPhotos(QObject):
    """Switches between photos, and loses nothing by it: mask, history, results and unsaved changes stay.

    A run under way goes on while its photo is put aside. Where the photos put aside take more memory than the budget,
    those that are as their files have them, the longest unseen first, are let go and read again when chosen.
    """

    changed = Signal()
    """The list, its order, which of them is on the desk, or what one of them is called."""
    marks_changed = Signal()
    """Which of them are unsaved, perhaps."""
    leaving = Signal(object)
    """The `OpenPhoto` that is about to be put aside."""
    arrived = Signal(object)
    """The `OpenPhoto` that lies on the desk now."""
    thumbnail_changed = Signal(object)
    """The `OpenPhoto`."""

    def __init__(
        self, session: Session, files: PhotoFiles, budget: Callable[[], float], parent: QObject | None = None
    ) -> None:
        """`budget` says how many bytes the photos put aside may take."""
        super().__init__(parent)
        self._session, self._files, self._budget = session, files, budget
        self._photos: list[OpenPhoto] = []
        self._current: OpenPhoto | None = None
        self._turns = 0
        self._awaited: tuple[OpenPhoto, Callable[[], None]] | None = None
        """A photo on its way to the desk, and what follows."""
        files.arriving.connect(self._park)
        files.arrived.connect(self._arrived)
        files.not_opened.connect(self._not_opened)
        files.record_changed.connect(self.changed)
        session.document_closed.connect(self._closed)
        session.image_changed.connect(self._see)
        session.history_changed.connect(self.marks_changed)

    @property
    def photos(self) -> tuple[OpenPhoto, ...]:
        """All of them, in their order."""
        return tuple(self._photos)

    @property
    def current(self) -> OpenPhoto | None:
        """The one on the desk."""
        return self._current

    @property
    def unsaved(self) -> tuple[OpenPhoto, ...]:
        """Those with unsaved changes."""
        return tuple(photo for photo in self._photos if self.is_modified(photo))

    def is_modified(self, photo: OpenPhoto) -> bool:
        """True where `photo` has unsaved changes."""
        if photo is self._current:
            return self._session.document is not None and self._session.document.is_modified
        return photo.parked is not None and photo.parked.document.is_modified

    def showing(self, path: Path) -> OpenPhoto | None:
        """The photo that belongs to the file at `path`, a session file or its own, if it is open."""
        there = [(photo, place) for photo in self._photos for place in _files_of(photo.record)]
        places = [place for _, place in there]
        at = answer_within(PATIENCE, partial(_index_of, path, places), _index_by_name(path, places))
        return None if at is None else there[at][0]

    def holding(self, document: Document) -> OpenPhoto | None:
        """The photo whose document this is, if it is open still."""
        if self._current is not None and self._session.document is document:
            return self._current
        parked = (photo for photo in self._photos if photo.parked is not None and photo.parked.document is document)
        return next(parked, None)

    def is_running(self, photo: OpenPhoto) -> bool:
        """True where a run of `photo` is under way."""
        runs = self._session.runs.phase if photo is self._current else photo.parked and photo.parked.runs.phase
        return runs is RunPhase.RUNNING

    def is_untouched(self, photo: OpenPhoto) -> bool:
        """True where nothing was done to `photo` since it was opened."""
        if photo is self._current:
            document, runs = self._session.document, self._session.runs
            return document is not None and document.is_untouched and not runs.variants and not self._session.contexts
        return photo.parked is None or photo.parked.is_as_opened

    def add(self, paths: Iterable[Path]) -> None:
        """Let the photos at `paths` wait to be read, behind the others; those already open stay where they are."""
        for path in paths:
            if self.showing(path) is None:
                self._photos.append(OpenPhoto(record_of(path)))
        self.changed.emit()

    def select(self, photo: OpenPhoto) -> None:
        """Put `photo` on the desk, as soon as nobody has the document that lies there; read it where that is needed."""
        self._files.stop_opening()
        if photo is self._current or photo not in self._photos:
            return
        if photo.parked is not None:
            self._session.keep_strokes()
            self._session.loans.in_turn(partial(self._switch, photo))
        elif photo.record.place is not None:
            self._files.open(photo.record.place, record=photo.record)

    def bring(self, photo: OpenPhoto, then: Callable[[], None]) -> None:
        """Select `photo`, then call `then`; never where it does not arrive, or something else is brought first."""
        self._awaited = None
        if photo is self._current:
            then()
        elif photo in self._photos:
            self._awaited = photo, then
            self.select(photo)

    def reload(self, photo: OpenPhoto) -> None:
        """Read the file of `photo` anew and show it; what was done to it here is gone, where it can be read."""
        place = photo.record.place
        if place is not None and photo in self._photos:
            self._files.open(place, record=photo.record)

    def stop_run(self, photo: OpenPhoto) -> None:
        """Stop the run of `photo`, and with it the one that waits."""
        if photo is self._current:
            self._session.unqueue()
            self._session.runs.stop()
        elif photo.parked is not None:
            photo.parked.runs.stop()

    def step(self, by: int) -> None:
        """Select the next photo (1) or the one before (-1), round the ends."""
        if self._photos:
            at = self._photos.index(self._current) if self._current is not None else -max(by, 0)
            self.select(self._photos[(at + by) % len(self._photos)])

    def move(self, photo: OpenPhoto, index: int) -> None:
        """Give `photo` another place among the others."""
        self._photos.remove(photo)
        self._photos.insert(index, photo)
        self.changed.emit()

    def close(self, photo: OpenPhoto) -> None:
        """Put `photo` away for good, unsaved or not; where it lay on the desk, its neighbour takes its place."""
        if photo is self._current:
            at = self._photos.index(photo)
            self._session.close_document()
            if self._photos:
                self.select(self._photos[min(at, len(self._photos) - 1)])
        elif photo in self._photos:
            self._photos.remove(photo)
            self._let_go(photo)
            self.changed.emit()

    def close_twin(self) -> None:
        """Put away the photo of the same file as the one on the desk, if nothing was done to it: it has no more."""
        here = None if self._current is None else self._current.record.place
        for photo in self.photos:
            place = photo.record.place
            if photo is self._current or here is None or place is None or not self.is_untouched(photo):
                continue
            if is_same_now(place, here):
                self.close(photo)

    def close_all(self) -> None:
        """Put all photos away, unsaved or not."""
        for photo in [each for each in self._photos if each is not self._current]:
            self._photos.remove(photo)
            self._let_go(photo)
        if self._current is not None:
            self._session.close_document()
        self.changed.emit()

    def _switch(self, photo: OpenPhoto) -> None:
        if photo.parked is None or photo not in self._photos:
            return
        self._park()
        parked, photo.parked = photo.parked, None
        self._files.put(photo.record)
        self._land(photo, lambda: self._session.restore(parked))

    def _land(self, photo: OpenPhoto, put: Callable[[], None]) -> None:
        self._turns += 1
        self._current, photo.turn = photo, self._turns
        put()
        self._see()
        self.arrived.emit(photo)
        self._keep_within_budget()
        self.changed.emit()
        awaited, self._awaited = self._awaited, None
        if awaited is not None and awaited[0] is photo:
            awaited[1]()

    def _park(self) -> None:
        photo = self._current
        if photo is None:
            return
        self.leaving.emit(photo)
        self._see()
        self._current = None
        photo.parked = self._session.park()

    def _arrived(self, record: FileRecord) -> None:
        photo = next((each for each in self._photos if each.record is record), None)
        if photo is None:
            photo = OpenPhoto(record)
            self._photos.append(photo)
        self._let_go(photo)  # what it was before it was read anew
        self._land(photo, lambda: None)

    def _not_opened(self, record: FileRecord) -> None:
        at = next((at for at, photo in enumerate(self._photos) if photo.record is record), None)
        if at is None or self._photos[at] is self._current or self._photos[at].parked is not None:
            return  # it was to be read anew, and is here as it was
        del self._photos[at]
        self.changed.emit()
        if self._current is None and self._photos:
            self.select(self._photos[min(at, len(self._photos) - 1)])

    def _closed(self) -> None:
        if self._current is not None:
            self._photos.remove(self._current)
            self._current = None
            self.changed.emit()

    def _see(self) -> None:
        """Bring the current photo's thumbnail up to date."""
        if self._current is not None and self._session.pyramid is not None:
            self._current.thumbnail = thumbnail_of(self._session.pyramid)
            self.thumbnail_changed.emit(self._current)

    def _keep_within_budget(self) -> None:
        held = {photo: photo.parked.desk.nbytes for photo in self._photos if photo.parked is not None}
        excess = sum(held.values()) - self._budget()
        for photo in sorted(held, key=lambda each: each.turn):
            if excess > 0 and _can_be_read_again(photo):
                excess -= held[photo]
                self._let_go(photo)

    def _let_go(self, photo: OpenPhoto) -> None:
        parked, photo.parked = [photo.parked], None
        if parked[0] is not None:
            parked[0].runs.cancel()
            self._session.runner.submit(parked.clear, lambda _: None)  # takes longer than a frame


def _can_be_read_again(photo: OpenPhoto) -> bool:
    """True where the file alone would bring all of it back."""
    record, parked = photo.record, photo.parked
    is_plain = parked is not None and parked.is_as_opened and record.place is not None and not record.is_saving
    if not is_plain or record.own or record.session is not None:
        return False
    return answer_within(PATIENCE, record.disk_state, DiskState.GONE) is DiskState.SAME


def _index_of(path: Path, places: list[Path]) -> int | None:
    """Which of `places` is the file at `path`, through whatever links."""
    return next((at for at, place in enumerate(places) if is_same_file(place, path)), None)


def _index_by_name(path: Path, places: list[Path]) -> int | None:
    """The same without a look at the disk."""
    wanted = path.absolute()
    return next((at for at, place in enumerate(places) if place.absolute() == wanted), None)


def _files_of(record: FileRecord) -> list[Path]:
    return [each for each in (record.session, record.path or record.source) if each is not None]
