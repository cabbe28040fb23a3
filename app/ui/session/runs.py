"""The run under way and the results nobody has accepted yet. Knows the engine's events, not the document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

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
from app.ui.session.jobs import Cancelled, Err, JobRunner, Stream, StreamEnd

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


@dataclass(slots=True, eq=False)
class RunsState:
    """One photo's run and its results. While it is put aside, what the engine still reports is gathered here."""

    phase: RunPhase = RunPhase.IDLE
    results: dict[Stage, StageResult] = field(default_factory=dict)
    run: object | None = None
    stream: Stream | None = None
    request: InpaintRequest | None = None
    told: list[Event] = field(default_factory=list)
    """What the run reported, in order; of its progress the beginning and the newest."""
    error: Exception | None = None
    """What ended it while it was put aside, until that is told."""

    def cancel(self) -> None:
        """Ask the run to stop; nothing arrives afterwards."""
        if self.stream is not None:
            self.stream.cancel()

    def note(self, event: Event) -> None:
        """Gather `event`."""
        if isinstance(event, StageResult):
            self.results[event.stage] = event
        if isinstance(event, Progress) and self.told and isinstance(self.told[-1], Progress) and len(self.told) > 1:
            self.told.pop()
        self.told.append(event)


class Runs(QObject):
    """At most one run at a time; its stage results are kept until `clear` or the next `begin`."""

    began = Signal()
    phase_changed = Signal()
    progress_made = Signal(object)
    """`Progress`."""
    stage_ready = Signal(object)
    """`StageResult`."""
    finished = Signal(object)
    """`RunReport`."""
    failed = Signal(object)
    """The exception; what had arrived before is kept."""
    notice_given = Signal(str)
    cleared = Signal()

    def __init__(self, runner: JobRunner, factory: EngineFactory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._factory = factory
        self._engine: RunEngine | None = None
        self._state = RunsState()

    @property
    def phase(self) -> RunPhase:
        """Idle, running, or results ready."""
        return self._state.phase

    @property
    def results(self) -> Mapping[Stage, StageResult]:
        """What has arrived so far, in order of arrival."""
        return MappingProxyType(self._state.results)

    @property
    def request(self) -> InpaintRequest | None:
        """What the run under way, or the results, answer."""
        return self._state.request

    def preload(self) -> None:
        """Make the engine now, so that the first run need not wait; a failure will show at that run."""
        self._runner.stream(lambda stream: self._loading(), lambda event: None, lambda end: None)

    def begin(self) -> object:
        """Clear what there is and be running; the token is for `launch`, once the request is made."""
        self.clear()
        self._state.run = object()
        self.began.emit()
        self._enter(RunPhase.RUNNING)
        return self._state.run

    def launch(self, run: object, request: InpaintRequest) -> None:
        """Give the engine the request of `run`; nothing happens where that was cleared meanwhile."""
        state = self._state
        if run is state.run:
            state.request = request
            take, end = partial(self._take, state), partial(self._end, state)
            state.stream = self._runner.stream(partial(self._events, request), take, end)

    def clear(self) -> None:
        """Stop the run, forget its results. The engine itself stops at its next event or check."""
        before, self._state = self._state, RunsState()
        before.cancel()
        if before.results or before.phase is not RunPhase.IDLE:
            if before.phase is not RunPhase.IDLE:
                self.phase_changed.emit()
            self.cleared.emit()

    def parked(self) -> RunsState:
        """Put the run and its results aside, to be handed to `restore`; the run goes on. Afterwards nothing is here."""
        state, self._state = self._state, RunsState()
        if state.results or state.phase is not RunPhase.IDLE:
            self.phase_changed.emit()
            self.cleared.emit()
        return state

    def restore(self, state: RunsState) -> None:
        """Bring back what `parked` gave, and tell again, in order, what its run has reported since it began."""
        self.clear()
        self._state, phase = state, state.phase
        if phase is RunPhase.IDLE and state.error is None:
            return
        told, results = tuple(state.told), dict(state.results)
        state.phase = RunPhase.RUNNING
        state.results.clear()
        self.phase_changed.emit()
        for event in told:
            if isinstance(event, StageResult) and event.stage in results:
                state.results[event.stage] = event
            self._tell(event)
        if phase is not RunPhase.RUNNING:
            self._enter(phase)
        error, state.error = state.error, None
        if error is not None:
            self.failed.emit(error)

    def _loading(self) -> Iterator[Event]:
        if self._engine is None:
            self._engine = self._factory()
        yield from ()

    def _events(self, request: InpaintRequest, stream: Stream) -> Iterator[Event]:
        yield from self._loading()
        assert self._engine is not None
        yield from self._engine(request, partial(_check, stream))

    def _take(self, state: RunsState, event: Event) -> None:
        state.note(event)
        if state is self._state:
            self._tell(event)

    def _tell(self, event: Event) -> None:
        match event:
            case Progress():
                self.progress_made.emit(event)
            case Notice(text):
                self.notice_given.emit(text)
            case StageResult():
                self.stage_ready.emit(event)
            case RunReport():
                self.finished.emit(event)

    def _end(self, state: RunsState, end: StreamEnd) -> None:
        if isinstance(end, Cancelled):
            return
        state.stream = None
        phase = RunPhase.READY if state.results else RunPhase.IDLE
        error = end.error if isinstance(end, Err) else None
        if state is not self._state:
            state.phase, state.error = phase, error
            return
        self._enter(phase)
        if error is not None:
            self.failed.emit(error)

    def _enter(self, phase: RunPhase) -> None:
        if phase is not self._state.phase:
            self._state.phase = phase
            self.phase_changed.emit()


def _check(stream: Stream) -> None:
    if stream.is_cancelled:
        raise RunCancelled
