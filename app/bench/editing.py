"""Opening, undoing, work on the whole mask and memory: what may hold the window up, and for how long."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import PIL.Image

from app.bench.pictures import large_photograph
from app.bench.rows import Row
from app.bench.workbench import Workbench
from app.document.document import Document
from app.document.edits import MaskEdit, ResultEdit
from app.imaging import masks
from app.imaging.arrays import Image, Mask
from app.imaging.depth import narrowed
from app.imaging.files import write_image
from app.imaging.geometry import Point, Rect
from app.imaging.mask_levels import MaskLevels
from app.imaging.photo import Metadata, Photo
from app.imaging.pyramid import Pyramid
from app.imaging.twins import shared
from app.inference.regions import plan_regions
from app.inference.request import RegionPatch
from app.memory import current_mb

STALL_MS, UNDO_MS = 50.0, 50.0
OPENING, MEMORY = 1.5, 3.0
"""Multiples of Pillow's own decoding, and of the raw image."""
_JPEG, _QUICK_JPEG = (6000, 4000), (600, 400)
_STROKES, _RESULTS = 50, 10
_GROW, _FEATHER = 24, 16


def opening_row(bench: Workbench, quick: bool) -> Row:
    """A JPEG to its first full view, over what Pillow takes for the pixels alone; the best of some of each."""
    width, height = _QUICK_JPEG if quick else _JPEG
    pixels = large_photograph(width, height)[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photograph.jpg"
        write_image(path, np.asarray(cv2.GaussianBlur(pixels, (0, 0), 1.5), np.uint8))
        repeats = 1 if quick else 4
        opened = min(bench.open(path) for _ in range(repeats))
        decoded = min(bench.timed(lambda: _decoded(path)) for _ in range(repeats))
    return Row("open a JPEG of 24 MP, over Pillow", round(opened / decoded, 2), OPENING, "×")


def _decoded(path: Path) -> None:
    with PIL.Image.open(path) as image:
        image.load()


def editing_rows(bench: Workbench, size: tuple[int, int], quick: bool) -> list[Row]:
    """Puts a photograph of `size` on the desk, measures its edits, and leaves it there with them."""
    held = current_mb()
    put_on_desk(bench, large_photograph(*size)[0])
    rows = _whole_mask(bench)
    rows += _edited(bench, 4 if quick else _STROKES, 2 if quick else _RESULTS)
    gc.collect()
    now = current_mb()
    if held is not None and now is not None:
        rows.append(
            Row("memory over the raw image", round((now - held) / (3 * size[0] * size[1] / 1e6), 2), MEMORY, "×")
        )
    return rows


def put_on_desk(bench: Workbench, image: Image) -> None:
    """As opening does it, without a file."""
    document = Document(Photo(shared(image), None, Metadata("PNG")))
    bench.session.set_document(document, Pyramid(narrowed(document.image)), None, MaskLevels(document.mask))
    bench.wait()


def _whole_mask(bench: Workbench) -> list[Row]:
    """The longest stall during each work on a mask of 60 megapixels, its undo included."""
    session = bench.session
    document = session.document
    assert document is not None
    spots = _spots(document.mask)
    works: dict[str, Callable[[], object]] = {
        "set a mask of many spots": lambda: session.set_mask("spots", spots),
        "grow": lambda: _mapped(bench, "grow", lambda mask: masks.grown(mask, _GROW)),
        "feather": lambda: _mapped(bench, "feather", lambda mask: masks.feathered(mask, _FEATHER)),
        "clusters": lambda: session.read(lambda lent: plan_regions(lent.mask, 512), lambda _: None, session.fail),
        "invert": session.invert_mask,
        "select all": session.select_all,
        "clear": session.clear_mask,
        "undo of the mask's edits": lambda: session.jump(0),
    }
    return [Row.of_worst(f"stall: {name}", [bench.stalled(work)], STALL_MS) for name, work in works.items()]


def _mapped(bench: Workbench, name: str, function: Callable[[Mask], Mask]) -> None:
    def step(document: Document) -> Rect | None:
        edit = MaskEdit.between(name, document.mask, function(document.mask))
        return None if edit is None else document.apply(edit)

    bench.session.change(step)


def _spots(like: Mask) -> Mask:
    """Discs all over, about a twentieth of the area."""
    rng, mask = np.random.default_rng(5), np.zeros_like(like)
    for _ in range(300):
        x, y = (int(rng.integers(0, side)) for side in (mask.shape[1], mask.shape[0]))
        cv2.circle(mask, (x, y), int(rng.integers(8, max(mask.shape[0] // 80, 9))), 255, -1)
    return mask


def _edited(bench: Workbench, strokes: int, results: int) -> list[Row]:
    """Strokes painted and results accepted, then undone and done again one by one; they stay done."""
    for index in range(strokes):
        _paint(bench, index)
    painted = _undone_and_redone(bench, min(strokes, 10))
    for index in range(results):
        _accept(bench, index)
    accepted = _undone_and_redone(bench, results)
    return [
        Row.of_worst("undo, redo of a stroke", painted, UNDO_MS),
        Row.of_worst("undo, redo of a result", accepted, UNDO_MS),
    ]


def _undone_and_redone(bench: Workbench, count: int) -> list[float]:
    spent = []
    for verb in [bench.session.undo] * count + [bench.session.redo] * count:
        spent.append(bench.timed(lambda verb=verb: (verb(), bench.wait())))  # type: ignore[misc]
    return spent


def _paint(bench: Workbench, index: int) -> None:
    bench.brush.set_size(150 + 20 * (index % 10))
    start = Point(100 + 29 * index % 1000, 100 + 53 * index % 700)
    with bench.stroke(start) as to:
        for step in range(12):
            to(Point(start.x + 9 * step, start.y + 5 * (step % 4)))


def _accept(bench: Workbench, index: int) -> None:
    """A result as an engine gives it: new pixels in a hole with context round it."""
    document: Any = bench.session.document
    height, width = document.mask.shape
    side = min(1024, height // 4)
    rect = Rect((index * 797) % (width - side), (index * 547) % (height - side), side, side)
    hole = masks.blank(document.extent)
    inner = rect.grown(-side // 6)
    hole[inner.slices] = 255
    pixels = document.image[rect.slices].copy()
    drawn = np.random.default_rng(index).integers(0, 256, (inner.height, inner.width, 3), dtype=np.uint8)
    pixels[inner.moved(-rect.x, -rect.y).slices] = drawn
    bench.session.change(lambda lent: lent.apply(ResultEdit("result", (RegionPatch(rect, pixels),), hole)))
    bench.wait()
