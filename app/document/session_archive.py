"""The zip that a session file is: entries looked up by name and read within bounds. Nothing in it is trusted.

No entry is ever unpacked to a disk, so a name cannot lead anywhere. However an archive is made, what is read from it
takes no more memory than the file itself is long, and `COMPRESSED` besides: only small entries may be compressed, and
several entries cannot share the same bytes.
"""

from __future__ import annotations

import contextlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from app.errors import LacunaError
from app.imaging.formats.opening import opened_file
from app.words import Words

DIRECTORY = 8 * 2**20
"""Bytes of the zip's own table of contents at most: a session of 65,536 edits needs 5 MB."""
COMPRESSED = 4 * 2**20
"""Bytes that a compressed entry may hold."""

_CHUNK = 2**20
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 1

_BREAKAGES = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    EOFError,
    OverflowError,
    RuntimeError,
)
"""What reading a damaged archive and making sense of it may raise: RecursionError and NotImplementedError, too."""


class Archive:
    """An open zip; every reading method raises ValueError, or an error of `zipfile`, where something is wrong."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        """Of `file`, which is `length` bytes long."""
        self._zip = zipfile.ZipFile(cast(BinaryIO, _Guarded(file)))
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self._left = length
        for info in self._zip.infolist():
            if info.filename in self._infos:
                raise ValueError(f"{info.filename!r} is in it twice")
            self._infos[info.filename] = info

    def __contains__(self, name: str) -> bool:
        """Whether there is such an entry."""
        return name in self._infos

    def stored(self, name: str) -> bytes:
        """What the entry `name`, which must not be compressed, holds."""
        return self._read(self._info(name, (zipfile.ZIP_STORED,)), self._left)

    def small(self, name: str) -> bytes:
        """What the entry `name` holds, at most `COMPRESSED` bytes."""
        return self._read(self._info(name, _METHODS), COMPRESSED)

    def _info(self, name: str, methods: tuple[int, ...] | set[int]) -> zipfile.ZipInfo:
        if name not in self._infos:
            raise ValueError(f"{name} is missing")
        info = self._infos[name]
        if info.flag_bits & _ENCRYPTED:
            raise ValueError(f"{name} is encrypted")
        if info.compress_type not in methods:
            raise ValueError(f"{name} is packed in a way it may not be")
        return info

    def _read(self, info: zipfile.ZipInfo, limit: int) -> bytes:
        if info.file_size > limit or info.compress_size > self._left:
            raise ValueError(f"{info.filename} is larger than it can be")
        self._left -= info.compress_size
        pieces, length = [], 0
        with self._zip.open(info) as entry:
            while piece := entry.read(_CHUNK):
                pieces.append(piece)
                length += len(piece)
                if length > limit:
                    raise ValueError(f"{info.filename} is larger than it says")
        if length != info.file_size:
            raise ValueError(f"{info.filename} is cut short")
        return b"".join(pieces)


@contextlib.contextmanager
def opened_archive(path: Path) -> Iterator[Archive]:
    """The session file at `path`. Whatever is wrong with it, inside the block, too, is one `LacunaError`."""
    with opened_file(path) as file, told_as_damage(path):
        yield Archive(file, path.stat().st_size)


@contextlib.contextmanager
def told_as_damage(path: Path) -> Iterator[None]:
    """What trips over a damaged file becomes a sentence."""
    try:
        yield
    except LacunaError:
        raise
    except (*_BREAKAGES, OSError) as error:
        raise LacunaError(
            Words(
                "{name} is damaged or no session of Lacuna ({reason}): restore it from a copy",
                name=path.name,
                reason=_reason(error),
            )
        ) from error


def _reason(error: Exception) -> str:
    """In a line, however long the error is."""
    text = " ".join((str(error) or type(error).__name__).split())
    return text if len(text) <= 100 else f"{text[:99]}…"


class _Guarded:
    """A file of which no more than `DIRECTORY` is read at a time: `zipfile` takes the table of contents in one go."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """The next bytes; ValueError where too many are asked for."""
        data = b"" if size > DIRECTORY else self._file.read(DIRECTORY + 1 if size < 0 else size)
        if max(size, len(data)) > DIRECTORY:
            raise ValueError("its table of contents is larger than it can be")
        return data
