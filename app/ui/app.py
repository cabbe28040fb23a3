"""From nothing to a window on the screen, and its exit code."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app.paths import resource
from app.ui.main_window import MainWindow
from app.ui.session.crash import install_excepthook, log_file, start_log


def run_editor(photo: Path | None, mask: Path | None) -> int:
    """Open the editor, with `photo` and `mask` where given; return when it is closed. Loads no torch on this thread."""
    start_log(log_file())
    application = make_application()
    window = MainWindow()
    install_excepthook(window.messages.crash)
    window.show()
    if photo is not None:
        window.files.open(photo, mask, own=photo != resource("sample.jpg"))
    QTimer.singleShot(0, window.session.runs.preload)
    try:
        return application.exec()
    finally:
        window.session.close()


def make_application() -> QApplication:
    """The application with its names, by which settings are found and desktops show the icon."""
    application = QApplication(sys.argv[:1])
    application.setOrganizationName("Lacuna")
    application.setApplicationName("lacuna")
    application.setApplicationDisplayName("Lacuna")
    application.setDesktopFileName("lacuna")
    icon = resource("lacuna.svg")
    if icon.is_file():
        application.setWindowIcon(QIcon(str(icon)))
    return application
