"""What one may choose when a photograph is saved: how it is coded, and how much of what its file said goes along."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.imaging.formats import exif, jpeg_parts, jpeg_segments, xmp
from app.imaging.photo import Coding, JpegCoding, Metadata, PngCoding, TiffCoding, WebpCoding


class Chroma(StrEnum):
    """How finely a JPEG keeps colour, of which the eye sees less detail than of light."""

    FULL = "4:4:4"
    HALF = "4:2:2"
    QUARTER = "4:2:0"


class TiffCompression(StrEnum):
    """How a TIFF is packed; none loses anything."""

    AS_SOURCE = "source"
    NONE = "raw"
    LZW = "tiff_lzw"
    DEFLATE = "tiff_adobe_deflate"


class Keep(StrEnum):
    """What of the file's words is written again. Colour profile and resolution always are."""

    ALL = "all"
    NO_PLACE = "no_place"
    """All but the GPS position."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class SaveOptions:
    """None, and what is called *as the source*, leave a matter to the file the photo came from.

    What the target's format does not know is ignored.
    """

    quality: int | None = None
    """1…100, for JPEG and WebP. None: as the source, which for a JPEG saved as one keeps its untouched blocks."""
    chroma: Chroma = Chroma.FULL
    """Of a JPEG with a quality of its own."""
    lossless: bool | None = None
    """Of WebP."""
    png_level: int | None = None
    """zlib's effort, 0…9."""
    tiff: TiffCompression = TiffCompression.AS_SOURCE
    keep: Keep = Keep.ALL


AS_SOURCE = SaveOptions()


def applied(options: SaveOptions, metadata: Metadata, target: str) -> Metadata:
    """`metadata` as it is to be written to a file of the format `target` (a name of the catalogue)."""
    return _kept(options.keep, replace(metadata, coding=_coding(options, metadata.coding, target)))


def stripped_jpeg(data: bytes, keep: Keep) -> bytes:
    """The JPEG `data`, whose picture stays as it is coded, without what is not to be kept; ValueError if damaged."""
    if keep is Keep.ALL:
        return data
    found = jpeg_parts.application_segments(data)
    kept = jpeg_segments.without_place(found) if keep is Keep.NO_PLACE else jpeg_segments.coding_only(found)
    bare = jpeg_parts.without_application_segments(jpeg_parts.first_picture(data))
    return b"".join([jpeg_parts.START, *map(jpeg_parts.packed, kept), bare[len(jpeg_parts.START) :]])


def _coding(options: SaveOptions, own: Coding | None, target: str) -> Coding | None:
    """How the target is coded; that of a source of another format counts for nothing."""
    if target == "JPEG" and options.quality is not None:
        before = own if isinstance(own, JpegCoding) else JpegCoding((), 0)
        chroma = list(Chroma).index(options.chroma)
        return replace(before, quality=options.quality, subsampling=chroma, is_rgb=False, source=None)
    if target == "WEBP" and (options.quality is not None or options.lossless is not None):
        was_lossless = isinstance(own, WebpCoding) and own.lossless
        return WebpCoding(was_lossless if options.lossless is None else options.lossless, options.quality)
    if target == "PNG" and options.png_level is not None:
        return replace(own if isinstance(own, PngCoding) else PngCoding(), level=options.png_level)
    if target == "TIFF" and options.tiff is not TiffCompression.AS_SOURCE:
        return replace(own if isinstance(own, TiffCoding) else TiffCoding(""), compression=options.tiff.value)
    return own


def _kept(keep: Keep, metadata: Metadata) -> Metadata:
    if keep is Keep.ALL:
        return metadata
    if keep is Keep.NO_PLACE:
        block, packet = exif.without_place(metadata.exif), xmp.without_place(metadata.xmp)
        return replace(metadata, exif=block, xmp=packet)
    return replace(metadata, exif=None, xmp=None, coding=_wordless(metadata.coding))


def _wordless(coding: Coding | None) -> Coding | None:
    """`coding` without what its file said besides the coding."""
    match coding:
        case JpegCoding():
            return replace(coding, segments=tuple(jpeg_segments.coding_only(coding.segments)))
        case PngCoding():
            return replace(coding, chunks=tuple(each for each in coding.chunks if each[0] in _PNG_COLOURS))
        case TiffCoding():
            return replace(coding, fields=())
        case _:
            return coding


_PNG_COLOURS = {b"cHRM", b"cICP", b"cLLI", b"gAMA", b"iCCP", b"mDCV", b"sRGB", b"pHYs", b"sBIT"}
