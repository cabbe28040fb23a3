"""Seeded damage to bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable
from random import Random

_ABSURD = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_SPLICED = 400


def mutated(data: bytes, random: Random) -> bytes:
    """One to four kinds of damage, one after the other."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        data = random.choice(_WAYS)(data, random)
    return data


def _flipped(data: bytes, random: Random) -> bytes:
    out = bytearray(data)
    for _ in range(random.choice((1, 2, 5, 20, 100))):
        if out:
            out[_place(out, random)] ^= 1 << random.randrange(8)
    return bytes(out)


def _overwritten(data: bytes, random: Random) -> bytes:
    out = bytearray(data)
    for _ in range(random.choice((1, 3, 10))):
        if out:
            out[_place(out, random)] = random.choice((0, 255, 127, 128, random.randrange(256)))
    return bytes(out)


def _absurd_number(data: bytes, random: Random) -> bytes:
    """Lengths, counts and offsets blown up: numbers of two, four or eight bytes in either order."""
    out = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 4))):
        shape, size = random.choice((("H", 2), ("I", 4), ("I", 4), ("Q", 8)))
        if len(out) > size:
            at = min(_place(out, random), len(out) - size)
            value = random.choice(_ABSURD) & (1 << 8 * size) - 1
            struct.pack_into(random.choice("<>") + shape, out, at, value)
    return bytes(out)


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _without_piece(data: bytes, random: Random) -> bytes:
    start, stop = _span(data, random)
    return data[:start] + data[stop:]


def _doubled_piece(data: bytes, random: Random) -> bytes:
    start, stop = _span(data, random)
    return data[:stop] + data[start:stop] * random.choice((1, 1, 3, 40)) + data[stop:]


def _moved_piece(data: bytes, random: Random) -> bytes:
    start, stop = _span(data, random)
    rest = data[:start] + data[stop:]
    at = random.randrange(len(rest) + 1)
    return rest[:at] + data[start:stop] + rest[at:]


def _noise(data: bytes, random: Random) -> bytes:
    start, stop = _span(data, random)
    return data[:start] + random.randbytes(stop - start) + data[stop:]


def _zeros(data: bytes, random: Random) -> bytes:
    start, stop = _span(data, random)
    return data[:start] + bytes(stop - start) + data[stop:]


_WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flipped, _flipped, _overwritten, _absurd_number, _absurd_number, _absurd_number, _cut, _without_piece,
    _doubled_piece, _moved_piece, _noise, _zeros,
)  # fmt: skip


def spliced(first: bytes, second: bytes, random: Random) -> bytes:
    """The beginning of one file and the end of another."""
    return first[: random.randrange(len(first) + 1)] + second[random.randrange(len(second) + 1) :]


def _place(data: bytes | bytearray, random: Random) -> int:
    """More often near the beginning, where the structure is."""
    return random.randrange(min(len(data), 600)) if random.random() < 0.6 else random.randrange(len(data))


def _span(data: bytes, random: Random) -> tuple[int, int]:
    if not data:
        return 0, 0
    start = _place(data, random)
    return start, min(start + random.randrange(1, _SPLICED), len(data))
