"""From whatever form a file holds its pixels in to RGB and alpha, and back."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import PIL.Image
from PIL import ImageCms

from app.imaging.arrays import DeepMask, Image, Mask
from app.imaging.depth import is_deep
from app.imaging.formats import pillow

Channels = npt.NDArray[np.uint8 | np.uint16]
"""``(H, W)`` or ``(H, W, C)``."""

SEPARATED = {"CMYK", "LAB"}
"""Modes in which numbers mean colours only through a profile."""

_TURNS: dict[int, Callable[[Channels], npt.NDArray[np.generic]]] = {
    1: lambda array: array,
    2: lambda array: cv2.flip(array, 1),
    3: lambda array: cv2.rotate(array, cv2.ROTATE_180),
    4: lambda array: cv2.flip(array, 0),
    5: cv2.transpose,
    6: lambda array: cv2.rotate(array, cv2.ROTATE_90_CLOCKWISE),
    7: lambda array: cv2.rotate(cv2.transpose(array), cv2.ROTATE_180),
    8: lambda array: cv2.rotate(array, cv2.ROTATE_90_COUNTERCLOCKWISE),
}
_BACK = {6: 8, 8: 6}
"""Every other turn is its own inverse."""
ON_THEIR_SIDE = frozenset({5, 6, 7, 8})
"""Orientations in which the stored pixels lie on their side."""


def turned(array: Channels, orientation: int) -> Channels:
    """`array` as it is meant to be seen, for EXIF orientation 1…8."""
    return np.asarray(_TURNS[orientation](array), dtype=array.dtype)


def turned_back(array: Channels, orientation: int) -> Channels:
    """An upright `array` as it is stored with EXIF orientation 1…8."""
    return turned(array, _BACK.get(orientation, orientation))


def narrowed(image: PIL.Image.Image, bits: int) -> PIL.Image.Image:
    """A greyscale image of more than 8 `bits` at 8, by its high byte, as Pillow narrows colour; others as they are."""
    if not image.mode.startswith("I"):
        return image
    return PIL.Image.fromarray((np.asarray(image).astype(np.int32) >> max(bits - 8, 0)).astype(np.uint8))


def split(
    image: PIL.Image.Image, bits: int = 8, unpack: Callable[[PIL.Image.Image], Image] = pillow.pixels_of
) -> tuple[Image, Mask | None]:
    """Colour ``(H, W, 3)`` and, where `image` (any mode not in `SEPARATED`) has transparency, alpha ``(H, W)``.

    `unpack` makes the array of an image in RGB.
    """
    alpha = None
    # In a 16-bit file the colour that stands for transparent has 16 bits too: it cannot be told after narrowing.
    if image.has_transparency_data and (bits == 8 or "A" in image.mode):
        image = _in_mode(image, "RGBA")
        alpha = np.asarray(image.getchannel("A"))
    return unpack(_in_mode(narrowed(image, bits), "RGB")), alpha


def _in_mode(image: PIL.Image.Image, mode: str) -> PIL.Image.Image:
    """`image` converted where it has to be: Pillow would copy it in any case."""
    return image if image.mode == mode else image.convert(mode)


def brightness(image: PIL.Image.Image, bits: int = 8) -> Mask:
    """Luminance ``(H, W)``, or alpha where `image` has one that is not the same everywhere."""
    if image.mode in {"1", "L"} and not image.has_transparency_data:
        return np.asarray(image if image.mode == "L" else image.convert("L"))
    pixels, alpha = split(image, bits)
    if alpha is not None and alpha.min() != alpha.max():
        return alpha
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def joined(pixels: Channels, alpha: DeepMask | None, *, grey: bool) -> PIL.Image.Image | Channels:
    """What the formats encode, of `pixels` ``(H, W, 3)`` and `alpha`; without colour where `grey` and no pixel has any.

    A Pillow image at 8 bits; at 16, which Pillow does not know, an array: ``(H, W)``, ``(H, W, 3)``, ``(H, W, 4)``.
    """
    colourless = grey and _is_grey(pixels)
    if is_deep(pixels):
        if alpha is not None:
            return np.dstack([pixels, alpha])
        return np.ascontiguousarray(pixels[..., 0] if colourless else pixels)
    image = PIL.Image.fromarray(np.ascontiguousarray(pixels[..., 0] if colourless else pixels))
    if alpha is not None:
        image.putalpha(PIL.Image.fromarray(np.ascontiguousarray(alpha)))
    return image


def _is_grey(pixels: Channels) -> bool:
    red, green, blue = (pixels[..., index] for index in range(3))
    return bool(np.array_equal(red, green) and np.array_equal(green, blue))


def with_colours(image: PIL.Image.Image, profile: bytes | None) -> tuple[PIL.Image.Image, bytes | None]:
    """`image` and its profile, or, where it has a mode in `SEPARATED`, the same as sRGB.

    The conversion goes through the image's own profile. Where there is none it is Pillow's plain one, which knows no
    inks, and the profile returned is None.
    """
    if image.mode not in SEPARATED:
        return image, profile
    target = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    try:
        lab = image.mode == "LAB"
        source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB") if lab else io.BytesIO(profile or b""))
        converted = ImageCms.profileToProfile(
            image,
            source,
            target,
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError):
        return image.convert("RGB"), None
    assert converted is not None  # it is only where the conversion is in place
    return converted, target.tobytes()


def profile_fits(profile: bytes | None, image: PIL.Image.Image | Channels) -> bool:
    """False for a greyscale profile on a colour image (ICC.1, 7.2.6: the colour space of the data)."""
    has_colour = image.mode not in {"L", "LA"} if isinstance(image, PIL.Image.Image) else image.ndim > 2
    return profile is None or profile[16:20] != b"GRAY" or not has_colour
