"""Shows a run: what the engine reports becomes panes, captions and the pane that is looked at."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.inference.request import Progress, Stage, StageResult
from app.ui.language import tr
from app.ui.session.runs import RunPhase, Runs
from app.ui.settings import declared
from app.ui.settings.declared import ResultView
from app.ui.settings.store import Settings
from app.ui.stages.stage_strip import Pane, StageView


class RunView(QObject):
    """Side by side, or the newest result large: as set, until the user looks at something else."""

    def __init__(self, runs: Runs, view: StageView, settings: Settings) -> None:
        super().__init__()
        self._runs, self._view, self._settings = runs, view, settings
        self._expected: Pane | None = Pane.ORIGINAL
        self._leads = False
        """True where the run under way may choose the pane that is looked at."""
        runs.phase_changed.connect(self._phase_changed)
        runs.progress_made.connect(self._progress_made)
        runs.stage_ready.connect(self._stage_ready)
        runs.shown_changed.connect(self._show_variant)
        runs.cleared.connect(self._cleared)

    def _phase_changed(self) -> None:
        if self._runs.phase is not RunPhase.RUNNING:
            self._view.end_run()
            return
        self._leads = self._view.current is Pane.ORIGINAL
        self._expected = self._view.current

    def _begin(self, stages: tuple[Stage, ...]) -> None:
        """The first progress tells what the run will have results of, so that panes once shown stay in their places."""
        self._view.begin_run(stages)
        if self._leads and self._settings.get(declared.RESULT_VIEW) is ResultView.GRID:
            self._look_at(None)

    def _progress_made(self, progress: Progress) -> None:
        run = self._runs.running
        if run is None or run is not self._runs.shown:
            return
        if progress.stage_index == progress.region_index == 1:
            self._begin(run.stages)
        self._show_progress(progress)

    def _show_progress(self, progress: Progress) -> None:
        words = ""
        if progress.region_count > 1:
            words = tr("Region {} of {}").format(progress.region_index, progress.region_count)
        self._view.set_progress(progress.stage, words)

    def _stage_ready(self, result: StageResult) -> None:
        self._view.set_result(result.stage, result.patches, result.seconds)
        large = self._settings.get(declared.RESULT_VIEW) is ResultView.LARGE
        if self._leads and large and self._view.current is self._expected:
            self._look_at(Pane.of(result.stage))

    def _show_variant(self) -> None:
        """Another variant: its results at once, and of the run under way what is still to come."""
        shown = self._runs.shown
        if shown is None:
            return
        runs_on = shown is self._runs.running
        self._view.swap_results(tuple(shown.results.values()), shown.stages if runs_on else ())
        if runs_on and shown.progress is not None and shown.progress.stage not in shown.results:
            self._show_progress(shown.progress)

    def bring_back(self) -> None:
        """Results that were chosen from before are there again: look at them as at a run's."""
        shown = self._runs.shown
        is_large = self._settings.get(declared.RESULT_VIEW) is ResultView.LARGE
        newest = None if shown is None else next(reversed(shown.results), None)
        self._look_at(Pane.of(newest) if is_large and newest is not None else None)

    def _cleared(self) -> None:
        self._view.clear_results()
        self._view.show_page(None)
        self._look_at(Pane.ORIGINAL)

    def _look_at(self, pane: Pane | None) -> None:
        self._expected = pane
        if self._view.page is None:
            self._view.show_pane(pane)
