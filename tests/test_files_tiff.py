"""A TIFF comes back with its compression and its tags."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import TiffImagePlugin

from app.imaging.files import read_photo
from tests.photo_files import loaded, resaved, saved, smooth


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_tiff_keeps_its_compression(tmp_path: Path, compression: str) -> None:
    path = saved(tmp_path / "in.tif", smooth(), compression=compression)
    assert loaded(resaved(path)).info["compression"] == compression


def test_tiff_of_lossy_compression_becomes_lossless(tmp_path: Path) -> None:
    path = saved(tmp_path / "in.tif", smooth(), compression="jpeg")
    out = resaved(path)
    assert loaded(out).info["compression"] == "tiff_lzw"
    np.testing.assert_array_equal(read_photo(out).pixels, read_photo(path).pixels)


@pytest.mark.parametrize("prefix", [b"II\x2a\0", b"MM\0\x2a", b"II\x2b\0"])
def test_tiff_tags_survive_in_both_byte_orders_and_both_sizes(tmp_path: Path, prefix: bytes) -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270], tags[315], tags[33432] = "harbour at night", "An artist", "all rights"
    tags[33723], tags.tagtype[33723] = b"\x1c\x02\x00\0\2\0\4", 7
    tags[34377], tags.tagtype[34377] = b"8BIM\x04\x0c\0\0\0\0\0\4old!8BIM\x04\x04\0\0\0\0\0\4iptc", 1
    tags[65001], tags.tagtype[65001] = (1.5, -2.5), 12
    tags[282], tags[283], tags[296] = 118.11, 118.11, 3
    path = _tiff(tmp_path / "in.tif", prefix, tags)
    out = loaded(resaved(path)).tag_v2  # type: ignore[attr-defined]
    for tag in (270, 315, 33432, 33723, 65001, 282, 283, 296):
        assert out[tag] == tags[tag], tag
    assert out[34377] == b"8BIM\x04\x04\0\0\0\0\0\4iptc"
    assert read_photo(path).metadata.dpi == pytest.approx((300, 300), rel=1e-3)


def _tiff(path: Path, prefix: bytes, tags: TiffImagePlugin.ImageFileDirectory_v2) -> Path:
    """An uncompressed RGB TIFF: header, directory, pixels."""
    pixels = smooth()
    order, big = ("<" if prefix[:2] == b"II" else ">"), b"\x2b" in prefix
    header = prefix + (struct.pack(order + "HHQ", 8, 0, 16) if big else struct.pack(order + "I", 8))
    directory = TiffImagePlugin.ImageFileDirectory_v2(header)
    for tag, value in tags.items():
        directory.tagtype[tag] = tags.tagtype[tag]
        directory[tag] = value
    for tag, value in {256: 48, 257: 32, 258: (8, 8, 8), 259: 1, 262: 2, 277: 3, 278: 32, 284: 1}.items():
        directory[tag] = value
    directory.tagtype[273] = directory.tagtype[279] = 4
    directory[273], directory[279] = 0, pixels.nbytes  # Pillow counts from behind the directory
    path.write_bytes(header + directory.tobytes(len(header)) + pixels.tobytes())
    return path
