"""Which mask belongs to a photograph, and what is wrong with it."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path, PurePosixPath

from app.batch.naming import folded
from app.batch.request import BatchRequest, MaskOrigin, Problem, ProblemKind
from app.errors import LacunaError, read_failure
from app.imaging.files import MASK_SUFFIXES, MaskFacts, read_mask_facts
from app.imaging.headers import PhotoHeader
from app.words import Words


def check_masks(request: BatchRequest) -> None:
    """`LacunaError` where there can be no masks at all."""
    source = request.masks
    if source.origin is MaskOrigin.FOLDER:
        if source.path is None or not source.path.is_dir():
            raise LacunaError(Words("{path} is no folder that is there: check its name", path=source.path))
        if source.path.resolve() == request.folder.resolve():
            raise LacunaError(
                Words(
                    "{path} cannot be the folder of both photos and masks: tell the masks by a suffix of their names",
                    path=source.path,
                )
            )
    if source.origin is MaskOrigin.FILE and (source.path is None or not source.path.is_file()):
        raise LacunaError(Words("{path} does not exist: check the name and the folder", path=source.path))
    if source.origin is MaskOrigin.SUFFIX and not source.suffix:
        raise LacunaError(Words("the masks' suffix is empty: name what their names end with, such as _mask"))


class MaskFinder:
    """Finds masks by what `BatchRequest.masks` says; folders are listed once. `find` is for one thread."""

    def __init__(self, request: BatchRequest) -> None:
        self._source, self._root = request.masks, request.folder
        self._read = partial(read_mask_facts, allow_huge=request.allow_huge, pixel_limit=request.pixel_limit)
        self._listed: dict[Path, dict[str, list[Path]]] = {}
        self._shared: MaskFacts | str | None = None
        self._lock = threading.Lock()

    def find(self, photo: PurePosixPath) -> Path | Problem | None:
        """The mask of `photo`, a path below the batch's folder; None where that is its own transparency."""
        match self._source.origin:
            case MaskOrigin.ALPHA:
                return None
            case MaskOrigin.FILE:
                return self._source.path
            case MaskOrigin.SUFFIX:
                return self._named(photo, self._root / photo.parent, (photo.stem + self._source.suffix,))
            case MaskOrigin.FOLDER:
                assert self._source.path is not None
                return self._named(photo, self._source.path / photo.parent, (photo.name, photo.stem))

    def _named(self, photo: PurePosixPath, folder: Path, stems: tuple[str, ...]) -> Path | Problem:
        """The image in `folder` with the first of `stems` that one has."""
        try:
            files = self._files(folder)
        except OSError as error:
            return Problem(ProblemKind.MASK_MISSING, read_failure(error, folder).args[0])
        for stem in stems:
            alike = files.get(folded(stem), [])
            exact = [path for path in alike if path.stem == stem] or alike
            found = [path for path in exact if path.name == photo.name] or exact
            if len(found) == 1:
                return found[0]
            if found:
                names = " and ".join(path.name for path in found)
                text = Words("{names} both fit {photo}: keep one of the masks", names=names, photo=photo.name)
                return Problem(ProblemKind.MASK_IN_DOUBT, text)
        text = Words(
            "there is no mask {stem} (with any image suffix) in {folder}: add it", stem=stems[-1], folder=folder
        )
        return Problem(ProblemKind.MASK_MISSING, text)

    def _files(self, folder: Path) -> dict[str, list[Path]]:
        """The images in `folder` by their folded stems."""
        if folder not in self._listed:
            stems: dict[str, list[Path]] = {}
            for path in _inside(folder):
                if path.suffix.lower() in MASK_SUFFIXES and not path.name.startswith("."):
                    stems.setdefault(folded(path.stem), []).append(path)
            self._listed[folder] = stems
        return self._listed[folder]

    def problem(self, mask: Path | None, photo: Path, header: PhotoHeader, *, exact: bool) -> Problem | None:
        """What is wrong with `mask` for `photo`; decodes it. Any thread. `exact` allows a mask that is all hole."""
        if mask is None:
            return None if header.has_alpha else _no_alpha(photo)
        try:
            facts = self._facts(mask)
        except LacunaError as error:
            return Problem(ProblemKind.MASK_UNREADABLE, error.args[0])
        if header.extent is not None and not _fits(facts, header):
            return Problem(ProblemKind.MASK_SIZE, _wrong_size(mask, facts, header))
        if facts.is_empty:
            return Problem(ProblemKind.MASK_EMPTY, empty_mask(Path(mask.name)))
        if facts.is_full and not exact:
            return Problem(ProblemKind.MASK_FULL, full_mask(Path(mask.name)))
        return None

    def _facts(self, mask: Path) -> MaskFacts:
        if self._source.origin is not MaskOrigin.FILE or mask != self._source.path:
            return self._read(mask)
        with self._lock:  # the one mask is decoded once
            if self._shared is None:
                try:
                    self._shared = self._read(mask)
                except LacunaError as error:
                    self._shared = error.args[0]
        if isinstance(self._shared, str):
            raise LacunaError(self._shared)
        assert self._shared is not None
        return self._shared


def _inside(folder: Path) -> list[Path]:
    """What lies in `folder`, sorted; nothing where it is not there."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def empty_mask(mask: Path) -> Words:
    """What to tell of a mask without a hole."""
    return Words("{name}: the mask is empty; white (above 127) marks what to fill", name=mask)


def full_mask(mask: Path) -> Words:
    """What to tell of a mask that leaves nothing."""
    return Words("{name}: the mask covers the whole photograph; leave some of it to work from", name=mask)


def _no_alpha(photo: Path) -> Problem:
    text = Words("{name} has no transparency to take its mask from: give it a mask of its own", name=photo.name)
    return Problem(ProblemKind.MASK_MISSING, text)


def _fits(facts: MaskFacts, header: PhotoHeader) -> bool:
    return facts.extent == header.extent or (not header.is_turn_certain and facts.extent[::-1] == header.extent)


def _wrong_size(mask: Path, facts: MaskFacts, header: PhotoHeader) -> Words:
    assert header.extent is not None
    return Words(
        "the mask {name} is {width}×{height} pixels, the image {want_width}×{want_height}: use a mask of the"
        " image's size",
        name=mask.name,
        width=facts.extent.width,
        height=facts.extent.height,
        want_width=header.extent.width,
        want_height=header.extent.height,
    )
