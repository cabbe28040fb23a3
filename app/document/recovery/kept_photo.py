"""The photo as it was opened, without which no patch fits: kept beside the journal where that costs little."""

from __future__ import annotations

import json
import os
import shutil
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from app.atomic import is_same_file, replacing, write_text
from app.document.photo_reference import PhotoReference
from app.document.recovery.replay import Work
from app.errors import LacunaError
from app.imaging.files import read_photo, write_photo
from app.imaging.photo import Photo
from app.words import Words

COPY_LIMIT = 64 * 2**20
"""Bytes of a file that is copied as soon as its photo is changed; of a larger one it is known where it lies, and it is
copied just before it is replaced."""

_NAME, _NOTE = "photo", "photo.json"


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """By what the photo as opened is known, and where it was copied to."""

    reference: PhotoReference
    copy: str
    """The name of the copy in the journal's folder; empty where there is none."""
    is_pixels: bool = False
    """The copy holds the pixels in a file of its own kind, which alone `reference` is of."""


class PhotoKeeper:
    """Keeps one photo's file in a journal's folder. Any thread may use it."""

    def __init__(self, folder: Path, source: Path | None, stamp: tuple[int, int] | None) -> None:
        """`source` is the file that the photo was read from when its time of change and size were `stamp`.

        None for one that has no file: its pixels are stored.
        """
        self._folder, self._source, self._stamp = folder, source, stamp
        self._lock = threading.Lock()
        self._kept = _noted(folder)

    def keep(self, photo: Photo, *, before_replacing: bool = False) -> None:
        """See to it that `photo`, as opened, is found again; `LacunaError` where that fails.

        `before_replacing` has it copied however large it is.
        """
        with self._lock:
            if self._kept is None or (before_replacing and not self._kept.copy):
                kept = self._copied(photo, before_replacing)
                write_text(self._folder / _NOTE, json.dumps({**asdict(kept), "reference": kept.reference.to_json()}))
                self._kept = kept

    def is_of(self, path: Path) -> bool:
        """True where the photo was read from the file at `path`."""
        return self._source is not None and is_same_file(self._source, path)

    def _copied(self, photo: Photo, before_replacing: bool) -> KeptPhoto:
        if self._source is None or not self._is_unchanged():
            return self._stored(photo)
        try:
            reference = PhotoReference.of(self._source)
        except LacunaError:
            return self._stored(photo)
        name = _NAME + self._source.suffix.lower()
        if reference.size > COPY_LIMIT and not before_replacing:
            return KeptPhoto(reference, name if _linked(self._source, self._folder / name) else "")
        _copy(self._source, self._folder / name)
        return KeptPhoto(reference, name) if self._is_unchanged() else self._stored(photo)

    def _is_unchanged(self) -> bool:
        return self._source is not None and _has_stamp(self._source, self._stamp)

    def _stored(self, photo: Photo) -> KeptPhoto:
        """The pixels themselves, in a file that loses nothing of them."""
        path = self._folder / f"{_NAME}.png"
        write_photo(path, photo.pixels, photo)
        reference = PhotoReference.of(path)
        return KeptPhoto(replace(reference, path=self._source or path), path.name, is_pixels=True)


def photo_again(work: Work, folder: Path) -> Photo:
    """The photo as opened, for `work`, whose journal is in `folder`; a `LacunaError` says why it can't be had."""
    place, source = _place(work, folder), work.file.source
    if place is not None:
        return replace(read_photo(place, allow_huge=True, for_editing=True), path=source)
    if source is None:
        raise LacunaError(Words("the pixels of {name} were not kept", name=work.opened.name))
    if source.is_file():
        raise LacunaError(
            Words("{path} is no longer the photo that was edited, and no copy of it was kept", path=source)
        )
    raise LacunaError(Words("{path} is no longer there, and no copy of it was kept", path=source))


def _place(work: Work, folder: Path) -> Path | None:
    """Where the photo's very bytes are found, the copy first."""
    kept, source = _noted(folder), work.file.source
    if kept is None:
        return source if source is not None and _has_stamp(source, work.opened.stamp) else None
    places = [folder / kept.copy] if kept.copy else []
    if not kept.is_pixels:
        places += [kept.reference.path, *([] if source is None else [source])]
    return next((path for path in places if kept.reference.is_of(path)), None)


def _noted(folder: Path) -> KeptPhoto | None:
    """What is kept in `folder`; None where nothing is yet, or the note can't be read."""
    try:
        said = json.loads((folder / _NOTE).read_text("utf-8"))
        copy = str(said["copy"])
        if copy != Path(copy).name:
            return None
        return KeptPhoto(PhotoReference.from_json(said["reference"]), copy, bool(said["is_pixels"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _has_stamp(path: Path, stamp: tuple[int, int] | None) -> bool:
    try:
        known = path.stat()
    except OSError:
        return False
    return stamp is None or (known.st_mtime_ns, known.st_size) == stamp


def _linked(source: Path, target: Path) -> bool:
    """Give the file a second name: it stays when its own goes, or is given to another file."""
    try:
        target.hardlink_to(source)
    except (OSError, NotImplementedError):
        return False
    return True


def _copy(source: Path, target: Path) -> None:
    """As quick as the system can: some file systems copy nothing at all until one of the two is written to."""
    with replacing(target) as file, source.open("rb") as original:
        if not _copied_by_system(original.fileno(), file.fileno()):
            shutil.copyfileobj(original, file, 2**20)


def _copied_by_system(source: int, target: int) -> bool:
    copy = getattr(os, "copy_file_range", None)
    if copy is None:
        return False
    try:
        rest = os.fstat(source).st_size
        while rest:
            count = copy(source, target, rest)
            if not count:
                break
            rest -= count
    except OSError:
        os.lseek(source, 0, os.SEEK_SET)
        os.ftruncate(target, 0)
        os.lseek(target, 0, os.SEEK_SET)
        return False
    return True
