"""Session files (``.lacuna``): a photograph's mask, history, results and options, saved and opened again.

The format, version 1. A zip; its entries are looked up by these names, others are passed over:

- ``manifest.json``: an object (UTF-8) with `format` ``lacuna-session``, `version`, and `least_version`, which a reader
  must know: a newer version that only adds fields and entries leaves it as it is. Unknown fields are passed over.
  `photo`: name, width, height, bits (8 or 16 a channel), `pixels_sha256` (see `session_photo.digest`), `embedded` (an
  entry) or null, `file` (path, relative to the session's folder, sha256, size) or null. `history`: edits, index (how
  many are in effect), saved_index, pruned, base. `mask_sha256`, `last_mask`, `contexts` (``[x, y, width, height]``),
  `last_contexts`, `settings` (values by the settings' ids), `results`, `shown_result`, `results_made`.
- ``mask.png``: the present mask, for other programs. It is never read back: the edits make it again, and must make
  one with the sum `mask_sha256`.
- ``edits/0000.bin``…: the history, the oldest first, each as `packing` says.
- ``base.bin``: where old edits were let go, their sum: what turns the photograph as opened into the oldest state that
  is kept. ``last_mask.bin``: the mask last filled. Both packed as edits.
- ``results/00/mask.bin`` and ``results/00/0-0000.bin``…: what was not yet accepted: for each run the mask it fills, for
  each stage the pieces of the picture, as differences from the present image; ``results/00/avoid.bin`` where it is
  said that there is one: what the run was not to use of the photograph; ``results/00/kept.bin``, where the run's
  `kept` in `results` says what was painted: how much each of its `layers` counts at each pixel, 0…255, packed as the
  edit that paints all of it. Of 255 the rest is that of the stage `base`.
- `shelf` in the manifest, and ``shelf/00/00/mask.bin`` and so on: the same for earlier states of the history, in which
  one of several results was accepted: state (how many edits were in effect), results, shown_result, results_made,
  contexts. Also differences from the present image.
- ``photo/NAME``: the photograph's own file, byte for byte, where it is embedded; of a photograph without a file a PNG
  or TIFF of all its pixels.
- ``thumbnail.png``: the photograph as edited, at most 256 pixels a side.

All but the manifest and the pictures must be stored, not deflated: the edits are packed already, and so a reader needs
no more memory than the file is long. Numbers are finite, rectangles lie in the image.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app import __version__
from app.atomic import replacing
from app.document.document import Document
from app.document.history import DEFAULT_LIMIT
from app.document.manifest import MOST_CONTEXTS, MOST_EDITS, MOST_SHELVED, Manifest, decoded
from app.document.packing import packed, unpacked
from app.document.records import EditKind, EditRecord
from app.document.session_archive import COMPRESSED, Archive, opened_archive, told_as_damage
from app.document.session_photo import KeptPhoto, digest, found_photo
from app.document.session_state import SessionState, restored
from app.document.stored_runs import StoredPiece, StoredResult, StoredRun, StoredShelf
from app.errors import LacunaError
from app.imaging.arrays import Image, Mask
from app.imaging.formats import deep
from app.imaging.geometry import Rect
from app.imaging.patches import Patch
from app.imaging.photo import Photo
from app.imaging.photo_thumbnails import decoded_thumbnail
from app.words import Words

SUFFIX = ".lacuna"

_RESULTS = "results"
_MANIFEST, _MASK, _THUMBNAIL, _BASE, _LAST_MASK = (
    "manifest.json",
    "mask.png",
    "thumbnail.png",
    "base.bin",
    "last_mask.bin",
)


@dataclass(frozen=True, slots=True)
class SessionContents:
    """What a session is, besides its photograph."""

    state: SessionState
    mask: Mask
    """The present one."""
    contexts: tuple[Rect, ...] = ()
    last_contexts: tuple[Rect, ...] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Values that JSON knows, by the settings' ids. What was read is not yet checked."""
    runs: tuple[StoredRun, ...] = ()
    shown_run: int | None = None
    made_runs: int = 0
    """How many there were since the image last changed."""
    thumbnail: Image | None = None
    shelf: tuple[StoredShelf, ...] = ()
    """What there was to choose from in earlier states."""


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session that was read."""

    path: Path
    document: Document
    """As it was, at every step of its history; it counts as saved."""
    contents: SessionContents
    photo_name: str
    photo_path: Path | None
    """The photograph's own file, which is as it was; None where there is none, or no longer."""
    is_embedded: bool


