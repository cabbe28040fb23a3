"""A file is replaced whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from app.atomic import replacing
from app.errors import LacunaError
from app.imaging.files import read_photo, write_photo
from tests.photo_files import noise, saved, smooth

OLD, NEW = b"the old bytes", b"the new bytes"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """An existing file in a folder of its own."""
    path = tmp_path / "folder" / "photo.jpg"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def _write(path: Path, data: bytes = NEW) -> None:
    with replacing(path) as file:
        file.write(data)


def _assert_untouched(path: Path) -> None:
    assert path.read_bytes() == OLD
    assert list(path.parent.iterdir()) == [path]


def test_the_new_bytes_take_the_place_of_the_old(target: Path) -> None:
    _write(target)
    assert target.read_bytes() == NEW
    assert list(target.parent.iterdir()) == [target]


def test_a_new_file_has_the_usual_permissions(target: Path) -> None:
    usual = target.stat().st_mode
    _write(target.with_name("new.jpg"))
    assert target.with_name("new.jpg").stat().st_mode == usual


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such bits")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_permissions_are_kept(target: Path, mode: int) -> None:
    target.chmod(mode)
    _write(target)
    assert target.stat().st_mode & 0o7777 == mode


@pytest.mark.skipif(os.name != "posix", reason="Windows needs rights to make links")
def test_a_link_is_written_through(target: Path) -> None:
    link = target.parent.parent / "link.jpg"
    link.symlink_to(target)
    _write(link)
    assert link.is_symlink()
    assert target.read_bytes() == NEW


@pytest.mark.parametrize("error", [RuntimeError("a fault"), KeyboardInterrupt()])
def test_an_error_while_writing_leaves_the_old_file(target: Path, error: BaseException) -> None:
    with pytest.raises(type(error)), replacing(target) as file:  # noqa: PT012
        file.write(b"half of the")
        raise error
    _assert_untouched(target)


FAILURES = [
    (errno.ENOSPC, "the disk is full"),
    (errno.EDQUOT, "the disk is full"),
    (errno.EROFS, "read-only disk"),
    (errno.EACCES, "is not permitted"),
    (errno.EIO, "try another folder"),
]


@pytest.mark.parametrize("step", ["open", "write", "fsync", "chmod", "replace"])
@pytest.mark.parametrize(("number", "words"), FAILURES)
def test_a_failing_disk_leaves_the_old_file_and_says_why(
    target: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, words: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    if step == "fsync":
        monkeypatch.setattr(os, step, fail)
    elif step != "write":
        monkeypatch.setattr(Path, step, fail)
    with pytest.raises(LacunaError, match=rf"cannot save photo\.jpg: .*{words}") as caught, replacing(target) as file:
        (fail if step == "write" else file.write)(NEW)
    monkeypatch.undo()
    assert "\n" not in str(caught.value)
    _assert_untouched(target)


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(LacunaError, match=r"cannot save a\.png: there is no folder .*gone; create it"):
        _write(tmp_path / "gone" / "a.png")
    assert list(tmp_path.glob("*.tmp")) == []


def test_a_file_in_place_of_a_folder(target: Path) -> None:
    with pytest.raises(LacunaError, match="there is no folder"):
        _write(target / "a.png")


def test_a_folder_in_place_of_the_file(target: Path) -> None:
    with pytest.raises(LacunaError, match="belongs to a folder"):
        _write(target.parent)


def test_too_long_a_name(target: Path) -> None:
    with pytest.raises(LacunaError, match="name is too long"):
        _write(target.with_name("a" * 300 + ".png"))


def test_a_write_protected_file(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # the superuser may write anything
    with pytest.raises(LacunaError, match="write-protected"):
        _write(target)
    _assert_untouched(target)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".bmp"])
def test_a_photo_on_a_full_disk_is_what_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = saved(tmp_path / f"a{suffix}", smooth())
    photo, before = read_photo(path), path.read_bytes()
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(LacunaError, match="the disk is full"):
        write_photo(path, noise(), photo)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert {found.name for found in tmp_path.iterdir() if found.is_file()} == {path.name}


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".bmp"])
def test_a_photo_saved_over_itself(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path / f"a{suffix}", smooth())
    photo = read_photo(path)
    edited = photo.pixels.copy()
    edited[8:16, 8:16] = 128
    write_photo(path, edited, photo)
    assert np.abs(read_photo(path).pixels.astype(int) - edited).mean() < 4
