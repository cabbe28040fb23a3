"""What the batch section does in processes of their own, which tell what happens as it happens."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from app.batch.events import FileEnded, FileState, Waiting
from app.batch.journal import Journal
from app.batch.pipeline import run_batch
from app.batch.plan import plan_batch
from app.batch.records import Records
from app.batch.request import BatchRequest
from app.bench.options import BenchOptions
from app.errors import LacunaError
from app.imaging.files import read_mask, read_photo
from app.inference.request import InpaintRequest, RunReport
from app.memory import current_mb, peak_mb

INFERENCE = ("coarse", "local", "global", "detail")
"""Of a file's seconds, those that the engine takes."""

_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True)
class Began:
    """A batch is about to begin: planned, the networks loaded."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A file of a batch ended."""

    name: str
    state: FileState
    from_journal: bool
    seconds: dict[str, float]
    memory_mb: float | None
    """What the process held then."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A batch came to its end."""

    seconds: float
    """From the first file's turn to the last one's end."""
    waiting: float
    """Of these, those in which there was nothing to be filled."""
    peak_mb: float | None


def told(step: Callable[..., Iterator[_Told]], *arguments: Any, kill_after: float | None = None) -> Iterator[_Told]:
    """Run `step` in a new process and yield what it yields; `kill_after` so many seconds from its first word, if then
    it still runs, it is killed. Raises `LacunaError` where it fails.
    """
    context = multiprocessing.get_context("spawn")
    listening, speaking = context.Pipe(duplex=False)
    process = context.Process(target=_speak, args=(speaking, step, arguments), daemon=True)
    process.start()
    speaking.close()
    try:
        yield from _heard(listening, kill_after)
        if not listening.closed:
            process.join()
            if process.exitcode:
                raise LacunaError(f"a process of the batch ended with {process.exitcode}")
    finally:
        process.kill()
        process.join()
        listening.close()


def _heard(listening: Connection, kill_after: float | None) -> Iterator[Any]:
    """All that comes, until the other end is closed, or until the time is over: then this end is."""
    deadline = None
    while True:
        if deadline is not None and not listening.poll(max(deadline - time.monotonic(), 0)):
            listening.close()
            return
        try:
            word = listening.recv()
        except EOFError:
            return
        if deadline is None and kill_after is not None:
            deadline = time.monotonic() + kill_after
        yield word


def _speak(connection: Connection, step: Callable[..., Iterator[_Told]], arguments: tuple[Any, ...]) -> None:
    for word in step(*arguments):
        connection.send(word)
    connection.close()


def single_seconds(request: BatchRequest, options: BenchOptions) -> Iterator[float]:
    """Seconds of the engine for each photograph that can be read, one after the other, reading and loading apart."""
    from app.bench.hardware import limit_threads
    from app.inference.engine import Engine

    limit_threads(options.threads)
    engine = Engine(request.weights)
    engine.prepare()
    for job in plan_batch(request).jobs:
        try:
            photo = read_photo(job.photo)
            mask = read_mask(job.mask or job.photo, photo.extent)
        except LacunaError:
            continue
        began = time.perf_counter()
        loading = 0.0
        for event in engine.run(InpaintRequest(photo.pixels, mask, job.options)):
            if isinstance(event, RunReport):
                loading = event.seconds["load"]
        yield time.perf_counter() - began - loading


def batch_run(request: BatchRequest, options: BenchOptions) -> Iterator[Began | Ended | Ran]:
    """The batch, or what of it the journal leaves to do."""
    from app.bench.hardware import limit_threads
    from app.inference.engine import Engine

    limit_threads(options.threads)
    engine = Engine(request.weights)
    engine.prepare()
    plan = plan_batch(request, Records.read(request))
    with Journal(request, resume=True) as journal:
        began, waiting, waits_since = time.perf_counter(), 0.0, None
        yield Began()
        for row in plan.problems:
            yield Ended(row.job.name, FileState.FAILED, False, {}, current_mb())
        for event in run_batch(plan.jobs, engine.run, journal):
            now = time.perf_counter()
            if waits_since is not None:
                waiting += now - waits_since
            waits_since = now if isinstance(event, Waiting) else None
            if isinstance(event, FileEnded):
                each = event.outcome
                yield Ended(each.name, each.state, each.from_journal, each.seconds, current_mb())
        yield Ran(time.perf_counter() - began, waiting, peak_mb())


def kill_moments(count: int, seconds: float) -> list[float]:
    """Seeded: how long each of `count` runs may work that would take `seconds` all together."""
    rng = random.Random(count)
    return [rng.uniform(0.2, 1.8) * seconds / (count + 1) for _ in range(count)]
