"""Opening and saving a photograph of 24 megapixels, and undoing a large result in it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from app.bench.options import BenchOptions
from app.bench.pictures import large_photograph
from app.document.document import Document
from app.document.edits import ResultEdit
from app.imaging.files import read_photo, write_image, write_photo
from app.imaging.geometry import Rect
from app.imaging.photo import Photo
from app.inference.request import RegionPatch
from app.memory import peak_mb

SIZE, QUICK_SIZE = (6000, 4000), (600, 400)
SUFFIXES = (".jpg", ".png", ".tif")


def measure_files(options: BenchOptions) -> dict[str, Any]:
    """Seconds to open and save by format; milliseconds to accept, undo and redo a result of a tenth of the area."""
    width, height = QUICK_SIZE if options.quick else SIZE
    image, _ = large_photograph(width, height)
    with tempfile.TemporaryDirectory() as folder:
        formats = {}
        for suffix in SUFFIXES:
            path = Path(folder) / f"photograph{suffix}"
            write_image(path, image)
            photo, opened = _timed(lambda path=path: read_photo(path))  # type: ignore[misc]
            _, saved = _timed(lambda path=path, photo=photo: write_photo(path, image, photo))  # type: ignore[misc]
            size = round(path.stat().st_size / 1e6, 2)
            formats[suffix[1:]] = {"open_s": round(opened, 3), "save_s": round(saved, 3), "mb": size}
    return {
        "megapixels": round(width * height / 1e6, 2),
        "formats": formats,
        "undo": _undone(photo),
        "peak_memory_mb": peak_mb(),
    }


def _undone(photo: Photo) -> dict[str, float]:
    """A result of new grain over a third of each side, accepted, undone and redone."""
    document = Document(photo)
    height, width = photo.pixels.shape[:2]
    rect = Rect(width // 3, height // 3, width // 3, height // 3)
    pixels = np.random.default_rng(2).integers(0, 256, (rect.height, rect.width, 3), dtype=np.uint8)
    mask = np.zeros((height, width), np.uint8)
    mask[rect.slices] = 255
    edit = ResultEdit("result", (RegionPatch(rect, pixels),), mask)
    _, accepted = _timed(lambda: document.apply(edit))
    _, undone = _timed(document.undo)
    _, redone = _timed(document.redo)
    seconds = {"accept_ms": accepted, "undo_ms": undone, "redo_ms": redone}
    figures = {name: round(1000 * value, 2) for name, value in seconds.items()}
    return figures | {"megapixels": round(rect.area / 1e6, 2), "kept_mb": round(edit.nbytes / 1e6, 2)}


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    result = call()
    return result, time.perf_counter() - began
