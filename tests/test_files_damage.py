"""Whatever is wrong with a file: one sentence that names it, nothing on stderr, nothing half-read."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.errors import LacunaError
from app.imaging.files import HugeImageError, read_mask, read_photo, write_photo
from app.imaging.formats import opening, oversize
from app.imaging.geometry import Extent
from tests.fuzzing import nasties
from tests.photo_files import encoded, noise, saved, smooth

CODINGS: dict[str, tuple[str, dict[str, object]]] = {
    "a.jpg": ("JPEG", {}),
    "progressive.jpg": ("JPEG", {"progressive": True}),
    "a.png": ("PNG", {}),
    "a.webp": ("WEBP", {}),
    "lossless.webp": ("WEBP", {"lossless": True}),
    "a.tif": ("TIFF", {}),
    "lzw.tif": ("TIFF", {"compression": "tiff_lzw"}),
    "deflate.tif": ("TIFF", {"compression": "tiff_adobe_deflate"}),
    "a.bmp": ("BMP", {}),
}


def _sentence(path: Path, *, allow_huge: bool = False) -> str:
    with pytest.raises(LacunaError) as caught:
        read_photo(path, allow_huge=allow_huge)
    text = str(caught.value)
    assert path.name in text
    assert "\n" not in text
    assert not text.endswith(".")
    return text


def test_a_missing_file(tmp_path: Path) -> None:
    assert "does not exist" in _sentence(tmp_path / "gone.jpg")
    assert "does not exist" in _sentence(tmp_path / "no folder" / "gone.jpg")


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "holiday.jpg"
    folder.mkdir()
    assert "is a folder" in _sentence(folder)


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = saved(tmp_path / "a.png", smooth())
    monkeypatch.setattr(Path, "open", refuse)
    assert "Permission denied" in _sentence(path)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    assert "is empty" in _sentence(tmp_path / "a.jpg")


@pytest.mark.parametrize(
    "data", [b"x", b"hello, this is no image at all " * 9, b"\xff\xd8\xff", b"II*\0", b"BM", bytes(500)]
)
def test_no_image(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(data)
    assert "not an image of a known kind" in _sentence(tmp_path / "a.jpg")


def test_an_image_of_another_kind(tmp_path: Path) -> None:
    assert "use JPEG, PNG, WebP, TIFF or BMP" in _sentence(saved(tmp_path / "a.gif", smooth()))


def test_a_camera_raw_file(tmp_path: Path) -> None:
    (tmp_path / "a.NEF").write_bytes(encoded(smooth(), "TIFF"))
    with pytest.raises(LacunaError, match="develop it"):
        read_mask(tmp_path / "a.NEF", Extent(48, 32))


@pytest.mark.parametrize("name", CODINGS)
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.99])
def test_a_truncated_file(tmp_path: Path, name: str, share: float, capfd: pytest.CaptureFixture[str]) -> None:
    file_format, options = CODINGS[name]
    data = encoded(noise(100, 80), file_format, **options)
    (tmp_path / name).write_bytes(data[: int(len(data) * share)])
    _sentence(tmp_path / name)
    assert capfd.readouterr() == ("", "")


def test_damaged_strips_say_nothing_on_stderr(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = bytearray(encoded(noise(100, 80), "TIFF", compression="tiff_lzw"))
    data[50:5000] = b"\xff" * 4950
    (tmp_path / "a.tif").write_bytes(data)
    assert "is damaged" in _sentence(tmp_path / "a.tif")
    assert capfd.readouterr() == ("", "")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(CODINGS)),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_a_damaged_file_opens_or_says_why(tmp_path: Path, name: str, changes: list[tuple[float, int]]) -> None:
    file_format, options = CODINGS[name]
    data = bytearray(encoded(smooth(16, 12), file_format, **options))
    for place, value in changes:
        data[int(place * len(data))] = value
    (tmp_path / name).write_bytes(data)
    try:
        photo = read_photo(tmp_path / name)
    except LacunaError as error:
        assert name in str(error)  # noqa: PT017
    else:
        assert photo.pixels.shape == (*photo.extent[::-1], 3)


@pytest.mark.parametrize("kind", ["float", "integer"])
def test_samples_that_are_no_plain_numbers(tmp_path: Path, kind: str) -> None:
    values = np.zeros((8, 8), np.float32 if kind == "float" else np.int32)
    text = _sentence(saved(tmp_path / "a.tif", Image.fromarray(values)))
    assert ("floating-point" if kind == "float" else "signed integer") in text


def test_signed_samples(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(_with_sample_format(encoded(smooth(), "TIFF"), 2))
    assert "signed integer" in _sentence(path)


def test_floating_point_colour_that_pillow_does_not_know(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(_with_sample_format(encoded(smooth(), "TIFF"), 3))
    assert "floating-point" in _sentence(tmp_path / "a.tif")


def _with_sample_format(data: bytes, sample_format: int) -> bytes:
    """In place of the tag that counts the samples of a pixel, which is 3."""
    entry = struct.pack("<HHI", 277, 3, 1)
    place = data.index(entry)
    return data[:place] + struct.pack("<HHIHH", 339, 3, 1, sample_format, 0) + data[place + 12 :]


def _bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def test_a_bomb_names_its_size_and_the_way_round(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(_bomb(20_000, 20_000))
    text = _sentence(tmp_path / "a.png")
    assert "400 megapixels (20000×20000) and would take about 4.8 GB of memory" in text
    assert "allow huge images" in text
    with pytest.raises(LacunaError, match=r"the mask a\.png is 20000×20000 pixels, the image 48×32"):
        read_mask(tmp_path / "a.png", Extent(48, 32))


def test_what_is_a_bomb_opens_when_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    path = saved(tmp_path / "a.png", smooth())
    monkeypatch.setattr(opening, "PIXEL_LIMIT", 48 * 32 - 1)
    assert "48×32" in _sentence(path)
    with pytest.raises(HugeImageError):
        read_photo(path)
    np.testing.assert_array_equal(read_photo(path, allow_huge=True).pixels, smooth())
    monkeypatch.setattr(opening, "PIXEL_LIMIT", 48 * 32)
    read_photo(path)
    monkeypatch.setattr(opening, "PIXEL_LIMIT", 48 * 32 - 1)
    assert read_mask(path, Extent(48, 32)).shape == (32, 48)
    assert not recwarn.list


def test_the_limit_may_be_another_one(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", smooth())
    with pytest.raises(HugeImageError):
        read_photo(path, pixel_limit=48 * 32 - 1)
    assert read_photo(path, pixel_limit=48 * 32).extent == Extent(48, 32)
    assert read_photo(path, pixel_limit=1, allow_huge=True).extent == Extent(48, 32)


def test_a_file_that_does_not_fit_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_out(*_: object) -> None:
        raise MemoryError

    path = saved(tmp_path / "a.png", smooth())
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load_prepare", run_out)
    assert "does not fit into memory" in _sentence(path)


@pytest.mark.parametrize("what", ["EXIF data", "XMP data", "further data"])
def test_metadata_beyond_all_measure_is_left_out_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(oversize, "BLOCK_LIMIT", 1000)
    block = b"II*\0\x08\0\0\0" + bytes(2000)
    packet = b"XML:com.adobe.xmp\0\0\0\0\0" + b" " * 2000
    kind, data = {"EXIF data": (b"eXIf", block), "XMP data": (b"iTXt", packet)}.get(what, (b"prVt", bytes(2000)))
    path = tmp_path / "a.png"
    path.write_bytes(nasties.png(48, 32, nasties.chunk(kind, data)))
    photo = read_photo(path)
    assert any(f"MB of {what}, more than is kept" in notice for notice in photo.metadata.notices)
    write_photo(tmp_path / "out.png", photo.pixels, photo)
    assert len((tmp_path / "out.png").read_bytes()) < 1000


def test_exif_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(nasties.png(48, 32, nasties.chunk(b"eXIf", b"no directory at all")))
    assert any("EXIF data that cannot be read" in notice for notice in read_photo(path).metadata.notices)


def test_a_mask_of_another_size_is_refused_before_it_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "a.png", smooth())
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load_prepare", pytest.fail)
    with pytest.raises(LacunaError, match="the image 20×10"):
        read_mask(path, Extent(20, 10))
