"""Image data from the clipboard or a drag: what of it can be opened, and what is put there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData

from app.imaging.arrays import DeepImage
from app.imaging.exchange import photo_of_bytes, photo_of_pixels, png_of
from app.imaging.photo import Photo
from app.imaging.screen import look_of
from app.ui.canvas.qimages import image_of, to_rgba, wrap_rgb

PNG = "image/png"

_SUFFIXES = {PNG: ".png", "image/tiff": ".tif", "image/jpeg": ".jpg", "image/webp": ".webp", "image/bmp": ".bmp"}
"""Of the kinds that are opened as they are, the most faithful first."""


def files_in(data: QMimeData) -> list[Path]:
    """The files and folders of this machine that `data` names."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def holds_picture(data: QMimeData) -> bool:
    """True where `data` is a picture itself."""
    return _is_ready(data) or any(data.hasFormat(kind) for kind in _SUFFIXES)


def _is_ready(data: QMimeData) -> bool:
    """True where `data` is a picture that need not be decoded. Qt would take any kind that it has a plugin for."""
    return data.hasImage() and not any(kind.startswith("image/") for kind in data.formats())


def picture_in(data: QMimeData) -> Callable[[], Photo] | None:
    """What makes a photograph of the picture in `data`, on any thread, when `data` is gone; None without a picture."""
    for kind, suffix in _SUFFIXES.items():
        if data.hasFormat(kind) and not data.data(kind).isEmpty():
            return partial(photo_of_bytes, bytes(data.data(kind).data()), suffix)
    image = image_of(data.imageData()) if _is_ready(data) else None
    if image is None or image.isNull():
        return None

    def made() -> Photo:
        pixels = to_rgba(image)
        alpha = np.ascontiguousarray(pixels[..., 3]) if image.hasAlphaChannel() else None
        return photo_of_pixels(np.ascontiguousarray(pixels[..., :3]), alpha)

    return made


class Copied:
    """A photograph made ready for the clipboard, off the GUI thread."""

    def __init__(self, photo: Photo, pixels: DeepImage) -> None:
        """`pixels` ``(H, W, 3)`` are those of `photo` as edited."""
        profile = photo.metadata.icc_profile
        self._png = png_of(pixels, photo.alpha, profile)
        # Windows and macOS ask for the picture itself; under X11 and Wayland Qt would encode it again when asked.
        self._image = None if sys.platform.startswith("linux") else wrap_rgb(look_of(profile)(pixels)).copy()

    def mime_data(self) -> QMimeData:
        """What the clipboard takes."""
        data = QMimeData()
        data.setData(PNG, self._png)
        if self._image is not None:
            data.setImageData(self._image)
        return data
