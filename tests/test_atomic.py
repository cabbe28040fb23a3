"""A file is replaced whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from app.atomic import LEFTOVERS, concerns_place, flush_to_disk, remove_leftovers, replacing, write_failure
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


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such bits")
def test_nobody_else_reads_along(target: Path) -> None:
    target.chmod(0o600)
    with replacing(target) as file:
        file.write(NEW)
        (temporary,) = target.parent.glob(LEFTOVERS)
        assert temporary.stat().st_mode & 0o7777 == 0o600


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
    (errno.EIO, "the disk reports an error; choose another disk"),
    (errno.EFBIG, "larger than this disk takes; choose another"),
    (errno.ESTALE, "does not answer; connect it again or choose another folder"),
    (errno.ETIMEDOUT, "does not answer"),
    (errno.EHOSTDOWN, "does not answer"),
    (errno.ENOTCONN, "does not answer"),
    (errno.EINVAL, "does not take that name; choose another"),
    (errno.ETXTBSY, "another program is using the file"),
    (errno.EMFILE, "try another folder"),
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


@pytest.mark.parametrize("refusals", [1, 3, 4])
def test_a_file_that_is_held_for_a_moment_is_waited_for(
    target: Path, monkeypatch: pytest.MonkeyPatch, refusals: int
) -> None:
    tries, replace = [], Path.replace

    def refusing(self: Path, other: Path) -> Path:
        tries.append(other)
        if len(tries) <= refusals:
            raise PermissionError(errno.EACCES, "held")
        return replace(self, other)

    monkeypatch.setattr("app.atomic._MOMENTS", (0, 0, 0))
    monkeypatch.setattr(Path, "replace", refusing)
    old = target.read_bytes()
    with pytest.raises(LacunaError) if refusals > 3 else contextlib.nullcontext(), replacing(target) as file:
        file.write(b"new")
    assert target.read_bytes() == (old if refusals > 3 else b"new")
    assert len(tries) == min(refusals + 1, 4)


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


@pytest.mark.skipif(os.name != "posix", reason="Windows needs rights to make links")
def test_the_other_name_of_a_file_keeps_the_old_bytes(target: Path) -> None:
    other = target.with_name("other.jpg")
    other.hardlink_to(target)
    _write(target)
    assert other.read_bytes() == OLD
    assert target.read_bytes() == NEW


@pytest.mark.skipif(os.name != "posix", reason="Windows needs rights to make links")
def test_links_round_in_a_circle(tmp_path: Path) -> None:
    one, two = tmp_path / "one.jpg", tmp_path / "two.jpg"
    one.symlink_to(two)
    two.symlink_to(one)
    with pytest.raises(LacunaError, match=r"cannot save one\.jpg: that name is a link"):
        _write(one)


def test_a_link_to_nothing_makes_the_file(target: Path) -> None:
    if os.name != "posix":
        pytest.skip("Windows needs rights to make links")
    link = target.with_name("link.jpg")
    link.symlink_to(target.with_name("new.jpg"))
    _write(link)
    assert link.is_symlink()
    assert target.with_name("new.jpg").read_bytes() == NEW


@pytest.mark.skipif(sys.platform != "linux", reason="attributes by these names are Linux's")
def test_what_a_file_manager_noted_of_a_file_is_kept(target: Path) -> None:
    try:
        os.setxattr(target, "user.rating", b"5")
    except OSError:
        pytest.skip("this file system has no attributes")
    _write(target)
    assert os.getxattr(target, "user.rating") == b"5"


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only the superuser gives files away")
def test_owner_and_group_are_kept(target: Path) -> None:
    os.chown(target, 12345, 54321)
    target.chmod(0o2664)
    _write(target)
    known = target.stat()
    assert (known.st_uid, known.st_gid, known.st_mode & 0o7777) == (12345, 54321, 0o2664)


def test_a_group_that_may_not_be_given_is_no_error(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no")

    monkeypatch.setattr(os, "chown", refused, raising=False)
    _write(target)
    assert target.read_bytes() == NEW


def test_the_bytes_are_on_the_disk_before_they_take_the_place(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(number: int) -> None:
        order.append("fsync")
        fsync(number)

    def replaced(self: Path, other: Path) -> Path:
        order.append("replace")
        return replace(self, other)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    _write(target)
    assert order[:2] == ["fsync", "replace"]
    assert os.name != "posix" or order == ["fsync", "replace", "fsync"], "the folder's own data, too"


def test_windows_numbers_say_more_than_errno(target: Path) -> None:
    gone, used = OSError(errno.EINVAL, "bad netpath"), PermissionError(errno.EACCES, "in use")
    gone.winerror, used.winerror = 53, 32  # type: ignore[attr-defined]
    assert "does not answer" in str(write_failure(gone, target))
    assert "another program is using" in str(write_failure(used, target))
    assert concerns_place(gone)
    assert not concerns_place(used), "the other files of the folder are not in use"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.ENOENT, errno.ESTALE, errno.ENOTCONN])
def test_what_every_file_of_a_folder_ends_in(number: int) -> None:
    assert concerns_place(OSError(number, os.strerror(number)))
    assert not concerns_place(OSError(errno.ENAMETOOLONG, "too long"))


def test_leftovers_are_removed_but_for_what_is_being_written(target: Path) -> None:
    old = target.with_name(".lacuna-0123456789abcdef.tmp")
    old.write_bytes(b"half")
    with replacing(target) as file:
        file.write(NEW)
        remove_leftovers(target.parent)
        assert not old.exists()
    assert target.read_bytes() == NEW
    remove_leftovers(target.parent / "gone")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fcntl")
def test_a_mac_is_told_to_flush_its_drive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its fsync does not."""
    asked: list[tuple[int, int]] = []
    drive = SimpleNamespace(F_FULLFSYNC=51, fcntl=lambda handle, what: asked.append((handle, what)))
    monkeypatch.setattr("app.atomic.fcntl", drive)
    monkeypatch.setattr(sys, "platform", "darwin")
    flush_to_disk(3)
    assert asked == [(3, 51)]


