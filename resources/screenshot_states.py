"""The states of the window that `screenshots` photographs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from screenshot_batch import batch_queue, batch_setup
from screenshot_compare import compare, paint_what_is_known
from screenshot_questions import closing, recovery, session
from screenshot_studio import Share, Studio

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    Over = tuple[QWidget, QPoint]

BUOY: tuple[Share, ...] = ((0.699, 0.615), (0.698, 0.66), (0.694, 0.71), (0.694, 0.75), (0.698, 0.785))
"""A stroke down the sample's buoy and its reflection, and how wide it is, pixels."""
BUOY_WIDTH = 330.0
SKY: Share = (0.28, 0.105)
STONE: tuple[Share, Share] = ((0.325, 0.745), (0.368, 0.785))
"""Two corners round a stone in the water."""
RED_STONE: Share = (0.76, 0.815)
MARK: tuple[Share, ...] = ((0.60, 0.80), (0.62, 0.83))
"""A stroke over what the global stage is not to use, and how wide it is, pixels."""
MARK_WIDTH = 160.0


class LeftOutError(Exception):
    """This machine has not what the shot shows."""


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


def _candidates(studio: Studio) -> None:
    """The second one is looked at, large."""
    studio.open_sample()
    studio.trigger("candidates")
    studio.wait(lambda: studio.window.session.runs.phase.name == "READY", "for the candidates")
    studio.trigger("show_detail")
    studio.trigger("next_variant")
    cells = studio.window.candidates.cells
    studio.wait(lambda: all(cell.look.picture is not None for cell in cells), "for their pictures")


def _difference(studio: Studio) -> None:
    """Coarse and detail, with both beside the map."""
    studio.fill()
    studio.trigger("difference")
    studio.window.difference.bar.beside.setChecked(True)
    difference = studio.window.commands.difference.difference
    studio.wait(lambda: bool(difference.picture) and not difference.is_at_work, "for the map")


def _close_to_the_buoy(studio: Studio) -> list[Over]:
    """As large as its box allows."""
    from app.imaging.geometry import Point

    document, view = studio.window.session.document, studio.window.view
    assert document is not None
    view.viewport.fit()
    view.viewport.set_scale(2.2 * view.viewport.scale)
    view.viewport.centre_on(Point(BUOY[2][0] * document.extent.width, BUOY[2][1] * document.extent.height))
    return []


def _panes(studio: Studio) -> None:
    studio.fill()


def _keep(studio: Studio) -> None:
    """The upper half of the hole from the coarse stage, a place in the reflection from the local one."""
    from app.inference.request import Stage
    from app.ui.settings import declared
    from app.ui.stages.panes import Pane

    studio.fill()
    studio.trigger("keep")
    studio.window.settings.set(declared.BRUSH_HARDNESS, 0.6)
    for stage, size, shares in ((Stage.COARSE, 260.0, BUOY[:2]), (Stage.LOCAL, 150.0, BUOY[3:])):
        studio.window.settings.set(declared.KEEP_STAGE, stage)
        studio.window.settings.set(declared.BRUSH_SIZE, size)
        studio.drag(*shares, pane=Pane.KEPT)


def _close_in(studio: Studio) -> list[Over]:
    """The hole, large in every pane."""
    from app.imaging.geometry import Point

    view, document = studio.window.view, studio.window.session.document
    if document is not None:
        view.viewport.fit()
        view.viewport.set_scale(2.6 * view.viewport.scale)
        view.viewport.centre_on(Point(BUOY[2][0] * document.extent.width, BUOY[2][1] * document.extent.height))
    return []


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


def _cost(studio: Studio) -> None:
    studio.trigger("costs")
    studio.fill()
    rows = studio.window.costs
    studio.wait(lambda: any(row.parameters for row in rows.rows), "for the costs to be counted")


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


def _attention(studio: Studio) -> None:
    """Filled again without the stones that are marked; the global stage's result large."""
    from app.ui.settings import declared
    from app.ui.stages.panes import Pane

    studio.fill()
    studio.trigger("attention")
    studio.window.settings.set(declared.BRUSH_SIZE, MARK_WIDTH)
    studio.drag(*MARK)
    results = studio.window.session.runs.variants
    studio.trigger("fill_again")
    studio.wait(lambda: len(studio.window.session.runs.variants) > len(results), "for another run")
    studio.wait(lambda: studio.window.session.runs.running is None, "for it to end")
    studio.window.view.show_pane(Pane.GLOBAL)


