"""The disk that outputs go to: how much room they will take there, how much there is, how it takes names."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path

from app.batch.request import FileJob
from app.imaging.geometry import Extent

_BYTES_PER_PIXEL = {".png": 2.2, ".tif": 2.5, ".tiff": 2.5, ".bmp": 3.0, ".webp": 0.3}
"""Of photographs at 8 bits, about."""
_JPEG = 0.45
_STAGES = 4 * _BYTES_PER_PIXEL[".png"]
_DEEP = 2


def space_for(job: FileJob, extent: Extent | None) -> int:
    """Bytes that the job's output will take on top of what it replaces, and its stages; estimated."""
    own = _size(job.photo)
    pixels = 0 if extent is None else extent.width * extent.height
    suffix = job.output.suffix.lower()
    if suffix == job.photo.suffix.lower():
        needed = float(own)
    else:
        deep = _DEEP if suffix in {".png", ".tif", ".tiff"} and own > 4 * pixels else 1
        needed = pixels * deep * _BYTES_PER_PIXEL.get(suffix, _JPEG)
    stages = pixels * _STAGES if job.stages is not None else 0
    return max(int(needed + stages) - _size(job.output), 0)


def space_free(folder: Path) -> int:
    """Bytes free on the disk where `folder` is or would be made."""
    for place in (folder.absolute(), *folder.absolute().parents):
        with contextlib.suppress(OSError):
            return shutil.disk_usage(place).free
    return 0


def tells_capitals(folder: Path) -> bool:
    """False where ``a`` and ``A`` are one file on the disk where `folder` is or would be made. Writes nothing."""
    for place in (folder.absolute(), *folder.absolute().parents):
        with contextlib.suppress(OSError):
            for known in (*_some_inside(place), place):
                other = known.with_name(known.name.swapcase()) if known.name else known
                if other != known:
                    return not (other.exists() and other.samefile(known))
    return os.name == "posix" and sys.platform != "darwin"


def _some_inside(folder: Path) -> list[Path]:
    with os.scandir(folder) as found:
        return [Path(entry.path) for entry, _ in zip(found, range(8), strict=False)]


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0
