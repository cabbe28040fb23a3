"""The run of a batch: a generator that fills one file while the next are read and the last ones written."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from app.batch.events import BatchEvent, FileBegan, FileEnded, FileOutcome, FileProgress, Solve, Waiting
from app.batch.failures import FileFailed
from app.batch.file_job import FilledFile, LoadedFile, fill_file, load_file, save_file
from app.batch.journal import Journal
from app.batch.request import FileJob
from app.inference.request import Check, no_check

READ_AHEAD = 2
"""Files read, or being read, besides the one that is filled."""
WRITTEN_AT_ONCE = 2
"""Files being written. These two bound the memory, however many files there are."""
PATIENCE = 0.1
"""Seconds between two `Waiting`."""
_STEPS_BACK, _LAST = 10, 19
"""Of priority, for threads that read and write: a tenth of the time is left to them where all is taken."""


def run_batch(
    jobs: Iterable[FileJob], solve: Solve, journal: Journal | None = None, check: Check = no_check
) -> Iterator[BatchEvent]:
    """Do `jobs` in order, filling on the thread that pulls; yields what happens.

    Jobs are taken no earlier than needed, and asked for again as long as files are being done: an iterator that had
    none may have more by then. What `journal` knows to be done is only reported. A file that fails is one row, and the
    others go on. Closing the generator, or what `check` raises, ends it: files being written are finished, the one
    being filled is left as it was.
    """
    line = _Line(iter(jobs), journal)
    try:
        while True:
            check()
            line.top_up()
            yield from line.ended()
            if line.is_read:
                yield from _turn(line, solve, check)
            elif line.is_empty:
                return
            else:
                yield from line.waited()
    finally:
        line.close()


def _turn(line: _Line, solve: Solve, check: Check) -> Iterator[BatchEvent]:
    """The first file that is read."""
    job, loaded = line.take()
    if isinstance(loaded, FileOutcome) and loaded.from_journal:
        line.pass_on(job, loaded)
        return
    yield FileBegan(job)
    if isinstance(loaded, FileOutcome):
        line.record(job, loaded)
        return
    line.top_up()
    filled = yield from _filled(job, loaded, solve, check)
    if isinstance(filled, FileOutcome):
        line.record(job, filled)
        return
    del loaded
    while not line.may_write:
        check()
        yield from line.ended()
        yield from line.waited()
    line.write(job, filled)


def _filled(
    job: FileJob, loaded: LoadedFile, solve: Solve, check: Check
) -> Generator[FileProgress, None, FilledFile | FileOutcome]:
    try:
        return (yield from fill_file(job, loaded, solve, check))
    except FileFailed as failed:
        return failed.outcome


class _Line:
    """The files at work, in order: those being read, then those being written."""

    def __init__(self, jobs: Iterator[FileJob], journal: Journal | None) -> None:
        self._jobs, self._journal = jobs, journal
        self._reader = ThreadPoolExecutor(READ_AHEAD, "batch-read", _step_back)
        self._writer = ThreadPoolExecutor(WRITTEN_AT_ONCE, "batch-write", _step_back)
        self._reading: deque[tuple[FileJob, Future[LoadedFile | FileOutcome]]] = deque()
        self._writing: deque[tuple[FileJob, Future[FileOutcome]]] = deque()

    @property
    def is_empty(self) -> bool:
        return not self._reading and not self._writing

    @property
    def is_read(self) -> bool:
        """Whether the next file is there to be filled."""
        return bool(self._reading) and self._reading[0][1].done()

    @property
    def may_write(self) -> bool:
        """Whether one more file may be on its way to the disk."""
        return sum(not future.done() for _, future in self._writing) < WRITTEN_AT_ONCE

    def top_up(self) -> None:
        """Begin to read what may be read ahead."""
        while len(self._reading) < READ_AHEAD:
            job = next(self._jobs, None)
            if job is None:
                return
            self._reading.append((job, self._reader.submit(_loaded, job, self._journal)))

    def take(self) -> tuple[FileJob, LoadedFile | FileOutcome]:
        """The next file, which is read."""
        job, future = self._reading.popleft()
        return job, future.result()

    def write(self, job: FileJob, filled: FilledFile) -> None:
        """Begin to write it."""
        self._writing.append((job, self._writer.submit(_saved, job, [filled], self._journal)))

    def record(self, job: FileJob, outcome: FileOutcome) -> None:
        """Note that it has failed."""
        self._writing.append((job, self._writer.submit(_recorded, job, outcome, self._journal)))

    def pass_on(self, job: FileJob, outcome: FileOutcome) -> None:
        """Report what became of it earlier, at its turn."""
        future: Future[FileOutcome] = Future()
        future.set_result(outcome)
        self._writing.append((job, future))

    def ended(self) -> Iterator[FileEnded]:
        """Those that have ended, and before which all have."""
        while self._writing and self._writing[0][1].done():
            job, future = self._writing.popleft()
            yield FileEnded(job, future.result())

    def waited(self) -> Iterator[Waiting]:
        """Wait a moment for something to be done."""
        working: list[Future[Any]] = [future for _, future in self._writing if not future.done()]
        working += [future for _, future in self._reading if not future.done()][:1]
        if not wait(working, PATIENCE, FIRST_COMPLETED).done:
            yield Waiting()

    def close(self) -> None:
        """Finish what is being written, forget the rest."""
        self._reader.shutdown(cancel_futures=True)
        self._writer.shutdown()


def _step_back() -> None:
    """Let this thread have what processor time the networks leave: what it does can wait, and what they do goes at the
    pace of the slowest of their threads.
    """
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own, or none that Python can set
        with contextlib.suppress(OSError):
            thread = threading.get_native_id()
            usual = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, min(usual + _STEPS_BACK, _LAST))


def _loaded(job: FileJob, journal: Journal | None) -> LoadedFile | FileOutcome:
    known = journal.settled(job) if journal is not None else None
    if known is not None:
        return known
    try:
        return load_file(job)
    except FileFailed as failed:
        return failed.outcome


def _saved(job: FileJob, handed: list[FilledFile], journal: Journal | None) -> FileOutcome:
    """What is in `handed` is taken out of it: the pool would hold it a little longer than its work lasts."""
    made = journal.by_hand(job) if journal is not None else None
    if made is not None:
        return made

    def settle(outcome: FileOutcome) -> None:
        if journal is not None:
            journal.writing(job, outcome)

    try:
        outcome = save_file(job, handed.pop(), settle)
    except FileFailed as failed:
        outcome = failed.outcome
    return _recorded(job, outcome, journal)


def _recorded(job: FileJob, outcome: FileOutcome, journal: Journal | None) -> FileOutcome:
    if journal is not None:
        journal.ended(job, outcome)
    return outcome
