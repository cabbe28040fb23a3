"""A sequential JPEG with some of its blocks changed: the code of all others is turned into that of the new file.

What an encoder writes of the same coefficients with Huffman codes of its own making, byte for byte, but without taking
the picture apart: coefficients are only made of the blocks that change. Several times as quick, in little memory.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from app.imaging.formats import jpeg_parts
from app.imaging.formats.jpeg_tables import HuffmanCode, Scan, Tables, best_code, lookups, tables_of, zigzag
from app.imaging.photo import Segment

Blocks = npt.NDArray[np.int16]
"""``(n, 8, 8)`` of one component: vertical frequency, then horizontal."""
Places = npt.NDArray[np.int64]
"""``(n, 2)``: rows and columns of blocks."""

_BASELINE, _EXTENDED, _CODES, _STEPS = 0xC0, 0xC1, 0xC4, 0xDB
_BYTE = 255
_WHOLE = bytes([0, 63, 0])
"""The end of a scan's head: all coefficients, all their bits."""


class UnusualError(ValueError):
    """The picture is coded in a way that is left to libraries."""


class Recoding:
    """A picture whose chosen blocks may be changed in place, then `encoded`."""

    def __init__(self, data: bytes, chosen: Sequence[Places], *, is_rgb: bool) -> None:
        """The JPEG `data` and those blocks of each component that are `chosen`.

        Raises `UnusualError` where `data` is not one sequential scan as encoders write it, ValueError, IndexError or
        struct.error where it is broken.
        """
        from app.imaging.formats import jpeg_kernels

        self.frame = jpeg_parts.frame_of(data)
        self._own = tables_of(data)
        self._targets = [0 if is_rgb or number == 0 else 1 for number in range(len(self.frame.components))]
        self._scan = _scan(data, self.frame, self._own, self._targets)
        self._places = [_index(self._scan, part, places) for part, places in enumerate(chosen)]
        joined = np.concatenate(self._places)
        self._scan.marks[joined] = np.arange(len(joined))
        self._joined, self._counts = (
            np.zeros((len(joined), 64), np.int16),
            np.zeros((max(self._targets) + 1, 257), np.int64),
        )
        end = jpeg_kernels.read_scan(self._scan, self._joined, self._counts)
        if data[end : end + 2] != jpeg_parts.END:
            raise UnusualError("the scan is coded in an unusual way")
        ends = np.cumsum([len(places) for places in chosen])[:-1]
        self.blocks: list[Blocks] = [part.reshape(-1, 8, 8) for part in np.split(self._joined, ends)]
        self.tables = [self._steps(component.table) for component in self.frame.components]

    def encoded(self) -> bytes:
        """The JPEG without application segments; ValueError where a coefficient is too large."""
        from app.imaging.formats import jpeg_kernels

        scan = self._scan
        scan.dcs[np.concatenate(self._places)] = self._joined[:, 0]
        dc_counts, ac_counts = np.zeros_like(self._counts), self._counts.copy()
        if not jpeg_kernels.count_rest(scan, self._joined, dc_counts, ac_counts):
            raise ValueError("a coefficient is too large")
        dc, ac = ([best_code(counts) for counts in each] for each in (dc_counts, ac_counts))
        words = _encodings(dc), _encodings(ac)
        out = np.empty(_most_bytes(words, (dc_counts, ac_counts)), np.uint8)
        size = jpeg_kernels.write_scan(scan, self._joined, *words, out)
        return b"".join(
            [jpeg_parts.START, *map(jpeg_parts.packed, self._head(dc, ac)), out[:size].data, jpeg_parts.END]
        )

    def _steps(self, number: int) -> npt.NDArray[np.int64]:
        if number not in self._own.steps:
            raise UnusualError("a quantisation table comes later")
        steps = np.empty(64, np.int64)
        steps[self._scan.order] = self._own.steps[number]
        if not steps.all():
            raise ValueError("a quantisation step is zero")
        return steps.reshape(8, 8)

    def _head(self, dc: Sequence[HuffmanCode], ac: Sequence[HuffmanCode]) -> list[Segment]:
        """All from the quantisation tables to the head of the scan."""
        frame, parts = self.frame, self.frame.components
        steps = {part.table: self._own.steps[part.table] for part in parts}
        is_wide = {number: bool(each.max() > _BYTE) for number, each in steps.items()}
        head: list[Segment] = []
        for number, wide in is_wide.items():
            kind = np.dtype(">u2" if wide else "u1")
            head.append((_STEPS, bytes([wide << 4 | number]) + steps[number].astype(kind).tobytes()))
        body = struct.pack(">BHHB", frame.bits, frame.height, frame.width, len(parts))
        body += b"".join(bytes([part.identity, part.across << 4 | part.down, part.table]) for part in parts)
        head.append((_EXTENDED if any(is_wide.values()) else _BASELINE, body))
        for number, codes in enumerate(zip(dc, ac, strict=True)):
            head += [(_CODES, bytes([kind << 4 | number]) + code.packed) for kind, code in enumerate(codes)]
        using = (bytes([part.identity, number * 17]) for part, number in zip(parts, self._targets, strict=True))
        return [*head, (jpeg_parts.SOS, bytes([len(parts)]) + b"".join(using) + _WHOLE)]


