"""JPEG: untouched blocks survive a save, or at least quantisation tables and subsampling; so do the segments."""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np
import PIL.Image
from PIL import ImageFile
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

from app.imaging.arrays import Image
from app.imaging.compose import is_grey
from app.imaging.formats import channels, exif, jpeg_parts, jpeg_patch, pillow, xmp
from app.imaging.formats import jpeg_segments as segments
from app.imaging.photo import JpegCoding, Metadata
from app.scratch import scratch_stream

MAX_SIDE = 65_500
"""libjpeg's limit, in pixels."""

_NEW = {"quality": 95, "subsampling": 0}
"""For pictures that were no JPEG: nearly lossless, full chroma."""
_BYTES_PER_PIXEL = 6
"""More than noise at the highest quality needs."""


def read(image: ImageFile.ImageFile, file: BinaryIO) -> Metadata:
    """The metadata of an opened JPEG, as stored."""
    assert isinstance(image, JpegImageFile)
    block = exif.without_prefix(image.info.get("exif"))
    return Metadata(
        "JPEG",
        image.mode,
        exif=block,
        icc_profile=image.info.get("icc_profile"),
        xmp=image.info.get("xmp"),
        dpi=image.info.get("dpi"),
        coding=_coding(image, file, block),
    )


def _coding(image: JpegImageFile, file: BinaryIO, block: bytes | None) -> JpegCoding:
    file.seek(0)
    data = file.read()
    is_own = image.mode in {"RGB", "L"}
    why_not = jpeg_patch.why_not(data) if is_own else None
    used = [table for *_, table in image.layer]
    while used[-1:] == used[-2:-1]:  # what the last component takes, the encoder gives to those after it
        used.pop()
    return JpegCoding(
        tuple(tuple(image.quantization[table]) for table in used),
        max(get_sampling(image), 0),
        progressive="progressive" in image.info,
        is_rgb=_is_rgb(image),
        segments=tuple(segments.kept(jpeg_parts.application_segments(data))),
        source=data if is_own and why_not is None else None,
        why_whole=why_not,
        orientation=exif.orientation(block) or xmp.orientation(image.info.get("xmp")) or 1,
    )


def patched(metadata: Metadata, before: Image, after: Image) -> bytes | None:
    """The file that `before` was read from with `after` in its place, both upright ``(H, W, 3)``, all else unchanged.

    Blocks in which nothing changed are the file's own. None where the file has to be encoded anew.
    """
    coding = metadata.coding
    if not isinstance(coding, JpegCoding) or coding.source is None:
        return None
    changed = jpeg_patch.changed_pixels(before, after)
    if not changed.any():
        return coding.source
    if metadata.is_grey and not is_grey(after):
        return None
    stored, flags = (channels.turned_back(each, coding.orientation) for each in (after, changed.view(np.uint8)))
    new = np.asarray(stored, np.uint8)
    try:
        bare = jpeg_patch.patched(coding.source, new, flags.view(bool), is_rgb=coding.is_rgb)
    except (OSError, ValueError, IndexError):
        return None
    own = segments.patched(jpeg_parts.application_segments(coding.source), new)
    return b"".join([jpeg_parts.START, *map(jpeg_parts.packed, own), bare[len(jpeg_parts.START) :]])


def _is_rgb(image: JpegImageFile) -> bool:
    """libjpeg's rule: JFIF means luma and chroma, then Adobe's segment decides, then the components' names."""
    if image.mode != "RGB" or "jfif" in image.info:
        return False
    transform = image.info.get("adobe_transform")
    return bytes(layer[0] for layer in image.layer) == b"RGB" if transform is None else transform == 0


def encode(image: PIL.Image.Image, metadata: Metadata) -> bytes:
    """`image` (``RGB`` or ``L``) as a JPEG with `metadata`, coded as its source was where that was a JPEG."""
    coding = metadata.coding if isinstance(metadata.coding, JpegCoding) else None
    bare = _encoded(image, _options(image, metadata, coding))
    is_own = coding is not None and (coding.tables or coding.segments)
    return segments.laid_into(bare, coding.segments if coding and is_own else segments.jfif(metadata.dpi), metadata)


def _options(image: PIL.Image.Image, metadata: Metadata, coding: JpegCoding | None) -> dict[str, Any]:
    if coding is not None and coding.quality is not None:
        return {"quality": coding.quality, "subsampling": coding.subsampling, "progressive": coding.progressive}
    if coding is None or not coding.tables or metadata.mode not in {"RGB", "L"}:
        return _NEW
    return {
        "qtables": [list(table) for table in coding.tables],
        "subsampling": coding.subsampling,
        "progressive": coding.progressive,
        "keep_rgb": coding.is_rgb and image.mode == "RGB",
    }


def _encoded(image: PIL.Image.Image, options: dict[str, Any]) -> bytes:
    """Encode with optimised Huffman tables: fewer bytes, the same pixels.

    Into a real file: with one, Pillow lets other threads run while it encodes, so a window does not stall.
    """
    with scratch_stream() as out, pillow.room_for(image.width * image.height * _BYTES_PER_PIXEL):
        image.save(out, "JPEG", optimize=True, **options)
        out.seek(0)
        return out.read()
