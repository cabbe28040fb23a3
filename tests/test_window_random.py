"""Five hundred random actions on the real window: nothing raises or hangs, and undoing all brings the photo back."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.ui.actions.table import ACTIONS
from app.ui.canvas.canvas import Canvas
from app.ui.main_window import MainWindow
from app.ui.stages.panes import Pane
from tests.fakes import ScriptedAsker

COUNT = 500

_LEAVES_THE_WINDOW = {"quit", "log", "about", "keys", "settings", "reveal", "full_screen", "open", "sample"}
"""Ids of actions that open other programs, dialogs that wait, or the window's end."""

_BUTTONS = (Qt.MouseButton.LeftButton,) * 6 + (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton)
_MODIFIERS = (Qt.KeyboardModifier.NoModifier,) * 4 + (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
_KEYS = (
    *(Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Backspace, Qt.Key.Key_Space, Qt.Key.Key_Backslash),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Delete),
)


class Monkey:
    """Does one thing after the other, the same ones for the same seed."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self._window = window
        self._random = random.Random(seed)
        self.done: list[str] = []

    def act(self) -> None:
        """Do one thing."""
        kind = self._random.choices((self._action, self._drag, self._key, self._wheel), (5, 5, 2, 1))[0]
        self.done.append(kind())

    def _canvas(self) -> Canvas:
        return self._window.view.canvas(self._window.view.current or Pane.ORIGINAL)

    def _point(self) -> QPoint:
        canvas = self._canvas()
        return QPoint(self._random.randint(-20, canvas.width() + 20), self._random.randint(-20, canvas.height() + 20))

    def _action(self) -> str:
        spec = self._random.choice([each for each in ACTIONS if each.id not in _LEAVES_THE_WINDOW and not each.is_held])
        self._window.action_set[spec.id].trigger()
        return spec.id

    def _drag(self) -> str:
        canvas = self._canvas()
        button, modifiers = self._random.choice(_BUTTONS), self._random.choice(_MODIFIERS)
        at = self._point()
        QTest.mousePress(canvas, button, modifiers, at)
        for _ in range(self._random.randint(0, 4)):
            at = self._point()
            QTest.mouseMove(canvas, at)
        if self._random.random() < 0.1:
            QTest.keyClick(canvas, Qt.Key.Key_Escape)
        QTest.mouseRelease(canvas, button, modifiers, at)
        if self._random.random() < 0.1:
            QTest.mouseDClick(canvas, button, modifiers, at)
        return f"drag {button.name} {modifiers.name}"

    def _key(self) -> str:
        key = self._random.choice(_KEYS)
        QTest.keyClick(self._window.focusWidget() or self._window, key, self._random.choice(_MODIFIERS))
        return f"key {key.name}"

    def _wheel(self) -> str:
        canvas = self._canvas()
        at = QPointF(self._point())
        event = QWheelEvent(
            at,
            canvas.mapToGlobal(at),
            QPoint(),
            QPoint(0, self._random.choice((-120, 120))),
            Qt.MouseButton.NoButton,
            self._random.choice(_MODIFIERS),
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(canvas, event)
        return "wheel"


@pytest.mark.parametrize("seed", [1, 2])
def test_five_hundred_random_actions(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "sea.png"
    write_image(path, np.random.default_rng(5).integers(0, 256, (60, 90, 3), dtype=np.uint8))
    monkey = Monkey(window, seed)
    for _ in range(COUNT):
        if window.session.document is None:
            with qtbot.waitSignal(window.session.document_opened):
                window.commands.file.open_path(path)
        monkey.act()
        QApplication.processEvents()
    window.commands.edit.cancel()
    qtbot.waitUntil(lambda: not window.session.busy.words)
    document = window.session.document
    if document is not None and not document.history.pruned:
        window.session.jump(0)
        qtbot.waitUntil(lambda: document.history.index == 0)
        assert (document.image == document.photo.pixels).all(), monkey.done
        assert not document.mask.any(), monkey.done
