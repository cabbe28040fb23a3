"""The desk with what fills its holes: context boxes, runs, the results they bring, and the run that waits for its turn.

Results answer the *image* they were made from: painting more mask leaves them acceptable, any change of the image
(undoing an accepted result, say) discards them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.edits import MaskEdit, ResultEdit
from app.imaging.arrays import Mask
from app.imaging.geometry import Rect
from app.inference.request import InpaintOptions, Stage, stages_until
from app.ui.language import tr
from app.ui.numbers import decimal
from app.ui.session.desk import Change, Desk, DocumentStep
from app.ui.session.frozen import Frozen, frozen_request, several
from app.ui.session.jobs import JobRunner
from app.ui.session.keeping import base_of, is_mixed, kept_stages
from app.ui.session.lazy_engine import EngineFactory
from app.ui.session.parked import ParkedFill
from app.ui.session.runs import RunPhase, Runs
from app.ui.session.shelf import Shelf, Shelved
from app.ui.session.variants import Variant
from app.ui.stages.panes import stage_word

_LONG = 10
"""Seconds from which on a name does not count milliseconds."""


class RunDesk(Desk):
    """A desk whose holes can be filled. A verb that makes no sense at the moment does nothing."""

    contexts_changed = Signal()
    """Other context boxes were chosen."""
    brought_back = Signal()
    """Results that were chosen from before are there again."""
    queue_changed = Signal()
    """Another run waits for the present one, or none any longer."""

    def __init__(self, runner: JobRunner, engine_factory: EngineFactory, parent: QObject | None = None) -> None:
        super().__init__(runner, parent)
        self.runs = Runs(self.runner, engine_factory, self)
        """The run under way and its results."""
        self._contexts: tuple[Rect, ...] = ()
        self._last_contexts: tuple[Rect, ...] | None = None
        self._queued: InpaintOptions | None = None
        self._shelf = Shelf()
        self.runs.failed.connect(self._run_failed)
        self.runs.completed.connect(self._run_queued)
        self.runs.notice_given.connect(self.notice_given)
        self.document_closed.connect(self.cancel)
        self.document_closed.connect(self._forget_contexts)
        self.image_changed.connect(self._replace_stale)
        self.history_changed.connect(self._clear_shelf)

    def change_by(self, made: Callable[[], DocumentStep], then: Callable[[], None] | None = None) -> None:
        """See `Desk.change_by`."""
        super().change_by(lambda: partial(_readied, made(), self._shelf), then)

    def edit_mask(self, name: str, made: Callable[[Document], Mask | None]) -> None:
        """Replace the mask, as the edit `name`, by what `made` makes of the document, on the pool; None: do not."""

        def step(document: Document) -> Rect | None:
            mask = made(document)
            edit = None if mask is None else MaskEdit.between(name, document.mask, mask)
            return None if edit is None else document.apply(edit)

        self.change(step)

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
        for variant in (*self.runs.variants, *self.runs.gone):
            variant.contexts = tuple(each for each in variant.contexts if each not in contexts)
        self.set_contexts(tuple(each for each in self._contexts if each not in contexts))

    def parked_fill(self) -> ParkedFill:
        """What is chosen for the runs to come, for `restore_fill`."""
        return ParkedFill(self._contexts, self._last_contexts, self._queued, self._shelf)

    def restore_fill(self, parked: ParkedFill) -> None:
        """The photo is back on the desk, and so is what was chosen."""
        contexts, self._last_contexts, self._queued, shelf = parked
        self._shelf = shelf or Shelf()
        self.set_contexts(contexts)
        self.queue_changed.emit()

    # what a run answers

    @property
    def mask_changed_since_run(self) -> bool:
        """True where the results shown answer another mask than the present one."""
        return self.runs.shown is not None and self._has_other_mask(self.runs.shown)

    @property
    def contexts_changed_since_run(self) -> bool:
        """True where the results shown were made with other context boxes."""
        return self.runs.shown is not None and set(self._contexts) != set(self.runs.shown.contexts)

    @property
    def painted_since_run(self) -> bool:
        """True where there is more, or less, to fill than the run under way fills."""
        return self.runs.running is not None and self._has_other_mask(self.runs.running) and self.hole_pixels > 0

    def variant_with(self, options: InpaintOptions) -> Variant | None:
        """The complete results that a run with `options` would bring once more; None where there are none."""
        return next((each for each in self.runs.variants if each.options == options and self._fits_now(each)), None)

    def _fits_now(self, variant: Variant) -> bool:
        """It is complete, of the present mask and context boxes."""
        is_of_these = set(variant.contexts) == set(self._contexts) and not self._has_other_mask(variant)
        return variant.report is not None and variant.state is not None and is_of_these

    @property
    def shelf(self) -> Shelf:
        """What there is to choose from in other states of the history."""
        return self._shelf

    def _has_other_mask(self, variant: Variant) -> bool:
        return self.document is not None and variant.state is not None and self.document.picture_state != variant.state

    # runs

    def run(self, options: InpaintOptions) -> None:
        """Fill the hole; stages arrive as `runs.stage_ready`. Earlier results are discarded."""
        if self.runs.phase is not RunPhase.RUNNING:
            self._run(options, self._contexts, keep=False)

    def run_anew(self, options: InpaintOptions) -> None:
        """As `run`, also instead of a run under way."""
        self.unqueue()
        self._run(options, self._contexts, keep=False)

    def again(self, options: InpaintOptions) -> None:
        """Fill the hole and keep what earlier runs brought, to choose from; what is there already is shown."""
        there = self.variant_with(options)
        if self.runs.phase is RunPhase.RUNNING:
            return
        if there is None:
            self._run(options, self._contexts, keep=True)
        elif there is not self.runs.shown:
            self.runs.show(there)
        else:
            self.notice_given.emit(tr("These results were made with the present options: change one, then fill again."))

    def candidates(self, options: InpaintOptions, number: int) -> None:
        """Fill the hole `number` times, in different ways (`app.inference.candidates`), to choose from.

        Results of the same hole stay; of the ways wanted, only what was not made yet is made, be it there still or not.
        """
        if self.runs.phase is RunPhase.RUNNING or self.document is None or self.is_painting:
            return
        keep = not self.mask_changed_since_run
        made = (each for each in (*self.runs.gone, *self.runs.variants) if self._fits_now(each))
        there = tuple(each.options for each in made if each.options is not None)
        self._begin_run(partial(several, options, number, there, self._contexts), self._contexts, keep=keep)

    def run_again(self, options: InpaintOptions) -> None:
        """Bring the mask and the context boxes of the last run back and run."""
        if self.runs.phase is not RunPhase.RUNNING:
            contexts = self._contexts if self._last_contexts is None else self._last_contexts
            self.edit_mask(tr("Last mask"), lambda document: document.last_mask)
            self.loans.in_turn(partial(self.set_contexts, contexts))
            self._run(options, contexts, keep=True)

    def accept(self, stage: Stage | None) -> None:
        """Lay the result of `stage` into the image and clear the hole it fills, as one edit; ends the run.

        None stands for what is kept of each stage. Of several variants it is the one shown. A run that waits for its
        turn fills what is left.
        """
        shown = self.runs.shown
        if shown is None or shown.options is None or not shown.results:
            return
        kept = shown.kept if stage is None and is_mixed(shown) else None
        result = shown.results.get(stage or base_of(shown))
        if result is None:
            return
        name = _name_of(shown, result.stage, shown.options.built_on) if kept is None else _name_of_kept(shown)
        queued = self._queued

        def step(document: Document) -> Rect | None:
            if document.image_revision != result.revision:
                return None
            patches = result.patches if kept is None else kept.patches()
            return document.apply(ResultEdit(name, patches, shown.mask))

        def filled() -> None:
            if queued is not None and self.hole_pixels:
                self.run(queued)

        self.change(step, filled)

    def cancel(self) -> None:
        """Drop the run that waits, stop the one under way, and forget all results."""
        self.unqueue()
        self.runs.clear()

    def step_back(self) -> None:
        """Drop the run that waits; without one, stop the run under way; without that, discard all results."""
        if self._queued is not None:
            self.unqueue()
        else:
            self.runs.stop()

    # the run that waits

    @property
    def queued(self) -> InpaintOptions | None:
        """The options of the run that begins when the present one is done; None where none waits."""
        return self._queued

    def queue(self, options: InpaintOptions) -> None:
        """When the run under way is done, fill what is painted by then."""
        if self.runs.phase is RunPhase.RUNNING and self._queued is None:
            self._queued = options
            self.queue_changed.emit()

    def unqueue(self) -> None:
        """No run waits any longer."""
        if self._queued is not None:
            self._queued = None
            self.queue_changed.emit()

    def _run_queued(self) -> None:
        queued = self._queued
        self.unqueue()
        if queued is not None and self.hole_pixels:
            self.again(queued)

    # how a run begins and ends

    def _run(self, options: InpaintOptions, contexts: tuple[Rect, ...], *, keep: bool) -> None:
        if self.document is not None and not self.is_painting:
            self._begin_run(partial(frozen_request, options, contexts), contexts, keep=keep)

    def _begin_run(
        self, frozen: Callable[[Document], Frozen | None], contexts: tuple[Rect, ...], *, keep: bool
    ) -> None:
        self._last_contexts = contexts
        self.read(frozen, partial(self._launch, self.runs.begin(contexts, keep=keep)), self._not_launched)

    def _launch(self, run: Variant, frozen: Frozen | None) -> None:
        if frozen is not None and frozen.requests:
            first, *others = frozen.requests
            self.runs.launch(run, first, frozen.state, *others)
        elif run is self.runs.running:
            self.runs.stop()
            words = tr("There is nothing to fill yet: paint over what should go.")
            none_left = tr("There is no other way to fill this with the present options.")
            self.notice_given.emit(words if frozen is None else none_left)

    def _not_launched(self, error: Exception) -> None:
        self.runs.stop()
        self.fail(error)

    def _run_failed(self, error: Exception) -> None:
        self.unqueue()
        self.fail(error)

    def _forget_contexts(self) -> None:
        self._last_contexts = None
        self.drop_contexts(self._contexts)
        self._shelf = Shelf()

    def _replace_stale(self) -> None:
        """Results of another image go, onto the shelf where there were several; those of this one come back."""
        change, is_stopped = self._last_change, self.runs.phase is RunPhase.RUNNING and not self.runs.results
        kept = Shelved.of(self.runs.state, self._contexts)
        self.cancel()
        if is_stopped:
            self.notice_given.emit(tr("The image changed, so the run was stopped."))
        if kept is not None and change.left is not None:
            self._shelf.put(change.left, kept)
        self._bring_back(change)

    def _announce(self, change: Change) -> None:
        super()._announce(change)
        if change.rect is not None and not change.of_image:
            self._bring_back(change)

    def _bring_back(self, change: Change) -> None:
        """Where there are no results: those that were chosen from in the state that is reached."""
        back = None if change.reached is None else self._shelf.get(change.reached)
        if back is None or self.runs.variants:
            return
        self.runs.restore(back.brought_back(change.revision))
        if change.of_image or not self._contexts:
            self.set_contexts(back.contexts)
        self.brought_back.emit()

    def _clear_shelf(self) -> None:
        if self.document is not None:
            self._shelf.keep_only(self.document.history.states)


def _readied(step: DocumentStep, shelf: Shelf, document: Document) -> Rect | None:
    """Do `step`, and make ready what `shelf` has for the state that it reaches."""
    rect = step(document)
    back = shelf.get(document.picture_state)
    if back is not None:
        back.complete()
    return rect


def _name_of(variant: Variant, stage: Stage, built_on: Stage) -> str:
    """How the history calls the result of `stage`, with the time of all that it is made of."""
    with_detail = stage is Stage.DETAIL
    needed = (*stages_until(built_on), stage) if with_detail else stages_until(stage)
    seconds = sum(variant.results[each].seconds for each in needed)
    name = stage_word(built_on if with_detail else stage)
    name = tr("{stage} + detail").format(stage=name) if with_detail else name
    if seconds >= _LONG:
        return tr("Fill: {stage}, {seconds} s").format(stage=name, seconds=decimal(seconds, 1))
    return tr("Fill: {stage}, {ms} ms").format(stage=name, ms=round(1000 * seconds))


def _name_of_kept(variant: Variant) -> str:
    """How the history calls a mixture of stages."""
    others = ", ".join(stage_word(stage) for stage in kept_stages(variant))
    return tr("Fill: {stage} with {others}").format(stage=stage_word(base_of(variant)), others=others)
