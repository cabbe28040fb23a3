"""Films and strips of the stages, written on the pool like any other file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol
from weakref import ref

from app.document.document import Document
from app.imaging.arrays import DeepImage, Image, Mask, hole_of
from app.imaging.depth import narrowed
from app.imaging.geometry import Rect
from app.imaging.screen import look_of
from app.imaging.stage_views import over_white, tinted
from app.inference.request import Check, RunCancelled, Stage, StageResult
from app.ui.language import tr
from app.ui.session.saves import Save, SaveKind
from app.ui.session.session import Session
from app.ui.stages.panes import Pane


class Shown(NamedTuple):
    """One picture ``(h, w, 3)`` uint8 in sRGB, and what it is."""

    picture: Image
    words: str


class Recipe(Protocol):
    """What is made of the pictures; on the pool."""

    def sized(self, picture: Image) -> Image:
        """`picture` as large as it is needed."""

    def write(self, path: Path, shown: list[Shown], check: Check) -> None:
        """Make a file at `path` of them, which were sized; what `check` raises ends it."""


@dataclass(frozen=True, slots=True)
class Tint:
    """How the hole is covered in the first picture."""

    colour: tuple[int, int, int]
    opacity: float
    """0…1."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is to be seen, of a variant that may be gone before it is written."""

    rect: Rect
    tint: Tint
    mask: Mask
    results: Mapping[Stage, StageResult]
    image_revision: int
    """Of the document whose image the results were shown over."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What the pictures are made of: a copy, and what nobody writes to, so that work goes on meanwhile."""

    part: DeepImage
    alpha: Mask | None
    profile: bytes | None
    subject: _Subject


@dataclass(slots=True)
class _Wanted:
    """Whether a file still is; asked on the pool."""

    is_over: bool = False

    def end(self) -> None:
        """It is not."""
        self.is_over = True

    def check(self) -> None:
        """Raises where it is not."""
        if self.is_over:
            raise RunCancelled


class TalkFiles:
    """Writes what the variant that is shown has brought so far."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def write(self, path: Path, rect: Rect, tint: Tint, recipe: Recipe, kind: SaveKind) -> None:
        """Let `recipe` make a file at `path` of the pictures of `rect` of the photo, on the pool."""
        document, shown = self._session.document, self._session.runs.shown
        if document is not None and shown is not None and shown.mask is not None and shown.results:
            subject = _Subject(rect, tint, shown.mask, dict(shown.results), document.image_revision)
            self._write(subject, recipe, kind, path)

    def _write(self, subject: _Subject, recipe: Recipe, kind: SaveKind, path: Path) -> None:
        """Where it is tried again, of what was to be seen the first time, whatever is shown by now."""
        document = self._session.document
        if document is None or document.image_revision != subject.image_revision:
            self._session.notice_given.emit(tr("The photo was changed since: {} can't be made.").format(path.name))
            return
        wanted = _Wanted()

        def write(source: _Source) -> None:
            recipe.write(path, _pictures(source, recipe, wanted.check), wanted.check)

        def written(_: None) -> None:
            self._session.notice_given.emit(tr("Saved as {}.").format(path))

        again = partial(self._write, subject, recipe, kind)
        save = Save(path, ref(document), again, wanted.end, kind)
        self._session.saves.write(save, partial(_copied, subject), write, written)


def _copied(subject: _Subject, document: Document) -> _Source:
    photo, part = document.photo, subject.rect.slices
    alpha = None if photo.alpha is None else narrowed(photo.alpha[part])
    return _Source(document.image[part].copy(), alpha, photo.metadata.icc_profile, subject)


def _pictures(source: _Source, recipe: Recipe, check: Check) -> list[Shown]:
    """The photo, with its hole, and what the stages made of it. Each is there in full for a moment only."""
    look, subject = look_of(source.profile), source.subject

    def seen(pixels: DeepImage) -> Image:
        picture = look(pixels)
        return picture if source.alpha is None else over_white(picture, source.alpha)

    def with_hole() -> Image:
        hole = hole_of(subject.mask[subject.rect.slices])
        return tinted(seen(source.part), hole, subject.tint.colour, subject.tint.opacity)

    def made(stage: Stage) -> Image:
        return seen(subject.results[stage].over_part(source.part, subject.rect))

    pictures = [Shown(recipe.sized(seen(source.part)), Pane.ORIGINAL.title)]
    check()
    pictures.append(Shown(recipe.sized(with_hole()), tr("With its hole")))
    for stage in (stage for stage in Stage if stage in subject.results):
        check()
        pictures.append(Shown(recipe.sized(made(stage)), Pane.of(stage).title))
    return pictures
