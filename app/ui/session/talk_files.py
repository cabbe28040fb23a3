"""Films and strips of the stages, written on the pool like any other file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple
from weakref import ref

from app.document.document import Document
from app.imaging.arrays import DeepImage, Image, Mask, hole_of
from app.imaging.geometry import Rect
from app.imaging.screen import look_of
from app.imaging.stage_views import tinted
from app.inference.request import Stage, StageResult
from app.ui.language import tr
from app.ui.session.saves import Save, SaveKind
from app.ui.session.session import Session
from app.ui.stages.panes import Pane


class Shown(NamedTuple):
    """One picture ``(h, w, 3)`` uint8 in sRGB, and what it is."""

    picture: Image
    words: str


@dataclass(frozen=True, slots=True)
class Tint:
    """How the hole is covered in the first picture."""

    colour: tuple[int, int, int]
    opacity: float
    """0…1."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What the pictures are made of: copies, so that work goes on meanwhile."""

    part: DeepImage
    hole: Mask
    rect: Rect
    profile: bytes | None
    results: Mapping[Stage, StageResult]


class TalkFiles:
    """Writes what the variant that is shown has brought so far."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def write(
        self, path: Path, rect: Rect, tint: Tint, write: Callable[[Path, list[Shown]], None], kind: SaveKind
    ) -> None:
        """Let `write` make a file at `path` of the pictures of `rect` of the photo; both on the pool."""
        document, shown = self._session.document, self._session.runs.shown
        if document is None or shown is None or shown.mask is None or not shown.results:
            return
        mask, results = shown.mask, dict(shown.results)

        def copy(document: Document) -> _Source:
            profile = document.photo.metadata.icc_profile
            return _Source(document.image[rect.slices].copy(), mask[rect.slices], rect, profile, results)

        def written(_: None) -> None:
            self._session.notice_given.emit(tr("Saved as {}.").format(path))

        again = partial(self._again, rect, tint, write, kind)
        save = Save(path, ref(document), again, kind=kind)
        self._session.saves.write(save, copy, lambda source: write(path, _pictures(source, tint)), written)

    def _again(
        self, rect: Rect, tint: Tint, write: Callable[[Path, list[Shown]], None], kind: SaveKind, path: Path
    ) -> None:
        self.write(path, rect, tint, write, kind)


def _pictures(source: _Source, tint: Tint) -> list[Shown]:
    """The photo, with its hole, and what the stages made of it."""
    look = look_of(source.profile)
    original = look(source.part)
    pictures = [
        Shown(original, Pane.ORIGINAL.title),
        Shown(tinted(original, hole_of(source.hole), tint.colour, tint.opacity), tr("With its hole")),
    ]
    for stage in (stage for stage in Stage if stage in source.results):
        made = source.results[stage].over_part(source.part, source.rect)
        pictures.append(Shown(look(made), Pane.of(stage).title))
    return pictures
