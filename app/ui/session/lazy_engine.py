"""The engine's border: made when it is first wanted, and known on the inference thread alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from app.inference.request import Check, Event, InpaintRequest, RunCancelled
from app.ui.session.jobs import Stream

RunEngine = Callable[[InpaintRequest, Check], Iterator[Event]]
"""A request goes in, events come out; the check ends the run."""

EngineFactory = Callable[[], RunEngine]
"""Makes the engine; called once, on the inference thread."""


def default_engine() -> RunEngine:
    """The real engine. Imports torch, so this is called on the inference thread only."""
    from app.inference.engine import Engine

    engine = Engine()
    engine.prepare()
    return engine.run


class LazyEngine:
    """All verbs run on the inference thread, one at a time."""

    def __init__(self, factory: EngineFactory) -> None:
        self._factory = factory
        self._engine: RunEngine | None = None

    def load(self, stream: Stream) -> Iterator[Event]:
        """Make the engine, unless it is there; there are no events. Raises what the factory does."""
        self._made()
        yield from ()

    def run(self, request: InpaintRequest, stream: Stream) -> Iterator[Event]:
        """The events of a run, which ends where `stream` is cancelled."""
        yield from self.solve(request, check_of(stream))

    def solve(self, request: InpaintRequest, check: Check) -> Iterator[Event]:
        """The events of a run, which ends where `check` raises."""
        yield from self._made()(request, check)

    def _made(self) -> RunEngine:
        if self._engine is None:
            self._engine = self._factory()
        return self._engine


def check_of(stream: Stream) -> Check:
    """What ends a run where `stream` is cancelled."""
    return partial(_check, stream)


def _check(stream: Stream) -> None:
    if stream.is_cancelled:
        raise RunCancelled
