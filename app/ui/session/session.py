"""What a user can do to the document on the desk; the only writer of it.

Nothing here asks or draws. Whatever takes longer than a frame happens elsewhere: whole-image work and files on the
pool, the engine on its own thread. Results answer the *image* they were made from: painting more mask leaves them
acceptable, any change of the image (undoing an accepted result, say) discards them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.edits import MaskEdit, ResultEdit
from app.imaging import masks
from app.imaging.arrays import Mask
from app.imaging.geometry import Rect
from app.inference.request import InpaintOptions, InpaintRequest, Stage, stages_until
from app.ui.language import tr
from app.ui.session.desk import Desk, Parked
from app.ui.session.jobs import JobRunner
from app.ui.session.runs import EngineFactory, RunPhase, Runs, RunsState, default_engine
from app.ui.session.strokes import Strokes


@dataclass(frozen=True, slots=True, eq=False)
class ParkedSession:
    """A photo put aside with all that belongs to it."""

    desk: Parked
    runs: RunsState
    state_at_run: int
    contexts: tuple[Rect, ...]
    contexts_at_run: tuple[Rect, ...]
    last_contexts: tuple[Rect, ...] | None

    @property
    def document(self) -> Document:
        """The document, which nobody writes to meanwhile."""
        return self.desk.document

    @property
    def is_as_opened(self) -> bool:
        """True where reading its file again would bring all of it back."""
        history = self.document.history
        untouched = not len(history) and not history.pruned and history.is_clean
        return untouched and self.runs.phase is RunPhase.IDLE and self.runs.error is None and not self.contexts


class Session(Desk):
    """One document at a time, with its run. A verb that makes no sense at the moment does nothing."""

    contexts_changed = Signal()
    """Other context boxes were chosen."""

    def __init__(
        self,
        engine_factory: EngineFactory = default_engine,
        runner: JobRunner | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(runner or JobRunner(), parent)
        self.runs = Runs(self.runner, engine_factory, self)
        """The run under way and its results."""
        self.strokes = Strokes(self)
        """Where the tools paint."""
        self._state_at_run = -1
        self._contexts: tuple[Rect, ...] = ()
        self._contexts_at_run: tuple[Rect, ...] = ()
        self._last_contexts: tuple[Rect, ...] | None = None
        self.runs.failed.connect(self.fail)
        self.runs.notice_given.connect(self.notice_given)
        self.document_closed.connect(self.runs.clear)
        self.document_closed.connect(self._forget_contexts)
        self.image_changed.connect(self._discard_stale)

    def close(self) -> None:
        """Stop the run, let a save under way finish, and wait for both."""
        self.runs.clear()
        self.runner.close()

    # several photos

    def park(self) -> ParkedSession | None:
        """Clear the desk and return what lay on it, for `restore`; None where nothing did. A run under way goes on.

        Only while nobody has the document (see `Loans.in_turn`). A stroke in progress is kept as it is.
        """
        self.strokes.keep()
        parts = self._state_at_run, self._contexts, self._contexts_at_run, self._last_contexts
        desk = self.taken()
        if desk is None:
            return None
        parked = ParkedSession(desk, self.runs.parked(), *parts)
        self.close_document()
        return parked

    def restore(self, parked: ParkedSession) -> None:
        """Put what `park` returned back on the desk."""
        self.put(parked.desk)
        self._state_at_run, self._contexts_at_run = parked.state_at_run, parked.contexts_at_run
        self._last_contexts = parked.last_contexts
        self.set_contexts(parked.contexts)
        self.runs.restore(parked.runs)

    # the mask as a whole

    def select_all(self) -> None:
        """Make the whole image hole."""
        self._edit_mask(tr("Select all"), lambda document: masks.full(document.extent))

    def clear_mask(self) -> None:
        """Make nothing hole."""
        self._edit_mask(tr("Clear mask"), lambda document: masks.blank(document.extent))

    def invert_mask(self) -> None:
        """Swap hole and kept."""
        self._edit_mask(tr("Invert mask"), lambda document: masks.inverted(document.mask))

    def set_mask(self, name: str, mask: Mask) -> None:
        """Replace the mask by `mask`, ``(H, W)`` uint8 of the image's size, as the edit `name`."""
        self._edit_mask(name, lambda document: mask)

    def paint_region(self, name: str, rect: Rect, coverage: Mask, *, erase: bool) -> None:
        """Lay `coverage` ``(rect.height, rect.width)`` over the mask in `rect`, or take it away, as the edit `name`.

        `rect` must lie in the image; a pixel keeps the larger of the two values, or what `coverage` leaves of it.
        """

        def step(document: Document) -> Rect | None:
            before = document.mask[rect.slices]
            after = np.minimum(before, 255 - coverage) if erase else np.maximum(before, coverage)
            edit = MaskEdit.within(name, rect, before, after)
            return None if edit is None else document.apply(edit)

        self.change(step)

    def _edit_mask(self, name: str, made: Callable[[Document], Mask | None]) -> None:
        def step(document: Document) -> Rect | None:
            mask = made(document)
            edit = None if mask is None else MaskEdit.between(name, document.mask, mask)
            return None if edit is None else document.apply(edit)

        self.change(step)

    # the history

    def undo(self) -> None:
        """Take the last edit back."""
        self.change(Document.undo)

    def redo(self) -> None:
        """Do the next edit again."""
        self.change(Document.redo)

    def jump(self, index: int) -> None:
        """Undo or redo until `index` edits are in effect."""
        self.change(lambda document: document.jump(min(index, len(document.history))))

    # context boxes

    @property
    def contexts(self) -> tuple[Rect, ...]:
        """The context boxes that were chosen for the next run, image pixels."""
        return self._contexts

    def set_contexts(self, contexts: tuple[Rect, ...]) -> None:
        """Choose other context boxes."""
        if contexts != self._contexts:
            self._contexts = contexts
            self.contexts_changed.emit()

    def drop_contexts(self, contexts: Collection[Rect]) -> None:
        """Forget context boxes whose holes are gone: without these, runs past and to come are the same."""
        self._contexts_at_run = tuple(each for each in self._contexts_at_run if each not in contexts)
        self.set_contexts(tuple(each for each in self._contexts if each not in contexts))

    # runs

    @property
    def mask_changed_since_run(self) -> bool:
        """True where the results answer another mask than the present one."""
        return self.document is not None and self.document.history.state != self._state_at_run

    @property
    def contexts_changed_since_run(self) -> bool:
        """True where the results were made with other context boxes."""
        return set(self._contexts) != set(self._contexts_at_run)

    def run(self, options: InpaintOptions) -> None:
        """Fill the hole; stages arrive as `runs.stage_ready`. Earlier results are discarded."""
        self._run(options, self._contexts)

    def run_again(self, options: InpaintOptions) -> None:
        """Bring the mask and the context boxes of the last run back and run."""
        if self.runs.phase is not RunPhase.RUNNING:
            contexts = self._contexts if self._last_contexts is None else self._last_contexts
            self._edit_mask(tr("Last mask"), lambda document: document.last_mask)
            self.loans.in_turn(partial(self.set_contexts, contexts))
            self._run(options, contexts)

    def _run(self, options: InpaintOptions, contexts: tuple[Rect, ...]) -> None:
        if self.document is None or self.document.is_painting or self.runs.phase is RunPhase.RUNNING:
            return
        self._contexts_at_run = self._last_contexts = contexts
        frozen = partial(_frozen, options, contexts)
        self.read(frozen, partial(self._launch, self.runs.begin()), self._not_launched)

    def accept(self, stage: Stage) -> None:
        """Lay the result of `stage` into the image and clear the hole it fills, as one edit; ends the run."""
        result, request = self.runs.results.get(stage), self.runs.request
        if result is None or request is None:
            return
        edit = ResultEdit(self._name_of(stage, request.options.built_on), result.patches, request.mask)

        def step(document: Document) -> Rect | None:
            return document.apply(edit) if document.image_revision == result.revision else None

        self.change(step)

    def _launch(self, run: object, frozen: tuple[InpaintRequest, int] | None) -> None:
        if frozen is None:
            self.runs.clear()
            self.notice_given.emit(tr("There is nothing to fill yet: paint over what should go."))
        else:
            request, self._state_at_run = frozen
            self.runs.launch(run, request)

    def _not_launched(self, error: Exception) -> None:
        self.runs.clear()
        self.fail(error)

    def _forget_contexts(self) -> None:
        self._last_contexts = None
        self.drop_contexts(self._contexts)

    def _discard_stale(self) -> None:
        if self.runs.phase is RunPhase.RUNNING and not self.runs.results:
            self.notice_given.emit(tr("The image changed, so the run was stopped."))
        self.runs.clear()

    def _name_of(self, stage: Stage, built_on: Stage) -> str:
        """How the history calls the result of `stage`, with the time of all that it is made of."""
        with_detail = stage is Stage.DETAIL
        needed = (*stages_until(built_on), stage) if with_detail else stages_until(stage)
        milliseconds = round(1000 * sum(self.runs.results[each].seconds for each in needed))
        name = tr("{stage} + detail").format(stage=built_on.value) if with_detail else stage.value
        return tr("Fill: {stage}, {ms} ms").format(stage=name, ms=milliseconds)


def _frozen(
    options: InpaintOptions, contexts: tuple[Rect, ...], document: Document
) -> tuple[InpaintRequest, int] | None:
    """A request with its own copies and the history's state it belongs to; None where nothing is hole."""
    mask = document.mask.copy()
    if masks.hole_rect(mask).is_empty:
        return None
    document.remember_mask(mask)
    request = InpaintRequest(document.image.copy(), mask, options, document.image_revision, contexts)
    return request, document.history.state
