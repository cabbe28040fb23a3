"""The run under way and the results nobody has accepted yet. Knows the events of the engine, not the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from app.imaging.geometry import Rect
from app.inference.request import (
    Event,
    InpaintRequest,
    Notice,
    Progress,
    RunReport,
    Stage,
    StageResult,
)
from app.ui.language import localised, tr
from app.ui.session.jobs import Cancelled, Err, JobRunner, Stream, StreamEnd
from app.ui.session.lazy_engine import EngineFactory, LazyEngine
from app.ui.session.variants import Variant, letters, surplus


class RunPhase(Enum):
    """Where the story of a run stands."""

    IDLE = auto()
    RUNNING = auto()
    READY = auto()
    """Results wait to be accepted or discarded."""


@dataclass(slots=True, eq=False)
class Series:
    """Runs of one hole, one after the other."""

    waiting: list[InpaintRequest]
    """Those still to begin."""
    count: int
    """How many there are in all."""
    state: int
    """The history's state whose mask they fill."""

    @property
    def number(self) -> int:
        """Which of them is under way, from 1."""
        return self.count - len(self.waiting)


@dataclass(slots=True, eq=False)
class RunsState:
    """The run and the results of one photo. While it is put aside, what the engine still reports is gathered here."""

    phase: RunPhase = RunPhase.IDLE
    variants: list[Variant] = field(default_factory=list)
    made: int = 0
    shown: Variant | None = None
    running: Variant | None = None
    stream: Stream | None = None
    notices: list[str] = field(default_factory=list)
    """What the run said while it was put aside."""
    error: Exception | None = None
    """What ended it while it was put aside."""
    is_completed: bool = False
    """It came to its end while it was put aside."""
    series: Series | None = None
    """Where the run under way is one of several."""
    shown_before: Variant | None = None
    """The one that was shown before `shown`."""
    gone: list[Variant] = field(default_factory=list)
    """Those that had to make room, without their results: they were there to choose from."""

    def show(self, variant: Variant) -> None:
        """Look at `variant` from now on."""
        self.shown_before, self.shown = self.shown, variant

    def cancel(self) -> None:
        """Ask the run to stop; nothing arrives afterwards."""
        if self.stream is not None:
            self.stream.cancel()

    def stop(self) -> None:
        """Stop the run and forget what it brought, while all this is put aside."""
        self.cancel()
        gone = [] if self.running is None else [self.running]
        self.stream = self.running = self.series = None
        self.drop(gone)
        self.phase = RunPhase.READY if self.variants else RunPhase.IDLE

    def drop(self, gone: list[Variant]) -> None:
        """Do without these; where the one shown is among them, the one before it is shown again, or the newest."""
        self.variants = [each for each in self.variants if each not in gone]
        if self.shown_before in gone:
            self.shown_before = None
        if self.shown in gone:
            newest = self.variants[-1] if self.variants else None
            self.shown, self.shown_before = self.shown_before or newest, None


