"""Leaves behind what a crash would, and waits for journals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.document.document import Document
from app.document.recovery.folder import RecoveryFolder
from app.document.recovery.journal import JournalWriter
from app.document.recovery.kept_photo import PhotoKeeper
from app.document.recovery.records import FileStatus, Opened, Record
from app.document.recovery.trail import Trail
from app.document.session_state import state_of
from app.document.stroke import Stroke
from app.imaging.files import read_photo, write_image
from app.imaging.geometry import Point
from app.imaging.photo_thumbnails import read_thumbnail

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.main_window import MainWindow


def written(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until all that happened in `window` is in its journals."""

    def is_written() -> bool:
        followed = list(window.recovery.follower._followed.values())
        idle = not window.session.loans.is_lent and not window.recovery.follower._strokes.isActive()
        return idle and all(each.is_safe and not each.is_writing and not each.is_waiting for each in followed)

    qtbot.waitUntil(is_written)
    seen: list[bool] = []
    for submit in (window.session.runner.submit, window.session.runner.submit_in_order):
        submit(lambda: True, lambda _: seen.append(True))
    qtbot.waitUntil(lambda: len(seen) == 2)


def stroke(document: Document, *points: tuple[float, float], size: float = 9) -> None:
    """One stroke of the brush, as an edit."""
    painted = begun_stroke(document, *points, size=size)
    edit = painted.end()
    assert edit is not None
    document.apply(edit)


def begun_stroke(document: Document, *points: tuple[float, float], size: float = 9) -> Stroke:
    """One that is still open."""
    painted = Stroke(document, size, 1.0)
    for x, y in points:
        painted.to(Point(x, y))
    return painted


def stamp_of(path: Path) -> tuple[int, int]:
    """By which a journal knows a file again."""
    known = path.stat()
    return known.st_mtime_ns, known.st_size


def opened(document: Document, path: Path) -> Opened:
    """The first record of the journal of the photo at `path`."""
    return Opened(path.name, document.extent, document.image.itemsize, 1e9, "0", stamp_of(path))


def status(path: Path) -> FileStatus:
    """Of a photo that was opened from `path` and not saved since."""
    return FileStatus(path, path, path.name, stamp=stamp_of(path), saved=0)


def records_of(document: Document, path: Path) -> list[Record]:
    """A journal with all of `document`."""
    return [opened(document, path), status(path), *Trail().whole(document, state_of(document))]


def left_behind(root: Path, path: Path, document: Document | None = None, *, keeps_photo: bool = True) -> Path:
    """The folder of a crashed process that edited the photo at `path`; without a `document`, by one stroke."""
    if document is None:
        document = Document(read_photo(path))
        stroke(document, (20, 20), (40, 30))
    return left(root, path, records_of(document, path), document if keeps_photo else None)


def left(root: Path, path: Path, records: Sequence[Record], document: Document | None = None) -> Path:
    """The folder of a crashed process whose journal says `records`; with a copy of the photo of `document`."""
    folder = RecoveryFolder.made(root)
    writer = JournalWriter(folder.journal)
    writer.rewrite(records)
    writer.close()
    if document is not None:
        PhotoKeeper(folder.path, path, stamp_of(path)).keep(document.photo)
    write_image(folder.preview, read_thumbnail(path))
    folder.release()
    return folder.path
