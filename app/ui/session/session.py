"""What a user can do to the document on the desk; the only writer of it.

Nothing here asks or draws. Whatever takes longer than a frame happens elsewhere: whole-image work and files on the
pool, the engine on its own thread. Here are the mask and the history; runs are those of `run_desk`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject

from app.document.document import Document
from app.document.edits import AvoidEdit, Edit, MaskEdit
from app.document.history import History
from app.document.keep_edit import KeepEdit
from app.document.stored_runs import mask_patches
from app.imaging import masks
from app.imaging.arrays import Mask
from app.imaging.geometry import EMPTY, Extent, Rect
from app.imaging.shapes import Coverage
from app.ui.language import tr
from app.ui.session.desk import DocumentStep
from app.ui.session.jobs import JobRunner
from app.ui.session.keep_strokes import KeepStrokes
from app.ui.session.keeping import variant_of
from app.ui.session.lazy_engine import EngineFactory, default_engine
from app.ui.session.parked import ParkedSession
from app.ui.session.run_desk import RunDesk
from app.ui.session.saves import Saves
from app.ui.session.strokes import AvoidStrokes, RestoreStrokes, Strokes


class Session(RunDesk):
    """One document at a time, with its runs. A verb that makes no sense at the moment does nothing."""

    def __init__(
        self,
        engine_factory: EngineFactory = default_engine,
        runner: JobRunner | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(runner or JobRunner(), engine_factory, parent)
        self.strokes = Strokes(self)
        """Where the tools paint the mask."""
        self.restores = RestoreStrokes(self)
        """Where a tool brings the opened photo back."""
        self.avoid_strokes = AvoidStrokes(self)
        """Where a tool marks what is not to be used."""
        self.keeps = KeepStrokes(self)
        """Where a tool chooses among the results that are shown."""
        self.saves = Saves(self)
        """What is being written."""

    def close(self) -> None:
        """Stop the run, and saves that can be stopped, let others under way finish, and wait for all."""
        self.runs.clear()
        self.saves.stop()
        self.runner.close()
        self.saves.forget()

    def keep_strokes(self) -> None:
        """Keep the stroke in progress, whatever it paints, as an edit: before what has to wait for its end."""
        self.loans.in_turn(self.strokes.keep)
        self.loans.in_turn(self.restores.keep)
        self.loans.in_turn(self.avoid_strokes.keep)
        self.loans.in_turn(self.keeps.keep)

    # several photos

    def park(self) -> ParkedSession | None:
        """Clear the desk and return what lay on it, for `restore`; None where nothing did. A run under way goes on.

        Only while nobody has the document (see `Loans.in_turn`), and after `keep_strokes`.
        """
        desk = self.taken()
        if desk is None:
            return None
        parked = ParkedSession(desk, self.runs.parked(), self.parked_fill())
        self.close_document()
        return parked

    def restore(self, parked: ParkedSession) -> None:
        """Put what `park` returned back on the desk."""
        self.put(parked.desk)
        self.restore_fill(parked.fill)
        self.runs.restore(parked.runs)

    # the mask as a whole

    def select_all(self) -> None:
        """Make the whole image hole."""
        self.edit_mask(tr("Select all"), lambda document: masks.full(document.extent))

    def clear_mask(self) -> None:
        """Make nothing hole."""
        self.edit_mask(tr("Clear mask"), lambda document: masks.blank(document.extent))

    def invert_mask(self) -> None:
        """Swap hole and kept."""
        self.edit_mask(tr("Invert mask"), lambda document: masks.inverted(document.mask))

    def set_mask(self, name: str, mask: Mask) -> None:
        """Replace the mask by `mask`, ``(H, W)`` uint8 of the image's size, as the edit `name`."""
        self.edit_mask(name, lambda document: mask)

    def paint_region(self, name: str, rect: Rect, coverage: Mask, *, erase: bool) -> None:
        """Lay `coverage` ``(rect.height, rect.width)`` over the mask in `rect`, or take it away, as the edit `name`.

        `rect` must lie in the image; a pixel keeps the larger of the two values, or what `coverage` leaves of it.
        """
        self.paint_shape(name, lambda extent: (rect, coverage), erase=erase)

    def paint_shape(self, name: str, drawn: Callable[[Extent], Coverage], *, erase: bool) -> None:
        """As `paint_region`, with what `drawn` makes, on the pool, for an image of the size it is given."""

        def step(document: Document) -> Rect | None:
            rect, coverage = drawn(document.extent)
            if rect.is_empty:
                return None
            edit = region_edit(document, name, rect, coverage, erase=erase)
            return None if edit is None else document.apply(edit)

        self.change(step, self.painted.emit)

    def clear_avoid(self) -> None:
        """Let all of the image be used again."""

        def step(document: Document) -> Rect | None:
            if not document.avoid_revision:
                return None
            patches = mask_patches(document.avoid)
            return document.apply(AvoidEdit(tr("Use all again"), patches)) if patches else None

        self.change(step)

    # the history

    def undo(self) -> None:
        """Take the last edit back; what was chosen among results that are gone is passed over."""
        self._move(Document.undo, lambda history: history.previous)

    def redo(self) -> None:
        """Do the next edit again; what was chosen among results that are gone is passed over."""
        self._move(Document.redo, lambda history: history.next)

    def _move(self, move: Callable[[Document], Rect | None], next_of: Callable[[History[Edit]], Edit | None]) -> None:
        """The results among which the edit chose are shown."""
        moved: list[Edit] = []

        def made() -> DocumentStep:
            variants = self.runs.variants  # not before: a step asked for earlier may bring results back

            def step(document: Document) -> Rect | None:
                while (edit := next_of(document.history)) is not None:
                    moved.append(edit)
                    rect = move(document)
                    if not isinstance(edit, KeepEdit) or variant_of(edit, variants) is not None:
                        return rect
                return EMPTY if moved else None

            return step

        def show() -> None:
            variant = variant_of(moved[-1], self.runs.variants)
            if variant is not None:
                self.runs.show(variant)

        self.change_by(made, show)

    def jump(self, index: int) -> None:
        """Undo or redo until `index` edits are in effect."""
        self.change(lambda document: document.jump(min(index, len(document.history))))


def region_edit(document: Document, name: str, rect: Rect, coverage: Mask, *, erase: bool) -> MaskEdit | None:
    """What `Session.paint_region` does to `document`; None where it changes nothing."""
    before = document.mask[rect.slices]
    after = np.minimum(before, 255 - coverage) if erase else np.maximum(before, coverage)
    return MaskEdit.within(name, rect, before, after)
