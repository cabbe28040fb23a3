"""PNG: text, resolution and colour space chunks survive a save (PNG specification, third edition)."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from PIL.Image import Image
from PIL.ImageFile import ImageFile

from app.imaging.arrays import DeepImage
from app.imaging.formats import deep, exif
from app.imaging.photo import Chunk, Metadata, PngCoding

LEVEL = 3
"""zlib's effort: on photographs a third of the usual 6's time for a few per cent more bytes."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_AFTER_HEADER = 33
"""Place of the first chunk after the signature and IHDR."""
_HEADER = 13
"""Bytes of IHDR."""
_COLOUR_SPACE = {b"cHRM", b"cICP", b"cLLI", b"gAMA", b"iCCP", b"mDCV", b"sRGB"}
_XMP_KEYWORD = b"XML:com.adobe.xmp\0"
_RAW_EXIF = (b"Raw profile type exif\0", b"Raw profile type APP1\0")
"""How ImageMagick kept EXIF before there was a chunk for it."""


def read(image: ImageFile, file: BinaryIO) -> Metadata:
    """The metadata of a loaded PNG, as stored."""
    chunks = list(_chunks(file))
    header = next(data for kind, data in chunks if kind == b"IHDR" and len(data) == _HEADER)
    return Metadata(
        "PNG",
        image.mode,
        bits=max(header[8], 8),
        exif=exif.without_prefix(image.info.get("exif")) or _raw_exif(image),
        icc_profile=image.info.get("icc_profile"),
        xmp=image.info.get("xmp"),
        dpi=image.info.get("dpi"),
        coding=PngCoding(tuple((kind, data) for kind, data in chunks if _stays_true(kind, data))),
    )


def chunk_heads(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """The type and length of every chunk but the pixel data's; the file is at its data then."""
    size = file.seek(0, io.SEEK_END)
    position = len(SIGNATURE)
    while file.seek(position) + 8 <= size:
        length, kind = struct.unpack(">I4s", file.read(8))
        if kind not in {b"IDAT", b"fdAT"}:
            yield kind, length
        position += length + 12


def _chunks(file: BinaryIO) -> Iterator[Chunk]:
    """Every chunk but the pixel data; one that is cut short is left out."""
    size = file.seek(0, io.SEEK_END)
    for kind, length in chunk_heads(file):
        if file.tell() + length <= size:
            yield kind, file.read(length)


def _stays_true(kind: bytes, data: bytes) -> bool:
    """Whether a chunk may be copied to a file with other pixels: the specification marks most such with a small letter.

    EXIF and XMP are written from the metadata.
    """
    if kind == b"eXIf" or data.startswith((_XMP_KEYWORD, *_RAW_EXIF)):
        return False
    return kind in _COLOUR_SPACE or (kind[:1].islower() and kind[3:].islower())


def _raw_exif(image: ImageFile) -> bytes | None:
    text = image.info.get("Raw profile type exif") or image.info.get("Raw profile type APP1")
    try:
        return exif.without_prefix(bytes.fromhex("".join(str(text).split("\n")[3:])))
    except ValueError:
        return None


def encode(image: Image, metadata: Metadata) -> bytes:
    """`image` (any 8-bit mode) as a PNG with `metadata`."""
    out, level = io.BytesIO(), _level(metadata)
    image.save(out, "PNG", compress_level=LEVEL if level is None else level)
    return _with_chunks(out.getvalue(), metadata)


def encode_deep(array: DeepImage, metadata: Metadata) -> bytes:
    """``(H, W)``, ``(H, W, 3)`` or ``(H, W, 4)`` uint16 as a PNG of 16 bits with `metadata`."""
    return _with_chunks(deep.png(array, _level(metadata)), metadata)


def _level(metadata: Metadata) -> int | None:
    return metadata.coding.level if isinstance(metadata.coding, PngCoding) else None


def _with_chunks(bare: bytes, metadata: Metadata) -> bytes:
    chunks = b"".join(_chunk(kind, data) for kind, data in _written(metadata))
    return bare[:_AFTER_HEADER] + chunks + bare[_AFTER_HEADER:]


def _written(metadata: Metadata) -> Iterator[Chunk]:
    """The chunks to write, all of which may stand directly after the header."""
    kept = metadata.coding.chunks if isinstance(metadata.coding, PngCoding) else ()
    kinds = {kind for kind, _ in kept}
    if metadata.icc_profile and b"iCCP" not in kinds:
        yield b"iCCP", b"ICC profile\0\0" + zlib.compress(metadata.icc_profile)
    if metadata.dpi and b"pHYs" not in kinds:
        yield b"pHYs", struct.pack(">IIB", *(round(value / 0.0254) for value in metadata.dpi), 1)
    for kind, data in kept:
        if kind != b"iCCP" or metadata.icc_profile:
            yield kind, data
    if metadata.exif:
        yield b"eXIf", metadata.exif
    if metadata.xmp:
        yield b"iTXt", _XMP_KEYWORD + b"\0\0\0\0" + metadata.xmp


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
