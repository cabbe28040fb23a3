"""Folders in which the work on one photo each is kept until the photo is put away in order.

A folder belongs to the process that holds its lock. The system gives the lock back when the process ends, however it
does, so that a free one with a journal beside it is what a crash left.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import ClassVar

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from app.atomic import is_same_file, write_failure
from app.document.recovery.journal import Survey, survey

_LOCK, _JOURNAL, _PREVIEW = "lock", "journal", "preview.jpg"
_YOUNG = 60.0
"""Seconds in which a folder without a journal may yet get one."""


def recovery_root() -> Path:
    """Where the folders of this user's photos lie; it need not exist yet."""
    return user_data_path("lacuna", appauthor=False) / "recovery"


class RecoveryFolder:
    """One such folder, whose lock this process holds until `release` or `remove`. Any thread may use it."""

    _own: ClassVar[set[Path]] = set()
    """Those of this process."""

    def __init__(self, path: Path, lock: FileLock) -> None:
        """By `made` or `claimed`."""
        self.path = path
        self._lock = lock
        self._own.add(path)

    @classmethod
    def made(cls, root: Path) -> RecoveryFolder:
        """A new, empty one in `root`; `WriteError` where that can't be."""
        path = root / token_hex(8)
        try:
            path.mkdir(parents=True)
            lock = _lock_of(path)
            lock.acquire(timeout=0)
        except (OSError, NotImplementedError, Timeout) as error:
            raise write_failure(error if isinstance(error, OSError) else OSError(str(error)), path) from error
        return cls(path, lock)

    @classmethod
    def claimed(cls, path: Path, patience: float = 0.0) -> RecoveryFolder | None:
        """The one at `path`; None where another process, or this one, has it for `patience` seconds, or it is gone."""
        lock = _lock_of(path)
        try:
            if not path.is_dir():
                return None
            lock.acquire(timeout=patience)
        except (OSError, NotImplementedError, Timeout):
            return None
        return cls(path, lock)

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.path / _JOURNAL

    @property
    def preview(self) -> Path:
        """A small picture of the work."""
        return self.path / _PREVIEW

    def release(self) -> None:
        """Leave it to whoever comes."""
        self._own.discard(self.path)
        self._lock.release()

    @classmethod
    def is_own(cls, path: Path) -> bool:
        """True where this process has the one at `path`."""
        return path in cls._own

    def remove(self) -> None:
        """Delete it. The journal goes first, so that nobody finds half of it."""
        _delete(self.journal)
        with contextlib.suppress(OSError):
            for each in self.path.iterdir():
                if each.name != _LOCK:
                    _delete(each)
        self.release()
        _delete(self.path / _LOCK)
        with contextlib.suppress(OSError):
            self.path.rmdir()


def abandoned(root: Path) -> list[Path]:
    """The folders with a journal that nobody holds, the newest first; empty ones that nobody holds are cleared away."""
    found = []
    for path in _folders(root):
        folder = RecoveryFolder.claimed(path)
        if folder is None:
            continue
        if folder.journal.is_file():
            found.append(path)
            folder.release()
        elif _age(path) > _YOUNG:
            folder.remove()
        else:
            folder.release()
    return sorted(found, key=last_change, reverse=True)


def last_change(path: Path) -> float:
    """When the journal in the folder at `path` was last written, seconds since 1970; 0 where there is none."""
    try:
        return (path / _JOURNAL).stat().st_mtime
    except OSError:
        return 0.0


def survey_of(path: Path) -> Survey | None:
    """What the journal in the folder at `path` says at a glance."""
    return survey(path / _JOURNAL)


def preview_of(path: Path) -> Path:
    """Where the folder at `path` has its picture, if it has one."""
    return path / _PREVIEW


def is_open_elsewhere(root: Path, photo: Path) -> bool:
    """True where another process has `photo` open."""
    others = (path for path in _folders(root) if not RecoveryFolder.is_own(path))
    return any(_shows(path, photo) and _is_held(path) for path in others)


def _shows(path: Path, photo: Path) -> bool:
    found = survey_of(path)
    places = () if found is None else (found.file.place, found.file.session)
    return any(place is not None and is_same_file(place, photo) for place in places)


def _is_held(path: Path) -> bool:
    folder = RecoveryFolder.claimed(path)
    if folder is None:
        return path.is_dir()
    folder.release()
    return False


def _folders(root: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from [path for path in root.iterdir() if path.is_dir()]


def _lock_of(path: Path) -> FileLock:
    """It does not belong to the thread that took it."""
    return FileLock(path / _LOCK, thread_local=False)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0


def _delete(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
