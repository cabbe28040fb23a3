"""The process that `tests.killing` kills: paints, fills, accepts, undoes and saves, and logs every state it was in.

``python -m tests.killed FOLDER SEED [--window] [--again]``: the photo is ``FOLDER/sea.png``, the log ``FOLDER/log``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication

from app.document.document import Document
from app.document.recovery.offers import Offer
from app.imaging.geometry import Point, Rect
from app.inference.request import STAGES, Event, InpaintOptions, InpaintRequest
from app.ui.asking import Overwrite, Unsaved
from app.ui.main_window import MainWindow
from app.ui.session.open_photos import OpenPhotos
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.recovery import Recovery
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from tests.fakes import FakeEngine, ScriptedAsker

_MAX_PAUSE = 25
"""Milliseconds between two steps."""


def digest(document: Document) -> list[str]:
    """By what a state of a document is known again: its mask and its image."""
    return [hashlib.sha1(array.tobytes()).hexdigest() for array in (document.mask, document.image)]


class Log:
    """A line a state, on the disk before anybody else hears of it."""

    def __init__(self, path: Path, session: Session) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._session = session
        for signal in (
            session.document_opened,
            session.mask_changed,
            session.image_touched,
            session.image_changed,
            session.history_changed,
        ):
            signal.connect(lambda *_: self.state())

    def state(self) -> None:
        """The present one; of a document that is lent nobody knows."""
        document = self._session.document
        if document is not None and not self._session.loans.is_lent:
            self.line("state", *digest(document))

    def line(self, *words: str) -> None:
        """Write one line."""
        os.write(self._file, (json.dumps([time.monotonic(), *words]) + "\n").encode())


class Actor:
    """Does one thing after the other, as the seed has it."""

    def __init__(self, session: Session, files: PhotoFiles, log: Log, seed: int) -> None:
        self._session, self._files, self._log = session, files, log
        self._random = random.Random(seed)
        self._stroke: Iterator[None] | None = None
        self._timer = QTimer(singleShot=True)
        self._timer.timeout.connect(self._step)

    def start(self) -> None:
        """Begin; it never ends."""
        self._timer.start(0)

    def _step(self) -> None:
        self._timer.start(self._random.randrange(_MAX_PAUSE))
        if self._stroke is not None:
            if next(self._stroke, self) is self:
                self._stroke = None
        elif not self._session.loans.is_lent:
            self._random.choice(self._verbs())()

    def _verbs(self) -> list[Callable[[], None]]:
        session = self._session
        stroke = [self._begin_stroke] * 3
        save = [self._save] * 3
        back: list[Callable[[], None]] = [session.undo, session.redo, session.invert_mask, self._jump, self._box]
        if session.runs.phase is RunPhase.READY:
            return [*stroke, *save, *[self._accept] * 8]
        if session.runs.phase is RunPhase.RUNNING:
            return [*stroke, *save, lambda: None]
        return [*stroke, *save, *back, *[self._run] * 4]

    def _begin_stroke(self) -> None:
        self._stroke = self._painted()

    def _painted(self) -> Iterator[None]:
        chance, document = self._random, self._session.document
        assert document is not None
        restores = chance.random() < 0.3
        strokes = self._session.restores if restores else self._session.strokes
        self._log.line("stroke")
        strokes.begin_stroke(chance.uniform(4, 60), chance.random(), chance.random() < 0.2)
        x, y = (chance.uniform(0, side) for side in document.extent)
        for _ in range(chance.randrange(1, 25)):
            x, y = x + chance.uniform(-12, 12), y + chance.uniform(-12, 12)
            strokes.stroke_to(Point(x, y), chance.uniform(0.5, 1))
            yield
        if chance.random() < 0.15:
            strokes.abort_stroke()
        else:
            strokes.end_stroke()
        self._log.line("stroke over")

    def _run(self) -> None:
        self._session.run(InpaintOptions())

    def _accept(self) -> None:
        self._session.accept(self._random.choice(list(self._session.runs.results) or STAGES))

    def _jump(self) -> None:
        document = self._session.document
        assert document is not None
        self._session.jump(self._random.randrange(len(document.history) + 1))

    def _box(self) -> None:
        side = self._random.randrange(8, 64)
        self._session.set_contexts((Rect(3, 5, side, side),))

    def _save(self) -> None:
        path = self._files.path
        if path is not None and not self._files.is_saving:
            self._log.line("save", str(path))
            self._files.save(path)


def slow(engine: FakeEngine) -> Callable[[], Callable[..., Iterator[Event]]]:
    """An engine that takes its time."""

    def run(request: InpaintRequest, check: Callable[[], None]) -> Iterator[Event]:
        for event in engine.run(request, check):
            time.sleep(0.02)
            yield event

    return lambda: run


def main() -> None:
    """Live until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("seed", type=int)
    parser.add_argument("--window", action="store_true", help="with the whole window")
    parser.add_argument("--again", action="store_true", help="restore what the last crash left, and go on")
    chosen = parser.parse_args()
    QCoreApplication.setOrganizationName("Lacuna")
    QCoreApplication.setApplicationName("lacuna")
    application = QApplication(sys.argv[:1])
    session = Session(slow(FakeEngine()))  # type: ignore[arg-type]
    log = Log(chosen.folder / "log", session)
    if chosen.window:
        window = MainWindow(session, None, ScriptedAsker(unsaved=Unsaved.CANCEL, overwrite=Overwrite.YES))
        window.show()
        files, recovery = window.files, window.recovery
    else:
        files = PhotoFiles(session)
        photos = OpenPhotos(session, files, lambda: 1e9)
        recovery = Recovery(session, files, photos)
    actor = Actor(session, files, log, chosen.seed)
    files.saved.connect(lambda path: log.line("saved", hashlib.sha1(Path(path).read_bytes()).hexdigest()))
    session.runs.began.connect(lambda: log.line("run"))
    session.runs.phase_changed.connect(lambda: log.line("phase", session.runs.phase.name))
    session.document_opened.connect(lambda _: actor.start())

    def found(offers: list[Offer]) -> None:
        if offers:
            recovery.restore(offers)
        else:
            files.open(chosen.folder / "sea.png")

    if chosen.again:
        recovery.found.connect(found)
        recovery.look()
    else:
        files.open(chosen.folder / "sea.png")
    sys.exit(application.exec())


if __name__ == "__main__":
    main()
