"""The states that show the window of a batch: what it will do, and what it has done so far."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget
    from screenshot_states import Studio

    from app.ui.batch.window import BatchWindow

_COUNT = 9
_WITHOUT_MASK, _WRONG_MASK, _DAMAGED = 3, 5, 7


def batch_setup(studio: Studio) -> list[tuple[QWidget, QPoint]]:
    """The choices, and a dry run with problems."""
    return _over(studio, _checked(studio))


def batch_queue(studio: Studio) -> list[tuple[QWidget, QPoint]]:
    """Half of it is done."""
    work = studio.window.batch
    if not work.is_running:
        batch = _checked(studio)
        batch.setup.start.click()
        studio.wait(lambda: work.done > _COUNT // 2 or not work.is_running, "for half of the batch")
        work.pause()
        studio.settle()
        batch.queue.choose(_WITHOUT_MASK)
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
    check = commands.window.check
    studio.wait(lambda: check.plan is not None, "for the dry run")
    return commands.window


def _write(folder: Path) -> None:
    """Small pictures of the sample with its mask, some of them troubled."""
    import cv2

    from app.imaging.files import read_mask, read_photo, write_image
    from app.paths import resource

    photo = read_photo(resource("sample.jpg"))
    mask = read_mask(resource("sample_mask.png"), photo.extent)
    width = min(900, photo.extent.width)
    size = width, round(width * photo.extent.height / photo.extent.width)
    pixels = cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA)
    hole = cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST)
    folder.mkdir()
    for number in range(_COUNT):
        path = folder / f"IMG_{2041 + number}.jpg"
        shown = pixels if number % 2 else pixels[:, ::-1]
        write_image(path, shown.copy())
        if number == _DAMAGED:
            path.write_bytes(path.read_bytes()[:40])
        if number != _WITHOUT_MASK:
            own = hole if number % 2 else hole[:, ::-1]
            write_image(path.with_name(f"{path.stem}_mask.png"), own[: -8 if number == _WRONG_MASK else None].copy())


def _over(studio: Studio, batch: BatchWindow) -> list[tuple[QWidget, QPoint]]:
    return [(batch, studio.window.rect().center() - batch.rect().center())]
