"""Reading and writing photographs, masks and plain images: upright, complete, all or nothing."""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import PIL.Image

from app.errors import LacunaError
from app.imaging.arrays import HOLE, KEEP, THRESHOLD, DeepImage, DeepMask, Mask, check_deep_image, extent_of
from app.imaging.atomic import replacing
from app.imaging.depth import is_deep, narrowed
from app.imaging.formats import channels, exif, opening, raw
from app.imaging.formats.catalog import BY_NAME, BY_SUFFIX, INPUTS, NAMES, Format
from app.imaging.formats.channels import Channels
from app.imaging.formats.notices import notices
from app.imaging.formats.opening import HugeImageError
from app.imaging.formats.upright import orientation, upright_metadata, upright_pixels
from app.imaging.geometry import Extent
from app.imaging.photo import JpegCoding, Metadata, Photo

__all__ = [
    "OPEN_SUFFIXES",
    "READ_ONLY_SUFFIXES",
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
READ_ONLY_SUFFIXES = (*(suffix for entry in INPUTS for suffix in entry.suffixes), *sorted(raw.SUFFIXES))
"""What opens where the extras `heif` and `raw` are installed, and is saved in another format."""

_MASK_FORMATS = (*NAMES, "GIF", "PPM", "TGA")


def read_photo(path: str | os.PathLike[str], *, allow_huge: bool = False) -> Photo:
    """The photograph at `path`, upright, as RGB, with all that its file says about it.

    TIFF and PNG of 16 bits per channel, HEIC of more than 8 and camera raw files come as uint16, everything else as
    uint8. Raises `LacunaError` where there is no such file, where it is of no known kind, or of one that needs an extra
    which is not installed, and where it is damaged; `HugeImageError` where it has more than 178,956,970 pixels and
    `allow_huge` is not set.
    """
    path = Path(path)
    if path.suffix.lower() in raw.SUFFIXES:
        return _developed(path)
    with opening.opened(path, NAMES, allow_huge=allow_huge, lazily=True) as source:
        stored = _metadata(source)
        deep = _deep_pixels(path, source, stored)
        if deep is None:
            source.load(path)
        image, profile = channels.with_colours(source.image, stored.icc_profile)
        stored = replace(stored, icc_profile=profile)
        said = notices(path.name, source.image, source.frames, stored, deep=deep is not None)
        stored = replace(stored, notices=tuple(said))
        pixels, alpha = deep or channels.split(image, stored.bits)
    pixels = _frozen(upright_pixels(pixels, stored))
    alpha = None if alpha is None else _frozen(upright_pixels(alpha, stored))
    return Photo(pixels, alpha, upright_metadata(stored, extent_of(pixels)), path)


def _developed(path: Path) -> Photo:
    with opening.opened_file(path) as file, opening.told_as_damage(path):
        pixels, metadata = raw.developed(path, file)
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


def write_photo(path: str | os.PathLike[str], pixels: DeepImage, source: Photo | None) -> tuple[str, ...]:
    """Write `pixels` ``(H, W, 3)``, the edited pixels of `source`, as the format that the suffix of `path` names.

    Returns sentences about what the file could not hold.

    What the source's file said is written again, as far as the format can hold it: alpha, EXIF, ICC, XMP, resolution;
    in the source's own format also how it was coded and what else it held. A JPEG saved as one keeps every block in
    which no pixel changed, and is the same file where none did. A source without colour is written without colour
    where the pixels have none. PNG, TIFF and BMP hold the exact pixels, and so does WebP where the source was a
    lossless WebP; where `pixels` are uint16, PNG and TIFF hold all 16 bits, the others 8. The file is replaced whole
    or not at all; raises `LacunaError` where it cannot be written.
    """
    path = Path(path)
    check_deep_image(pixels)
    if source is not None and extent_of(pixels) != source.extent:
        raise ValueError(f"the pixels are {extent_of(pixels)}, the photo {source.extent}")
    target = _format_of(path)
    metadata = source.metadata if source else Metadata(target.name)
    told: list[str] = []
    if source is not None and _is_patchable(target, pixels, source):
        if _is_patched(path, target, pixels, source):
            return ()
        told.append(f"{path.name} was encoded anew as a whole: the blocks of the original could not be kept")
    alpha = source.alpha if source and target.holds_alpha else None
    if is_deep(pixels) and target.encode_deep is None:
        told.append(f"{path.name} has 8 bits per channel, the most {target.name} holds: save as TIFF or PNG to keep 16")
        pixels = narrowed(pixels)
    if alpha is not None and not is_deep(pixels):
        alpha = narrowed(alpha)
    image = channels.joined(pixels, alpha, grey=metadata.is_grey)
    if not channels.profile_fits(metadata.icc_profile, image):
        metadata = replace(metadata, icc_profile=None)
    if metadata.exif is not None:
        metadata = replace(metadata, exif=exif.edited(metadata.exif, narrowed(pixels)))
    _write(path, target, image, metadata)
    return tuple(told)


def _is_patchable(target: Format, pixels: DeepImage, source: Photo) -> bool:
    """Whether the source's own file can take the edit."""
    coding = source.metadata.coding
    is_jpeg = isinstance(coding, JpegCoding) and coding.source is not None and not is_deep(pixels)
    return is_jpeg and target.patch is not None and target.name == source.metadata.format


def _is_patched(path: Path, target: Format, pixels: DeepImage, source: Photo) -> bool:
    """Write the source's own file with only the edit in it; False where that fails."""
    assert target.patch is not None
    with _told(path, target):
        data = target.patch(source.metadata, narrowed(source.pixels), narrowed(pixels))
    if data is None:
        return False
    with replacing(path) as file:
        file.write(data)
    return True


def write_image(path: str | os.PathLike[str], pixels: Channels, profile: bytes | None = None) -> None:
    """Write a plain image ``(H, W, 3)`` or ``(H, W)`` as the format that the suffix of `path` names.

    `profile` is the ICC profile its colours are in. PNG and TIFF keep the depth, the others narrow to 8 bits.

    The file is replaced whole or not at all; raises `LacunaError` where it cannot be written.
    """
    path, target = Path(path), _format_of(Path(path))
    array = np.ascontiguousarray(pixels if target.encode_deep else narrowed(pixels))
    image = array if is_deep(array) else PIL.Image.fromarray(array)
    _write(path, target, image, Metadata(target.name, icc_profile=profile))


def _format_of(path: Path) -> Format:
    try:
        return BY_SUFFIX[path.suffix.lower()]
    except KeyError:
        known = ", ".join(SAVE_SUFFIXES)
        raise LacunaError(f"cannot save {path.name}: its ending names no format; use one of {known}") from None


def _write(path: Path, target: Format, image: PIL.Image.Image | Channels, metadata: Metadata) -> None:
    """`image` is as `channels.joined` makes it."""
    if target.max_side and isinstance(image, PIL.Image.Image) and max(image.size) > target.max_side:
        raise LacunaError(
            f"cannot save {path.name}: {target.name} ends at {target.max_side} pixels a side; save as PNG or TIFF"
        )
    with _told(path, target):
        data = _encoded(target, image, metadata)
    with replacing(path) as file:
        file.write(data)


def _encoded(target: Format, image: PIL.Image.Image | Channels, metadata: Metadata) -> bytes:
    if isinstance(image, PIL.Image.Image):
        assert target.encode is not None
        return target.encode(image, metadata)
    assert target.encode_deep is not None
    return target.encode_deep(image, metadata)


@contextlib.contextmanager
def _told(path: Path, target: Format) -> Iterator[None]:
    """An encoder's failure becomes a sentence."""
    try:
        yield
    except MemoryError as error:
        raise LacunaError(f"cannot save {path.name}: not enough memory; close other programs") from error
    except (OSError, ValueError, struct.error) as error:
        raise LacunaError(f"cannot save {path.name} as {target.name} ({error}); save in another format") from error


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
