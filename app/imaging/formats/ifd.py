"""Directories of tags, as TIFF files and EXIF blocks hold them (TIFF 6.0, section 2; BigTIFF alike).

`layout` and `directory` say where every value lies, so that a few bytes can be changed in place and all offsets stay
right. To copy tags to another place there is `fields`.
"""

from __future__ import annotations

import contextlib
import struct
from dataclasses import dataclass
from mmap import mmap

Buffer = bytes | bytearray | mmap

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7
UNITS = {1: "B", 2: "c", 3: "H", 4: "I", 5: "II", 6: "b", 7: "c", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d", 13: "I"}
BIG_UNITS = {16: "Q", 17: "q", 18: "Q"}
"""Kinds that only BigTIFF has."""

EXIF_DIRECTORY, GPS_DIRECTORY, INTEROP_DIRECTORY = 0x8769, 0x8825, 0xA005
SUBDIRECTORIES = frozenset({EXIF_DIRECTORY, GPS_DIRECTORY, INTEROP_DIRECTORY})

_MOST_TAGS = 4096
"""Of a directory: forty times what cameras and editors write."""
_SHARED = 2**16
"""Bytes by which the values of a directory may be longer than the data they lie in: some programs share values."""
_MOST_NUMBERS = 2**20
"""Of a tag: as many strips has no picture."""


class CrowdedError(ValueError):
    """A directory that is made to exhaust whoever reads it: thousands of tags, or values that lie over one another."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Byte order (`struct`'s character), size class and place of the first directory."""

    order: str
    big: bool
    first: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One tag; its value is ``data[start:stop]``."""

    kind: int
    count: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Directory:
    """The readable tags of a directory, which lies at ``data[start:stop]`` and ends with the place of the next.

    `next` is 0 where there is none.
    """

    entries: dict[int, Entry]
    start: int
    stop: int
    next: int


def layout(data: Buffer) -> Layout:
    """Read the header; ValueError where `data` is no TIFF structure. Some programs write the version the wrong way."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(data[:2]))
    version = sum(data[2:4])
    if order is None or version not in {42, 43} or len(data) < 16:
        raise ValueError("not a TIFF structure")
    first = struct.unpack_from(order + ("Q" if version == 43 else "I"), data, 8 if version == 43 else 4)[0]
    return Layout(order, version == 43, first)


def directory(data: Buffer, form: Layout, start: int) -> Directory:
    """Read the directory at `start`; unreadable tags are left out.

    ValueError where that is outside `data`, or a `CrowdedError`.
    """
    head, entry, pointer = (form.order + shape for shape in (("Q", "HHQ", "Q") if form.big else ("H", "HHI", "I")))
    body, inline = start + struct.calcsize(head), struct.calcsize(pointer)
    step = struct.calcsize(entry) + inline
    if body > len(data):
        raise ValueError(f"no directory at {start}")
    (count,) = struct.unpack_from(head, data, start)
    count = min(count, (len(data) - body) // step)
    if count > _MOST_TAGS:
        raise CrowdedError(f"{count} tags in one directory")
    entries: dict[int, Entry] = {}
    for position in range(body, body + count * step, step):
        tag, kind, number = struct.unpack_from(entry, data, position)
        size = number * unit_size(kind)
        place = position + step - inline
        if size > inline:
            (place,) = struct.unpack_from(pointer, data, place)
        if size and place + size <= len(data):
            entries.setdefault(tag, Entry(kind, number, place, place + size))
    if sum(each.stop - each.start for each in entries.values()) > len(data) + _SHARED:
        raise CrowdedError("values that lie over one another")
    stop = body + count * step
    if stop + inline > len(data):
        return Directory(entries, start, stop, 0)
    return Directory(entries, start, stop + inline, *struct.unpack_from(pointer, data, stop))


def unit_size(kind: int) -> int:
    """Bytes of one value of `kind`; 0 where there is no such kind."""
    return struct.calcsize("<" + (UNITS | BIG_UNITS).get(kind, ""))


def numbers(data: Buffer, form: Layout, entry: Entry) -> tuple[int, ...]:
    """The values of a tag of whole numbers, at most a million; a rational counts as two; empty for other kinds."""
    unit = (UNITS | BIG_UNITS)[entry.kind]
    if unit in {"c", "f", "d"}:
        return ()
    count = min(entry.count, _MOST_NUMBERS) * len(unit)
    return struct.unpack_from(f"{form.order}{count}{unit[0]}", data, entry.start)


def store(data: bytearray, form: Layout, entry: Entry, value: int) -> None:
    """Overwrite the first value of a tag in place; a tag of a kind that cannot hold `value` is left alone."""
    with contextlib.suppress(struct.error):
        struct.pack_into(form.order + (UNITS | BIG_UNITS)[entry.kind][0], data, entry.start, value)


def subdirectory(data: Buffer, form: Layout, entry: Entry) -> Directory | None:
    """The directory that `entry` points to; None where there is none."""
    try:
        return directory(data, form, numbers(data, form, entry)[0])
    except (ValueError, IndexError):
        return None
