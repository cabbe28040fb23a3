"""What the screen shows: colours converted from the photograph's profile, 16 bits narrowed, kept up to date."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from app.document.document import Document
from app.document.edits import ResultEdit
from app.imaging.depth import narrowed, widened
from app.imaging.geometry import Rect
from app.imaging.photo import Metadata, Photo
from app.imaging.pyramid import Pyramid
from app.imaging.screen import ScreenPyramid, look_of
from app.inference.request import RegionPatch
from app.ui.canvas.patch_set import PatchSet
from tests.photo_files import SRGB, noise, smooth

GAMMA = 563 / 256
ADOBE = np.array([[0.60974, 0.20528, 0.14919], [0.31111, 0.62567, 0.06322], [0.01947, 0.06087, 0.74457]])
"""Adobe RGB (1998) to XYZ, adapted to D50."""
_TO_SRGB = np.array(
    [[3.1338561, -1.6168667, -0.4906146], [-0.9787684, 1.9161415, 0.033454], [0.0719453, -0.2289914, 1.4052427]]
)
"""XYZ, adapted to D50, to linear sRGB."""


def wide_profile(space: bytes = b"RGB ") -> bytes:
    """A matrix profile of Adobe RGB (1998)'s colours (ICC.1), or a grey one of its curve."""
    curve = b"curv" + bytes(4) + struct.pack(">IHH", 1, round(GAMMA * 256), 0)
    tags = {b"wtpt": _xyz((0.9642, 1.0, 0.8249))}
    if space == b"GRAY":
        tags[b"kTRC"] = curve
    else:
        tags |= {name + b"XYZ": _xyz(tuple(ADOBE[:, index])) for index, name in enumerate((b"r", b"g", b"b"))}
        tags |= {name + b"TRC": curve for name in (b"r", b"g", b"b")}
    place, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += name + struct.pack(">II", place + len(body), len(data))
        body += data
    header = struct.pack(">I4sI4s4s4s", 0, bytes(4), 0x02400000, b"mntr", space, b"XYZ ") + bytes(12) + b"acsp"
    header = header.ljust(68, b"\0") + struct.pack(">iii", 63190, 65536, 54061)
    profile = header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(profile)) + profile[4:]


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">iii", *(round(value * 65536) for value in values))


def converted(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Adobe RGB to sRGB by the formulas."""
    linear = (pixels / 255.0) ** GAMMA @ ADOBE.T @ _TO_SRGB.T
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055) * 255


def test_wide_gamut_is_converted() -> None:
    pixels = noise(300, 300)
    shown = look_of(wide_profile())(pixels)
    assert np.abs(shown - converted(pixels)).max() <= 3
    assert np.abs(shown.astype(int) - pixels).mean() > 5


def test_a_grey_profile_is_used_too() -> None:
    pixels = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    shown = look_of(wide_profile(b"GRAY"))(pixels)
    expected = converted(pixels)
    assert np.abs(shown - expected).max() <= 2


@pytest.mark.parametrize("profile", [None, SRGB, b"no profile at all", SRGB[:200]])
def test_what_needs_no_conversion_is_not_copied(profile: bytes | None) -> None:
    pixels = smooth()
    assert look_of(profile)(pixels) is pixels
    assert ScreenPyramid(pixels, look_of(profile)).levels[0] is pixels


def test_large_images_are_converted_alike_in_bands() -> None:
    pixels, look = noise(40, 900), look_of(wide_profile())
    np.testing.assert_array_equal(look(pixels)[:200], look(pixels[:200]))
    np.testing.assert_array_equal(look(pixels)[700:], look(pixels[700:]))


@pytest.mark.parametrize("profile", [None, wide_profile()], ids=["sRGB", "wide"])
def test_a_deep_photo_is_shown_and_kept_up_to_date(profile: bytes | None) -> None:
    pixels = widened(noise(1300, 700))
    document = Document(Photo(pixels, None, Metadata("TIFF", icc_profile=profile), Path("deep.tif")))
    look = look_of(profile)
    pyramid = ScreenPyramid(document.image, look)
    new = np.zeros((90, 110, 3), np.uint16)
    patch = RegionPatch(Rect(303, 205, 110, 90), new)
    laid = PatchSet([patch], pyramid).laid_over(pyramid.levels[0], Rect.of_array(pixels), 1)

    rect = document.apply(ResultEdit("Global", [patch]))
    pyramid.update(rect)
    np.testing.assert_array_equal(pyramid.levels[0], look(document.image))
    np.testing.assert_array_equal(laid, pyramid.levels[0])
    for level, fresh in zip(pyramid.levels, Pyramid(np.array(look(document.image))).levels, strict=True):
        np.testing.assert_array_equal(level, fresh)
    if profile is None:
        np.testing.assert_array_equal(pyramid.levels[0], narrowed(document.image))
