"""The journal of one open photo, with its folder: made when the first records come."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.document.recovery.folder import RecoveryFolder
from app.document.recovery.journal import JournalWriter
from app.document.recovery.kept_photo import PhotoKeeper
from app.document.recovery.records import Record, StrokeBegun, StrokeTouches
from app.imaging.arrays import Image
from app.imaging.files import write_image
from app.imaging.photo import Photo

_FLEETING = StrokeBegun, StrokeTouches
"""What need not be safe from a power cut yet: it comes several times a second."""


class DocumentJournal:
    """All but `keep_photo` on one thread at a time; it, on any."""

    def __init__(
        self,
        root: Path,
        source: Path | None,
        stamp: tuple[int, int] | None,
        folder: RecoveryFolder | None = None,
    ) -> None:
        """For a photo read from `source` when its file had the time of change and size of `stamp`.

        Its folder is made in `root`, unless it has one, `folder`, already.
        """
        self._root, self._source, self._stamp = root, source, stamp
        self._folder = folder
        self._writer: JournalWriter | None = None
        self._keeper: PhotoKeeper | None = None
        self._is_removed = False
        if folder is not None:
            self._furnish(folder)

    def write(self, records: Sequence[Record], *, whole: bool) -> int:
        """Add `records`, or with `whole` begin anew with them; return how long the journal is.

        `WriteError` where that fails; the journal is as it was then.
        """
        if self._is_removed:
            return 0
        if self._writer is None:
            self._furnish(RecoveryFolder.made(self._root))
        if whole and self._folder is not None and not self._folder.path.is_dir():
            self._leave(self._folder)
            self._furnish(RecoveryFolder.made(self._root))
        writer = self._writer
        assert writer is not None
        if whole:
            writer.rewrite(records)
        else:
            writer.append(records, durable=not all(isinstance(record, _FLEETING) for record in records))
        return writer.nbytes

    def keep_photo(self, photo: Photo, *, before_replacing: bool = False) -> None:
        """See to it that `photo`, as opened, is found again; see `PhotoKeeper.keep`."""
        if self._keeper is not None and not self._is_removed:
            self._keeper.keep(photo, before_replacing=before_replacing)

    def is_of(self, path: Path) -> bool:
        """True where the photo was read from the file at `path`."""
        return self._keeper is not None and self._keeper.is_of(path)

    def show(self, preview: Image) -> None:
        """Keep `preview` ``(h, w, 3)`` as the picture of the work."""
        if self._folder is not None and not self._is_removed:
            write_image(self._folder.preview, preview)

    def remove(self) -> None:
        """Delete it all: the photo was put away in order."""
        self._is_removed = True
        if self._writer is not None:
            self._writer.close()
        if self._folder is not None:
            self._folder.remove()

    def _leave(self, folder: RecoveryFolder) -> None:
        """Somebody has deleted it."""
        if self._writer is not None:
            self._writer.close()
        folder.release()

    def _furnish(self, folder: RecoveryFolder) -> None:
        self._folder = folder
        self._writer = JournalWriter(folder.journal)
        self._keeper = PhotoKeeper(folder.path, self._source, self._stamp)
