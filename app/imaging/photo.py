"""A photograph in memory: its upright pixels and everything else its file said."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.imaging.arrays import DeepImage, DeepMask, extent_of
from app.imaging.formats.fields import Field
from app.imaging.geometry import Extent

Segment = tuple[int, bytes]
"""The second byte of a JPEG marker, and the payload."""
Chunk = tuple[bytes, bytes]
"""The type of a PNG chunk, and its data."""


@dataclass(frozen=True, slots=True)
class JpegCoding:
    """How a JPEG was encoded, and its segments besides EXIF, XMP and ICC."""

    tables: tuple[tuple[int, ...], ...]
    """Quantisation tables of the components in order, 64 numbers each, row by row."""
    subsampling: int
    """Chroma: 0 = 4:4:4, 1 = 4:2:2, 2 = 4:2:0."""
    progressive: bool = False
    is_rgb: bool = False
    """True where the components are R, G, B instead of luma and chroma."""
    segments: tuple[Segment, ...] = ()
    """In file order: JFIF, IPTC, comments, makers' own."""
    source: bytes | None = field(default=None, repr=False, compare=False)
    """The whole file, where its blocks can be kept when it is saved again."""
    why_whole: str | None = None
    """Why they cannot be kept, as the rest of a sentence; None too where the pixels were converted when opened."""
    orientation: int = 1
    """How the stored pixels lie (EXIF), 1…8."""
    quality: int | None = None
    """1…100 instead of the tables; None: the tables, where there are any."""


@dataclass(frozen=True, slots=True)
class PngCoding:
    """A PNG's ancillary chunks that stay true when pixels change, besides EXIF and XMP."""

    chunks: tuple[Chunk, ...] = ()
    """In file order: text, resolution, colour space."""
    level: int | None = None
    """zlib's effort to write with, 0…9; None: what is quick for the depth."""


@dataclass(frozen=True, slots=True)
class WebpCoding:
    """How a WebP was encoded."""

    lossless: bool
    quality: int | None = None
    """1…100 where it is not lossless; None: nearly lossless."""


@dataclass(frozen=True, slots=True)
class TiffCoding:
    """How a TIFF was compressed, and its tags that EXIF does not know."""

    compression: str
    """Pillow's name of a lossless compression, e.g. ``tiff_lzw``; ``raw`` = none."""
    fields: tuple[Field, ...] = ()


Coding = JpegCoding | PngCoding | WebpCoding | TiffCoding


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file said besides its pixels, made true of the upright pixels of its `Photo`."""

    format: str
    """``JPEG``, ``PNG``, ``WEBP``, ``TIFF`` or ``BMP``."""
    mode: str = "RGB"
    """Pillow's name of the pixels' form in the file, e.g. ``L``, ``P``, ``CMYK``, ``RGBA``."""
    bits: int = 8
    """Bits per channel in the file, at least 8."""
    exif: bytes | None = None
    """An EXIF block from its TIFF header on (no ``Exif\\0\\0``); orientation 1, no thumbnail."""
    icc_profile: bytes | None = None
    xmp: bytes | None = None
    dpi: tuple[float, float] | None = None
    """Pixels per inch, across and down."""
    coding: Coding | None = None
    """What only a file of the same format can take over."""
    notices: tuple[str, ...] = ()
    """Sentences the user should see, e.g. that a 16-bit photo was opened at 8 bits."""

    @property
    def is_grey(self) -> bool:
        """True where the file held no colour."""
        return self.mode in {"1", "L", "LA", "La"} or self.mode.startswith("I;16")


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """An image file as it was read. The arrays are read-only: whoever edits takes a copy."""

    pixels: DeepImage
    """``(H, W, 3)`` RGB, upright, in the file's own depth."""
    alpha: DeepMask | None
    """``(H, W)`` of the same depth, 0 = transparent, or None where the file has no transparency.

    Not premultiplied into `pixels`.
    """
    metadata: Metadata
    path: Path | None = None

    @property
    def extent(self) -> Extent:
        """Width and height, upright."""
        return extent_of(self.pixels)
