"""The photograph of a session: held by the session file, or found again where it was, and known by its pixels."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.document.manifest import PhotoEntry, plain_name
from app.document.photo_reference import PhotoReference
from app.document.session_archive import Archive
from app.errors import LacunaError
from app.imaging.arrays import DeepImage, Mask
from app.imaging.exchange import photo_of_bytes
from app.imaging.files import OPEN_SUFFIXES, READ_ONLY_SUFFIXES, HugeImageError, read_photo, write_photo
from app.imaging.formats.opening import opened_file
from app.imaging.photo import JpegCoding, Photo
from app.scratch import scratch_file
from app.words import Words

_KNOWN = frozenset((*OPEN_SUFFIXES, *READ_ONLY_SUFFIXES))
_FOLDER = "photo/"


class PhotoNeededError(LacunaError):
    """The session is sound, but its photograph is not where it was, or no longer what it was: ask where it is now."""

    def __init__(self, text: str, photo_name: str) -> None:
        super().__init__(text)
        self.photo_name = photo_name


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """How a session file is to know its photograph again."""

    entry: PhotoEntry
    data: bytes | None
    """Of the embedded file."""


def digest(array: DeepImage | Mask) -> str:
    """SHA-256 of the values of an image or mask, by which it is known again; size and depth count, too."""
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    found = hashlib.sha256(f"{array.shape} {array.dtype.itemsize} ".encode())
    found.update(little.data)
    return found.hexdigest()


def kept_photo(photo: Photo, name: str, source: Path | None, session: Path, *, embed: bool) -> KeptPhoto:
    """What the session file at `session` keeps of `photo`.

    `source` is the file it was read from, where that still is as it was read, else None: the photograph is then
    embedded in any case. `LacunaError` where the file cannot be read.
    """
    reference, data, suffix = None, None, ""
    if source is not None:
        reference = PhotoReference.of(source)
        if embed:
            with opened_file(source) as file:
                data, suffix = file.read(), source.suffix.lower()
    else:
        data, suffix = _file_of(photo)
    name = plain_name(name)
    entry = PhotoEntry(
        name,
        photo.extent,
        8 * photo.pixels.dtype.itemsize,
        digest(photo.pixels),
        None if data is None else f"{_FOLDER}{Path(name).stem or 'photo'}{suffix}",
        reference,
        None if source is None else _relative(source, session),
    )
    return KeptPhoto(entry, data)


def found_photo(
    entry: PhotoEntry,
    archive: Archive,
    session: Path,
    located: Path | None,
    *,
    allow_huge: bool,
    pixel_limit: int | None,
) -> tuple[Photo, Path | None]:
    """The photograph that `entry` speaks of, and its own file, None where it has none.

    `located` is where the user says that the file is. `PhotoNeededError` where it is not found, `LacunaError` where it
    cannot be read, ValueError where what the archive holds is another one.
    """
    place = next((each for each in _places(entry, session) if _is_same(entry, each)), None)
    if entry.embedded is not None:
        return replace(
            _embedded(entry, entry.embedded, archive, session, allow_huge=allow_huge, pixel_limit=pixel_limit),
            path=place,
        ), place
    if located is not None:
        return _located(entry, located, session, allow_huge=allow_huge, pixel_limit=pixel_limit), located
    return _referenced(entry, place, session, allow_huge=allow_huge, pixel_limit=pixel_limit)


def _embedded(
    entry: PhotoEntry, name: str, archive: Archive, session: Path, *, allow_huge: bool, pixel_limit: int | None
) -> Photo:
    suffix, data = _suffix_of(name), archive.stored(name)
    try:
        photo = photo_of_bytes(data, suffix, allow_huge=allow_huge, pixel_limit=pixel_limit)
    except HugeImageError:
        raise
    except LacunaError as error:
        raise LacunaError(
            Words("the photo in {session} cannot be opened: {reason}", session=session.name, reason=error.args[0])
        ) from error
    if not _has_pixels(photo, entry):
        raise ValueError("the photo in it is another one, or is decoded in another way here")
    return photo


def _referenced(
    entry: PhotoEntry, place: Path | None, session: Path, *, allow_huge: bool, pixel_limit: int | None
) -> tuple[Photo, Path]:
    changed: Path | None = None
    for each in (place,) if place is not None else _places(entry, session):
        if each.is_file():
            photo = read_photo(each, allow_huge=allow_huge, pixel_limit=pixel_limit, for_editing=True)
            if _has_pixels(photo, entry):
                return photo, each
            changed = each
    if changed is not None:
        raise PhotoNeededError(
            Words(
                "{photo} was changed since {session} was saved, and what was done to it fits only the photo as it was:"
                " put that back, or show where a copy of it is",
                photo=changed,
                session=session.name,
            ),
            entry.name,
        )
    was = entry.name if entry.reference is None else entry.reference.path
    raise PhotoNeededError(
        Words(
            "the photo of {session} is no longer there ({photo}): show where it is now",
            session=session.name,
            photo=was,
        ),
        entry.name,
    )


def _located(entry: PhotoEntry, located: Path, session: Path, *, allow_huge: bool, pixel_limit: int | None) -> Photo:
    photo = read_photo(located, allow_huge=allow_huge, pixel_limit=pixel_limit, for_editing=True)
    if _has_pixels(photo, entry):
        return photo
    if photo.extent == entry.extent:
        text = Words(
            "{photo} is as large as the photo of {session}, but its pixels are others, and what was done to that would"
            " not fit: nothing is lost, show where the photo as it was is",
            photo=located.name,
            session=session.name,
        )
    else:
        width, height = entry.extent
        text = Words(
            "{photo} is not the photo of {session}, which is {width}×{height} pixels: show where that is",
            photo=located.name,
            session=session.name,
            width=width,
            height=height,
        )
    raise PhotoNeededError(text, entry.name)


def _has_pixels(photo: Photo, entry: PhotoEntry) -> bool:
    is_alike = photo.extent == entry.extent and photo.pixels.dtype.itemsize * 8 == entry.bits
    return is_alike and digest(photo.pixels) == entry.pixels


def _places(entry: PhotoEntry, session: Path) -> list[Path]:
    """Where the photograph's file may be: where it was, and where it would be had it moved along with the session."""
    if entry.reference is None:
        return []
    places = [entry.reference.path]
    if entry.relative is not None:
        places.append(Path(os.path.normpath(session.absolute().parent / entry.relative)))
    return [each for each in dict.fromkeys(places) if _is_reachable(each, session)]


