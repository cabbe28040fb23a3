"""Several photos in the real window: open, found by name, shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.ui.main_window import MainWindow
from app.ui.session.open_photos import OpenPhoto
from tests.driving import open_path


def write_three(folder: Path) -> list[Path]:
    """Three photos of different sizes and greys."""
    made = [folder / f"{name}.png" for name in ("sea", "hill", "town")]
    for index, path in enumerate(made):
        write_image(path, np.full((40 + 10 * index, 60, 3), 50 * (index + 1), np.uint8))
    return made


def open_each(qtbot: QtBot, window: MainWindow, paths: list[Path]) -> MainWindow:
    """Open one after the other; the last is shown."""
    for path in paths:
        open_path(qtbot, window, path)
    return window


def names(window: MainWindow) -> list[str]:
    """The open photos, in the filmstrip's order."""
    return [photo.name for photo in window.photos.photos]


def photo(window: MainWindow, name: str) -> OpenPhoto:
    """The open photo of this name."""
    return next(each for each in window.photos.photos if each.name == name)


def switch(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Show another open photo."""
    window.photos.select(photo(window, name))
    qtbot.waitUntil(lambda: window.files.name == name)
