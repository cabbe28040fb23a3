"""A session file brings everything back bit for bit, and says in a sentence what it cannot."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.document import session_file
from app.document.document import Document
from app.document.edits import MaskEdit
from app.document.manifest import MOST_SHELVED
from app.document.session_file import (
    OpenedSession,
    SessionContents,
    photo_paths,
    read_session,
    session_thumbnail,
    write_session,
)
from app.document.session_photo import PhotoNeededError, kept_photo
from app.document.session_state import state_of
from app.document.stored_runs import StoredPiece, StoredResult, StoredRun, StoredShelf, mask_patches
from app.errors import LacunaError
from app.imaging.files import read_photo, write_photo
from app.imaging.geometry import Rect
from app.imaging.photo import Metadata, Photo
from tests.photo_files import exif, noise, saved
from tests.test_session_state import FEW, assert_same, made


def contents_of(document: Document, **more: Any) -> SessionContents:
    """What is saved of `document`."""
    return SessionContents(state_of(document), document.mask.copy(), **more)


def on_disk(document: Document, path: Path) -> Document:
    """`document`, whose photo is written to `path`, as if it had been opened from there."""
    write_photo(path, document.photo.pixels, document.photo)
    document.photo = read_photo(path)
    return document


def write(folder: Path, document: Document, source: Path | None, *, embed: bool = False, **more: Any) -> Path:
    """A session file of `document` in `folder`."""
    path = folder / "work.lacuna"
    kept = kept_photo(document.photo, source.name if source else "Untitled", source, path, embed=embed)
    write_session(path, kept, contents_of(document, **more))
    return path


def painted(folder: Path, name: str = "sea.png") -> tuple[Document, Path]:
    """A document of a photo in `folder` with one edit in its history, and the photo's place."""
    place = saved(folder / name, noise(60, 40))
    document = Document(read_photo(place))
    edit = MaskEdit.between("Brush", document.mask, np.full((40, 60), 255, np.uint8))
    assert edit is not None
    document.apply(edit)
    document.mark_saved()
    return document, place


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("dtype", "suffix"), [(np.uint8, ".png"), (np.uint16, ".tif")])
@pytest.mark.parametrize("limit", [10**9, FEW])
@pytest.mark.parametrize("place", ["by reference", "embedded", "without a file"])
def test_everything_comes_back(tmp_path, seed, dtype, suffix, limit, place):
    document = on_disk(made(seed, dtype, limit), tmp_path / f"sea{suffix}")
    source = None if place == "without a file" else tmp_path / f"sea{suffix}"
    path = write(tmp_path, document, source, embed=place == "embedded")
    document.mark_saved()
    opened = read_session(path)
    assert not opened.document.is_modified
    assert opened.photo_path == source
    assert opened.is_embedded == (place != "by reference")
    assert_same(document, opened.document)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("name", ["PNG", "TIFF", "WEBP", "BMP", "HEIF"])
def test_a_photo_without_a_file_keeps_all_it_has(tmp_path, dtype, name):
    random = np.random.default_rng(1)
    top = np.iinfo(dtype).max + 1
    metadata = Metadata(name, "RGBA", bits=8 * np.dtype(dtype).itemsize, exif=exif()[6:], dpi=(300.0, 300.0))
    pixels, alpha = random.integers(0, top, (40, 60, 3), dtype), random.integers(0, top, (40, 60), dtype)
    photo = Photo(pixels, alpha, metadata)
    again = read_session(write(tmp_path, Document(photo), None)).document.photo
    assert again.pixels.dtype == dtype
    assert np.array_equal(again.pixels, pixels)
    assert again.alpha is not None
    assert np.array_equal(again.alpha, alpha)
    assert b"Lacuna Works" in (again.metadata.exif or b"")
    assert again.metadata.dpi == pytest.approx((300, 300), rel=1e-3)
    assert again.path is None


def test_an_embedded_photo_is_there_byte_for_byte(tmp_path):
    place = saved(tmp_path / "sea.jpg", noise(60, 40), quality=80, exif=exif())
    path = write(tmp_path, Document(read_photo(place)), place, embed=True)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("photo/sea.jpg") == place.read_bytes()


def test_a_jpeg_whose_file_is_gone_is_embedded_byte_for_byte(tmp_path):
    place = saved(tmp_path / "sea.jpg", noise(60, 40), quality=80)
    data, document = place.read_bytes(), Document(read_photo(place))
    place.unlink()
    with zipfile.ZipFile(write(tmp_path, document, None)) as archive:
        assert archive.read("photo/Untitled.jpg") == data


