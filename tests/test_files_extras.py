"""HEIC, AVIF and camera raw files open where their extras are installed; elsewhere the error names the extra."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, features

from app.errors import LacunaError
from app.imaging.files import READ_ONLY_SUFFIXES, SAVE_SUFFIXES, read_photo, write_photo
from app.imaging.formats import heif, raw
from app.ui.session.file_record import suggested_name
from tests.photo_files import SRGB, exif, loaded, smooth


def dng(path: Path, level: int = 9000) -> Path:
    """The smallest DNG that LibRaw develops: a plain grey, as a Bayer mosaic with the sensor's own balance."""
    y, _ = np.mgrid[0:64, 0:96]
    mosaic = (level + 40 * y).astype(np.uint16)
    identity = [value for each in np.eye(3, dtype=int).ravel() for value in (int(each), 1)]
    tags = [
        (271, "s", 0, "Lacuna Works", True),
        (272, "s", 0, "Pinhole", True),
        (33421, "H", 2, (2, 2), True),
        (33422, "B", 4, bytes([0, 1, 1, 2]), True),
        (50706, "B", 4, bytes([1, 4, 0, 0]), True),
        (50707, "B", 4, bytes([1, 1, 0, 0]), True),
        (50708, "s", 0, "Lacuna Works Pinhole", True),
        (50714, "H", 1, 0, True),
        (50717, "H", 1, 16383, True),
        (50721, 10, 9, identity, True),
        (50728, 5, 3, (1, 1, 1, 1, 1, 1), True),
        (50778, "H", 1, 21, True),
    ]
    tifffile.imwrite(path, mosaic, photometric=32803, metadata=None, software=False, extratags=tags)
    return path


def test_a_raw_file_opens_at_16_bits(tmp_path: Path) -> None:
    pytest.importorskip("rawpy")
    photo = read_photo(dng(tmp_path / "in.dng"))
    assert (photo.pixels.dtype, photo.pixels.shape[2], photo.metadata.bits) == (np.uint16, 3, 16)
    assert photo.pixels[:16].mean() < photo.pixels[-16:].mean()
    assert len(np.unique(photo.pixels)) > 40
    write_photo(tmp_path / "out.tif", photo.pixels, photo)
    again = read_photo(tmp_path / "out.tif")
    np.testing.assert_array_equal(again.pixels, photo.pixels)
    tags = loaded(tmp_path / "out.tif").getexif()
    assert (tags[271], tags[272], tags.get(274, 1)) == ("Lacuna Works", "Pinhole", 1)


def test_a_damaged_raw_file_is_told(tmp_path: Path) -> None:
    pytest.importorskip("rawpy")
    (tmp_path / "in.nef").write_bytes(b"II\x2a\0 nothing of the kind")
    with pytest.raises(LacunaError, match=r"in\.nef is damaged"):
        read_photo(tmp_path / "in.nef")


def test_without_the_extra_the_error_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (heif, raw):
        monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(LacunaError, match=r"in\.dng is a camera raw file, which needs the extra raw"):
        read_photo(dng(tmp_path / "in.dng"))
    (tmp_path / "in.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    with pytest.raises(LacunaError, match=r"in\.heic is HEIC, which needs the extra heif \(pip"):
        read_photo(tmp_path / "in.heic")


@pytest.mark.parametrize("orientation", [1, 6])
def test_heic_opens_upright_with_its_metadata(tmp_path: Path, orientation: int) -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.register_heif_opener()
    path = tmp_path / "in.heic"
    Image.fromarray(smooth()).save(path, quality=-1, exif=exif(orientation), icc_profile=SRGB)
    photo = read_photo(path)
    seen = smooth() if orientation == 1 else np.rot90(smooth(), -1)
    assert np.abs(photo.pixels.astype(int) - seen).mean() < 3
    assert photo.metadata.icc_profile == SRGB
    write_photo(tmp_path / "out.jpg", photo.pixels, photo)
    assert loaded(tmp_path / "out.jpg").getexif()[271] == "Lacuna Works"
    assert read_photo(tmp_path / "out.jpg").extent == photo.extent


def test_heic_of_10_bits_opens_at_16(tmp_path: Path) -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    deep = np.dstack([np.linspace(0, 65535, 48 * 32).reshape(32, 48)] * 3).astype(np.uint16)
    pillow_heif.from_bytes(mode="RGB;16", size=(48, 32), data=deep.tobytes()).save(tmp_path / "in.heic", quality=-1)
    photo = read_photo(tmp_path / "in.heic")
    assert photo.pixels.dtype == np.uint16
    assert photo.metadata.notices == ()
    assert np.abs(photo.pixels.astype(int) - deep).mean() < 400


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow reads no AVIF")
def test_avif_opens(tmp_path: Path) -> None:
    Image.fromarray(smooth()).save(tmp_path / "in.avif", quality=95, exif=exif(1))
    photo = read_photo(tmp_path / "in.avif")
    assert np.abs(photo.pixels.astype(int) - smooth()).mean() < 5
    assert photo.metadata.exif is not None


def test_what_is_only_read_is_saved_as_a_tiff(tmp_path: Path) -> None:
    assert not set(READ_ONLY_SUFFIXES) & set(SAVE_SUFFIXES)
    assert suggested_name(None, "IMG_1.NEF", tmp_path).name == "IMG_1-edited.tif"
    with pytest.raises(LacunaError, match="its ending names no format"):
        write_photo(tmp_path / "out.heic", smooth(), None)
