"""The compiled inner loops of `jpeg_recoding`: the Huffman-coded scan of a sequential JPEG, read and written again.

Bits are those of ITU-T T.81, annex F. Nothing the file says can lead beyond an array: what would, ends the loop with
False. Of every component `layout` ``(n, 7)`` holds: blocks across and down in a unit (MCU), columns and rows of its own
blocks, where these begin in `dcs` and `marks`, its table of the source's code, and that of the new one. A unit at the
border may hold blocks beyond a component's own; what the source has there is not kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import uint64

from app.imaging.patch_kernels import compiled

if TYPE_CHECKING:
    from app.imaging.formats.jpeg_tables import Scan

ACROSS, DOWN, COLUMNS, ROWS, OFFSET, SOURCE, TARGET = range(7)
"""Columns of a layout."""
MOST_DC, MOST_AC = 11, 10
"""Bits of a difference, and of a coefficient, in a picture of 8 bits."""
SHORT = 10
"""Bits of the codes that are looked up first: the table stays in the processor's nearest cache."""
_FULL = 255
_ZERO_RUN, _END = 0xF0, 0
"""Symbols: sixteen zeros, zeros up to the block's end."""


@compiled
def filled(data: Any, at: int, bits: Any, have: int, beyond: int) -> Any:
    """Bytes taken in until at least 57 bits are there; zeros, counted in `beyond`, from the first marker on."""
    while have <= 56:
        byte = uint64(0)
        if at + 1 < len(data) and (data[at] != _FULL or data[at + 1] == 0):
            byte = uint64(data[at])
            at += 2 if data[at] == _FULL else 1
        else:
            beyond += 1
        bits = (bits << uint64(8)) | byte
        have += 8
    return at, bits, have, beyond


@compiled
def peeked(bits: Any, have: int, count: int) -> Any:
    """The next `count` bits."""
    return (bits >> uint64(have - count)) & ((uint64(1) << uint64(count)) - uint64(1))


@compiled
def looked_up(short: Any, full: Any, table: int, bits: Any, have: int) -> Any:
    """The length, times 256, and the symbol of the next code; below 256 where there is no such code."""
    word = peeked(bits, have, 16)
    entry = short[table, word >> uint64(16 - SHORT)]
    return int(entry) if entry else int(full[table, word])


@compiled
def extended(value: int, count: int) -> int:
    """The number that `count` bits stand for (T.81, F.2.2.1)."""
    return value if count == 0 or value >> (count - 1) else value - (1 << count) + 1


@compiled
def bits_of(value: Any) -> Any:
    """How many bits a number takes (its category)."""
    value, count = abs(value), 0
    while value:
        value >>= 1
        count += 1
    return count


@compiled
def place_of(layout: Any, units: Any, unit: int, part: int, index: int) -> int:
    """Which of all blocks a component's block `index` in a unit is; −1 for one beyond the component's own."""
    row = unit // units[1] * layout[part, DOWN] + index // layout[part, ACROSS]
    column = unit % units[1] * layout[part, ACROSS] + index % layout[part, ACROSS]
    if row >= layout[part, ROWS] or column >= layout[part, COLUMNS]:
        return -1
    return int(layout[part, OFFSET] + row * layout[part, COLUMNS] + column)


@compiled
def read_first(data: Any, at: int, bits: Any, have: int, beyond: int, codes: Any, table: int) -> Any:
    """The difference of the first coefficient, and whether it is coded soundly."""
    at, bits, have, beyond = filled(data, at, bits, have, beyond)
    entry = looked_up(codes[0], codes[1], table, bits, have)
    size = entry & 255
    if entry < 256 or size > MOST_DC:
        return at, bits, have, beyond, 0, False
    have -= entry >> 8
    return at, bits, have - size, beyond, extended(int(peeked(bits, have, size)), size), True


