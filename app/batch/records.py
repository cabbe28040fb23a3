"""What an output folder's journal says of a batch: which files are done, and which outputs are ours."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from app.batch.events import FileOutcome, FileState
from app.batch.journal_lines import VERSION, Entry, Header, Span, Stamp, Step, read_line
from app.batch.request import BatchRequest, FileJob
from app.batch.settings import differing, settings_of
from app.errors import LacunaError, read_failure
from app.words import Words

FOLDER = ".lacuna-batch"
"""The journal's folder in the output folder."""
LINES, PICTURES, LOCK = "journal.jsonl", "pictures.bin", "lock"

_OF_PHOTO = 2
"""How many numbers of a stamp are the photo's."""


def own_mask(output: Path, name: str) -> Path:
    """Where the mask lies with which the photo called `name` was put back into the batch, if it was."""
    return output / FOLDER / "masks" / "put back" / f"{name}.png"


class Records:
    """The last steps of files, from journal lines; empty where there is no journal."""

    def __init__(self, output: Path, *, retry_failed: bool = False) -> None:
        self._folder = output
        self._pictures = output / FOLDER / PICTURES
        self._retry_failed = retry_failed
        self._entries: dict[str, Entry] = {}
        self.header: Header | None = None
        """Of the last run."""

    @classmethod
    def read(cls, request: BatchRequest, *, retry_failed: bool = False) -> Records:
        """From the journal in the request's output folder, of the runs that had its last run's settings.

        Raises `LacunaError` where the journal cannot be read or is a newer version's.
        """
        records = cls(request.output, retry_failed=retry_failed)
        path = request.output / FOLDER / LINES
        try:
            lines = path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return records
        except OSError as error:
            raise read_failure(error, path) from error
        for line in lines:
            records._take(read_line(line, request.output))
        if records.header is not None and records.header.version > VERSION:
            raise LacunaError(Words("{path} was written by a newer version of Lacuna: use that one", path=path))
        return records

    def check_same(self, request: BatchRequest) -> None:
        """`LacunaError` where `request` is not what was begun: it would leave files of two kinds in one folder."""
        if self.header is None:
            return
        names = differing(self.header.settings, settings_of(request))
        if names:
            raise LacunaError(
                Words(
                    "the batch in {folder} was begun with other settings ({names}): go on with those, choose another"
                    " output folder, or begin anew without resuming",
                    folder=request.output,
                    names=", ".join(names),
                )
            )

    def _take(self, line: Header | Entry | None) -> None:
        if isinstance(line, Entry):
            self._entries[line.outcome.name] = line
        elif isinstance(line, Header):
            if self.header is None or differing(self.header.settings, line.settings):
                self._entries.clear()
            elif not line.resumes:
                self._entries = {name: entry for name, entry in self._entries.items() if not _failed(entry)}
            self.header = line

    def output(self, name: str) -> Path | None:
        """Where the file called `name` was or would have been written."""
        entry = self._entries.get(name)
        return None if entry is None else entry.outcome.output

    def mask(self, name: str) -> Path | None:
        """The mask with which the file called `name` was put back into this batch; None where it was not."""
        mask = own_mask(self._folder, name)
        return mask if self.header is not None and mask.is_file() else None

    def settled(self, job: FileJob, stamp: Stamp) -> FileOutcome | None:
        """What became of `job` in an earlier run; None where there is something to do.

        That is also where its photo or its mask has changed since, or its output is gone.
        """
        entry = self._entries.get(job.name)
        if entry is None or not self.is_settled(job, stamp):
            return None
        before, after = self._picture(entry.before), self._picture(entry.after)
        output = None if _failed(entry) else entry.outcome.output
        return replace(entry.outcome, output=output, before=before, after=after, from_journal=True)

    def is_settled(self, job: FileJob, stamp: Stamp) -> bool:
        """Whether `settled` has an answer."""
        entry = self._entries.get(job.name)
        if entry is None or not _is_of(entry, stamp) or entry.outcome.output != job.output:
            return False
        if _failed(entry):
            return not self._retry_failed
        if entry.step is Step.WRITING:
            return _holds(job.output, entry.outcome.sha256)
        return entry.step is Step.ENDED and job.output.is_file()

    def may_replace(self, job: FileJob) -> bool:
        """Whether the file at the job's output is one that this batch has written, as it was written."""
        entry = self._entries.get(job.name)
        if entry is None or entry.outcome.output != job.output or not job.output.exists():
            return False
        return entry.step is Step.BEGUN or _holds(job.output, entry.outcome.sha256)

    def _picture(self, span: Span) -> bytes:
        """The JPEG at `span`; empty where it got lost."""
        start, length = span
        try:
            with self._pictures.open("rb") as file:
                file.seek(start)
                data = file.read(length)
        except (OSError, ValueError, OverflowError):
            return b""
        return data if data.startswith(b"\xff\xd8") and data.endswith(b"\xff\xd9") else b""


def stamp_of(job: FileJob) -> Stamp:
    """Of the job's photo and mask as they are now; empty where one of them cannot be seen."""
    try:
        found = [path.stat() for path in (job.photo, job.mask) if path is not None]
    except OSError:
        return ()
    return tuple(number for each in found for number in (each.st_size, each.st_mtime_ns))


def _is_of(entry: Entry, stamp: Stamp) -> bool:
    """Whether what the entry says was made of what has `stamp`; by hand, of whatever the photo is by now."""
    made_by_hand = entry.outcome.state is FileState.DONE and not entry.outcome.model
    return entry.stamp == stamp or (made_by_hand and bool(stamp) and entry.stamp[_OF_PHOTO:] == stamp[_OF_PHOTO:])


def _failed(entry: Entry) -> bool:
    return entry.step is Step.ENDED and entry.outcome.state is FileState.FAILED


def _holds(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False
