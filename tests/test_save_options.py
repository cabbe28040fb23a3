"""What one may choose when saving: quality, chroma, compression, and what of the file's words goes along."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin
from PIL.ExifTags import IFD, Base

from app.imaging.depth import widened
from app.imaging.files import read_photo, write_photo
from app.imaging.save_options import Chroma, Keep, SaveOptions, TiffCompression
from tests.photo_files import MAKER_NOTE, SRGB, XMP, exif, jpeg_facts, loaded, noise, saved, smooth

PLACE = b'<rdf:Description exif:GPSLatitude="48,8.2N" dc:title="x"/><exif:GPSLongitude>11,3E</exif:GPSLongitude>'


@pytest.fixture
def camera(tmp_path: Path) -> Path:
    """A JPEG with position, profile, XMP and comment."""
    packet = (XMP % 1).replace(b"</rdf:RDF>", PLACE + b"</rdf:RDF>")
    options = {"exif": exif(), "xmp": packet, "icc_profile": SRGB, "comment": b"by me", "quality": 88}
    return saved(tmp_path / "camera.jpg", smooth(), **options)


def written(source: Path, options: SaveOptions, suffix: str = ".jpg", *, edited: bool = True) -> Path:
    photo = read_photo(source)
    pixels = photo.pixels.copy()
    if edited:
        pixels[8:12, 8:12] = 200
    out = source.with_name(f"out{suffix}")
    write_photo(out, pixels, photo, options)
    return out


def test_a_quality_of_ones_own_encodes_anew(camera: Path) -> None:
    low, high = written(camera, SaveOptions(quality=20)).stat().st_size, written(camera, SaveOptions(quality=100))
    assert low < high.stat().st_size
    assert loaded(high).info["icc_profile"] == SRGB


@pytest.mark.parametrize(("chroma", "sampling"), [(Chroma.FULL, 0), (Chroma.HALF, 1), (Chroma.QUARTER, 2)])
def test_chroma(camera: Path, chroma: Chroma, sampling: int) -> None:
    assert jpeg_facts(written(camera, SaveOptions(quality=90, chroma=chroma)))[1] == sampling


def test_a_png_becomes_a_jpeg_of_that_quality(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.png", noise(), dpi=(300, 300))
    out = written(source, SaveOptions(quality=30))
    assert out.stat().st_size < written(source, SaveOptions(), ".jpeg").stat().st_size
    assert loaded(out).info["dpi"] == (300, 300)


def test_webp_quality_and_losslessness(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.png", noise())
    small = written(source, SaveOptions(quality=20), ".webp").stat().st_size
    assert small < written(source, SaveOptions(), ".webp").stat().st_size
    exact = written(source, SaveOptions(lossless=True), ".webp", edited=False)
    assert (read_photo(exact).pixels == noise()).all()


def test_png_effort_changes_the_size_and_not_the_pixels(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.png", smooth())
    plain = written(source, SaveOptions(png_level=0), edited=False, suffix=".png")
    size = plain.stat().st_size
    best = written(source, SaveOptions(png_level=9), edited=False, suffix=".png")
    assert best.stat().st_size < size
    assert (read_photo(best).pixels == smooth()).all()


def test_deep_png_effort(tmp_path: Path) -> None:
    photo = read_photo(saved(tmp_path / "a.png", smooth(200, 200)))
    deep = widened(photo.pixels)
    sizes = []
    for level in (0, 9):
        write_photo(tmp_path / f"{level}.png", deep, photo, SaveOptions(png_level=level))
        sizes.append((tmp_path / f"{level}.png").stat().st_size)
        assert (read_photo(tmp_path / f"{level}.png").pixels == deep).all()
    assert sizes[1] < sizes[0]


@pytest.mark.parametrize(
    ("wanted", "number"), [(TiffCompression.NONE, 1), (TiffCompression.LZW, 5), (TiffCompression.DEFLATE, 8)]
)
def test_tiff_compression(tmp_path: Path, wanted: TiffCompression, number: int) -> None:
    out = written(saved(tmp_path / "a.png", smooth()), SaveOptions(tiff=wanted), ".tif", edited=False)
    image = loaded(out)
    assert isinstance(image, TiffImagePlugin.TiffImageFile)
    assert image.tag_v2[259] == number
    assert (read_photo(out).pixels == smooth()).all()


@pytest.mark.parametrize("edited", [True, False])
@pytest.mark.parametrize("quality", [None, 90])
def test_the_place_alone_is_left_out(camera: Path, quality: int | None, edited: bool) -> None:
    out = written(camera, SaveOptions(quality=quality, keep=Keep.NO_PLACE), edited=edited)
    tags = loaded(out).getexif()
    assert not tags.get_ifd(IFD.GPSInfo)
    assert tags[Base.Make] == "Lacuna Works"
    assert tags.get_ifd(IFD.Exif)[37500] == MAKER_NOTE
    data = out.read_bytes()
    assert b"GPSL" not in data
    assert b"harbour" in data
    assert b"by me" in data
    assert loaded(out).info["icc_profile"] == SRGB


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_nothing_but_profile_and_resolution_is_kept(camera: Path, suffix: str) -> None:
    out = written(camera, SaveOptions(keep=Keep.NOTHING), suffix)
    data = out.read_bytes()
    for word in (b"Lacuna Works", b"harbour", b"by me", b"GPSL"):
        assert word not in data
    assert not loaded(out).getexif().get_ifd(IFD.GPSInfo)
    assert loaded(out).info["icc_profile"] == SRGB


def test_leaving_out_the_words_keeps_the_cameras_blocks(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.jpg", noise(64, 64), quality=90, exif=exif())
    out = written(source, SaveOptions(keep=Keep.NOTHING))
    same = (read_photo(out).pixels == read_photo(source).pixels).all(axis=2)
    assert same[32:].all(), "far from the edit nothing was encoded anew"


def test_what_follows_the_picture_goes_too(camera: Path) -> None:
    camera.write_bytes(camera.read_bytes() + b"a second picture, with GPSLatitude")
    out = written(camera, SaveOptions(keep=Keep.NO_PLACE), edited=False)
    assert b"second" not in out.read_bytes()


def test_png_text_is_left_out(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Author", "somebody")
    source = saved(tmp_path / "a.png", smooth(), pnginfo=words, dpi=(300, 300))
    assert b"somebody" in written(source, SaveOptions(), ".png").read_bytes()
    out = written(source, SaveOptions(keep=Keep.NOTHING), ".png")
    assert b"somebody" not in out.read_bytes()
    assert round(loaded(out).info["dpi"][0]) == 300


def test_the_untouched_jpeg_is_still_the_same_file(camera: Path) -> None:
    assert written(camera, SaveOptions(), edited=False).read_bytes() == camera.read_bytes()


def test_a_png_opens_for_pillow_after_each_choice(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.png", Image.fromarray(np.dstack([smooth(), noise()[..., 0]])))
    for options in (SaveOptions(png_level=1), SaveOptions(keep=Keep.NO_PLACE)):
        assert loaded(written(source, options, ".png")).mode == "RGBA"
