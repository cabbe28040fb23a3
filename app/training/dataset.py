"""Photographs: found in folders, decoded once, kept as uint8."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from app.errors import LacunaError
from app.imaging.arrays import Image
from app.imaging.depth import narrowed
from app.imaging.files import OPEN_SUFFIXES, read_photo
from app.machine import usable_cores
from app.training.parallel import Progress, mapped

logger = logging.getLogger(__name__)

LONGEST_SIDE = 768
"""Photographs are shrunk to this before they are kept: crops never need more."""


def list_photographs(folders: Iterable[Path]) -> list[Path]:
    """Every file below `folders` whose suffix is an image's, sorted; masks (``*_mask.*``) are left out."""
    found: list[Path] = []
    for folder in folders:
        if not folder.is_dir():
            raise LacunaError(f"{folder}: no such folder of photographs")
        found += [path for path in folder.rglob("*") if path.suffix.lower() in OPEN_SUFFIXES]
    return sorted(path for path in found if not path.stem.endswith("_mask"))


def load_photographs(paths: Iterable[Path], progress: Progress | None = None) -> list[Image]:
    """All readable photographs, at most `LONGEST_SIDE` long; each bad file is named once in the log and skipped.

    Decoded by as many threads as there are cores. They stay in memory for good: 0.8 MB for a square of 512 pixels,
    1.8 MB at most each, so 3,000 take 2.4 to 5.3 GB, plus one whole photograph a thread while they are decoded.
    """
    paths = list(paths)
    loaded = mapped(_load, paths, "photographs", progress, usable_cores() + 1)
    photographs = [image for image in loaded if image is not None]
    if not photographs:
        raise LacunaError("no readable photograph to train on: give --data a folder of images")
    return photographs


def _load(path: Path) -> Image | None:
    try:
        image = narrowed(read_photo(path).pixels)
    except LacunaError as error:
        logger.warning("skipped: %s", error)
        return None
    longest = max(image.shape[:2])
    if longest > LONGEST_SIDE:
        image = _resized(image, LONGEST_SIDE / longest)
    return np.ascontiguousarray(image)


def _resized(image: Image, scale: float) -> Image:
    height, width = image.shape[:2]
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
