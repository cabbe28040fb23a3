"""Photographs decoded once and kept as uint8; crops and masks drawn from seeded generators."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from app.errors import LacunaError
from app.imaging.arrays import Image
from app.imaging.depth import narrowed
from app.imaging.files import OPEN_SUFFIXES, read_photo
from app.imaging.geometry import Extent
from app.imaging.random_masks import AREA_BINS, random_mask
from app.training.foreign import foreign_coarse

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


def load_photographs(paths: Iterable[Path]) -> list[Image]:
    """All readable photographs, at most `LONGEST_SIDE` long; each bad file is named once in the log and skipped."""
    with ThreadPoolExecutor() as pool:
        loaded = list(pool.map(_load, paths))
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


class Batch(NamedTuple):
    """Crops to train on, all uint8 but the last."""

    truth: npt.NDArray[np.uint8]
    """``(B, size, size, 3)``"""
    masks: npt.NDArray[np.uint8]
    """``(B, size, size)``, 255 = hole"""
    foreign: npt.NDArray[np.uint8]
    """``(B, size, size, 3)``: results of other coarse inpainters, where `is_foreign`"""
    is_foreign: npt.NDArray[np.bool_]
    """``(B,)``: these samples' refinement starts from `foreign`"""


class CropSampler:
    """Draws batches; batch number `step` is the same whenever it is drawn, so a resumed run sees what it would have."""

    def __init__(
        self, photographs: list[Image], seed: int, largest_area: float = 0.6, foreign_share: float = 0.0
    ) -> None:
        self._photographs = photographs
        self._foreign_share = foreign_share
        self._seed = seed
        self._bins = [area for area in AREA_BINS if area[1] <= largest_area + 1e-6] or [(0.01, largest_area)]

    def batch(self, step: int, count: int, size: int) -> Batch:
        """`count` crops with their holes, `size` pixels a side."""
        rng = np.random.default_rng((self._seed, step))
        crops = np.stack([self._crop(rng, size) for _ in range(count)])
        areas = [self._bins[rng.integers(len(self._bins))] for _ in range(count)]
        masks = np.stack([random_mask(rng, Extent(size, size), area) for area in areas])
        is_foreign = rng.random(count) < self._foreign_share
        foreign = crops.copy()
        for index in np.flatnonzero(is_foreign):
            foreign[index] = foreign_coarse(rng, crops[index], masks[index] > 0)
        return Batch(crops, masks, foreign, is_foreign)

    def _crop(self, rng: np.random.Generator, size: int) -> Image:
        photograph = self._photographs[rng.integers(len(self._photographs))]
        height, width = photograph.shape[:2]
        side = int(rng.integers(min(size, height, width), min(height, width) + 1))
        y, x = int(rng.integers(height - side + 1)), int(rng.integers(width - side + 1))
        crop = cv2.resize(photograph[y : y + side, x : x + side], (size, size), interpolation=cv2.INTER_AREA)
        if rng.random() < 0.5:
            crop = crop[:, ::-1]
        gain = rng.uniform(0.85, 1.15, 3) * rng.uniform(0.9, 1.1)
        return np.asarray(np.clip(crop * gain, 0, 255), np.uint8)
