"""Photographs between the desk and the disk. All reading and writing happens on the pool.

What belongs to the file of a photo is kept in its `FileRecord`, which goes along where the photo is put aside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple
from weakref import ref

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.document import Document
from app.document.edits import MaskEdit
from app.document.session_photo import PhotoNeededError
from app.errors import LacunaError
from app.imaging.arrays import DeepImage
from app.imaging.exporting import ExportSize, export_photo
from app.imaging.files import (
    HugeImageError,
    read_mask,
    read_photo,
    write_photo,
)
from app.imaging.photo import Photo
from app.imaging.save_options import SaveOptions
from app.ui.language import localised, tr
from app.ui.session.crash import sentence
from app.ui.session.file_record import FileRecord, Stamp, record_of
from app.ui.session.jobs import Err, Ok
from app.ui.session.opening import (
    ElsewhereError,
    Opened,
    RestoredSession,
    is_session,
    read_session_file,
    ready,
    unless_elsewhere,
)
from app.ui.session.parked import ParkedFill
from app.ui.session.saves import Save
from app.ui.session.session import Session

_NEVER = -1
"""No state of a history."""


@dataclass(frozen=True, slots=True)
class _Landing:
    """Whom to tell what becomes of a document that was made."""

    landing: Callable[[Document], None]
    failed: Callable[[Exception | None], None]


class _Written(NamedTuple):
    """What came of a save."""

    notices: tuple[str, ...]
    stamp: Stamp | None
    state: int
    """Of the history, which is in the file now."""


class PhotoFiles(QObject):
    """Which file the document belongs to, and the verbs that read and write files."""

    opened = Signal(object)
    """The `Path` that was read."""
    saved = Signal(object)
    """The `Path` that was written."""
    exported = Signal(object)
    """The `Path` of a copy that was written."""
    huge_refused = Signal(str, object)
    """A sentence about a photo of outlandish size, and a callable that opens it with ``allow_huge=True``."""
    photo_needed = Signal(str, str, object)
    """A sentence about a session whose photo must be shown, the photo's name, and a callable that opens the session
    with the photo at the path ``located=``."""
    session_opened = Signal(object)
    """The `OpenedSession` that lies on the desk now; said last."""
    arriving = Signal()
    """A photo was read and is about to be put on the desk: the last moment for the one that lies there."""
    arrived = Signal(object)
    """The `FileRecord` of the photo that was read and lies on the desk now."""
    not_opened = Signal(object)
    """The `FileRecord` of a photo that could not be read."""
    record_changed = Signal(object)
    """The `FileRecord` of a photo that was saved, on the desk or not."""
    elsewhere_refused = Signal(str, object)
    """A sentence about a photo that another window has open, and a callable that opens it all the same."""

    def __init__(
        self, session: Session, parent: QObject | None = None, pixel_limit: Callable[[], int | None] = lambda: None
    ) -> None:
        """`pixel_limit` says how many pixels a photo may have that opens unasked; None: `read_photo`'s own limit."""
        super().__init__(parent)
        self._session, self._pixel_limit = session, pixel_limit
        self._record = FileRecord()
        self._opening: object | None = None
        self._ready: Callable[[], None] | None = None
        """Puts on the desk what was read and waits for its turn."""
        self.is_elsewhere: Callable[[Path], bool] = lambda path: False
        """Whether another process has the file open; asked on the pool."""
        session.document_closed.connect(self._forget)

    @property
    def record(self) -> FileRecord:
        """What is known of the file of the photo on the desk."""
        return self._record

    @property
    def path(self) -> Path | None:
        """The file that `save` writes; None where the document has none of its own (nothing open, the sample)."""
        return self._record.path

    @property
    def name(self) -> str:
        """What the photo is called; empty where nothing is open."""
        return self._record.name

    @property
    def title(self) -> str:
        """What the window is called by: the photo, and the session it belongs to."""
        return self._record.title

    @property
    def is_saving(self) -> bool:
        """True until the photo being written is on the disk."""
        return self._record.is_saving

    @property
    def needs_consent(self) -> bool:
        """True where `save` would for the first time replace the file as it was opened."""
        return self.path is not None and self.path not in self._record.own

    def put(self, record: FileRecord) -> None:
        """The photo to be put on the desk next belongs to the file of `record`."""
        self._record = record

    def stop_opening(self) -> None:
        """What is being read is not wanted any longer."""
        self._opening = None
        self._come()

    def open(
        self,
        path: Path,
        mask: Path | None = None,
        *,
        own: bool = True,
        allow_huge: bool = False,
        although_elsewhere: bool = False,
        record: FileRecord | None = None,
        located: Path | None = None,
    ) -> None:
        """Read `path`, and `mask` to lay over it; the last of several calls wins.

        Without `own` the document gets no path, so that it can't be saved over (the sample). An unreadable mask is
        told, and the photo opens without it. A photo of outlandish size is refused unless `allow_huge`, one that
        another process has open unless `although_elsewhere`. With `record` it is a photo that was open before or
        waited to be read. A session file has a mask of its own; where its photo is not where it was, that is at
        `located`.
        """
        record = record or record_of(path, own=own)
        again = partial(self.open, path, mask, own=own, record=record)
        again = partial(again, allow_huge=allow_huge, although_elsewhere=although_elsewhere)
        if is_session(path):
            work = partial(read_session_file, path, located, allow_huge, self._pixel_limit())
            again = partial(again, located=located)
        else:
            read = partial(read_photo, allow_huge=allow_huge, pixel_limit=self._pixel_limit(), for_editing=True)
            work = partial(_read, path, mask, tr("Import mask"), read)
        if own and not although_elsewhere:
            work = partial(unless_elsewhere, self.is_elsewhere, path, work)
        self._open(work, record, again)

    def open_made(self, name: str, make: Callable[[], Photo]) -> None:
        """Open what `make` returns, on the pool, as an unsaved photo called `name`."""
        self._open(partial(_made, make), FileRecord(name=name), None)

    def open_document(
        self,
        record: FileRecord,
        make: Callable[[], Document],
        landing: Callable[[Document], None],
        failed: Callable[[Exception | None], None],
    ) -> None:
        """Open the document that `make` returns, on the pool, as the photo of `record`.

        `landing` is called here, just before it is put on the desk; else `failed`, without an error where another
        photo was asked for meanwhile.
        """
        self._open(lambda: ready(make()), record, None, _Landing(landing, failed))

    def _open(
        self,
        work: Callable[[], Opened],
        record: FileRecord,
        again: Callable[..., None] | None,
        landing: _Landing | None = None,
    ) -> None:
        self.stop_opening()
        turn = self._opening = self._session.busy.begin(tr("Opening {}…").format(record.name))

        def done(outcome: Ok[Opened] | Err) -> None:
            self._session.busy.end(turn)
            if self._opening is not turn:
                if landing is not None:
                    landing.failed(None)
            elif isinstance(outcome, Ok):
                self._ready = partial(self._put_on_desk, outcome.value, record, turn, landing)
                self._session.keep_strokes()
                self._session.loans.in_turn(self._come)
            else:
                self._opening = None
                self.not_opened.emit(record)
                self._tell(outcome.error, again, landing)

        self._session.runner.submit(work, done)

    def _tell(self, error: Exception, again: Callable[..., None] | None, landing: _Landing | None) -> None:
        """What went wrong when a file was opened, which `again` might make good."""
        if landing is not None:
            landing.failed(error)
        elif isinstance(error, HugeImageError) and again is not None:
            self.huge_refused.emit(sentence(error), again)
        elif isinstance(error, ElsewhereError) and again is not None:
            self.elsewhere_refused.emit(sentence(error), again)
        elif isinstance(error, PhotoNeededError) and again is not None:
            self.photo_needed.emit(sentence(error), error.photo_name, again)
        else:
            self._session.fail(error)

    def save(self, path: Path | None = None, options: SaveOptions | None = None) -> None:
        """Write the photo to `path`, which the document then belongs to; without one, to the file it belongs to.

        Without `options` as it was last saved, at first as its source is.
        """
        record, document = self._record, self._session.document
        target = path or record.path
        if target is None or document is None or record.is_saving:
            return
        chosen = record.options if options is None else options

        def given_up() -> None:
            record.is_saving = False

        record.is_saving = True
        save = Save(target, ref(document), lambda other: self.save(other, chosen), given_up)
        work = partial(_write, target, document.photo, chosen)
        self._session.saves.write(save, _copied, work, partial(self._written, record, document, target, chosen))

    def export(self, path: Path, size: ExportSize, options: SaveOptions) -> None:
        """Write a copy at `size`; the document neither belongs to that file nor counts as saved by it."""
        document = self._session.document
        if document is None:
            return

        def exported(notices: tuple[str, ...]) -> None:
            self.exported.emit(path)
            self._session.notice_given.emit(tr("The copy is saved as {}.").format(path))
            for notice in notices:
                self._session.notice_given.emit(localised(notice))

        def write(copy: tuple[DeepImage, int]) -> tuple[str, ...]:
            return export_photo(path, copy[0], document.photo, size, options)

        save = Save(path, ref(document), lambda other: self.export(other, size, options))
        self._session.saves.write(save, _copied, write, exported)

    def _come(self) -> None:
        """What waits to be put on the desk is, or, where it is not wanted any longer, whoever wanted it hears so."""
        ready, self._ready = self._ready, None
        if ready is not None:
            ready()

    def _put_on_desk(self, opened: Opened, record: FileRecord, turn: object, landing: _Landing | None) -> None:
        if self._opening is not turn:
            if landing is not None:
                landing.failed(None)
            return
        self.stop_opening()
        document = self._session.document
        if record is self._record and document is not None and document.is_modified:
            self._session.notice_given.emit(unsaved_words(record))  # something was done while it was read anew
            return
        self.arriving.emit()
        self._session.close_document()
        file = None if opened.session is None else opened.session.file
        if file is not None:
            record.come_from(file.path, file.photo_name, file.photo_path, opened.stamp, embeds=file.is_embedded)
        elif landing is None:
            record.read(opened.stamp)
        self._record = record
        if landing is not None:
            landing.landing(opened.document)
        self._session.set_document(
            opened.document, opened.pyramid, opened.alpha, opened.mask_levels, opened.avoid_levels
        )
        if opened.session is not None:
            self._bring_back(opened.session)
        self.arrived.emit(record)
        place = record.session or record.source
        if place is not None and not record.is_sample:
            self.opened.emit(place)
        self._session.history_changed.emit()
        if file is not None:
            self.session_opened.emit(file)
        if opened.mask_error is not None:
            self._session.fail(opened.mask_error)

    def _bring_back(self, restored: RestoredSession) -> None:
        contents = restored.file.contents
        self._session.restore_fill(ParkedFill(contents.contexts, contents.last_contexts, None, restored.shelf))
        self._session.runs.restore(restored.runs)

    def _written(
        self,
        record: FileRecord,
        document: Document,
        path: Path,
        options: SaveOptions,
        outcome: _Written,
    ) -> None:
        """The photo may have been put aside, or be closed, meanwhile. What belongs to a session is saved by that alone:
        the mask and the history are not in the photo.
        """
        record.is_saving, record.options = False, options
        record.stamp, state = outcome.stamp, outcome.state
        record.path, record.name = path, path.name
        record.own.add(path)
        if record.session is None:
            self._mark_saved(document, state)
        self.record_changed.emit(record)
        self.saved.emit(path)
        for notice in outcome.notices:
            self._session.notice_given.emit(localised(notice))

    def _mark_saved(self, document: Document, state: int) -> None:
        if self._session.document is document:
            self._session.mark_saved(state)
        else:
            document.mark_saved(state)

    def _forget(self) -> None:
        """Nobody's turn comes where the document is closed; what waits to be shown comes all the same."""
        self._record = FileRecord()
        if self._ready is not None:
            QTimer.singleShot(0, self._come)


