"""HEIC and AVIF, read only: what phones store. HEIC needs the extra `heif` (pillow-heif); AVIF is Pillow's own."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, BinaryIO

import numpy as np
from PIL import features
from PIL.ImageFile import ImageFile

from app.imaging.arrays import DeepImage, DeepMask
from app.imaging.formats import exif
from app.imaging.photo import Metadata

_BRANDS = {
    b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"heim": "HEIC", b"heis": "HEIC", b"mif1": "HEIC",
    b"msf1": "HEIC", b"avif": "AVIF", b"avis": "AVIF",
}  # fmt: skip
"""By the four letters that say for which readers a file is made (ISO/IEC 23008-12, annex B)."""


def kind_of(head: bytes) -> str | None:
    """``HEIC`` or ``AVIF`` where the first bytes of a file say so."""
    return _BRANDS.get(head[8:12]) if head[4:8] == b"ftyp" else None


def can_open(kind: str) -> bool:
    """Whether what is installed can read files of this kind; makes Pillow ready for them."""
    if kind == "AVIF":
        return bool(features.check("avif"))
    if find_spec("pillow_heif") is None:
        return False
    import pillow_heif

    pillow_heif.register_heif_opener()
    return True


def read(image: ImageFile, file: BinaryIO) -> Metadata:
    """The metadata of an opened HEIC or AVIF, whose decoders turn the pixels upright themselves."""
    block = exif.without_prefix(image.info.get("exif"))
    return Metadata(
        image.format or "HEIF",
        image.mode,
        bits=max(int(image.info.get("bit_depth", 8)), 8),
        exif=block,
        icc_profile=image.info.get("icc_profile"),
        xmp=image.info.get("xmp"),
        dpi=exif.dpi(block),
    )


def read_deep(file: BinaryIO) -> tuple[DeepImage, DeepMask | None] | None:
    """Colour and alpha of a HEIC of 10 or 12 bits, spread over 16; None for other forms."""
    import pillow_heif

    file.seek(0)
    opened: Any = pillow_heif.open_heif(file, convert_hdr_to_8bit=False)
    if opened.mode not in {"RGB;16", "RGBA;16"}:
        return None
    array = np.asarray(opened)
    alpha = np.ascontiguousarray(array[..., 3]) if array.shape[2] == 4 else None
    return np.ascontiguousarray(array[..., :3]), alpha
