"""Copies at another size: how large, how they look, what their metadata say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL.ExifTags import IFD

from app.imaging.depth import widened
from app.imaging.exporting import ExportSize, SizeKind, export_photo, resized, sharpened
from app.imaging.files import read_photo
from app.imaging.geometry import Extent
from tests.photo_files import exif, loaded, noise, saved, smooth


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (SizeKind.ORIGINAL, 5, (600, 400)),
        (SizeKind.LONG_SIDE, 300, (300, 200)),
        (SizeKind.WIDTH, 150, (150, 100)),
        (SizeKind.HEIGHT, 100, (150, 100)),
        (SizeKind.MEGAPIXELS, 0.06, (300, 200)),
        (SizeKind.PERCENT, 50, (300, 200)),
        (SizeKind.PERCENT, 0.01, (1, 1)),
        (SizeKind.LONG_SIDE, 6000, (600, 400)),
    ],
)
def test_sizes(kind: SizeKind, value: float, expected: tuple[int, int]) -> None:
    assert ExportSize(kind, value).extent(Extent(600, 400)) == expected


def test_it_enlarges_only_when_asked() -> None:
    assert ExportSize(SizeKind.PERCENT, 200, may_enlarge=True).extent(Extent(60, 40)) == (120, 80)


@pytest.mark.parametrize("deep", [False, True])
def test_light_is_averaged_not_numbers(deep: bool) -> None:
    checks = np.zeros((8, 8, 3), np.uint8)
    checks[::2, ::2] = checks[1::2, 1::2] = 255
    small = resized(widened(checks) if deep else checks, Extent(4, 4))
    assert small.dtype == (np.uint16 if deep else np.uint8)
    share = small / np.iinfo(small.dtype).max
    assert share == pytest.approx(0.735, abs=0.005), "half the light is 188 of 255, not 128"


def test_a_plain_colour_stays_that_colour() -> None:
    for value in (0, 1, 3, 17, 128, 254, 255):
        plain = np.full((40, 60, 3), value, np.uint8)
        assert (resized(plain, Extent(21, 14)) == value).all()
        assert (resized(plain, Extent(90, 60)) == value).all()


def test_transparent_pixels_do_not_bleed() -> None:
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[:, ::2] = 200
    alpha = np.zeros((8, 8), np.uint8)
    alpha[:, ::2] = 255
    assert (resized(pixels, Extent(4, 4), alpha) >= 199).all()


def test_sharpening_steepens_an_edge() -> None:
    edge = np.full((10, 10, 3), 60, np.uint8)
    edge[:, 5:] = 180
    sharp = sharpened(edge)
    assert sharp[5, 4, 0] < 60
    assert sharp[5, 5, 0] > 180
    assert (sharp[:, 0] == 60).all()


def test_the_copy_says_its_own_size_and_keeps_the_rest(tmp_path: Path) -> None:
    photo = read_photo(saved(tmp_path / "a.jpg", smooth(), exif=exif(), dpi=(300, 300)))
    out = tmp_path / "out.jpg"
    assert export_photo(out, photo.pixels, photo, ExportSize(SizeKind.LONG_SIDE, 24)) == ()
    assert loaded(out).size == (24, 16)
    tags = loaded(out).getexif().get_ifd(IFD.Exif)
    assert (tags[0xA002], tags[0xA003]) == (24, 16)
    assert tags[33434] == pytest.approx(0.01)


def test_at_its_own_size_the_blocks_are_kept(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.jpg", noise(), quality=90)
    photo = read_photo(source)
    export_photo(tmp_path / "out.jpg", photo.pixels, photo, ExportSize())
    assert (tmp_path / "out.jpg").read_bytes() == source.read_bytes()


def test_transparency_shrinks_along(tmp_path: Path) -> None:
    photo = read_photo(saved(tmp_path / "a.png", noise(bands=4)))
    export_photo(tmp_path / "out.png", photo.pixels, photo, ExportSize(SizeKind.PERCENT, 50, sharpen=True))
    copy = read_photo(tmp_path / "out.png")
    assert copy.extent == (24, 16)
    assert copy.alpha is not None
