"""A PNG comes back with the chunks that stay true."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from PIL.PngImagePlugin import PngInfo

from app.imaging.files import read_photo
from app.imaging.formats import exif as exif_blocks
from app.imaging.geometry import Extent
from tests.photo_files import SRGB, encoded, exif, loaded, resaved, saved, smooth


def test_png_chunks_survive(tmp_path: Path) -> None:
    info = PngInfo()
    info.add_text("Title", "harbour")
    info.add_text("Comment", "long " * 50, zip=True)
    info.add_itxt("Author", "Ł. Ö.")
    info.add(b"gAMA", struct.pack(">I", 45455))
    info.add(b"tIME", bytes(7))
    info.add(b"prVt", b"kept")
    info.add(b"prVT", b"about the pixels", after_idat=False)
    path = saved(tmp_path / "in.png", smooth(), pnginfo=info, dpi=(150, 75))
    before, after = loaded(path), loaded(resaved(path))
    assert after.text == before.text  # type: ignore[attr-defined]
    for key in ("dpi", "gamma"):
        assert after.info[key] == before.info[key]
    chunks = _chunk_names(tmp_path / "out.png")
    assert b"prVt" in chunks
    assert not {b"tIME", b"prVT"} & chunks


def test_png_profile_keeps_its_name(tmp_path: Path) -> None:
    plain = encoded(smooth(), "PNG")
    data = b"Studio\0\0" + zlib.compress(SRGB)
    chunk = struct.pack(">I", len(data)) + b"iCCP" + data + struct.pack(">I", zlib.crc32(b"iCCP" + data))
    (tmp_path / "in.png").write_bytes(plain[:33] + chunk + plain[33:])
    assert chunk in resaved(tmp_path / "in.png").read_bytes()


def test_exif_in_a_text_chunk_is_understood(tmp_path: Path) -> None:
    block = exif(6)
    info = PngInfo()
    info.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n{block.hex()}\n")
    path = saved(tmp_path / "in.png", smooth(), pnginfo=info)
    out = resaved(path)
    assert read_photo(path).extent == Extent(32, 48)
    assert exif_blocks.orientation(read_photo(out).metadata.exif) == 1
    assert "Raw profile type exif" not in loaded(out).info


def _chunk_names(path: Path) -> set[bytes]:
    data, position, names = path.read_bytes(), 8, set()
    while position < len(data):
        length, name = struct.unpack_from(">I4s", data, position)
        assert struct.unpack_from(">I", data, position + 8 + length)[0] == zlib.crc32(
            data[position + 4 :][: length + 4]
        )
        names.add(name)
        position += length + 12
    return names
