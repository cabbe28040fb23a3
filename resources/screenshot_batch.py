"""The states that show the window of a batch: what it will do, and what it has done so far."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget
    from screenshot_studio import Studio

    from app.imaging.arrays import Image, Mask
    from app.ui.batch.window import BatchWindow

_COUNT = 9
_EMPTY_MASK, _WRONG_MASK, _DAMAGED = 3, 5, 7
_VIEWS = (
    (0.0, 0.0, 1.0, False, (1.0, 1.0, 1.0)),
    (0.42, 0.42, 0.52, True, (1.08, 1.0, 0.86)),
    (0.2, 0.2, 0.8, False, (0.72, 0.82, 1.0)),
    (0.3, 0.3, 0.66, True, (1.1, 1.06, 1.0)),
    (0.35, 0.36, 0.62, False, (1.12, 0.92, 0.74)),
)
"""Left, top and size in shares of the sample, whether mirrored, and the light: factors for red, green and blue."""


def batch_setup(studio: Studio) -> list[tuple[QWidget, QPoint]]:
    """The choices, and a dry run with problems."""
    return _over(studio, _checked(studio))


def batch_queue(studio: Studio) -> list[tuple[QWidget, QPoint]]:
    """Most of it is done."""
    work = studio.window.batch
    if not work.is_running:
        batch = _checked(studio)
        batch.setup.start.click()
        studio.wait(lambda: work.done >= _COUNT - 2 or not work.is_running, "for most of the batch")
        work.pause()
        studio.settle()
        batch.queue.choose(_WRONG_MASK)
    assert studio.window.commands.batch.window is not None
    return _over(studio, studio.window.commands.batch.window)


def close_batch(studio: Studio) -> None:
    """End it, and close its window."""
    studio.window.commands.batch.close_window()
    studio.wait(lambda: not studio.window.batch.is_running, "for the batch to end")


def _checked(studio: Studio) -> BatchWindow:
    from app.ui.settings import declared

    folder = studio.store / "Harbour"
    if not folder.exists():
        _write(folder)
    settings = studio.window.settings
    settings.set(declared.BATCH_FOLDER, str(folder))
    settings.set(declared.BATCH_MASKS, declared.MaskFrom.SUFFIX)
    settings.set(declared.BATCH_OUTPUT, str(studio.store / "Harbour, cleared"))
    settings.set(declared.BATCH_EXISTING, declared.Existing.OVERWRITE)
    commands = studio.window.commands.batch
    commands.show()
    assert commands.window is not None
    commands.window.show_setup()
    check = commands.window.check
    studio.wait(lambda: check.plan is not None, "for the dry run")
    return commands.window


def _write(folder: Path) -> None:
    """Small photos with their masks, some of them troubled."""
    from app.imaging.files import write_image

    folder.mkdir()
    for number, (pixels, hole) in zip(range(_COUNT), views(900), strict=False):
        path = folder / f"IMG_{2041 + number}.jpg"
        write_image(path, pixels)
        if number == _DAMAGED:
            path.write_bytes(path.read_bytes()[:40])
        painted = hole * (number != _EMPTY_MASK)
        write_image(path.with_name(f"{path.stem}_mask.png"), painted[: -8 if number == _WRONG_MASK else None].copy())


def views(width: int) -> Iterator[tuple[Image, Mask]]:
    """Parts of the sample with its buoy, at other hours of the day, and their masks, so many pixels wide."""
    import cv2
    import numpy as np

    from app.imaging.files import read_mask, read_photo
    from app.paths import resource

    photo = read_photo(resource("sample.jpg"))
    mask = read_mask(resource("sample_mask.png"), photo.extent)
    for left, top, share, is_mirrored, light in itertools.cycle(_VIEWS):
        across, down = photo.extent.width, photo.extent.height
        x, y = round(left * across), round(top * down)
        part = np.s_[y : y + round(share * down), x : x + round(share * across)]
        size = width, round(width * down / across)
        pixels = cv2.resize(photo.pixels[part], size, interpolation=cv2.INTER_AREA)
        hole = cv2.resize(mask[part], size, interpolation=cv2.INTER_NEAREST)
        if is_mirrored:
            pixels, hole = pixels[:, ::-1], hole[:, ::-1]
        lit = np.clip(pixels * np.asarray(light, np.float32), 0, 255).astype(np.uint8)
        yield np.ascontiguousarray(lit), np.ascontiguousarray(hole)


def _over(studio: Studio, batch: BatchWindow) -> list[tuple[QWidget, QPoint]]:
    return [(batch, studio.window.rect().center() - batch.rect().center())]
