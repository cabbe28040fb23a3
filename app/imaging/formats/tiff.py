"""TIFF: Pillow writes the pixels; the source's tags are then laid into the directory it wrote."""

from __future__ import annotations

import contextlib
import io
import math
import mmap
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from PIL.Image import Image
from PIL.ImageFile import ImageFile

from app.imaging.arrays import DeepImage
from app.imaging.formats import deep, exif, ifd, resources
from app.imaging.formats.fields import Field, fields_at, serialised
from app.imaging.formats.ifd import Directory, Layout
from app.imaging.photo import Metadata, TiffCoding

BITS_PER_SAMPLE, SAMPLE_FORMAT, COMPRESSION, PREDICTOR = 258, 339, 259, 317
EXTRA_SAMPLES = 338
XMP, ICC, PHOTOSHOP = 700, 34675, 34377
_STRAIGHT_ALPHA = 2

_STRUCTURE = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 277, 278, 279, 280, 281, 284, 288, 289, 290, 291, 292}
    | {293, 297, 301, 317, 320, 321, 322, 323, 324, 325, 330, 332, 333, 334, 336, 337, 338, 339, 340, 341, 342, 347}
    | {*range(512, 533), 37724, XMP, ICC}
)
"""Tags about how the pixels are stored, about further pictures and layers, and those that `Metadata` holds itself."""
EXIF_TAGS = frozenset(
    {269, 270, 271, 272, 274, 282, 283, 296, 305, 306, 315, 316, 318, 319, 18246, 18249, 33432, 50341}
    | {*range(40091, 40096), *ifd.SUBDIRECTORIES}
)
"""Tags of the main directory that belong in an EXIF block too."""
_COMPRESSIONS = {1: "raw", 5: "tiff_lzw", 8: "tiff_adobe_deflate", 32773: "packbits", 32946: "tiff_adobe_deflate"}
_OTHERWISE = "tiff_lzw"
MOST_PAGES = 10_000
"""Pictures that are counted."""
_PREDICTED = {"tiff_lzw", "tiff_adobe_deflate"}


def read(image: ImageFile, file: BinaryIO) -> Metadata:
    """The metadata of a loaded TIFF, as stored; the pixels of such an `image` are upright already."""
    with mapped(file) as (data, form, main):
        fields = fields_at(data, form, main.start, without=_STRUCTURE)
        profile, packet = _bytes(data, main, ICC), _bytes(data, main, XMP)
        bits = _largest(data, form, main, BITS_PER_SAMPLE, 8)
        compression = _largest(data, form, main, COMPRESSION, 1)
    block = exif.block_of(tuple(field for field in fields if field.tag in EXIF_TAGS))
    others = tuple(_without_thumbnails(field) for field in fields if field.tag not in EXIF_TAGS)
    return Metadata(
        "TIFF",
        image.mode,
        bits=max(bits, 8),
        exif=block,
        icc_profile=profile,
        xmp=packet,
        dpi=exif.dpi(block),
        coding=TiffCoding(_COMPRESSIONS.get(compression, _OTHERWISE), others),
    )


def pages(file: BinaryIO) -> int:
    """How many pictures there are, at most `MOST_PAGES`; a chain that bites its tail ends there."""
    seen: set[int] = set()
    with mapped(file) as (data, form, _), contextlib.suppress(struct.error):
        head, entry, pointer = ("Q", 20, "Q") if form.big else ("H", 12, "I")
        place = form.first
        while place and place not in seen and len(seen) < MOST_PAGES:
            (count,) = struct.unpack_from(form.order + head, data, place)
            following = place + struct.calcsize(head) + count * entry
            seen.add(place)
            (place,) = struct.unpack_from(form.order + pointer, data, following)
    return max(len(seen), 1)


