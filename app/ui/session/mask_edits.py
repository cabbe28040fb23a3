"""What can be done to the painted mask as a whole, each one named edit made on the pool."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.document.document import Document
from app.imaging import masks
from app.imaging.arrays import Mask
from app.imaging.depth import narrowed
from app.ui.language import tr
from app.ui.session.session import Session


class MaskEdits:
    """Lengths are image pixels. What would change nothing is no edit."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def grow(self, px: int) -> None:
        """Take `px` pixels round the hole into it."""
        self._edit(tr("Grow mask, {} px").format(px), masks.grown, px)

    def shrink(self, px: int) -> None:
        """Take `px` pixels along the hole's border out of it."""
        self._edit(tr("Shrink mask, {} px").format(px), masks.shrunk, px)

    def feather(self, px: int) -> None:
        """Make the hole's border soft, over about `px` pixels on each side."""
        self._edit(tr("Feather mask, {} px").format(px), masks.softened, px)

    def smooth(self, px: int) -> None:
        """Round off what is finer than about `px` pixels: ragged borders, specks, pinholes."""
        self._edit(tr("Smooth mask, {} px").format(px), masks.smoothed, px)

    def bring_back(self) -> None:
        """The mask of the last run again."""
        self._session.edit_mask(tr("Last mask"), lambda document: document.last_mask)

    def take_transparency(self) -> None:
        """Make hole what is transparent in the photo, and nothing else."""
        self._session.edit_mask(tr("Mask from transparency"), _transparency)

    def _edit(self, name: str, function: Callable[[Mask, int], Mask], px: int) -> None:
        self._session.edit_mask(name, partial(_applied, function, px))


def _applied(function: Callable[[Mask, int], Mask], px: int, document: Document) -> Mask:
    return function(document.mask, px)


def _transparency(document: Document) -> Mask | None:
    alpha = document.photo.alpha
    return None if alpha is None else masks.inverted(narrowed(alpha))