def warm_up() -> None:
    """Compile all that recoding needs: some seconds the first time on a machine, milliseconds later."""
    import cv2

    data = cv2.imencode(".jpg", np.zeros((8, 8, 3), np.uint8))[1].tobytes()
    Recoding(data, [np.zeros((1, 2), np.int64)] * 3, is_rgb=False).encoded()


def _scan(data: bytes, frame: jpeg_parts.Frame, tables: Tables, targets: Sequence[int]) -> Scan:
    from app.imaging.formats.jpeg_kernels import SHORT

    head, start = jpeg_parts.first_scan(data)
    parts = frame.components
    selectors = dict(zip(head[1 : 1 + 2 * len(parts) : 2], head[2 : 2 + 2 * len(parts) : 2], strict=True))
    if frame.is_progressive or tables.restarts or head[0] != len(parts) or head[1 + 2 * len(parts) :] != _WHOLE:
        raise UnusualError("the picture comes in several scans or intervals")
    if list(selectors) != [part.identity for part in parts]:
        raise UnusualError("the components come in another order")
    try:
        dc = [tables.dc[using >> 4] for using in selectors.values()]
        ac = [tables.ac[using & 15] for using in selectors.values()]
    except KeyError as error:
        raise UnusualError("a code is missing") from error
    sides = [frame.blocks(part) for part in parts]
    layout = np.zeros((len(parts), 7), np.int64)
    units, offset = [0, 0], 0
    for part, (component, (rows, columns)) in enumerate(zip(parts, sides, strict=True)):
        across, down = (component.across, component.down) if len(parts) > 1 else (1, 1)
        layout[part] = across, down, columns, rows, offset, part, targets[part]
        units = [max(units[0], -(-rows // down)), max(units[1], -(-columns // across))]
        offset += rows * columns
    marks, dcs = np.full(offset, -1, np.int32), np.zeros(offset, np.int16)
    array, codes = np.frombuffer(data, np.uint8), (*lookups(dc, SHORT), *lookups(ac, SHORT))
    return Scan(array, start, np.array(units, np.int64), layout, codes, zigzag(), marks, dcs)


def _encodings(codes: Sequence[HuffmanCode]) -> npt.NDArray[np.uint32]:
    return np.stack([code.encoding() for code in codes])


def _index(scan: Scan, part: int, places: Places) -> npt.NDArray[np.int64]:
    """Of a component's blocks, their places among all."""
    from app.imaging.formats.jpeg_kernels import COLUMNS, OFFSET

    return np.asarray(scan.layout[part, OFFSET] + places[:, 0] * scan.layout[part, COLUMNS] + places[:, 1], np.int64)


def _most_bytes(words: Sequence[npt.NDArray[np.uint32]], counts: Sequence[npt.NDArray[np.int64]]) -> int:
    """What the scan takes where every byte is followed by a zero."""
    symbols = np.arange(256) & 15
    bits = sum(
        int((each[:, :256] * ((table & 255) + symbols)).sum()) for table, each in zip(words, counts, strict=True)
    )
    return 2 * (bits // 8 + 2) + 8
