"""What a person should know about a file that opens, but does not come back as it was."""

from __future__ import annotations

from collections.abc import Iterator

from PIL.ImageFile import ImageFile
from PIL.MpoImagePlugin import MpoImageFile

from app.imaging.formats.channels import SEPARATED
from app.imaging.photo import JpegCoding, Metadata
from app.words import Words

_MPF_ENTRIES = 0xB002


def notices(name: str, image: ImageFile, frames: int, metadata: Metadata, *, deep: bool) -> Iterator[str]:
    """One sentence each. `metadata` has the profile that the pixels are in after opening, `deep` where at 16 bits."""
    if metadata.bits > 8 and not deep:
        yield Words(
            "{name} has {bits} bits per channel: it was opened at 8 bits, and saving writes 8 bits",
            name=name,
            bits=metadata.bits,
        )
    if metadata.mode in SEPARATED:
        how = (
            Words("through its profile")
            if metadata.icc_profile
            else Words("without a profile, so its colours are approximate")
        )
        yield Words(
            "{name} is {mode}: it was opened as sRGB {how}, and saving writes RGB",
            name=name,
            mode=metadata.mode,
            how=how,
        )
    if isinstance(metadata.coding, JpegCoding) and metadata.coding.why_whole:
        yield Words(
            "{name} {why_whole}, so saving encodes all of it anew", name=name, why_whole=metadata.coding.why_whole
        )
    if (pictures := _pictures(image, frames)) > 1:
        yield Words(
            "{name} holds {pictures} pictures: the first was opened, and saving keeps only that one",
            name=name,
            pictures=pictures,
        )
    if metadata.xmp and b"hdrgm:Version" in metadata.xmp:
        yield Words("{name} holds a gain map for HDR screens, which saving leaves out", name=name)


def _pictures(image: ImageFile, frames: int) -> int:
    """Pages or frames; in a camera's multi-picture JPEG, previews do not count."""
    if not isinstance(image, MpoImageFile) or image.mpinfo is None:
        return frames
    kinds = [entry["Attribute"]["MPType"] for entry in image.mpinfo[_MPF_ENTRIES]]
    return sum(not kind.startswith("Large Thumbnail") for kind in kinds)
