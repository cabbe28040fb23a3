"""The formats that photographs are read from and written to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from PIL.Image import Image
from PIL.ImageFile import ImageFile

from app.imaging.arrays import DeepImage, DeepMask
from app.imaging.arrays import Image as Pixels
from app.imaging.formats import bmp, deep, heif, jpeg, png, tiff, webp
from app.imaging.photo import Metadata


@dataclass(frozen=True, slots=True)
class Format:
    """One file format."""

    name: str
    suffixes: tuple[str, ...]
    """Small letters, with the dot; the first is the usual one."""
    read: Callable[[ImageFile, BinaryIO], Metadata]
    """From a decoded image and its open file to the metadata as stored."""
    encode: Callable[[Image, Metadata], bytes] | None
    """None where the format is only read."""
    holds_alpha: bool = False
    max_side: int | None = None
    """Most pixels a side."""
    patch: Callable[[Metadata, Pixels, Pixels], bytes | None] | None = None
    """From the metadata, and the 8-bit pixels as read and as edited, to the old file with only the edit in it."""
    read_deep: Callable[[BinaryIO], tuple[DeepImage, DeepMask | None] | None] | None = None
    """Colour and alpha at 16 bits as stored, None for a form of pixels that cannot be read so."""
    encode_deep: Callable[[DeepImage, Metadata], bytes] | None = None
    """From ``(H, W)``, ``(H, W, 3)`` or ``(H, W, 4)`` uint16; None where the format ends at 8 bits."""


FORMATS = (
    Format(
        "JPEG", (".jpg", ".jpeg", ".jpe", ".jfif"), jpeg.read, jpeg.encode, patch=jpeg.patched, max_side=jpeg.MAX_SIDE
    ),
    Format(
        "PNG",
        (".png",),
        png.read,
        png.encode,
        holds_alpha=True,
        read_deep=deep.read_png,
        encode_deep=png.encode_deep,
    ),
    Format("WEBP", (".webp",), webp.read, webp.encode, holds_alpha=True, max_side=webp.MAX_SIDE),
    Format(
        "TIFF",
        (".tif", ".tiff"),
        tiff.read,
        tiff.encode,
        holds_alpha=True,
        read_deep=deep.read_tiff,
        encode_deep=tiff.encode_deep,
    ),
    Format("BMP", (".bmp",), bmp.read, bmp.encode),
)
INPUTS = (
    Format("HEIF", (".heic", ".heif", ".hif"), heif.read, None, read_deep=heif.read_deep),
    Format("AVIF", (".avif",), heif.read, None),
)
"""What is read, but not written."""
NAMES = tuple(entry.name for entry in (*FORMATS, *INPUTS))
BY_NAME = {entry.name: entry for entry in (*FORMATS, *INPUTS)} | {"MPO": FORMATS[0]}
"""By Pillow's names of opened images: a camera's multi-picture JPEG is a JPEG with more behind it."""
BY_SUFFIX = {suffix: entry for entry in FORMATS for suffix in entry.suffixes}
