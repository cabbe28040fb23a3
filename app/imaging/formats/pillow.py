"""What Pillow and the libraries under it set for the whole process, and what this program needs instead."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import PIL.Image
from PIL import ImageFile

_lock = threading.Lock()


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
