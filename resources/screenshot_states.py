"""The states of the window that `screenshots` photographs, and the studio in which they are brought about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from screenshot_batch import batch_queue, batch_setup, close_batch
from screenshot_engine import quick_engine

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from app.ui.canvas.canvas import Canvas
    from app.ui.main_window import MainWindow

    Over = tuple[QWidget, QPoint]

PATIENCE = 300.0
"""Seconds that a state may take to come about."""

PAUSE = 100
"""Milliseconds in which what is begun a moment later, such as the plan of the context boxes, comes about."""

Share = tuple[float, float]
"""A place, in shares of the sample's width and height."""

BUOY: tuple[Share, ...] = ((0.699, 0.615), (0.698, 0.66), (0.694, 0.71), (0.694, 0.75), (0.698, 0.785))
"""A stroke down the sample's buoy and its reflection, and how wide it is, pixels."""
BUOY_WIDTH = 330.0
SKY: Share = (0.28, 0.105)
STONE: tuple[Share, Share] = ((0.325, 0.745), (0.368, 0.785))
"""Two corners round a stone in the water."""
RED_STONE: Share = (0.76, 0.815)


class LeftOutError(Exception):
    """This machine has not what the shot shows."""


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

    def drag(self, *shares: Share, ends: bool = True) -> None:
        """Press, move and, where it `ends`, release on the canvas; an edit that comes of it is waited for."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        places = [self.at(share) for share in shares]
        edits = self.edits()
        QTest.mousePress(self.canvas(), Qt.MouseButton.LeftButton, pos=places[0])
        for place in places[1:]:
            QTest.mouseMove(self.canvas(), place)
        if ends:
            QTest.mouseRelease(self.canvas(), Qt.MouseButton.LeftButton, pos=places[-1])
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

        from PySide6.QtTest import QTest

        end = time.monotonic() + PATIENCE
        while not until():
            if time.monotonic() > end:
                raise TimeoutError(f"waited {PATIENCE:.0f} s in vain {what}; the window says: “{self._says()}”")
            QTest.qWait(20)

    def _says(self) -> str:
        return self.window.banner.text or "nothing"

    def settle(self) -> None:
        """Until all is painted as it will stay."""
        from PySide6.QtTest import QTest

        QTest.qWait(PAUSE)
        self.wait(self._is_painted, "for the photo to be painted")
        QTest.qWait(PAUSE)

    def _is_painted(self) -> bool:
        return not any(canvas.is_rough for canvas in self._canvases() if canvas.isVisible())

    def _canvases(self) -> list[Canvas]:
        from app.ui.stages.panes import Pane

        return [self.window.view.canvas(pane) for pane in Pane]


# States: each brings one about


def _empty(studio: Studio) -> None:
    pass


def _painting(studio: Studio) -> None:
    from app.ui.settings import declared

    studio.open_photo()
    studio.window.settings.set(declared.BRUSH_SIZE, BUOY_WIDTH)
    studio.drag(*BUOY)
    studio.wait(lambda: not studio.window.contexts.boxes.is_planning, "for the context boxes")


def _point(studio: Studio) -> list[Over]:
    """The pointer is where the stroke ended, whatever the size of the window."""
    from PySide6.QtTest import QTest

    QTest.mouseMove(studio.canvas(), studio.at(BUOY[-1]))
    return []


def _wand(studio: Studio) -> None:
    """The button is held down: what a release would take is hatched."""
    studio.open_photo()
    studio.trigger("wand")
    found: list[object] = []
    studio.window.smart.wand.found.connect(found.append)
    studio.drag(SKY, (SKY[0] + 0.03, SKY[1]), (SKY[0] + 0.07, SKY[1]), ends=False)
    studio.wait(lambda: bool(found) and found[-1] is not None, "for the wand's preview")
    studio.settle()


def _running(studio: Studio) -> None:
    studio.open_sample()
    studio.trigger("fill")
    studio.wait(lambda: bool(studio.window.session.runs.results), "for the first result")


def _panes(studio: Studio) -> None:
    studio.fill()


def _before_after(studio: Studio) -> None:
    studio.fill()
    studio.trigger("divider")


def _part_the_buoy(studio: Studio) -> list[Over]:
    """Closer; on one side of the line it is still there."""
    from app.imaging.geometry import Point

    view, document = studio.window.view, studio.window.session.document
    if view.current is not None and document is not None:
        view.viewport.fit()
        view.viewport.set_scale(2 * view.viewport.scale)
        view.viewport.centre_on(Point(BUOY[2][0] * document.extent.width, BUOY[0][1] * document.extent.height))
        canvas = view.canvas(view.current)
        view.divider.move_to(studio.at(BUOY[2], canvas).x() / canvas.width())
    return []


def _options(studio: Studio) -> None:
    from app.ui.settings import declared

    _painting(studio)
    studio.trigger("navigator")
    studio.window.settings.set(declared.WORKING_SIZE, 768)
    studio.window.settings.set(declared.GROW, 12)


def _tip_of_a_dot(studio: Studio) -> list[Over]:
    """The tip of the dot that brings a default back."""
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QApplication, QToolTip

    from app.ui.panels.options_panel import OptionsPanel
    from app.ui.settings import declared

    _point(studio)
    panel = studio.window.findChild(OptionsPanel)
    if panel is None:
        raise LeftOutError("there is no panel of options")
    dot = panel.row(declared.WORKING_SIZE).dot
    QToolTip.showText(dot.mapToGlobal(dot.rect().center()), dot.toolTip(), dot)
    tips = [each for each in QApplication.topLevelWidgets() if each.metaObject().className() == "QTipLabel"]
    corner = dot.mapTo(studio.window, dot.rect().bottomRight())
    return [(tip, corner + QPoint(-tip.width(), 8)) for tip in tips[-1:]]


def _history(studio: Studio) -> None:
    from app.inference.request import Stage

    _painting(studio)
    studio.trigger("navigator")
    studio.trigger("rectangle")
    studio.drag(*STONE)
    studio.trigger("wand")
    studio.drag(RED_STONE)
    studio.run()
    results, edits = studio.window.session.runs.results, studio.edits()
    studio.window.session.accept(Stage.DETAIL if Stage.DETAIL in results else list(results)[-1])
    studio.wait(lambda: studio.edits() > edits, "for the result to be taken")
    studio.trigger("lasso")
    studio.drag((0.52, 0.80), (0.60, 0.79), (0.61, 0.86), (0.53, 0.87))
    studio.window.session.undo()


def _error(studio: Studio) -> None:
    broken = studio.store / "IMG_2041.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0" + bytes(500))
    studio.open_sample()
    studio.window.files.open(broken)
    studio.wait(lambda: bool(studio.window.banner.text), "for the message")


def _light(studio: Studio) -> None:
    from app.ui.settings import declared
    from app.ui.settings.declared import ThemeName

    studio.window.settings.set(declared.THEME, ThemeName.LIGHT)
    studio.fill()


def _speaking(studio: Studio, name: str) -> None:
    """A run's results in the language called `name`."""
    from PySide6.QtWidgets import QApplication

    from app.ui.app import speak
    from app.ui.language import Language

    application = QApplication.instance()
    assert isinstance(application, QApplication)
    speak(application, Language(name))
    studio.again()
    studio.fill()


