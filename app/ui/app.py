"""From nothing to a window on the screen, and its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from app.paths import resource
from app.ui.garbage import GarbageCollector
from app.ui.language import Language, resolved, use_language
from app.ui.main_window import MainWindow
from app.ui.session.crash import install_excepthook, log_file, start_log
from app.ui.session.ending import LIMIT, LIMIT_SAVING, EndSignals, end_within
from app.ui.settings import declared
from app.ui.settings.store import Settings


def run_editor(photo: Path | None, mask: Path | None, *, ends_process: bool = False) -> int:
    """Open the editor, with `photo` and `mask` where given; return when it is closed. Loads no torch on this thread.

    Where that `ends_process`, no thread, not even one that can't be interrupted, keeps it alive for long.
    """
    start_log(log_file())
    application = make_application()
    garbage = GarbageCollector(lambda: window.is_painting())
    garbage.start()
    window = MainWindow()
    install_excepthook(window.messages.crash)
    show_whole(window)
    if photo is not None:
        window.files.open(photo, mask, own=photo != resource("sample.jpg"))
    QTimer.singleShot(0, window.commands.recover.offer)
    QTimer.singleShot(0, lambda: window.session.runs.preload(garbage.settle))
    signals = EndSignals()
    signals.asked.connect(application.exit)
    application.commitDataRequest.connect(lambda manager: let_system_end(manager, window.commands.file.when_safe))
    code = 1
    try:
        code = application.exec()
        return code
    finally:
        signals.stop()
        window.settings.sync()
        if ends_process:
            end_within(LIMIT_SAVING if window.session.saves.words else LIMIT, code)
        window.session.close()
        garbage.stop()


def show_whole(window: QWidget) -> None:
    """Show `window`; over all of the screen where it is too large for that otherwise."""
    room, size = window.screen().availableGeometry(), window.size()
    if size.width() > room.width() or size.height() > room.height():
        window.showMaximized()
    else:
        window.show()


class SystemsEnd(Protocol):
    """What Qt hands over when the desktop ends: a `QSessionManager`."""

    def allowsInteraction(self) -> bool:
        """Questions may be asked."""

    def release(self) -> None:
        """All was asked."""

    def cancel(self) -> None:
        """Let the desktop go on."""


def let_system_end(manager: SystemsEnd, when_safe: Callable[[Callable[[], None]], None]) -> None:
    """Ask what has to be asked before the desktop ends, and stop that unless nothing is lost by it.

    `when_safe` calls what it is given as soon as nothing is. Where nobody may be asked, recovery has the work.
    """
    if not manager.allowsInteraction():
        return
    safe: list[bool] = []
    when_safe(lambda: safe.append(True))
    manager.release()
    if not safe:
        manager.cancel()


def make_application() -> QApplication:
    """The application with its names, by which settings are found and desktops show the icon; in size and language as
    the user has set them, which is why they must be known before there is a window.
    """
    QCoreApplication.setOrganizationName("Lacuna")
    QCoreApplication.setApplicationName("lacuna")
    settings = Settings()
    enlarge(settings.get(declared.SCALE))
    application = QApplication(sys.argv[:1])
    speak(application, settings.get(declared.LANGUAGE))
    application.setApplicationDisplayName("Lacuna")
    application.setDesktopFileName("lacuna")
    icon = resource("lacuna.svg")
    if icon.is_file():
        application.setWindowIcon(QIcon(str(icon)))
    return application


def enlarge(percent: int) -> None:
    """Make all parts of the windows to come larger, 100…300; what the environment asks for counts besides."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    if percent != 100:
        os.environ["QT_SCALE_FACTOR"] = f"{percent / 100 * float(os.environ.get('QT_SCALE_FACTOR') or 1):g}"


def speak(application: QApplication, choice: Language) -> QTranslator:
    """Words, Qt's own words and numbers in the language chosen, for all that is made from now on.

    Returns what translates Qt's own words; it is empty where they are English.
    """
    language = resolved(choice, QLocale.system().uiLanguages())
    use_language(language)
    if choice is not Language.SYSTEM:
        QLocale.setDefault(QLocale(language.value))
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language is not Language.ENGLISH and translator.load(f"qtbase_{language.value}", folder):
        application.installTranslator(translator)
    return translator
