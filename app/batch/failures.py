"""How a file of a batch fails: whatever is raised becomes one row with one sentence."""

from __future__ import annotations

import errno
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from app.atomic import WriteError, is_gone
from app.batch.events import FileOutcome
from app.batch.request import FileJob
from app.errors import LacunaError
from app.inference.request import RunCancelled
from app.words import Words

_log = logging.getLogger(__name__)

_OF_PLACE = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.EACCES, errno.EIO)
)
"""The disk is full, read-only or gone."""


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
    if not isinstance(error, WriteError) or not isinstance(cause, OSError):
        return False
    return is_gone(cause) or cause.errno in _OF_PLACE


def sentence_of(error: Exception, job: FileJob) -> str:
    """What to tell of an error that has ended a file."""
    if isinstance(error, LacunaError):
        text = error.args[0]
        return text if isinstance(text, str) else str(text)
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
