"""The one way in which the program writes files: whatever happens, the old bytes or the new ones are there in full.

Below all layers, since all of them write. What grows line by line instead, such as a journal, is `app.appending`'s;
what only a library needs for a moment, `app.scratch`'s.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from app.errors import LacunaError
from app.words import Words

if sys.platform != "win32":
    import fcntl

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
    try:
        target = _resolved(path)
        _check_replaceable(target)
        temporary = target.with_name(f".lacuna-{token_hex(8)}.tmp")
        with _removed_on_error(temporary), temporary.open("xb") as file:
            if target.exists():
                _take_rights(temporary, target)  # before there is anything in it that others must not read
            yield file
            file.flush()
            flush_to_disk(file.fileno())
            file.close()  # Windows renames closed files only
            _take_place(temporary, target)
    except OSError as error:
        raise write_failure(error, path) from error


def abandon() -> None:
    """Remove what other threads are writing just now, whose targets stay as they are: for the end of the process.

    None of them can finish afterwards, unless it is just about to and does not come to an end.
    """
    _closing.acquire(timeout=_PATIENCE)
    for temporary in tuple(_under_way):
        with contextlib.suppress(OSError):
            temporary.unlink()


def is_same_file(one: Path, other: Path) -> bool:
    """True where both lead, through whatever links, to one name: what is written to one replaces the other."""
    try:
        return one.resolve() == other.resolve()
    except (OSError, RuntimeError):
        return one.absolute() == other.absolute()


def flush_to_disk(handle: int) -> None:
    """Have what was written to the open file `handle` on the disk itself, safe from a power cut."""
    if sys.platform == "darwin":  # whose fsync leaves it in the drive's own memory; not every disk knows better
        with contextlib.suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def remove_leftovers(folder: Path) -> None:
    """Delete what a process that was killed left half-written in `folder`, as far as that may be done.

    What other threads of this process are writing there stays.
    """
    with contextlib.suppress(OSError):
        for path in _resolved(folder).glob(LEFTOVERS):
            if path not in _under_way:
                with contextlib.suppress(OSError):
                    path.unlink()


def write_failure(error: OSError, path: Path) -> WriteError:
    """What to tell the user of `error`, which writing `path` ended in."""
    return WriteError(Words("cannot save {name}: {reason}", name=path.name, reason=_reason(error, path.absolute())))


def concerns_place(error: OSError) -> bool:
    """Whether no other file can be written there either: the disk is full, read-only or gone."""
    windows = _windows_number(error)
    if windows in _WINDOWS_IN_USE:
        return False
    return windows in _WINDOWS_GONE or error.errno in _GONE | _OF_PLACE


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError as error:  # links that lead round in a circle
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error


@contextlib.contextmanager
def _removed_on_error(temporary: Path) -> Iterator[None]:
    _under_way.add(temporary)
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    finally:
        _under_way.discard(temporary)


def _check_replaceable(target: Path) -> None:
    """Renaming over a folder or a write-protected file is refused here: POSIX would allow the second."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not os.access(target, os.W_OK):
        number = errno.EROFS if _is_on_read_only_disk(target) else errno.EPERM
        raise OSError(number, os.strerror(number))


def _is_on_read_only_disk(target: Path) -> bool:
    return sys.platform != "win32" and bool(os.statvfs(target).f_flag & os.ST_RDONLY)


def _take_place(temporary: Path, target: Path) -> None:
    with _closing:
        _replace(temporary, target)
    if os.name == "posix":
        # The new name is in the folder's own data: a power cut must not lose it. Not every file system allows this.
        with contextlib.suppress(OSError):
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _replace(temporary: Path, target: Path) -> None:
    for moment in _MOMENTS:
        try:
            temporary.replace(target)
        except PermissionError:
            time.sleep(moment)
        else:
            return
    temporary.replace(target)


def _take_rights(temporary: Path, target: Path) -> None:
    """Owner, group, attributes and permissions of `target`, as far as they may be given away."""
    known = target.stat()
    if os.name == "posix":
        for owner in (known.st_uid, -1):
            with contextlib.suppress(OSError):
                os.chown(temporary, owner, known.st_gid)
                break
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            for name in os.listxattr(target):
                with contextlib.suppress(OSError):
                    os.setxattr(temporary, name, os.getxattr(target, name))
    temporary.chmod(stat.S_IMODE(known.st_mode))


_GONE_NAMES = (
    "ESTALE", "ENODEV", "ENXIO", "ENOTCONN", "ESHUTDOWN", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN",
    "ENETUNREACH", "ENETRESET", "ECONNABORTED", "ECONNRESET", "ECONNREFUSED", "EREMOTEIO", "ENOLINK", "ECOMM",
)  # fmt: skip
_GONE = frozenset(getattr(errno, name) for name in _GONE_NAMES if hasattr(errno, name))
"""What a network folder, or a disk that was pulled out, ends in."""

_OF_PLACE = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.EACCES, errno.EIO)
)
"""What else every file of a folder ends in alike."""

_WINDOWS_GONE = frozenset({21, 51, 53, 55, 59, 64, 67, 121, 1167, 1231, 1232})
_WINDOWS_IN_USE = frozenset({32, 33})
"""The same by Windows' own numbers, whose ``errno`` says less."""


def _reason(error: OSError, target: Path) -> Words:
    """What went wrong and what to do about it, as the second half of a sentence."""
    folder, windows = target.parent, _windows_number(error)
    if windows in _WINDOWS_GONE or error.errno in _GONE:
        return Words(
            "the disk or network folder of {folder} does not answer; connect it again or choose another folder",
            folder=folder,
        )
    if windows in _WINDOWS_IN_USE or error.errno in {errno.EBUSY, errno.ETXTBSY}:
        return Words("another program is using the file; close it there or save under another name")
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return Words("there is no folder {folder}; create it or choose another", folder=folder)
        case errno.EISDIR:
            return Words("that name belongs to a folder; choose another name")
        case errno.EPERM if _is_there(target):
            return Words("the file is write-protected; lift the protection or save under another name")
        case errno.EACCES | errno.EPERM:
            return Words("writing in {folder} is not permitted; choose another folder", folder=folder)
        case errno.EROFS:
            return Words("{folder} is on a read-only disk; choose another folder", folder=folder)
        case errno.ENOSPC | errno.EDQUOT:
            return Words("the disk is full; free some space or choose another disk")
        case errno.EFBIG:
            return Words("the file is larger than this disk takes; choose another disk")
        case errno.EIO:
            return Words("the disk reports an error; choose another disk")
        case errno.ENAMETOOLONG:
            return Words("the name is too long; choose a shorter one")
        case errno.EINVAL | errno.EILSEQ:
            return Words("this disk does not take that name; choose another name")
        case errno.ELOOP:
            return Words("that name is a link that leads round in a circle; choose another name")
        case _:
            return Words("{reason}; try another folder", reason=error.strerror or error)


def _windows_number(error: OSError) -> int | None:
    """Windows' own number of `error`; None on other systems."""
    return getattr(error, "winerror", None)


def _is_there(target: Path) -> bool:
    with contextlib.suppress(OSError):
        return target.exists()
    return False


_under_way: set[Path] = set()
"""The temporary files of the writes that are going on."""
_PATIENCE = 1.0
"""Seconds for a file to take its place."""
_MOMENTS = (0.01, 0.05, 0.1, 0.2, 0.4) if os.name == "nt" else ()
"""Seconds to wait, one after the other, while a virus scanner or an indexer holds a file, which Windows lets it do."""
_closing = threading.Lock()
"""Held while a file takes its place; held for good once no other may."""
