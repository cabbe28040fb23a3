"""The run under way and the results nobody has accepted yet. Knows the engine's events, not the document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
from app.ui.language import localised
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
        self._phase = RunPhase.IDLE
        self._results: dict[Stage, StageResult] = {}
        self._run: object | None = None
        self._stream: Stream | None = None
        self._request: InpaintRequest | None = None

    @property
    def phase(self) -> RunPhase:
        """Idle, running, or results ready."""
        return self._phase

    @property
    def results(self) -> Mapping[Stage, StageResult]:
        """What has arrived so far, in order of arrival."""
        return MappingProxyType(self._results)

    @property
    def request(self) -> InpaintRequest | None:
        """What the run under way, or the results, answer."""
        return self._request

    def preload(self) -> None:
        """Make the engine now, so that the first run need not wait; a failure will show at that run."""
        self._runner.stream(lambda stream: self._loading(), lambda event: None, lambda end: None)

    def begin(self) -> object:
        """Clear what there is and be running; the token is for `launch`, once the request is made."""
        self.clear()
        self._run = object()
        self.began.emit()
        self._enter(RunPhase.RUNNING)
        return self._run

    def launch(self, run: object, request: InpaintRequest) -> None:
        """Give the engine the request of `run`; nothing happens where that was cleared meanwhile."""
        if run is self._run:
            self._request = request
            self._stream = self._runner.stream(partial(self._events, request), self._take, self._end)

    def clear(self) -> None:
        """Stop the run, forget its results. The engine itself stops at its next event or check."""
        if self._stream is not None:
            self._stream.cancel()
        self._run = self._stream = self._request = None
        had_results = bool(self._results)
        self._results.clear()
        if had_results or self._phase is not RunPhase.IDLE:
            self._enter(RunPhase.IDLE)
            self.cleared.emit()

    def _loading(self) -> Iterator[Event]:
        if self._engine is None:
            self._engine = self._factory()
        yield from ()

    def _events(self, request: InpaintRequest, stream: Stream) -> Iterator[Event]:
        yield from self._loading()
        assert self._engine is not None
        yield from self._engine(request, partial(_check, stream))

    def _take(self, event: Event) -> None:
        match event:
            case Progress():
                self.progress_made.emit(event)
            case Notice(text):
                self.notice_given.emit(localised(text))
            case StageResult():
                self._results[event.stage] = event
                self.stage_ready.emit(event)
            case RunReport():
                self.finished.emit(event)

    def _end(self, end: StreamEnd) -> None:
        if isinstance(end, Cancelled):
            return
        self._stream = None
        self._enter(RunPhase.READY if self._results else RunPhase.IDLE)
        if isinstance(end, Err):
            self.failed.emit(end.error)

    def _enter(self, phase: RunPhase) -> None:
        if phase is not self._phase:
            self._phase = phase
            self.phase_changed.emit()


def _check(stream: Stream) -> None:
    if stream.is_cancelled:
        raise RunCancelled
