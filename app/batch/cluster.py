"""A batch on many machines: a Dask scheduler hands the files to its workers, which see the same folders.

Start them with ``dask scheduler`` and, on every machine, ``dask worker ADDRESS --nthreads 1``: a worker fills one
file at a time, whatever it is told. Photos, masks, weights and outputs lie in folders that all machines see under the
same path. The worker writes the output; journal and report are written here, as of a batch on one machine.
"""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from app.batch.events import BatchEvent, FileBegan, FileEnded, FileOutcome, FileState, Solve, Waiting
from app.batch.failures import sentence_of
from app.batch.file_job import process_file
from app.batch.journal import Journal
from app.batch.provenance import versions
from app.batch.request import FileJob
from app.errors import LacunaError
from app.inference.request import Check, no_check
from app.words import Words

if TYPE_CHECKING:
    from distributed import Client, Future

    from app.inference.engine import Engine

EACH = 1
"""Files handed out for each worker. More would wait there, and share the blame where the one before costs it its life.
"""
PATIENCE = 0.5
"""Seconds between two looks at whether the batch is to end."""
CONNECTING = 10.0
"""Seconds to wait for the scheduler, and then for a worker."""

MakeSolve = Callable[[Path | None], Solve]
"""Makes what fills holes, of a weights folder; a function that workers can import."""

_one_at_a_time = threading.Lock()


def run_on_cluster(
    jobs: Iterable[FileJob],
    address: str,
    journal: Journal | None = None,
    check: Check = no_check,
    *,
    tell: Callable[[str], None] = lambda text: None,
    make_solve: MakeSolve | None = None,
) -> Generator[BatchEvent, None, None]:
    """`run_batch` on the workers of the Dask scheduler at `address`; files end in the order in which they are done.

    What a lost worker was at is done again by another; a file that has cost several workers their lives is a failure
    of its own. When this ends early, files that workers are at are finished there, and done again when the batch goes
    on. `tell` hears of workers whose versions are not the ones here. Raises `LacunaError` where the package
    ``distributed`` is missing, where the scheduler can't be reached or goes away, and where a worker does not know
    Lacuna or does not see the folders.
    """
    todo = iter(jobs)
    first = next(todo, None)
    if first is None:
        return
    with _connected(address) as client:
        crew = _Crew(client, journal, make_solve or engine_solve)
        try:
            for sentence in _check_workers(client, address, first):
                tell(sentence)
            yield from crew.run(chain([first], todo), check)
        except (OSError, CancelledError) as error:
            raise LacunaError(
                Words(
                    "the scheduler at {address} went away: start it again, then go on with the batch", address=address
                )
            ) from error


def engine_solve(weights: Path | None) -> Solve:
    """The engine of this process, which keeps its networks until another weights folder, or another content, is asked
    for: workers outlive batches.
    """
    return _engine(weights, _state_of(weights)).run


@lru_cache(maxsize=1)
def _engine(weights: Path | None, state: tuple[tuple[str, int, int], ...]) -> Engine:
    from app.inference.engine import Engine

    return Engine(weights)


