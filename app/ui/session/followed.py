"""One open photo and its journal: what was noted of it, and what is on its way to the disk."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from weakref import ref

from app import __version__
from app.document.document import Document
from app.document.recovery.document_journal import DocumentJournal
from app.document.recovery.folder import RecoveryFolder
from app.document.recovery.records import (
    Contexts,
    EditMade,
    FileStatus,
    Opened,
    Record,
    StrokeBegun,
)
from app.document.recovery.trail import Trail
from app.document.session_state import SessionState
from app.imaging.geometry import Rect
from app.ui.session.file_record import FileRecord
from app.ui.session.file_status import plain, status_of

_SPARE = 64 * 2**20
_WORK = EditMade, StrokeBegun
"""Records of work that would be lost without the journal."""


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """The journal of a photo that was restored, which goes on in its folder."""

    folder: RecoveryFolder
    opened: Opened


class Followed:
    """Lives on the GUI thread; `journal` alone is used elsewhere. Keeps no document."""

    def __init__(self, document: Document, record: FileRecord, root: Path, taken: Taken | None) -> None:
        self.document = ref(document)
        self.record = record
        stamp = plain(record.opened) if taken is None else taken.opened.stamp
        source = record.source
        self.journal = DocumentJournal(root, source, stamp, None if taken is None else taken.folder)
        since = time.time() if taken is None else taken.opened.since
        itemsize = document.photo.pixels.itemsize
        self._opened = Opened(record.name, document.extent, itemsize, since, __version__, stamp)
        self._trail = Trail()
        self._status = FileStatus()
        self._contexts: tuple[Rect, ...] = ()
        self._queue: list[Record] = []
        self._begins = False
        """What is queued begins the journal."""
        self._begun = 0
        """How long the journal was when it was begun."""
        self.is_writing = False
        self.is_lost = True
        """The journal does not have all, and must be begun with all there is."""
        self.is_long = False
        """Most of the journal is of no use any longer: it is complete, but is to begin anew."""
        self.has_work = False
        """There is something that would be missed."""
        self.is_kept = False
        """The photo as opened is being seen to."""

    @property
    def is_waiting(self) -> bool:
        """True where something is to be written and nothing is being."""
        return bool(self._queue) and not self.is_writing

    def begin(self, document: Document, state: SessionState, contexts: tuple[Rect, ...]) -> None:
        """Write the journal anew, with all of `document`, whose state is `state`."""
        self._status, self._contexts = status_of(self.record, document), contexts
        records = [self._opened, self._status, *self._trail.whole(document, state)]
        self._queue = [*records, *([Contexts(contexts)] if contexts else [])]
        self._begins, self.is_lost, self.is_long = True, False, False
        self._look_for_work(self._queue)

    def follow(self, document: Document, contexts: tuple[Rect, ...]) -> None:
        """Note what happened; not while anybody else may write to `document`."""
        news = self._trail.history(document)
        if news is None:
            self.is_lost = True
            return
        self.follow_file(document)
        if contexts != self._contexts:
            self._contexts = contexts
            news.append(Contexts(contexts))
        self.add([*news, *self._trail.stroke(document)])

    def follow_file(self, document: Document) -> None:
        """Note which file it belongs to."""
        status = status_of(self.record, document)
        if status != self._status:
            self._status = status
            self.add([status])

    def follow_stroke(self, document: Document) -> None:
        """Note where the stroke under way went."""
        self.add(self._trail.stroke(document))

    def add(self, records: Iterable[Record]) -> None:
        """Queue `records`, unless the journal is lost anyway."""
        if not self.is_lost:
            records = list(records)
            self._queue += records
            self._look_for_work(records)

    def taken(self) -> tuple[tuple[Record, ...], bool]:
        """What to write now, and whether the journal begins with it."""
        self.is_writing = True
        taken = tuple(self._queue), self._begins
        self._queue, self._begins = [], False
        return taken

    def written(self, nbytes: int, *, began: bool) -> None:
        """The journal is `nbytes` long now; it `began` anew by that."""
        self.is_writing = False
        self._begun = nbytes if began else self._begun
        document = self.document()
        useful = 0 if document is None else document.history.nbytes
        if nbytes > 2 * max(self._begun, useful) + _SPARE:
            self.is_long = True

    @property
    def is_safe(self) -> bool:
        """True where nothing is missing on the disk that could be there."""
        return not self.is_lost and (self.is_kept or not self.has_work)

    def lose(self) -> None:
        """It could not be written; nor is it known whether the photo beside it is still there."""
        self.is_writing, self.is_lost, self.is_kept = False, True, False
        self._queue, self._begins = [], False

    def _look_for_work(self, records: Iterable[Record]) -> None:
        self.has_work = self.has_work or any(isinstance(record, _WORK) for record in records)
