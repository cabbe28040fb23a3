"""What belongs to a photo that is put aside: the document, what is chosen for its runs, and their results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.document.document import Document
from app.imaging.geometry import Rect
from app.imaging.mask_levels import MaskLevels
from app.imaging.pyramid import Pyramid
from app.inference.request import InpaintOptions
from app.ui.session.runs import RunsState
from app.ui.session.shelf import Shelf


class Parked(NamedTuple):
    """What lay on the desk."""

    document: Document
    pyramid: Pyramid
    alpha: Pyramid | None
    mask_levels: MaskLevels
    avoid_levels: MaskLevels
    """Of what is not to be used."""

    @property
    def nbytes(self) -> int:
        """Memory of its pixels, about."""
        levels = self.pyramid.levels if self.pyramid.levels[0] is not self.document.image else self.pyramid.levels[1:]
        arrays = [self.document.photo.pixels, self.document.mask, *levels]
        arrays += [] if self.alpha is None else self.alpha.levels
        return sum(array.nbytes for array in arrays)


class ParkedFill(NamedTuple):
    """What is chosen for the runs to come of a photo that was put aside."""

    contexts: tuple[Rect, ...]
    last_contexts: tuple[Rect, ...] | None
    queued: InpaintOptions | None
    shelf: Shelf | None = None
    """What there was to choose from in earlier states."""


@dataclass(frozen=True, slots=True, eq=False)
class ParkedSession:
    """A photo put aside with all that belongs to it."""

    desk: Parked
    runs: RunsState
    fill: ParkedFill

    @property
    def document(self) -> Document:
        """The document, which nobody writes to meanwhile."""
        return self.desk.document

    @property
    def is_as_opened(self) -> bool:
        """True where reading its file again would bring all of it back."""
        runs = self.runs
        return self.document.is_untouched and not runs.variants and runs.error is None and not self.fill.contexts
