"""How a file of a batch fails: whatever is raised becomes one row with one sentence."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from app.atomic import WriteError, concerns_place
from app.batch.events import FileOutcome
from app.batch.request import FileJob
from app.errors import LacunaError
from app.inference.request import RunCancelled
from app.words import Words

_log = logging.getLogger(__name__)


class FileFailed(Exception):  # noqa: N818 - a fact: it carries the file's row
    """A file has come to its end early; the one argument is its `FileOutcome`."""

    @property
    def outcome(self) -> FileOutcome:
        """The row."""
        outcome = self.args[0]
        assert isinstance(outcome, FileOutcome)
        return outcome


@contextmanager
def told_as_row(job: FileJob, row: FileOutcome) -> Iterator[None]:
    """Whatever is raised becomes the file's row with a sentence, but for what ends the whole batch."""
    try:
        yield
    except (RunCancelled, FileFailed):
        raise
    except Exception as error:  # one bad file is one row
        _log.debug("%s", job.name, exc_info=True)
        row = replace(row, error=sentence_of(error, job), is_place_trouble=is_place_trouble(error))
        _forget(error)
    else:
        return
    raise FileFailed(row)


def is_place_trouble(error: Exception) -> bool:
    """Whether every other file would fail the same way: nothing can be written there at all."""
    cause = error.__cause__
    return isinstance(error, WriteError) and isinstance(cause, OSError) and concerns_place(cause)


def sentence_of(error: BaseException, job: FileJob) -> str:
    """What to tell of an error that has ended a file."""
    if isinstance(error, LacunaError):
        text: str = error.args[0]  # Words, if they are any
        return text
    if isinstance(error, MemoryError):
        return Words(
            "memory ran out at {name}: close other programs or use a smaller working size", name=job.photo.name
        )
    if isinstance(error, OSError):
        return Words("{path}: {reason}", path=error.filename or job.photo.name, reason=error.strerror or error)
    return Words(
        "something unexpected went wrong with {name} ({kind}: {error})",
        name=job.photo.name,
        kind=type(error).__name__,
        error=error,
    )


def _forget(error: BaseException | None) -> None:
    """Let go of the images that the frames an error passed through still hold."""
    while error is not None:
        with suppress(RuntimeError):
            traceback.clear_frames(error.__traceback__)
        error.__traceback__ = None
        error = error.__cause__ or error.__context__
