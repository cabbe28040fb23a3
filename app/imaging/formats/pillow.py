"""What Pillow and the libraries under it set for the whole process, and what this program needs instead."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt
import PIL.Image
from PIL import ImageFile

_lock = threading.Lock()
_HEAD = 3
"""Lines ahead of a portable pixmap's values."""


def take_over() -> None:
    """Switch off Pillow's warnings, its log, and its limit of pixels, which cannot be lifted for one call alone.

    `opening` has a limit of its own and says in its errors what matters.
    """
    PIL.Image.MAX_IMAGE_PIXELS = None
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"PIL\.")


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Keep libtiff from writing about damaged files on stderr, which Pillow offers no way to stop."""
    with _lock, contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # a windowed program may have no stderr at all
            usual = os.dup(2)
            stack.callback(os.close, usual)
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), 2)
            stack.callback(os.dup2, usual, 2)
        yield


@contextlib.contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let Pillow's encoders use a buffer of `size` bytes. libjpeg needs room for a whole file at once where it makes
    its own Huffman tables, and Pillow's guess of 2 bytes a pixel is too small for a noisy picture."""
    with _lock:
        usual = ImageFile.MAXBLOCK
        ImageFile.MAXBLOCK = max(usual, size)
        try:
            yield
        finally:
            ImageFile.MAXBLOCK = usual


def pixels_of(image: PIL.Image.Image) -> npt.NDArray[np.uint8]:
    """The pixels ``(H, W, 3)`` of an RGB `image`, read-only, as ``np.asarray`` gives them, in a quarter of its time.

    Each piece is laid where it belongs as it comes, instead of being kept until all are there.
    """
    laid = _Laid(image.width * image.height * 3)
    image.save(cast(BinaryIO, laid), "PPM")
    if not laid.is_full:
        return np.asarray(image)
    laid.values.flags.writeable = False
    return laid.values.reshape(image.height, image.width, 3)


class _Laid(io.RawIOBase):
    """A file that keeps the values of the portable pixmap (PPM) that is written to it."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.values = np.empty(count, np.uint8)
        self._view, self._at, self._lines = self.values.data, 0, 0

    @property
    def is_full(self) -> bool:
        return self._at == len(self.values)

    def write(self, data: Any, /) -> int:
        """The head, of three lines, comes in pieces of its own."""
        if self._lines < _HEAD:
            self._lines += bytes(data).count(b"\n")
        else:
            self._view[self._at : self._at + len(data)] = data
            self._at += len(data)
        return len(data)