def test_other_programs_can_read_the_mask_and_the_small_picture(tmp_path):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place, thumbnail=np.full((30, 40, 3), 9, np.uint8))
    assert session_thumbnail(path).shape == (30, 40, 3)
    with zipfile.ZipFile(path) as archive, archive.open("mask.png") as file:
        assert np.array_equal(np.asarray(Image.open(file)), document.mask)


def test_boxes_and_options_come_back(tmp_path):
    document, place = painted(tmp_path)
    boxes, settings = (Rect(1, 2, 30, 20),), {"run/grow": 7, "unknown": [1]}
    path = write(tmp_path, document, place, contexts=boxes, last_contexts=(), settings=settings)
    contents = read_session(path).contents
    assert (contents.contexts, contents.last_contexts, contents.settings) == (boxes, (), settings)


def _run(document: Document) -> StoredRun:
    rect, random = Rect(10, 5, 30, 20), np.random.default_rng(2)
    pixels = document.image[rect.slices].copy()
    pixels[4:9, 6:20] = random.integers(0, 256, (5, 14, 3))
    piece, mask = StoredPiece.of(rect, pixels, document.image), mask_patches(document.mask)
    return StoredRun("A", (StoredResult("coarse", 0.5, (piece,)),), (), ("coarse",), 1, mask, {"grow": 3}, None)


def test_results_come_back_as_they_are(tmp_path):
    document, place = painted(tmp_path)
    run = _run(document)
    opened = read_session(write(tmp_path, document, place, runs=(run,), shown_run=0, made_runs=3))
    assert opened.contents.runs == (run,)
    assert (opened.contents.shown_run, opened.contents.made_runs) == (0, 3)
    piece = opened.contents.runs[0].results[0].pieces[0]
    assert np.array_equal(piece.pixels(opened.document.image), run.results[0].pieces[0].pixels(document.image))


def test_what_there_was_to_choose_from_comes_back(tmp_path):
    document, place = painted(tmp_path)
    run = _run(document)
    other = StoredRun("B", run.results, (), ("coarse",), 1, run.mask, {"grow": 3, "seed": 4}, None)
    kept = StoredShelf(1, (run, other), 1, 5, (Rect(1, 2, 30, 20),))
    opened = read_session(write(tmp_path, document, place, runs=(run,), shelf=(kept,)))
    assert opened.contents.shelf == (kept,)
    assert opened.contents.runs == (run,)


def test_what_a_run_was_not_to_use_comes_back_also_from_the_shelf(tmp_path):
    document, place = painted(tmp_path)
    avoid = np.zeros_like(document.mask)
    avoid[2:9, 3:20] = 255
    run = replace(_run(document), avoid=mask_patches(avoid), has_avoid=True)
    kept = StoredShelf(1, (_run(document), run), 1, 5)
    opened = read_session(write(tmp_path, document, place, runs=(run,), shelf=(kept,)))
    assert opened.contents.runs == (run,)
    assert opened.contents.shelf == (kept,)


def test_a_file_without_a_shelf_has_none(tmp_path):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place, runs=(_run(document),))
    assert read_session(rewritten(path, lambda manifest: manifest.pop("shelf"))).contents.shelf == ()


def test_more_than_a_reader_takes_is_left_out(tmp_path, monkeypatch):
    document, place = painted(tmp_path)
    run = _run(document)
    many = tuple(StoredShelf(1, (run, run), 0, 2) for _ in range(MOST_SHELVED + 2))
    opened = read_session(write(tmp_path, document, place, runs=(run,), shelf=many))
    assert len(opened.contents.shelf) == MOST_SHELVED
    monkeypatch.setattr(session_file, "COMPRESSED", 6_000)
    opened = read_session(write(tmp_path, document, place, runs=(run,), shelf=many))
    assert opened.contents.shelf == ()
    assert opened.contents.runs == (run,), "what is looked at now goes last"


# where the photo is


def test_a_photo_that_moved_along_with_the_session_is_found(tmp_path):
    folder = tmp_path / "before"
    folder.mkdir()
    document, place = painted(folder)
    path = write(folder, document, place)
    folder.rename(tmp_path / "after")
    opened = read_session(tmp_path / "after" / path.name)
    assert opened.photo_path == tmp_path / "after" / "sea.png"


