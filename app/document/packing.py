"""Edits as bytes, for session files and journals: a header in JSON, then the patches' data one after the other.

The layout: 4 bytes, little endian, the length of the header; the header, UTF-8; the data. The header is an object with
`kind`, `name` and the lists `image`, `mask` and, where it is not empty, `avoid` of
``[x, y, width, height, compressed, bytes]``. Unknown fields are passed over, so that later versions may add some.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from app.document.records import EditKind, EditRecord
from app.errors import LacunaError
from app.imaging.geometry import Extent, Rect
from app.imaging.patches import Patch
from app.words import Words

_LENGTH = struct.Struct("<I")
_HEADER_LIMIT = 64 * 2**20


def packed(record: EditRecord) -> bytes:
    """`record` as bytes."""
    header = {
        "kind": record.kind.value,
        "name": record.name,
        "image": [_described(patch) for patch in record.image],
        "mask": [_described(patch) for patch in record.mask],
    }
    if record.avoid:
        header["avoid"] = [_described(patch) for patch in record.avoid]
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    patches = record.image + record.mask + record.avoid
    return b"".join([_LENGTH.pack(len(text)), text, *(patch.data for patch in patches)])


def unpacked(data: bytes, extent: Extent, itemsize: int) -> EditRecord:
    """The record that was packed as `data`, of a document of `extent` whose image has `itemsize` bytes a value, 1 or 2.

    Trusts nothing: whatever could not be applied to such a document raises `LacunaError`, and no more memory is taken
    than its patches cover.
    """
    try:
        (length,) = _LENGTH.unpack_from(data)
        if length > min(len(data), _HEADER_LIMIT):
            raise ValueError("the header is longer than the data")
        header = json.loads(data[_LENGTH.size : _LENGTH.size + length])
        rest = memoryview(data)[_LENGTH.size + length :]
        image = tuple(_patches(header["image"], rest, extent, 3, itemsize))
        rest = rest[sum(len(patch.data) for patch in image) :]
        mask = tuple(_patches(header["mask"], rest, extent, 1, 1))
        rest = rest[sum(len(patch.data) for patch in mask) :]
        avoid = tuple(_patches(header.get("avoid", []), rest, extent, 1, 1))
        return EditRecord(EditKind(header["kind"]), str(header["name"]), image, mask, avoid)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError, struct.error, zlib.error) as error:
        raise LacunaError(Words("an edit in it is damaged ({reason})", reason=error)) from error


def _described(patch: Patch) -> list[Any]:
    return [*asdict(patch.rect).values(), patch.compressed, len(patch.data)]


def _patches(described: list[Any], data: memoryview, extent: Extent, channels: int, itemsize: int) -> Iterator[Patch]:
    at = area = 0
    for x, y, width, height, compressed, length in described:
        rect = Rect(*(_natural(value) for value in (x, y, width, height)))
        if rect.is_empty or rect.right > extent.width or rect.bottom > extent.height:
            raise ValueError(f"{rect} is not within the image")
        area += rect.area
        if area > extent.width * extent.height:
            raise ValueError("it changes a part of the image twice")
        piece = bytes(data[at : at + _natural(length)])
        at += length
        size = rect.width * rect.height * channels * itemsize
        if _unpacked_length(piece, size, bool(compressed)) not in (size, itemsize) or len(piece) != length:
            raise ValueError(f"the data of {rect} is cut short")
        yield Patch(rect, piece, bool(compressed))


def _natural(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{value!r} is no length")
    return value


def _unpacked_length(piece: bytes, expected: int, compressed: bool) -> int:
    """How many bytes `piece` is of; of what would be more than `expected`, only that it is more."""
    if not compressed:
        return len(piece)
    unpacker = zlib.decompressobj()
    length = len(unpacker.decompress(piece, expected + 1))
    if not unpacker.eof:
        raise ValueError("the data does not end where it should")
    return length