def _state_of(weights: Path | None) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of change of what is in the folder; nothing where it is the shipped one or cannot be seen."""
    with suppress(OSError):
        found = [] if weights is None else [(path.name, path.stat()) for path in weights.iterdir()]
        return tuple(sorted((name, each.st_size, each.st_mtime_ns) for name, each in found))
    return ()


def fill_on_worker(job: FileJob, make_solve: MakeSolve) -> FileOutcome:
    """What a worker does: the whole of one file, one at a time."""
    with _one_at_a_time:
        return process_file(job, make_solve(job.weights))


class _Crew:
    """The workers, and the files they are at. What its methods raise of `OSError` and `CancelledError` says that the
    scheduler went away.
    """

    def __init__(self, client: Client, journal: Journal | None, make_solve: MakeSolve) -> None:
        self._client, self._journal, self._make_solve = client, journal, make_solve
        self._at_work: dict[Future, FileJob] = {}

    def run(self, todo: Iterator[FileJob], check: Check) -> Iterator[BatchEvent]:
        """Hand out all of `todo`, a few at a time, and yield what comes back."""
        try:
            while True:
                check()
                yield from self._hand_out(todo)
                if not self._at_work:
                    return
                yield from self._back()
        finally:
            with suppress(OSError, CancelledError):
                self._client.cancel(list(self._at_work))

    def _hand_out(self, todo: Iterator[FileJob]) -> Iterator[BatchEvent]:
        most = EACH * max(len(self._client.nthreads()), 1)
        while len(self._at_work) < most:
            job = next(todo, None)
            if job is None:
                return
            known = self._known(job)
            if known is not None:
                yield FileEnded(job, known)
            else:
                self._submit(job)
                yield FileBegan(job)

    def _known(self, job: FileJob) -> FileOutcome | None:
        """What became of a file that no worker needs to see."""
        settled = self._journal.settled(job) if self._journal is not None else None
        if settled is None and not job.overwrite and job.output.exists():
            text = Words("{output} is there by now: choose another folder", output=job.output.name)
            settled = FileOutcome(job.name, FileState.FAILED, error=text)
            self._note(job, settled)
        return settled

    def _submit(self, job: FileJob) -> None:
        """A second attempt finds what the first has written, so from here on the output is ours to replace."""
        if self._journal is not None:
            self._journal.begun(job)
        shared = replace(_absolute(job), overwrite=True)
        self._at_work[self._client.submit(fill_on_worker, shared, self._make_solve, pure=False)] = job

    def _back(self) -> Iterator[BatchEvent]:
        from distributed import wait

        try:
            with self._client.as_current():
                done = wait(list(self._at_work), PATIENCE, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            if any(future.status == "lost" for future in self._at_work):  # to a scheduler that is another by now
                raise CancelledError from None
            yield Waiting()
            return
        for future in sorted(done, key=lambda each: self._at_work[each].number):
            outcome = self._outcome(self._at_work[future], future)
            job = self._at_work.pop(future)
            self._note(job, outcome)
            yield FileEnded(job, outcome)

    def _outcome(self, job: FileJob, future: Future) -> FileOutcome:
        error = future.exception()
        if error is None:
            outcome: FileOutcome = future.result()
            return outcome
        return FileOutcome(job.name, FileState.FAILED, error=_sentence(job, error))

    def _note(self, job: FileJob, outcome: FileOutcome) -> None:
        if self._journal is not None:
            self._journal.ended(job, outcome)


def _sentence(job: FileJob, error: BaseException) -> str:
    from distributed import KilledWorker

    if isinstance(error, KilledWorker):
        return Words(
            "{name} was given up: the workers that tried it were lost; they may lack memory for it", name=job.name
        )
    return sentence_of(error, job)


def _absolute(job: FileJob) -> FileJob:
    """The job for a process that works in another folder."""
    return replace(
        job,
        photo=job.photo.absolute(),
        mask=job.mask and job.mask.absolute(),
        output=job.output.absolute(),
        stages=job.stages and job.stages.absolute(),
        weights=job.weights and job.weights.absolute(),
    )


# The scheduler


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise LacunaError(Words("a scheduler needs the package distributed: pip install 'lacuna[cluster]'")) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions: `_check_workers` tells of those that matter
            client = Client(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError) as error:
        raise LacunaError(
            Words("no Dask scheduler answers at {address}: check the address and that it runs", address=address)
        ) from error
    with _quietly():
        try:
            yield client
        finally:
            client.close(timeout=CONNECTING)


@contextmanager
def _quietly() -> Iterator[None]:
    """What Dask would log of workers that come and go is told here in its own place."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


# The workers


def unseen(paths: list[Path]) -> list[Path]:
    """Those of `paths` that this machine does not see."""
    return [path for path in paths if not os.path.exists(path)]  # noqa: PTH110 - false too where it may not look


def _check_workers(client: Client, address: str, job: FileJob) -> Iterator[str]:
    """A sentence for each worker whose versions are others; `LacunaError` where one of them can't do `job`, `OSError`
    where the scheduler goes away.
    """
    try:
        client.wait_for_workers(1, timeout=CONNECTING)
    except TimeoutError as error:
        raise LacunaError(
            Words(
                "the scheduler at {address} has no workers: start one with: dask worker {address} --nthreads 1",
                address=address,
            )
        ) from error
    mine = versions()
    try:
        found: dict[str, dict[str, str]] = client.run(versions)
        lacking: dict[str, list[Path]] = client.run(unseen, _needed(_absolute(job)))
    except OSError:  # of the connection
        raise
    except Exception as error:  # whatever a worker's import raises
        raise LacunaError(
            Words("a worker of {address} does not know Lacuna: install this version there", address=address)
        ) from error
    for worker, paths in lacking.items():
        if paths:
            raise LacunaError(
                Words(
                    "the worker {worker} does not see {path}: photos and results must lie in folders that all machines"
                    " share, under the same path",
                    worker=worker,
                    path=paths[0],
                )
            )
    for worker, theirs in found.items():
        others = [f"{name} {theirs.get(name, '–')}, not {own}" for name, own in mine.items() if theirs.get(name) != own]
        if others:
            yield Words("the worker {worker} has {others}: results may differ", worker=worker, others="; ".join(others))


def _needed(job: FileJob) -> list[Path]:
    """What has to be there before `job` is done."""
    above = next(folder for folder in job.output.parents if folder.exists())
    own = job.options.coarse_file
    model = None if own is None else own.path
    return [path for path in (job.photo, job.mask, above, job.weights, model) if path is not None]
