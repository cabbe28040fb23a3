"""Reading and writing photographs, masks and plain images: upright, complete, all or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.errors import LacunaError
from app.imaging.arrays import THRESHOLD, DeepImage, DeepMask, Mask, extent_of
from app.imaging.formats import channels, opening, pillow, raw
from app.imaging.formats.catalog import BY_NAME, BY_SUFFIX, INPUTS, NAMES
from app.imaging.formats.channels import Channels
from app.imaging.formats.notices import notices
from app.imaging.formats.opening import PIXEL_LIMIT, HugeImageError
from app.imaging.formats.oversize import lost_exif, within_limits
from app.imaging.formats.upright import orientation, upright_metadata, upright_pixels
from app.imaging.geometry import Extent
from app.imaging.masks import hardened
from app.imaging.photo import Metadata, Photo
from app.imaging.saving import write_image, write_photo
from app.imaging.twins import shared, unpacked
from app.words import Words

__all__ = [
    "MASK_SUFFIXES",
    "OPEN_SUFFIXES",
    "PIXEL_LIMIT",
    "READ_ONLY_SUFFIXES",
    "SAVE_SUFFIXES",
    "HugeImageError",
    "MaskFacts",
    "Metadata",
    "Photo",
    "read_mask",
    "read_mask_facts",
    "read_photo",
    "write_image",
    "write_photo",
]

SAVE_SUFFIXES = tuple(BY_SUFFIX)
"""In small letters, with the dot; capitals are as good."""
OPEN_SUFFIXES = (*SAVE_SUFFIXES, ".mpo", ".apng")
"""For choosers and folders; which format a file has, its content decides."""
READ_ONLY_SUFFIXES = (*(suffix for entry in INPUTS for suffix in entry.suffixes), *sorted(raw.SUFFIXES))
"""What opens where the extras `heif` and `raw` are installed, and is saved in another format."""

MASK_SUFFIXES = (
    *OPEN_SUFFIXES,
    *(suffix for entry in INPUTS for suffix in entry.suffixes),
    ".gif",
    ".ppm",
    ".pgm",
    ".pbm",
    ".pnm",
    ".tga",
)
"""What files of masks end with, in small letters."""

_MASK_FORMATS = (*NAMES, "GIF", "PPM", "TGA")


class MaskFacts(NamedTuple):
    """What can be wrong with a mask."""

    extent: Extent
    """Upright."""
    is_empty: bool
    """It keeps every pixel."""
    is_full: bool
    """It is hole everywhere."""


def read_photo(
    path: str | os.PathLike[str],
    *,
    allow_huge: bool = False,
    pixel_limit: int | None = None,
    for_editing: bool = False,
) -> Photo:
    """The photograph at `path`, upright, as RGB, with all that its file says about it.

    TIFF and PNG of 16 bits per channel, HEIC of more than 8 and camera raw files come as uint16, everything else as
    uint8. Raises `LacunaError` where there is no such file, where it is of no known kind, or of one that needs an extra
    which is not installed, and where it is damaged; `HugeImageError` where it has more than `pixel_limit`
    pixels (`opening.PIXEL_LIMIT` unless given) and `allow_huge` is not set. `for_editing` lays the pixels where a
    `Document` of them costs no second copy (see `twins`).
    """
    path = Path(path)
    limit = opening.pixels_allowed(allow_huge=allow_huge, pixel_limit=pixel_limit)
    if path.suffix.lower() in raw.SUFFIXES:
        return _developed(path, limit)
    check = partial(opening.check_size, path, limit=limit)
    with opening.opened(path, NAMES, check, lazily=True) as source, opening.told_as_damage(path, silently=False):
        stored, left_out = within_limits(_metadata(source), path.name)
        deep = _deep_pixels(path, source, stored)
        if deep is None:
            source.load(path)
        image, profile = channels.with_colours(source.image, stored.icc_profile)
        stored = replace(stored, icc_profile=profile)
        said = notices(path.name, source.image, source.frames, stored, deep=deep is not None)
        stored = replace(stored, notices=(*said, *left_out))
        pixels, alpha = deep or channels.split(image, stored.bits, unpacked if for_editing else pillow.pixels_of)
    pixels = upright_pixels(pixels, stored)
    pixels = _frozen(shared(pixels) if for_editing else pixels)
    alpha = None if alpha is None else _frozen(upright_pixels(alpha, stored))
    metadata = upright_metadata(stored, extent_of(pixels))
    lost = lost_exif(stored, metadata, path.name)
    return Photo(pixels, alpha, replace(metadata, notices=(*metadata.notices, *lost)), path)


def _developed(path: Path, limit: int | None) -> Photo:
    with opening.opened_file(path) as file, opening.told_as_damage(path):
        pixels, metadata = raw.developed(path, file, partial(opening.check_size, path, limit=limit))
    return Photo(_frozen(pixels), None, metadata, path)


def _metadata(source: opening.Opened) -> Metadata:
    name, mode = source.image.format or "", source.image.mode
    if name in BY_NAME:
        return BY_NAME[name].read(source.image, source.file)
    return Metadata(name, mode, bits=16 if mode.startswith("I") else 8)


def _deep_pixels(path: Path, source: opening.Opened, stored: Metadata) -> tuple[DeepImage, DeepMask | None] | None:
    """The pixels as Pillow would give them, but with all bits; None where there are no more than 8 to be had."""
    read = BY_NAME[source.image.format or ""].read_deep
    if stored.bits <= 8 or read is None or source.image.mode in channels.SEPARATED:
        return None
    with opening.told_as_damage(path):
        deep = read(source.file)
    if deep is None or stored.format != "TIFF":
        return deep
    lying = orientation(stored)  # Pillow turns a TIFF itself
    return channels.turned(deep[0], lying), None if deep[1] is None else channels.turned(deep[1], lying)


def _frozen(array: Channels) -> Channels:
    array.flags.writeable = False
    return array


def read_mask(path: str | os.PathLike[str], extent: Extent) -> Mask:
    """The mask at `path`, ``(H, W)``: 255 where the image is bright, upright, 0 elsewhere.

    An alpha channel that is not the same everywhere counts instead of brightness. Raises `LacunaError` where the file
    cannot be read and where it is not `extent` pixels in size, which is seen before it is decoded.
    """
    path = Path(path)

    def check(stored: Extent) -> None:
        if sorted(stored) != sorted(extent):
            raise _wrong_size(path, stored, extent)

    brightness = _brightness(path, check)
    if extent_of(brightness) != extent:
        raise _wrong_size(path, extent_of(brightness), extent)
    return hardened(brightness)


def read_mask_facts(
    path: str | os.PathLike[str], *, allow_huge: bool = False, pixel_limit: int | None = None
) -> MaskFacts:
    """What the mask at `path` is like; decodes all of it. Raises as `read_photo` does."""
    path = Path(path)
    limit = opening.pixels_allowed(allow_huge=allow_huge, pixel_limit=pixel_limit)
    brightness = _brightness(path, partial(opening.check_size, path, limit=limit))
    return MaskFacts(extent_of(brightness), int(brightness.max()) <= THRESHOLD, int(brightness.min()) > THRESHOLD)


def _brightness(path: Path, check: Callable[[Extent], None]) -> Mask:
    with opening.opened(path, _MASK_FORMATS, check) as source, opening.told_as_damage(path, silently=False):
        stored = _metadata(source)
        image, _ = channels.with_colours(source.image, stored.icc_profile)
        return np.asarray(upright_pixels(channels.brightness(image, stored.bits), stored), np.uint8)


def _wrong_size(path: Path, have: Extent, want: Extent) -> LacunaError:
    return LacunaError(
        Words(
            "the mask {name} is {width}×{height} pixels, the image {want_width}×{want_height}: use a"
            " mask of the image's size",
            name=path.name,
            width=have.width,
            height=have.height,
            want_width=want.width,
            want_height=want.height,
        )
    )