def sample_format(file: BinaryIO) -> tuple[int, int]:
    """Sample format and bits per sample of a TIFF's first picture; (1, 8) where the file is none."""
    with contextlib.suppress(ValueError), mapped(file) as (data, form, main):
        return _largest(data, form, main, SAMPLE_FORMAT, 1), _largest(data, form, main, BITS_PER_SAMPLE, 8)
    return 1, 8


@contextlib.contextmanager
def mapped(file: BinaryIO) -> Iterator[tuple[mmap.mmap, Layout, Directory]]:
    """The file's bytes and its first directory; ValueError where it is no TIFF."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        form = ifd.layout(data)
        yield data, form, ifd.directory(data, form, form.first)


def _bytes(data: mmap.mmap, main: Directory, tag: int) -> bytes | None:
    entry = main.entries.get(tag)
    return data[entry.start : entry.stop] if entry else None


def _largest(data: mmap.mmap, form: Layout, main: Directory, tag: int, default: int) -> int:
    entry = main.entries.get(tag)
    return max(ifd.numbers(data, form, entry), default=default) if entry else default


def _without_thumbnails(field: Field) -> Field:
    if field.tag != PHOTOSHOP:
        return field
    value = resources.without_thumbnails(field.value)
    return Field(field.tag, field.kind, len(value), value)


def encode(image: Image, metadata: Metadata) -> bytes:
    """`image` (any 8-bit mode) as a TIFF with `metadata`, compressed as its source where that was a TIFF."""
    coding = _coding_of(metadata)
    options: dict[str, Any] = {"compression": coding.compression}
    if coding.compression in _PREDICTED:
        options["tiffinfo"] = {PREDICTOR: 2}
    out = io.BytesIO()
    image.save(out, "TIFF", **options)
    return _with_fields(out.getvalue(), _written(metadata, coding))


def encode_deep(array: DeepImage, metadata: Metadata) -> bytes:
    """``(H, W)``, ``(H, W, 3)`` or ``(H, W, 4)`` uint16 as a TIFF of 16 bits with `metadata`, compressed likewise."""
    coding = _coding_of(metadata)
    fields = _written(metadata, coding)
    if array.ndim == 3 and array.shape[2] == 4:
        fields[EXTRA_SAMPLES] = Field(EXTRA_SAMPLES, ifd.SHORT, 1, struct.pack("<H", _STRAIGHT_ALPHA))
    return _with_fields(deep.tiff(array, coding.compression), fields)


def _coding_of(metadata: Metadata) -> TiffCoding:
    return metadata.coding if isinstance(metadata.coding, TiffCoding) else TiffCoding(_OTHERWISE)


def _written(metadata: Metadata, coding: TiffCoding) -> dict[int, Field]:
    tags = (*coding.fields, *exif.fields_of(metadata.exif))
    fields = {field.tag: field for field in tags if field.tag not in _STRUCTURE}
    if metadata.dpi and not _same(metadata.dpi, exif.dpi(metadata.exif)):
        fields |= {field.tag: field for field in exif.resolution_fields(metadata.dpi)}
    for tag, kind, data in ((XMP, ifd.BYTE, metadata.xmp), (ICC, ifd.UNDEFINED, metadata.icc_profile)):
        if data:
            fields[tag] = Field(tag, kind, len(data), data)
    return fields


def _same(dpi: tuple[float, float], other: tuple[float, float] | None) -> bool:
    return other is not None and all(math.isclose(a, b, rel_tol=1e-4) for a, b in zip(dpi, other, strict=True))


def _with_fields(data: bytes, fields: dict[int, Field]) -> bytes:
    """The TIFF `data` with `fields` in its directory, which moves to the end; strips stay where they are."""
    form = ifd.layout(data)
    own = {field.tag: field for field in fields_at(data, form, form.first) if field.tag in _STRUCTURE}
    start = len(data) + len(data) % 2
    directory = serialised((fields | own).values(), start)
    return b"".join([data[:4], struct.pack("<I", start), data[8:], bytes(start - len(data)), directory])
