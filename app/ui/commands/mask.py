"""The mask as a whole: the mask menu's verbs."""

from __future__ import annotations

from pathlib import Path

from app.ui.asking import Asker
from app.ui.commands.file import FileCommands
from app.ui.session.mask_edits import MaskEdits
from app.ui.session.mask_files import MaskFiles
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.store import Settings


class MaskCommands:
    """What needs a file is asked for first; all of it can be undone."""

    def __init__(
        self, session: Session, file: FileCommands, files: PhotoFiles, settings: Settings, asker: Asker
    ) -> None:
        self._session, self._file, self._files, self._settings, self._asker = session, file, files, settings, asker
        self._mask_files, self._edits = MaskFiles(session), MaskEdits(session)

    def grow(self) -> None:
        """By the pixels of the setting."""
        self._edits.grow(self._settings.get(declared.MASK_STEP))

    def shrink(self) -> None:
        """By the pixels of the setting."""
        self._edits.shrink(self._settings.get(declared.MASK_STEP))

    def feather(self) -> None:
        """Over the pixels of the setting."""
        self._edits.feather(self._settings.get(declared.MASK_SOFTNESS))

    def smooth(self) -> None:
        """Over the pixels of the setting."""
        self._edits.smooth(self._settings.get(declared.MASK_SOFTNESS))

    def has_last_mask(self) -> bool:
        """There was a run, or at least its mask."""
        return self._session.document is not None and self._session.document.has_last_mask

    def bring_back(self) -> None:
        """The mask of the last run again."""
        self._edits.bring_back()

    def has_transparency(self) -> bool:
        """The photo has an alpha channel."""
        return self._session.document is not None and self._session.document.photo.alpha is not None

    def take_transparency(self) -> None:
        """What is transparent becomes the hole."""
        self._edits.take_transparency()

    def import_mask(self) -> None:
        """Ask for a mask and lay it over the photo."""
        path = self._asker.mask_to_open(self._file.folder())
        if path is not None:
            self._mask_files.import_mask(path)

    def export_mask(self) -> None:
        """Ask for a name and write the mask."""
        path = self._asker.mask_to_save(self._file.folder() / f"{Path(self._files.name).stem}_mask.png")
        if path is not None:
            self._mask_files.export_mask(path)
