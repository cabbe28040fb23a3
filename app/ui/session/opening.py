"""What the pool makes of a file that is opened: a document and its pyramids, ready to be put on the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.document.document import Document
from app.document.session_file import SUFFIX, OpenedSession, read_session
from app.errors import LacunaError
from app.imaging.depth import narrowed
from app.imaging.mask_levels import MaskLevels
from app.imaging.pyramid import Pyramid
from app.imaging.screen import ScreenPyramid, look_of
from app.ui.session.desk import avoid_levels_of
from app.ui.session.file_record import Stamp
from app.ui.session.runs import RunsState
from app.ui.session.shelf import Shelf
from app.ui.session.stored_variants import restored_shelf, runs_state
from app.words import Words


@dataclass(frozen=True, slots=True)
class RestoredSession:
    """What came out of a session file besides the document."""

    file: OpenedSession
    runs: RunsState
    shelf: Shelf


@dataclass(frozen=True, slots=True)
class Opened:
    """Ready to be put on the desk."""

    document: Document
    pyramid: Pyramid
    alpha: Pyramid | None
    mask_levels: MaskLevels
    stamp: Stamp | None = None
    """Of the photo's own file."""
    mask_error: LacunaError | None = None
    session: RestoredSession | None = None
    avoid_levels: MaskLevels | None = None
    """Of what is not to be used."""


class ElsewhereError(LacunaError):
    """Another process has the photo open."""


def unless_elsewhere(is_elsewhere: Callable[[Path], bool], path: Path, work: Callable[[], Opened]) -> Opened:
    """What `work` makes of the file at `path`; `ElsewhereError` where another process has it open."""
    if is_elsewhere(path):
        raise ElsewhereError(
            Words(
                "{name} is open in another Lacuna window: whichever saves last replaces what the other saved",
                name=path.name,
            )
        )
    return work()


def is_session(path: Path) -> bool:
    """True where the name of the file is a session's."""
    return path.suffix.lower() == SUFFIX


def ready(
    document: Document,
    stamp: Stamp | None = None,
    error: LacunaError | None = None,
    session: RestoredSession | None = None,
) -> Opened:
    """`document` with what the window shows of it; takes its time where the photo is large."""
    photo = document.photo
    alpha = None if photo.alpha is None else Pyramid(narrowed(photo.alpha))
    pyramid = ScreenPyramid(document.image, look_of(photo.metadata.icc_profile))
    levels = MaskLevels(document.mask), avoid_levels_of(document)
    return Opened(document, pyramid, alpha, levels[0], stamp, error, session, levels[1])


def read_session_file(path: Path, located: Path | None, allow_huge: bool, pixel_limit: int | None) -> Opened:
    """The session at `path`, as `read_session` has it."""
    file = read_session(path, located=located, allow_huge=allow_huge, pixel_limit=pixel_limit)
    stamp = None if file.photo_path is None else Stamp.of(file.photo_path)
    runs = runs_state(file.contents, file.document)
    return ready(
        file.document, stamp, session=RestoredSession(file, runs, restored_shelf(file.contents, file.document))
    )
