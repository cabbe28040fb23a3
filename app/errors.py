"""The one exception whose text is written for the person at the screen."""

from __future__ import annotations

from os import PathLike

from app.words import Words


class LacunaError(Exception):
    """Something the user can understand and act on. Its one argument is a string; as `app.words.Words` the window
    translates it.

    The message is one sentence that names the file or the value and, where there is one, the remedy.
    The window shows it in a dialog; the command line prints it after ``lacuna: error:`` and exits with 1.
    """


def read_failure(error: OSError, path: str | PathLike[str]) -> LacunaError:
    """What to tell the user of `error`, which reading `path` ended in; of writing, `app.atomic` tells."""
    return LacunaError(
        Words("{path} cannot be read ({strerror}): check its permissions", path=path, strerror=error.strerror)
    )
