"""The one exception whose text is written for the person at the screen; what becomes of errors that were caught."""

from __future__ import annotations

import traceback
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


def let_go(error: Exception) -> None:
    """Of the images that the frames of `error`, which was caught, hold: in a ring of frame and error they would stay.

    Where a generator caught it, call this before the next ``yield``: a frame that rests there would be ended.
    """
    link: BaseException | None = error
    while link is not None:
        traceback.clear_frames(link.__traceback__)
        link = link.__cause__ or link.__context__
