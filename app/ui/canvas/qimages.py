"""The one module that turns arrays into QImages and back.

`wrap_*` copy nothing: the QImage reads the array's own memory and keeps it alive, but a copy that Qt makes of that
QImage does not. So draw a wrapped image, or convert it, and let go of it; to keep one, take its ``copy()``.
Crops of larger arrays are fine.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage, QPixmap

from app.imaging.arrays import Image, Mask, check_image, check_mask
from app.imaging.blue_first import write_blue_first
from app.imaging.geometry import Rect

Premultiplied = npt.NDArray[np.uint32]
"""``(H, W)`` uint32, ``0xAARRGGBB``, the colours already multiplied by the alpha."""

RGBA = npt.NDArray[np.uint8]
"""``(H, W, 4)`` uint8: red, green, blue, alpha (not premultiplied)."""


def wrap_rgb(image: Image) -> QImage:
    """An RGB888 QImage on the memory of `image`, ``(H, W, 3)`` uint8."""
    return _wrap(check_image(image), QImage.Format.Format_RGB888)


def wrap_alpha(mask: Mask) -> QImage:
    """An Alpha8 QImage on the memory of `mask`, ``(H, W)`` uint8, 255 = opaque."""
    return _wrap(check_mask(mask), QImage.Format.Format_Alpha8)


def wrap_indexed(indices: npt.NDArray[np.uint8]) -> QImage:
    """An Indexed8 QImage on the memory of `indices`, ``(H, W)``; it has no colours until it is given some."""
    return _wrap(indices, QImage.Format.Format_Indexed8)


def wrap_premultiplied(pixels: Premultiplied) -> QImage:
    """An ARGB32_Premultiplied QImage on the memory of `pixels`."""
    return _wrap(pixels, QImage.Format.Format_ARGB32_Premultiplied)


def wrap_opaque(pixels: Premultiplied) -> QImage:
    """An RGB32 QImage on the memory of `pixels`, whose alpha does not count."""
    return _wrap(pixels, QImage.Format.Format_RGB32)


def to_premultiplied(image: Image, alpha: Mask) -> Premultiplied:
    """`image` ``(H, W, 3)`` and its `alpha` ``(H, W)`` as new pixels that blend over what lies below."""
    drawn = to_screen(image, alpha)
    words = np.frombuffer(drawn.constBits(), np.uint32)
    return words.reshape(drawn.height(), drawn.width()).copy()


def to_screen(image: Image, alpha: Mask | None = None) -> QImage:
    """A copy in the format that is drawn fastest: RGB32, or ARGB32_Premultiplied where `alpha` ``(H, W)`` is given."""
    if alpha is None:
        return wrap_rgb(image).convertToFormat(QImage.Format.Format_RGB32)
    result = wrap_rgb(image).convertToFormat(QImage.Format.Format_ARGB32)
    result.setAlphaChannel(wrap_alpha(alpha))
    return result.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


class ScreenBuffer:
    """Pixels to be drawn, again and again in one memory: new memory costs more than the work."""

    def __init__(self) -> None:
        self._memory = np.empty(0, np.uint32)

    def empty(self, height: int, width: int) -> Premultiplied:
        """Room for ``(height, width)`` pixels, to be written and drawn before the next call."""
        if self._memory.size < height * width:
            self._memory = np.empty(height * width, np.uint32)
        return self._memory[: height * width].reshape(height, width)

    def to_screen(self, image: Image, pieces: Iterable[tuple[Rect, Image]] = ()) -> Premultiplied:
        """`image`, ``(H, W, 3)``, with `pieces` laid over it, all opaque; to be drawn before the next call."""
        pixels = self.empty(*check_image(image).shape[:2])
        channels = pixels.view(np.uint8).reshape(*pixels.shape, 4)
        write_blue_first(image, channels)
        for where, piece in pieces:
            write_blue_first(piece, channels[where.slices])
        return pixels


def image_of(value: object) -> QImage | None:
    """What a clipboard or a drag calls its image; None where that is none."""
    if isinstance(value, QPixmap):
        return value.toImage()
    return value if isinstance(value, QImage) else None


def to_pixmap(image: Image) -> QPixmap:
    """A picture of its own for widgets, of a small `image` ``(H, W, 3)`` uint8."""
    return QPixmap.fromImage(wrap_rgb(image).copy())


def to_rgb(image: QImage) -> Image:
    """The pixels of `image` as a new ``(H, W, 3)`` uint8 RGB array; alpha is dropped."""
    return np.ascontiguousarray(to_rgba(image)[..., :3])


def to_rgba(image: QImage) -> RGBA:
    """The pixels of `image` as a new ``(H, W, 4)`` uint8 RGBA array."""
    converted = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(converted.constBits(), np.uint8).reshape(converted.height(), converted.bytesPerLine())
    return rows[:, : converted.width() * 4].reshape(converted.height(), converted.width(), 4).copy()


def _wrap(array: npt.NDArray[np.uint8] | Premultiplied, image_format: QImage.Format) -> QImage:
    height, width = array.shape[:2]
    line = width * array.itemsize * (array.shape[2] if array.ndim == 3 else 1)
    if array[:1].flags.c_contiguous is False:
        raise ValueError("only rows whose pixels lie side by side in memory can be wrapped")
    stride = array.strides[0]
    span = (height - 1) * stride + line
    memory = np.lib.stride_tricks.as_strided(array.view(np.uint8), (span,), (1,), writeable=False)
    return QImage(memory.data, width, height, stride, image_format)