def unsaved_words(record: FileRecord) -> str:
    """Why the photo of `record` is not read again."""
    text = tr("{} has unsaved changes: save them under another name, or undo them, before it is read again.")
    return text.format(record.name)


def _read(path: Path, mask_path: Path | None, mask_name: str, read: Callable[[Path], Photo]) -> Opened:
    """Runs on the pool. The document counts as unmodified, its mask included."""
    stamp, photo = Stamp.of(path), read(path)
    document, error = Document(photo), None
    if mask_path is not None:
        try:
            edit = MaskEdit.between(mask_name, document.mask, read_mask(mask_path, photo.extent))
            if edit is not None:
                document.apply(edit)
                document.mark_saved()
        except LacunaError as failure:
            error = failure
    return ready(document, stamp, error)


def _made(make: Callable[[], Photo]) -> Opened:
    """Runs on the pool. Until it is saved the document counts as modified: it is nowhere else."""
    document = Document(make())
    document.mark_saved(_NEVER)
    return ready(document)


def _copied(document: Document) -> tuple[DeepImage, int]:
    """The image as it is now, and the number of that state."""
    return document.image.copy(), document.history.state


def _write(path: Path, source: Photo, options: SaveOptions, copy: tuple[DeepImage, int]) -> _Written:
    """Runs on the pool."""
    image, state = copy
    return _Written(write_photo(path, image, source, options), Stamp.of(path), state)
