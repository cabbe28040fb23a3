"""The memory of a batch in its output folder: whatever ends the process, the next run knows what is done.

``.lacuna-batch/journal.jsonl`` only grows. A run adds its header; a file adds ``writing`` with the hash of its output
just before that is put in place, and ``ended`` afterwards. So a file is known to be done even where the process was
killed between the two, and a file of which neither is there is simply to do.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from app import __version__
from app.appending import AppendFile
from app.atomic import WriteError, remove_leftovers, write_failure
from app.batch.events import FileOutcome, FileState
from app.batch.journal_lines import VERSION, Entry, Header, Span, Stamp, Step, entry_line, header_line
from app.batch.records import FOLDER, LINES, LOCK, PICTURES, Records, stamp_of
from app.batch.request import BatchRequest, FileJob
from app.batch.settings import settings_of
from app.errors import LacunaError
from app.words import Words

Spans = tuple[Span, Span]
"""Of the pictures before and after."""


class Journal:
    """An output folder's journal, open and locked. Any thread."""

    def __init__(self, request: BatchRequest, *, resume: bool = False, retry_failed: bool = False) -> None:
        """Make the output folder and the journal, or go on with the one that is there.

        Without `resume` nothing counts as done. Raises `LacunaError` where another process is at work in that folder,
        where `request` is not what was begun, and where the folder cannot be written to.
        """
        self._output = request.output
        folder = request.output / FOLDER
        make_folder(folder)
        with contextlib.ExitStack() as held:
            held.callback(_locked(folder).release)
            earlier = Records.read(request, retry_failed=retry_failed)
            if resume:
                earlier.check_same(request)
            self._records = earlier if resume else Records(request.output)
            self._lines = held.enter_context(AppendFile(folder / LINES))
            self._pictures = held.enter_context(AppendFile(folder / PICTURES))
            now = datetime.now().astimezone().isoformat(timespec="seconds")
            line = header_line(Header(VERSION, settings_of(request), resume, now, __version__))
            # a last line that was cut short is ended first
            self._lines.append(b"\n" + line if self._lines.nbytes else line)
            self._held = held.pop_all()
        self._stamps: dict[str, Stamp] = {}
        self._spans: dict[str, Spans] = {}
        self._by_hand: dict[str, FileOutcome] = {}
        self._swept: set[Path] = set()
        self._sweeps = earlier.header is not None
        self._one_at_a_time = threading.Lock()

    def settled(self, job: FileJob) -> FileOutcome | None:
        """What became of `job` by hand, or in an earlier run that this one goes on with; None where it is to do.

        Call it first: its input is known from now on as what it is now, and what a killed process left half-written is
        deleted.
        """
        self._stamps[job.name] = stamp_of(job)
        with self._one_at_a_time:
            self._sweep(job)
        return self.by_hand(job) or self._records.settled(job, self._stamps[job.name])

    def by_hand(self, job: FileJob) -> FileOutcome | None:
        """What somebody has made of `job` by hand since the journal was opened."""
        return self._by_hand.get(job.name)

    def made_by_hand(self, job: FileJob, outcome: FileOutcome) -> None:
        """As `ended`, of a result that somebody has put in place: it is `job`'s, even where that is under way."""
        self._by_hand[job.name] = replace(outcome, from_journal=True)
        self.ended(job, outcome)

    def begun(self, job: FileJob) -> None:
        """Note that somebody, perhaps on another machine, may write the job's output from now on; `WriteError`."""
        self._append(Entry(Step.BEGUN, self._stamp(job), FileOutcome(job.name, FileState.FAILED, job.output)))

    def writing(self, job: FileJob, outcome: FileOutcome) -> None:
        """Note, just before, that the bytes with the outcome's hash are put in place; `WriteError`."""
        spans = self._spans[job.name] = self._kept(outcome)
        self._append(self._entry(Step.WRITING, job, outcome, spans))

    def ended(self, job: FileJob, outcome: FileOutcome) -> None:
        """Note what became of `job`. Where that can't be written the file is done once more by the next run, or known
        by its hash: no reason to end this one. What failed for want of a place to write to is not noted: the next run
        may find one.
        """
        spans = self._spans.pop(job.name, None)
        if outcome.is_place_trouble:
            return
        with contextlib.suppress(WriteError):
            if spans is None or outcome.state is not FileState.DONE:
                spans = self._kept(outcome)
            self._append(self._entry(Step.ENDED, job, replace(outcome, output=job.output), spans))
        self._stamps.pop(job.name, None)

    def close(self) -> None:
        """Let others in."""
        self._held.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _entry(self, step: Step, job: FileJob, outcome: FileOutcome, spans: Spans) -> Entry:
        return Entry(step, self._stamp(job), outcome, *spans)

    def _stamp(self, job: FileJob) -> Stamp:
        return self._stamps.get(job.name) or stamp_of(job)

    def _append(self, entry: Entry) -> None:
        with self._one_at_a_time:
            self._lines.append(entry_line(entry, self._output))

    def _kept(self, outcome: FileOutcome) -> Spans:
        """Where the outcome's pictures lie from now on. Those that get lost are only missing in a report."""
        with self._one_at_a_time, contextlib.suppress(WriteError):
            start = self._pictures.nbytes
            self._pictures.append(outcome.before + outcome.after, durable=False)
            middle = start + len(outcome.before)
            return (start, len(outcome.before)), (middle, len(outcome.after))
        return (0, 0), (0, 0)

    def _sweep(self, job: FileJob) -> None:
        for folder in (job.output.parent, job.stages):
            if self._sweeps and folder is not None and folder not in self._swept:
                self._swept.add(folder)
                remove_leftovers(folder)


def make_folder(folder: Path) -> None:
    """Make `folder` and those above it where they are not there; `WriteError` where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(error, folder) from error


def _locked(folder: Path) -> FileLock:
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise LacunaError(
            Words(
                "another batch is at work in {folder}: wait until it has ended, or choose another output folder",
                folder=folder.parent,
            )
        ) from error
    except OSError as error:
        raise write_failure(error, folder / LOCK) from error
    return lock
