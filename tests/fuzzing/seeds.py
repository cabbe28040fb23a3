"""Small valid files of every kind, to be damaged."""

from __future__ import annotations

import io
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from PIL import Image, ImageCms, features

from tests.fuzzing.case import Files, Kind
from tests.photo_files import SRGB, XMP, encoded, exif, noise, smooth

WIDTH, HEIGHT = 60, 44

_JPEG_PREVIEW = encoded(smooth(16, 12), "JPEG")
Seed = tuple[Kind, Files]


def photos() -> dict[str, bytes]:
    """By file name."""
    picture = smooth(WIDTH, HEIGHT)
    grainy = noise(WIDTH, HEIGHT)
    alpha = np.dstack([picture, grainy[..., 0]])
    block, packet = exif(6, WIDTH, HEIGHT, thumbnail=True), XMP % 1
    words: dict[str, Any] = {"exif": block, "icc_profile": SRGB}
    found = {
        "camera.jpg": encoded(picture, "JPEG", quality=90, xmp=packet, **words),
        "noisy.jpg": encoded(grainy, "JPEG", quality=80, subsampling=2, restart_marker_blocks=2),
        "progressive.jpg": encoded(picture, "JPEG", progressive=True, **words),
        "grey.jpg": encoded(picture[..., 0], "JPEG"),
        "inks.jpg": encoded(Image.fromarray(picture).convert("CMYK"), "JPEG", icc_profile=SRGB),
        "colour.png": encoded(picture, "PNG", pnginfo=_texts(), **words),
        "alpha.png": encoded(alpha, "PNG"),
        "palette.png": encoded(Image.fromarray(picture).quantize(32), "PNG", transparency=3),
        "deep.png": _deep_png(picture),
        "moving.png": encoded(
            picture, "PNG", save_all=True, append_images=[Image.fromarray(grainy)], default_image=True
        ),
        "lossy.webp": encoded(picture, "WEBP", xmp=packet, **words),
        "lossless.webp": encoded(alpha, "WEBP", lossless=True),
        "moving.webp": encoded(picture, "WEBP", save_all=True, append_images=[Image.fromarray(grainy)]),
        "plain.bmp": encoded(picture, "BMP"),
        "packed.bmp": _rle_bmp(),
    }
    found |= {f"{name}.tif": data for name, data in _tiffs(picture, grainy, alpha).items()}
    found |= {"colour.avif": encoded(picture, "AVIF", **words)} if features.check("avif") else {}
    return found | dict(_extras(picture, block))


def masks() -> dict[str, bytes]:
    """Masks of `WIDTH` × `HEIGHT` by file name."""
    mask = Image.fromarray(((smooth(WIDTH, HEIGHT)[..., 0] > 90) * 255).astype(np.uint8))
    return {
        "mask.png": encoded(mask, "PNG"),
        "bits.png": encoded(mask.convert("1"), "PNG"),
        "mask.gif": encoded(mask, "GIF", save_all=True, append_images=[mask.rotate(90)]),
        "mask.pgm": encoded(mask, "PPM"),
        "plain.pgm": b"P2 %d %d 255\n" % (WIDTH, HEIGHT) + b" ".join(b"%d" % each for each in mask.tobytes()),
        "mask.tga": encoded(mask, "TGA", compression="tga_rle"),
        "mask.tif": encoded(mask, "TIFF", compression="group4") if mask.mode == "1" else encoded(mask, "TIFF"),
        "mask.jpg": encoded(mask, "JPEG"),
    }


def _texts() -> Any:
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Comment", "harbour " * 40, zip=True)
    texts.add_itxt("Title", "Häfen", "de", "Titel", zip=True)
    texts.add_text("Author", "nobody")
    return texts


def _deep_png(picture: np.ndarray) -> bytes:
    from app.imaging.formats import deep

    return deep.png(picture.astype(np.uint16) * 257)


def _rle_bmp() -> bytes:
    """8 bits with run lengths, which Pillow only reads: runs, a delta, an absolute run."""
    rows = b"".join(bytes([WIDTH, row * 5 % 256, 0, 0]) for row in range(HEIGHT - 1))
    body = rows + b"\0\2\x04\0" + b"\0\4\1\2\3\4" + bytes([WIDTH - 8, 9]) + b"\0\1"
    palette = b"".join(bytes([each, 255 - each, each // 2, 0]) for each in range(256))
    start = 14 + 40 + len(palette)
    header = struct.pack("<IiiHHIIiiII", 40, WIDTH, HEIGHT, 1, 8, 1, len(body), 2835, 2835, 256, 0)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + palette + body


def _tiffs(picture: np.ndarray, grainy: np.ndarray, alpha: np.ndarray) -> dict[str, bytes]:
    deep = picture.astype(np.uint16) * 257
    image = Image.fromarray(picture)
    lab = ImageCms.profileToProfile(
        image, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert lab is not None
    pages: dict[str, Any] = {"save_all": True, "append_images": [Image.fromarray(grainy)]}
    words: dict[str, Any] = {"exif": exif(3, WIDTH, HEIGHT), "icc_profile": SRGB}
    return {
        "raw": encoded(picture, "TIFF", **words),
        "lzw": encoded(grainy, "TIFF", compression="tiff_lzw", **pages),
        "deflate": encoded(alpha, "TIFF", compression="tiff_adobe_deflate"),
        "packbits": encoded(picture, "TIFF", compression="packbits"),
        "jpeg": encoded(picture, "TIFF", compression="jpeg"),
        "inks": encoded(image.convert("CMYK"), "TIFF"),
        "lab": encoded(lab, "TIFF"),
        "deep": _tiff(deep, photometric="rgb"),
        "deepdeflate": _tiff(deep, photometric="rgb", compression="zlib", predictor=True, rowsperstrip=16),
        "deeplzw": encoded_deep_lzw(deep),
        "planar": _tiff(np.moveaxis(deep, -1, 0), photometric="rgb", planarconfig="separate"),
        "tiled": _tiff(deep, photometric="rgb", tile=(16, 16)),
        "big": _tiff(deep, photometric="rgb", bigtiff=True),
        "motorola": _tiff(picture, photometric="rgb", byteorder=">"),
    }


def encoded_deep_lzw(deep: np.ndarray) -> bytes:
    """As the program writes it."""
    from app.imaging.formats import deep as codec

    return codec.tiff(deep, "tiff_lzw")


def _extras(picture: np.ndarray, block: bytes) -> Iterator[tuple[str, bytes]]:
    """What only opens where the extras are installed."""
    from app.imaging.formats import heif
    from tests.test_files_extras import dng

    with tempfile.TemporaryDirectory() as folder:
        if heif.can_open("HEIC"):
            path = Path(folder) / "phone.heic"
            Image.fromarray(picture).save(path, quality=60, exif=block, icc_profile=SRGB)
            yield path.name, path.read_bytes()
        path = dng(Path(folder) / "sensor.dng")
        yield path.name, path.read_bytes()


def _tiff(array: np.ndarray, **options: Any) -> bytes:
    out = io.BytesIO()
    tifffile.imwrite(out, array, metadata=None, **options)
    return out.getvalue()
