"""What was appended is there; what was not appended as a whole is taken off again."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from app import appending
from app.appending import AppendFile
from app.atomic import WriteError


class FailingDisk:
    """In place of the raw file: takes three bytes, then nothing; cannot be cut either while `is_gone`."""

    def __init__(self, file: AppendFile) -> None:
        self.real, self.is_gone, self._writes = file._file, False, 0
        file._file = self  # type: ignore[assignment]

    def write(self, data: memoryview) -> int:
        self._writes += 1
        if self._writes > 1:
            raise OSError(errno.EIO, "the disk is off")
        return self.real.write(data[:3])

    def fileno(self) -> int:
        return self.real.fileno()

    def truncate(self, length: int) -> int:
        if self.is_gone:
            raise OSError(errno.EIO, "the disk is off")
        return self.real.truncate(length)


def test_every_append_lies_behind_the_one_before(tmp_path: Path) -> None:
    for text in (b"one\n", b"two\n"):
        with AppendFile(tmp_path / "journal") as file:
            file.append(text)
            assert file.nbytes == len((tmp_path / "journal").read_bytes())
    assert (tmp_path / "journal").read_bytes() == b"one\ntwo\n"


@pytest.mark.parametrize("is_gone", [False, True], ids=["cut-at-once", "cut-before-the-next"])
def test_half_an_append_never_stands_before_another(tmp_path: Path, is_gone: bool) -> None:
    with AppendFile(tmp_path / "journal") as file:
        file.append(b"one\n")
        disk = FailingDisk(file)
        disk.is_gone = is_gone
        with pytest.raises(WriteError, match="the disk reports an error"):
            file.append(b"half of two\n")
        assert (tmp_path / "journal").read_bytes() == (b"one\nhal" if is_gone else b"one\n")
        assert file.nbytes == 4
        file._file = disk.real
        file.append(b"three\n")
    assert (tmp_path / "journal").read_bytes() == b"one\nthree\n"


def test_what_did_not_reach_the_disk_is_not_appended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int) -> None:
        raise OSError(errno.EIO, "the disk is off")

    with AppendFile(tmp_path / "journal") as file:
        monkeypatch.setattr(appending, "flush_to_disk", fail)
        with pytest.raises(WriteError):
            file.append(b"one\n")
        file.append(b"two\n", durable=False)
    assert (tmp_path / "journal").read_bytes() == b"two\n"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="there is no folder"):
        AppendFile(tmp_path / "gone" / "journal")
