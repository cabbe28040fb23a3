"""Masks: any form of image becomes 0 and 255, upright, of the image's size."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from app.errors import LacunaError
from app.imaging.files import read_mask, write_image
from app.imaging.geometry import Extent
from tests.photo_files import exif, noise, saved

EXTENT = Extent(48, 32)
GREY = noise()[..., 0]
HOLE = np.where(GREY > 127, 255, 0).astype(np.uint8)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp", ".gif", ".pgm", ".tga"])
def test_brightness_is_cut_in_the_middle(tmp_path: Path, suffix: str) -> None:
    mask = read_mask(saved(tmp_path / f"mask{suffix}", GREY), EXTENT)
    assert mask.dtype == np.uint8
    np.testing.assert_array_equal(mask, HOLE)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "LA", "RGBA", "CMYK"])
def test_every_form(tmp_path: Path, mode: str) -> None:
    picture = Image.fromarray(HOLE).convert("RGB").convert(mode)
    np.testing.assert_array_equal(read_mask(saved(tmp_path / "mask.tif", picture), EXTENT) > 0, HOLE > 0)


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_lossy_masks(tmp_path: Path, suffix: str) -> None:
    blocks = np.kron(np.random.default_rng(0).integers(0, 2, (2, 3)) * 255, np.ones((16, 16))).astype(np.uint8)
    np.testing.assert_array_equal(read_mask(saved(tmp_path / f"mask{suffix}", blocks), EXTENT), blocks)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".pgm"])
def test_16_bits(tmp_path: Path, suffix: str) -> None:
    deep = np.full((32, 48), 32_767, np.uint16)
    deep[:, 20:] = 32_768
    assert cv2.imwrite(str(tmp_path / f"mask{suffix}"), deep)
    mask = read_mask(tmp_path / f"mask{suffix}", EXTENT)
    assert (mask[0, 19], mask[0, 20]) == (0, 255)


def test_alpha_that_varies_counts(tmp_path: Path) -> None:
    path = saved(tmp_path / "mask.png", Image.fromarray(np.dstack([noise(seed=3), GREY])))
    np.testing.assert_array_equal(read_mask(path, EXTENT), HOLE)


@pytest.mark.parametrize("alpha", [0, 255])
def test_alpha_that_is_the_same_everywhere_does_not_count(tmp_path: Path, alpha: int) -> None:
    path = saved(tmp_path / "mask.png", Image.fromarray(np.dstack([GREY, GREY, GREY, np.full_like(GREY, alpha)])))
    np.testing.assert_array_equal(read_mask(path, EXTENT), HOLE)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_orientation_is_applied(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path / f"mask{suffix}", GREY, exif=exif(6))
    np.testing.assert_array_equal(read_mask(path, Extent(32, 48)), np.rot90(HOLE, -1))


def test_another_size_is_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "mask.png", GREY)
    with pytest.raises(LacunaError, match=r"mask\.png is 48×32 pixels, the image 50×32: use a mask"):
        read_mask(path, Extent(50, 32))


def test_a_mask_comes_back(tmp_path: Path) -> None:
    write_image(tmp_path / "mask.png", HOLE)
    mask = read_mask(tmp_path / "mask.png", EXTENT)
    np.testing.assert_array_equal(mask, HOLE)
    mask[:] = 0  # one's own copy


def test_a_missing_mask_is_named(tmp_path: Path) -> None:
    with pytest.raises(LacunaError, match=r"gone\.png does not exist"):
        read_mask(tmp_path / "gone.png", EXTENT)