class Runs(QObject):
    """At most one run at a time; what it brings is a variant, kept with those before until `clear`."""

    began = Signal()
    phase_changed = Signal()
    progress_made = Signal(object)
    """`Progress`."""
    stage_ready = Signal(object)
    """`StageResult` of the variant that is shown."""
    shown_changed = Signal()
    """Another variant is shown, or there are more or fewer to choose from."""
    finished = Signal(object)
    """`RunReport`."""
    went_on = Signal()
    """One of several runs came to its end, and the next one began; what is shown stays."""
    completed = Signal()
    """A run came to its end, not stopped and without an error; said last."""
    failed = Signal(object)
    """The exception; what had arrived before is kept."""
    notice_given = Signal(str)
    cleared = Signal()

    def __init__(self, runner: JobRunner, factory: EngineFactory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._engine = LazyEngine(factory)
        self._state = RunsState()

    @property
    def engine(self) -> LazyEngine:
        """What fills the holes, here and in a batch: it is there once."""
        return self._engine

    @property
    def phase(self) -> RunPhase:
        """Idle, running, or results ready."""
        return self._state.phase

    @property
    def variants(self) -> tuple[Variant, ...]:
        """All there are to choose from, the oldest first; the run under way is the last."""
        return tuple(self._state.variants)

    @property
    def gone(self) -> tuple[Variant, ...]:
        """Those that had to make room, without their results."""
        return tuple(self._state.gone)

    @property
    def made(self) -> int:
        """How many runs there were of the present image."""
        return self._state.made

    @property
    def shown(self) -> Variant | None:
        """The one that is looked at and would be accepted."""
        return self._state.shown

    @property
    def running(self) -> Variant | None:
        """The run under way."""
        return self._state.running

    @property
    def series(self) -> Series | None:
        """The runs of which the one under way is one; None where it is alone."""
        return self._state.series

    @property
    def state(self) -> RunsState:
        """All of it as it is now; only to be read."""
        return self._state

    @property
    def results(self) -> Mapping[Stage, StageResult]:
        """What the variant shown has so far, in order of arrival."""
        return MappingProxyType({} if self._state.shown is None else self._state.shown.results)

    def preload(self, then: Callable[[], None] = lambda: None) -> None:
        """Make the engine now, so that the first run need not wait, then call `then`; a failure shows at that run."""
        self._runner.stream(self._engine.load, lambda event: None, lambda end: then())

    def begin(self, contexts: tuple[Rect, ...] = (), *, keep: bool = False) -> Variant:
        """Be running; what comes back is for `launch`, once the request is made.

        What there is already is forgotten, a run under way, too; or with `keep`, where none is, stays to be chosen
        from.
        """
        stages = () if self._state.shown is None else self._state.shown.stages
        if not keep:
            self._forget()
        variant = self._state.running = Variant(letters(self._state.made), contexts, stages=stages)
        self._state.show(variant)
        self._state.made += 1
        self._state.variants.append(variant)
        self.began.emit()
        self._enter(RunPhase.RUNNING)
        self.shown_changed.emit()
        return variant

    def launch(self, run: Variant, request: InpaintRequest, state: int, *others: InpaintRequest) -> None:
        """Give the engine the request of `run`, made at `state` of the history; not where the run was stopped.

        Runs of the `others` follow, each a variant of its own.
        """
        if run is self._state.running:
            self._state.series = Series(list(others), 1 + len(others), state) if others else None
            self._launch(self._state, run, request, state)

    def _launch(self, on: RunsState, run: Variant, request: InpaintRequest, state: int) -> None:
        run.answer(request, state, on.variants)
        take, end = partial(self._take, on), partial(self._end, on)
        on.stream = self._runner.stream(partial(self._engine.run, request), take, end)

    def show(self, variant: Variant) -> None:
        """Look at `variant`, one of those there are."""
        if variant is not self._state.shown:
            self._state.show(variant)
            self.shown_changed.emit()

    def show_next(self, step: int) -> None:
        """Look at the variant `step` further on, round and round."""
        if self._state.shown is not None:
            self.show(
                self._state.variants[(self._state.variants.index(self._state.shown) + step) % len(self._state.variants)]
            )

    def stop(self) -> None:
        """Stop the run and forget what it brought; the variants before it stay. Without any of these, `clear`."""
        running = self._state.running
        if running is None or len(self._state.variants) == 1:
            self.clear()
            return
        self.halt()
        self._state.stream = self._state.running = self._state.series = None
        self._drop(self._state, [running])
        self._enter(RunPhase.READY)

    def halt(self) -> None:
        """Let the engine stop, but be running still: another `begin`, `stop` or `clear` follows soon."""
        self._state.cancel()

    def clear(self) -> None:
        """Stop the run, forget all results. The engine itself stops at its next event or check."""
        had_results = bool(self._state.variants)
        self._forget()
        if had_results or self._state.phase is not RunPhase.IDLE:
            self._enter(RunPhase.IDLE)
            self.cleared.emit()

    def parked(self) -> RunsState:
        """Put the run and its results aside, to be handed to `restore`; the run goes on. Afterwards nothing is here."""
        state, self._state = self._state, RunsState()
        if state.variants or state.phase is not RunPhase.IDLE:
            self.phase_changed.emit()
            self.cleared.emit()
        return state

    def restore(self, state: RunsState) -> None:
        """Bring back what `parked` gave, and tell what its run has reported meanwhile."""
        self.clear()
        self._state = state
        if state.running is not None:
            self.began.emit()
        if state.variants or state.phase is not RunPhase.IDLE:
            self.phase_changed.emit()
            self.shown_changed.emit()
        if state.running is not None and state.running.progress is not None and state.running.results:
            self.progress_made.emit(state.running.progress)
        if state.shown is not None and state.shown.report is not None:
            self.finished.emit(state.shown.report)
        self._tell_of_meanwhile(state)

    def _tell_of_meanwhile(self, state: RunsState) -> None:
        notices, error, is_completed = state.notices, state.error, state.is_completed
        state.notices, state.error, state.is_completed = [], None, False
        for notice in notices:
            self.notice_given.emit(notice)
        if error is not None:
            self.failed.emit(error)
        elif is_completed:
            self.completed.emit()

    def _forget(self) -> None:
        """Phase and listeners apart: nothing is here any longer."""
        self.halt()
        self._state = RunsState(self._state.phase)

    def _take(self, state: RunsState, event: Event) -> None:
        run, is_here = state.running, state is self._state
        assert run is not None
        match event:
            case Progress():
                run.progress, run.stages = event, tuple(Stage)[: event.stage_count]
                if is_here:
                    self.progress_made.emit(event)
            case Notice(text):
                if is_here:
                    self.notice_given.emit(localised(text))
                else:
                    state.notices.append(localised(text))
            case StageResult():
                run.results[event.stage] = event
                if is_here and run is state.shown:
                    self.stage_ready.emit(event)
            case RunReport():
                run.report = event
                if is_here:
                    self.finished.emit(event)

    def _end(self, state: RunsState, end: StreamEnd) -> None:
        run = state.running
        if isinstance(end, Cancelled) or run is None:
            return
        state.stream = state.running = None
        if not run.results:
            self._drop(state, [run])
        self._prune(state)
        if state.series is not None and state.series.waiting and not isinstance(end, Err):
            self._go_on(state, state.series, run)
            return
        state.series = None
        phase = RunPhase.READY if state.variants else RunPhase.IDLE
        error = end.error if isinstance(end, Err) else None
        if state is not self._state:
            state.phase, state.error, state.is_completed = phase, error, error is None
            return
        self._enter(phase)
        if error is not None:
            self.failed.emit(error)
        else:
            self.completed.emit()

    def _go_on(self, on: RunsState, series: Series, last: Variant) -> None:
        """Begin the next run of `series`, after `last`."""
        request = series.waiting.pop(0)
        run = on.running = Variant(letters(on.made), last.contexts, stages=last.stages)
        on.made += 1
        on.variants.append(run)
        on.shown = on.shown or run
        self._launch(on, run, request, series.state)
        if on is self._state:
            self.went_on.emit()
            self.shown_changed.emit()

    def _prune(self, state: RunsState) -> None:
        gone = surplus(state.variants, state.shown)
        if gone:
            state.gone += [each.without_results() for each in gone]
            self._drop(state, gone)
            names = ", ".join(each.name for each in gone)
            notice = tr("To make room, the oldest results were let go: {}.").format(names)
            if state is self._state:
                self.notice_given.emit(notice)
            else:
                state.notices.append(notice)

    def _drop(self, state: RunsState, gone: list[Variant]) -> None:
        state.drop(gone)
        if state is self._state:
            self.shown_changed.emit()

    def _enter(self, phase: RunPhase) -> None:
        if phase is not self._state.phase:
            self._state.phase = phase
            self.phase_changed.emit()
