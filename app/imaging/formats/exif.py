"""EXIF blocks (CIPA DC-008): orientation, size and resolution, changed in place.

Cameras store makers' notes whose inner offsets count from the start of the block, so a block is never taken apart and
rebuilt: everything but the few changed bytes stays where it was.
"""

from __future__ import annotations

import contextlib
import struct

from app import __version__
from app.imaging.arrays import Image
from app.imaging.formats import ifd
from app.imaging.formats.exif_thumbnail import refresh_thumbnail
from app.imaging.formats.fields import HEADER, Field, fields_at, serialised
from app.imaging.formats.ifd import Directory, Layout
from app.imaging.geometry import Extent

PREFIX = b"Exif\0\0"
WIDTH, HEIGHT, ORIENTATION = 0x0100, 0x0101, 0x0112
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
PIXEL_X, PIXEL_Y = 0xA002, 0xA003
SOFTWARE = 0x0131
_SIGNATURE = f"Lacuna {__version__}\0".encode("ascii")
_ENTRY = 12
"""Bytes of a tag in its directory."""
_UNITS_PER_INCH = {2: 1.0, 3: 2.54}
"""By the value of `RESOLUTION_UNIT`; other values are no absolute units."""


def without_prefix(raw: bytes | None) -> bytes | None:
    """The block in `raw` from its TIFF header on; None where there is none."""
    while raw and raw.startswith(PREFIX):
        raw = raw[len(PREFIX) :]
    return raw or None


def check(block: bytes) -> None:
    """Raise `ifd.CrowdedError` where the main directory is such; what else is wrong with it is its readers' affair."""
    try:
        _main(block)
    except ifd.CrowdedError:
        raise
    except ValueError:
        return


def orientation(block: bytes | None) -> int | None:
    """How the stored pixels lie, 1…8, or None where the block does not say."""
    try:
        value = _values(block, ORIENTATION)[0]
    except (ValueError, LookupError):
        return None
    return value if 1 <= value <= 8 else None


def dpi(block: bytes | None) -> tuple[float, float] | None:
    """Pixels per inch across and down, or None where the block does not say."""
    try:
        (x, x_per), (y, y_per) = _values(block, X_RESOLUTION)[:2], _values(block, Y_RESOLUTION)[:2]
        scale = _UNITS_PER_INCH[_values(block, RESOLUTION_UNIT)[0]]
        return x / x_per * scale, y / y_per * scale
    except (ValueError, LookupError, ZeroDivisionError):
        return None


def resolution_fields(resolution: tuple[float, float]) -> tuple[Field, ...]:
    """The three tags that state `resolution` in pixels per inch."""
    x, y = (struct.pack("<II", round(value * 10_000), 10_000) for value in resolution)
    return (
        Field(X_RESOLUTION, ifd.RATIONAL, 1, x),
        Field(Y_RESOLUTION, ifd.RATIONAL, 1, y),
        Field(RESOLUTION_UNIT, ifd.SHORT, 1, struct.pack("<H", 2)),
    )


def block_of(fields: tuple[Field, ...]) -> bytes | None:
    """A new block that holds `fields`; None where there are none."""
    return HEADER + serialised(fields, len(HEADER)) if fields else None


def fields_of(block: bytes | None) -> tuple[Field, ...]:
    """The tags of a block, with those of its subdirectories; empty where it cannot be read."""
    try:
        form, main = _main(block)
        return fields_at(block or b"", form, main.start)
    except ValueError:
        return ()


def upright(block: bytes | None, extent: Extent, *, turned: bool) -> bytes | None:
    """The block of an image whose pixels now lie upright.

    Orientation becomes 1; where the image was `turned` on its side, the size tags state the new `extent`; the
    thumbnail is `edited`'s affair. A block that cannot be read is dropped: it could contradict the pixels.
    """
    data = bytearray(block or b"")
    try:
        form, main = _main(data)
    except ValueError:
        return None
    values = {ORIENTATION: 1}
    if turned:
        values |= {WIDTH: extent.width, HEIGHT: extent.height, PIXEL_X: extent.width, PIXEL_Y: extent.height}
    # Some programs put main tags into the directory below; the thumbnail's may say how it lies.
    for holder in (main, _below(data, form, main), _second(data, form, main)):
        for tag, value in values.items():
            if holder and tag in holder.entries:
                ifd.store(data, form, holder.entries[tag], value)
    return bytes(data)


