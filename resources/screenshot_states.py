"""The states of the window that `screenshots` photographs, and the studio in which they are brought about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from app.inference.request import Check, Event, InpaintRequest
    from app.ui.canvas.canvas import Canvas
    from app.ui.main_window import MainWindow
    from app.ui.session.runs import RunEngine

PATIENCE = 300.0
"""Seconds that a state may take to come about."""

PAUSE = 100
"""Milliseconds in which what is begun a moment later, such as the plan of the context boxes, comes about."""

BUOY = ((0.694, 0.60), (0.690, 0.67), (0.695, 0.72), (0.700, 0.76))
"""A stroke down the sample's buoy, in shares of its width and height."""
RED = (0.682, 0.70)


class LeftOutError(Exception):
    """This machine has not what the shot shows."""


class Studio:
    """The window on its stage; each state begins with nothing open."""

    def __init__(self, fake: bool, store: Path) -> None:
        self._fake, self._store = fake, store
        self.window = self._made()

    def _made(self) -> MainWindow:
        from PySide6.QtCore import QSettings

        from app.ui.main_window import MainWindow
        from app.ui.panels.hints import ALL_HINTS
        from app.ui.session.runs import default_engine
        from app.ui.session.session import Session
        from app.ui.settings import declared
        from app.ui.settings.store import Settings

        settings = Settings(QSettings(str(self._store / "shots.ini"), QSettings.Format.IniFormat))
        settings.set(declared.HINTS_SEEN, ALL_HINTS)
        window = MainWindow(Session(_quick_engine if self._fake else default_engine), settings)
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
        """Nothing is open."""
        if self.window.session.document is not None:
            self.window.photos.close_all()
            self.wait(lambda: self.window.session.document is None)
        self.window.banner.clear()
        self.settle()

    def open_sample(self) -> None:
        """With its mask."""
        self.window.commands.file.open_sample()
        self.wait(lambda: self.window.session.document is not None and self.window.session.hole_pixels > 0)

    def fill(self) -> None:
        """The sample, filled, all results waiting."""
        from app.ui.session.runs import RunPhase

        self.open_sample()
        self.trigger("fill")
        self.wait(lambda: self.window.session.runs.phase is RunPhase.READY)

    def trigger(self, id_: str) -> None:
        """Do what the action does."""
        self.window.action_set[id_].trigger()

    def canvas(self) -> Canvas:
        """Where one paints."""
        from app.ui.stages.panes import Pane

        return self.window.view.canvas(Pane.ORIGINAL)

    def at(self, share: tuple[float, float]) -> QPoint:
        """The place on the canvas of a point given in shares of the photo."""
        from app.imaging.geometry import Point

        document = self.window.session.document
        assert document is not None
        x, y = share[0] * document.extent.width, share[1] * document.extent.height
        return self.canvas().from_image(Point(x, y)).toPoint()

    def wait(self, until: Callable[[], bool]) -> None:
        """Let the window work until something is so."""
        import time

        from PySide6.QtTest import QTest

        end = time.monotonic() + PATIENCE
        while not until():
            if time.monotonic() > end:
                raise TimeoutError("the window did not come to it")
            QTest.qWait(20)

    def settle(self) -> None:
        """Until all is painted as it will stay."""
        from PySide6.QtTest import QTest

        QTest.qWait(PAUSE)
        self.wait(lambda: not any(canvas.is_rough for canvas in self._canvases() if canvas.isVisible()))
        QTest.qWait(PAUSE)

    def _canvases(self) -> list[Canvas]:
        from app.ui.stages.panes import Pane

        return [self.window.view.canvas(pane) for pane in Pane]


# States: each brings one about


def _empty(studio: Studio) -> None:
    pass


