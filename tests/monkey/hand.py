"""What the monkey can do to the window, by real events, and how it waits: by letting the event loop work."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from PySide6.QtCore import QEvent, QEventLoop, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.canvas.canvas import Canvas
from app.ui.main_window import MainWindow
from app.ui.session.runs import RunPhase
from app.ui.stages.panes import Pane
from tests.monkey.answers import Guard, RandomAsker
from tests.monkey.world import World
from tests.pointers import END, TIP, pen

BUTTONS = (Qt.MouseButton.LeftButton,) * 8 + (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton)
MODIFIERS = (Qt.KeyboardModifier.NoModifier,) * 5 + (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


class Hand:
    """Does what the acts ask for; `random` is that of the present step."""

    def __init__(self, window: MainWindow, world: World, asker: RandomAsker, guard: Guard) -> None:
        self.window, self.world, self.asker, self.guard = window, world, asker, guard
        self.random = Random(0)

    # waiting

    def pump(self, milliseconds: float = 0) -> None:
        """Let the event loop work for so long, at least once."""
        end = time.monotonic() + milliseconds / 1000
        QApplication.processEvents()
        while time.monotonic() < end:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def until(self, is_so: Callable[[], bool], seconds: float) -> bool:
        """Let the event loop work until `is_so`, or for so long; returns which."""
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                return False
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        return True

    # what there is

    @property
    def has_photo(self) -> bool:
        """A photo is on the desk."""
        return self.window.session.document is not None

    @property
    def is_running(self) -> bool:
        """A run is under way."""
        return self.window.session.runs.phase is RunPhase.RUNNING

    @property
    def is_quiet(self) -> bool:
        """Nothing of the photo on the desk is under way."""
        session = self.window.session
        return not (session.busy.words or session.loans.is_lent or self.is_running or session.is_painting)

    def canvas(self) -> Canvas:
        """Where one paints at the moment."""
        return self.window.view.canvas(self.window.view.current or Pane.ORIGINAL)

    def point(self) -> QPoint:
        """On the canvas, or a little outside."""
        canvas = self.canvas()
        return QPoint(self.random.randint(-20, canvas.width() + 20), self.random.randint(-20, canvas.height() + 20))

    # doing

    def trigger(self, id_: str) -> bool:
        """The menu's entry, where it can be had."""
        action = self.window.action_set[id_]
        action.trigger()
        return action.isEnabled()

    def drag(self, *, steps: int, plain: bool = False) -> str:
        """Over the canvas with some button and modifiers; now and then Esc falls within, or a double click follows."""
        canvas = self.canvas()
        button = BUTTONS[0] if plain else self.random.choice(BUTTONS)
        modifiers = MODIFIERS[0] if plain else self.random.choice(MODIFIERS)
        at = self.point()
        QTest.mousePress(canvas, button, modifiers, at)
        for _ in range(steps):
            self.pump()
            near = QPoint(self.random.randint(-90, 90), self.random.randint(-90, 90))
            at = self.point() if self.random.random() < 0.3 else at + near
            QTest.mouseMove(canvas, at)
            if not plain and self.random.random() < 0.03:
                self.key(self.random.choice((Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_X)))
        QTest.mouseRelease(canvas, button, modifiers, at)
        if self.random.random() < 0.08:
            QTest.mouseDClick(canvas, button, modifiers, at)
            QTest.mouseRelease(canvas, button, modifiers, at)
        return f"{button.name} {modifiers.name} {steps} steps"

    def pen_stroke(self) -> str:
        """With either end of a pen."""
        canvas, device, at = self.canvas(), self.random.choice((TIP, TIP, END)), self.point()
        pen(canvas, QEvent.Type.TabletPress, at.toTuple(), 0.3, device, time=5000)
        for _ in range(self.random.randint(0, 5)):
            self.pump()
            at = self.point()
            pen(canvas, QEvent.Type.TabletMove, at.toTuple(), self.random.uniform(0.05, 1), device, time=5000)
        pen(canvas, QEvent.Type.TabletRelease, at.toTuple(), 0.0, device, time=5000)
        return "tip" if device is TIP else "other end"

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = MODIFIERS[0]) -> None:
        """Where the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def shortcut(self, sequence: QKeySequence) -> None:
        """The first key of `sequence`."""
        combined = sequence[0]
        self.key(combined.key(), combined.keyboardModifiers())

    def hold(self, key: Qt.Key) -> None:
        """Press a key, let a moment pass, let go."""
        target = QApplication.focusWidget() or self.window
        QApplication.sendEvent(target, QKeyEvent(QEvent.Type.KeyPress, key, MODIFIERS[0]))
        self.pump(30)
        QApplication.sendEvent(self.window, QKeyEvent(QEvent.Type.KeyRelease, key, MODIFIERS[0]))

    def wheel(self) -> str:
        """Over the canvas."""
        canvas, at, modifiers = self.canvas(), QPointF(self.point()), self.random.choice(MODIFIERS)
        turn = QPoint(self.random.choice((0, 0, 120)), self.random.choice((-240, -120, 120, 240)))
        none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, canvas.mapToGlobal(at), QPoint(), turn, none, modifiers, phase, False)
        QApplication.sendEvent(canvas, event)
        return f"{turn.toTuple()} {modifiers.name}"

    def drop(self, paths: list[Path]) -> None:
        """Files on the window."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, MODIFIERS[0])
        QApplication.sendEvent(self.window, event)
