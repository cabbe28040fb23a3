"""Camera raw files, read only: developed to 16 bits by LibRaw. Needs the extra `raw` (rawpy)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import ImageCms

from app.errors import LacunaError
from app.imaging.formats import exif, pillow, tiff
from app.imaging.formats.fields import Field, fields_at
from app.imaging.geometry import Extent
from app.imaging.photo import Metadata
from app.words import Words

SUFFIXES = frozenset({".arw", ".cr2", ".cr3", ".dng", ".nef", ".nrw", ".orf", ".pef", ".raf", ".rw2", ".srw"})

_GAMMA = (2.4, 12.92)
"""sRGB's curve: its power, and its slope at black."""
_MAKER_NOTE = 0x927C
"""Its inner offsets mean nothing outside the raw file."""
_ABOUT_THE_PICTURE = frozenset({exif.WIDTH, exif.HEIGHT, exif.PIXEL_X, exif.PIXEL_Y, _MAKER_NOTE})


def developed(path: Path, file: BinaryIO, check: Callable[[Extent], None]) -> tuple[npt.NDArray[np.uint16], Metadata]:
    """The photograph ``(H, W, 3)`` uint16 in sRGB, upright, as the camera balanced it; and what its file says.

    `check` is called with the size before anything is unpacked, and raises what it has against it. Raises
    `LacunaError` where rawpy is missing, and whatever rawpy raises for a file it cannot read.
    """
    check_installed(path)
    import rawpy

    file.seek(0)
    with rawpy.imread(file) as raw:
        check(Extent(raw.sizes.raw_width, raw.sizes.raw_height))
        pixels = raw.postprocess(
            output_bps=16, use_camera_wb=True, gamma=_GAMMA, output_color=rawpy.ColorSpace.sRGB, no_auto_bright=False
        )
    if pixels.shape[2] == 1:  # a sensor without colour filters
        pixels = np.repeat(pixels, 3, axis=2)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    metadata = Metadata("RAW", "RGB", bits=16, exif=_exposure(file), icc_profile=profile)
    return np.asarray(pixels, np.uint16), metadata


def check_installed(path: Path) -> None:
    """`LacunaError` where rawpy, which reading `path` takes, is missing."""
    if find_spec("rawpy") is None:
        raise LacunaError(
            Words(
                "{name} is a camera raw file, which needs the extra raw (pip install 'lacuna[raw]'): install"
                " it, or develop the file to TIFF first",
                name=path.name,
            )
        )


def preview(path: Path) -> bytes | None:
    """The JPEG that the camera put beside its raw data; None where there is none to be had."""
    if find_spec("rawpy") is None:
        return None
    import rawpy

    with contextlib.suppress(rawpy.LibRawError, OSError), pillow.silent(), rawpy.imread(str(path)) as raw:
        found = raw.extract_thumb()
        return bytes(found.data) if found.format == rawpy.ThumbFormat.JPEG else None
    return None


def _exposure(file: BinaryIO) -> bytes | None:
    """An EXIF block of what the raw file, where it is a TIFF inside, says about camera, exposure and place."""
    with contextlib.suppress(ValueError), tiff.mapped(file) as (data, form, main):
        fields = (field for field in fields_at(data, form, main.start) if field.tag in tiff.EXIF_TAGS)
        upright = tuple(_plain(field) for field in fields if field.tag not in {exif.ORIENTATION, *_ABOUT_THE_PICTURE})
        return exif.block_of(upright)
    return None


def _plain(field: Field) -> Field:
    return replace(field, children=tuple(child for child in field.children if child.tag not in _ABOUT_THE_PICTURE))
