"""The application round the window: start, unforeseen errors, what must not be loaded."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.errors import LacunaError
from app.imaging.files import write_image
from app.ui import app as ui_app
from app.ui.app import run_editor, show_whole
from app.ui.main_window import MainWindow
from app.ui.session.crash import install_excepthook, log, log_file, sentence, start_log
from app.ui.session.session import Session
from tests.fakes import FakeEngine

ROOT = Path(__file__).parents[1]


@pytest.fixture
def hooks() -> Iterator[None]:
    """Puts the interpreter's hooks and the log back."""
    before = sys.excepthook, threading.excepthook, list(log.handlers)
    yield
    sys.excepthook, threading.excepthook, log.handlers = before


def test_the_gui_starts_without_torch() -> None:
    code = (
        "import sys; from app.ui import app, main_window; "
        "loaded = sorted(m for m in ('torch', 'numba') if m in sys.modules); assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_run_editor_opens_the_photo_and_returns_when_closed(
    qapp: QApplication, hooks: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    photo, mask = tmp_path / "sea.png", tmp_path / "mask.png"
    write_image(photo, np.zeros((30, 40, 3), np.uint8))
    write_image(mask, np.full((30, 40), 255, np.uint8))
    seen: list[tuple[str, int, bool]] = []

    class Window(MainWindow):
        """Closes itself as soon as the photo is open."""

        def __init__(self) -> None:
            super().__init__(Session(FakeEngine().factory))
            self.session.document_opened.connect(lambda *_: QTimer.singleShot(0, self._look))

        def _look(self) -> None:
            seen.append((self.files.name, self.session.hole_pixels, self.files.path is None))
            QTimer.singleShot(0, self.close)

    monkeypatch.setattr(ui_app, "make_application", lambda: qapp)
    monkeypatch.setattr(ui_app, "MainWindow", Window)
    assert run_editor(photo, mask) == 0
    monkeypatch.setattr(ui_app, "resource", lambda name: tmp_path / "sea.png")
    assert run_editor(photo, mask) == 0
    assert seen == [("sea.png", 1200, False), ("sea.png", 1200, True)], "the sample has no file to save over"


def test_an_unforeseen_error_is_told_and_logged(hooks: None, tmp_path: Path) -> None:
    path = tmp_path / "logs" / "lacuna.log"
    start_log(path)
    told: list[str] = []
    details: list[str] = []
    install_excepthook(lambda text, trace: (told.append(text), details.append(trace)))  # type: ignore[func-returns-value]
    try:
        raise ZeroDivisionError("by nothing")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert len(told) == 1
    assert "ZeroDivisionError: by nothing" in told[0]
    assert str(log_file()).replace(str(Path.home()), "~") in told[0]
    assert "Traceback" in details[0]
    assert str(Path.home()) not in told[0] + details[0]
    for handler in log.handlers:
        handler.flush()
    text = path.read_text("utf-8")
    assert "Traceback" in text
    assert "by nothing" in text


def test_errors_while_telling_are_not_told_again(hooks: None) -> None:
    told: list[str] = []

    def tell(text: str, details: str) -> None:
        told.append(text)
        sys.excepthook(ValueError, ValueError("again"), None)

    install_excepthook(tell)
    sys.excepthook(ValueError, ValueError("first"), None)
    assert len(told) == 1


def test_an_error_in_a_slot_leaves_the_document_alone(
    qtbot: QtBot, window: MainWindow, hooks: None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    photo = tmp_path / "sea.png"
    write_image(photo, np.zeros((30, 40, 3), np.uint8))
    with qtbot.waitSignal(window.files.opened):
        window.commands.file.open_path(photo)
    install_excepthook(window.messages.crash)

    def broken() -> None:
        raise RuntimeError("boom")

    with caplog.at_level(logging.ERROR, "lacuna"):
        QTimer.singleShot(0, broken)
        qtbot.waitUntil(lambda: bool(window.banner.rows))
    message = window.banner.rows[0]
    assert "boom" in message.text
    assert [button.text() for button in message.buttons] == ["Copy details", "Open the log folder"]
    message.buttons[0].click()
    assert "RuntimeError: boom" in QGuiApplication.clipboard().text()
    assert window.session.document is not None
    window.session.select_all()
    qtbot.waitUntil(lambda: window.session.hole_pixels == 1200)


def test_sentences() -> None:
    assert sentence(LacunaError("the mask is small: use another")) == "The mask is small: use another."
    assert sentence(LacunaError("a.jpg is empty")) == "a.jpg is empty."
    assert "memory" in sentence(MemoryError())


def test_a_window_larger_than_the_screen_fills_it(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableGeometry()
    window.resize(room.width() + 1, 100)
    show_whole(window)
    assert window.isMaximized()
    other = QWidget()
    qtbot.addWidget(other)
    other.resize(room.width(), 100)
    show_whole(other)
    assert other.isVisible()
    assert not other.isMaximized()