def _painting(studio: Studio) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from app.ui.settings import declared

    studio.open_sample()
    studio.window.session.clear_mask()
    studio.wait(lambda: studio.window.session.hole_pixels == 0)
    studio.window.settings.set(declared.BRUSH_SIZE, 180.0)
    studio.window.toolbox.brush.set_size(180)
    places = [studio.at(share) for share in BUOY]
    QTest.mousePress(studio.canvas(), Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(studio.canvas(), place)
    QTest.mouseRelease(studio.canvas(), Qt.MouseButton.LeftButton, pos=places[-1])


def _wand(studio: Studio) -> None:
    from PySide6.QtTest import QTest

    studio.open_sample()
    studio.window.session.clear_mask()
    studio.wait(lambda: studio.window.session.hole_pixels == 0)
    studio.trigger("wand")
    QTest.mouseMove(studio.canvas(), studio.at((0.5, 0.5)))
    QTest.mouseMove(studio.canvas(), studio.at(RED))
    QTest.qWait(1500)


def _running(studio: Studio) -> None:
    studio.open_sample()
    studio.trigger("fill")
    studio.wait(lambda: bool(studio.window.session.runs.results))


def _panes(studio: Studio) -> None:
    studio.fill()


def _before_after(studio: Studio) -> None:
    studio.fill()
    studio.trigger("divider")


def _options(studio: Studio) -> None:
    _painting(studio)
    studio.trigger("focus_panel")


def _history(studio: Studio) -> None:
    from app.inference.request import Stage

    studio.fill()
    results = studio.window.session.runs.results
    studio.window.session.accept(Stage.DETAIL if Stage.DETAIL in results else next(reversed(results)))
    studio.wait(lambda: studio.window.isWindowModified())
    studio.window.session.invert_mask()
    studio.window.session.undo()


def _error(studio: Studio) -> None:
    broken = studio._store / "IMG_2041.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0" + bytes(500))
    studio.open_sample()
    studio.window.files.open(broken)
    studio.wait(lambda: bool(studio.window.banner.text))


def _light(studio: Studio) -> None:
    from app.ui.settings import declared
    from app.ui.settings.declared import ThemeName

    studio.window.settings.set(declared.THEME, ThemeName.LIGHT)
    studio.fill()


def _japanese(studio: Studio) -> None:
    from PySide6.QtGui import QFontDatabase
    from PySide6.QtWidgets import QApplication

    from app.ui.app import speak
    from app.ui.language import Language

    if not QFontDatabase.families(QFontDatabase.WritingSystem.Japanese):
        raise LeftOutError("no font for Japanese is installed; on Debian and Ubuntu: fonts-noto-cjk")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    speak(application, Language.JAPANESE)
    studio.again()
    studio.fill()


def _settings(studio: Studio) -> None:
    studio.open_sample()


STATES: dict[str, Callable[[Studio], None]] = {
    "empty": _empty,
    "painting": _painting,
    "wand": _wand,
    "running": _running,
    "panes": _panes,
    "before_after": _before_after,
    "options": _options,
    "history": _history,
    "settings": _settings,
    "error": _error,
    "light": _light,
    "japanese": _japanese,
}
"""In an order in which what one leaves behind does not show in the next: looks and languages come last."""


def _quick_engine() -> RunEngine:
    """Fills holes with the colour at their corner, a little darker each stage: for tests."""
    from app.imaging.arrays import hole_of
    from app.imaging.geometry import bounding_rect
    from app.inference.request import STAGES, Progress, Region, RegionPatch, RunReport, StageResult

    def run(request: InpaintRequest, check: Check) -> Iterator[Event]:
        rect = bounding_rect(hole_of(request.mask))
        hole = hole_of(request.mask[rect.slices])
        for index, stage in enumerate(STAGES, 1):
            yield Progress(stage, index, len(STAGES), 1, 1, Region(rect, 1.0))
            pixels = request.image[rect.slices].copy()
            pixels[hole] = request.image[rect.y, rect.x] * (1 - index / 20)
            yield StageResult(stage, (RegionPatch(rect, pixels),), 0.1, request.revision)
        yield RunReport("quick", "cpu", {stage.value: 0.1 for stage in STAGES}, (Region(rect, 1.0),), rect.area, ())

    return run
