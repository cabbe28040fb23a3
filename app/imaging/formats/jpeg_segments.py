"""The segments ahead of a JPEG's picture data: which are kept from a source, and how they are laid into a new file."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from app.imaging.arrays import Image
from app.imaging.formats import exif, resources, xmp
from app.imaging.formats.jpeg_parts import packed
from app.imaging.photo import Metadata, Segment

APP0, APP1, APP2, APP13, APP14, APP15, COMMENT = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xEF, 0xFE

_JFIF = b"JFIF\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_ICC = b"ICC_PROFILE\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_STALE = ((APP0, b"JFXX\0"), (APP2, b"MPF\0"))
"""About what is not written: a thumbnail, further pictures."""
_ELSEWHERE = ((APP1, exif.PREFIX), (APP1, _XMP), (APP2, _ICC), (APP14, b"Adobe"))
"""Segments that `Metadata` holds itself, or about the coding."""
_PAYLOAD = 65_533
"""Most bytes of a segment besides its marker and length."""


def kept(found: Iterable[Segment]) -> Iterator[Segment]:
    """Of a file's segments, those that stay true when it is encoded anew, besides what `Metadata` holds."""
    return (segment for segment in _true(found) if not _is_one_of(segment, _ELSEWHERE))


def patched(found: Iterable[Segment], picture: Image) -> list[Segment]:
    """A file's segments, all but unchanged, for the same coding of `picture`, which lies as the file stores it.

    Previews of the old picture are made anew or left out, and the EXIF block names the software.
    """
    blocks = [segment for segment in found if _is_one_of(segment, ((APP1, exif.PREFIX),))]
    block = exif.without_prefix(b"".join(payload[len(exif.PREFIX) :] for _, payload in blocks))
    written: list[Segment] = []
    for segment in _true(found):
        marker, payload = segment
        if segment in blocks:
            if block is not None:
                written += _exif_segments(exif.edited(block, picture))
            block = None
        elif marker == APP1 and payload.startswith(_XMP):
            written.append((marker, xmp.without_thumbnails(payload)))
        else:
            written.append(segment)
    return written


def without_place(found: Iterable[Segment]) -> list[Segment]:
    """A file's segments without the GPS position and without the words on further pictures, which may repeat it."""
    found = list(found)
    blocks = [segment for segment in found if _is_one_of(segment, ((APP1, exif.PREFIX),))]
    block = exif.without_place(b"".join(payload[len(exif.PREFIX) :] for _, payload in blocks)) if blocks else None
    written: list[Segment] = []
    for segment in found:
        if segment in blocks:
            written += _exif_segments(block)
            block = None
        elif segment[0] == APP1 and segment[1].startswith(_XMP):
            written.append((APP1, xmp.without_place(segment[1]) or b""))
        elif not _is_one_of(segment, _STALE):
            written.append(segment)
    return written


def coding_only(found: Iterable[Segment]) -> list[Segment]:
    """Of a file's segments those that decoding needs: JFIF without thumbnail, the profile, Adobe's."""
    kinds = ((APP0, _JFIF), (APP2, _ICC), (APP14, b"Adobe"))
    return [segment for segment in _true(found) if _is_one_of(segment, kinds)]


def _true(found: Iterable[Segment]) -> Iterator[Segment]:
    for segment in found:
        marker, payload = segment
        if _is_one_of(segment, _STALE):
            continue
        if marker == APP0 and payload.startswith(_JFIF):
            payload = payload[:12] + b"\0\0"  # no thumbnail
        if marker == APP13 and payload.startswith(_PHOTOSHOP):
            payload = _PHOTOSHOP + resources.without_thumbnails(payload[len(_PHOTOSHOP) :])
        yield marker, payload


def _is_one_of(segment: Segment, kinds: tuple[tuple[int, bytes], ...]) -> bool:
    return any(segment[0] == marker and segment[1].startswith(start) for marker, start in kinds)


def jfif(dpi: tuple[float, float] | None) -> tuple[Segment, ...]:
    """The first segment of a new JPEG."""
    unit, density = (1, dpi) if dpi else (0, (1, 1))
    x, y = (min(max(round(value), 1), 0xFFFF) for value in density)
    return ((APP0, _JFIF + struct.pack(">BBBHHBB", 1, 1, unit, x, y, 0, 0)),)


def laid_into(encoded: bytes, kept: Iterable[Segment], metadata: Metadata) -> bytes:
    """The JPEG `encoded` with the segments `kept` and those of `metadata` in place of its own."""
    start, own = _leading(encoded)
    # Only JFIF may stand before EXIF. Adobe's segment says how to decode: the encoder's own is the true one.
    ahead = [segment for segment in kept if segment[0] == APP0]
    behind = [segment for segment in kept if segment[0] != APP0]
    adobe = [segment for segment in own if segment[0] == APP14]
    written = [*ahead, *_standard(metadata), *behind, *adobe]
    return b"".join([encoded[:2], *map(packed, written), encoded[start:]])


def _leading(data: bytes) -> tuple[int, list[Segment]]:
    """Where the application segments and comments after the start of image end, and what they are."""
    position, found = 2, []
    while (marker := data[position + 1]) == COMMENT or APP0 <= marker <= APP15:
        (length,) = struct.unpack_from(">H", data, position + 2)
        found.append((marker, data[position + 4 : position + 2 + length]))
        position += 2 + length
    return position, found


def _standard(metadata: Metadata) -> Iterator[Segment]:
    """EXIF, XMP and ICC. An XMP packet too long for a segment is left out."""
    yield from _exif_segments(metadata.exif)
    if metadata.xmp and len(_XMP + metadata.xmp) <= _PAYLOAD:
        yield APP1, _XMP + metadata.xmp
    profile = _parts(metadata.icc_profile, len(_ICC) + 2)
    for number, part in enumerate(profile, 1):
        yield APP2, _ICC + bytes([number, len(profile)]) + part


def _exif_segments(block: bytes | None) -> list[Segment]:
    return [(APP1, exif.PREFIX + part) for part in _parts(block, len(exif.PREFIX))]


def _parts(data: bytes | None, overhead: int) -> list[bytes]:
    step = _PAYLOAD - overhead
    return [data[start : start + step] for start in range(0, len(data), step)] if data else []
