"""The quantised DCT coefficients of a JPEG, read and written through libjpeg-turbo and mozjpeg (jpeglib)."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from app.imaging.formats import jpeg_parts, pillow
from app.scratch import scratch_file

Blocks = npt.NDArray[np.int16]
"""``(rows, columns, 8, 8)`` of one component: vertical frequency, then horizontal."""
Table = npt.NDArray[np.int64]
"""``(8, 8)``: the quantisation steps, in the same order."""

_COLOUR_MARKERS = frozenset({0xE0, 0xEE})
"""JFIF's and Adobe's segments say what the components mean."""
_SEQUENTIAL, _PROGRESSIVE = "turbo210", "mozjpeg403"
"""The libraries by jpeglib's names: the second writes progressive scans."""
_lock = threading.Lock()
"""Which library is in use is a setting of the whole process."""


@dataclass(slots=True)
class Picture:
    """A decoded JPEG before the inverse transform. `planes` may be changed in place, then `encoded`."""

    planes: list[Blocks]
    tables: list[Table]
    frame: jpeg_parts.Frame
    _source: Any

    def encoded(self) -> bytes:
        """A JPEG of the coefficients without application segments, sequential or progressive as its source."""
        source = self._source
        source.Y = self.planes[0]
        if len(self.planes) == 3:
            source.Cb, source.Cr = self.planes[1:]
        with _lock, pillow.silent(), scratch_file("out.jpg") as target:
            _use(_PROGRESSIVE if self.frame.is_progressive else _SEQUENTIAL)
            source.write_dct(str(target), flags=["OPTIMIZE_CODING"])
            written = target.read_bytes()
        bare = jpeg_parts.without_application_segments(written)
        return jpeg_parts.with_identities(bare, tuple(each.identity for each in self.frame.components))


def is_available() -> bool:
    """True where jpeglib is installed."""
    return find_spec("jpeglib") is not None


def decoded(data: bytes) -> Picture:
    """The coefficients of the JPEG `data`, which `jpeg_parts.Frame.is_huffman_dct`, of one or three components.

    Raises OSError or ValueError where the library cannot read it.
    """
    import jpeglib

    frame = jpeg_parts.frame_of(data)
    bare = jpeg_parts.without_application_segments(data, _COLOUR_MARKERS)
    with _lock, pillow.silent(), scratch_file("in.jpg", bare) as source:
        _use(_SEQUENTIAL)
        opened: Any = jpeglib.read_dct(str(source))
        opened.load()
    planes = [opened.Y] if len(frame.components) == 1 else [opened.Y, opened.Cb, opened.Cr]
    start = jpeg_parts.first_scan(bare)[1]
    opened.content = bare[:start] + jpeg_parts.END  # of which writing takes the head, and decodes the rest in vain
    if any(plane is None for plane in planes) or len(opened.quant_tbl_no) != len(planes):
        raise ValueError("the components are of an unknown kind")
    tables = [np.asarray(opened.get_component_qt(index), np.int64) for index in range(len(planes))]
    if not all(table.all() for table in tables):
        raise ValueError("a quantisation step is zero")
    return Picture(planes, tables, frame, opened)


def _use(library: str) -> None:
    import jpeglib

    jpeglib.version.set(library)
