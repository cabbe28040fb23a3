"""A JPEG's tables (ITU-T T.81, annexes B, C and K): those that it has, and the codes that suit a picture best."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.imaging.formats import jpeg_parts

Counts = npt.NDArray[np.int64]
"""``(257,)``: how often each symbol occurs; the last is none."""
Lookup = npt.NDArray[np.uint16]
"""``(tables, 2 ** bits)``: of the code that so many bits begin with, the length times 256 and the symbol; 0: none."""

_CODES, _STEPS, _INTERVAL = 0xC4, 0xDB, 0xDD
_LONGEST = 16
_MOST_LENGTH = 32
"""Of a code before it is made to fit; longer ones no picture needs."""


class Scan(NamedTuple):
    """A scan to be read, and where what is read goes."""

    data: npt.NDArray[np.uint8]
    """The whole file."""
    start: int
    """Where the scan's code begins in it."""
    units: npt.NDArray[np.int64]
    """Rows and columns of units."""
    layout: npt.NDArray[np.int64]
    """Of each component; see `jpeg_kernels`."""
    codes: tuple[Lookup, Lookup, Lookup, Lookup]
    """Lookup tables: DC short, DC full, AC short, AC full."""
    order: npt.NDArray[np.int64]
    """Of a block's coefficients, as they are coded."""
    marks: npt.NDArray[np.int32]
    """Which of the marked blocks each block is, or −1."""
    dcs: npt.NDArray[np.int16]
    """The first coefficient of each block."""


@dataclass(frozen=True, slots=True)
class HuffmanCode:
    """A Huffman code as a file describes it."""

    lengths: bytes
    """How many codes there are of 1…16 bits."""
    symbols: bytes
    """In order of their codes."""

    @property
    def packed(self) -> bytes:
        """As in a file."""
        return self.lengths + self.symbols

    def words(self) -> list[tuple[int, int, int]]:
        """Symbol, code and length of each, in order; ValueError where the lengths are no code's (annex C)."""
        found, word, place = [], 0, 0
        for length, count in enumerate(self.lengths, start=1):
            for symbol in self.symbols[place : place + count]:
                found.append((symbol, word, length))
                word += 1
            if word > 1 << length:
                raise ValueError("too many codes")
            word, place = word << 1, place + count
        return found

    def encoding(self) -> npt.NDArray[np.uint32]:
        """``(256,)``: each symbol's code times 256, and its length."""
        table = np.zeros(256, np.uint32)
        for symbol, word, length in self.words():
            table[symbol] = word << 8 | length
        return table


@dataclass(frozen=True, slots=True)
class Tables:
    """What stands ahead of a JPEG's first scan, by number."""

    steps: dict[int, npt.NDArray[np.int64]]
    """Quantisation steps ``(64,)`` in zigzag order."""
    dc: dict[int, HuffmanCode]
    ac: dict[int, HuffmanCode]
    restarts: bool
    """Whether the scan is cut into intervals."""


def tables_of(data: bytes) -> Tables:
    """Those of the JPEG `data`; ValueError or struct.error where they are broken."""
    tables, restarts = Tables({}, {}, {}, restarts=False), False
    for (marker, body), _ in jpeg_parts.leading(data):
        if marker == _STEPS:
            _add_steps(tables, body)
        elif marker == _CODES:
            _add_codes(tables, body)
        elif marker == _INTERVAL:
            restarts = any(body)
    return Tables(tables.steps, tables.dc, tables.ac, restarts)


def _add_steps(tables: Tables, body: bytes) -> None:
    while body:
        form, size = ("64H", 128) if body[0] >> 4 else ("64B", 64)
        tables.steps[body[0] & 15] = np.array(struct.unpack_from(f">{form}", body, 1), np.int64)
        body = body[1 + size :]


def _add_codes(tables: Tables, body: bytes) -> None:
    while body:
        lengths = body[1 : 1 + _LONGEST]
        end = 1 + _LONGEST + sum(lengths)
        if len(lengths) < _LONGEST or end > len(body):
            raise ValueError("a table is cut short")
        (tables.ac if body[0] >> 4 else tables.dc)[body[0] & 15] = HuffmanCode(lengths, body[1 + _LONGEST : end])
        body = body[end:]


def zigzag() -> npt.NDArray[np.int64]:
    """``(64,)``: where each coefficient of a block lies in it, row by row (figure A.6)."""
    places = sorted(range(64), key=lambda at: (sum(divmod(at, 8)), (at // 8 if sum(divmod(at, 8)) % 2 else at % 8)))
    return np.array(places, np.int64)


def lookups(codes: list[HuffmanCode], bits: int) -> tuple[Lookup, Lookup]:
    """Of each code the symbols by their first `bits` bits, for shorter words only, and by 16."""
    short, full = np.zeros((len(codes), 1 << bits), np.uint16), np.zeros((len(codes), 1 << _LONGEST), np.uint16)
    for number, code in enumerate(codes):
        for symbol, word, length in code.words():
            start = word << (_LONGEST - length)
            full[number, start : start + (1 << (_LONGEST - length))] = length << 8 | symbol
            if length <= bits:
                start = word << (bits - length)
                short[number, start : start + (1 << (bits - length))] = length << 8 | symbol
    return short, full


def best_code(counts: Counts) -> HuffmanCode:
    """The shortest code of at most 16 bits for symbols that occur `counts` times (annex K.2)."""
    from app.imaging.formats import jpeg_kernels

    rest, lengths = counts.copy(), np.zeros(len(counts), np.int64)
    rest[-1] = 1  # so that no code is all ones
    jpeg_kernels.code_lengths(rest, lengths)
    if lengths.max() > _MOST_LENGTH:
        raise ValueError("a code is too long")
    symbols = np.argsort(lengths[:-1], kind="stable")
    bits = _shortened(np.bincount(lengths, minlength=_MOST_LENGTH + 1).tolist())
    return HuffmanCode(bytes(bits[1 : _LONGEST + 1]), bytes(symbols[lengths[symbols] > 0].tolist()))


def _shortened(bits: list[int]) -> list[int]:
    """How many codes there are of each length, with none above 16, and without the last of the longest (figure K.3)."""
    for length in range(_MOST_LENGTH, _LONGEST, -1):
        while bits[length] > 0:
            shorter = length - 2
            while bits[shorter] == 0:
                shorter -= 1
            bits[length] -= 2
            bits[length - 1] += 1
            bits[shorter + 1] += 2
            bits[shorter] -= 1
    bits[max(length for length in range(1, _LONGEST + 1) if bits[length])] -= 1
    return bits
