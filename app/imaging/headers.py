"""What a photograph's file says before any pixel is decoded."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PIL.ImageFile import ImageFile

from app.imaging.formats import exif, opening, raw, xmp
from app.imaging.formats.catalog import NAMES
from app.imaging.formats.channels import ON_THEIR_SIDE
from app.imaging.geometry import Extent


class PhotoHeader(NamedTuple):
    """Found without decoding."""

    format: str
    """Pillow's name, or ``RAW``."""
    extent: Extent | None
    """Upright; None where only developing tells it (camera raw)."""
    has_alpha: bool
    """True where the file has transparency, if only of one value."""

    @property
    def is_turn_certain(self) -> bool:
        """False where the file may still say behind its pixels that they lie on their side (PNG)."""
        return self.format != "PNG"


def read_header(
    path: str | os.PathLike[str], *, allow_huge: bool = False, pixel_limit: int | None = None
) -> PhotoHeader:
    """Of the photograph at `path`; a JPEG is read whole, for its scans are counted. Raises as `read_photo` does, apart
    from damaged pixels.
    """
    path = Path(path)
    if path.suffix.lower() in raw.SUFFIXES:
        raw.check_installed(path)
        with opening.opened_file(path):
            return PhotoHeader("RAW", None, has_alpha=False)
    limit = opening.pixels_allowed(allow_huge=allow_huge, pixel_limit=pixel_limit)
    check = partial(opening.check_size, path, limit=limit)
    with opening.identified(path, NAMES, check) as (image, _), opening.told_as_damage(path):
        on_side = _orientation(image) in ON_THEIR_SIDE
        extent = Extent(image.height, image.width) if on_side else Extent(image.width, image.height)
        return PhotoHeader(image.format or "", extent, image.has_transparency_data)


def _orientation(image: ImageFile) -> int:
    """How the pixels lie, 1…8. Pillow gives a TIFF's size upright itself."""
    if image.format == "TIFF":
        return 1
    block = exif.without_prefix(image.info.get("exif"))
    return exif.orientation(block) or xmp.orientation(image.info.get("xmp")) or 1
