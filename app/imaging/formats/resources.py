"""Photoshop image resources (``8BIM``), which hold IPTC data and more in JPEG segments and in a TIFF tag."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_SIGNATURE = b"8BIM"
_THUMBNAILS = {1033, 1036}


def without_thumbnails(data: bytes) -> bytes:
    """The resources in `data` but for thumbnails, which show the image before the edit; all of it where damaged."""
    try:
        return b"".join(block for number, block in _blocks(data) if number not in _THUMBNAILS)
    except struct.error:
        return data


def _blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each resource; then, as number -1, whatever follows the last."""
    start = 0
    while data.startswith(_SIGNATURE, start):
        number, name_length = struct.unpack_from(">HB", data, start + 4)
        size_at = start + 6 + (name_length + 2) // 2 * 2
        (size,) = struct.unpack_from(">I", data, size_at)
        stop = size_at + 4 + (size + 1) // 2 * 2
        if size_at + 4 + size > len(data):
            raise struct.error("a resource ends outside the data")
        yield number, data[start:stop]
        start = stop
    yield -1, data[start:]
