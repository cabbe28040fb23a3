"""Edits as bytes, for session files and journals: a header in JSON, then the patches' data one after the other.

The layout: 4 bytes, little endian, the length of the header; the header, UTF-8; the data. The header is an object with
`kind`, `name` and the lists `image`, `mask` and, where it is not empty, `avoid` of
``[x, y, width, height, compressed, bytes]``. Unknown fields are passed over, so that later versions may add some.

What is kept of a run's results came later: such an edit is one of the mask that changes nothing, to readers that do
not know it, with `keep` besides: `run`, and `layers`, a list like `mask` for each result, whose data stands behind the
others'.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from app.document.records import EditKind, EditRecord
from app.errors import LacunaError
from app.imaging.geometry import Extent, Rect
from app.imaging.patches import Patch
from app.imaging.stage_map import LAYERS
from app.words import Words

_LENGTH = struct.Struct("<I")
_HEADER_LIMIT = 64 * 2**20


def packed(record: EditRecord) -> bytes:
    """`record` as bytes."""
    is_keep = record.kind is EditKind.KEEP
    header: dict[str, Any] = {
        "kind": EditKind.MASK.value if is_keep else record.kind.value,
        "name": record.name,
        "image": _listed(record.image),
        "mask": _listed(record.mask),
    }
    if record.avoid:
        header["avoid"] = _listed(record.avoid)
    if is_keep:
        header["keep"] = {"run": record.run, "layers": [_listed(patches) for patches in record.kept]}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    every = (record.image, record.mask, record.avoid, *record.kept)
    data = (patch.data for patches in every for patch in patches)
    return b"".join([_LENGTH.pack(len(text)), text, *data])


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
        rest = rest[sum(len(patch.data) for patch in avoid) :]
        if "keep" in header:
            return _keep(header, rest, extent)
        kind = EditKind(header["kind"])
        if kind is EditKind.KEEP:
            raise ValueError("it does not say what it keeps")
        return EditRecord(kind, str(header["name"]), image, mask, avoid)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError, struct.error, zlib.error) as error:
        raise LacunaError(Words("an edit in it is damaged ({reason})", reason=error)) from error


def _keep(header: dict[str, Any], data: memoryview, extent: Extent) -> EditRecord:
    """The changes of results that are not known here are left out."""
    layers: list[tuple[Patch, ...]] = []
    for described in header["keep"]["layers"][:LAYERS]:
        layers.append(tuple(_patches(described, data, extent, 1, 1)))
        data = data[sum(len(patch.data) for patch in layers[-1]) :]
    return EditRecord(EditKind.KEEP, str(header["name"]), kept=tuple(layers), run=_natural(header["keep"]["run"]))


def _listed(patches: Sequence[Patch]) -> list[list[Any]]:
    return [[*asdict(patch.rect).values(), patch.compressed, len(patch.data)] for patch in patches]


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
