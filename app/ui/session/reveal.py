"""Showing a file where it lies, in the system's file manager."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

_PATIENCE = 1000
"""Milliseconds."""


def reveal_command(path: Path, platform: str = sys.platform) -> list[str] | None:
    """The program that selects `path` in a folder's window; None where the desktop is asked instead."""
    if platform == "win32":
        return ["explorer", f"/select,{path}"]
    return ["open", "-R", str(path)] if platform == "darwin" else None


def reveal(path: Path) -> bool:
    """Show `path` selected in its folder; False where nobody can. May take a second: not for the GUI thread."""
    command = reveal_command(path)
    if command is None:
        return _asked_file_manager(path)
    try:
        subprocess.Popen(command)
    except OSError:
        return False
    return True


def open_folder(path: Path) -> bool:
    """Show the folder of `path`; False where nothing could be opened."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _asked_file_manager(path: Path) -> bool:
    """Through the freedesktop.org interface FileManager1; False where nobody answers to it."""
    try:
        from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage
    except ImportError:
        return False
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    name = "org.freedesktop.FileManager1"
    message = QDBusMessage.createMethodCall(name, "/org/freedesktop/FileManager1", name, "ShowItems")
    message.setArguments([[QUrl.fromLocalFile(str(path)).toString()], ""])
    answer = bus.call(message, QDBus.CallMode.Block, _PATIENCE)
    return answer.type() != QDBusMessage.MessageType.ErrorMessage
