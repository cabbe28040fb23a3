"""Where each photograph's output goes, and what stands in the way there."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path, PurePosixPath

from app.batch.disk import tells_capitals
from app.batch.naming import folded, named
from app.batch.records import Records
from app.batch.request import BatchRequest, Existing, Problem, ProblemKind
from app.imaging.files import SAVE_SUFFIXES
from app.words import Words


def outputs_of(request: BatchRequest, photos: Sequence[PurePosixPath], records: Records) -> list[Path]:
    """The output of each of `photos`, paths below the request's folder; what was begun keeps the one it had.

    Where the request says `Existing.NUMBER` no two are the same and none is there yet.
    """
    known = [records.output(photo.as_posix()) for photo in photos]
    taken = {_key(path) for path in known if path is not None}
    outputs = []
    for number, (photo, output) in enumerate(zip(photos, known, strict=True), start=1):
        if output is None:
            output = _plain_output(request, photo, number, len(photos))
            if request.existing is Existing.NUMBER:
                output = _free(output, taken)
            taken.add(_key(output))
        outputs.append(output)
    return outputs


def _plain_output(request: BatchRequest, photo: PurePosixPath, number: int, count: int) -> Path:
    stem = named(request.naming, photo.stem, number, count)
    return request.output / photo.parent / (stem + (request.suffix or photo.suffix))


def _free(output: Path, taken: set[str]) -> Path:
    found, number = output, 1
    while _key(found) in taken or found.exists():
        number += 1
        found = output.with_stem(f"{output.stem}-{number}")
    return found


def _key(path: Path, *, tells_capitals: bool = False) -> str:
    """Paths with the same key may be one file: writing goes through links, not every disk tells capitals."""
    real = os.path.realpath(path)
    return real if tells_capitals else folded(real)


def stage_folders(request: BatchRequest, photos: Sequence[PurePosixPath]) -> list[Path | None]:
    """Where the stages of each are written: a folder of the photo's stem, or of its whole name where that is shared."""
    if request.stages is None:
        return [None] * len(photos)
    stems = [folded((photo.parent / photo.stem).as_posix()) for photo in photos]
    uses = Counter(stems)
    return [
        request.stages / photo.parent / (photo.name if uses[stem] > 1 else photo.stem)
        for photo, stem in zip(photos, stems, strict=True)
    ]


class Obstacles:
    """What stands in the way of outputs: each other, photographs, masks, files that are there."""

    def __init__(
        self,
        request: BatchRequest,
        photos: Sequence[PurePosixPath],
        outputs: Sequence[Path],
        masks: Sequence[Path | Problem | None],
    ) -> None:
        self._existing = request.existing
        self._key = partial(_key, tells_capitals=tells_capitals(request.output))
        inputs = {*(request.folder / photo for photo in photos), *(mask for mask in masks if isinstance(mask, Path))}
        self._inputs = {self._key(path): path.name for path in inputs}
        self._rivals: dict[str, list[str]] = {}
        for photo, output in zip(photos, outputs, strict=True):
            self._rivals.setdefault(self._key(output), []).append(photo.as_posix())

    def problem(self, photo: PurePosixPath, output: Path, *, is_ours: bool) -> Problem | None:
        """Why `output` cannot be written for `photo`; `is_ours`: what is there was written by this batch."""
        if output.suffix.lower() not in SAVE_SUFFIXES:
            text = Words(
                "{name} can be read but not written in its format: choose a format for the results", name=photo.name
            )
            return Problem(ProblemKind.NOT_WRITABLE, text)
        rivals = [name for name in self._rivals[self._key(output)] if name != photo.as_posix()]
        if rivals:
            text = Words(
                "{name} and {other} would both become {output}: choose another naming or keep their formats",
                name=photo.as_posix(),
                other=", ".join(rivals),
                output=output.name,
            )
            return Problem(ProblemKind.COLLISION, text)
        return self._overwrites(output) or self._exists(output, is_ours=is_ours)

    def _overwrites(self, output: Path) -> Problem | None:
        replaced = self._inputs.get(self._key(output))
        if replaced is None:
            return None
        text = Words("its result would replace {name}: choose another output folder", name=replaced)
        return Problem(ProblemKind.COLLISION, text)

    def _exists(self, output: Path, *, is_ours: bool) -> Problem | None:
        if is_ours or self._existing is Existing.OVERWRITE or not output.exists():
            return None
        if self._existing is Existing.SKIP:
            text = Words("left out: {output} is there already", output=output.name)
            return Problem(ProblemKind.EXISTS, text, is_failure=False)
        text = Words("{output} is there already: resume, overwrite it, or choose another folder", output=output.name)
        return Problem(ProblemKind.EXISTS, text)