def _is_reachable(place: Path, session: Path) -> bool:
    """False for another computer's share: a session file must not make this one call there."""
    is_share = place.drive.startswith(("\\\\", "//"))
    return place.is_absolute() and (not is_share or place.drive == session.absolute().drive)


def _is_same(entry: PhotoEntry, place: Path) -> bool:
    return entry.reference is not None and place.is_file() and entry.reference.is_of(place)


def _suffix_of(embedded: str) -> str:
    suffix = Path(embedded).suffix.lower()
    if not embedded.startswith(_FOLDER) or suffix not in _KNOWN:
        raise ValueError("the photograph in it is of no known kind")
    return suffix


def _relative(source: Path, session: Path) -> str | None:
    try:
        return Path(os.path.relpath(source.absolute(), session.absolute().parent)).as_posix()
    except ValueError:  # on another drive
        return None


def _file_of(photo: Photo) -> tuple[bytes, str]:
    """A file that holds the photograph as it was opened, and the ending of its name."""
    coding = photo.metadata.coding
    if isinstance(coding, JpegCoding) and coding.source is not None:
        return coding.source, ".jpg"
    suffix = ".tif" if photo.metadata.format == "TIFF" else ".png"
    with scratch_file(f"photo{suffix}") as place:
        write_photo(place, photo.pixels, photo)
        return place.read_bytes(), suffix
