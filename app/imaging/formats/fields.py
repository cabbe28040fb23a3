"""Trees of tags taken out of a TIFF file or an EXIF block, to be laid into another."""

from __future__ import annotations

import struct
from collections.abc import Container, Iterable
from dataclasses import dataclass

import numpy as np

from app.imaging.formats.ifd import (
    LONG,
    SUBDIRECTORIES,
    UNITS,
    Buffer,
    Entry,
    Layout,
    directory,
    subdirectory,
    unit_size,
)

HEADER = b"II*\0\x08\0\0\0"
"""Start of a little-endian file or block whose first directory follows at once."""
_DEEPEST = 3
"""Levels of directories: EXIF's below the main one, the interoperability's below that."""


@dataclass(frozen=True, slots=True)
class Field:
    """One tag by itself: a little-endian value, or the tags of the directory it points to."""

    tag: int
    kind: int
    count: int
    value: bytes
    children: tuple[Field, ...] = ()


def fields_at(
    data: Buffer, form: Layout, start: int, *, without: Container[int] = (), above: tuple[int, ...] = ()
) -> tuple[Field, ...]:
    """The tags of the directory at `start`, but for some, and, two levels down, of the directories EXIF knows.

    `above` are the places of those that led here, which are not gone into again. What only BigTIFF can hold is left
    out, as are pointers that lead nowhere; ValueError where there is no directory.
    """
    found = []
    for tag, entry in directory(data, form, start).entries.items():
        if tag in without:
            continue
        if tag in SUBDIRECTORIES:
            path = (*above, start)
            below = subdirectory(data, form, entry) if len(path) < _DEEPEST else None
            if below and below.start not in path and (children := fields_at(data, form, below.start, above=path)):
                found.append(Field(tag, LONG, 1, b"", children))
        elif entry.kind in UNITS:
            found.append(Field(tag, entry.kind, entry.count, _little_endian(data, form, entry)))
    return tuple(found)


def _little_endian(data: Buffer, form: Layout, entry: Entry) -> bytes:
    value = bytes(data[entry.start : entry.stop])
    if form.order == "<" or unit_size(entry.kind) == 1:
        return value
    return np.frombuffer(value, f">u{struct.calcsize(UNITS[entry.kind][0])}").byteswap().tobytes()


def serialised(tags: Iterable[Field], start: int) -> bytes:
    """A little-endian directory of `tags`, the last of its chain, for the even position `start` of a file or block."""
    ordered = sorted(tags, key=lambda field: field.tag)
    table = bytearray(struct.pack("<H", len(ordered)))
    heap = bytearray()
    heap_start = start + 2 + 12 * len(ordered) + 4
    for field in ordered:
        position = heap_start + len(heap)
        value = field.value
        if field.children:
            value = struct.pack("<I", position)
            heap += serialised(field.children, position)
        elif len(value) > 4:
            heap += value
            value = struct.pack("<I", position)
        heap += bytes(len(heap) % 2)
        table += struct.pack("<HHI4s", field.tag, field.kind, field.count, value)
    return bytes(table + bytes(4) + heap)