@compiled
def read_others(
    data: Any,
    at: int,
    bits: Any,
    have: int,
    beyond: int,
    codes: Any,
    table: int,
    order: Any,
    block: Any,
    counts: Any,
    is_marked: bool,
    is_counted: bool,
) -> Any:
    """A block's other coefficients into `block` where it `is_marked`, their symbols into `counts` where `is_counted`.

    And whether they are coded soundly.
    """
    k, ends_in_zeros = 1, False
    while k < 64:
        if have < 32:
            at, bits, have, beyond = filled(data, at, bits, have, beyond)
        entry = looked_up(codes[2], codes[3], table, bits, have)
        symbol = entry & 255
        size = symbol & 15
        if entry < 256 or size > MOST_AC:
            return at, bits, have, beyond, False
        have -= entry >> 8
        if is_counted:
            counts[symbol] += 1
        if size:
            k += symbol >> 4
            if k > 63:
                return at, bits, have, beyond, False
            if is_marked:
                block[order[k]] = extended(int(peeked(bits, have, size)), size)
            have -= size
            k += 1
            ends_in_zeros = False
        elif symbol == _ZERO_RUN:
            k += 16
            ends_in_zeros = True
        else:
            return at, bits, have, beyond, symbol == _END and not ends_in_zeros and have >= 8 * beyond
    return at, bits, have, beyond, not ends_in_zeros and have >= 8 * beyond


@compiled
def read_scan(scan: Scan, blocks: Any, counts: Any) -> int:
    """Read a scan: all first coefficients, and what the marked blocks hold.

    `blocks` ``(n, 64)`` take the marked blocks' coefficients, `counts` ``(tables, 257)`` the others' AC symbols.
    Returns where the marker behind the scan is; 0 where the scan is not coded as encoders do, is cut short or goes on
    behind the last unit.
    """
    data, start, units, layout, codes, order, marks, dcs = scan
    bits, have, beyond, at = uint64(0), 0, 0, start
    last, spare = np.zeros(len(layout), np.int64), np.zeros(64, blocks.dtype)
    for unit in range(units[0] * units[1]):
        for part in range(len(layout)):
            table, counted = layout[part, SOURCE], counts[layout[part, TARGET]]
            for index in range(layout[part, ACROSS] * layout[part, DOWN]):
                place = place_of(layout, units, unit, part, index)
                mark = marks[place] if place >= 0 else -1
                block = blocks[mark] if mark >= 0 else spare
                at, bits, have, beyond, value, is_sound = read_first(data, at, bits, have, beyond, codes, table)
                last[part] += value
                if not is_sound or abs(last[part]) > 32767:
                    return 0
                if place >= 0:
                    dcs[place] = last[part]
                block[0] = last[part]
                at, bits, have, beyond, is_sound = read_others(
                    data, at, bits, have, beyond, codes, table, order, block, counted, mark >= 0, place >= 0 > mark
                )
                if not is_sound:
                    return 0
    at, bits, have, beyond = filled(data, at, bits, have, beyond)
    return at if have - 8 * beyond < 8 else 0


@compiled
def count_block(block: Any, order: Any, counts: Any) -> bool:
    """Add the AC symbols of a block. False: a coefficient is too large."""
    run = 0
    for k in range(1, 64):
        value = int(block[order[k]])
        if value == 0:
            run += 1
            continue
        size = bits_of(value)
        if size > MOST_AC:
            return False
        counts[_ZERO_RUN] += run >> 4
        counts[(run & 15) << 4 | size] += 1
        run = 0
    if run:
        counts[_END] += 1
    return True


@compiled
def count_rest(scan: Scan, blocks: Any, dc_counts: Any, ac_counts: Any) -> bool:
    """Add what `read_scan` did not count: differences, the marked blocks, the ones beyond. False: one is too large."""
    units, layout, order, marks, dcs = scan.units, scan.layout, scan.order, scan.marks, scan.dcs
    last = np.zeros(len(layout), np.int64)
    for unit in range(units[0] * units[1]):
        for part in range(len(layout)):
            target = layout[part, TARGET]
            for index in range(layout[part, ACROSS] * layout[part, DOWN]):
                place = place_of(layout, units, unit, part, index)
                if place < 0:
                    dc_counts[target, 0] += 1
                    ac_counts[target, _END] += 1
                    continue
                size = bits_of(dcs[place] - last[part])
                if size > MOST_DC:
                    return False
                dc_counts[target, size] += 1
                last[part] = dcs[place]
                if marks[place] >= 0 and not count_block(blocks[marks[place]], order, ac_counts[target]):
                    return False
    return True


@compiled
def put_bytes(out: Any, to: int, bits: Any, held: int) -> Any:
    """The whole bytes of what is held, written to `out`."""
    while held >= 8:
        held -= 8
        byte = (bits >> uint64(held)) & uint64(_FULL)
        out[to] = byte
        to += 1
        if byte == _FULL:
            out[to] = 0
            to += 1
    return to, bits, held


