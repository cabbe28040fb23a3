"""Masks between the desk and the disk. All reading and writing happens on the pool."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from weakref import ref

from app.document.document import Document
from app.imaging.arrays import Mask
from app.imaging.files import read_mask, write_image
from app.ui.language import tr
from app.ui.session.saves import Save, SaveKind
from app.ui.session.session import Session


class MaskFiles:
    """Reads a mask into the document and writes the document's mask."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def import_mask(self, path: Path) -> None:
        """Replace the mask by the one in `path`; not that of another photo which lies on the desk by then."""
        document = self._session.document
        if document is None:
            return

        def then(mask: Mask) -> None:
            if self._session.document is document:
                self._session.set_mask(tr("Import mask"), mask)

        self._session.work(tr("Opening {}…").format(path.name), partial(read_mask, path, document.extent), then)

    def export_mask(self, path: Path) -> None:
        """Write the mask to `path`."""
        document = self._session.document
        if document is not None:
            save = Save(path, ref(document), self.export_mask, kind=SaveKind.MASK)
            self._session.saves.write(save, _copied, partial(write_image, path), lambda _: None)


def _copied(document: Document) -> Mask:
    return document.mask.copy()
