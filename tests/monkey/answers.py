"""What the window asks is answered at random; what opens over it is played with for a moment, then shut."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, get_type_hints

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMainWindow, QMenu, QMessageBox, QWidget

from app.ui.dialogs import QtAsker
from app.ui.presenting.keys import KEYS, STEPS
from app.ui.presenting.presentation import Presentation
from tests.monkey.poke import poke
from tests.monkey.world import World

_ANSWERED = bool, list[Path], Path | None
"""Types of answers that can be made up; for others the real dialog is shown."""

REAL = 0.2
"""Share of questions that the real dialog asks."""

_PERIOD = 15
_PATIENCE = 8
"""Ticks a dialog or a menu is played with before it is shut."""

_OVER = (QDialog, Presentation)
"""What may stand over the window, menus apart."""


class Temper(Enum):
    """How questions about what would be lost are answered; the values name such answers."""

    RANDOM = ()
    CANCEL = "CANCEL", "KEEP_OPEN"
    DISCARD = "DISCARD", "STOP", "NOW"


class RandomAsker:
    """Answers every question of `Asker`, those to come included, by what its return type lets one say."""

    def __init__(self, random: Random, world: World) -> None:
        self._random, self._world = random, world
        self.temper = Temper.RANDOM
        self.real: QtAsker | None = None
        """Who asks with dialogs, now and then."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._answer, name, get_type_hints(getattr(QtAsker, name))["return"])

    def _answer(self, name: str, kind: Any, *args: Any, **more: Any) -> Any:
        is_choice = isinstance(kind, type) and issubclass(kind, Enum)
        if self.temper is not Temper.RANDOM and is_choice:
            wanted = (*self.temper.value, *Temper.CANCEL.value)
            return next(kind[each] for each in wanted if each in kind.__members__)
        is_real = self.temper is Temper.RANDOM and self._random.random() < REAL
        if self.real is not None and (is_real or not (is_choice or kind in _ANSWERED)):
            return getattr(self.real, name)(*args, **more)
        if is_choice:
            return self._random.choice(list(kind))
        return self._random.random() < 0.7 if kind is bool else self._paths(name, kind, *args)

    def _paths(self, name: str, kind: Any, *args: Any) -> Any:
        if kind == list[Path]:
            return [self._world.photo(self._random) for _ in range(self._random.randint(0, 3))]
        if self._random.random() < 0.15:
            return None
        if "folder" in name:
            return self._random.choice((self._world.folder, self._world.outputs))
        if "save" in name:
            suffix = next((each.suffix for each in args if isinstance(each, Path)), ".png")
            return self._world.output(self._random, suffix or ".png")
        if "mask" in name:
            return self._random.choice(self._world.masks + self._world.damaged)
        return self._world.settings if "settings" in name else self._world.photo(self._random)


class Guard(QObject):
    """Plays with what opens over the window, and shuts it; without it the first dialog would stop the monkey."""

    def __init__(self, random: Random, asker: RandomAsker) -> None:
        super().__init__()
        self._random, self._asker = random, asker
        self._ages: dict[int, int] = {}
        self._depth = 0
        self.seen: set[str] = set()
        """Classes of what was open."""
        self._timer = QTimer(self, interval=_PERIOD)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """From now on."""
        self._timer.start()

    def stop(self) -> None:
        """No longer."""
        self._timer.stop()

    def is_open(self) -> bool:
        """Something stands over the window."""
        return self._top() is not None

    def _top(self) -> QWidget | None:
        shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, _OVER) and each.isVisible()]
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or next(iter(shown), None)

    def _tick(self) -> None:
        """What is done may itself open a dialog and wait for it; so it is not done within this timer's call."""
        top = self._top()
        if top is None or isinstance(top, QMainWindow):
            self._ages.clear()
            return
        self.seen.add(type(top).__name__)
        age = self._ages[id(top)] = self._ages.get(id(top), 0) + 1
        if age > _PATIENCE + 200:
            top.close()
        elif self._depth < 3:
            QTimer.singleShot(0, top, partial(self._play, top, age))

    def _play(self, top: QWidget, age: int) -> None:
        if not top.isVisible():
            return
        self._depth += 1
        try:
            if isinstance(top, QMessageBox):
                self._answer_box(top)
            elif isinstance(top, QFileDialog):
                top.reject()
            elif age <= _PATIENCE and self._asker.temper is Temper.RANDOM:
                self._try(top)
            elif isinstance(top, QDialog):
                top.accept() if self._random.random() < 0.3 and not self._is_careful else top.reject()
            else:
                top.close()
        finally:
            self._depth -= 1

    @property
    def _is_careful(self) -> bool:
        return self._asker.temper is not Temper.RANDOM

    def _answer_box(self, box: QMessageBox) -> None:
        button = box.escapeButton() if self._is_careful else self._random.choice(box.buttons())
        if button is None:
            box.reject()
        else:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _try(self, top: QWidget) -> None:
        if isinstance(top, QMenu):
            QTest.keyClick(top, self._random.choice((Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Escape)))
        elif isinstance(top, QDialog):
            poke(top, self._random)
        elif isinstance(top, Presentation):
            QTest.keyClick(top, self._random.choice((*KEYS, *STEPS, Qt.Key.Key_Z, Qt.Key.Key_S, Qt.Key.Key_Period)))
        else:
            keys = Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Escape
            QTest.keyClick(top, self._random.choice(keys))
