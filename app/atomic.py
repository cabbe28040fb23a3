"""The one way in which the program writes files: whatever happens, the old bytes or the new ones are there in full.

Below all layers, since all of them write. What grows line by line instead, such as a journal, is `app.appending`'s;
what only a library needs for a moment, `app.scratch`'s.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from app.errors import LacunaError
from app.words import Words

LEFTOVERS = ".lacuna-*.tmp"
"""What a process that was killed while it wrote may leave behind in the folder; never a file anybody needs."""


class WriteError(LacunaError):
    """A file could not be written: the disk is full, the folder is gone or may not be written to. Another place may
    help; what was there before still is.
    """


def write_bytes(path: Path, data: bytes) -> None:
    """Make `data` the content of the file at `path`; as `replacing`."""
    with replacing(path) as file:
        file.write(data)


def write_text(path: Path, text: str) -> None:
    """Make `text`, in UTF-8 and with its line ends as they are, the content of the file at `path`; as `replacing`."""
    write_bytes(path, text.encode("utf-8"))


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a new binary file that takes the place of `path` when the block ends without an error.

    The bytes go to a temporary file in the same folder, are flushed to the disk and then renamed over `path`; a
    symbolic link is written through, the permissions of an existing file are kept. After an error, or an interruption,
    `path` is untouched and the temporary file gone. An `OSError` becomes a `WriteError` with a remedy.
    """
    target = path.resolve()
    try:
        _check_replaceable(target)
        temporary = target.with_name(f".lacuna-{token_hex(8)}.tmp")
        with temporary.open("xb") as file, _removed_on_error(temporary):
            yield file
            file.flush()
            os.fsync(file.fileno())
            file.close()  # Windows renames closed files only
            _take_place(temporary, target)
    except OSError as error:
        raise write_failure(error, path) from error


def write_failure(error: OSError, path: Path) -> WriteError:
    """What to tell the user of `error`, which writing `path` ended in."""
    return WriteError(Words("cannot save {name}: {reason}", name=path.name, reason=_reason(error, path.resolve())))


@contextlib.contextmanager
def _removed_on_error(temporary: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _check_replaceable(target: Path) -> None:
    """Renaming over a folder or a write-protected file is refused here: POSIX would allow the second."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def _take_place(temporary: Path, target: Path) -> None:
    if target.exists():
        temporary.chmod(stat.S_IMODE(target.stat().st_mode))
    temporary.replace(target)
    if os.name == "posix":
        # The new name is in the folder's own data: a power cut must not lose it. Not every file system allows this.
        with contextlib.suppress(OSError):
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _reason(error: OSError, target: Path) -> str:
    """What went wrong and what to do about it, as the second half of a sentence."""
    folder = target.parent
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return Words("there is no folder {folder}; create it or choose another", folder=folder)
        case errno.EISDIR:
            return Words("that name belongs to a folder; choose another name")
        case errno.EPERM if target.exists():
            return Words("the file is write-protected; lift the protection or save under another name")
        case errno.EACCES | errno.EPERM:
            return Words("writing in {folder} is not permitted; choose another folder", folder=folder)
        case errno.EROFS:
            return Words("{folder} is on a read-only disk; choose another folder", folder=folder)
        case errno.ENOSPC | errno.EDQUOT:
            return Words("the disk is full; free some space or choose another disk")
        case errno.ENAMETOOLONG:
            return Words("the name is too long; choose a shorter one")
        case _:
            return Words("{reason}; try another folder", reason=error.strerror or error)
