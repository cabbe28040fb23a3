"""A photograph on the desk and on the screen as the window has it, driven step by step, with the time of each step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app.bench.timing import Clock
from app.imaging.geometry import Point
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.scene_view import SceneView
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.session import Session
from app.ui.stages.stage_strip import Pane, StageView
from app.ui.tools.brush import BrushTool
from app.ui.tools.brush_settings import BrushSettings

_PAUSE = 0.001
"""Seconds the loop sleeps between two rounds while it waits for the pool."""


class Workbench:
    """Session, panes and brush, wired as in the window; nothing else of it."""

    def __init__(self, width: int, height: int, clock: Clock) -> None:
        self.session = Session(engine_factory=lambda: lambda request, check: iter(()))
        self.files = PhotoFiles(self.session)
        self.view = StageView()
        self.brush = BrushSettings()
        self._clock = clock
        self.session.document_opened.connect(self._opened)
        self.session.image_changed.connect(self.view.refresh)
        self.session.mask_changed.connect(self.view.refresh_mask)
        self.view.set_tool(BrushTool(self.brush, self.session.strokes))
        self.resize(width, height)
        self.view.show()
        settle()

    @property
    def canvas(self) -> Canvas:
        """Where the brush paints."""
        return self.view.canvas(Pane.ORIGINAL)

    def resize(self, width: int, height: int) -> None:
        """Make the view that large, in pixels."""
        self.view.resize(width, height)
        settle()

    def close(self) -> None:
        """Away with it."""
        self.view.close()
        self.session.close()

    def open(self, path: Path) -> float:
        """Open a file; the seconds until the whole of it is on the screen."""
        began = self._clock()
        self.files.open(path)
        self.wait()
        return self._clock() - began

    def timed(self, step: Callable[[], object]) -> float:
        """Seconds of `step` and of painting what it changed."""
        began = self._clock()
        step()
        settle()
        return self._clock() - began

    def wait(self) -> float:
        """Until the desk is idle and painted; the longest time, in seconds, that the window answered nothing."""
        return self._longest_turn(lambda: self.session.busy.words != "")

    def sharpened(self, step: Callable[[], object]) -> float:
        """`wait`, from `step` until nothing of its picture is rough."""
        return max(self.timed(step), self.rested(self.canvas))

    def rested(self, canvas: SceneView) -> float:
        """`wait`, until nothing of the picture on `canvas` is rough."""
        return self._longest_turn(lambda: canvas.isVisible() and canvas.is_rough)

    def _longest_turn(self, goes_on: Callable[[], bool]) -> float:
        longest, waiting = 0.0, True
        while waiting:
            waiting = goes_on()
            began = self._clock()
            settle()
            if waiting:
                time.sleep(_PAUSE)
            longest = max(longest, self._clock() - began)
        return longest

    def stalled(self, verb: Callable[[], object]) -> float:
        """The longest time, in seconds, that the window answered nothing while `verb` was asked for and carried out."""
        began = self._clock()
        verb()
        asked = self._clock() - began
        return max(asked, self.wait())

    @contextmanager
    def stroke(self, start: Point, canvas: Canvas | None = None) -> Iterator[Callable[[Point], None]]:
        """Hold the brush down from `start`, on `canvas`, by default where one paints the mask; move with what this
        gives. Points are pixels of the view.
        """
        canvas = canvas or self.canvas
        _mouse(canvas, QEvent.Type.MouseButtonPress, start)
        settle()
        yield lambda point: _mouse(canvas, QEvent.Type.MouseMove, point)
        _mouse(canvas, QEvent.Type.MouseButtonRelease, start)
        self.wait()

    def hover(self, canvas: Canvas, to: Point) -> None:
        """Move the pointer over `canvas`, no button down."""
        _mouse(canvas, QEvent.Type.MouseMove, to, is_down=False)

    def _opened(self) -> None:
        self.view.set_source(self.session.pyramid, self.session.mask_levels, self.session.alpha)


def settle() -> None:
    """Let everything that is due happen, painting included."""
    QApplication.processEvents()
    QApplication.processEvents()


def _mouse(canvas: Canvas, kind: QEvent.Type, at: Point, *, is_down: bool = True) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind is QEvent.Type.MouseMove else left
    held = none if kind is QEvent.Type.MouseButtonRelease or not is_down else left
    position = QPointF(*at)
    event = QMouseEvent(
        kind, position, QPointF(canvas.mapToGlobal(position)), button, held, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(canvas, event)
