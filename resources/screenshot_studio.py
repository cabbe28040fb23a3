"""The studio in which the window is photographed: it opens, paints, fills and waits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from screenshot_batch import close_batch
from screenshot_compare import close_comparison
from screenshot_engine import quick_engine
from screenshot_questions import close_questions

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from app.ui.canvas.canvas import Canvas
    from app.ui.main_window import MainWindow
    from app.ui.stages.panes import Pane

PATIENCE = 300.0
"""Seconds that a state may take to come about."""

PAUSE = 100
"""Milliseconds in which what is begun a moment later, such as the plan of the context boxes, comes about."""

Share = tuple[float, float]
"""A place, in shares of the sample's width and height."""


class Studio:
    """The window on its stage; each state begins with nothing open."""

    def __init__(self, fake: bool, store: Path) -> None:
        self._fake, self.store = fake, store
        self.window = self._made()

    def _made(self) -> MainWindow:
        from PySide6.QtCore import QSettings

        from app.ui.main_window import MainWindow
        from app.ui.panels.hints import ALL_HINTS
        from app.ui.session.lazy_engine import default_engine
        from app.ui.session.session import Session
        from app.ui.settings import declared
        from app.ui.settings.store import Settings

        settings = Settings(QSettings(str(self.store / "shots.ini"), QSettings.Format.IniFormat))
        settings.set(declared.HINTS_SEEN, ALL_HINTS)
        window = MainWindow(Session(quick_engine if self._fake else default_engine), settings)
        window.view.set_animated(False)
        window.show()
        return window

    def close(self) -> None:
        """Let the engine end."""
        self.clear()
        self.window.session.close()
        self.window.close()

    def again(self) -> None:
        """Another window, in the language that is spoken now."""
        self.close()
        self.window = self._made()

    def clear(self) -> None:
        """Nothing is open, all is set as it came."""
        from app.ui.settings import declared
        from app.ui.stages.panes import Pane
        from app.ui.tools.toolbox import ToolName

        window = self.window
        close_batch(self)
        close_comparison(self)
        close_questions(self)
        window.commands.present.end()
        window.commands.present.loupe.set_on(False)
        window.view.abort()
        if window.session.document is not None:
            window.photos.close_all()
            self.wait(lambda: window.session.document is None, "for the photo to be closed")
        window.view.divider.set_on(False)
        window.view.divider.move_to(0.5)
        window.view.show_pane(Pane.ORIGINAL)
        window.toolbox.take(ToolName.BRUSH)
        if not window.commands.view.has_navigator():
            self.trigger("navigator")
        for setting in declared.all_settings():
            if setting is not declared.HINTS_SEEN:
                window.settings.reset(setting)
        window.banner.clear()
        self.settle()

    def open_sample(self) -> None:
        """With its mask."""
        self.window.commands.file.open_sample()
        self.wait(self._has_mask, "for the sample and its mask")

    def open_photo(self) -> None:
        """The sample without a mask."""
        from app.paths import resource

        self.window.files.open(resource("sample.jpg"))
        self.wait(lambda: self.window.session.document is not None, "for the sample to be opened")
        self.settle()

    def _has_mask(self) -> bool:
        return self.window.session.document is not None and self.window.session.hole_pixels > 0

    def fill(self) -> None:
        """The sample, filled, all results waiting."""
        self.open_sample()
        self.run()

    def run(self) -> None:
        """Fill what is painted, all results waiting."""
        from app.ui.session.runs import RunPhase

        self.trigger("fill")
        self.wait(lambda: self.window.session.runs.phase is RunPhase.READY, "for the run to end")

    def drag(self, *shares: Share, ends: bool = True, pane: Pane | None = None) -> None:
        """Press, move and, where it `ends`, release on the canvas, or that of `pane`, and wait for the edit."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        canvas = self.canvas() if pane is None else self.window.view.canvas(pane)
        places = [self.at(share, canvas) for share in shares]
        edits = self.edits()
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
        for place in places[1:]:
            QTest.mouseMove(canvas, place)
        if ends:
            QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[-1])
            self.wait(lambda: self.edits() > edits, "for what was drawn to be an edit")

    def edits(self) -> int:
        """How many there are, done and undone."""
        document = self.window.session.document
        return 0 if document is None else len(document.history)

    def trigger(self, id_: str) -> None:
        """Do what the action does."""
        self.window.action_set[id_].trigger()

    def canvas(self) -> Canvas:
        """Where one paints."""
        from app.ui.stages.panes import Pane

        return self.window.view.canvas(Pane.ORIGINAL)

    def at(self, share: Share, canvas: Canvas | None = None) -> QPoint:
        """The place on `canvas`, or where one paints, of a point of the photo."""
        from app.imaging.geometry import Point

        document = self.window.session.document
        assert document is not None
        x, y = share[0] * document.extent.width, share[1] * document.extent.height
        return (canvas or self.canvas()).from_image(Point(x, y)).toPoint()

    def wait(self, until: Callable[[], bool], what: str) -> None:
        """Let the window work until something is so; `TimeoutError` says `what` was waited for in vain."""
        import time

        end = time.monotonic() + PATIENCE
        while not until():
            if time.monotonic() > end:
                raise TimeoutError(f"waited {PATIENCE:.0f} s in vain {what}; the window says: “{self._says()}”")
            _pause(20)

    def _says(self) -> str:
        return self.window.banner.text or "nothing"

    def settle(self) -> None:
        """Until all is painted as it will stay."""
        _pause(PAUSE)
        self.wait(self._is_painted, "for the photo to be painted")
        _pause(PAUSE)

    def _is_painted(self) -> bool:
        return not any(canvas.is_rough for canvas in self._canvases() if canvas.isVisible())

    def _canvases(self) -> list[Canvas]:
        from app.ui.stages.panes import Pane

        return [self.window.view.canvas(pane) for pane in Pane]


def _pause(milliseconds: int) -> None:
    """Let the window and its workers work; `QTest.qWait` keeps the interpreter, so that these would stand still."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
