"""The end of the process: what the system's signals ask for, and that no thread can put it off."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import threading
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from app.atomic import abandon

LIMIT = 4.0
"""Seconds for threads to end by themselves; a step of a network can't be interrupted."""
LIMIT_SAVING = 20.0
"""The same where a file is being written and nobody is there to be asked: systems that end wait about that long."""

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def end_within(seconds: float, code: int) -> None:
    """End the process with `code` in `seconds`, should it still be there then.

    The targets of what is still being written stay as they were.
    """

    def end() -> None:
        _never.wait(seconds)
        abandon()
        logging.shutdown()
        os._exit(code)

    threading.Thread(target=end, name="end", daemon=True).start()


class EndSignals(QObject):
    """Ctrl+C in the terminal, a closed terminal, and the system's request to end. Made on the main thread."""

    asked = Signal(int)
    """The exit code that is usual for it: 128 and the signal's number."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._receiver, self._sender = socket.socketpair()
        for end in (self._receiver, self._sender):
            end.setblocking(False)
        self._before_fd = signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, _let_qt_hear) for number in _numbers()}
        self._notifier = QSocketNotifier(self._receiver.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._heard)

    def stop(self) -> None:
        """Leave the signals to whom they belonged before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before_fd)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._receiver.close()
        self._sender.close()

    def _heard(self) -> None:
        """Other signals, such as a child's end, wake the same way."""
        with contextlib.suppress(BlockingIOError):
            for number in self._receiver.recv(64):
                if number in self._before:
                    self.asked.emit(128 + number)


def _numbers() -> list[signal.Signals]:
    """Those that are not ignored, as ``nohup`` asks for."""
    known = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]


def _let_qt_hear(_number: int, _frame: FrameType | None) -> None:
    """The event loop is told by the socket; Python only runs this once it has."""


_never = threading.Event()
