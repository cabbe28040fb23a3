"""The run under way and the results nobody has accepted yet. Knows the engine's events, not the document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum, auto
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from app.imaging.geometry import Rect
from app.inference.request import (
    Check,
    Event,
    InpaintRequest,
    Notice,
    Progress,
    RunCancelled,
    RunReport,
    Stage,
    StageResult,
)
from app.ui.language import tr
from app.ui.session.jobs import Cancelled, Err, JobRunner, Stream, StreamEnd
from app.ui.session.variants import Variant, letters, surplus

RunEngine = Callable[[InpaintRequest, Check], Iterator[Event]]
"""The engine's border: a request goes in, events come out; the check ends the run."""

EngineFactory = Callable[[], RunEngine]
"""Makes the engine; called once, on the inference thread."""


def default_engine() -> RunEngine:
    """The real engine. Imports torch, so this is called on the inference thread only."""
    from app.inference.engine import Engine

    engine = Engine()
    engine.prepare()
    return engine.run


class RunPhase(Enum):
    """Where the story of a run stands."""

    IDLE = auto()
    RUNNING = auto()
    READY = auto()
    """Results wait to be accepted or discarded."""


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
    completed = Signal()
    """A run came to its end, not stopped and without an error; said last."""
    failed = Signal(object)
    """The exception; what had arrived before is kept."""
    notice_given = Signal(str)
    cleared = Signal()

    def __init__(self, runner: JobRunner, factory: EngineFactory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._factory = factory
        self._engine: RunEngine | None = None
        self._phase = RunPhase.IDLE
        self._variants: list[Variant] = []
        self._made = 0
        self._shown: Variant | None = None
        self._running: Variant | None = None
        self._stream: Stream | None = None

    @property
    def phase(self) -> RunPhase:
        """Idle, running, or results ready."""
        return self._phase

    @property
    def variants(self) -> tuple[Variant, ...]:
        """All there are to choose from, the oldest first; the run under way is the last."""
        return tuple(self._variants)

    @property
    def shown(self) -> Variant | None:
        """The one that is looked at and would be accepted."""
        return self._shown

    @property
    def running(self) -> Variant | None:
        """The run under way."""
        return self._running

    @property
    def results(self) -> Mapping[Stage, StageResult]:
        """What the variant shown has so far, in order of arrival."""
        return MappingProxyType({} if self._shown is None else self._shown.results)

    def preload(self) -> None:
        """Make the engine now, so that the first run need not wait; a failure will show at that run."""
        self._runner.stream(lambda stream: self._loading(), lambda event: None, lambda end: None)

    def begin(self, contexts: tuple[Rect, ...] = (), *, keep: bool = False) -> Variant:
        """Be running; what comes back is for `launch`, once the request is made.

        What there is already is forgotten, a run under way, too; or with `keep`, where none is, stays to be chosen
        from.
        """
        stages = () if self._shown is None else self._shown.stages
        if not keep:
            self._forget()
        variant = self._shown = self._running = Variant(letters(self._made), contexts, stages=stages)
        self._made += 1
        self._variants.append(variant)
        self.began.emit()
        self._enter(RunPhase.RUNNING)
        self.shown_changed.emit()
        return variant

    def launch(self, run: Variant, request: InpaintRequest, state: int) -> None:
        """Give the engine the request of `run`, made at `state` of the history; not where the run was stopped."""
        if run is self._running:
            run.answer(request, state, self._variants)
            self._stream = self._runner.stream(partial(self._events, request), self._take, self._end)

    def show(self, variant: Variant) -> None:
        """Look at `variant`, one of those there are."""
        if variant is not self._shown:
            self._shown = variant
            self.shown_changed.emit()

    def show_next(self, step: int) -> None:
        """Look at the variant `step` further on, round and round."""
        if self._shown is not None:
            self.show(self._variants[(self._variants.index(self._shown) + step) % len(self._variants)])

    def stop(self) -> None:
        """Stop the run and forget what it brought; the variants before it stay. Without any of these, `clear`."""
        running = self._running
        if running is None or len(self._variants) == 1:
            self.clear()
            return
        self.halt()
        self._stream = self._running = None
        self._drop([running])
        self._enter(RunPhase.READY)

    def halt(self) -> None:
        """Let the engine stop, but be running still: another `begin`, `stop` or `clear` follows soon."""
        if self._stream is not None:
            self._stream.cancel()

    def clear(self) -> None:
        """Stop the run, forget all results. The engine itself stops at its next event or check."""
        had_results = bool(self._variants)
        self._forget()
        if had_results or self._phase is not RunPhase.IDLE:
            self._enter(RunPhase.IDLE)
            self.cleared.emit()

    def _forget(self) -> None:
        self.halt()
        self._running = self._stream = self._shown = None
        self._variants.clear()
        self._made = 0

    def _loading(self) -> Iterator[Event]:
        if self._engine is None:
            self._engine = self._factory()
        yield from ()

    def _events(self, request: InpaintRequest, stream: Stream) -> Iterator[Event]:
        yield from self._loading()
        assert self._engine is not None
        yield from self._engine(request, partial(_check, stream))

    def _take(self, event: Event) -> None:
        run = self._running
        assert run is not None
        match event:
            case Progress():
                run.progress, run.stages = event, tuple(Stage)[: event.stage_count]
                self.progress_made.emit(event)
            case Notice(text):
                self.notice_given.emit(text)
            case StageResult():
                run.results[event.stage] = event
                if run is self._shown:
                    self.stage_ready.emit(event)
            case RunReport():
                run.report = event
                self.finished.emit(event)

    def _end(self, end: StreamEnd) -> None:
        run = self._running
        if isinstance(end, Cancelled) or run is None:
            return
        self._stream = self._running = None
        if not run.results:
            self._drop([run])
        self._prune()
        self._enter(RunPhase.READY if self._variants else RunPhase.IDLE)
        if isinstance(end, Err):
            self.failed.emit(end.error)
        else:
            self.completed.emit()

    def _prune(self) -> None:
        gone = surplus(self._variants, self._shown)
        if gone:
            self._drop(gone)
            names = ", ".join(each.name for each in gone)
            self.notice_given.emit(tr("To make room, the oldest results were let go: {}.").format(names))

    def _drop(self, gone: list[Variant]) -> None:
        self._variants = [each for each in self._variants if each not in gone]
        if self._shown in gone:
            self._shown = self._variants[-1] if self._variants else None
        self.shown_changed.emit()

    def _enter(self, phase: RunPhase) -> None:
        if phase is not self._phase:
            self._phase = phase
            self.phase_changed.emit()


def _check(stream: Stream) -> None:
    if stream.is_cancelled:
        raise RunCancelled
