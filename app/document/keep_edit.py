"""A stroke of the keep brush as an edit: which result counts, in a place, before anything is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.imaging.geometry import Rect, united
from app.imaging.stage_map import LayerPatches

if TYPE_CHECKING:
    from app.document.document import Document


class KeepEdit:
    """A change of what is kept of one run's results; image and mask stay as they are.

    Where the run's results are gone it changes nothing.
    """

    changes_image = False

    def __init__(self, name: str, run: int, changes: LayerPatches, *, in_effect: bool = False) -> None:
        """Of the results of the run `run`; `in_effect` says that their weights have `changes` already."""
        self.name = name
        self.run = run
        """The number of its `Kept`."""
        self.changes = changes
        patches = [patch for layer in changes for patch in layer]
        self.rect = united(patch.rect for patch in patches)
        """The smallest rectangle round everything that changes."""
        self.nbytes = sum(patch.nbytes for patch in patches)
        self._in_effect = in_effect

    def apply(self, document: Document) -> Rect:
        """See `Edit.apply`."""
        return self._switch(document, True)

    def revert(self, document: Document) -> Rect:
        """See `Edit.revert`."""
        return self._switch(document, False)

    def _switch(self, document: Document, in_effect: bool) -> Rect:
        kept = document.kept.get(self.run)
        if self._in_effect != in_effect and kept is not None:
            kept.toggle(self.changes)
        self._in_effect = in_effect
        return self.rect
