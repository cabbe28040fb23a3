"""Photos to and from other programs: the clipboard, copies at a size, the file manager."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from app.document.document import Document
from app.imaging.arrays import DeepImage
from app.imaging.photo import Photo
from app.ui.asking import Asker
from app.ui.commands.file import FileCommands
from app.ui.language import tr
from app.ui.session.clipping import Copied, files_in, picture_in
from app.ui.session.file_record import free_name
from app.ui.session.jobs import PATIENCE, Err, Ok, answer_within
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.reveal import open_folder, reveal
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.saving import export_size, format_of, save_options
from app.ui.settings.store import Settings


class ShareCommands(QObject):
    """Changes no document."""

    def __init__(
        self, session: Session, files: PhotoFiles, file: FileCommands, settings: Settings, asker: Asker
    ) -> None:
        super().__init__()
        self._session, self._files, self._file = session, files, file
        self._settings, self._asker = settings, asker

    # the clipboard

    def copy(self) -> None:
        """Put the whole photo, as edited, at full size, on the clipboard."""
        words = tr("Copying…")

        def made(ready: Copied) -> None:
            QGuiApplication.clipboard().setMimeData(ready.mime_data())

        def copied(copy: tuple[Photo, DeepImage]) -> None:
            self._session.work(words, partial(Copied, *copy), made)

        self._session.read(_copied, copied, self._session.fail, words)

    def paste(self) -> None:
        """Open what is on the clipboard: its picture as a new photo, or the files it names."""
        if not self.open_data(QGuiApplication.clipboard().mimeData()):
            self._session.notice_given.emit(tr("There is no picture on the clipboard."))

    def open_data(self, data: QMimeData | None) -> bool:
        """Open the files, or else the picture, in the data of a clipboard or a drag; False where there is neither."""
        if data is None:
            return False
        paths, picture = files_in(data), picture_in(data)
        if paths:
            self._file.open_dropped(paths)
        elif picture is not None:
            self._files.open_made(self._untitled(), picture)
        return bool(paths) or picture is not None

    def drop(self, data: QMimeData) -> None:
        """Open what was dropped on the window, or say that it can't be."""
        if not self.open_data(data):
            self._session.notice_given.emit(tr("Only photos, and folders with photos, can be dropped here."))

    def _untitled(self) -> str:
        names = {photo.name for photo in self._file.photos.photos}
        name, number = tr("Untitled"), 2
        while name in names:
            name, number = tr("Untitled {}").format(number), number + 1
        return name

    # copies

    def export(self) -> None:
        """Ask for size, format and name, and write a copy."""
        document, record = self._session.document, self._files.record
        if document is None:
            return
        place = record.place or self._file.folder() / record.name
        own = format_of(place) or "PNG"
        if not self._asker.choose_export(self._settings, document.extent, own):
            return
        suffix = self._settings.get(declared.EXPORT_FORMAT) or (place.suffix if format_of(place) else ".png")
        size = export_size(self._settings)
        longest = max(size.extent(document.extent))
        wanted = place.with_name(f"{place.stem}-{longest}{suffix}")
        stand_in = self._file.folder() / wanted.name
        path = self._asker.photo_to_save(answer_within(PATIENCE, partial(free_name, wanted), stand_in))
        if path is not None:
            export = partial(self._files.export, path, size, save_options(self._settings, format_of(path)))
            self._file.sessions.before_replacing(path, export)

    # the file manager

    def place(self) -> Path | None:
        """The file that shows the photo on the desk; None where it has none."""
        return self._files.record.place

    def reveal(self, path: Path | None = None) -> None:
        """Show the photo's file, or the one at `path`, in the file manager."""
        place = path or self.place()
        if place is None:
            return

        def done(outcome: Ok[bool] | Err) -> None:
            if (isinstance(outcome, Err) or not outcome.value) and not open_folder(place):
                self._session.notice_given.emit(tr("No file manager could be opened for {}.").format(place.parent))

        self._session.runner.submit(partial(reveal, place), done)

    def copy_path(self) -> None:
        """Put the path of the photo's file on the clipboard, as text."""
        place = self.place()
        if place is not None:
            QGuiApplication.clipboard().setText(str(place))


def _copied(document: Document) -> tuple[Photo, DeepImage]:
    return document.photo, document.image.copy()
