"""What a file says besides its pixels goes from any format to any other, as far as it can."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from app.imaging.files import read_photo, write_photo
from tests.photo_files import MAKER_NOTE, SRGB, XMP, exif, loaded, noise, resaved, saved, smooth

HOLDERS = (".jpg", ".png", ".webp", ".tif")


@pytest.mark.parametrize("source", HOLDERS)
@pytest.mark.parametrize("target", HOLDERS)
def test_exif_icc_xmp_and_dpi_go_where_they_can(tmp_path: Path, source: str, target: str) -> None:
    first = saved(tmp_path / "first.jpg", smooth(), exif=exif(8), icc_profile=SRGB, xmp=XMP % 8, dpi=(300, 300))
    path = resaved(first, source).rename(tmp_path / f"in{source}")
    out = resaved(path, target)
    with Image.open(out) as image:
        assert image.info["icc_profile"] == SRGB
        tags = image.getexif()
        assert tags[271] == "Lacuna Works"
        assert tags[274] == 1
        assert tags.get_ifd(34665)[37500] == MAKER_NOTE
        assert tags.get_ifd(34853)[2] == (48.0, 8.0, 14.0)
        image.load()
        assert image.info["xmp"] == XMP % 1
    assert read_photo(out).metadata.dpi == pytest.approx((300, 300), rel=1e-3)


@pytest.mark.parametrize("source", [*HOLDERS, ".bmp"])
@pytest.mark.parametrize("target", [*HOLDERS, ".bmp"])
def test_resolution_alone_is_kept(tmp_path: Path, source: str, target: str) -> None:
    path = resaved(saved(tmp_path / "first.png", smooth(), dpi=(240, 240)), source).rename(tmp_path / f"in{source}")
    assert read_photo(resaved(path, target)).metadata.dpi == pytest.approx((240, 240), rel=1e-3)


@pytest.mark.parametrize("suffix", HOLDERS)
def test_nothing_is_invented(tmp_path: Path, suffix: str) -> None:
    metadata = read_photo(resaved(saved(tmp_path / "in.png", smooth()), suffix)).metadata
    assert (metadata.exif, metadata.xmp, metadata.icc_profile, metadata.dpi) == (None, None, None, None)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_a_grey_profile_does_not_stay_with_coloured_pixels(tmp_path: Path, suffix: str) -> None:
    profile = SRGB[:16] + b"GRAY" + SRGB[20:]
    photo = read_photo(saved(tmp_path / f"in{suffix}", smooth()[..., 0], icc_profile=profile))
    write_photo(tmp_path / f"grey{suffix}", photo.pixels, photo)
    assert loaded(tmp_path / f"grey{suffix}").info["icc_profile"] == profile
    write_photo(tmp_path / f"colour{suffix}", smooth(), photo)
    assert loaded(tmp_path / f"colour{suffix}").info.get("icc_profile") is None


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_a_profile_that_is_none_for_inks_is_not_used(tmp_path: Path, suffix: str) -> None:
    picture = Image.fromarray(noise(bands=4), "CMYK")
    photo = read_photo(saved(tmp_path / f"in{suffix}", picture, icc_profile=SRGB))
    assert "without a profile" in photo.metadata.notices[0]
    assert photo.metadata.icc_profile is None


def test_a_gain_map_is_announced(tmp_path: Path) -> None:
    path = saved(tmp_path / "in.jpg", smooth(), xmp=(XMP % 1).replace(b"dc:format", b'hdrgm:Version="1.0" dc:format'))
    assert read_photo(path).metadata.notices == ("in.jpg holds a gain map for HDR screens, which saving leaves out",)


def test_saving_twice_changes_nothing_more(tmp_path: Path) -> None:
    for suffix in (".png", ".tif"):
        path = saved(tmp_path / f"in{suffix}", smooth(), exif=exif(6), icc_profile=SRGB, dpi=(300, 300))
        once = resaved(path).rename(tmp_path / f"once{suffix}")
        assert resaved(once).read_bytes() == once.read_bytes()
