"""Reading and writing photographs, masks and plain images: upright, complete, all or nothing."""

from __future__ import annotations

import os
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import PIL.Image

from app.errors import LacunaError
from app.imaging.arrays import HOLE, KEEP, THRESHOLD, Image, Mask, check_image, extent_of
from app.imaging.atomic import replacing
from app.imaging.formats import channels, opening
from app.imaging.formats.catalog import BY_NAME, BY_SUFFIX, NAMES, Format
from app.imaging.formats.channels import Channels
from app.imaging.formats.notices import notices
from app.imaging.formats.opening import HugeImageError
from app.imaging.formats.upright import upright_metadata, upright_pixels
from app.imaging.geometry import Extent
from app.imaging.photo import Metadata, Photo
from app.imaging.twins import shared

__all__ = [
    "OPEN_SUFFIXES",
    "SAVE_SUFFIXES",
    "HugeImageError",
    "Metadata",
    "Photo",
    "read_mask",
    "read_photo",
    "write_image",
    "write_photo",
]

SAVE_SUFFIXES = tuple(BY_SUFFIX)
"""In small letters, with the dot; capitals are as good."""
OPEN_SUFFIXES = (*SAVE_SUFFIXES, ".mpo", ".apng")
"""For choosers and folders; which format a file has, its content decides."""

_MASK_FORMATS = (*NAMES, "GIF", "PPM", "TGA")


def read_photo(path: str | os.PathLike[str], *, allow_huge: bool = False) -> Photo:
    """The photograph at `path`, upright, as 8-bit RGB, with all that its file says about it.

    Raises `LacunaError` where there is no such file, where it is no JPEG, PNG, WebP, TIFF or BMP, and where it is
    damaged; `HugeImageError` where it has more than 178,956,970 pixels and `allow_huge` is not set.
    """
    path = Path(path)
    with opening.opened(path, NAMES, allow_huge=allow_huge) as source:
        stored = _metadata(source)
        image, profile = channels.with_colours(source.image, stored.icc_profile)
        stored = replace(stored, icc_profile=profile)
        stored = replace(stored, notices=tuple(notices(path.name, source.image, source.frames, stored)))
        pixels, alpha = channels.split(image, stored.bits)
    pixels = _frozen(shared(upright_pixels(pixels, stored)))
    alpha = None if alpha is None else _frozen(upright_pixels(alpha, stored))
    return Photo(pixels, alpha, upright_metadata(stored, extent_of(pixels)), path)


def _metadata(source: opening.Opened) -> Metadata:
    name, mode = source.image.format or "", source.image.mode
    if name in BY_NAME:
        return BY_NAME[name].read(source.image, source.file)
    return Metadata(name, mode, bits=16 if mode.startswith("I") else 8)


def _frozen(array: Channels) -> Channels:
    array.flags.writeable = False
    return array


def write_photo(path: str | os.PathLike[str], pixels: Image, source: Photo | None) -> None:
    """Write `pixels` ``(H, W, 3)``, the edited pixels of `source`, as the format that the suffix of `path` names.

    What the source's file said is written again, as far as the format can hold it: alpha, EXIF, ICC, XMP, resolution;
    in the source's own format also how it was coded and what else it held. A source without colour is written without
    colour where the pixels have none. PNG, TIFF and BMP hold the exact pixels, and so does WebP where the source was a
    lossless WebP. The file is replaced whole or not at all; raises `LacunaError` where it cannot be written.
    """
    path = Path(path)
    check_image(pixels)
    if source is not None and extent_of(pixels) != source.extent:
        raise ValueError(f"the pixels are {extent_of(pixels)}, the photo {source.extent}")
    target = _format_of(path)
    metadata = source.metadata if source else Metadata(target.name)
    alpha = source.alpha if source and target.holds_alpha else None
    image = channels.joined(pixels, alpha, grey=metadata.is_grey)
    if not channels.profile_fits(metadata.icc_profile, image):
        metadata = replace(metadata, icc_profile=None)
    _write(path, target, image, metadata)


def write_image(path: str | os.PathLike[str], pixels: Channels) -> None:
    """Write a plain image ``(H, W, 3)`` or ``(H, W)`` as the format that the suffix of `path` names.

    The file is replaced whole or not at all; raises `LacunaError` where it cannot be written.
    """
    path, target = Path(path), _format_of(Path(path))
    _write(path, target, PIL.Image.fromarray(np.ascontiguousarray(pixels)), Metadata(target.name))


def _format_of(path: Path) -> Format:
    try:
        return BY_SUFFIX[path.suffix.lower()]
    except KeyError:
        known = ", ".join(SAVE_SUFFIXES)
        raise LacunaError(f"cannot save {path.name}: its ending names no format; use one of {known}") from None


def _write(path: Path, target: Format, image: PIL.Image.Image, metadata: Metadata) -> None:
    if target.max_side and max(image.size) > target.max_side:
        raise LacunaError(
            f"cannot save {path.name}: {target.name} ends at {target.max_side} pixels a side; save as PNG or TIFF"
        )
    try:
        data = target.encode(image, metadata)
    except MemoryError as error:
        raise LacunaError(f"cannot save {path.name}: not enough memory; close other programs") from error
    except (OSError, ValueError, struct.error) as error:
        raise LacunaError(f"cannot save {path.name} as {target.name} ({error}); save in another format") from error
    with replacing(path) as file:
        file.write(data)


def read_mask(path: str | os.PathLike[str], extent: Extent) -> Mask:
    """The mask at `path`, ``(H, W)``: 255 where the image is bright, upright, 0 elsewhere.

    An alpha channel that is not the same everywhere counts instead of brightness. Raises `LacunaError` where the file
    cannot be read and where it is not `extent` pixels in size.
    """
    path = Path(path)
    allow_huge = extent.width * extent.height > opening.PIXEL_LIMIT
    with opening.opened(path, _MASK_FORMATS, allow_huge=allow_huge) as source:
        stored = _metadata(source)
        image, _ = channels.with_colours(source.image, stored.icc_profile)
        brightness = upright_pixels(channels.brightness(image, stored.bits), stored)
    if extent_of(brightness) != extent:
        width, height = extent_of(brightness)
        raise LacunaError(
            f"the mask {path.name} is {width}×{height} pixels, the image {extent.width}×{extent.height}:"
            " use a mask of the image's size"
        )
    return np.where(brightness > THRESHOLD, HOLE, KEEP).astype(np.uint8)
