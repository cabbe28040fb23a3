"""Ctrl+C during training: the step under way is finished and saved first."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def postponed(on_ask: Callable[[], None], *, insisting: bool = True) -> Iterator[Callable[[], bool]]:
    """Yield a function that says whether Ctrl+C (or a request to terminate) has come since.

    `on_ask` is called when it comes. A second one raises `KeyboardInterrupt` at once where `insisting`; a launcher of
    several processes hands on what they got already, so there it does not.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return

    def ask(_number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            if insisting:
                raise KeyboardInterrupt
            return
        asked.set()
        on_ask()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