def _german(studio: Studio) -> None:
    _speaking(studio, "de")


def _japanese(studio: Studio) -> None:
    from PySide6.QtGui import QFontDatabase

    if not QFontDatabase.families(QFontDatabase.WritingSystem.Japanese):
        raise LeftOutError("no font for Japanese is installed; on Debian and Ubuntu: fonts-noto-cjk")
    _speaking(studio, "ja")


def _settings(studio: Studio) -> None:
    studio.open_sample()


def _settings_dialog(studio: Studio) -> list[Over]:
    from PySide6.QtWidgets import QApplication

    from app.ui.panels.settings_dialog import SettingsDialog
    from app.ui.settings.setting import Page

    studio.trigger("settings")
    dialogs = [each for each in QApplication.topLevelWidgets() if isinstance(each, SettingsDialog) and each.isVisible()]
    if not dialogs:
        raise LeftOutError("the settings are not a dialog of their own")
    dialogs[-1].show_page(Page.FILL)
    studio.settle()
    return [(dialogs[-1], studio.window.rect().center() - dialogs[-1].rect().center())]


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
    "batch": _settings,
    "batch_queue": _settings,
    "light": _light,
    "german": _german,
    "japanese": _japanese,
}
"""Languages come last: they stay."""

OVERS: dict[str, Callable[[Studio], list[Over]]] = {
    "painting": _point,
    "before_after": _part_the_buoy,
    "options": _tip_of_a_dot,
    "settings": _settings_dialog,
    "batch": batch_setup,
    "batch_queue": batch_queue,
}
"""What is done once the window has its size: returns the windows over it, each with its corner in the main one."""
