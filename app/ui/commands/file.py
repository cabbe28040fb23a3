"""Opening, saving, closing: the file menu's verbs, with their questions asked first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths

from app.paths import resource
from app.ui.dialogs import Asker, Overwrite, Unsaved
from app.ui.session.file_record import suggested_name
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.declared import RECENT_LIMIT
from app.ui.settings.store import Settings


class FileCommands(QObject):
    """Nothing here loses unsaved work or replaces the original without having asked."""

    def __init__(self, session: Session, files: PhotoFiles, settings: Settings, asker: Asker) -> None:
        super().__init__()
        self._session, self._files, self._settings, self._asker = session, files, settings, asker
        self._after_save: Callable[[], None] | None = None
        files.opened.connect(self._remember)
        files.huge_refused.connect(self._offer_huge)
        files.saved.connect(self._saved)
        files.save_failed.connect(self._not_saved)

    def can_save(self) -> bool:
        """A photo is open and not being written just now."""
        return self._session.document is not None and not self._files.is_saving

    def open_photo(self) -> None:
        """Ask for a photo and open it."""
        path = self._asker.photo_to_open(self._folder())
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path, mask: Path | None = None) -> None:
        """Open a photo, and a mask over it."""
        self.when_safe(lambda: self._files.open(path, mask))

    def open_sample(self) -> None:
        """Open the sample photograph with its mask; there is no file to save it over."""
        self.when_safe(lambda: self._files.open(resource("sample.jpg"), resource("sample_mask.png"), own=False))

    def open_dropped(self, paths: list[Path]) -> None:
        """Open the first of the files dropped on the window."""
        if paths:
            self.open_path(paths[0])

    def save(self) -> None:
        """Save; the first time over the original only with consent."""
        if self._files.path is None:
            self.save_as()
            return
        answer = self._asker.may_overwrite(self._files.path) if self._files.needs_consent else Overwrite.YES
        if answer is Overwrite.YES:
            self._files.save()
        elif answer is Overwrite.SAVE_AS:
            self.save_as()
        else:
            self._not_saved()

    def save_as(self) -> None:
        """Ask for a name and save under it."""
        path = self._asker.photo_to_save(suggested_name(self._files.path, self._files.name, self._folder()))
        if path is not None:
            self._files.save(path)
        else:
            self._not_saved()

    def import_mask(self) -> None:
        """Ask for a mask and lay it over the photo."""
        path = self._asker.mask_to_open(self._folder())
        if path is not None:
            self._files.import_mask(path)

    def export_mask(self) -> None:
        """Ask for a name and write the mask."""
        path = self._asker.mask_to_save(self._folder() / f"{Path(self._files.name).stem}_mask.png")
        if path is not None:
            self._files.export_mask(path)

    def close_photo(self) -> None:
        """Put the photo away."""
        self.when_safe(self._session.close_document)

    def when_safe(self, then: Callable[[], None]) -> None:
        """Call `then` as soon as nothing would be lost by it: now, after a save, or, if the user says so, never."""
        document = self._session.document
        if self._files.is_saving:
            self._after_save = then
        elif document is None or not document.is_modified:
            then()
        else:
            answer = self._asker.about_unsaved(self._files.name)
            if answer is Unsaved.DISCARD:
                then()
            elif answer is Unsaved.SAVE:
                self._after_save = then
                self.save()

    def _folder(self) -> Path:
        remembered = Path(self._settings.get(declared.FOLDER) or "/nowhere")
        if remembered.is_dir():
            return remembered
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        return Path(pictures) if Path(pictures).is_dir() else Path.home()

    def _remember(self, path: Path) -> None:
        path = path.absolute()
        self._settings.set(declared.FOLDER, str(path.parent))
        others = tuple(each for each in self._settings.get(declared.RECENT) if each != str(path))
        self._settings.set(declared.RECENT, (str(path), *others)[:RECENT_LIMIT])

    def _offer_huge(self, text: str, open_it: Callable[..., None]) -> None:
        if self._asker.may_open_huge(text):
            open_it(allow_huge=True)

    def _saved(self, path: Path) -> None:
        self._remember(path)
        then, self._after_save = self._after_save, None
        if then is not None:
            self.when_safe(then)

    def _not_saved(self) -> None:
        self._after_save = None
