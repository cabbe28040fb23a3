"""Only the formats of the list are ever decoded, whatever a file is called and whoever asks."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import PIL.Image
import pytest
import tifffile
from PIL import EpsImagePlugin, Image
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from app.errors import LacunaError
from app.imaging.files import read_mask, read_photo
from app.imaging.formats.catalog import NAMES
from app.imaging.geometry import Extent
from app.imaging.photo_thumbnails import read_thumbnail
from app.ui.session.clipping import holds_picture, picture_in
from tests.photo_files import encoded, smooth

APP = Path(__file__).parent.parent / "app"
ALLOWED = {*NAMES, "MPO"}
MASKS = {*ALLOWED, "GIF", "PPM", "TGA"}
EXTENT = Extent(48, 32)


@cache
def others() -> dict[str, bytes]:
    """Files of formats that Pillow, OpenCV or Qt could read, by format."""
    picture = Image.fromarray(smooth())
    return {
        **{name: encoded(picture, name) for name in ("ICO", "EPS", "PCX", "SGI", "DDS", "JPEG2000", "ICNS", "TGA")},
        "GIF": encoded(picture, "GIF"),
        "PPM": encoded(picture, "PPM"),
        "PSD": b"8BPS\0\1" + bytes(6) + b"\0\3\0\0\0\x20\0\0\0\x30\0\x08\0\3" + bytes(3200),
        "FITS": b"SIMPLE  =                    T".ljust(80) + b"END".ljust(2800),
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" width="48" height="32"/>',
        "PDF": b"%PDF-1.4\n1 0 obj\n",
        "HDR": b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 32 +X 48\n" + bytes(6144),
        "XPM": b'/* XPM */\nstatic char * a[] = {"2 1 1 1", "a c #000000", "aa"};\n',
    }


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The formats whose decoders were called: Pillow's by their names."""
    found: set[str] = set()
    PIL.Image.init()

    def watched(name: str, factory: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            found.add(name)
            return factory(*arguments)

        return call

    for name, (factory, accept) in PIL.Image.OPEN.items():
        monkeypatch.setitem(PIL.Image.OPEN, name, (watched(name, factory), accept))
    for module, name in ((cv2, "imdecode"), (cv2, "imread"), (tifffile, "TiffFile"), (EpsImagePlugin, "Ghostscript")):
        monkeypatch.setattr(module, name, watched(name, getattr(module, name)))
    return found


@pytest.mark.parametrize("suffix", [None, ".jpg", ".png", ".tif", ".webp"])
@pytest.mark.parametrize("name", others())
def test_a_photo_of_another_format_reaches_no_decoder(tmp_path: Path, tried: set[str], name: str, suffix: str) -> None:
    path = tmp_path / f"photo{suffix or '.' + name.lower()}"
    path.write_bytes(others()[name])
    for read in (read_photo, read_thumbnail):
        with pytest.raises(LacunaError, match="known kind"):
            read(path)
    assert tried == set()


@pytest.mark.parametrize("name", others())
def test_a_mask_of_another_format_reaches_no_decoder(tmp_path: Path, tried: set[str], name: str) -> None:
    path = tmp_path / "mask.png"
    path.write_bytes(others()[name])
    if name in MASKS:
        assert read_mask(path, EXTENT).shape == EXTENT[::-1]
    else:
        with pytest.raises(LacunaError):
            read_mask(path, EXTENT)
    assert tried <= MASKS


def test_the_watch_sees_decoders(tmp_path: Path, tried: set[str]) -> None:
    deep = np.zeros((8, 8, 3), np.uint16)
    for name, data in (("a.png", encoded(smooth(), "PNG")), ("b.jpg", encoded(smooth(), "JPEG"))):
        (tmp_path / name).write_bytes(data)
        read_photo(tmp_path / name)
    tifffile.imwrite(tmp_path / "c.tif", deep, photometric="rgb")
    read_photo(tmp_path / "c.tif")
    assert {"PNG", "JPEG", "TIFF", "TiffFile"} <= tried


@pytest.mark.parametrize("kind", ["image/svg+xml", "image/gif", "image/x-icon"])
def test_the_clipboard_hands_no_other_format_to_qt(kind: str) -> None:
    data = QMimeData()
    data.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    assert holds_picture(data)
    data.setData(kind, b"<svg/>")
    assert not holds_picture(data)
    assert picture_in(data) is None


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes with names here")
    os.mkfifo(tmp_path / "sea.png")
    with pytest.raises(LacunaError, match="is a pipe"):
        read_photo(tmp_path / "sea.png")


def test_qt_reads_no_image_files() -> None:
    """`QImageReader`, or a QImage or QPixmap made from a name or from bytes, would take whatever Qt has plugins for."""
    readers = {"QImageReader", "QMovie", "QSvgRenderer", "loadFromData", "fromData"}
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
            assert name not in readers, f"{path}: {name}"
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"QImage", "QPixmap"}:
                assert all(not isinstance(each, ast.JoinedStr) and not _is_text(each) for each in node.args), path


def _is_text(node: ast.expr) -> bool:
    is_str = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "str"
    return is_str or (isinstance(node, ast.Constant) and isinstance(node.value, str))