def write_session(path: Path, photo: KeptPhoto, contents: SessionContents) -> None:
    """Write a session file to `path`; whole or not at all. `LacunaError` where that fails.

    More results than a reader would take are left out.
    """
    contents = _without_orphans(contents)
    encoded = _manifest(photo, contents).encoded()
    if len(encoded) > COMPRESSED and (contents.runs or contents.shelf):
        runs = () if not contents.shelf else contents.runs
        write_session(
            path, photo, replace(contents, runs=runs, shown_run=contents.shown_run if runs else None, shelf=())
        )
        return
    with replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_MANIFEST, encoded, zipfile.ZIP_DEFLATED)
        archive.writestr(_MASK, deep.png(contents.mask))
        if contents.thumbnail is not None:
            archive.writestr(_THUMBNAIL, deep.png(contents.thumbnail))
        for name, record in _entries(contents):
            archive.writestr(name, packed(record))
        if photo.data is not None and photo.entry.embedded is not None:
            archive.writestr(photo.entry.embedded, photo.data)


def read_session(
    path: Path,
    *,
    located: Path | None = None,
    allow_huge: bool = False,
    pixel_limit: int | None = None,
    history_limit: int = DEFAULT_LIMIT,
) -> OpenedSession:
    """The session at `path`, whose photograph is at `located` where that is given.

    Nothing in the file is trusted. Raises `PhotoNeededError` where its photograph must be shown, `NewerSessionError`,
    `HugeImageError` as `read_photo` does, and `LacunaError` where the file is damaged. Takes no more memory than the
    file is long, besides the photograph's own and that of a copy of it.
    """
    with opened_archive(path) as archive:
        manifest = decoded(archive.small(_MANIFEST), path.name)
        photo, place = found_photo(
            manifest.photo, archive, path, located, allow_huge=allow_huge, pixel_limit=pixel_limit
        )
        state = _state(manifest, archive, photo)
        runs = _runs(archive, manifest, photo)
        shelf = _shelf(archive, manifest, photo)
    with told_as_damage(path):
        document = restored(photo, state, history_limit=history_limit)
        if manifest.mask and digest(document.mask) != manifest.mask:
            raise ValueError("its edits do not make its mask")
    contents = SessionContents(
        state,
        document.mask,
        manifest.contexts,
        manifest.last_contexts,
        manifest.settings,
        runs,
        manifest.shown_run,
        manifest.made_runs,
        shelf=shelf,
    )
    is_embedded = manifest.photo.embedded is not None
    return OpenedSession(path, document, contents, manifest.photo.name, place, is_embedded)


def photo_paths(path: Path) -> tuple[Path, ...]:
    """Where the photograph of the session at `path` was, for finding out whether it is open; none where it is not
    known. `LacunaError` where the file is damaged.
    """
    with opened_archive(path) as archive:
        reference = decoded(archive.small(_MANIFEST), path.name).photo.reference
    return () if reference is None else (reference.path,)


def session_thumbnail(path: Path) -> Image:
    """The small picture in the session at `path`; `LacunaError` where there is none."""
    with opened_archive(path) as archive:
        return decoded_thumbnail(archive.small(_THUMBNAIL))


def _manifest(photo: KeptPhoto, contents: SessionContents) -> Manifest:
    state = contents.state
    if len(state.records) > MOST_EDITS:
        raise LacunaError(Words("a session holds {most:,} edits, and there are more: save the photo", most=MOST_EDITS))
    return Manifest(
        photo.entry,
        len(state.records),
        state.index,
        state.saved_index,
        state.pruned,
        bool(state.base_image or state.base_mask or state.base_avoid),
        bool(state.last_mask),
        digest(contents.mask),
        contents.contexts[:MOST_CONTEXTS],
        None if contents.last_contexts is None else contents.last_contexts[:MOST_CONTEXTS],
        contents.settings,
        tuple(run.to_json() for run in contents.runs),
        contents.shown_run,
        contents.made_runs,
        f"Lacuna {__version__}",
        tuple(each.to_json() for each in contents.shelf[-MOST_SHELVED:]),
    )


def _without_orphans(contents: SessionContents) -> SessionContents:
    """Without the edits of what was kept of results that are not in it."""
    every = (*contents.runs, *(run for each in contents.shelf for run in each.runs))
    runs = {run.kept.run for run in every if run.kept is not None}
    stays = [record.kind is not EditKind.KEEP or record.run in runs for record in contents.state.records]

    def moved(run: StoredRun) -> StoredRun:
        return run if run.state is None else replace(run, state=sum(stays[: run.state]))

    shelf = (
        replace(each, state=sum(stays[: each.state]), runs=tuple(map(moved, each.runs))) for each in contents.shelf
    )
    return replace(
        contents,
        state=contents.state.with_kept_of(runs),
        runs=tuple(map(moved, contents.runs)),
        shelf=tuple(shelf),
    )


