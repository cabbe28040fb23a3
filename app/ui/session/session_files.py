"""Session files from the desk to the disk. Reading them is `opening`'s, which `photo_files` calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from weakref import ref

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.session_file import SessionContents, write_session
from app.document.session_photo import kept_photo
from app.document.session_state import state_of
from app.imaging.photo import Photo
from app.imaging.photo_thumbnails import thumbnail_of
from app.ui.session.file_record import FileRecord
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.saves import Save, SaveKind
from app.ui.session.session import Session
from app.ui.session.shelf import Shelved
from app.ui.session.stored_variants import snapshot, stored_runs, stored_shelf
from app.ui.session.variants import Variant


class SessionFiles(QObject):
    """Writes all that was done to the photo on the desk, which then counts as saved."""

    saved = Signal(object)
    """The `Path` that was written."""

    def __init__(
        self,
        session: Session,
        files: PhotoFiles,
        settings: Callable[[], Mapping[str, Any]],
        parent: QObject | None = None,
    ) -> None:
        """`settings` gives the values to keep, as JSON knows them, by the settings' ids."""
        super().__init__(parent)
        self._session, self._files, self._settings = session, files, settings

    def save(self, path: Path, *, embed: bool, then: Callable[[], None] = lambda: None) -> None:
        """Write the session to `path`, to which the photo then belongs; with the photo's file in it to `embed` it.

        A stroke in progress is kept as it is. A photo that has no file, or whose file changed since it was opened, is
        embedded in any case. `then` is called when the file is there.
        """
        record, document = self._files.record, self._session.document
        if document is None or record.is_saving:
            return

        def given_up() -> None:
            record.is_saving = False

        def written(outcome: tuple[int, bool]) -> None:
            self._mark(path, record, document, *outcome)
            then()  # what is to follow has begun when others hear that this is done
            self.saved.emit(path)

        record.is_saving = True
        self._session.keep_strokes()
        again = partial(self.save, embed=embed, then=then)
        save = Save(path, ref(document), again, given_up, SaveKind.SESSION)
        write = partial(_write, path, document.photo, record.name, record.source_as_opened, embed)
        self._session.saves.write(save, self._gatherer(), write, written)

    def _gatherer(self) -> Callable[[Document], tuple[SessionContents, int]]:
        """What gathers, on the pool, all that is to be saved; made now, on this thread."""
        session, runs = self._session, self._session.runs
        variants = snapshot(runs.variants)
        fill, thumbnail = session.parked_fill(), None if session.pyramid is None else thumbnail_of(session.pyramid)
        rest = partial(
            SessionContents,
            contexts=fill.contexts,
            last_contexts=fill.last_contexts,
            settings=self._settings(),
            made_runs=runs.made,
            thumbnail=thumbnail,
        )
        return partial(_gathered, rest, variants, tuple(session.shelf), "" if runs.shown is None else runs.shown.name)

    def _mark(self, path: Path, record: FileRecord, document: Document, state: int, is_embedded: bool) -> None:
        """The photo may have been put aside, or be closed, meanwhile."""
        record.is_saving = False
        record.session, record.embeds = path, is_embedded
        if self._session.document is document:
            self._session.mark_saved(state)
        else:
            document.mark_saved(state)
        self._files.record_changed.emit(record)


def _gathered(
    rest: Callable[..., SessionContents],
    variants: tuple[Variant, ...],
    shelf: tuple[tuple[int, Shelved], ...],
    shown: str,
    document: Document,
) -> tuple[SessionContents, int]:
    """Runs on the pool, while the document is lent."""
    runs = stored_runs(variants, document)
    index = next((index for index, run in enumerate(runs) if run.name == shown), None)
    shelved = stored_shelf(shelf, document)
    contents = rest(state_of(document), document.mask.copy(), runs=runs, shown_run=index, shelf=shelved)
    return contents, document.history.state


def _write(
    path: Path,
    photo: Photo,
    name: str,
    source: Callable[[], Path | None],
    embed: bool,
    gathered: tuple[SessionContents, int],
) -> tuple[int, bool]:
    """Runs on the pool. The state of the history that is in the file, and whether the photo is."""
    contents, state = gathered
    kept = kept_photo(photo, name, source(), path, embed=embed)
    write_session(path, kept, contents)
    return state, kept.data is not None
