"""A photo of random pixels in the real window, as opened or with a hole filled in it, and what is seen there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from app.imaging.arrays import Mask
from app.imaging.files import write_image
from app.imaging.geometry import Point
from app.ui.main_window import MainWindow
from app.ui.settings import declared
from app.ui.stages.panes import Pane
from tests.driving import press, run_to_end, stroke


def photo_at(path: Path, dtype: type = np.uint8) -> Path:
    """A file of 180×120 random pixels."""
    top = 256 if dtype is np.uint8 else 65536
    write_image(path, np.random.default_rng(5).integers(0, top, (120, 180, 3), dtype=dtype))
    return path


def open_in(qtbot: QtBot, window: MainWindow, path: Path) -> MainWindow:
    """Open `path` with a hard brush in hand and the keyboard on the canvas."""
    with qtbot.waitSignal(window.session.document_opened):
        window.commands.file.open_path(path)
    window.toolbox.brush.set_size(20)
    window.toolbox.brush.set_hardness(1.0)
    window.settings.set(declared.RESULT_STAGE, declared.ResultStage.GLOBAL)
    qtbot.waitUntil(lambda: window.view.canvas(Pane.ORIGINAL).hasFocus())
    return window


def open_filled(qtbot: QtBot, window: MainWindow, path: Path) -> MainWindow:
    """Open `path` with a fill accepted round (60, 60) and the restoring brush in hand."""
    open_in(qtbot, window, path)
    stroke(window, (40, 60), (90, 60))
    run_to_end(qtbot, window)
    with qtbot.waitSignal(window.session.image_changed):
        press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_R)
    return window


def mask_of(window: MainWindow) -> Mask:
    """A copy of the mask."""
    assert window.session.document is not None
    return window.session.document.mask.copy()


def widget_point(window: MainWindow, x: float, y: float) -> QPointF:
    """Where an image point is on the canvas."""
    return window.view.canvas(Pane.ORIGINAL).from_image(Point(x, y))
