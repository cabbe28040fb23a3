"""What a crash left: the work on photos that can be had again."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import PIL.Image

from app.document.document import Document
from app.document.recovery.folder import RecoveryFolder, abandoned, last_change, preview_of, survey_of
from app.document.recovery.journal import Survey, read_journal
from app.document.recovery.kept_photo import photo_again
from app.document.recovery.replay import Work, made_again, mask_of, replayed
from app.errors import LacunaError
from app.imaging.arrays import Image, Mask
from app.words import Words

_PATIENCE = 1.0
"""Seconds; who only looks at a folder holds it for less."""


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """The work on one photo."""

    folder: Path
    survey: Survey
    when: float
    """When it was last changed, seconds since 1970."""
    preview: Image | None
    """``(h, w, 3)``."""

    @property
    def name(self) -> str:
        """What the window called the photo."""
        return self.survey.file.name or self.survey.opened.name


@dataclass(frozen=True, slots=True, eq=False)
class Restored:
    """The document again, and what belongs to it."""

    document: Document
    work: Work
    folder: RecoveryFolder
    """In which its journal goes on; its lock is held."""


def offers(root: Path) -> list[Offer]:
    """All there are in `root`, the newest first; folders in which no work was done are deleted."""
    found = []
    for path in abandoned(root):
        survey = survey_of(path)
        if survey is None:
            continue
        if survey.edits or survey.undone or survey.is_painting:
            found.append(Offer(path, survey, last_change(path), _preview(preview_of(path))))
        else:
            discard(path)
    return found


def restore(path: Path) -> Restored:
    """The work in the folder at `path`, which from here on is this process's.

    Raises `LacunaError` where it can't be had; it is left to others then, and nothing is lost.
    """
    folder = _claimed(path)
    try:
        work = replayed(read_journal(folder.journal))
        return Restored(made_again(work, photo_again(work, path)), work, folder)
    except BaseException:
        folder.release()
        raise


def restore_mask(path: Path) -> Mask:
    """The mask ``(H, W)`` of the work in the folder at `path`, which needs no photo; `LacunaError` where it is lost."""
    folder = _claimed(path)
    try:
        return mask_of(replayed(read_journal(folder.journal)))
    finally:
        folder.release()


def discard(path: Path) -> None:
    """Delete the folder at `path` for good, unless somebody has it."""
    folder = RecoveryFolder.claimed(path)
    if folder is not None:
        folder.remove()


def _claimed(path: Path) -> RecoveryFolder:
    folder = RecoveryFolder.claimed(path, _PATIENCE)
    if folder is None:
        raise LacunaError(Words("this work was restored or discarded in another window meanwhile"))
    return folder


def _preview(path: Path) -> Image | None:
    with contextlib.suppress(OSError, ValueError), PIL.Image.open(path, formats=["JPEG"]) as picture:
        return np.asarray(picture.convert("RGB"))
    return None
