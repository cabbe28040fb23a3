"""What a screen shows of a photograph: 8 bits, and its colours converted from its own profile to sRGB."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import PIL.Image
from PIL import ImageCms

from app.imaging.arrays import DeepImage, Image
from app.imaging.depth import narrowed
from app.imaging.geometry import Rect
from app.imaging.pyramid import Pyramid

Look = Callable[[DeepImage], Image]
"""From pixels ``(h, w, 3)`` of the photograph to those shown; the array itself where nothing is to be changed."""

_ALIKE = 1
"""Grey levels by which two profiles may differ and still count as one."""
_BAND = 256
"""Rows converted by one thread at a time."""


def look_of(profile: bytes | None) -> Look:
    """How pixels in the colours of an ICC `profile` are shown; without one, or with a broken one, they are sRGB."""
    convert = _conversion(profile) if profile else None
    if convert is None or _changes_nothing(convert):
        return narrowed
    return lambda pixels: _in_bands(convert, narrowed(pixels))


def _conversion(profile: bytes) -> Look | None:
    """The plain conversion to sRGB, of 8-bit pixels; None where the profile is not of use."""
    mode = "L" if profile[16:20] == b"GRAY" else "RGB"
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None

    def convert(pixels: DeepImage) -> Image:
        source = pixels[..., 0] if mode == "L" else pixels
        return np.array(transform.apply(PIL.Image.fromarray(np.ascontiguousarray(source))), np.uint8)

    return convert


def _changes_nothing(convert: Look) -> bool:
    """Judged by a cube of colours; a grey profile by its greys."""
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, len(steps), 3)
    greys = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(1, 256, 3)
    shown = convert(cube)
    only_grey = bool((shown == shown[..., :1]).all())
    probes = (greys,) if only_grey else (cube, greys)
    return all(int(np.abs(convert(probe).astype(np.int16) - probe).max()) <= _ALIKE for probe in probes)


def _in_bands(convert: Look, pixels: Image) -> Image:
    """`convert` in threads: Pillow lets others run meanwhile."""
    if pixels.shape[0] <= _BAND:
        return convert(pixels)
    result = np.empty(pixels.shape, np.uint8)

    def fill(top: int) -> None:
        result[top : top + _BAND] = convert(pixels[top : top + _BAND])

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(fill, range(0, pixels.shape[0], _BAND)))
    return result


class ScreenPyramid(Pyramid):
    """The pyramid of what is shown of a photograph; level 0 is the photograph's own array where that can be shown."""

    def __init__(self, image: DeepImage, look: Look) -> None:
        """Of `image` ``(H, W, 3)``, which is the caller's: after changing it, call `update`."""
        self._image = image
        self._look = look
        super().__init__(look(image))

    def shown(self, pixels: DeepImage) -> Image:
        """See `Pyramid.shown`."""
        return self._look(pixels)

    def update(self, rect: Rect) -> None:
        """See `Pyramid.update`."""
        rect = rect.intersected(Rect.of_array(self._image))
        if self.levels[0] is not self._image and not rect.is_empty:
            self.levels[0][rect.slices] = self._look(self._image[rect.slices])
        super().update(rect)