def test_what_is_abandoned_leaves_nothing_behind(target: Path) -> None:
    """In a process of its own: nothing can be written there afterwards."""
    code = f"""
import os, threading
from pathlib import Path
from app.atomic import abandon, replacing
inside = threading.Event()
def write():
    with replacing(Path({str(target)!r})) as file:
        file.write(b"half")
        inside.set()
        threading.Event().wait()
threading.Thread(target=write, daemon=True).start()
inside.wait()
abandon()
os._exit(7)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=False)
    assert done.returncode == 7
    _assert_untouched(target)


@contextlib.contextmanager
def _mounted(folder: Path, *options: str) -> Iterator[None]:
    """A disk of its own at `folder`; skips where that may not be done."""
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no file system may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("mount") is None, reason="needs mount")
def test_a_disk_that_is_really_full(target: Path) -> None:
    with _mounted(target.parent, "-t", "tmpfs", "-o", "size=64k", "tmpfs"):
        target.write_bytes(OLD)
        with pytest.raises(LacunaError, match="the disk is full"):
            _write(target, bytes(200_000))
        _assert_untouched(target)


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("mount") is None, reason="needs mount")
def test_a_disk_that_is_really_read_only(target: Path) -> None:
    with _mounted(target.parent, "-t", "tmpfs", "-o", "size=64k", "tmpfs"):
        target.write_bytes(OLD)
        subprocess.run(["mount", "-o", "remount,ro", str(target.parent)], check=True)
        with pytest.raises(LacunaError, match="read-only disk"):
            _write(target)
        with pytest.raises(LacunaError, match="read-only disk"):
            _write(target.with_name("new.jpg"))
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