def _entries(contents: SessionContents) -> Iterator[tuple[str, EditRecord]]:
    state = contents.state
    if state.base_image or state.base_mask or state.base_avoid:
        yield _BASE, EditRecord(EditKind.RESULT, "", state.base_image, state.base_mask, state.base_avoid)
    if state.last_mask:
        yield _LAST_MASK, _of_mask(state.last_mask)
    for number, record in enumerate(state.records):
        yield _edit(number), record
    yield from _run_entries(_RESULTS, contents.runs)
    for number, each in enumerate(contents.shelf[-MOST_SHELVED:]):
        yield from _run_entries(_on_shelf(number), each.runs)


def _run_entries(folder: str, runs: Sequence[StoredRun]) -> Iterator[tuple[str, EditRecord]]:
    for number, run in enumerate(runs):
        yield _run_mask(folder, number), _of_mask(run.mask)
        if run.avoid:
            yield _run_avoid(folder, number), EditRecord(EditKind.MASK, "", avoid=run.avoid)
        if run.kept is not None:
            yield _run_kept(folder, number), EditRecord(EditKind.KEEP, "", kept=run.kept.weights, run=run.kept.run)
        for stage, result in enumerate(run.results):
            for index, piece in enumerate(result.pieces):
                yield _piece(folder, number, stage, index), EditRecord(EditKind.IMAGE, "", piece.changes)


def _state(manifest: Manifest, archive: Archive, photo: Photo) -> SessionState:
    base = _record(archive, _BASE, photo) if manifest.has_base else EditRecord(EditKind.RESULT, "")
    return SessionState(
        tuple(_record(archive, _edit(number), photo) for number in range(manifest.edits)),
        manifest.index,
        manifest.index,
        manifest.pruned,
        base.image,
        base.mask,
        _record(archive, _LAST_MASK, photo).mask if manifest.has_last_mask else (),
        base.avoid,
    )


def _runs(archive: Archive, manifest: Manifest, photo: Photo) -> tuple[StoredRun, ...]:
    runs = (StoredRun.from_json(each, photo.extent) for each in manifest.runs)
    return tuple(_run(_RESULTS, number, run, archive, manifest, photo) for number, run in enumerate(runs))


def _shelf(archive: Archive, manifest: Manifest, photo: Photo) -> tuple[StoredShelf, ...]:
    found = []
    for place, content in enumerate(manifest.shelf):
        each, folder = StoredShelf.from_json(content, photo.extent), _on_shelf(place)
        _check_state(each.state, manifest)
        runs = (_run(folder, number, run, archive, manifest, photo) for number, run in enumerate(each.runs))
        found.append(replace(each, runs=tuple(runs)))
    return tuple(found)


def _check_state(state: int | None, manifest: Manifest) -> None:
    if state is not None and state > manifest.edits:
        raise ValueError(f"{state} is no state of its history")


def _run(folder: str, number: int, run: StoredRun, archive: Archive, manifest: Manifest, photo: Photo) -> StoredRun:
    """`run`, the one with `number` in `folder`, with its mask and its pixels."""
    _check_state(run.state, manifest)
    results = tuple(
        replace(result, pieces=tuple(_pieces(folder, number, stage, result, archive, photo)))
        for stage, result in enumerate(run.results)
    )
    avoid = _record(archive, _run_avoid(folder, number), photo).avoid if run.has_avoid else ()
    kept = run.kept
    if kept is not None:
        kept = replace(kept, weights=_record(archive, _run_kept(folder, number), photo).kept)
    mask = _record(archive, _run_mask(folder, number), photo).mask
    return replace(run, mask=mask, results=results, avoid=avoid, kept=kept)


def _pieces(
    folder: str, number: int, stage: int, result: StoredResult, archive: Archive, photo: Photo
) -> Iterator[StoredPiece]:
    for index, piece in enumerate(result.pieces):
        changes = _record(archive, _piece(folder, number, stage, index), photo).image
        if not all(piece.rect.contains(patch.rect) for patch in changes):
            raise ValueError("a result changes more than it says")
        yield replace(piece, changes=changes)


def _record(archive: Archive, name: str, photo: Photo) -> EditRecord:
    return unpacked(archive.stored(name), photo.extent, photo.pixels.dtype.itemsize)


def _of_mask(patches: tuple[Patch, ...]) -> EditRecord:
    return EditRecord(EditKind.MASK, "", mask=patches)


def _edit(number: int) -> str:
    return f"edits/{number:04}.bin"


def _on_shelf(number: int) -> str:
    return f"shelf/{number:02}"


def _run_kept(folder: str, number: int) -> str:
    return f"{folder}/{number:02}/kept.bin"


def _run_mask(folder: str, number: int) -> str:
    return f"{folder}/{number:02}/mask.bin"


def _run_avoid(folder: str, number: int) -> str:
    return f"{folder}/{number:02}/avoid.bin"


def _piece(folder: str, number: int, stage: int, index: int) -> str:
    return f"{folder}/{number:02}/{stage}-{index:04}.bin"
