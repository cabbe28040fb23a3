"""WebP: EXIF, XMP and ICC survive a save; what was lossless stays lossless."""

from __future__ import annotations

import io
import struct
from typing import Any, BinaryIO

from PIL.Image import Image
from PIL.ImageFile import ImageFile

from app.imaging.formats import exif
from app.imaging.photo import Metadata, WebpCoding

MAX_SIDE = 16_383
"""The format's limit, in pixels."""

_MOST_CHUNKS = 10_000
"""Looked at ahead of the picture."""
_LOSSY = {"quality": 95, "method": 4}
_LOSSLESS = {"lossless": True, "method": 1}
"""Higher methods take four times as long and save no bytes on photographs."""


def read(image: ImageFile, file: BinaryIO) -> Metadata:
    """The metadata of an opened WebP, as stored."""
    block = exif.without_prefix(image.info.get("exif"))
    return Metadata(
        "WEBP",
        image.mode,
        exif=block,
        icc_profile=image.info.get("icc_profile"),
        xmp=image.info.get("xmp"),
        dpi=exif.dpi(block),
        coding=WebpCoding(_is_lossless(file)),
    )


def _is_lossless(file: BinaryIO) -> bool:
    """Whether the first frame is coded as VP8L; an animation's frames (ANMF) have a header of 16 bytes of their own."""
    position = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(position)
        head = file.read(8)
        if len(head) < 8:
            return False
        kind, size = struct.unpack("<4sI", head)
        if kind in {b"VP8 ", b"VP8L"}:
            return bool(kind == b"VP8L")
        position += 24 if kind == b"ANMF" else 8 + size + size % 2
    return False


def encode(image: Image, metadata: Metadata) -> bytes:
    """`image` (``RGB``, ``RGBA``, ``L`` or ``LA``) as a WebP with `metadata`."""
    coding = metadata.coding if isinstance(metadata.coding, WebpCoding) else WebpCoding(lossless=False)
    block = metadata.exif
    if block is None and metadata.dpi:
        block = exif.block_of(exif.resolution_fields(metadata.dpi))
    tags: dict[str, Any] = {"exif": block, "icc_profile": metadata.icc_profile, "xmp": metadata.xmp}
    options = _LOSSLESS if coding.lossless else _LOSSY | ({"quality": coding.quality} if coding.quality else {})
    out = io.BytesIO()
    image.save(out, "WEBP", exact=True, **options, **{name: data for name, data in tags.items() if data})
    return out.getvalue()
