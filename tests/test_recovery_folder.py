"""The folders of journals, whose lock tells the living from the dead, and the photo that is kept in them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.atomic import write_bytes
from app.document.document import Document
from app.document.recovery import kept_photo
from app.document.recovery.folder import RecoveryFolder, abandoned, is_open_elsewhere
from app.document.recovery.kept_photo import PhotoKeeper, photo_again
from app.document.recovery.offers import discard, offers, restore, restore_mask
from app.document.recovery.replay import Work
from app.errors import LacunaError
from app.imaging.files import read_photo, write_image
from app.imaging.photo import Metadata, Photo
from tests.driving import write_sea
from tests.recovering import left, left_behind, opened, records_of, stamp_of, status, stroke

_HOLD = """
import sys
from pathlib import Path
from app.document.recovery.folder import RecoveryFolder
folder = RecoveryFolder.claimed(Path(sys.argv[1]))
print("held" if folder else "taken", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_elsewhere(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process has the folder at `path` until the block ends, or it is killed."""
    command = [sys.executable, "-c", _HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write_sea(tmp_path)


def test_what_another_process_holds_is_its_own_until_it_is_killed(root: Path, photo: Path) -> None:
    path = left_behind(root, photo)
    assert not is_open_elsewhere(root, photo)
    with held_elsewhere(path) as process:
        assert offers(root) == []
        assert is_open_elsewhere(root, photo)
        assert not is_open_elsewhere(root, photo.with_name("other.png"))
        (photo.parent / "link.png").symlink_to(photo)
        assert is_open_elsewhere(root, photo.parent / "link.png")
        discard(path)
        with pytest.raises(LacunaError, match="another window"):
            restore(path)
        process.kill()
        process.wait()
        assert [offer.name for offer in offers(root)] == ["sea.png"]
        assert not is_open_elsewhere(root, photo)


def test_ones_own_folders_are_not_elsewhere(root: Path, photo: Path) -> None:
    folder = RecoveryFolder.claimed(left_behind(root, photo))
    assert folder is not None
    assert RecoveryFolder.claimed(folder.path) is None
    assert not is_open_elsewhere(root, photo)
    folder.remove()
    assert not folder.path.exists()


def test_folders_without_work_are_cleared_away(root: Path, photo: Path) -> None:
    untouched = left_behind(root, photo, Document(read_photo(photo)))
    young = RecoveryFolder.made(root)
    young.release()
    old = RecoveryFolder.made(root)
    old.release()
    os.utime(old.path, (1e9, 1e9))
    worked = left_behind(root, photo)
    assert [offer.folder for offer in offers(root)] == [worked]
    assert not untouched.exists()
    assert not old.path.exists(), "a process died before it wrote anything"
    assert young.path.exists(), "somebody may be about to write"


def test_offers_are_the_newest_first_with_their_pictures(root: Path, photo: Path) -> None:
    paths = [left_behind(root, photo) for _ in range(3)]
    for age, path in enumerate(paths):
        os.utime(path / "journal", (1e9 - age, 1e9 - age))
    (paths[1] / "preview.jpg").write_bytes(b"no picture")
    found = offers(root)
    assert [offer.folder for offer in found] == paths == abandoned(root)
    assert found[0].preview is not None
    assert found[0].preview.shape == (120, 180, 3)
    assert found[1].preview is None


def test_no_folder_at_all_is_no_error(root: Path) -> None:
    assert offers(root) == []
    assert not is_open_elsewhere(root, Path("sea.png"))


# the photo


def kept(folder: Path, path: Path, *, before_replacing: bool = False) -> tuple[Photo, Work]:
    """Keep the photo at `path` in `folder`; return it, and the work to bring it back by."""
    photo = read_photo(path)
    folder.mkdir()
    work = Work(opened(Document(photo), path), status(path))
    PhotoKeeper(folder, path, stamp_of(path)).keep(photo, before_replacing=before_replacing)
    return photo, work


@pytest.mark.parametrize("fate", ["stays", "goes", "is written over"])
def test_a_photo_is_copied_and_outlives_its_file(root: Path, photo: Path, fate: str) -> None:
    before, work = kept(root, photo)
    if fate == "goes":
        photo.unlink()
    elif fate == "is written over":
        photo.write_bytes(b"other")
    again = photo_again(work, root)
    assert (again.pixels == before.pixels).all()
    assert again.path == photo


def test_a_large_photo_gets_a_second_name(root: Path, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_photo, "COPY_LIMIT", 0)
    before, work = kept(root, photo)
    assert (root / "photo.png").samefile(photo)
    write_bytes(photo, b"replaced as all programs should")
    assert (photo_again(work, root).pixels == before.pixels).all()


def test_a_large_photo_on_another_disk_is_known_by_its_content(
    root: Path, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_photo, "COPY_LIMIT", 0)
    monkeypatch.setattr(kept_photo, "_linked", lambda source, target: False)
    before, work = kept(root, photo)
    os.utime(photo)
    assert (photo_again(work, root).pixels == before.pixels).all(), "only touched"
    data = photo.read_bytes()
    photo.write_bytes(data[:-1] + b"?")
    with pytest.raises(LacunaError, match=r"sea\.png is no longer the photo"):
        photo_again(work, root)
    photo.unlink()
    with pytest.raises(LacunaError, match=r"sea\.png is no longer there"):
        photo_again(work, root)
    photo.write_bytes(data)
    PhotoKeeper(root, photo, stamp_of(photo)).keep(before, before_replacing=True)
    photo.unlink()
    assert (photo_again(work, root).pixels == before.pixels).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_photo_without_a_file_is_stored(root: Path, dtype: type) -> None:
    chance = np.random.default_rng(1)
    pixels = chance.integers(0, np.iinfo(dtype).max, (20, 30, 3)).astype(dtype)
    alpha = chance.integers(0, np.iinfo(dtype).max, (20, 30)).astype(dtype)
    pasted = Photo(pixels, alpha, Metadata("PNG"))
    root.mkdir()
    PhotoKeeper(root, None, None).keep(pasted)
    work = Work(replace(opened(Document(pasted), Path(__file__)), stamp=None))
    again = photo_again(work, root)
    assert again.alpha is not None
    assert (again.pixels == pixels).all()
    assert (again.alpha == alpha).all()
    assert again.path is None
    (root / "photo.png").unlink()
    with pytest.raises(LacunaError, match="not kept"):
        photo_again(work, root)


def test_a_photo_whose_file_changed_before_it_was_kept_is_stored(root: Path, photo: Path) -> None:
    before, stamp = read_photo(photo), stamp_of(photo)
    work = Work(opened(Document(before), photo), status(photo))
    write_image(photo, np.zeros((4, 4, 3), np.uint8))
    root.mkdir()
    PhotoKeeper(root, photo, stamp).keep(before)
    assert (photo_again(work, root).pixels == before.pixels).all()


def test_before_anything_was_kept_the_file_counts_as_long_as_it_is_the_same(root: Path, photo: Path) -> None:
    path = left_behind(root, photo, keeps_photo=False)
    again = restore(path)
    assert again.document.history.names == ("Brush",)
    again.folder.release()
    os.utime(photo, (1e9, 1e9))
    with pytest.raises(LacunaError, match="no longer the photo"):
        restore(path)
    assert RecoveryFolder.claimed(path) is not None, "it was let go of"


def test_a_note_or_a_journal_that_leads_elsewhere_is_not_followed(root: Path, photo: Path) -> None:
    path = left_behind(root, photo)
    (path / "photo.json").write_text('{"reference": {"path": "/", "sha256": "0", "size": 1}, "copy": "../x"}')
    again = restore(path)
    assert again.document.photo.path == photo
    again.folder.release()


def test_the_mask_alone_needs_no_photo(root: Path, photo: Path) -> None:
    document = Document(read_photo(photo))
    stroke(document, (20, 20), (60, 50))
    path = left(root, photo, records_of(document, photo))
    photo.unlink()
    with pytest.raises(LacunaError, match="no longer there"):
        restore(path)
    assert (restore_mask(path) == document.mask).all()
