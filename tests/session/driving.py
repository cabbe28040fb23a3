"""Sessions without a window: one over a fake engine, with a photo open, painted and run to the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.imaging.geometry import Point
from app.inference.request import InpaintOptions, Stage
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from tests.fakes import FakeEngine

OPTIONS = InpaintOptions()


def living_session(engine: FakeEngine) -> Iterator[Session]:
    """A session that is closed at the end, its engine's gates open."""
    result = Session(engine.factory)
    yield result
    for gate in engine.gates.values():
        gate.set()
    result.close()


def write_photo(folder: Path) -> Path:
    """A file of 60×40 random pixels."""
    path = folder / "sea.png"
    write_image(path, np.random.default_rng(3).integers(0, 256, (40, 60, 3), dtype=np.uint8))
    return path


def open_in(qtbot: QtBot, session: Session, files: PhotoFiles, photo: Path) -> Session:
    """Open `photo` and wait until it is there."""
    with qtbot.waitSignal(session.document_opened):
        files.open(photo)
    return session


def paint(session: Session, *points: tuple[float, float], size: float = 8, erase: bool = False) -> None:
    """One stroke along image points."""
    session.strokes.begin_stroke(size, 1.0, erase)
    for x, y in points:
        session.strokes.stroke_to(Point(x, y))
    session.strokes.end_stroke()


def run_to_end(qtbot: QtBot, session: Session) -> None:
    """Run and wait until the results are there."""
    session.run(OPTIONS)
    qtbot.waitUntil(lambda: session.runs.phase is RunPhase.READY)


def accept(qtbot: QtBot, session: Session, stage: Stage) -> None:
    """Accept a stage and wait until it is in the image."""
    with qtbot.waitSignal(session.image_changed):
        session.accept(stage)


def image_of(session: Session) -> np.ndarray:
    """A copy of the image as edited."""
    assert session.document is not None
    return session.document.image.copy()


def run_nothing(qtbot: QtBot, session: Session) -> None:
    """Wait until all that was asked for is done."""
    done: list[bool] = []
    session.loans.in_turn(lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
