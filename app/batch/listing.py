"""Which files of a folder are its photographs: not the masks, and not what a batch has written there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from app.batch.naming import folded, made_by
from app.batch.request import BatchRequest, MaskOrigin
from app.errors import LacunaError, read_failure
from app.imaging.files import OPEN_SUFFIXES, READ_ONLY_SUFFIXES
from app.inference.request import Check, no_check
from app.words import Words

PHOTO_SUFFIXES = frozenset({*OPEN_SUFFIXES, *READ_ONLY_SUFFIXES})
"""In small letters."""


def list_photos(request: BatchRequest, check: Check = no_check) -> list[PurePosixPath]:
    """The photographs of the request's folder, by their paths below it, in the order of their names.

    Hidden files and folders are left out, and so are the folders of outputs, masks and stages where they lie inside,
    and the masks beside the photographs. Raises `LacunaError` where the folder cannot be read.
    """
    root = request.folder
    if not root.is_dir():
        raise LacunaError(Words("{path} is no folder that is there: check its name", path=root))
    found = [PurePosixPath(path.relative_to(root).as_posix()) for path in _files(request, check)]
    photos = [path for path in found if not _is_mask(request, path)]
    if request.output.resolve() == root.resolve():
        photos = _without_own(request, photos)
    return sorted(photos, key=lambda path: (folded(path.as_posix()), path.as_posix()))


def _files(request: BatchRequest, check: Check) -> Iterator[Path]:
    """Every file that has the name of a photograph."""
    others = _other_folders(request)
    for folder, below, names in os.walk(request.folder, onerror=_refused):
        check()
        place = Path(folder)
        below[:] = [] if not request.recursive else [
            name for name in below if not name.startswith(".") and (place / name).resolve() not in others
        ]  # fmt: skip
        for name in names:
            path = place / name
            if not name.startswith(".") and path.suffix.lower() in PHOTO_SUFFIXES:
                yield path


def _refused(error: OSError) -> None:
    raise read_failure(error, error.filename) from error


def _other_folders(request: BatchRequest) -> set[Path]:
    folders = [
        request.output,
        request.stages,
        request.masks.path if request.masks.origin is MaskOrigin.FOLDER else None,
    ]
    return {folder.resolve() for folder in folders if folder is not None}


def _is_mask(request: BatchRequest, path: PurePosixPath) -> bool:
    source = request.masks
    if source.origin is MaskOrigin.SUFFIX:
        return folded(path.stem).endswith(folded(source.suffix))
    return source.origin is MaskOrigin.FILE and source.path is not None and source.path.resolve() == (
        request.folder / path
    ).resolve()  # fmt: skip


def _without_own(request: BatchRequest, photos: list[PurePosixPath]) -> list[PurePosixPath]:
    """`photos` without those that a batch wrote beside their originals."""
    there = {folded((path.parent / path.stem).as_posix()) for path in photos}
    return [path for path in photos if not _is_own(request, path, there)]


def _is_own(request: BatchRequest, path: PurePosixPath, there: set[str]) -> bool:
    stem = made_by(request.naming, path.stem)
    return stem is not None and folded((path.parent / stem).as_posix()) in there