@compiled
def put(out: Any, to: int, bits: Any, held: int, word: Any, count: int) -> Any:
    """`count` bits of `word` written; whole bytes go to `out` where 32 bits are held."""
    bits = (bits << uint64(count)) | uint64(word)
    held += count
    if held >= 32:
        return put_bytes(out, to, bits, held)
    return to, bits, held


@compiled
def put_number(out: Any, to: int, bits: Any, held: int, words: Any, symbol: int, value: int) -> Any:
    """The code of `symbol`, whose lower half is the size of `value`, and its bits."""
    size = symbol & 15
    entry = words[symbol]
    rest = value if value >= 0 else value - 1 + (1 << size)
    return put(out, to, bits, held, (entry >> 8) << size | rest, int(entry & 255) + size)


@compiled
def put_block(out: Any, to: int, bits: Any, held: int, words: Any, block: Any, order: Any) -> Any:
    """The AC coefficients of a block."""
    run = 0
    for k in range(1, 64):
        value = int(block[order[k]])
        if value == 0:
            run += 1
            continue
        while run > 15:
            to, bits, held = put_number(out, to, bits, held, words, _ZERO_RUN, 0)
            run -= 16
        to, bits, held = put_number(out, to, bits, held, words, run << 4 | bits_of(value), value)
        run = 0
    if run:
        return put_number(out, to, bits, held, words, _END, 0)
    return to, bits, held


@compiled
def write_scan(scan: Scan, blocks: Any, dc_words: Any, ac_words: Any, out: Any) -> int:
    """Write what `read_scan` has read, with other codes and the marked blocks' new coefficients, to `out`.

    `dc_words` and `ac_words` ``(tables, 256)`` hold each symbol's code times 256, and its length. How many bytes it is.
    """
    data, start, units, layout, codes, order, marks, dcs = scan
    bits, have, beyond, at = uint64(0), 0, 0, start
    new, held, to = uint64(0), 0, 0
    last = np.zeros(len(layout), np.int64)
    for unit in range(units[0] * units[1]):
        for part in range(len(layout)):
            table, words = layout[part, SOURCE], ac_words[layout[part, TARGET]]
            for index in range(layout[part, ACROSS] * layout[part, DOWN]):
                place = place_of(layout, units, unit, part, index)
                mark = marks[place] if place >= 0 else -1
                value = int(dcs[place]) - last[part] if place >= 0 else 0
                last[part] += value
                to, new, held = put_number(out, to, new, held, dc_words[layout[part, TARGET]], bits_of(value), value)
                at, bits, have, beyond, _, _ = read_first(data, at, bits, have, beyond, codes, table)
                k = 1
                while k < 64:
                    if have < 32:
                        at, bits, have, beyond = filled(data, at, bits, have, beyond)
                    entry = looked_up(codes[2], codes[3], table, bits, have)
                    symbol = entry & 255
                    size = symbol & 15
                    have -= (entry >> 8) + size
                    if place >= 0 > mark:
                        code = (uint64(words[symbol] >> 8) << uint64(size)) | peeked(bits, have + size, size)
                        to, new, held = put(out, to, new, held, code, int(words[symbol] & 255) + size)
                    if symbol == _END:
                        break
                    k += (symbol >> 4) + 1
                if place < 0:
                    to, new, held = put_number(out, to, new, held, words, _END, 0)
                elif mark >= 0:
                    to, new, held = put_block(out, to, new, held, words, blocks[mark], order)
    to, new, held = put(out, to, new, held, 127, 7)
    return int(put_bytes(out, to, new, held)[0])


@compiled
def code_lengths(counts: Any, lengths: Any) -> None:
    """The lengths of the best codes for symbols that occur `counts` times ``(257,)``, the last of them once.

    As T.81, K.2, without its limit of 16 bits; of symbols as rare as one another the last counts as the rarest.
    """
    following = np.full(257, -1, np.int64)
    while True:
        first = second = -1
        for symbol in range(257):
            if counts[symbol] and (first < 0 or counts[symbol] <= counts[first]):
                first = symbol
        for symbol in range(257):
            if counts[symbol] and symbol != first and (second < 0 or counts[symbol] <= counts[second]):
                second = symbol
        if second < 0:
            return
        counts[first] += counts[second]
        counts[second] = 0
        lengths[first] += 1
        while following[first] >= 0:
            first = following[first]
            lengths[first] += 1
        following[first] = second
        lengths[second] += 1
        while following[second] >= 0:
            second = following[second]
            lengths[second] += 1
