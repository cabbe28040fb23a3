"""A whole editing session in the real window over the real engine, and every socket that is opened meanwhile.

``python -m tests.offline FOLDER`` opens a photo there, paints, fills, accepts, saves, exports, keeps a session file and
closes. It prints what it did as one line of JSON: `calls` of Python on sockets, `connections` of the process as the
system lists them, whoever made them. Sockets to the display and between the process's own threads (Unix) do not count.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

CALLS: list[str] = []
CONNECTIONS: set[str] = set()

_NETWORK = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "imaplib.", "poplib.", "telnetlib.", "webbrowser.")
_PATIENCE = 120
"""Seconds for the engine to load and fill."""


def watch() -> None:
    """Keep every call of Python on a socket, from here to the end of the process."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_NETWORK) and not _is_local(event, arguments):
            CALLS.append(f"{event} {arguments[1:]}")

    sys.addaudithook(hook)


def _is_local(event: str, arguments: tuple[Any, ...]) -> bool:
    if event == "socket.__new__":
        return arguments[1] == getattr(socket, "AF_UNIX", None)
    return bool(arguments) and getattr(arguments[0], "family", None) == getattr(socket, "AF_UNIX", ())


def look() -> None:
    """Keep what the system knows of the process's connections."""
    for each in psutil.Process().net_connections("inet"):
        CONNECTIONS.add(f"{each.type.name} {each.laddr} {each.raddr} {each.status}")


def edit(folder: Path) -> list[str]:
    """The session; returns the names of the files it wrote."""
    from app.imaging.files import write_image
    from app.ui.app import make_application
    from tests.photo_files import smooth

    photo = folder / "sea.png"
    write_image(photo, smooth(180, 120))
    application = make_application()
    from PySide6.QtCore import QEventLoop

    def wait(done: Callable[[], object]) -> None:
        late = time.monotonic() + _PATIENCE
        while not done():
            application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
            if time.monotonic() > late:
                raise TimeoutError("waited in vain")
        look()

    _edit(photo, wait)
    application.processEvents()
    look()
    return sorted(each.name for each in folder.iterdir() if each.is_file())


def _edit(photo: Path, wait: Callable[[Callable[[], object]], None]) -> None:
    from PySide6.QtCore import Qt

    from app.imaging.exporting import ExportSize
    from app.imaging.save_options import AS_SOURCE
    from app.ui.main_window import MainWindow
    from app.ui.session.runs import RunPhase
    from tests.driving import press, stroke
    from tests.fakes import Overwrite, ScriptedAsker

    window = MainWindow(asker=ScriptedAsker(overwrite=Overwrite.YES))
    window.show()
    window.commands.file.open_path(photo)
    wait(lambda: window.session.document is not None)
    window.recent.refresh()
    window.toolbox.brush.set_size(12)
    stroke(window, (60, 60), (80, 60))
    press(window, Qt.Key.Key_Return)
    wait(lambda: window.session.runs.phase is RunPhase.READY or window.banner.text)
    press(window, Qt.Key.Key_Return)
    wait(lambda: window.session.runs.phase is RunPhase.IDLE and window.isWindowModified())
    window.commands.file.save()
    wait(lambda: not window.isWindowModified())
    window.files.export(photo.with_name("copy.jpg"), ExportSize(), AS_SOURCE)
    wait(photo.with_name("copy.jpg").is_file)
    window.sessions.save(photo.with_name("work.lacuna"), embed=True)
    wait(photo.with_name("work.lacuna").is_file)
    window.close()
    window.session.close()


def main() -> None:
    """Watch, edit, tell."""
    watch()
    written = edit(Path(sys.argv[1]))
    print(json.dumps({"written": written, "calls": CALLS, "connections": sorted(CONNECTIONS)}))


if __name__ == "__main__":
    main()
