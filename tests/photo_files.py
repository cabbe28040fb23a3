"""Small image files of every kind, made by Pillow, and what Pillow says of those written."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, JpegImagePlugin
from PIL.ExifTags import IFD, Base

from app.imaging.files import Photo, read_photo, write_photo
from app.imaging.photo import JpegCoding

Pixels = npt.NDArray[np.uint8]

MAKER_NOTE = b"Maker\0" + bytes(range(200))
THUMBNAIL = b"\xff\xd8 the removed person \xff\xd9"
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="%d"'
    b' xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="harbour"/></rdf:RDF></x:xmpmeta>'
)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def smooth(width: int = 48, height: int = 32) -> Pixels:
    """A colourful gradient, without symmetry, that JPEG and WebP keep well."""
    y, x = np.mgrid[0:height, 0:width]
    return np.dstack([x * 5 % 256, y * 7 % 256, (x + 2 * y) * 2 % 256]).astype(np.uint8)


def noise(width: int = 48, height: int = 32, seed: int = 0, bands: int = 3) -> Pixels:
    """Pixels of every value, ``(H, W, bands)``."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, bands), dtype=np.uint8)


def exif(orientation: int = 1, width: int = 48, height: int = 32, *, thumbnail: bool = False) -> bytes:
    """A block with camera, exposure, maker's note, position and the stored size; Pillow's prefix is kept."""
    tags = Image.Exif()
    tags[Base.Make], tags[Base.Orientation] = "Lacuna Works", orientation
    tags[Base.XResolution], tags[Base.YResolution], tags[Base.ResolutionUnit] = 300.0, 300.0, 2
    tags.get_ifd(IFD.Exif).update({37500: MAKER_NOTE, 0xA002: width, 0xA003: height, 33434: 0.01})
    tags.get_ifd(IFD.GPSInfo).update({1: "N", 2: (48.0, 8.0, 14.0), 3: "E", 4: (11.0, 34.0, 31.0)})
    block = tags.tobytes()
    return _with_thumbnail(block) if thumbnail else block


def _with_thumbnail(raw: bytes) -> bytes:
    """Append a second directory, big-endian as Pillow writes, that points to a JPEG thumbnail behind it."""
    block = bytearray(raw[6:])
    start = len(block)
    (first,) = struct.unpack_from(">I", block, 4)
    (count,) = struct.unpack_from(">H", block, first)
    struct.pack_into(">I", block, first + 2 + 12 * count, start)
    block += struct.pack(">HHHIIHHII", 2, 0x0201, 4, 1, start + 30, 0x0202, 4, 1, len(THUMBNAIL)) + bytes(4)
    return raw[:6] + bytes(block) + THUMBNAIL


def saved(path: Path, image: Image.Image | Pixels, **options: Any) -> Path:
    """Write with Pillow, by suffix, and return the path."""
    picture = Image.fromarray(image) if isinstance(image, np.ndarray) else image
    picture.save(path, **options)
    return path


def write_camera_photo(folder: Path) -> Path:
    """A JPEG of 60×40 pixels with all that a camera writes beside them."""
    return saved(folder / "sea.jpg", smooth(60, 40), quality=90, exif=exif(), icc_profile=SRGB)


def resaved(path: Path, suffix: str | None = None) -> Path:
    """Read and write with the code under test, as ``out`` beside `path`; a JPEG is encoded anew as a whole."""
    photo = whole(read_photo(path))
    out = path.with_name(f"out{suffix or path.suffix}")
    write_photo(out, photo.pixels, photo)
    return out


def whole(photo: Photo) -> Photo:
    """`photo` as if its file's blocks could not be kept."""
    coding = photo.metadata.coding
    if not isinstance(coding, JpegCoding):
        return photo
    return replace(photo, metadata=replace(photo.metadata, coding=replace(coding, source=None)))


def loaded(path: Path) -> Image.Image:
    """Read with Pillow, decoded."""
    with Image.open(path) as image:
        image.load()
        return image


def jpeg_facts(path: Path) -> tuple[dict[int, list[int]], int, bool]:
    """Quantisation tables, chroma subsampling, progressive."""
    image = loaded(path)
    assert isinstance(image, JpegImagePlugin.JpegImageFile)
    return image.quantization, JpegImagePlugin.get_sampling(image), "progressive" in image.info


def encoded(image: Image.Image | Pixels, file_format: str, **options: Any) -> bytes:
    """The bytes Pillow would write."""
    picture = Image.fromarray(image) if isinstance(image, np.ndarray) else image
    out = io.BytesIO()
    picture.save(out, file_format, **options)
    return out.getvalue()
