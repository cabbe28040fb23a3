"""A photograph's pixels twice, as opened and as edited, in the memory of one: pages part only where one is written to.

Linux alone offers this without a file on a disk; elsewhere, and where it fails, the second one is a plain copy.
"""

from __future__ import annotations

import contextlib
import io
import mmap
import os
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import PIL.Image

_Scalar = TypeVar("_Scalar", bound=np.generic)


_POPULATE_READ = 22
"""Linux's MADV_POPULATE_READ: map all pages at once, which is far quicker than each when it is first read."""


class _Pages(mmap.mmap):
    """A mapping that knows the nameless file behind it; the file goes when the last mapping of it does."""

    descriptor: int

    def __del__(self) -> None:
        os.close(self.descriptor)


def unpacked(image: PIL.Image.Image) -> npt.NDArray[np.uint8]:
    """The pixels ``(H, W, 3)`` of an RGB `image` as `shared` has them; read-only, half the time of ``np.asarray``."""
    width, height = image.size
    pages = _pages(lambda file: image.save(file, "PPM"))
    if pages is None:
        return np.asarray(image)
    size = width * height * 3
    return np.frombuffer(pages, np.uint8, size, len(pages) - size).reshape(height, width, 3)


def shared(array: npt.NDArray[_Scalar]) -> npt.NDArray[_Scalar]:
    """`array` where `writable_twin` costs nothing: itself, or a read-only copy.

    Holds two of the process's open files for as long as it lives: for the photograph being edited, not for many.
    """
    if _pages_of(array) is not None:
        return array

    def write(file: io.FileIO) -> None:
        rest = np.ascontiguousarray(array).data.cast("B")
        while rest:
            rest = rest[file.write(rest) :]

    pages = _pages(write)
    return array if pages is None else np.frombuffer(pages, array.dtype).reshape(array.shape)


def writable_twin(array: npt.NDArray[_Scalar]) -> npt.NDArray[_Scalar]:
    """A copy of `array` to write to; of a `shared` one it takes memory only where it is written to."""
    pages = _pages_of(array)
    if pages is None:
        return array.copy()
    try:
        private = mmap.mmap(pages.descriptor, len(pages), flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE)
    except OSError:
        return array.copy()
    with contextlib.suppress(OSError, ValueError):
        private.madvise(_POPULATE_READ)
    offset = array.ctypes.data - np.frombuffer(pages, np.uint8).ctypes.data
    return np.frombuffer(private, array.dtype, array.size, offset).reshape(array.shape)


def _nameless_file() -> int | None:
    try:
        return os.memfd_create("pixels")
    except (AttributeError, OSError):
        return None


def _pages(write: Callable[[io.FileIO], None]) -> _Pages | None:
    """What `write` puts into a nameless file; None where the system has none to give, or no room in it."""
    descriptor = _nameless_file()
    if descriptor is None:
        return None
    try:
        with io.FileIO(descriptor, "w", closefd=False) as file:
            write(file)
        pages = _Pages(descriptor, 0, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ)
    except OSError:
        os.close(descriptor)
        return None
    pages.descriptor = descriptor
    return pages


def _pages_of(array: npt.NDArray[_Scalar]) -> _Pages | None:
    """What `shared` or `unpacked` laid `array` into; None where it is a copy, a part, or not theirs at all."""
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, memoryview):
        base = base.obj
    return base if isinstance(base, _Pages) and array.flags.c_contiguous else None
