"""Pictures that come from other programs and go to them, as the bytes of a file without a name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.imaging.arrays import DeepImage, DeepMask, Image, Mask
from app.imaging.depth import narrowed
from app.imaging.files import read_photo
from app.imaging.formats import deep
from app.imaging.photo import Metadata, Photo
from app.imaging.screen import look_of
from app.scratch import scratch_file


def png_of(pixels: DeepImage, alpha: DeepMask | None, profile: bytes | None) -> bytes:
    """A PNG of 8 bits in sRGB, which every program understands, of `pixels` ``(H, W, 3)`` in the colours of `profile`.

    `alpha` ``(H, W)`` goes along.
    """
    shown: Image = look_of(profile)(pixels)
    layers = shown if alpha is None else np.dstack([shown, narrowed(alpha)])
    return deep.png(np.ascontiguousarray(layers))


def photo_of_bytes(data: bytes, suffix: str, *, allow_huge: bool = False, pixel_limit: int | None = None) -> Photo:
    """The photograph in the bytes of a file whose name would end in `suffix`; errors as of `read_photo`."""
    with scratch_file(f"image{suffix}", data) as place:
        return replace(read_photo(place, allow_huge=allow_huge, pixel_limit=pixel_limit, for_editing=True), path=None)


def photo_of_pixels(pixels: Image, alpha: Mask | None) -> Photo:
    """A photograph of `pixels` ``(H, W, 3)`` uint8 and their `alpha` ``(H, W)``, unless that is opaque throughout."""
    kept = None if alpha is None or alpha.min() == 255 else alpha
    for array in (pixels, alpha):
        if array is not None:
            array.flags.writeable = False
    return Photo(pixels, kept, Metadata("PNG"))
