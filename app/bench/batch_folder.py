"""A folder of photographs with masks to measure a batch on, some of them damaged; the same for the same options."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from app.atomic import write_bytes
from app.bench.pictures import grained, sample_photograph
from app.errors import LacunaError
from app.imaging.arrays import Image, Mask
from app.imaging.depth import narrowed
from app.imaging.files import OPEN_SUFFIXES, read_photo, write_image
from app.imaging.geometry import Extent
from app.imaging.mask_shapes import draw_silhouette
from app.imaging.thumbnails import thumbnail

HOLE_SHARE = 0.006
"""Of the photograph: a person in the middle distance."""
DAMAGED_SHARE = 0.1
_LEAST_KEPT = 0.6
"""The side of the part that is cut out of a source, at least."""


@dataclass(frozen=True, slots=True)
class BatchFolder:
    """What there is to do, in folders of their own."""

    photos: Path
    masks: Path
    count: int
    damaged: frozenset[str]
    """Names of the photographs that are cut short."""


def make_batch_folder(root: Path, count: int, extent: Extent, images: Path | None = None) -> BatchFolder:
    """Write `count` JPEGs of `extent` below `root`, with masks; made of those in `images`, or of the sample.

    A tenth of them, one at least, is cut off somewhere. Raises `LacunaError` where `images` has no photograph.
    """
    sources = _sources(images)
    made = BatchFolder(root / "photos", root / "masks", count, _damaged(count))
    made.photos.mkdir()
    made.masks.mkdir()
    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(lambda number: _make(made, number, sources[number % len(sources)], extent), range(count)):
            pass
    return made


def _name(number: int) -> str:
    return f"photo-{number + 1:04}"


def _damaged(count: int) -> frozenset[str]:
    chosen = np.random.default_rng(count).choice(count, max(round(DAMAGED_SHARE * count), 1), replace=False)
    return frozenset(f"{_name(int(number))}.jpg" for number in chosen)


def _sources(images: Path | None) -> Sequence[Path | None]:
    """Where photographs come from; None stands for the sample."""
    if images is None:
        return (None,)
    try:
        found = sorted(path for path in images.iterdir() if path.suffix.lower() in OPEN_SUFFIXES)
    except OSError as error:
        raise LacunaError(f"{images}: {error.strerror}; name a folder of photographs") from error
    if not found:
        raise LacunaError(f"{images}: no photographs there; name another folder")
    return found


def _make(folder: BatchFolder, number: int, source: Path | None, extent: Extent) -> None:
    rng = np.random.default_rng((number, folder.count))
    whole = sample_photograph() if source is None else narrowed(read_photo(source).pixels)
    path = folder.photos / f"{_name(number)}.jpg"
    write_image(path, grained(thumbnail(_part(rng, whole), extent), number))
    mask: Mask = np.zeros((extent.height, extent.width), np.uint8)
    draw_silhouette(rng, mask, HOLE_SHARE)
    write_bytes(folder.masks / f"{_name(number)}.png", cv2.imencode(".png", mask)[1].tobytes())
    if path.name in folder.damaged:
        data = path.read_bytes()
        write_bytes(path, data[: int(len(data) * rng.uniform(0.05, 0.95))])


def _part(rng: np.random.Generator, image: Image) -> Image:
    """Some part of `image`, mirrored or not."""
    height, width = (round(side * rng.uniform(_LEAST_KEPT, 1)) for side in image.shape[:2])
    y, x = rng.integers(0, image.shape[0] - height + 1), rng.integers(0, image.shape[1] - width + 1)
    part = image[y : y + height, x : x + width]
    return np.ascontiguousarray(part[:, ::-1] if rng.random() < 0.5 else part)
