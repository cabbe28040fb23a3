"""XMP packets: the few properties that would contradict upright, edited pixels, changed in the text itself."""

from __future__ import annotations

import re
from bisect import bisect_left

from app.imaging.geometry import Extent

_ORIENTATION = rb"tiff:Orientation"
_PLACE_ATTRIBUTE = re.compile(rb"(?<!\s)\s+exif:GPS\w{1,40}\s{0,9}=\s{0,9}(\"[^\"]*\"|'[^']*')")
_PLACES = rb"exif:GPS\w{1,40}"
_THUMBNAILS = rb"(?:xmp|xap):Thumbnails"
_MOST_DIGITS = 9
"""Packets may come from anywhere: every pattern here takes time in proportion to the packet, whatever it holds."""


def orientation(packet: bytes | None) -> int | None:
    """How the stored pixels lie, 1…8, or None where the packet does not say."""
    match = _property(_ORIENTATION).search(packet or b"")
    return int(match[2]) if match and 1 <= int(match[2]) <= 8 else None


def upright(packet: bytes | None, extent: Extent, *, turned: bool) -> bytes | None:
    """The packet of an image whose pixels now lie upright.

    Orientation becomes 1; where the image was `turned` on its side, the size properties state the new `extent`;
    thumbnails are removed. Everything else stays as it is.
    """
    if packet is None:
        return None
    values = {_ORIENTATION: 1}
    if turned:
        values |= {b"tiff:ImageWidth": extent.width, b"tiff:ImageLength": extent.height}
        values |= {b"exif:PixelXDimension": extent.width, b"exif:PixelYDimension": extent.height}
    for name, value in values.items():
        packet = _property(name).sub(rb"\g<1>%d" % value, packet)
    return without_thumbnails(packet)


def resized(packet: bytes | None, extent: Extent) -> bytes | None:
    """The packet of an image that is `extent` in size now."""
    return upright(packet, extent, turned=True)


def without_place(packet: bytes | None) -> bytes | None:
    """The packet without the GPS position."""
    return None if packet is None else _without_elements(_PLACE_ATTRIBUTE.sub(b"", packet), _PLACES)


def without_thumbnails(packet: bytes) -> bytes:
    """The packet without previews, which show the image before the edit."""
    return _without_elements(packet, _THUMBNAILS)


def _without_elements(packet: bytes, names: bytes) -> bytes:
    """The packet without the elements whose names match the pattern `names`; those that do not end stay."""
    ends: dict[bytes, list[int]] = {}
    for match in re.finditer(rb"</(" + names + rb")\s{0,9}>", packet):
        ends.setdefault(match[1], []).append(match.end())
    kept, position = [], 0
    for match in re.finditer(rb"<(" + names + rb")(?![\w.-])[^<>]*>", packet):
        if match.start() < position:
            continue
        following = ends.get(match[1], [])
        at = bisect_left(following, match.end())
        if match[0].endswith(b"/>") or at < len(following):
            kept.append(packet[position : match.start()])
            position = match.end() if match[0].endswith(b"/>") else following[at]
    return b"".join([*kept, packet[position:]])


def _property(name: bytes) -> re.Pattern[bytes]:
    """Matches a whole number as an attribute's or an element's value: what precedes it, and the digits."""
    return re.compile(rb"(" + name + rb"\s*(?:=\s*[\"']|>)\s*)(\d{1,%d})" % _MOST_DIGITS)
