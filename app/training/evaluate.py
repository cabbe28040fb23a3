"""The photographs and holes on which methods are compared."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from app.errors import LacunaError
from app.imaging.arrays import Hole, Image
from app.imaging.depth import narrowed
from app.imaging.files import read_mask, read_photo
from app.imaging.geometry import Extent
from app.imaging.random_masks import AREA_BINS, random_mask
from app.training.dataset import list_photographs

logger = logging.getLogger(__name__)

_MASK_SUFFIXES = {".png", ".tif", ".tiff", ".bmp", ".webp", ".jpg", ".jpeg"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A photograph with a hole; `bin_index` is its place in `AREA_BINS`."""

    name: str
    image: Image
    hole: Hole
    bin_index: int


def bin_name(index: int) -> str:
    """E.g. ``0.01-0.10``."""
    low, high = AREA_BINS[index]
    return f"{low:.2f}-{high:.2f}"


def read_samples(
    images: Path, size: int | None, masks: Path | None, seed: int, limit: int | None = None
) -> Iterator[Sample]:
    """The photographs of a folder, central squares brought to `size` (None: as they are), with given or seeded holes.

    Seeded holes go through the six area bins in turn. A given mask is found by relative path and stem, with or
    without ``_mask``; a photograph without one raises `LacunaError` before any is read. A photograph that can't be
    read, or whose given hole has nothing inside the square, is named in the log and left out; the others keep their
    holes. Masks may lie beside the photographs. Raises `LacunaError` where nothing is left.
    """
    paths = list_photographs([images])[:limit]
    given = None if masks is None else _masks_for(paths, images, masks)
    found = False
    for index, path in enumerate(paths):
        try:
            pixels = narrowed(read_photo(path).pixels)
            hole = None if given is None else _given_hole(given[index], pixels, size)
        except LacunaError as error:
            logger.warning("left out: %s", error)
            continue
        image = pixels if size is None else _square(pixels, size)
        if hole is None:
            rng = np.random.default_rng((seed, index))
            hole = random_mask(rng, Extent(image.shape[1], image.shape[0]), AREA_BINS[index % len(AREA_BINS)]) > 0
        found = True
        yield Sample(str(path.relative_to(images)), image, hole, _bin_of(hole))
    if not found:
        raise LacunaError(f"{images}: no photograph there that can be evaluated")


def _masks_for(paths: list[Path], images: Path, masks: Path) -> list[Path]:
    """The mask of every photograph; a photograph is never its own."""
    there: dict[tuple[Path, str], list[Path]] = {}
    for path in sorted(masks.rglob("*")):
        if path.suffix.lower() in _MASK_SUFFIXES:
            there.setdefault((path.relative_to(masks).parent, path.stem), []).append(path)
    found = []
    for path in paths:
        relative = path.relative_to(images)
        stems = (relative.stem, f"{relative.stem}_mask")
        candidates = [mask for stem in stems for mask in there.get((relative.parent, stem), [])]
        mask = next((mask for mask in candidates if not mask.samefile(path)), None)
        if mask is None:
            raise LacunaError(f"{masks}: no mask there for {relative}")
        found.append(mask)
    return found


def _given_hole(path: Path, pixels: Image, size: int | None) -> Hole:
    hole = read_mask(path, Extent(pixels.shape[1], pixels.shape[0])) > 0
    if size is not None:
        hole = _square(np.where(hole, np.uint8(255), np.uint8(0)), size) > 0
    if not hole.any():
        where = "" if size is None else f" inside the central square that is shrunk to {size} pixels"
        raise LacunaError(f"{path}: no hole{where}")
    if hole.all():
        raise LacunaError(f"{path}: nothing but hole")
    return hole


def _square(array: npt.NDArray[np.uint8], size: int) -> npt.NDArray[np.uint8]:
    side = min(array.shape[:2])
    y, x = (array.shape[0] - side) // 2, (array.shape[1] - side) // 2
    crop = np.ascontiguousarray(array[y : y + side, x : x + side])
    return np.asarray(cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def _bin_of(hole: Hole) -> int:
    share = float(hole.mean())
    return next((index for index, (_, high) in enumerate(AREA_BINS) if share <= high), len(AREA_BINS) - 1)
