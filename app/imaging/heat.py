"""Shares as colours from dark violet over red to light yellow, evenly spaced to the eye.

The steps are even in OKLab's lightness (Björn Ottosson, "A perceptual color space for image processing", 2020), so they
can be told apart in grey, too, and by those who see no red.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Premultiplied = npt.NDArray[np.uint32]
"""0xAARRGGBB, the colours times alpha."""

_DARKEST, _LIGHTEST = 0.32, 0.95
"""Of OKLab."""
_HUES = 305.0, 462.0
"""Degrees at both ends, counted on through red."""
_CHROMA, _LEAST_CHROMA = 0.17, 0.11
_STEPS = 256
_OPAQUE = 0.92
"""At the hottest place."""
_VEIL = 0.42
"""How much of the photograph's light is taken where nothing is hot."""
_TO_CONES = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_TO_RED_GREEN_BLUE = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


@lru_cache(maxsize=1)
def heat_ramp() -> npt.NDArray[np.uint8]:
    """The colours from nothing to the most, ``(256, 3)`` sRGB."""
    t = np.linspace(0, 1, _STEPS)
    lightness, hue = _DARKEST + (_LIGHTEST - _DARKEST) * t, np.radians(_HUES[0] + (_HUES[1] - _HUES[0]) * t)
    chroma = _LEAST_CHROMA + (_CHROMA - _LEAST_CHROMA) * np.sin(np.pi * t)
    lab = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)])
    linear = np.clip(_TO_RED_GREEN_BLUE @ (_TO_CONES @ lab) ** 3, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    ramp: npt.NDArray[np.uint8] = np.rint(255 * encoded.T).astype(np.uint8)
    ramp.flags.writeable = False
    return ramp


def warmth(shares: Floats, most: float) -> Floats:
    """Where on the ramp `shares` of at most `most` lie, 0…1: their square roots, or only the hottest could be seen."""
    return np.asarray(np.sqrt(np.clip(shares / max(most, 1e-9), 0, 1)), np.float32)


def widened(shares: Floats, reach: int) -> Floats:
    """The largest of `shares` ``(h, w)`` within `reach` of each, along rows and columns."""
    result = shares
    for axis in (0, 1) if reach else ():
        pad = [(0, 0), (0, 0)]
        pad[axis] = reach, reach
        framed = np.pad(result, pad)
        windows = np.lib.stride_tricks.sliding_window_view(framed, 2 * reach + 1, axis=axis)
        result = np.asarray(windows.max(axis=-1), np.float32)
    return result


def heat_colours(shares: Floats, known: Floats) -> Premultiplied:
    """`shares` ``(h, w)`` as colours to lay over a photograph, the more opaque the hotter, above a veil.

    Nothing is laid where nothing is `known` ``(h, w)``, 0…1.
    """
    place = warmth(shares, float(shares.max(initial=0.0)))
    colours = heat_ramp()[np.rint(place * (_STEPS - 1)).astype(np.intp)].astype(np.float32)
    opacity = _OPAQUE * place
    alpha = known * (opacity + _VEIL * (1 - opacity))
    channels = np.rint(colours * (known * opacity)[..., None]).astype(np.uint32)
    red, green, blue = channels[..., 0], channels[..., 1], channels[..., 2]
    return np.asarray(np.rint(255 * alpha).astype(np.uint32) << 24 | red << 16 | green << 8 | blue, np.uint32)
