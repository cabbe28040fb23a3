"""What can be done where a file could not be written, or another program had its hands on it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths

from app.atomic import WriteError
from app.imaging import film_files
from app.imaging.files import SAVE_SUFFIXES
from app.ui.asking import Asker
from app.ui.language import tr
from app.ui.panels.banner import Remedy
from app.ui.session.file_record import DiskState, free_name
from app.ui.session.jobs import Err, Ok
from app.ui.session.open_photos import OpenPhoto, OpenPhotos
from app.ui.session.photo_files import unsaved_words
from app.ui.session.saves import FailedSave, Save, SaveKind
from app.ui.session.session import Session

_ENOUGH = 100_000_000
"""Bytes free on a disk that is proposed."""

_PLACES = (
    QStandardPaths.StandardLocation.PicturesLocation,
    QStandardPaths.StandardLocation.DocumentsLocation,
    QStandardPaths.StandardLocation.HomeLocation,
)

_SUFFIXES = {
    SaveKind.MASK: (".png", *SAVE_SUFFIXES),
    SaveKind.FILM: film_files.SUFFIXES,
    SaveKind.STRIP: (".png", ".pdf", *SAVE_SUFFIXES),
}
"""What can be written, the usual one first."""


class Rescue(QObject):
    """Nothing here replaces a file without having asked."""

    def __init__(
        self,
        session: Session,
        photos: OpenPhotos,
        asker: Asker,
        save_as: Callable[[], None],
        save_session_as: Callable[[], None],
        before_replacing: Callable[[Path, Callable[[], None]], None],
    ) -> None:
        """`before_replacing` calls what it is given once the file at a path may be written."""
        super().__init__()
        self._session, self._photos, self._asker = session, photos, asker
        self._save_as, self._save_session_as = save_as, save_session_as
        self._before_replacing = before_replacing

    def of_failed(self, failed: FailedSave) -> tuple[Remedy, ...]:
        """What to do where a file could not be written."""
        save = failed.save
        if not isinstance(failed.error, WriteError):
            if save.kind is SaveKind.SESSION:
                return (Remedy(tr("Save session as…"), partial(self._with, save, self._save_session_as)),)
            ask: Callable[[], None] = self._save_as
            if save.kind is not SaveKind.PHOTO:
                ask = partial(self._ask, save, _writable_name(save))
            return (Remedy(tr("Save as…"), partial(self._with, save, ask)),)
        again = Remedy(tr("Try again"), partial(self._with, save, partial(save.again, save.path)))
        return self._elsewhere(save), again

    def of_lasting(self, save: Save) -> tuple[Remedy, ...]:
        """What to do where a write does not come to its end."""
        if save.can_stop:
            return (Remedy(tr("Stop now"), partial(self._session.saves.give_up, save)),)
        return (self._elsewhere(save),)

    def of_changed(self, photo: OpenPhoto, state: DiskState) -> tuple[Remedy, ...]:
        """What to do where another program changed or removed the file of `photo`."""
        save_as = Remedy(tr("Save as…"), partial(self._photos.bring, photo, self._save_as))
        if state is DiskState.GONE or photo.record.session is not None:
            return (save_as,)  # what a session holds was done to the file as it was
        return Remedy(tr("Reload"), partial(self._reload, photo)), save_as

    def _elsewhere(self, save: Save) -> Remedy:
        return Remedy(tr("Choose another place…"), partial(self._propose, save))

    def _propose(self, save: Save) -> None:
        folders = [Path(QStandardPaths.writableLocation(each)) for each in _PLACES]

        def found(outcome: Ok[Path] | Err) -> None:
            if isinstance(outcome, Ok):
                self._with(save, partial(self._ask, save, outcome.value))

        self._session.runner.look(partial(another_place, save.path, folders), found)

    def _ask(self, save: Save, proposal: Path) -> None:
        asked = {
            SaveKind.PHOTO: self._asker.photo_to_save,
            SaveKind.MASK: self._asker.mask_to_save,
            SaveKind.SESSION: self._asker.session_to_save,
            SaveKind.FILM: self._asker.film_to_save,
            SaveKind.STRIP: self._asker.strip_to_save,
        }
        path = asked[save.kind](proposal)
        if path is not None:
            self._session.saves.give_up(save)
            self._before_replacing(path, partial(save.again, path))

    def _with(self, save: Save, then: Callable[[], None]) -> None:
        """Call `then` with the document of `save` on the desk."""
        document = save.document()
        photo = None if document is None else self._photos.holding(document)
        if photo is None:
            self._session.notice_given.emit(tr("That photo is closed already."))
        else:
            self._photos.bring(photo, then)

    def _reload(self, photo: OpenPhoto) -> None:
        if self._photos.is_modified(photo):
            self._session.notice_given.emit(unsaved_words(photo.record))
        else:
            self._photos.reload(photo)


def _writable_name(save: Save) -> Path:
    """Its own, with another suffix where that was the trouble."""
    suffixes = _SUFFIXES[save.kind]
    return save.path if save.path.suffix.lower() in suffixes else save.path.with_suffix(suffixes[0])


def another_place(path: Path, folders: Sequence[Path]) -> Path:
    """A free name for the file at `path` in the first of `folders`, other than its own, that has room for it.

    Its own folder, which may not answer, is not looked at.
    """
    good = (folder for folder in folders if folder != path.parent and _is_writable(folder))
    return free_name(next(good, folders[-1]) / path.name)


def _is_writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > _ENOUGH
