"""Tools, mask, history and runs: the verbs that lead from a stroke to an accepted result."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from app.inference.request import Stage
from app.ui.session.keeping import is_mixed
from app.ui.session.next_step import Step, StepKind, next_step
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.settings.store import Settings
from app.ui.stages.stage_strip import StageView
from app.ui.tools.toolbox import Toolbox, ToolName


class EditCommands(QObject):
    """Asks nothing: all of it can be undone."""

    def __init__(self, session: Session, view: StageView, toolbox: Toolbox, settings: Settings) -> None:
        super().__init__()
        self.session, self.toolbox = session, toolbox
        self._view, self._settings = view, settings

    def has_document(self) -> bool:
        """A photo is open."""
        return self.session.document is not None

    def has_hole(self) -> bool:
        """Something is painted."""
        return self.session.hole_pixels > 0

    def can_undo(self) -> bool:
        """There is an edit to take back."""
        return self.session.document is not None and self.session.document.history.can_undo

    def can_redo(self) -> bool:
        """There is an undone edit."""
        return self.session.document is not None and self.session.document.history.can_redo

    @property
    def step(self) -> Step:
        """What Enter does now: it would accept the stage shown large, else what is kept of several, else detail, else
        what that is built on.
        """
        if self.toolbox.pending is not None:
            return Step(StepKind.TAKE)
        step = next_step(self.session, *self.preferred_stages())
        return replace(step, is_mixed=step.stage is not None and self._takes_kept())

    def preferred_stages(self) -> tuple[Stage, ...]:
        """Of whose results the first there is would be accepted."""
        shown = self._view.current.stage if self._view.current is not None else None
        large = () if shown is None else (shown,)
        return (*large, Stage.DETAIL, self._settings.result_stage())

    def _takes_kept(self) -> bool:
        """What was painted counts, unless a stage is shown large and nobody is painting."""
        shown = self._view.current.stage if self._view.current is not None else None
        return is_mixed(self.session.runs.shown) and (shown is None or self.toolbox.current is ToolName.KEEP)

    def can_step(self) -> bool:
        """Enter does something."""
        kinds = (StepKind.FILL, StepKind.ACCEPT, StepKind.FILL_AGAIN, StepKind.QUEUE, StepKind.TAKE)
        return self.step.kind in kinds

    def fill_or_accept(self) -> None:
        """What Enter does."""
        step = self.step
        if self.toolbox.pending is not None:
            self.toolbox.pending.accept()
        elif step.kind is StepKind.ACCEPT and step.stage is not None:
            self.session.accept(step.accepts)
        elif step.kind is StepKind.FILL:
            self.session.run(self._settings.run_options())
        elif step.kind is StepKind.FILL_AGAIN:
            self.again()
        elif step.kind is StepKind.QUEUE:
            self.session.queue(self._settings.run_options())

    def can_fill_again(self) -> bool:
        """There are results, and a hole to fill otherwise."""
        return self.session.runs.phase is RunPhase.READY and self.has_hole()

    def again(self) -> None:
        """Fill with the present options, and keep the results there are to choose from."""
        if self.can_fill_again():
            self.session.again(self._settings.run_options())

    @property
    def offers_again(self) -> bool:
        """The present options would bring other results than those there are."""
        return self.can_fill_again() and self.session.variant_with(self._settings.run_options()) is None

    def has_variants(self) -> bool:
        """There are results of several runs."""
        return len(self.session.runs.variants) > 1

    def show_variant(self, step: int) -> None:
        """Look at the results of another run, `step` further on."""
        self.session.runs.show_next(step)

    def can_run_again(self) -> bool:
        """A run may start."""
        return self.has_document() and self.session.runs.phase is not RunPhase.RUNNING

    def run_again(self) -> None:
        """Bring the mask of the last run back and run."""
        self.session.run_again(self._settings.run_options())

    def has_result(self, stage: Stage) -> bool:
        """There is a result of `stage` to accept."""
        return stage in self.session.runs.results

    def can_cancel(self) -> bool:
        """There is something to cancel or discard."""
        return self.session.runs.phase is not RunPhase.IDLE or self.toolbox.is_busy or self.toolbox.pending is not None

    def cancel(self) -> None:
        """Take the drag, or the open shape, back, else what a tool has found, the run that waits, the run, results."""
        if self._view.abort():
            return
        if self.toolbox.pending is not None:
            self.toolbox.pending.discard()
        else:
            self.session.step_back()