def test_a_photo_that_is_gone_is_asked_for_and_known_again(tmp_path):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place)
    moved = place.rename(tmp_path / "renamed.png")
    with pytest.raises(PhotoNeededError, match=r"sea\.png") as error:
        read_session(path)
    assert error.value.photo_name == "sea.png"
    opened = read_session(path, located=moved)
    assert opened.photo_path == moved
    assert_same(document, opened.document)


def test_other_pixels_are_told_apart_from_another_photo(tmp_path):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place)
    place.unlink()
    other = saved(tmp_path / "other.png", noise(60, 40, seed=9))
    with pytest.raises(PhotoNeededError, match="its pixels are others"):
        read_session(path, located=other)
    with pytest.raises(PhotoNeededError, match="60×40"):
        read_session(path, located=saved(tmp_path / "small.png", noise(6, 4)))


def test_a_photo_that_was_changed_is_told(tmp_path):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place)
    saved(place, noise(60, 40, seed=9))
    with pytest.raises(PhotoNeededError, match="was changed since"):
        read_session(path)


def test_a_photo_of_which_only_the_metadata_changed_still_fits(tmp_path):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place)
    saved(place, noise(60, 40), dpi=(72, 72))
    assert read_session(path).photo_path == place


def test_an_embedded_photo_needs_no_file(tmp_path):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place, embed=True)
    place.unlink()
    opened = read_session(path)
    assert opened.photo_path is None
    assert opened.photo_name == "sea.png"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_in_the_place_of_the_photo_is_not_waited_for(tmp_path):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place)
    place.unlink()
    os.mkfifo(place)
    with pytest.raises(PhotoNeededError):
        read_session(path)


def test_it_says_where_its_photo_was(tmp_path):
    document, place = painted(tmp_path)
    assert photo_paths(write(tmp_path, document, place)) == (place,)


# what may come, and what must not


def rewritten(path: Path, change: Callable[[dict[str, Any]], None], extra: dict[str, bytes] | None = None) -> Path:
    """`path` with another manifest and more entries."""
    entries = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            entries[info.filename] = archive.read(info)
    manifest = json.loads(entries["manifest.json"])
    change(manifest)
    entries["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (entries | (extra or {})).items():
            archive.writestr(name, data)
    return path


def test_what_a_later_version_adds_is_passed_over(tmp_path):
    document, place = painted(tmp_path)

    def later(manifest: dict[str, Any]) -> None:
        manifest.update(version=7, layers=[1, 2])
        manifest["photo"]["lens"] = "50 mm"

    path = rewritten(write(tmp_path, document, place), later, {"layers/0.bin": b"?", "../../evil.txt": b"!"})
    assert_same(document, read_session(path).document)
    assert not list(tmp_path.parent.glob("evil.txt"))


def test_a_version_that_needs_a_newer_reader_says_which(tmp_path):
    document, place = painted(tmp_path)
    path = rewritten(write(tmp_path, document, place), lambda manifest: manifest.update(least_version=3))
    with pytest.raises(LacunaError, match=r"work\.lacuna needs a newer Lacuna.*version 3"):
        read_session(path)


def _set(*keys: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(manifest: dict[str, Any]) -> None:
        inner: Any = manifest
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = to

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("format", to="other"),
        _set("least_version", to="1"),
        _set("photo", to=[]),
        _set("photo", "width", to=-4),
        _set("photo", "bits", to=12),
        _set("photo", "name", to=None),
        _set("photo", "embedded", to="../../etc/passwd"),
        _set("photo", "embedded", to="photo/sea.exe"),
        _set("photo", "embedded", to="photo/missing.png"),
        _set("photo", "file", to={"path": 3}),
        _set("photo", "file", "size", to="many"),
        _set("history", "edits", to=2),
        _set("history", "edits", to=10**9),
        _set("history", "index", to=2),
        _set("history", "pruned", to=1.5),
        _set("history", "base", to=True),
        _set("history", to=None),
        _set("last_mask", to=True),
        _set("mask_sha256", to="0" * 64),
        _set("contexts", to=[[0, 0, 100, 10]]),
        _set("contexts", to=[[0, 0, 0, 10]]),
        _set("contexts", to=[["0", 0, 1, 10]]),
        _set("contexts", to={"0": 1}),
        _set("settings", to=[]),
        _set("results", to=[{"name": "A"}]),
        _set("results", 0, "state", to=9),
        _set("results", 0, "stage_results", 0, "pieces", to=[[0, 0, 60, 40]] * 9),
        _set("results", 0, "stage_results", 0, "pieces", to=[[0, 0, 5, 5]]),
        _set("results", 0, "stage_results", 0, "seconds", to=None),
        _set("shelf", to=[3]),
        _set("shelf", to=[{"state": 1}]),
        _set("shelf", to=[{"state": 1, "results": [3]}]),
        _set("shelf", to=[{"state": 0, "results": []}] * 99),
        _set("shelf", 0, "state", to=9),
        _set("shelf", 0, "results", 0, "state", to=9),
        _set("shelf", 0, "shown_result", to=-1),
        _set("shelf", 0, "results", 0, "stage_results", 0, "pieces", to=[[0, 0, 5, 5]]),
    ],
)
def test_a_manifest_that_cannot_be_is_one_sentence(tmp_path, change):
    document, place = painted(tmp_path)
    run = _run(document)
    path = write(tmp_path, document, place, runs=(run,), shelf=(StoredShelf(1, (run, run), 0, 2),))
    read_session(path)
    with pytest.raises(LacunaError) as error:
        read_session(rewritten(path, change))
    assert "work.lacuna" in str(error.value)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"[" * 99_999, b'{"format": NaN}', b"\xff\xfe", b"1e999"])
