"""Methods compared on the same photographs and holes: a table by mask-area bin, JSON, a picture sheet."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch

from app.errors import LacunaError
from app.imaging.arrays import Hole, Image
from app.imaging.depth import narrowed
from app.imaging.files import read_mask, read_photo
from app.imaging.geometry import Extent
from app.imaging.metrics import l1, psnr, ssim
from app.imaging.random_masks import AREA_BINS, random_mask
from app.inference.tensors import image_tensor
from app.training.dataset import list_photographs
from app.training.features import Extractor, feature_distance
from app.training.methods import Method


@dataclass(frozen=True, slots=True)
class Sample:
    """A photograph with a hole; `bin_index` is its place in `AREA_BINS`."""

    name: str
    image: Image
    hole: Hole
    bin_index: int


@dataclass(frozen=True, slots=True)
class Score:
    """One method on one sample. `psnr` is over the image, `hole_psnr` over the hole; `lpips` may be None."""

    method: str
    bin_index: int
    psnr: float
    hole_psnr: float
    ssim: float
    l1: float
    lpips: float | None
    seconds: float


FIGURES = ("psnr", "hole_psnr", "ssim", "l1", "lpips", "seconds")


def bin_name(index: int) -> str:
    """E.g. ``0.01-0.10``."""
    low, high = AREA_BINS[index]
    return f"{low:.2f}-{high:.2f}"


def read_samples(
    images: Path, size: int | None, masks: Path | None, seed: int, limit: int | None = None
) -> Iterator[Sample]:
    """The photographs of a folder, square crops shrunk to `size` (None: as they are), with given or seeded holes.

    Seeded holes go through the six area bins in turn. A given mask is found by relative path and stem, with or
    without ``_mask``.
    """
    paths = list_photographs([images])[:limit]
    if not paths:
        raise LacunaError(f"{images}: no photograph there")
    for index, path in enumerate(paths):
        photo = read_photo(path)
        if masks is not None:
            found = _mask_for(path.relative_to(images), masks)
            hole = read_mask(found, photo.extent) > 0
        else:
            hole = None
        pixels = narrowed(photo.pixels)
        image = pixels if size is None else _square(pixels, size)
        if hole is not None and size is not None:
            hole = _square(np.where(hole, np.uint8(255), np.uint8(0)), size) > 0
        if hole is None:
            rng = np.random.default_rng((seed, index))
            hole = random_mask(rng, Extent(image.shape[1], image.shape[0]), AREA_BINS[index % len(AREA_BINS)]) > 0
        yield Sample(path.name, image, hole, _bin_of(hole))


def _mask_for(relative: Path, masks: Path) -> Path:
    for stem in (relative.stem, f"{relative.stem}_mask"):
        for candidate in sorted((masks / relative.parent).glob(f"{stem}.*")):
            if candidate.suffix.lower() in {".png", ".tif", ".tiff", ".bmp", ".webp", ".jpg", ".jpeg"}:
                return candidate
    raise LacunaError(f"{masks}: no mask there for {relative}")


def _square(array: npt.NDArray[np.uint8], size: int) -> npt.NDArray[np.uint8]:
    side = min(array.shape[:2])
    y, x = (array.shape[0] - side) // 2, (array.shape[1] - side) // 2
    crop = np.ascontiguousarray(array[y : y + side, x : x + side])
    return np.asarray(cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def _bin_of(hole: Hole) -> int:
    share = float(hole.mean())
    return next((index for index, (_, high) in enumerate(AREA_BINS) if share <= high), len(AREA_BINS) - 1)


def score(method_name: str, method: Method, sample: Sample, extractor: Extractor | None) -> tuple[Score, Image]:
    """Run one method on one sample."""
    began = time.perf_counter()
    result = method(sample.image, sample.hole)
    seconds = time.perf_counter() - began
    distance = None
    if extractor is not None:
        cpu = torch.device("cpu")
        with torch.inference_mode():
            pair = image_tensor(result, cpu), image_tensor(sample.image, cpu)
            distance = float(feature_distance(extractor, *pair)[0])
    figures = Score(
        method_name,
        sample.bin_index,
        psnr(result, sample.image),
        psnr(result, sample.image, sample.hole),
        ssim(result, sample.image),
        l1(result, sample.image),
        distance,
        seconds,
    )
    return figures, result


Means = dict[str, float | None]


def summary(scores: list[Score]) -> dict[str, dict[str, Means | dict[str, Means]]]:
    """``{method: {"all": means, "bins": {bin: means}}}`` in the order the methods came."""
    table: dict[str, dict[str, Means | dict[str, Means]]] = {}
    for method in dict.fromkeys(entry.method for entry in scores):
        mine = [entry for entry in scores if entry.method == method]
        bins = {
            bin_name(index): _means([entry for entry in mine if entry.bin_index == index])
            for index in sorted({entry.bin_index for entry in mine})
        }
        table[method] = {"all": _means(mine), "bins": bins}
    return table


def _means(scores: list[Score]) -> Means:
    rows = [asdict(entry) for entry in scores]
    means: Means = {}
    for figure in FIGURES:
        values = [float(row[figure]) for row in rows if row[figure] is not None]
        means[figure] = float(np.mean(values)) if values else None
    return means
