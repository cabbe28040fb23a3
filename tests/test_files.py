"""Pixels: every format and form opens as upright 8-bit RGB, and lossless formats give the exact values back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from app.errors import LacunaError
from app.imaging.files import OPEN_SUFFIXES, SAVE_SUFFIXES, read_photo, write_image, write_photo
from app.imaging.geometry import Extent
from tests.photo_files import XMP, exif, loaded, noise, resaved, saved, smooth

LOSSLESS = (".png", ".tif", ".bmp")


def _palette(*, transparent: bool) -> Image.Image:
    image = Image.fromarray(smooth()).quantize(16)
    if transparent:
        image.info["transparency"] = bytes(range(0, 256, 16))
    return image


FORMS = {
    "1": Image.fromarray(noise()[..., 0]).convert("1"),
    "L": Image.fromarray(noise()[..., 0]),
    "LA": Image.fromarray(noise(bands=2)),
    "P": _palette(transparent=False),
    "P+alpha": _palette(transparent=True),
    "RGB": Image.fromarray(noise()),
    "RGBA": Image.fromarray(noise(bands=4)),
    "CMYK": Image.fromarray(noise(bands=4), "CMYK"),
}
HELD = {
    ".png": ("1", "L", "LA", "P", "P+alpha", "RGB", "RGBA"),
    ".tif": ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK"),
    ".bmp": ("1", "L", "P", "RGB"),
    ".webp": ("RGB", "RGBA"),
    ".jpg": ("L", "RGB", "CMYK"),
}
CASES = [(suffix, form) for suffix, forms in HELD.items() for form in forms]


@pytest.mark.parametrize(("suffix", "form"), CASES)
def test_every_form_opens_as_its_rgb(tmp_path: Path, suffix: str, form: str) -> None:
    path = saved(tmp_path / f"in{suffix}", FORMS[form])
    photo = read_photo(path)
    with_alpha = loaded(path).convert("RGBA")
    assert photo.extent == Extent(48, 32)
    assert photo.path == path
    np.testing.assert_array_equal(photo.pixels, np.asarray(with_alpha.convert("RGB")))
    assert (photo.alpha is not None) == (form in {"LA", "P+alpha", "RGBA"})
    if photo.alpha is not None:
        np.testing.assert_array_equal(photo.alpha, np.asarray(with_alpha)[..., 3])


@pytest.mark.parametrize(("suffix", "form"), CASES)
@pytest.mark.parametrize("target", LOSSLESS)
def test_lossless_formats_keep_every_pixel(tmp_path: Path, suffix: str, form: str, target: str) -> None:
    photo = read_photo(saved(tmp_path / f"in{suffix}", FORMS[form]))
    write_photo(tmp_path / f"out{target}", photo.pixels, photo)
    again = read_photo(tmp_path / f"out{target}")
    np.testing.assert_array_equal(again.pixels, photo.pixels)
    if target == ".bmp" or photo.alpha is None:
        assert again.alpha is None
    else:
        np.testing.assert_array_equal(again.alpha, photo.alpha)
    assert loaded(tmp_path / f"out{target}").mode.startswith("L") == (form in {"1", "L", "LA"})


@settings(max_examples=25, deadline=None)
@given(width=st.integers(1, 70), height=st.integers(1, 70), seed=st.integers(0, 99), suffix=st.sampled_from(LOSSLESS))
def test_any_size_survives(
    tmp_path_factory: pytest.TempPathFactory, width: int, height: int, seed: int, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("any") / f"out{suffix}"
    pixels = noise(width, height, seed)
    write_photo(path, pixels, None)
    np.testing.assert_array_equal(read_photo(path).pixels, pixels)


def _told_by_xmp(path: Path, packet: bytes) -> Path:
    if path.suffix == ".tif":
        return saved(path, smooth(), tiffinfo={700: packet})
    if path.suffix == ".png":
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", packet.decode())
        return saved(path, smooth(), pnginfo=info)
    return saved(path, smooth(), xmp=packet)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
@pytest.mark.parametrize("teller", ["exif", "xmp"])
def test_orientation_is_applied_and_not_contradicted(
    tmp_path: Path, orientation: int, suffix: str, teller: str
) -> None:
    path = tmp_path / f"in{suffix}"
    if teller == "exif":
        saved(path, smooth(), exif=exif(orientation))
    else:
        _told_by_xmp(path, XMP % orientation)
    seen = np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))
    photo = read_photo(path)
    np.testing.assert_array_equal(photo.pixels, seen)

    out = resaved(path)
    with Image.open(out) as written:
        assert written.getexif().get(274, 1) == 1
        assert written.size == photo.extent
        assert np.abs(np.asarray(written.convert("RGB")).astype(int) - seen).mean() < 4
        if teller == "exif":
            below = written.getexif().get_ifd(34665)
            assert (below[0xA002], below[0xA003]) == photo.extent


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".bmp"])
def test_grey_stays_grey_until_a_pixel_has_colour(tmp_path: Path, suffix: str) -> None:
    photo = read_photo(saved(tmp_path / f"in{suffix}", smooth()[..., 0]))
    out = tmp_path / f"out{suffix}"
    write_photo(out, photo.pixels, photo)
    assert loaded(out).mode == "L"
    coloured = photo.pixels.copy()
    coloured[3, 4] = 200, 10, 10
    write_photo(out, coloured, photo)
    assert loaded(out).mode == "RGB"


def test_lossless_webp_stays_lossless(tmp_path: Path) -> None:
    photo = read_photo(saved(tmp_path / "in.webp", Image.fromarray(noise(bands=4)), lossless=True, exact=True))
    write_photo(tmp_path / "out.webp", photo.pixels, photo)
    again = read_photo(tmp_path / "out.webp")
    np.testing.assert_array_equal(again.pixels, photo.pixels)
    np.testing.assert_array_equal(again.alpha, photo.alpha)


def test_lossy_webp_stays_small(tmp_path: Path) -> None:
    photo = read_photo(saved(tmp_path / "in.webp", noise(200, 200)))
    write_photo(tmp_path / "out.webp", photo.pixels, photo)
    assert (tmp_path / "out.webp").stat().st_size < photo.pixels.nbytes * 0.8


@pytest.mark.parametrize("mode", ["CMYK", "LAB"])
def test_inks_open_as_srgb_with_a_notice(tmp_path: Path, mode: str) -> None:
    picture = Image.fromarray(noise(bands=4), "CMYK") if mode == "CMYK" else Image.fromarray(noise(), "LAB")
    photo = read_photo(saved(tmp_path / "in.tif", picture))
    assert [mode in notice for notice in photo.metadata.notices] == [True]
    assert (photo.metadata.icc_profile is None) == (mode == "CMYK")
    write_photo(tmp_path / "out.tif", photo.pixels, photo)
    again = read_photo(tmp_path / "out.tif")
    assert again.metadata.mode == "RGB"
    np.testing.assert_array_equal(again.pixels, photo.pixels)


@pytest.mark.parametrize("suffix", [".tif", ".webp", ".png", ".mpo"])
def test_several_pictures_open_as_the_first_with_a_notice(tmp_path: Path, suffix: str) -> None:
    frames = [Image.fromarray(smooth()), Image.fromarray(255 - smooth()), Image.fromarray(smooth()).rotate(180)]
    path = tmp_path / f"many{suffix}"
    frames[0].save(path, save_all=True, append_images=frames[1:], quality=95)
    photo = read_photo(path)
    (notice,) = photo.metadata.notices
    assert notice == f"{path.name} holds 3 pictures: the first was opened, and saving keeps only that one"
    assert np.abs(photo.pixels.astype(int) - smooth()).mean() < 4
    out = resaved(path, ".jpg" if suffix == ".mpo" else suffix)
    assert read_photo(out).metadata.notices == ()


def test_arrays_are_read_only(tmp_path: Path) -> None:
    photo = read_photo(saved(tmp_path / "in.png", FORMS["RGBA"]))
    assert not photo.pixels.flags.writeable
    assert photo.alpha is not None
    assert not photo.alpha.flags.writeable


def test_jpeg_drops_alpha_and_keeps_the_pixels_shown(tmp_path: Path) -> None:
    photo = read_photo(saved(tmp_path / "in.png", Image.fromarray(np.dstack([smooth(), noise()[..., :1]]))))
    write_photo(tmp_path / "out.jpg", photo.pixels, photo)
    again = read_photo(tmp_path / "out.jpg")
    assert again.alpha is None
    assert np.abs(again.pixels.astype(int) - smooth()).mean() < 2


def test_pixels_of_another_size_are_refused(tmp_path: Path) -> None:
    photo = read_photo(saved(tmp_path / "in.png", FORMS["RGB"]))
    with pytest.raises(ValueError, match="the photo"):
        write_photo(tmp_path / "out.png", noise(20, 20), photo)


def test_suffixes_in_capitals_are_as_good(tmp_path: Path) -> None:
    write_photo(tmp_path / "OUT.TIF", smooth(), None)
    assert loaded(tmp_path / "OUT.TIF").format == "TIFF"


def test_an_ending_that_names_no_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LacunaError, match=r"cannot save out\.gif: .*\.png"):
        write_photo(tmp_path / "out.gif", smooth(), None)
    assert list(tmp_path.glob("out*")) == []


@pytest.mark.parametrize(("suffix", "side"), [(".webp", 16_384), (".jpg", 65_501)])
def test_formats_with_a_largest_side_say_so(tmp_path: Path, suffix: str, side: int) -> None:
    with pytest.raises(LacunaError, match=r"pixels a side; save as PNG or TIFF"):
        write_photo(tmp_path / f"out{suffix}", np.zeros((1, side, 3), np.uint8), None)


def test_plain_images_are_written_as_they_are(tmp_path: Path) -> None:
    for pixels in (noise(), noise()[..., 0]):
        write_image(tmp_path / "plain.png", pixels)
        np.testing.assert_array_equal(np.asarray(loaded(tmp_path / "plain.png")), pixels)


def test_what_can_be_saved_can_be_opened() -> None:
    assert set(SAVE_SUFFIXES) <= set(OPEN_SUFFIXES)
