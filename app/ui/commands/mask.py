"""The mask as a whole: the mask menu's verbs."""

from __future__ import annotations

from pathlib import Path

from app.ui.commands.file import FileCommands
from app.ui.dialogs import Asker
from app.ui.session.mask_files import MaskFiles
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.session import Session


class MaskCommands:
    """What needs a file is asked for first; all of it can be undone."""

    def __init__(self, session: Session, file: FileCommands, files: PhotoFiles, asker: Asker) -> None:
        self._file, self._files, self._asker = file, files, asker
        self._mask_files = MaskFiles(session)

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