def _look_from_the_buoy(studio: Studio) -> list[Over]:
    """The pointer is where the buoy was."""
    from PySide6.QtTest import QTest

    from app.ui.session.attention_work import ProbeState
    from app.ui.stages.panes import Pane

    canvas, attention = studio.window.view.canvas(Pane.GLOBAL), studio.window.attention
    QTest.mouseMove(canvas, studio.at(BUOY[3], canvas))
    studio.wait(lambda: attention.work.state is not ProbeState.LOOKING, "for the engine to look again")
    return []


def _loupe(studio: Studio) -> None:
    """Side by side, every pane with its glass."""
    studio.fill()
    studio.trigger("loupe")


def _look_at_the_buoy(studio: Studio) -> list[Over]:
    """Pixel for pixel, where its ring was."""
    from PySide6.QtTest import QTest

    from app.ui.stages.panes import Pane

    canvas = studio.window.view.canvas(Pane.GLOBAL)
    QTest.mouseMove(canvas, studio.at(BUOY[1], canvas))
    return []


def _present(studio: Studio) -> list[Over]:
    """Halfway from the local result to the global one, close to the hole; as large as the window."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    studio.window.view.set_animated(False)
    studio.trigger("present")
    shown = studio.window.commands.present.shown
    if shown is None:
        raise LeftOutError("nothing is presented")
    shown.showNormal()
    shown.resize(studio.window.size())
    for key in (Qt.Key.Key_3, Qt.Key.Key_Up):
        QTest.keyClick(shown, key)
    studio.wait(lambda: not shown.canvas.is_rough, "for the presented photo to be painted")
    studio.window.view.set_animated(True)
    QTest.keyClick(shown, Qt.Key.Key_Right)
    clock = shown.canvas.wipe.clock
    clock.pause()
    clock.setCurrentTime(clock.duration() // 2)
    studio.window.view.set_animated(False)
    return [(shown, QPoint(0, 0))]


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


def _own_models(studio: Studio) -> None:
    """Models that nobody has: names and places alone."""
    from pathlib import Path

    from app.inference.allowed import AllowedFile
    from app.inference.catalog import CUSTOM
    from app.inference.own_models import kept, known_as, own_models, with_model
    from app.ui.settings import declared

    studio.open_sample()
    files = (("big-lama.safetensors", "lama"), ("migan_512_places2.pt", "migan"), ("context_encoder.onnx", ""))
    text = kept(())
    for name, network in files:
        file = AllowedFile(Path("models") / name, "0" * 64, known_as(network))
        text = kept(with_model(own_models(text), file))
    studio.window.settings.set(declared.OWN_MODELS, text)
    studio.window.settings.set(declared.OWN_MODEL, own_models(text)[0].name)
    studio.window.settings.set(declared.COARSE, CUSTOM.name)


def _own_models_dialog(studio: Studio) -> list[Over]:
    from PySide6.QtWidgets import QApplication

    from app.ui.panels.settings_dialog import SettingsDialog

    studio.trigger("own_models")
    dialogs = [each for each in QApplication.topLevelWidgets() if isinstance(each, SettingsDialog) and each.isVisible()]
    studio.settle()
    return [(dialogs[-1], studio.window.rect().center() - dialogs[-1].rect().center())]


STATES: dict[str, Callable[[Studio], None]] = {
    "empty": _empty,
    "painting": _painting,
    "wand": _wand,
    "running": _running,
    "panes": _panes,
    "keep": _keep,
    "before_after": _before_after,
    "candidates": _candidates,
    "difference": _difference,
    "options": _options,
    "history": _history,
    "attention": _attention,
    "cost": _cost,
    "settings": _settings,
    "own_models": _own_models,
    "error": _error,
    "batch": _settings,
    "batch_queue": _settings,
    "recovery": _empty,
    "closing": _running,
    "session": _settings,
    "compare": paint_what_is_known,
    "loupe": _loupe,
    "presentation": _panes,
    "light": _light,
    "german": _german,
    "japanese": _japanese,
}
"""Languages come last: they stay."""

OVERS: dict[str, Callable[[Studio], list[Over]]] = {
    "painting": _point,
    "keep": _close_in,
    "before_after": _part_the_buoy,
    "difference": _close_to_the_buoy,
    "options": _tip_of_a_dot,
    "attention": _look_from_the_buoy,
    "settings": _settings_dialog,
    "own_models": _own_models_dialog,
    "batch": batch_setup,
    "batch_queue": batch_queue,
    "recovery": recovery,
    "closing": closing,
    "session": session,
    "compare": compare,
    "loupe": _look_at_the_buoy,
    "presentation": _present,
}
"""What is done once the window has its size: returns the windows over it, each with its corner in the main one."""
