"""16 bits per channel come in and go out bit for bit, upright, with all their metadata."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import tifffile
from PIL import Image, ImageOps

from app.errors import LacunaError
from app.imaging.depth import narrowed, widened
from app.imaging.files import read_photo, write_image, write_photo
from app.imaging.formats import deep as deep_pixels
from app.imaging.formats import exif as exif_blocks
from app.imaging.formats.fields import Field
from app.imaging.formats.tiff import encode_deep
from app.imaging.photo import Metadata, TiffCoding
from tests.photo_files import SRGB, loaded, noise, saved, smooth

HOLDERS = (".png", ".tif")
Deep = npt.NDArray[np.uint16]


def deep(bands: int = 3, width: int = 48, height: int = 32) -> Deep:
    """Values of all 16 bits."""
    shape = (height, width, bands) if bands > 1 else (height, width)
    return np.random.default_rng(bands).integers(0, 1 << 16, shape, dtype=np.uint16)


def tiff(path: Path, array: Deep, **options: Any) -> Path:
    """A 16-bit TIFF, colour where there are three channels or more."""
    extra = ["unassalpha"] if array.ndim == 3 and array.shape[2] == 4 else None
    options = {"photometric": "rgb" if array.ndim == 3 else "minisblack", "extrasamples": extra, **options}
    tifffile.imwrite(path, array, metadata=None, **options)
    return path


def png(path: Path, array: Deep, *extra: tuple[bytes, bytes]) -> Path:
    """A 16-bit PNG of one to four channels."""
    channels = 1 if array.ndim == 2 else array.shape[2]
    header = struct.pack(">IIBBBBB", array.shape[1], array.shape[0], 16, {1: 0, 2: 4, 3: 2, 4: 6}[channels], 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in array)
    chunks = [(b"IHDR", header), *extra, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(packed))
    return path


@pytest.mark.parametrize(
    ("source", "bands"), [(".png", 2), *((each, bands) for each in HOLDERS for bands in (1, 3, 4))]
)
@pytest.mark.parametrize("target", [".png", ".tif"])
def test_every_bit_survives(tmp_path: Path, bands: int, source: str, target: str) -> None:
    array = deep(bands)
    path = (png if source == ".png" else tiff)(tmp_path / f"in{source}", array)
    photo = read_photo(path)
    assert photo.metadata.notices == ()
    colour = array[..., :3] if bands > 2 else np.stack([array.reshape(32, 48, -1)[..., 0]] * 3, axis=2)
    np.testing.assert_array_equal(photo.pixels, colour)
    assert (photo.alpha is not None) == (bands in {2, 4})
    if photo.alpha is not None:
        np.testing.assert_array_equal(photo.alpha, array[..., -1])

    assert write_photo(tmp_path / f"out{target}", photo.pixels, photo) == ()
    again = read_photo(tmp_path / f"out{target}")
    assert (again.pixels.dtype, again.metadata.bits, again.metadata.notices) == (np.uint16, 16, ())
    np.testing.assert_array_equal(again.pixels, photo.pixels)
    if photo.alpha is not None:
        assert again.alpha is not None
        np.testing.assert_array_equal(again.alpha, photo.alpha)
    if bands == 1:
        assert loaded(tmp_path / f"out{target}").mode == "I;16"


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate"])
def test_a_tiff_keeps_its_compression(tmp_path: Path, compression: str) -> None:
    array = deep()
    if compression == "tiff_lzw":
        assert cv2.imwrite(str(tmp_path / "in.tif"), array[..., ::-1], [cv2.IMWRITE_TIFF_COMPRESSION, 5])
        path = tmp_path / "in.tif"
    else:
        path = tiff(tmp_path / "in.tif", array, compression=None if compression == "raw" else "zlib")
    photo = read_photo(path)
    np.testing.assert_array_equal(photo.pixels, array)
    write_photo(tmp_path / "out.tif", photo.pixels, photo)
    assert loaded(tmp_path / "out.tif").info["compression"] == compression
    np.testing.assert_array_equal(read_photo(tmp_path / "out.tif").pixels, array)


@pytest.mark.parametrize(
    "options",
    [
        {"byteorder": ">"},
        {"planarconfig": "separate"},
        {"tile": (16, 16)},
        {"compression": "zlib", "predictor": True},
        {"bigtiff": True},
    ],
    ids=str,
)
def test_every_layout_of_a_tiff_opens(tmp_path: Path, options: dict[str, Any]) -> None:
    array = deep()
    stored = np.moveaxis(array, 2, 0) if "planarconfig" in options else array
    np.testing.assert_array_equal(read_photo(tiff(tmp_path / "in.tif", stored, **options)).pixels, array)


def test_white_may_be_zero(tmp_path: Path) -> None:
    photo = read_photo(tiff(tmp_path / "in.tif", deep(1), photometric="miniswhite"))
    np.testing.assert_array_equal(photo.pixels[..., 0], 65535 - deep(1))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("compression", [None, "lzw"])
def test_tiffs_are_shown_upright(tmp_path: Path, orientation: int, compression: str | None) -> None:
    flat = saved(tmp_path / "flat.tif", smooth(), tiffinfo={274: orientation})
    seen = np.asarray(ImageOps.exif_transpose(Image.open(flat)))
    if compression:
        block = exif_blocks.block_of((Field(274, 3, 1, struct.pack("<H", orientation)),))
        lying = Metadata("TIFF", exif=block, coding=TiffCoding("tiff_lzw"))
        (tmp_path / "in.tif").write_bytes(encode_deep(widened(smooth()), lying))
    else:
        tiff(tmp_path / "in.tif", widened(smooth()), extratags=[(274, "H", 1, orientation, True)])
    photo = read_photo(tmp_path / "in.tif")
    np.testing.assert_array_equal(photo.pixels, widened(seen))
    write_photo(tmp_path / "out.tif", photo.pixels, photo)
    with Image.open(tmp_path / "out.tif") as out:
        assert out.getexif().get(274, 1) == 1


def test_tags_and_resolution_survive(tmp_path: Path) -> None:
    tags = [(270, "s", 0, "harbour", True), (315, "s", 0, "An artist", True), (34675, 7, len(SRGB), SRGB, True)]
    path = tiff(tmp_path / "in.tif", deep(), extratags=tags, resolution=(240, 240), resolutionunit="inch")
    photo = read_photo(path)
    write_photo(tmp_path / "out.tif", photo.pixels, photo)
    out = loaded(tmp_path / "out.tif").tag_v2  # type: ignore[attr-defined]
    assert (out[270], out[315], out[282], out[296]) == ("harbour", "An artist", 240, 2)
    assert out[34675] == SRGB


def test_other_formats_hold_8_bits_and_say_so(tmp_path: Path) -> None:
    photo = read_photo(png(tmp_path / "in.png", widened(smooth())))
    (notice,) = write_photo(tmp_path / "out.bmp", photo.pixels, photo)
    assert "out.bmp has 8 bits per channel" in notice
    np.testing.assert_array_equal(read_photo(tmp_path / "out.bmp").pixels, smooth())


def test_the_colour_that_stands_for_transparent_is_understood(tmp_path: Path) -> None:
    array = deep()
    photo = read_photo(png(tmp_path / "in.png", array, (b"tRNS", array[3, 4].astype(">u2").tobytes())))
    assert photo.alpha is not None
    assert np.argwhere(photo.alpha == 0).tolist() == [[3, 4]]


@pytest.mark.parametrize("kind", [np.float32, np.float16, np.float64, np.int16, np.uint32])
def test_other_samples_are_refused_with_a_sentence(tmp_path: Path, kind: type[np.generic]) -> None:
    tifffile.imwrite(tmp_path / "in.tif", np.ones((8, 8, 3), kind), photometric="rgb")
    with pytest.raises(LacunaError, match=r"in\.tif is a .* TIFF, which is not supported: convert it to 16 or 8 bits"):
        read_photo(tmp_path / "in.tif")


def test_colours_multiplied_by_alpha_open_at_8_bits_with_a_notice(tmp_path: Path) -> None:
    photo = read_photo(tiff(tmp_path / "in.tif", deep(4), extrasamples=["assocalpha"]))
    assert photo.pixels.dtype == np.uint8
    assert "16 bits per channel: it was opened at 8 bits" in photo.metadata.notices[0]


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_a_file_cut_short_is_refused(tmp_path: Path, suffix: str) -> None:
    path = (png if suffix == ".png" else tiff)(tmp_path / f"in{suffix}", deep())
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(LacunaError, match="damaged or cut short"):
        read_photo(path)


def test_plain_images_keep_their_depth_and_profile(tmp_path: Path) -> None:
    write_image(tmp_path / "stage.png", deep(), SRGB)
    photo = read_photo(tmp_path / "stage.png")
    np.testing.assert_array_equal(photo.pixels, deep())
    assert photo.metadata.icc_profile == SRGB
    write_image(tmp_path / "stage.png", smooth(), SRGB[:16] + b"GRAY" + SRGB[20:])
    assert read_photo(tmp_path / "stage.png").metadata.icc_profile is None


def test_narrowing_rounds_and_widening_is_its_inverse() -> None:
    every = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    assert np.abs(narrowed(every) - every / 257).max() <= 0.5
    np.testing.assert_array_equal(narrowed(widened(noise())), noise())
    flat = noise()
    assert narrowed(flat) is flat


def test_without_tifffile_a_tiff_opens_at_8_bits_and_is_saved_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tiff(tmp_path / "in.tif", deep())
    photo = read_photo(path)
    monkeypatch.setattr(deep_pixels, "find_spec", lambda name: None)
    assert "it was opened at 8 bits" in read_photo(path).metadata.notices[0]
    write_photo(tmp_path / "out.tif", photo.pixels, photo)
    monkeypatch.undo()
    np.testing.assert_array_equal(read_photo(tmp_path / "out.tif").pixels, photo.pixels)
