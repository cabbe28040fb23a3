"""Files that only grow, such as journals: what was appended before a crash is still there after it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from app.atomic import flush_to_disk, write_failure


class AppendFile:
    """A file open for appending. One thread at a time.

    A crash, even a power cut, can leave the last append cut short; whoever reads the file must tell by its own means,
    such as line ends or check sums, and leave that out.
    """

    def __init__(self, path: Path) -> None:
        """Open `path`, or make it; `WriteError` where that fails."""
        self._path = path
        try:
            self._file: BinaryIO = path.open("ab", buffering=0)
        except OSError as error:
            raise write_failure(error, path) from error
        self._length = self._file.tell()
        self._is_torn = False

    @property
    def nbytes(self) -> int:
        """How long the file is."""
        return self._length

    def append(self, data: bytes, *, durable: bool = True) -> None:
        """Write `data` behind what is there; `durable` has it on the disk on return, safe from a power cut.

        Raises `WriteError` where that fails, and where the file was deleted or its disk is gone; the file is cut back
        then to what it was: at once, or, where that cannot be done, before anything else is appended.
        """
        try:
            self._find_again()
            if self._is_torn:
                self._cut()
            self._is_torn = True
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
            if durable:
                flush_to_disk(self._file.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):
                self._cut()
            raise write_failure(error, self._path) from error
        self._is_torn = False
        self._length += len(data)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> AppendFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _find_again(self) -> None:
        """An open file may lie where nobody looks for it any longer: deleted, or on a disk that was away meanwhile."""
        found = self._path.stat()
        try:
            is_open = os.path.samestat(found, os.fstat(self._file.fileno()))
        except OSError:
            is_open = False
        if not is_open:
            file = self._path.open("ab", buffering=0)
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = file
            if not self._is_torn or file.tell() < self._length:
                self._length, self._is_torn = file.tell(), False

    def _cut(self) -> None:
        """Take off what was not appended as a whole."""
        self._file.truncate(self._length)
        self._is_torn = False
