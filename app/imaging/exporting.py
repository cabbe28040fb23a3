"""A copy of a photograph at another size: how large it becomes, and the making of it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import DeepImage, DeepMask
from app.imaging.formats import exif, xmp
from app.imaging.geometry import Extent
from app.imaging.photo import JpegCoding, Metadata, Photo
from app.imaging.save_options import AS_SOURCE, SaveOptions
from app.imaging.saving import write_photo

_RADIUS, _AMOUNT = 0.7, 0.5
"""Of the sharpening: standard deviation in pixels of the result, and share of the difference that is added."""

Light = npt.NDArray[np.float32]


class SizeKind(StrEnum):
    """What the number means by which a size is given."""

    ORIGINAL = "original"
    """The photo's own size."""
    LONG_SIDE = "long_side"
    WIDTH = "width"
    HEIGHT = "height"
    MEGAPIXELS = "megapixels"
    PERCENT = "percent"
    """Of width and height."""


@dataclass(frozen=True, slots=True)
class ExportSize:
    """A wanted size; the photo's proportions are kept."""

    kind: SizeKind = SizeKind.ORIGINAL
    value: float = 100.0
    """Pixels, millions of pixels or per cent; more than 0."""
    may_enlarge: bool = False
    sharpen: bool = False
    """Whether a copy that became smaller is sharpened a little."""

    def extent(self, original: Extent) -> Extent:
        """The size of the copy of a photo of the size `original`, at least a pixel a side."""
        scale = self._scale(original)
        if scale > 1.0 and not self.may_enlarge:
            scale = 1.0
        return Extent(max(round(original.width * scale), 1), max(round(original.height * scale), 1))

    def _scale(self, original: Extent) -> float:
        match self.kind:
            case SizeKind.LONG_SIDE:
                return self.value / max(original)
            case SizeKind.WIDTH:
                return self.value / original.width
            case SizeKind.HEIGHT:
                return self.value / original.height
            case SizeKind.MEGAPIXELS:
                return float((self.value * 1e6 / (original.width * original.height)) ** 0.5)
            case SizeKind.PERCENT:
                return self.value / 100
            case _:
                return 1.0


def export_photo(
    path: str | os.PathLike[str],
    pixels: DeepImage,
    source: Photo,
    size: ExportSize,
    options: SaveOptions = AS_SOURCE,
) -> tuple[str, ...]:
    """Write a copy of `pixels` ``(H, W, 3)``, the edited pixels of `source`, at `size`; see `write_photo`.

    Its metadata state the new size. Shrinking averages in linear light, so that fine bright detail keeps its
    brightness; the profile's curve is taken to be sRGB's.
    """
    extent = size.extent(source.extent)
    if extent == source.extent:
        return write_photo(path, pixels, source, options)
    alpha = source.alpha
    small = resized(pixels, extent, alpha)
    if size.sharpen and extent.width < source.extent.width:
        small = sharpened(small)
    small_alpha = None if alpha is None else _bounded(_scaled(alpha.astype(np.float32), extent), alpha.dtype)
    return write_photo(path, small, Photo(small, small_alpha, _of_size(source.metadata, extent)), options)


def resized(pixels: DeepImage, extent: Extent, alpha: DeepMask | None = None) -> DeepImage:
    """`pixels` ``(H, W, 3)`` at another size; what `alpha` ``(H, W)`` has transparent does not bleed into the rest."""
    most = np.iinfo(pixels.dtype).max
    curve = _to_light(np.asarray(np.arange(most + 1) / most, np.float32))
    weight = None if alpha is None else np.maximum(alpha.astype(np.float32) / np.iinfo(alpha.dtype).max, 1e-4)
    total = None if weight is None else np.maximum(_scaled(weight, extent), 1e-4)
    result = np.empty((extent.height, extent.width, 3), pixels.dtype)
    for channel in range(3):
        light = _looked_up(np.ascontiguousarray(pixels[..., channel]), curve)
        scaled = _scaled(light if weight is None else light * weight, extent)
        scaled = scaled if total is None else np.asarray(scaled / total, np.float32)
        result[..., channel] = _bounded(np.float32(most) * _from_light(scaled.clip(0, 1)), pixels.dtype)
    return result


def sharpened(pixels: DeepImage) -> DeepImage:
    """`pixels` ``(H, W, 3)`` with a light unsharp mask."""
    plain = pixels.astype(np.float32)
    blurred = cv2.GaussianBlur(plain, (0, 0), _RADIUS)
    sharp = cv2.addWeighted(plain, 1 + _AMOUNT, blurred, -_AMOUNT, 0)
    return _bounded(np.asarray(sharp, np.float32), pixels.dtype)


def _looked_up(plane: DeepMask, curve: Light) -> Light:
    """The value of `curve` for each of `plane`; OpenCV, which is quicker, does so for 8 bits."""
    return np.asarray(cv2.LUT(plane, curve) if plane.dtype == np.uint8 else np.take(curve, plane), np.float32)


def _scaled(plane: Light, extent: Extent) -> Light:
    """Averaged over areas where it becomes smaller, else by Lanczos' kernel."""
    shrinks = extent.width < plane.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LANCZOS4
    return np.asarray(cv2.resize(plane, tuple(extent), interpolation=method), np.float32)


def _bounded(values: Light, dtype: npt.DTypeLike) -> DeepImage:
    whole: DeepImage = np.clip(values + 0.5, 0, np.iinfo(np.dtype(dtype)).max).astype(dtype)  # type: ignore[type-var]
    return whole


def _to_light(values: Light) -> Light:
    """sRGB's curve (IEC 61966-2-1), 0…1."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4).astype(np.float32)


def _from_light(values: Light) -> Light:
    return np.where(values <= 0.0031308, values * 12.92, 1.055 * values ** (1 / 2.4) - 0.055).astype(np.float32)


def _of_size(metadata: Metadata, extent: Extent) -> Metadata:
    """What is true of the copy: its own size, and no block of the source's picture data."""
    coding = metadata.coding
    if isinstance(coding, JpegCoding):
        coding = replace(coding, source=None)
    block, packet = exif.resized(metadata.exif, extent), xmp.resized(metadata.xmp, extent)
    return replace(metadata, exif=block, xmp=packet, coding=coding)
