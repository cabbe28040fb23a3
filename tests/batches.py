"""Folders of photos with masks, and what drives the window of a batch over them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from app.batch.events import FileOutcome, FileState
from app.batch.request import BatchPlan, BatchRequest, FileJob, MaskOrigin, MaskSource, PlanRow
from app.imaging.files import write_image
from app.imaging.geometry import Extent
from app.inference.request import InpaintOptions
from app.ui.batch.window import BatchWindow
from app.ui.main_window import MainWindow
from app.ui.settings import declared
from app.ui.settings.declared import MaskFrom

SIZE = (40, 60)
"""Height and width of the photos."""


def write_folder(folder: Path, *stems: str) -> Path:
    """``folder/photos`` and ``folder/masks`` with a photo and a mask of each name; returns the first."""
    for number, stem in enumerate(stems):
        write_photo(folder, stem, number)
        write_mask(folder, stem)
    return folder / "photos"


def write_photo(folder: Path, stem: str, seed: int = 0) -> Path:
    """A photo of random pixels."""
    path = folder / "photos" / f"{stem}.png"
    path.parent.mkdir(exist_ok=True)
    write_image(path, np.random.default_rng(seed).integers(0, 256, (*SIZE, 3), dtype=np.uint8))
    return path


def write_mask(folder: Path, stem: str, size: tuple[int, int] = SIZE) -> Path:
    """A mask with a hole of 10×10 pixels."""
    path = folder / "masks" / f"{stem}.png"
    path.parent.mkdir(exist_ok=True)
    mask = np.zeros(size, np.uint8)
    mask[5:15, 5:15] = 255
    write_image(path, mask)
    return path


def set_up(window: MainWindow, folder: Path) -> BatchWindow:
    """Open the batch's window with the choices for what `write_folder` wrote; results go to ``folder/out``."""
    settings = window.settings
    settings.set(declared.BATCH_FOLDER, str(folder / "photos"))
    settings.set(declared.BATCH_OUTPUT, str(folder / "out"))
    settings.set(declared.BATCH_MASKS, MaskFrom.FOLDER)
    settings.set(declared.BATCH_MASK_FOLDER, str(folder / "masks"))
    settings.set(declared.RESULT_STAGE, declared.ResultStage.GLOBAL)
    settings.set(declared.BATCH_REPORT, declared.ReportKind.NONE)
    window.commands.batch.show()
    assert window.commands.batch.window is not None
    return window.commands.batch.window


def checked(qtbot: QtBot, batch: BatchWindow) -> BatchPlan:
    """Wait for the dry run."""
    qtbot.waitUntil(lambda: batch.check.plan is not None)
    assert batch.check.plan is not None
    return batch.check.plan


def started(qtbot: QtBot, window: MainWindow, folder: Path) -> BatchWindow:
    """`set_up`, and press Start once it can be."""
    batch = set_up(window, folder)
    checked(qtbot, batch)
    batch.setup.start.click()
    assert window.batch.is_running
    return batch


def done(qtbot: QtBot, window: MainWindow, folder: Path) -> BatchWindow:
    """`started`, and wait for the end."""
    with qtbot.waitSignal(window.batch.finished):
        return started(qtbot, window, folder)


def planned(output: Path, count: int) -> BatchPlan:
    """A plan of so many photos that are nowhere."""
    source = MaskSource(MaskOrigin.ALPHA)
    request = BatchRequest(Path("/photos"), output, source)
    rows = tuple(PlanRow(job_of(output, number), Extent(60, 40), None) for number in range(count))
    return BatchPlan(request, rows, 0, 10**9)


def job_of(output: Path, number: int) -> FileJob:
    """One of its jobs."""
    name = f"{number}.png"
    photo = Path("/photos") / name
    return FileJob(number, name, photo, None, output / name, None, InpaintOptions(), None, False, False)


def outcome_of(job: FileJob, error: str = "", *, place: bool = False) -> FileOutcome:
    """That `job` is done, or has failed."""
    if error:
        return FileOutcome(job.name, FileState.FAILED, error=error, is_place_trouble=place)
    return FileOutcome(job.name, FileState.DONE, job.output, seconds={"total": 1.5}, extent=(60, 40))
