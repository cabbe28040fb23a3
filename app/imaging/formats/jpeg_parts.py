"""A JPEG's bytes taken apart: its segments in file order, its frame header, its scans (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from app.imaging.photo import Segment

START, END = b"\xff\xd8", b"\xff\xd9"
SOS, EOI, COMMENT = 0xDA, 0xD9, 0xFE
APPLICATION = range(0xE0, 0xF0)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_HUFFMAN_DCT = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended sequential, progressive."""
_FILLED = re.compile(rb"\xff+[^\xff]", re.DOTALL)
_MOST_FILL = 10_000
"""Bytes ahead of a marker; there may be any number, but Pillow takes a long time over many."""
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})


class FilledError(ValueError):
    """A JPEG that is made to exhaust whoever reads it."""


@dataclass(frozen=True, slots=True)
class Component:
    """One of the picture's planes as the frame header describes it."""

    identity: int
    across: int
    """Horizontal sampling factor."""
    down: int
    table: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What a frame header says."""

    marker: int
    bits: int
    height: int
    width: int
    components: tuple[Component, ...]

    @property
    def is_huffman_dct(self) -> bool:
        """True for the usual kinds: Huffman-coded, lossy, 8 bits, one frame."""
        return self.marker in _HUFFMAN_DCT and self.bits == 8

    @property
    def is_progressive(self) -> bool:
        """True where the picture comes in several scans of rising quality."""
        return self.marker == 0xC2

    def steps(self, component: Component) -> tuple[int, int] | None:
        """Pixels to one sample of `component`, down and across; None where these are no whole numbers."""
        most_down = max(each.down for each in self.components)
        most_across = max(each.across for each in self.components)
        if not component.down or not component.across or most_down % component.down or most_across % component.across:
            return None
        return most_down // component.down, most_across // component.across

    def blocks(self, component: Component) -> tuple[int, int]:
        """Rows and columns of the blocks of `component` (A.1.1, A.2)."""
        down = 8 * max(each.down for each in self.components)
        across = 8 * max(each.across for each in self.components)
        return -(-self.height * component.down // down), -(-self.width * component.across // across)


def leading(data: bytes) -> Iterator[tuple[Segment, int]]:
    """Every segment ahead of the first scan, and where it begins; ValueError where the bytes are no JPEG's."""
    position = 2
    while True:
        marker, position = _marker_at(data, position)
        if marker in _STANDALONE:
            position += 2
            continue
        if marker == EOI:
            raise ValueError("no picture")
        (length,) = struct.unpack_from(">H", data, position + 2)
        if marker == SOS:
            return
        yield (marker, data[position + 4 : position + 2 + length]), position
        position += 2 + length


def _marker_at(data: bytes, position: int) -> tuple[int, int]:
    """The marker at or after `position` but for fill bytes, and where its last 0xFF is."""
    if not data.startswith(START) or position + 2 > len(data) or data[position] != 0xFF:
        raise ValueError("no marker")
    after = _FILLED.match(data, position)
    if after is None:
        raise ValueError("no marker")
    if after.end() - position > _MOST_FILL:
        raise FilledError("more fill bytes than a reader has patience for")
    return data[after.end() - 1], after.end() - 2


def first_scan(data: bytes) -> tuple[bytes, int]:
    """The head of the first scan without marker and length, and where the scan's data begin; ValueError."""
    position = 2
    for (_, body), start in leading(data):
        position = start + 4 + len(body)
    while True:
        marker, position = _marker_at(data, position)
        if marker not in _STANDALONE:
            break
        position += 2
    (length,) = struct.unpack_from(">H", data, position + 2)
    return data[position + 4 : position + 2 + length], position + 2 + length


def frame_of(data: bytes) -> Frame:
    """The frame header; ValueError where there is none."""
    for (marker, body), _ in leading(data):
        if marker in _FRAMES:
            bits, height, width, count = struct.unpack_from(">BHHB", body)
            fields = (body[6 + 3 * index : 9 + 3 * index] for index in range(count))
            parts = tuple(Component(each[0], each[1] >> 4, each[1] & 15, each[2]) for each in fields)
            return Frame(marker, bits, height, width, parts)
    raise ValueError("no frame header")


def application_segments(data: bytes) -> list[Segment]:
    """The application segments and comments ahead of the first scan, in file order."""
    return [segment for segment, _ in leading(data) if segment[0] in APPLICATION or segment[0] == COMMENT]


def packed(segment: Segment) -> bytes:
    """The bytes of a segment."""
    marker, body = segment
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def without_application_segments(data: bytes, kept: frozenset[int] = frozenset()) -> bytes:
    """`data` with only those of these segments whose markers are `kept`; what follows the first scan is as it was."""
    parts, end = [START], 2
    for segment, position in leading(data):
        end = position + 4 + len(segment[1])
        if segment[0] in kept or not (segment[0] in APPLICATION or segment[0] == COMMENT):
            parts.append(data[position:end])
    return b"".join([*parts, data[end:]])


def with_identities(data: bytes, identities: tuple[int, ...]) -> bytes:
    """`data`, whose components are called 0, 1, 2 throughout, with other names for them."""
    changed = bytearray(data)
    position = 2
    while True:
        marker, position = _marker_at(data, position)
        if marker == EOI:
            return bytes(changed)
        if marker in _STANDALONE:
            position += 2
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        body = position + 4
        if marker in _FRAMES:
            places = [body + 6 + 3 * index for index in range(data[body + 5])]
        else:
            places = [body + 1 + 2 * index for index in range(data[body])] if marker == SOS else []
        for place in places:
            changed[place] = identities[data[place]]
        position += 2 + length
        if marker == SOS:
            position = _after_scan(data, position)


def first_picture(data: bytes) -> bytes:
    """`data` up to the end of its first picture: without whatever follows; ValueError where that has no end."""
    position = 2
    while True:
        marker, position = _marker_at(data, position)
        if marker == EOI:
            return data[: position + 2]
        if marker in _STANDALONE:
            position += 2
            continue
        position += 2 + int(struct.unpack_from(">H", data, position + 2)[0])
        if marker == SOS:
            position = _after_scan(data, position)


def _after_scan(data: bytes, position: int) -> int:
    """Where the marker that ends a scan's data is: in the data 0xFF is followed by 0 or is a restart marker."""
    while True:
        position = data.index(b"\xff", position)
        following = data[position + 1]
        if following != 0 and following not in _STANDALONE:
            return position
        position += 2
