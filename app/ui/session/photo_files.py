"""Photographs between the desk and the disk. All reading and writing happens on the pool."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.edits import MaskEdit
from app.errors import LacunaError
from app.imaging.arrays import DeepImage
from app.imaging.depth import narrowed
from app.imaging.files import (
    READ_ONLY_SUFFIXES,
    SAVE_SUFFIXES,
    HugeImageError,
    read_mask,
    read_photo,
    write_photo,
)
from app.imaging.mask_levels import MaskLevels
from app.imaging.pyramid import Pyramid
from app.imaging.screen import ScreenPyramid, look_of
from app.ui.language import localised, tr
from app.ui.session.crash import sentence
from app.ui.session.jobs import Err, Ok
from app.ui.session.session import Session


@dataclass(frozen=True, slots=True)
class _Opened:
    """What the pool made of a file: ready to be put on the desk."""

    document: Document
    pyramid: Pyramid
    alpha: Pyramid | None
    mask_levels: MaskLevels
    mask_error: LacunaError | None


class PhotoFiles(QObject):
    """Which file the document belongs to, and the verbs that read and write files."""

    opened = Signal(object)
    """The `Path` that was read."""
    saved = Signal(object)
    """The `Path` that was written."""
    huge_refused = Signal(str, object)
    """A sentence about a photo of outlandish size, and a callable that opens it with ``allow_huge=True``."""
    save_failed = Signal()
    """The document is as it was, and so is the file."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._path: Path | None = None
        self._name = ""
        self._own: set[Path] = set()
        self._opening: object | None = None
        self._saving = False
        session.document_closed.connect(self._forget)

    @property
    def path(self) -> Path | None:
        """The file that `save` writes; None where the document has none of its own (nothing open, the sample)."""
        return self._path

    @property
    def name(self) -> str:
        """What the title shows; empty where nothing is open."""
        return self._name

    @property
    def is_saving(self) -> bool:
        """True until the photo being written is on the disk."""
        return self._saving

    @property
    def needs_consent(self) -> bool:
        """True where `save` would for the first time replace the file as it was opened."""
        return self._path is not None and self._path not in self._own

    def open(self, path: Path, mask: Path | None = None, *, own: bool = True, allow_huge: bool = False) -> None:
        """Read `path`, and `mask` to lay over it; the last of several calls wins.

        Without `own` the document gets no path, so that it can't be saved over (the sample). An unreadable mask is
        told, and the photo opens without it. A photo of outlandish size is refused unless `allow_huge`.
        """
        turn = self._opening = self._session.busy.begin(tr("Opening {}…").format(path.name))

        def done(outcome: Ok[_Opened] | Err) -> None:
            self._session.busy.end(turn)
            if self._opening is turn:
                self._opening = None
                if isinstance(outcome, Ok):
                    self._put_on_desk(outcome.value, path, own)
                elif isinstance(outcome.error, HugeImageError):
                    self.huge_refused.emit(sentence(outcome.error), partial(self.open, path, mask, own=own))
                else:
                    self._session.fail(outcome.error)

        self._session.runner.submit(partial(_read, path, mask, tr("Import mask"), allow_huge), done)

    def save(self, path: Path | None = None) -> None:
        """Write the photo to `path`, which the document then belongs to; without one, to the file it belongs to."""
        target, document = path or self._path, self._session.document
        if target is None or document is None or self._saving:
            return

        def copied(copy: tuple[DeepImage, int]) -> None:
            image, state = copy
            work = partial(write_photo, target, image, document.photo)
            self._session.runner.submit(work, lambda outcome: written(outcome, state))

        def written(outcome: Ok[tuple[str, ...]] | Err, state: int) -> None:
            self._session.busy.end(token)
            self._written(outcome, target, state)

        self._saving = True
        token = self._session.busy.begin(tr("Saving {}…").format(target.name))
        self._session.read(_copied, copied, lambda error: written(Err(error), 0))

    def _put_on_desk(self, opened: _Opened, path: Path, own: bool) -> None:
        self._session.set_document(opened.document, opened.pyramid, opened.alpha, opened.mask_levels)
        writable = path.suffix.lower() in SAVE_SUFFIXES
        self._path, self._name = path if own and writable else None, path.name
        if own:
            self.opened.emit(path)
        self._session.history_changed.emit()
        if opened.mask_error is not None:
            self._session.fail(opened.mask_error)

    def _written(self, outcome: Ok[tuple[str, ...]] | Err, path: Path, state: int) -> None:
        self._saving = False
        if isinstance(outcome, Err):
            self._session.fail(outcome.error)
            self.save_failed.emit()
            return
        self._path, self._name = path, path.name
        self._own.add(path)
        self._session.mark_saved(state)
        self.saved.emit(path)
        for notice in outcome.value:
            self._session.notice_given.emit(localised(notice))

    def _forget(self) -> None:
        self._path, self._name = None, ""
        self._own.clear()


def suggested_name(path: Path | None, name: str, folder: Path) -> Path:
    """Where *save as* starts: beside the original, or in `folder`, as ``photo-edited.jpg``; never an existing file.

    What is only read, such as a camera raw file, becomes a TIFF, which holds 16 bits.
    """
    original = path or folder / name
    if original.suffix.lower() in READ_ONLY_SUFFIXES:
        original = original.with_suffix(".tif")
    stem = original.stem if original.stem.endswith("-edited") else f"{original.stem}-edited"
    candidate, number = original.with_name(stem + original.suffix), 2
    while candidate.exists():
        candidate, number = original.with_name(f"{stem}-{number}{original.suffix}"), number + 1
    return candidate


def _read(path: Path, mask_path: Path | None, mask_name: str, allow_huge: bool) -> _Opened:
    """Runs on the pool. The document counts as unmodified, its mask included."""
    photo = read_photo(path, allow_huge=allow_huge, for_editing=True)
    document, error = Document(photo), None
    if mask_path is not None:
        try:
            edit = MaskEdit.between(mask_name, document.mask, read_mask(mask_path, photo.extent))
            if edit is not None:
                document.apply(edit)
                document.mark_saved()
        except LacunaError as failure:
            error = failure
    alpha = None if photo.alpha is None else Pyramid(narrowed(photo.alpha))
    pyramid = ScreenPyramid(document.image, look_of(photo.metadata.icc_profile))
    return _Opened(document, pyramid, alpha, MaskLevels(document.mask), error)


def _copied(document: Document) -> tuple[DeepImage, int]:
    """The image as it is now, and the number of that state."""
    return document.image.copy(), document.history.state
