"""Keeps the journals of all open photos: what happens to them is on the disk within a second.

On the GUI thread references are taken, no more; one thread writes, in order. A stroke under way is written several
times a second.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from weakref import ReferenceType, ref

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.document import Document
from app.document.recovery.document_journal import DocumentJournal
from app.document.session_state import SessionState, state_of
from app.errors import LacunaError
from app.imaging.photo_thumbnails import marked_thumbnail_of
from app.ui.language import tr
from app.ui.session.crash import sentence
from app.ui.session.file_record import FileRecord
from app.ui.session.followed import Followed, Taken
from app.ui.session.jobs import Err, Ok
from app.ui.session.open_photos import OpenPhotos
from app.ui.session.parked import ParkedSession
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.session import Session

_STROKE_EVERY, _PREVIEW_EVERY, _TRY_AGAIN_AFTER = 200, 2_000, 30_000
"""Milliseconds."""


class Follower(QObject):
    """One journal a photo, from its opening until it is put away in order."""

    warned = Signal(str)
    """A sentence: the work is not kept any longer."""
    resumed = Signal(str)
    """A sentence: it is again."""
    written = Signal(object)
    """The `Document` whose journal has all that happened to it by now."""

    def __init__(
        self, session: Session, files: PhotoFiles, photos: OpenPhotos, root: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._files, self._photos, self._root = session, files, photos, root
        self._followed: dict[int, Followed] = {}
        self._originals = Originals()
        self._taken: tuple[ReferenceType[Document], Taken] | None = None
        self._waits = False
        """Something happened that can't be looked at yet."""
        self._is_off = self._is_closed = False
        self._strokes = _timer(self, _STROKE_EVERY, self._stroke_went_on)
        self._previews = _timer(self, _PREVIEW_EVERY, self._show)
        self._again = _timer(self, _TRY_AGAIN_AFTER, self._try_again)
        session.saves.before_replacing = self._originals.keep
        self._connect()

    def _connect(self) -> None:
        session = self._session
        session.document_opened.connect(self._opened)
        session.history_changed.connect(self._happened)
        session.contexts_changed.connect(self._happened)
        session.runs.stage_ready.connect(self._happened)
        session.mask_changed.connect(self._painted)
        session.avoid_changed.connect(self._painted)
        session.image_touched.connect(self._painted)
        self._files.record_changed.connect(self._saved)
        self._photos.leaving.connect(self._leave)
        self._photos.changed.connect(self._forget_closed)

    def take_over(self, document: Document, taken: Taken) -> None:
        """`document`, which is put on the desk next, was restored: its journal goes on."""
        self._taken = ref(document), taken

    def close(self) -> None:
        """All photos are put away in order: nothing of them is kept."""
        self._is_closed = True
        for followed in self._followed.values():
            self._remove(followed)
        self._followed.clear()

    # what happens

    def _current(self) -> tuple[Document, Followed] | None:
        document = self._session.document
        followed = None if document is None else self._followed.get(id(document))
        return None if document is None or followed is None else (document, followed)

    def _opened(self, document: Document) -> None:
        self._waits = False
        known = self._followed.get(id(document))
        if self._is_closed or (known is not None and known.document() is document):
            return
        taken, self._taken = self._taken, None
        is_taken = taken is not None and taken[0]() is document
        followed = Followed(document, self._files.record, self._root, taken[1] if taken and is_taken else None)
        self._followed[id(document)] = followed
        self._originals.add(followed)
        self._begin(document, followed)

    def _happened(self) -> None:
        if not self._waits and self._current() is not None:
            self._waits = True
            self._session.loans.in_turn(self._look)

    def _look(self) -> None:
        self._waits = False
        current = self._current()
        if current is None:
            return
        document, followed = current
        if not followed.is_lost:
            followed.follow(document, self._session.contexts)
        if (followed.is_lost or followed.is_long) and not self._is_off:
            self._begin(document, followed)
        self._write(followed)
        if not self._previews.isActive():
            self._previews.start()

    def _leave(self) -> None:
        """What has happened to the photo on the desk by now is noted; nothing does while it is put aside."""
        self._look()
        self._show()

    def _painted(self) -> None:
        if not self._strokes.isActive():
            self._strokes.start()

    def _stroke_went_on(self) -> None:
        current = self._current()
        if current is None:
            return
        if self._session.loans.is_lent:
            self._strokes.start()  # the stroke may be on its way to become an edit
            return
        document, followed = current
        followed.follow_stroke(document)
        self._write(followed)

    def _saved(self, record: FileRecord) -> None:
        self._happened()
        on_desk = self._session.document
        for followed in self._followed.values():
            document = followed.document()
            if followed.record is record and document is not None and document is not on_desk:
                followed.follow_file(document)
                self._write(followed)

    def _forget_closed(self) -> None:
        alive = {id(parked.document) for parked in self._parked()} | {id(self._session.document)}
        for key in self._followed.keys() - alive:
            self._remove(self._followed.pop(key))

    def _parked(self) -> list[ParkedSession]:
        return [photo.parked for photo in self._photos.photos if photo.parked is not None]

    # the journals

    def _begin(self, document: Document, followed: Followed) -> None:
        """Write the journal of the document on the desk with all there is. Old edits that were let go need the pool."""
        if not document.history.pruned:
            self._begun(followed, document, state_of(document))
        elif not document.is_painting:
            followed.is_long = False
            self._session.read(state_of, partial(self._begun, followed, document), self._session.fail)

    def _begun(self, followed: Followed, document: Document, state: SessionState) -> None:
        followed.begin(document, state, self._session.contexts)
        self._write(followed)

    def _write(self, followed: Followed) -> None:
        if followed.is_waiting and not self._is_closed:
            records, begins = followed.taken()
            work = partial(followed.journal.write, records, whole=begins)
            self._session.runner.submit_in_order(work, partial(self._wrote, followed, begins))

    def _wrote(self, followed: Followed, began: bool, outcome: Ok[int] | Err) -> None:
        if not self._is_followed(followed):
            return
        if isinstance(outcome, Err):
            followed.lose()
            self._fail(outcome.error)
            return
        document = followed.document()
        followed.written(outcome.value, began=began)
        self._go_on()
        if followed.is_waiting:
            self._write(followed)
        elif document is not None:
            self.written.emit(document)
        if followed.has_work and not followed.is_kept and document is not None:
            followed.is_kept = True
            keep = partial(followed.journal.keep_photo, document.photo)
            self._session.runner.submit(keep, partial(self._photo_kept, followed))

    def _photo_kept(self, followed: Followed, outcome: Ok[None] | Err) -> None:
        if not self._is_followed(followed):
            return
        if isinstance(outcome, Err):
            followed.is_kept = False
            self._fail(outcome.error)
        else:
            self._go_on()

    def _is_followed(self, followed: Followed) -> bool:
        """False once its photo was put away."""
        return followed in self._followed.values()

    def _remove(self, followed: Followed) -> None:
        self._originals.remove(followed)
        self._session.runner.submit_in_order(followed.journal.remove, lambda _: None)

    def _show(self) -> None:
        """Bring the picture of the photo on the desk up to date."""
        current, pyramid, levels = self._current(), self._session.pyramid, self._session.mask_levels
        if current is not None and current[1].has_work and pyramid is not None and levels is not None:
            show = partial(current[1].journal.show, marked_thumbnail_of(pyramid, levels))
            self._session.runner.submit_in_order(show, lambda _: None)

    # where nothing can be written

    def _fail(self, error: Exception) -> None:
        if not self._is_off:
            self._is_off = True
            self.warned.emit(
                tr("Should Lacuna crash now, what you do would be lost: {} It tries again by itself.").format(
                    sentence(error)
                )
            )
        self._again.start()

    def _try_again(self) -> None:
        self._go_on()
        if not self._is_off:
            return
        self._again.start()  # until all is safe: some has to wait until its photo is on the desk
        current = self._current()
        if current is not None and not current[1].is_safe:
            self._session.loans.in_turn(partial(self._begin, *current))
        for parked in self._parked():
            followed = self._followed.get(id(parked.document))
            if followed is not None and not followed.is_safe and not parked.document.history.pruned:
                followed.begin(parked.document, state_of(parked.document), parked.fill.contexts)
                self._write(followed)

    def _go_on(self) -> None:
        if self._is_off and all(each.is_safe and not each.is_writing for each in self._followed.values()):
            self._is_off = False
            self._again.stop()
            self.resumed.emit(tr("Your work is kept again, even through a crash."))


class Originals:
    """The originals of the photos that are followed; any thread may ask for them to be kept."""

    def __init__(self) -> None:
        self._held: tuple[tuple[DocumentJournal, ReferenceType[Document]], ...] = ()

    def add(self, followed: Followed) -> None:
        """From now on that of `followed`, too."""
        self._held = (*self._held, (followed.journal, followed.document))

    def remove(self, followed: Followed) -> None:
        """No longer that of `followed`."""
        self._held = tuple(each for each in self._held if each[0] is not followed.journal)

    def keep(self, path: Path) -> None:
        """The file at `path` is about to be replaced: have copies of it where it is a photo's original."""
        for journal, reference in self._held:
            document = reference()
            if document is not None and journal.is_of(path):
                with contextlib.suppress(LacunaError):  # saving matters more
                    journal.keep_photo(document.photo, before_replacing=True)


def _timer(parent: QObject, interval: int, run: Callable[[], None]) -> QTimer:
    timer = QTimer(parent, singleShot=True, interval=interval)
    timer.timeout.connect(run)
    return timer
