"""Helpers for tests that look at a photograph in the real window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.imaging.geometry import Point
from app.inference.request import Stage
from app.ui.canvas.divider_bar import DividerBar
from app.ui.main_window import MainWindow
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from app.ui.stages.panes import Pane
from tests.canvases import NONE, drag, picture, pixels
from tests.fakes import COLOURS

FILLED = list(COLOURS[Stage.GLOBAL])
"""The colour of what `fill` fills."""


def open_hills(qtbot: QtBot, window: MainWindow, folder: Path) -> MainWindow:
    """A photo of 180 × 120 pixels lies open, a small brush in hand."""
    path = folder / "hills.png"
    write_image(path, np.kron(picture(60, 40), np.ones((3, 3, 1), np.uint8)))
    with qtbot.waitSignal(window.session.document_opened):
        window.commands.file.open_path(path)
    window.toolbox.brush.set_size(12)
    window.settings.set(declared.RESULT_STAGE, declared.ResultStage.GLOBAL)
    qtbot.waitUntil(lambda: window.view.canvas(Pane.ORIGINAL).hasFocus())
    return window


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(window.focusWidget() or window, key, modifiers)


def bar_of(window: MainWindow, pane: Pane = Pane.ORIGINAL) -> DividerBar:
    return window.view.pane(pane).divider_bar


def colour_at(window: MainWindow, point: tuple[float, float], pane: Pane = Pane.ORIGINAL) -> list[int]:
    canvas = window.view.canvas(pane)
    at = canvas.from_image(Point(*point)).toPoint()
    colour: list[int] = pixels(canvas)[at.y(), at.x()].tolist()
    return colour


def paint(window: MainWindow, *points: tuple[float, float]) -> None:
    canvas = window.view.canvas(Pane.ORIGINAL)
    at = [canvas.from_image(Point(*point)) for point in points]
    drag(canvas, *((each.x(), each.y()) for each in at))


def fill(qtbot: QtBot, window: MainWindow, *, accept: bool) -> None:
    """Paint round the middle of the photo, run, and perhaps take the global result."""
    paint(window, (60, 60), (120, 60))
    press(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.runs.phase is RunPhase.READY)
    if accept:
        with qtbot.waitSignal(window.session.image_changed):
            press(window, Qt.Key.Key_Return)
