"""Stored images may lie on their side: pixels are turned as they are meant to be seen, and metadata follow."""

from __future__ import annotations

from dataclasses import replace

from app.imaging.formats import exif, xmp
from app.imaging.formats.channels import ON_THEIR_SIDE, Channels, turned
from app.imaging.geometry import Extent
from app.imaging.photo import Metadata

_MAX_DPI = 400_000
"""More is damage, and does not fit the formats' fields."""


def orientation(stored: Metadata) -> int:
    """How the stored pixels lie, 1…8, as EXIF says or, where that does not, XMP."""
    return exif.orientation(stored.exif) or xmp.orientation(stored.xmp) or 1


def upright_pixels(array: Channels, stored: Metadata) -> Channels:
    """The array ``(H, W, …)`` upright. Pillow turns a TIFF itself when it decodes it, and no other format."""
    return array if stored.format == "TIFF" else turned(array, orientation(stored))


def upright_metadata(stored: Metadata, extent: Extent) -> Metadata:
    """What is true of the upright pixels, which are `extent` in size."""
    on_side = orientation(stored) in ON_THEIR_SIDE
    return replace(
        stored,
        exif=exif.upright(stored.exif, extent, turned=on_side),
        xmp=xmp.upright(stored.xmp, extent, turned=on_side),
        dpi=stored.dpi if stored.dpi and all(0 < value < _MAX_DPI for value in stored.dpi) else None,
    )
