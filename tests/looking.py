"""Helpers for tests that look at a photograph in the real window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.imaging.geometry import Point
from app.inference.request import Stage
from app.ui.canvas.divider_bar import DividerBar
from app.ui.main_window import MainWindow
from app.ui.stages.panes import Pane
from tests.canvases import picture, pixels
from tests.driving import open_photo, press, run_to_end, stroke
from tests.fakes import COLOURS

FILLED = list(COLOURS[Stage.GLOBAL])
"""The colour of what `fill` fills."""


def open_hills(qtbot: QtBot, window: MainWindow, folder: Path) -> MainWindow:
    """A photo of 180 × 120 pixels lies open, a small brush in hand."""
    path = folder / "hills.png"
    write_image(path, np.kron(picture(60, 40), np.ones((3, 3, 1), np.uint8)))
    return open_photo(qtbot, window, path)


def bar_of(window: MainWindow, pane: Pane = Pane.ORIGINAL) -> DividerBar:
    """The line between before and after."""
    return window.view.pane(pane).divider_bar


def colour_at(window: MainWindow, point: tuple[float, float], pane: Pane = Pane.ORIGINAL) -> list[int]:
    """What is seen at an image point."""
    canvas = window.view.canvas(pane)
    at = canvas.from_image(Point(*point)).toPoint()
    colour: list[int] = pixels(canvas)[at.y(), at.x()].tolist()
    return colour


def fill(qtbot: QtBot, window: MainWindow, *, accept: bool) -> None:
    """Paint round the middle of the photo, run, and perhaps take the global result."""
    stroke(window, (60, 60), (120, 60))
    run_to_end(qtbot, window)
    if accept:
        with qtbot.waitSignal(window.session.image_changed):
            press(window, Qt.Key.Key_Return)
