"""Drives the real window by mouse and keys as a user would."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.imaging.geometry import Point
from app.ui.canvas.canvas import Canvas
from app.ui.main_window import MainWindow
from app.ui.panels.settings_dialog import SettingsDialog, pages
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from app.ui.settings.setting import Page
from app.ui.stages.panes import Pane

LEFT = Qt.MouseButton.LeftButton
FIRST, SECOND = ((60, 60), (80, 60)), ((120, 100), (140, 100))
"""Two short strokes, apart from each other."""


def write_sea(folder: Path) -> Path:
    """A file of 180×120 random pixels."""
    path = folder / "sea.png"
    write_image(path, np.random.default_rng(5).integers(0, 256, (120, 180, 3), dtype=np.uint8))
    return path


def open_path(qtbot: QtBot, window: MainWindow, path: Path) -> MainWindow:
    """Open `path` and wait until it is there."""
    with qtbot.waitSignal(window.files.opened):
        window.commands.file.open_path(path)
    return window


def open_plain(qtbot: QtBot, window: MainWindow, folder: Path) -> MainWindow:
    """Open ``sea.png``, 90×60 pixels of one grey, with the keyboard on the canvas."""
    path = folder / "sea.png"
    write_image(path, np.full((60, 90, 3), 77, np.uint8))
    open_path(qtbot, window, path)
    qtbot.waitUntil(lambda: canvas_of(window).hasFocus())
    return window


def open_photo(qtbot: QtBot, window: MainWindow, photo: Path) -> MainWindow:
    """Open `photo` with a small brush in hand and the keyboard on the canvas."""
    with qtbot.waitSignal(window.session.document_opened):
        window.commands.file.open_path(photo)
    window.toolbox.brush.set_size(12)
    window.settings.set(declared.RESULT_STAGE, declared.ResultStage.GLOBAL)
    qtbot.waitUntil(lambda: canvas_of(window).hasFocus())
    return window


def canvas_of(window: MainWindow) -> Canvas:
    """Where the tools work."""
    return window.view.canvas(Pane.ORIGINAL)


def dab(window: MainWindow, x: float = 20, y: float = 20) -> None:
    """A stroke of one dab, without the pointer."""
    window.session.strokes.begin_stroke(9, 1.0, False)
    window.session.strokes.stroke_to(Point(x, y))
    window.session.strokes.end_stroke()


def stroke(window: MainWindow, *points: tuple[float, float]) -> None:
    """Drag over the original along image points."""
    canvas = canvas_of(window)
    at = [canvas.from_image(Point(*point)).toPoint() for point in points]
    QTest.mousePress(canvas, LEFT, pos=at[0])
    for position in at[1:]:
        QTest.mouseMove(canvas, position)
    QTest.mouseRelease(canvas, LEFT, pos=at[-1])


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press and let go of `key` where the keyboard is."""
    QTest.keyClick(window.focusWidget() or window, key, modifiers)


def image_of(window: MainWindow) -> np.ndarray:
    """A copy of the image as edited."""
    assert window.session.document is not None
    return window.session.document.image.copy()


def run_to_end(qtbot: QtBot, window: MainWindow) -> None:
    """Press Enter and wait until the results are there."""
    press(window, Qt.Key.Key_Return)
    wait_for_results(qtbot, window)


def wait_for_results(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until no run is under way and none is about to begin."""
    session = window.session
    qtbot.waitUntil(lambda: session.runs.phase is RunPhase.READY and session.queued is None)


def names_of(window: MainWindow) -> list[str]:
    """The edits in the history."""
    assert window.session.document is not None
    return list(window.session.document.history.names)


def show_page(dialog: SettingsDialog, page: Page) -> None:
    """Choose a page of the settings."""
    dialog.findChild(QListWidget).setCurrentRow(pages().index(page))


def buttons_of(window: MainWindow) -> list[str]:
    """What stands on the prompt's buttons."""
    return [each.text() for each in window.prompt.findChildren(QPushButton) if each.isVisible()]
