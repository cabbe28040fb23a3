"""What happens to an error nobody caught: it is logged, the user is told, the document survives."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from platformdirs import user_log_path

from app.errors import LacunaError
from app.ui.language import localised, tr

LOG_BYTES = 1_000_000

log = logging.getLogger("lacuna")


def log_file() -> Path:
    """Where the log is written; the folder need not exist yet."""
    return user_log_path("lacuna", appauthor=False) / "lacuna.log"


def start_log(path: Path) -> None:
    """Send warnings and errors to `path`, at most two files of a megabyte; a folder that can't be made is no error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(message)s"))
    log.addHandler(handler)


def sentence(error: BaseException) -> str:
    """What to tell the user about `error`: its own sentence, or one for the unforeseen, which is logged."""
    if isinstance(error, LacunaError):
        return as_sentence(localised(error.args[0] if error.args else ""))
    log.error("unexpected error", exc_info=error)
    if isinstance(error, MemoryError):
        return tr("There is not enough memory for this: close other programs or use a smaller photo.")
    return tr("Something unexpected went wrong ({}). Your work is still here; the details are in {}.").format(
        f"{type(error).__name__}: {error}" if str(error) else type(error).__name__, without_home(str(log_file()))
    )


def without_home(text: str) -> str:
    """`text` with ``~`` in the place of the user's home folder, however its slashes lean."""
    home = str(Path.home())
    for form in (home.replace("\\", "\\\\"), home, home.replace("\\", "/")):
        if len(form) > 1:
            text = text.replace(form, "~")
    return text


def as_sentence(text: str) -> str:
    """`text` with a capital and an end; a file's name at its beginning stays as it is."""
    text = text.strip()
    if text.partition(" ")[0].isalpha():
        text = text[:1].upper() + text[1:]
    return text + ("" if text.endswith((".", "!", "?", "…", "。", "！", "？")) else ".")


def install_excepthook(tell: Callable[[str, str], None]) -> None:
    """Log every uncaught exception; for those of the GUI thread call `tell`, one at a time.

    It gets a sentence and, for a report, the traceback without the user's home folder.
    """
    telling = False

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal telling
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        text = sentence(error)
        if not telling:
            telling = True
            try:
                tell(text, without_home("".join(traceback.format_exception(kind, error, trace))))
            finally:
                telling = False

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            log.error("uncaught in thread %s", args.thread and args.thread.name, exc_info=args.exc_value)

    sys.excepthook = hook
    threading.excepthook = thread_hook