def test_a_manifest_that_is_no_json_is_one_sentence(tmp_path, text):
    path = tmp_path / "work.lacuna"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", text)
    with pytest.raises(LacunaError, match=r"work\.lacuna is damaged or no session"):
        read_session(path)


def test_what_is_no_zip_or_cut_short_is_one_sentence(tmp_path):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place)
    whole = path.read_bytes()
    for data in (b"PK", b"no zip at all", whole[:-30], whole[: len(whole) // 2], whole[30:]):
        path.write_bytes(data)
        with pytest.raises(LacunaError, match=r"work\.lacuna"):
            read_session(path)
    path.unlink()
    with pytest.raises(LacunaError, match="does not exist"):
        read_session(path)


def test_a_flipped_bit_in_an_edit_is_noticed(tmp_path):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place)
    data = bytearray(path.read_bytes())
    at = data.index(b'"kind":"mask"')
    data[at + 20] ^= 4
    path.write_bytes(data)
    with pytest.raises(LacunaError, match="damaged"):
        read_session(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_is_there_twice_is_refused(tmp_path):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("edits/0000.bin", b"another")
    with pytest.raises(LacunaError, match="twice"):
        read_session(path)


@pytest.mark.parametrize("name", ["manifest.json", "edits/0000.bin"])
def test_a_bomb_is_refused_before_it_goes_off(tmp_path, name, monkeypatch):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place)
    bomb = tmp_path / "bomb.lacuna"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(bomb, "w") as archive:
        for info in source.infolist():
            if info.filename != name:
                archive.writestr(info, source.read(info))
        archive.writestr(name, bytes(40_000_000), zipfile.ZIP_DEFLATED)
    assert bomb.stat().st_size < 200_000
    with pytest.raises(LacunaError, match=r"bomb\.lacuna"):
        read_session(bomb)


def test_entries_that_share_their_bytes_take_no_more_than_the_file(tmp_path):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place)
    shared = tmp_path / "shared.lacuna"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(shared, "w") as archive:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == "manifest.json":
                manifest = json.loads(data)
                manifest["history"].update(edits=400, index=400)
                data = json.dumps(manifest).encode()
            archive.writestr(info, data)
        first = archive.getinfo("edits/0000.bin")
        for number in range(1, 400):
            twin = zipfile.ZipInfo(f"edits/{number:04}.bin")
            for field in ("header_offset", "CRC", "file_size", "compress_size"):
                setattr(twin, field, getattr(first, field))
            archive.filelist.append(twin)
            archive.NameToInfo[twin.filename] = twin
    with pytest.raises(LacunaError, match=r"shared\.lacuna"):
        read_session(shared)


def test_a_failed_save_leaves_the_session_as_it_was(tmp_path, monkeypatch):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place)
    before = path.read_bytes()
    monkeypatch.setattr("app.document.session_file.packed", lambda record: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(LacunaError, match="disk is full"):
        write(tmp_path, document, place)
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir() if each.is_file()) == ["sea.png", "work.lacuna"]


def test_the_opened_session_says_where_it_is(tmp_path):
    document, place = painted(tmp_path)
    path = write(tmp_path, document, place)
    copy = Path(shutil.copy(path, tmp_path / "copy.lacuna"))
    opened: OpenedSession = read_session(copy)
    assert opened.path == copy
