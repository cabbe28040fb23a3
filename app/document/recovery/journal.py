"""A journal: a file of records that only grows, until it is written anew, smaller.

The layout: a line that says what it is; then, a record at a time, a head and the content. The head is 13 bytes, little
endian: the content's length (4) and check sum (4, CRC-32), the record's kind (1), and the check sum of these nine (4).
A crash can cut the last record short, which is no damage; everything before it counts.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.appending import AppendFile
from app.atomic import replacing
from app.document.recovery.encoding import NUMBERS, Kind, decoded, encoded
from app.document.recovery.records import FileStatus, MovedTo, Opened, Record, StrokeBegun, StrokeOver
from app.errors import LacunaError, read_failure
from app.words import Words

MAGIC = b"lacuna journal 1\n"
_HEAD = struct.Struct("<IIBI")
_CHECKED = struct.Struct("<IIB")


class JournalWriter:
    """Writes one journal. One thread at a time."""

    def __init__(self, path: Path) -> None:
        """Nothing is written yet: `rewrite` makes the file."""
        self._path = path
        self._file: AppendFile | None = None
        self._nbytes = 0

    @property
    def nbytes(self) -> int:
        """How long the journal is."""
        return self._nbytes

    def rewrite(self, records: Iterable[Record]) -> None:
        """Let the journal consist of `records`; until that is done it is the old one. `WriteError` where it fails."""
        self.close()
        with replacing(self._path) as file:
            file.write(MAGIC)
            for record in records:
                file.write(_framed(record))
            self._nbytes = file.tell()
        self._file = AppendFile(self._path)

    def append(self, records: Iterable[Record], *, durable: bool) -> None:
        """Add `records`, all or, where it raises `WriteError`, none; `durable`: safe from a power cut, too."""
        if self._file is None:
            self._file = AppendFile(self._path)
        data = b"".join(_framed(record) for record in records)
        self._file.append(data, durable=durable)
        self._nbytes += len(data)

    def close(self) -> None:
        """Close the file; it can be gone on with."""
        if self._file is not None:
            self._file.close()
            self._file = None


@dataclass(frozen=True, slots=True)
class Journal:
    """What a journal says."""

    opened: Opened
    records: tuple[Record, ...]
    """All behind the first, in order."""
    is_damaged: bool
    """Something behind `records` can't be read."""


def read_journal(path: Path) -> Journal:
    """The journal at `path`, up to where it is damaged; `LacunaError` where not even its beginning can be read."""
    records: list[Record] = []
    opened: Opened | None = None
    is_damaged = False
    try:
        with path.open("rb") as file:
            for frame in _frames(file):
                record = _read(file, frame, opened)
                if isinstance(record, Opened):
                    opened = opened or record
                elif record is not None:
                    records.append(record)
    except _DamagedError:
        is_damaged = True
    except OSError as error:
        raise read_failure(error, path) from error
    if opened is None:
        raise LacunaError(Words("{path} is damaged and holds nothing that could be restored", path=path))
    return Journal(opened, tuple(records), is_damaged)


@dataclass(slots=True)
class Survey:
    """What can be told of a journal without reading its edits."""

    opened: Opened
    file: FileStatus
    edits: int = 0
    """How many edits are in effect."""
    undone: int = 0
    """How many can be done again."""
    is_saved: bool = False
    """The photo's file has them all."""
    is_painting: bool = False
    """A stroke is under way."""


def survey(path: Path) -> Survey | None:
    """Look through the journal at `path`; None where there is none, or not even its beginning can be read."""
    states, index = [0], 0
    found: Survey | None = None
    try:
        with path.open("rb") as file:
            for frame in _frames(file):
                if frame.kind in (Kind.BASE, Kind.EDIT):
                    before, after = NUMBERS.unpack(file.read(NUMBERS.size))
                    states, index = ([before], 0) if frame.kind == Kind.BASE else _stepped(states, before, after)
                elif frame.kind not in _LARGE:
                    record = _read(file, frame, None if found is None else found.opened)
                    if isinstance(record, Opened):
                        found = Survey(record, FileStatus())
                    elif isinstance(record, MovedTo):
                        index = states.index(record.state)
                    elif found is not None and record is not None:
                        _look_at(found, record)
    except (_DamagedError, ValueError, struct.error):
        pass
    except OSError:
        return None
    if found is not None:
        found.edits, found.undone = index, len(states) - 1 - index
        found.is_saved = states[index] == found.file.saved
    return found


_LARGE = frozenset({Kind.LAST_MASK, Kind.TOUCHES})


def _stepped(states: list[int], before: int, after: int) -> tuple[list[int], int]:
    index = states.index(before) + 1
    return [*states[:index], after], index


def _look_at(found: Survey, record: Record) -> None:
    match record:
        case FileStatus():
            found.file = record
        case StrokeBegun():
            found.is_painting = True
        case StrokeOver():
            found.is_painting = False


@dataclass(frozen=True, slots=True)
class _Frame:
    """The head of a record; the file stands behind it."""

    kind: int
    length: int
    checksum: int
    is_last: bool


def _framed(record: Record) -> bytes:
    kind, content = encoded(record)
    checked = _CHECKED.pack(len(content), zlib.crc32(content), kind)
    return b"".join([checked, struct.pack("<I", zlib.crc32(checked)), content])


class _DamagedError(Exception):
    """What comes can't be read."""


def _frames(file: BinaryIO) -> Iterator[_Frame]:
    """The heads of a journal up to one that is cut short."""
    end = file.seek(0, 2)
    file.seek(0)
    if file.read(len(MAGIC)) != MAGIC:
        raise _DamagedError
    while True:
        start = file.tell()
        head = file.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return
        length, checksum, kind, own = _HEAD.unpack(head)
        if zlib.crc32(head[: _CHECKED.size]) != own:
            if any(head) or any(file.read(4096)):  # after a power cut the end of a file may be zeros
                raise _DamagedError
            return
        behind = start + _HEAD.size + length
        if behind > end:
            return
        yield _Frame(kind, length, checksum, behind == end)
        file.seek(behind)


def _read(file: BinaryIO, frame: _Frame, opened: Opened | None) -> Record | None:
    """The record behind `frame`; None where it is of no known kind, or was not yet wholly on the disk."""
    content = file.read(frame.length)
    if zlib.crc32(content) != frame.checksum:
        if frame.is_last:
            return None
        raise _DamagedError
    try:
        return decoded(frame.kind, content, opened)
    except LacunaError as error:
        raise _DamagedError from error
