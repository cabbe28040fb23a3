"""Writing photographs and plain images: complete, all or nothing. Callers import these from `app.imaging.files`."""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import PIL.Image

from app.atomic import write_bytes
from app.errors import LacunaError
from app.imaging.arrays import DeepImage, check_deep_image, extent_of
from app.imaging.depth import is_deep, narrowed
from app.imaging.formats import channels, exif
from app.imaging.formats.catalog import BY_SUFFIX, Format
from app.imaging.formats.channels import Channels
from app.imaging.photo import JpegCoding, Metadata, Photo
from app.imaging.save_options import AS_SOURCE, Keep, SaveOptions, applied, stripped_jpeg
from app.words import Words


class EncodedPhoto(NamedTuple):
    """A photograph's file before it is written."""

    data: bytes
    notices: tuple[str, ...]
    """Sentences about what the file cannot hold."""


def write_photo(
    path: str | os.PathLike[str], pixels: DeepImage, source: Photo | None, options: SaveOptions = AS_SOURCE
) -> tuple[str, ...]:
    """Write what `encoded_photo` makes to `path`; returns its notices.

    The file is replaced whole or not at all; raises `LacunaError` where it cannot be written.
    """
    data, told = encoded_photo(path, pixels, source, options)
    write_bytes(Path(path), data)
    return told


def encoded_photo(
    path: str | os.PathLike[str], pixels: DeepImage, source: Photo | None, options: SaveOptions = AS_SOURCE
) -> EncodedPhoto:
    """A file of `pixels` ``(H, W, 3)``, the edited pixels of `source`, in the format that the suffix of `path` names.

    What the source's file said is written again, as far as the format can hold it: alpha, EXIF, ICC, XMP, resolution;
    in the source's own format also how it was coded and what else it held. A JPEG saved as one keeps every block in
    which no pixel changed, and is the same file where none did. A source without colour is written without colour
    where the pixels have none. PNG, TIFF and BMP hold the exact pixels, and so does WebP where the source was a
    lossless WebP; where `pixels` are uint16, PNG and TIFF hold all 16 bits, the others 8. `options` may ask for less
    than that. Raises `LacunaError` where the format cannot hold the picture.
    """
    path = Path(path)
    check_deep_image(pixels)
    if source is not None and extent_of(pixels) != source.extent:
        raise ValueError(f"the pixels are {extent_of(pixels)}, the photo {source.extent}")
    target = _format_of(path)
    metadata = applied(options, source.metadata if source else Metadata(target.name), target.name)
    told: list[str] = []
    if source is not None and _is_patchable(target, pixels, metadata):
        data = _patched(path, target, pixels, source, options.keep)
        if data is not None:
            return EncodedPhoto(data, ())
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
    return EncodedPhoto(_encoded(path, target, image, metadata), tuple(told))


def _is_patchable(target: Format, pixels: DeepImage, metadata: Metadata) -> bool:
    """Whether the source's own file can take the edit."""
    coding = metadata.coding
    is_jpeg = isinstance(coding, JpegCoding) and coding.source is not None and not is_deep(pixels)
    return is_jpeg and target.patch is not None and target.name == metadata.format


def _patched(path: Path, target: Format, pixels: DeepImage, source: Photo, keep: Keep) -> bytes | None:
    """The source's own file with only the edit in it; None where that fails."""
    assert target.patch is not None
    with _told(path, target):
        data = target.patch(source.metadata, narrowed(source.pixels), narrowed(pixels))
        return None if data is None else stripped_jpeg(data, keep)


def write_image(path: str | os.PathLike[str], pixels: Channels, profile: bytes | None = None) -> None:
    """Write a plain image ``(H, W, 3)`` or ``(H, W)`` as the format that the suffix of `path` names.

    `profile` is the ICC profile its colours are in, left out where it is not of their kind. PNG and TIFF keep
    the depth, the others narrow to 8 bits.

    The file is replaced whole or not at all; raises `LacunaError` where it cannot be written.
    """
    path, target = Path(path), _format_of(Path(path))
    array = np.ascontiguousarray(pixels if target.encode_deep else narrowed(pixels))
    image = array if is_deep(array) else PIL.Image.fromarray(array)
    fitting = profile if channels.profile_fits(profile, image) else None
    write_bytes(path, _encoded(path, target, image, Metadata(target.name, icc_profile=fitting)))


def _format_of(path: Path) -> Format:
    try:
        return BY_SUFFIX[path.suffix.lower()]
    except KeyError:
        known = ", ".join(BY_SUFFIX)
        raise LacunaError(
            Words("cannot save {name}: its ending names no format; use one of {known}", name=path.name, known=known)
        ) from None


def _encoded(path: Path, target: Format, image: PIL.Image.Image | Channels, metadata: Metadata) -> bytes:
    """`image` is as `channels.joined` makes it."""
    if target.max_side and isinstance(image, PIL.Image.Image) and max(image.size) > target.max_side:
        raise LacunaError(
            Words(
                "cannot save {name}: {target_name} ends at {max_side} pixels a side; save as PNG or TIFF",
                name=path.name,
                target_name=target.name,
                max_side=target.max_side,
            )
        )
    with _told(path, target):
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
        raise LacunaError(
            Words("cannot save {name}: not enough memory; close other programs", name=path.name)
        ) from error
    except (OSError, ValueError, struct.error) as error:
        raise LacunaError(
            Words(
                "cannot save {name} as {target_name} ({error}); save in another format",
                name=path.name,
                target_name=target.name,
                error=error,
            )
        ) from error
