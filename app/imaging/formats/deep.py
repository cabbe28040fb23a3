"""16 bits per channel, which Pillow cannot hold in colour: PNG by OpenCV, TIFF by tifffile or, compressed, by OpenCV.

tifffile unpacks a strip whatever it unpacks to, and without another package it does not know LZW.
"""

from __future__ import annotations

import io
from importlib.util import find_spec
from typing import Any, BinaryIO

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import DeepImage, DeepMask
from app.imaging.formats import exif, ifd

Deep = npt.NDArray[np.uint16]

PNG_LEVEL = 1
"""zlib's effort. Deep noise does not shrink: what takes five times as long saves hardly a byte."""
TIFF_LEVEL = 3
_ROWS = 64
"""Rows of a strip."""
_LZW = 5
_UNPACKED = 1
"""TIFF's compressions."""
_MIN_IS_WHITE, _MIN_IS_BLACK, _RGB = 0, 1, 2
_PREMULTIPLIED, _STRAIGHT = 1, 2
"""TIFF's kinds of alpha."""
_OPAQUE = 0xFFFF

_MOST_CHANNELS = 4
_TO_RGB = {1: cv2.COLOR_GRAY2RGB, 3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGBA}


def read_png(file: BinaryIO) -> tuple[DeepImage, DeepMask | None] | None:
    """Colour ``(H, W, 3)`` and alpha ``(H, W)`` of a 16-bit PNG, as stored."""
    return _parted(_by_opencv(_bytes(file)), has_alpha=True)


def read_tiff(file: BinaryIO) -> tuple[DeepImage, DeepMask | None] | None:
    """Colour and alpha of a 16-bit TIFF's first picture, as stored; None where only 8 bits of it can be had.

    These are inks, colour spaces of other kinds, and colours multiplied by an alpha that is not opaque; every TIFF
    where tifffile is missing.
    """
    if not _has_tifffile():
        return None
    import tifffile

    file.seek(0)
    with tifffile.TiffFile(file) as tiff:
        page = tiff.pages.first
        extra = tuple(int(kind) for kind in page.extrasamples)
        plain = page.dtype == np.uint16 and page.samplesperpixel - len(extra) == (3 if page.photometric == _RGB else 1)
        planar = int(page.planarconfig) == 2 and page.samplesperpixel > 1
        packed = int(page.compression) != _UNPACKED
        flat = page.imagedepth == 1 and page.samplesperpixel <= _MOST_CHANNELS and page.tiledepth in (0, 1)
        if page.photometric not in (_MIN_IS_WHITE, _MIN_IS_BLACK, _RGB) or not (plain and flat) or (planar and packed):
            return None
        array = _unpacked(_bytes(file)) if packed else np.asarray(page.asarray())
        if planar:
            array = np.moveaxis(array, 0, -1)
        inverted = page.photometric == _MIN_IS_WHITE and not packed
    if array.shape[:2] != (page.imagelength, page.imagewidth) or array.dtype != np.uint16:
        return None
    parted = _parted(_OPAQUE - array if inverted else array, has_alpha=bool(set(extra) & {_PREMULTIPLIED, _STRAIGHT}))
    if parted is not None and parted[1] is not None and _PREMULTIPLIED in extra and int(parted[1].min()) < _OPAQUE:
        return None
    return parted


def _has_tifffile() -> bool:
    """Training alone does without it."""
    return find_spec("tifffile") is not None


def _bytes(file: BinaryIO) -> bytearray:
    file.seek(0)
    return bytearray(file.read())


def _unpacked(data: bytearray) -> Deep:
    """Decoded by OpenCV, which would turn the pixels, and fails at some turns: so the tag is reset first."""
    form = ifd.layout(data)
    entry = ifd.directory(data, form, form.first).entries.get(exif.ORIENTATION)
    if entry is not None:
        ifd.store(data, form, entry, 1)
    return _by_opencv(data)


def _by_opencv(data: bytearray) -> Deep:
    """``(H, W)`` or ``(H, W, C)`` in the order red, green, blue, alpha."""
    array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if array is None:
        raise ValueError("OpenCV cannot decode it")
    return np.asarray(array if array.ndim == 2 else cv2.cvtColor(array, _TO_RGB[array.shape[2]]), np.uint16)


def _parted(array: Deep, *, has_alpha: bool) -> tuple[DeepImage, DeepMask | None] | None:
    """Colour, made of grey where there is none, and alpha; None for forms with more channels than these."""
    channels = 1 if array.ndim == 2 else array.shape[2]
    if channels > _MOST_CHANNELS:
        return None
    array = array.reshape(*array.shape[:2], channels)
    alpha = np.ascontiguousarray(array[..., -1]) if has_alpha and channels in (2, 4) else None
    colour = array[..., :3] if channels > 2 else np.repeat(array[..., :1], 3, axis=2)
    return np.ascontiguousarray(colour), alpha


def png(array: DeepImage, level: int | None = None) -> bytes:
    """A bare PNG of ``(H, W)``, ``(H, W, 3)`` or ``(H, W, 4)`` uint16 or uint8; `level` is zlib's, None: quick."""
    effort = PNG_LEVEL if level is None else level
    options = [cv2.IMWRITE_PNG_COMPRESSION, effort, cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_SUB]
    strategy = cv2.IMWRITE_PNG_STRATEGY_RLE if level is None else cv2.IMWRITE_PNG_STRATEGY_FILTERED
    return _encoded(".png", array, [*options, cv2.IMWRITE_PNG_STRATEGY, strategy])


def tiff(array: DeepImage, compression: str) -> bytes:
    """A bare TIFF of the same, compressed as Pillow's name of a lossless compression says, or by LZW."""
    if compression not in {"raw", "tiff_adobe_deflate"} or not _has_tifffile():
        return _encoded(".tif", array, [cv2.IMWRITE_TIFF_COMPRESSION, _LZW])
    import tifffile

    options: dict[str, Any] = {"rowsperstrip": _ROWS, "metadata": None, "software": False}
    if compression != "raw":
        options |= {"compression": "zlib", "compressionargs": {"level": TIFF_LEVEL}, "predictor": True}
    if array.ndim == 3 and array.shape[2] == 4:
        options["extrasamples"] = ["unassalpha"]
    out = io.BytesIO()
    tifffile.imwrite(out, array, photometric="rgb" if array.ndim == 3 else "minisblack", **options)
    return out.getvalue()


def _encoded(suffix: str, array: DeepImage, options: list[int]) -> bytes:
    if array.ndim == 3:
        array = np.asarray(cv2.cvtColor(array, cv2.COLOR_RGBA2BGRA if array.shape[2] == 4 else cv2.COLOR_RGB2BGR))
    done, data = cv2.imencode(suffix, array, options)
    if not done:
        raise ValueError("OpenCV cannot encode it")
    return bytes(data)