def edited(block: bytes, picture: Image) -> bytes:
    """The block of a file that now holds `picture` ``(H, W, 3)``, which lies as the file stores it.

    The thumbnail shows the picture, or is erased where that does not fit into its place; the software is this one.
    Nothing else changes, and nothing else moves but the main directory, to the end. A block that cannot be read stays.
    """
    data = bytearray(block)
    with contextlib.suppress(ValueError, struct.error):
        form, main = _main(data)
        refresh_thumbnail(data, form, main, picture)
        _sign(data, form, main)
    return bytes(data)


def resized(block: bytes | None, extent: Extent) -> bytes | None:
    """The block of an image that is `extent` in size now: the size tags it has say so."""
    return upright(block, extent, turned=True)


def without_place(block: bytes | None) -> bytes | None:
    """The block without the directory of the GPS position, whose bytes become zeros; nothing else moves.

    A block that cannot be read is dropped: it could hold a position all the same.
    """
    data = bytearray(block or b"")
    try:
        form, main = _main(data)
    except ValueError:
        return None
    entry = main.entries.get(ifd.GPS_DIRECTORY)
    if entry is None:
        return bytes(data)
    below = ifd.subdirectory(data, form, entry)
    if below is not None:
        for start, stop in ((below.start, below.stop), *((each.start, each.stop) for each in below.entries.values())):
            data[start:stop] = bytes(stop - start)
    _drop(data, form, main, ifd.GPS_DIRECTORY)
    return bytes(data)


def _drop(data: bytearray, form: Layout, main: Directory, tag: int) -> None:
    """Take a tag out of a directory, which becomes one entry shorter where it is."""
    body = main.start + 2
    (count,) = struct.unpack_from(form.order + "H", data, main.start)
    count = min(count, (len(data) - body) // _ENTRY)  # of a directory that is cut short, what is there
    rows = [bytes(data[body + _ENTRY * at : body + _ENTRY * (at + 1)]) for at in range(count)]
    kept = [row for row in rows if struct.unpack_from(form.order + "H", row)[0] != tag]
    end = body + _ENTRY * count
    table = b"".join(kept) + bytes(data[end : end + 4])
    struct.pack_into(form.order + "H", data, main.start, len(kept))
    data[body : end + 4] = table + bytes(end + 4 - body - len(table))


def _sign(data: bytearray, form: Layout, main: Directory) -> None:
    """State the software in the main directory, which is written anew behind everything else where that is news."""
    old = main.entries.get(SOFTWARE)
    body, end = main.start + 2, main.stop - 4
    if (old is not None and bytes(data[old.start : old.stop]) == _SIGNATURE) or (end - body) % _ENTRY:
        return
    data += bytes(len(data) % 2) + _SIGNATURE
    place = len(data) - len(_SIGNATURE)
    entries = [bytes(data[start : start + _ENTRY]) for start in range(body, end, _ENTRY)]
    entries = [each for each in entries if struct.unpack_from(form.order + "H", each)[0] != SOFTWARE]
    entries.append(struct.pack(form.order + "HHII", SOFTWARE, ifd.ASCII, len(_SIGNATURE), place))
    entries.sort(key=lambda each: int(struct.unpack_from(form.order + "H", each)[0]))
    following = bytes(data[end : end + 4])
    data[main.start : main.stop] = bytes(main.stop - main.start)
    data += bytes(len(data) % 2)
    struct.pack_into(form.order + "I", data, 4, len(data))
    data += struct.pack(form.order + "H", len(entries)) + b"".join(entries) + following


def _main(block: bytes | bytearray | None) -> tuple[Layout, Directory]:
    form = ifd.layout(block or b"")
    if form.big:
        raise ValueError("EXIF blocks have no 64-bit form")
    return form, ifd.directory(block or b"", form, form.first)


def _values(block: bytes | None, tag: int) -> tuple[int, ...]:
    """The numbers of a tag of the main directory; ValueError or LookupError where there are none."""
    form, main = _main(block)
    return ifd.numbers(block or b"", form, main.entries[tag])


def _second(data: bytearray, form: Layout, main: Directory) -> Directory | None:
    """The directory of the thumbnail."""
    with contextlib.suppress(ValueError):
        return ifd.directory(data, form, main.next) if main.next else None
    return None


def _below(data: bytearray, form: Layout, main: Directory) -> Directory | None:
    """The directory of the exposure."""
    entry = main.entries.get(ifd.EXIF_DIRECTORY)
    return ifd.subdirectory(data, form, entry) if entry else None
