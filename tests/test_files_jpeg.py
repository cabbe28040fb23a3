"""A JPEG comes back with the coding and the segments of its source."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from app import __version__
from app.imaging.files import read_photo, write_photo
from app.imaging.formats import exif as exif_blocks
from app.imaging.formats.fields import Field
from tests.photo_files import (
    MAKER_NOTE,
    SRGB,
    THUMBNAIL,
    encoded,
    exif,
    jpeg_facts,
    loaded,
    noise,
    resaved,
    saved,
    smooth,
)

SIGNATURE = f"Lacuna {__version__}\0".encode()


@pytest.mark.parametrize("quality", [30, 75, 92, 100])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_is_coded_as_its_source(tmp_path: Path, quality: int, subsampling: int, progressive: bool) -> None:
    options = {"quality": quality, "subsampling": subsampling, "progressive": progressive}
    path = saved(tmp_path / "in.jpg", smooth(), **options)
    assert jpeg_facts(resaved(path)) == jpeg_facts(path)


@pytest.mark.parametrize("orientation", [3, 6])
def test_turned_jpeg_is_coded_as_its_source(tmp_path: Path, orientation: int) -> None:
    path = saved(tmp_path / "in.jpg", smooth(), quality=85, exif=exif(orientation))
    assert jpeg_facts(resaved(path)) == jpeg_facts(path)


def test_jpeg_tables_are_kept_for_every_component(tmp_path: Path) -> None:
    tables = [[value] * 64 for value in (3, 5)]
    path = saved(tmp_path / "in.jpg", smooth(), qtables=tables, subsampling=0)
    assert jpeg_facts(resaved(path))[0] == dict(enumerate(tables))


def test_grey_jpeg_keeps_its_table(tmp_path: Path) -> None:
    path = saved(tmp_path / "in.jpg", smooth()[..., 0], quality=80)
    assert jpeg_facts(resaved(path)) == jpeg_facts(path)


def test_unusual_subsampling_becomes_full_chroma(tmp_path: Path) -> None:
    data = bytearray(encoded(smooth(64, 64), "JPEG", subsampling=1))
    data[data.index(b"\xff\xc0") + 11] = 0x12  # luma twice as high instead of twice as wide: 4:4:0
    (tmp_path / "in.jpg").write_bytes(data)
    assert jpeg_facts(resaved(tmp_path / "in.jpg"))[1] == 0


def test_jpeg_of_rgb_components_stays_one(tmp_path: Path) -> None:
    path = saved(tmp_path / "in.jpg", smooth(), keep_rgb=True, quality=90)
    out = resaved(path)
    image = loaded(out)
    assert isinstance(image, JpegImageFile)
    assert [layer[0] for layer in image.layer] == list(b"RGB")
    assert np.abs(read_photo(out).pixels.astype(int) - smooth()).mean() < 3


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif", ".bmp"])
def test_new_jpegs_have_high_quality_and_full_chroma(tmp_path: Path, suffix: str) -> None:
    out = resaved(saved(tmp_path / f"in{suffix}", smooth()), ".jpg")
    assert jpeg_facts(out) == jpeg_facts(saved(tmp_path / "like.jpg", smooth(), quality=95, subsampling=0))


@pytest.mark.parametrize("progressive", [False, True])
def test_noise_at_the_highest_quality_is_saved(tmp_path: Path, progressive: bool) -> None:
    options = {"qtables": [[1] * 64] * 2, "subsampling": 0, "progressive": progressive}
    photo = read_photo(saved(tmp_path / "in.jpg", smooth(400, 300), **options))
    pixels = noise(400, 300)
    write_photo(tmp_path / "out.jpg", pixels, photo)
    assert (tmp_path / "out.jpg").stat().st_size > 2 * 400 * 300
    assert np.abs(read_photo(tmp_path / "out.jpg").pixels.astype(int) - pixels).max() <= 4


def test_jpeg_segments_survive(tmp_path: Path) -> None:
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", 6) + b"iptc!!"
    preview = b"8BIM\x04\x0c\0\0" + struct.pack(">I", 5) + b"stale\0"
    photoshop = b"Photoshop 3.0\0" + preview + resource
    extra = b"".join(
        struct.pack(">BBH", 255, marker, len(payload) + 2) + payload
        for marker, payload in ((0xED, photoshop), (0xE5, b"Maker's own"), (0xE2, b"MPF\0of further pictures"))
    )
    path = saved(tmp_path / "in.jpg", smooth(), comment=b"by hand", dpi=(150, 150), extra=extra)
    with Image.open(resaved(path)) as out:
        segments = out.applist  # type: ignore[attr-defined]
    assert segments == [
        ("APP0", b"JFIF\0\1\1\1\0\x96\0\x96\0\0"),
        ("APP13", b"Photoshop 3.0\0" + resource),
        ("APP5", b"Maker's own"),
        ("COM", b"by hand"),
    ]


def test_exif_of_a_jpeg_changes_in_the_necessary_bytes_only(tmp_path: Path) -> None:
    path = saved(tmp_path / "in.jpg", smooth(), exif=exif(6, thumbnail=True))
    before, after = loaded(path).info["exif"], loaded(resaved(path)).info["exif"]
    upright = exif_blocks.fields_of(exif(1, 32, 48)[6:])
    signature = Field(305, 2, len(SIGNATURE), SIGNATURE)
    assert exif_blocks.fields_of(after[6:]) == tuple(sorted((*upright, signature), key=lambda field: field.tag))
    assert after.index(MAKER_NOTE) == before.index(MAKER_NOTE), "its inner offsets count from the block's start"
    assert THUMBNAIL not in after


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_the_thumbnail_is_not_left_in_the_file(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path / "in.jpg", smooth(), exif=exif(thumbnail=True))
    assert THUMBNAIL in path.read_bytes()
    assert THUMBNAIL not in resaved(path, suffix).read_bytes()


def test_long_profiles_and_blocks_span_segments(tmp_path: Path) -> None:
    profile = SRGB + bytes(150_000)
    path = saved(tmp_path / "in.png", smooth(), icc_profile=profile, exif=exif() + bytes(100_000))
    out = loaded(resaved(path, ".jpg"))
    assert out.info["icc_profile"] == profile
    assert exif_blocks.fields_of(out.info["exif"][6:])[0] == exif_blocks.fields_of(exif()[6:])[0]
    assert len(out.info["exif"]) > 100_000
