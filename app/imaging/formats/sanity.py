"""What is looked at before any decoder sees a file: structures that are made to keep a reader busy, or to fill memory.

Every check reads structure alone and takes milliseconds. Sizes in pixels are `opening`'s affair.
"""

from __future__ import annotations

import io
import re
import struct
from typing import BinaryIO

from app.imaging.formats import exif, ifd, jpeg_parts, png, tiff

_MOST_SEGMENTS = 20_000
"""Of a JPEG, ahead of its picture; a phone's depth map takes some hundred."""
_MOST_CHUNKS = 20_000
"""Of a PNG, besides those of the pixels."""
_FEW_SCANS = 64
"""More than any encoder writes: a picture in so many is never refused, however large."""
_MOST_SCANNED = 2_000_000_000
"""Pixels, all scans of a JPEG together, where there are more than a few: every scan goes over the whole picture."""


_STRIPS, _SAMPLES, _TILES = 273, 277, 324
_MOST_PIECES = 300_000
"""Strips or tiles of a TIFF: 60 megapixels in the smallest tiles there are."""


_PORTABLE_HEAD = 4096
"""Bytes of a PPM in which its size has to stand."""
_LAST_PLAIN, _PLAIN = ord("3"), 24
"""Portable formats 1 to 3 are text; the letters that a pixel may take in them."""


class AbsurdError(Exception):
    """The file is built to exhaust whoever reads it."""


def check(file: BinaryIO) -> None:
    """Raise `AbsurdError` where the file's structure is absurd; whatever else is wrong with it is the decoder's to say.

    The file is at its beginning afterwards.
    """
    file.seek(0)
    head = file.read(8)
    try:
        if head.startswith(jpeg_parts.START):
            _check_jpeg(head + file.read())
        elif head == png.SIGNATURE:
            _check_png(file)
        elif head[:2] in {b"II", b"MM"}:
            _check_tiff(file)
        elif re.match(rb"P[1-6]", head):
            _check_portable(head + file.read(_PORTABLE_HEAD), file)
    except (ifd.CrowdedError, jpeg_parts.FilledError) as error:
        raise AbsurdError(str(error)) from error
    except (ValueError, LookupError, struct.error):
        return
    finally:
        file.seek(0)


def _check_jpeg(data: bytes) -> None:
    block = bytearray()
    for count, ((marker, body), _) in enumerate(jpeg_parts.leading(data)):
        if count > _MOST_SEGMENTS:
            raise AbsurdError("too many segments")
        if marker == 0xE1 and body.startswith(exif.PREFIX):
            block += body[len(exif.PREFIX) :]
    exif.check(bytes(block))
    frame = jpeg_parts.frame_of(data)
    scans = data.count(bytes([0xFF, jpeg_parts.SOS]))
    if scans > _FEW_SCANS and scans * frame.width * frame.height > _MOST_SCANNED:
        raise AbsurdError(f"{scans} scans")


def _check_tiff(file: BinaryIO) -> None:
    with tiff.mapped(file) as (data, form, main):
        pieces = max((main.entries[tag].count for tag in (_STRIPS, _TILES) if tag in main.entries), default=0)
        height, samples = (
            ifd.numbers(data, form, main.entries[tag])[0] if tag in main.entries else 1
            for tag in (exif.HEIGHT, _SAMPLES)
        )
    if pieces > _MOST_PIECES or (_TILES not in main.entries and pieces > height * samples):
        raise AbsurdError(f"{pieces} pieces of a picture")


def _check_portable(head: bytes, file: BinaryIO) -> None:
    """Pillow reads the words of such a header, and of a picture in plain text, letter by letter."""
    bare = re.sub(rb"#[^\r\n]*[\r\n]", b" ", head)
    match = re.match(rb"P[1-6]\s+(\d{1,9})\s+(\d{1,9})\s", bare)
    if match is None:
        raise AbsurdError("a header without a size")
    if head[1] <= _LAST_PLAIN and file.seek(0, io.SEEK_END) > _PORTABLE_HEAD + _PLAIN * int(match[1]) * int(match[2]):
        raise AbsurdError("more text than pixels")


def _check_png(file: BinaryIO) -> None:
    for count, _ in enumerate(png.chunk_heads(file)):
        if count > _MOST_CHUNKS:
            raise AbsurdError("too many chunks")
