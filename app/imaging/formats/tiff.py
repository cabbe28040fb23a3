"""TIFF: Pillow writes the pixels; the source's tags are then laid into the directory it wrote."""

from __future__ import annotations

import contextlib
import io
import math
import mmap
import struct
from collections.abc import Iterable
from typing import Any, BinaryIO

from PIL.Image import Image
from PIL.ImageFile import ImageFile

from app.imaging.formats import exif, ifd, resources
from app.imaging.formats.fields import Field, fields_at, serialised
from app.imaging.photo import Metadata, TiffCoding

BITS_PER_SAMPLE, SAMPLE_FORMAT, COMPRESSION, PREDICTOR = 258, 339, 259, 317
XMP, ICC, PHOTOSHOP = 700, 34675, 34377
FLOAT = 3
"""The sample format of floating-point numbers."""

_STRUCTURE = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 277, 278, 279, 280, 281, 284, 288, 289, 290, 291, 292}
    | {293, 297, 301, 317, 320, 321, 322, 323, 324, 325, 330, 332, 333, 334, 336, 337, 338, 339, 340, 341, 342, 347}
    | {*range(512, 533), 37724, XMP, ICC}
)
"""Tags about how the pixels are stored, about further pictures and layers, and those that `Metadata` holds itself."""
_EXIF = frozenset(
    {269, 270, 271, 272, 274, 282, 283, 296, 305, 306, 315, 316, 318, 319, 18246, 18249, 33432, 50341}
    | {*range(40091, 40096), *ifd.SUBDIRECTORIES}
)
"""Tags of the main directory that belong in an EXIF block too."""
_COMPRESSIONS = {1: "raw", 5: "tiff_lzw", 8: "tiff_adobe_deflate", 32773: "packbits", 32946: "tiff_adobe_deflate"}
_OTHERWISE = "tiff_lzw"
_PREDICTED = {"tiff_lzw", "tiff_adobe_deflate"}


def read(image: ImageFile, file: BinaryIO) -> Metadata:
    """The metadata of a loaded TIFF, as stored; the pixels of such an `image` are upright already."""
    fields = {field.tag: field for field in _main_fields(file)}
    others = tuple(field for tag, field in fields.items() if tag not in _STRUCTURE | _EXIF)
    block = exif.block_of(tuple(field for tag, field in fields.items() if tag in _EXIF))
    compression = _whole_numbers(fields.get(COMPRESSION)) or (1,)
    return Metadata(
        "TIFF",
        image.mode,
        bits=max(_whole_numbers(fields.get(BITS_PER_SAMPLE)) or (1,)),
        exif=block,
        icc_profile=fields[ICC].value if ICC in fields else None,
        xmp=fields[XMP].value if XMP in fields else None,
        dpi=exif.dpi(block),
        coding=TiffCoding(_COMPRESSIONS.get(compression[0], _OTHERWISE), _without_thumbnails(others)),
    )


def sample_format(file: BinaryIO) -> tuple[int, int]:
    """Sample format and bits per sample of a TIFF's first picture; (1, 8) where the file cannot be read."""
    fields = {field.tag: field for field in _main_fields(file)}
    formats, bits = (_whole_numbers(fields.get(tag)) for tag in (SAMPLE_FORMAT, BITS_PER_SAMPLE))
    return max(formats or (1,)), max(bits or (8,))


def _main_fields(file: BinaryIO) -> tuple[Field, ...]:
    with contextlib.suppress(ValueError), mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        form = ifd.layout(data)
        return fields_at(data, form, form.first)
    return ()


def _whole_numbers(field: Field | None) -> tuple[int, ...]:
    if field is None or field.kind not in {ifd.BYTE, ifd.SHORT, ifd.LONG}:
        return ()
    return struct.unpack(f"<{field.count}{ifd.UNITS[field.kind]}", field.value)


def _without_thumbnails(fields: Iterable[Field]) -> tuple[Field, ...]:
    def clean(field: Field) -> Field:
        if field.tag != PHOTOSHOP:
            return field
        value = resources.without_thumbnails(field.value)
        return Field(field.tag, field.kind, len(value), value)

    return tuple(clean(field) for field in fields)


def encode(image: Image, metadata: Metadata) -> bytes:
    """`image` (any 8-bit mode) as a TIFF with `metadata`, compressed as its source where that was a TIFF."""
    coding = metadata.coding if isinstance(metadata.coding, TiffCoding) else TiffCoding(_OTHERWISE)
    options: dict[str, Any] = {"compression": coding.compression}
    if coding.compression in _PREDICTED:
        options["tiffinfo"] = {PREDICTOR: 2}
    out = io.BytesIO()
    image.save(out, "TIFF", **options)
    return _with_fields(out.getvalue(), _written(metadata, coding))


def _written(metadata: Metadata, coding: TiffCoding) -> dict[int, Field]:
    fields = {field.tag: field for field in (*coding.fields, *exif.fields_of(metadata.exif))}
    fields = {tag: field for tag, field in fields.items() if tag not in _STRUCTURE}
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
    own = {field.tag: field for field in fields_at(data, form, form.first)}
    start = len(data) + len(data) % 2
    directory = serialised((fields | own).values(), start)
    return b"".join([data[:4], struct.pack("<I", start), data[8:], bytes(start - len(data)), directory])
