"""Helpers for tests that present a photo."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.imaging.geometry import Point
from app.ui.main_window import MainWindow
from app.ui.presenting.presentation import Presentation
from tests.canvases import pixels
from tests.driving import image_of, press

Key = Qt.Key
HOLE = (90, 60)
"""In the middle of what `looking.fill` fills."""


def present(window: MainWindow) -> Presentation:
    """Press F5."""
    press(window, Key.Key_F5)
    shown = window.commands.present.shown
    assert shown is not None
    QApplication.processEvents()
    return shown


def hit(shown: Presentation, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys in the presentation."""
    for key in keys:
        QTest.keyClick(shown, key, modifiers)


def colour_of(shown: Presentation, point: tuple[float, float] = HOLE) -> list[int]:
    """What is seen of an image point."""
    at = shown.canvas.from_image(Point(*point)).toPoint()
    colour: list[int] = pixels(shown.canvas)[at.y(), at.x()].tolist()
    return colour


def own_colour(window: MainWindow, point: tuple[float, float] = HOLE) -> list[int]:
    """The photo's pixel there."""
    colour: list[int] = image_of(window)[int(point[1]), int(point[0])].tolist()
    return colour
