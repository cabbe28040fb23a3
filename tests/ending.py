"""The real editor in a process of its own, brought into a state in which it is hard to end: ``python -m tests.ending``.

It says ``ready`` when it is there.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

import app.ui.app as editor
from app.inference.request import Check, Event, InpaintRequest
from app.ui.asking import Running, Unsaved
from app.ui.dialogs import QtAsker
from app.ui.main_window import MainWindow
from app.ui.session.lazy_engine import RunEngine
from app.ui.session.session import Session
from tests.driving import FIRST, stroke
from tests.fakes import ScriptedAsker

_QUICK = 0.3
"""Seconds, in the place of the real limits."""


def never() -> None:
    """What a call that can't be interrupted looks like from outside."""
    threading.Event().wait()


class Ending:
    """The window, once the photo is there."""

    def __init__(self, window: MainWindow, asker: ScriptedAsker) -> None:
        self.window, self.asker = window, asker

    def idle(self) -> None:
        """Nothing goes on, but there are unsaved changes."""
        ready()

    def question(self) -> None:
        """A question is open."""
        self.window.commands.file.leaving._asker = QtAsker(self.window)
        _when(lambda: QApplication.activeModalWidget() is not None, ready)
        self.window.close()

    def fill(self) -> None:
        """A fill is stopped that does not end, and the window closes."""
        self.window.commands.edit.fill_or_accept()
        _when(in_engine.is_set, self._close)

    def load(self) -> None:
        """The window closes while the engine is being made."""
        _when(in_engine.is_set, self._close)

    def write(self) -> None:
        """A save is under way that does not end."""
        self.window.files.save()
        _when(in_write.is_set, ready)

    def _close(self) -> None:
        self.asker.running, self.asker.unsaved = Running.STOP, Unsaved.DISCARD
        ready()
        assert self.window.close()


in_engine, in_write = threading.Event(), threading.Event()


def ready() -> None:
    """Tell the test."""
    print("ready", flush=True)


def _when(is_so: Callable[[], bool], then: Callable[[], None]) -> None:
    def look() -> None:
        if is_so():
            then()
        else:
            QTimer.singleShot(5, look)

    look()


def _run(request: InpaintRequest, check: Check) -> Iterator[Event]:
    in_engine.set()
    never()
    yield from ()


def _load() -> RunEngine:
    in_engine.set()
    never()
    return _run


def _hold_writes() -> None:
    from app.ui.session import photo_files

    write = photo_files.write_photo

    def held(path: Path, *given: Any) -> tuple[str, ...]:
        from app.atomic import replacing

        with replacing(path) as file:
            file.write(b"half of it")
            file.flush()
            in_write.set()
            never()
        return write(path, *given)

    photo_files.write_photo = held  # type: ignore[assignment]


def main(photo: Path, state: str) -> int:
    """Run the editor until it ends."""
    asker = ScriptedAsker()
    editor.LIMIT = editor.LIMIT_SAVING = _QUICK  # type: ignore[misc]

    def made() -> MainWindow:
        window = MainWindow(Session(_load if state == "load" else lambda: _run), asker=asker)
        ending = Ending(window, asker)

        def opened() -> None:
            stroke(window, *FIRST)
            getattr(ending, state)()

        window.files.opened.connect(lambda _: QTimer.singleShot(0, opened))
        return window

    editor.MainWindow = made  # type: ignore[assignment, misc]
    if state == "write":
        _hold_writes()
    return editor.run_editor(photo, None, ends_process=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts jobs behind it has it ignored
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
