"""Small pictures of photographs, quick to make, and the folder in which those of files are kept."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import PIL.Image

from app.imaging.arrays import DeepImage, DeepMask, Image
from app.imaging.depth import narrowed
from app.imaging.files import read_photo, write_image
from app.imaging.formats import exif, opening, raw, sanity
from app.imaging.formats.channels import turned
from app.imaging.geometry import Extent
from app.imaging.pyramid import Pyramid
from app.imaging.screen import look_of
from app.imaging.thumbnails import tinted

SIDE = 256
"""Pixels along the longer side of a thumbnail."""

_GROUND = 128
"""The grey behind what is transparent."""
_MARK = 255, 64, 64


def thumbnail_of(pyramid: Pyramid) -> Image:
    """What `pyramid` ``(H, W, 3)`` shows, at most `SIDE` pixels a side; takes about a millisecond."""
    return np.ascontiguousarray(_shrunk(pyramid.levels[-1]))


def marked_thumbnail_of(pyramid: Pyramid, mask: Pyramid) -> Image:
    """The same under a red tint where `mask`, of which it has the levels, is painted."""
    small = np.asarray(_shrunk(mask.levels[min(len(pyramid.levels), len(mask.levels)) - 1]), np.uint8)
    image = thumbnail_of(pyramid)
    return tinted(image, small, _MARK, 0.6) if small.shape == image.shape[:2] else image


def read_thumbnail(path: Path) -> Image:
    """The photograph in the file, upright, in the screen's colours, at most `SIDE` pixels a side.

    A JPEG is decoded at a fraction of its size, of a raw file the camera's preview is taken. Raises `LacunaError`
    where the file cannot be read.
    """
    preview = _preview(path)
    quick = None if preview is None else _quick(path, preview)
    if quick is not None:
        return quick
    photo = read_photo(path)
    pixels = _shrunk(photo.pixels)
    shown = look_of(photo.metadata.icc_profile)(pixels)
    return shown if photo.alpha is None else _grounded(shown, photo.alpha)


def decoded_thumbnail(data: bytes) -> Image:
    """The thumbnail in the bytes of a PNG or JPEG; `LacunaError` where that is damaged or too large."""
    with opening.told_as_damage(Path("thumbnail")), PIL.Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as kept:
        if max(kept.size) > SIDE:
            raise ValueError(f"{kept.size} is no size of a thumbnail")
        return np.asarray(kept.convert("RGB"))


def _preview(path: Path) -> bytes | None:
    """A JPEG that shows the photograph: the file itself, or what a camera put into its raw file."""
    if path.suffix.lower() in raw.SUFFIXES:
        return raw.preview(path)
    with opening.opened_file(path) as file:
        start = file.read(2)
        return start + file.read() if start == b"\xff\xd8" else None


def _quick(path: Path, data: bytes) -> Image | None:
    """Of a JPEG in grey or colour; None for other kinds."""
    with opening.told_as_damage(path):
        sanity.check(io.BytesIO(data))
        picture = PIL.Image.open(io.BytesIO(data), formats=["JPEG", "MPO"])
        opening.check_size(path, Extent(picture.width, picture.height), limit=opening.PIXEL_LIMIT)
        lying = exif.orientation(exif.without_prefix(picture.info.get("exif"))) or 1
        if picture.mode not in {"RGB", "L"}:
            return None
        picture.draft(picture.mode, (2 * SIDE, 2 * SIDE))
        pixels = _shrunk(np.asarray(picture.convert("RGB")))
    return np.ascontiguousarray(turned(look_of(picture.info.get("icc_profile"))(pixels), lying))


def _shrunk(pixels: DeepImage) -> DeepImage:
    height, width = pixels.shape[:2]
    scale = min(SIDE / max(height, width), 1.0)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return pixels if scale == 1.0 else np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), pixels.dtype)


def _grounded(pixels: Image, alpha: DeepMask) -> Image:
    """`pixels` where `alpha`, of any size, covers, a grey where it does not."""
    size = pixels.shape[1], pixels.shape[0]
    share = cv2.resize(narrowed(alpha), size, interpolation=cv2.INTER_AREA).astype(np.float32)[..., np.newaxis] / 255
    return np.asarray(pixels * share + _GROUND * (1 - share) + 0.5, np.uint8)


class ThumbnailCache:
    """Thumbnails of files, kept in a folder; a file that changed counts as another one. Any thread may use it."""

    def __init__(self, folder: Path, limit: int = 400, read: Callable[[Path], Image] = read_thumbnail) -> None:
        """At most about `limit` thumbnails are kept, the newest; `read` makes that of a file, and raises `LacunaError`
        where it can't.
        """
        self._folder, self._limit, self._read = folder, limit, read

    def thumbnail(self, path: Path) -> Image:
        """Of the photograph at `path`, from the folder or made now; raises `LacunaError` where it cannot be read."""
        place = self._place(path)
        with contextlib.suppress(OSError, ValueError):
            if place is not None and place.is_file():
                with PIL.Image.open(place, formats=["JPEG"]) as kept:
                    return np.asarray(kept.convert("RGB"))
        made = self._read(path)
        if place is not None:
            with contextlib.suppress(OSError, RuntimeError):
                place.parent.mkdir(parents=True, exist_ok=True)
                write_image(place, made)
                self._prune()
        return made

    def clear(self) -> None:
        """Delete all that is kept."""
        self._delete(self._kept())

    def _place(self, path: Path) -> Path | None:
        try:
            known = path.stat()
        except OSError:
            return None
        key = f"{path.absolute()}\n{known.st_mtime_ns}\n{known.st_size}"
        return self._folder / f"{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}.jpg"

    def _kept(self) -> list[Path]:
        with contextlib.suppress(OSError):
            return sorted(self._folder.glob("*.jpg"), key=lambda each: each.stat().st_mtime_ns)
        return []

    def _prune(self) -> None:
        self._delete(self._kept()[: -self._limit])

    def _delete(self, files: list[Path]) -> None:
        for each in files:
            with contextlib.suppress(OSError):
                each.unlink()
