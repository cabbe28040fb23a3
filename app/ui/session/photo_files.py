"""Photographs between the desk and the disk. All reading and writing happens on the pool.

What belongs to the file of a photo is kept in its `FileRecord`, which goes along where the photo is put aside.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

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
from app.ui.session.opening import Opened, is_session, read_session_file, ready
from app.ui.session.parked import ParkedFill
from app.ui.session.session import Session

_NEVER = -1
"""No state of a history."""


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
    save_failed = Signal()
    """The document is as it was, and so is the file."""
    arriving = Signal()
    """A photo was read and is about to be put on the desk: the last moment for the one that lies there."""
    arrived = Signal(object)
    """The `FileRecord` of the photo that was read and lies on the desk now."""
    not_opened = Signal(object)
    """The `FileRecord` of a photo that could not be read."""
    record_changed = Signal(object)
    """The `FileRecord` of a photo that was saved, on the desk or not."""

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
        self._opening = self._ready = None

    def open(
        self,
        path: Path,
        mask: Path | None = None,
        *,
        own: bool = True,
        allow_huge: bool = False,
        record: FileRecord | None = None,
        located: Path | None = None,
    ) -> None:
        """Read `path`, and `mask` to lay over it; the last of several calls wins.

        Without `own` the document gets no path, so that it can't be saved over (the sample). An unreadable mask is
        told, and the photo opens without it. A photo of outlandish size is refused unless `allow_huge`. With `record`
        it is a photo that was open before or waited to be read. A session file has a mask of its own; where its photo
        is not where it was, that is at `located`.
        """
        record = record or record_of(path, own=own)
        again = partial(self.open, path, mask, own=own, record=record)
        if is_session(path):
            work = partial(read_session_file, path, located, allow_huge, self._pixel_limit())
            again = partial(again, located=located)
        else:
            read = partial(read_photo, allow_huge=allow_huge, pixel_limit=self._pixel_limit(), for_editing=True)
            work = partial(_read, path, mask, tr("Import mask"), read)
        self._open(work, record, again)

    def open_made(self, name: str, make: Callable[[], Photo]) -> None:
        """Open what `make` returns, on the pool, as an unsaved photo called `name`."""
        self._open(partial(_made, make), FileRecord(name=name), None)

    def _open(self, work: Callable[[], Opened], record: FileRecord, again: Callable[..., None] | None) -> None:
        self.stop_opening()
        turn = self._opening = self._session.busy.begin(tr("Opening {}…").format(record.name))

        def done(outcome: Ok[Opened] | Err) -> None:
            self._session.busy.end(turn)
            if self._opening is not turn:
                return
            if isinstance(outcome, Ok):
                self._ready = partial(self._put_on_desk, outcome.value, record, turn)
                self._session.loans.in_turn(self._ready)
                return
            self._opening = None
            self.not_opened.emit(record)
            self._tell(outcome.error, again)

        self._session.runner.submit(work, done)

    def _tell(self, error: Exception, again: Callable[..., None] | None) -> None:
        """What went wrong when a file was opened, which `again` might make good."""
        if isinstance(error, HugeImageError) and again is not None:
            self.huge_refused.emit(sentence(error), again)
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
        words = tr("Saving {}…").format(target.name)

        def failed(error: Exception) -> None:
            record.is_saving = False
            self._session.fail(error)
            self.save_failed.emit()

        def copied(copy: tuple[DeepImage, int]) -> None:
            image, state = copy
            work = partial(_write, target, image, document.photo, chosen)
            written = partial(self._written, record, document, target, chosen, state)
            self._session.work(words, work, written, failed)

        record.is_saving = True
        self._session.read(_copied, copied, failed, words)

    def export(self, path: Path, size: ExportSize, options: SaveOptions) -> None:
        """Write a copy at `size`; the document neither belongs to that file nor counts as saved by it."""
        document = self._session.document
        if document is None:
            return
        words = tr("Saving {}…").format(path.name)

        def exported(notices: tuple[str, ...]) -> None:
            self.exported.emit(path)
            self._session.notice_given.emit(tr("The copy is saved as {}.").format(path))
            for notice in notices:
                self._session.notice_given.emit(localised(notice))

        def copied(copy: tuple[DeepImage, int]) -> None:
            self._session.work(words, partial(export_photo, path, copy[0], document.photo, size, options), exported)

        self._session.read(_copied, copied, self._session.fail, words)

    def _put_on_desk(self, opened: Opened, record: FileRecord, turn: object) -> None:
        if self._opening is not turn:
            return
        self.stop_opening()
        self.arriving.emit()
        self._session.close_document()
        record.stamp = record.opened = opened.stamp
        file = None if opened.session is None else opened.session.file
        if file is not None:
            record.come_from(file.path, file.photo_name, file.photo_path, embeds=file.is_embedded)
        self._record = record
        self._session.set_document(opened.document, opened.pyramid, opened.alpha, opened.mask_levels)
        if opened.session is not None:
            contents = opened.session.file.contents
            self._session.restore_fill(ParkedFill(contents.contexts, contents.last_contexts, None))
            self._session.runs.restore(opened.session.runs)
        self.arrived.emit(record)
        place = record.session or record.source
        if place is not None and not record.is_sample:
            self.opened.emit(place)
        self._session.history_changed.emit()
        if file is not None:
            self.session_opened.emit(file)
        if opened.mask_error is not None:
            self._session.fail(opened.mask_error)

    def _written(
        self,
        record: FileRecord,
        document: Document,
        path: Path,
        options: SaveOptions,
        state: int,
        outcome: tuple[tuple[str, ...], Stamp | None],
    ) -> None:
        """The photo may have been put aside, or be closed, meanwhile."""
        record.is_saving, record.options = False, options
        notices, record.stamp = outcome
        record.path, record.name = path, path.name
        record.own.add(path)
        if self._session.document is document:
            self._session.mark_saved(state)
        else:
            document.mark_saved(state)
        self.record_changed.emit(record)
        self.saved.emit(path)
        for notice in notices:
            self._session.notice_given.emit(localised(notice))

    def _forget(self) -> None:
        """Nobody's turn comes where the document is closed; what waits to be shown comes all the same."""
        self._record = FileRecord()
        if self._ready is not None:
            QTimer.singleShot(0, self._ready)


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
    return ready(document, None)


def _copied(document: Document) -> tuple[DeepImage, int]:
    """The image as it is now, and the number of that state."""
    return document.image.copy(), document.history.state


def _write(path: Path, image: DeepImage, source: Photo, options: SaveOptions) -> tuple[tuple[str, ...], Stamp | None]:
    """Runs on the pool."""
    notices = write_photo(path, image, source, options)
    return notices, Stamp.of(path)
