"""The mask, its menu and how it is shown, in the real window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.imaging import masks
from app.imaging.arrays import Mask
from app.imaging.geometry import Rect
from app.ui.canvas.edge import Edge
from app.ui.canvas.mask_look import MaskLook
from app.ui.main_window import MainWindow
from app.ui.panels.colour_row import ColourRow
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from app.ui.stages.panes import Pane
from tests.canvases import ALT, LEFT, SHIFT, mouse
from tests.driving import image_of, names_of, press, run_to_end, stroke
from tests.fakes import FakeEngine, ScriptedAsker
from tests.holes import mask_of, open_filled, open_in, photo_at, widget_point

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(params=[np.uint8, np.uint16], ids=["8 bits", "16 bits"])
def filled(request: pytest.FixtureRequest, qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """A photo of either depth with a fill accepted round (60, 60)."""
    return open_filled(qtbot, window, photo_at(tmp_path / "sea.png", request.param))


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    return open_in(qtbot, window, photo_at(tmp_path / "sea.png"))


# The menu


def hole(window: MainWindow, *rects: Rect) -> Mask:
    mask = np.zeros((120, 180), np.uint8)
    for rect in rects:
        mask[rect.slices] = 255
    return mask


def set_mask(qtbot: QtBot, window: MainWindow, mask: Mask) -> None:
    with qtbot.waitSignal(window.session.mask_changed):
        window.session.set_mask("Test", mask)


@pytest.mark.parametrize(
    ("id_", "name", "function"),
    [
        ("grow_mask", "Grow mask, 5 px", masks.grown),
        ("shrink_mask", "Shrink mask, 5 px", masks.shrunk),
        ("feather_mask", "Feather mask, 7 px", masks.softened),
        ("smooth_mask", "Smooth mask, 7 px", masks.smoothed),
    ],
)
def test_the_border_is_moved_and_softened(
    qtbot: QtBot, opened: MainWindow, id_: str, name: str, function: object
) -> None:
    opened.settings.set(declared.MASK_STEP, 5)
    opened.settings.set(declared.MASK_SOFTNESS, 7)
    assert not opened.action_set[id_].isEnabled()
    before = hole(opened, Rect(50, 40, 30, 20), Rect(0, 0, 20, 20), Rect(100, 100, 2, 2))
    set_mask(qtbot, opened, before)
    with qtbot.waitSignal(opened.session.mask_changed):
        opened.action_set[id_].trigger()
    px = 5 if "5" in name else 7
    assert (mask_of(opened) == function(before, px)).all()
    assert (mask_of(opened) != before).any()
    assert names_of(opened)[-1] == name
    with qtbot.waitSignal(opened.session.mask_changed):
        press(opened, Qt.Key.Key_Z, CONTROL)
    assert (mask_of(opened) == before).all()


def test_growing_by_key(qtbot: QtBot, opened: MainWindow) -> None:
    set_mask(qtbot, opened, hole(opened, Rect(50, 40, 30, 20)))
    with qtbot.waitSignal(opened.session.mask_changed):
        press(opened, Qt.Key.Key_Equal, CONTROL | ALT)
    grown = opened.session.hole_pixels
    with qtbot.waitSignal(opened.session.mask_changed):
        press(opened, Qt.Key.Key_Minus, CONTROL | ALT)
    assert opened.session.hole_pixels == 600 < grown


def test_the_last_mask_comes_back_without_a_run(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    assert not opened.action_set["last_mask"].isEnabled()
    stroke(opened, (60, 60), (90, 60))
    painted = mask_of(opened)
    run_to_end(qtbot, opened)
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Return)
    assert opened.session.hole_pixels == 0
    with qtbot.waitSignal(opened.session.mask_changed):
        press(opened, Qt.Key.Key_D, CONTROL | SHIFT)
    assert (mask_of(opened) == painted).all()
    assert len(engine.requests) == 1
    assert opened.session.runs.phase is RunPhase.IDLE


def test_transparency_becomes_the_hole(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    from PIL import Image

    pixels = np.full((120, 180, 4), 200, np.uint8)
    pixels[..., 3] = 255
    pixels[30:50, 60:90, 3] = 0
    Image.fromarray(pixels).save(tmp_path / "cut.png")
    open_in(qtbot, window, tmp_path / "cut.png")
    assert window.action_set["mask_from_alpha"].isEnabled()
    with qtbot.waitSignal(window.session.mask_changed):
        window.action_set["mask_from_alpha"].trigger()
    assert (mask_of(window) == hole(window, Rect(60, 30, 30, 20))).all()
    assert names_of(window) == ["Mask from transparency"]


def test_an_opaque_photo_has_no_transparency(opened: MainWindow) -> None:
    assert not opened.action_set["mask_from_alpha"].isEnabled()


def test_masks_go_out_and_come_back_by_the_mask_menu(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    painted = hole(opened, Rect(50, 40, 30, 20))
    set_mask(qtbot, opened, painted)
    asker.save_path = asker.open_path = tmp_path / "hole.png"
    opened.action_set["export_mask"].trigger()
    qtbot.waitUntil(lambda: (tmp_path / "hole.png").exists() and not opened.session.busy.words)
    with qtbot.waitSignal(opened.session.mask_changed):
        press(opened, Qt.Key.Key_D, CONTROL)
    with qtbot.waitSignal(opened.session.mask_changed):
        opened.action_set["import_mask"].trigger()
    assert (mask_of(opened) == painted).all()
    assert asker.asked == ["mask_to_save sea_mask.png", "mask_to_open"]
    assert names_of(opened)[-1] == "Import mask"


# The status bar


def test_the_status_bar_says_how_much_is_painted(qtbot: QtBot, opened: MainWindow) -> None:
    assert opened.status.mask_words == "Mask empty"
    set_mask(qtbot, opened, hole(opened, Rect(50, 40, 30, 20)))
    assert opened.status.mask_words == "Mask 600 px · 2.8 %"


def test_numbers_are_written_as_the_country_does(qtbot: QtBot, opened: MainWindow) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    try:
        set_mask(qtbot, opened, hole(opened, Rect(10, 10, 40, 40)))
        assert opened.status.mask_words == "Mask 1.600 px · 7,4 %"
    finally:
        QLocale.setDefault(before)


def hover(window: MainWindow, x: float, y: float) -> None:
    """Rest the pointer over an image point."""
    at = widget_point(window, x, y)
    mouse(window.view.canvas(Pane.ORIGINAL), QEvent.Type.MouseMove, (at.x(), at.y()))


def test_the_status_bar_says_what_is_under_the_pointer(filled: MainWindow) -> None:
    hover(filled, 20.5, 30.5)
    red, green, blue = image_of(filled)[30, 20]
    assert filled.status.pixel_words == f"x 20 y 30 · R {red} G {green} B {blue}"
    hover(filled, -5, 30)
    assert filled.status.pixel_words == ""


def test_nothing_is_said_once_the_photo_is_closed(opened: MainWindow) -> None:
    hover(opened, 20.5, 30.5)
    assert opened.status.pixel_words
    opened.session.close_document()
    assert (opened.status.pixel_words, opened.status.mask_words) == ("", "")


# How the mask is shown


def test_ants_march_in_the_visible_original_alone(qtbot: QtBot, opened: MainWindow) -> None:
    ants = opened.view.canvas(Pane.ORIGINAL).ants
    qtbot.waitUntil(opened.isActiveWindow)
    opened.action_set["mask_ants_look"].trigger()
    assert opened.settings.get(declared.OVERLAY_LOOK) is MaskLook.ANTS
    assert opened.action_set["mask_ants_look"].isChecked()
    assert not ants.is_running, "animation is off"
    opened.view.set_animated(True)
    assert ants.is_running
    press(opened, Qt.Key.Key_2)
    assert not ants.is_running
    press(opened, Qt.Key.Key_1)
    assert ants.is_running
    press(opened, Qt.Key.Key_Q)
    assert not ants.is_running
    press(opened, Qt.Key.Key_Q)
    assert ants.is_running
    opened.action_set["mask_tint_look"].trigger()
    assert not ants.is_running


def edge_of(window: MainWindow) -> Edge | None:
    return window.view.canvas(Pane.ORIGINAL).scene.edge


def test_the_filled_edge_follows_mask_settings_and_view(qtbot: QtBot, opened: MainWindow) -> None:
    opened.settings.set(declared.GROW, 6)
    set_mask(qtbot, opened, hole(opened, Rect(50, 40, 30, 20)))
    qtbot.waitUntil(lambda: edge_of(opened) is not None)
    first = edge_of(opened)
    assert first is not None
    scale = opened.view.viewport.scale
    assert first.pixels.shape[1] / scale == pytest.approx(30 + 2 * 6, abs=7 / scale)
    opened.settings.set(declared.GROW, 12)
    qtbot.waitUntil(lambda: edge_of(opened) is not first)
    second = edge_of(opened)
    assert second is not None
    assert second.pixels.shape[1] / scale == pytest.approx(30 + 2 * 12, abs=7 / scale)
    opened.view.viewport.zoom_step(2)
    qtbot.waitUntil(lambda: edge_of(opened) is not None and edge_of(opened).scale == opened.view.viewport.scale)
    opened.action_set["mask_edge"].trigger()
    qtbot.waitUntil(lambda: edge_of(opened) is None)


def test_the_filled_edge_waits_for_the_end_of_the_stroke(qtbot: QtBot, opened: MainWindow) -> None:
    canvas = opened.view.canvas(Pane.ORIGINAL)
    at = widget_point(opened, 60, 60).toPoint()
    QTest.mousePress(canvas, LEFT, pos=at)
    opened.edge.refresh()
    assert not opened.session.loans.is_lent
    assert edge_of(opened) is None
    QTest.mouseRelease(canvas, LEFT, pos=at)
    qtbot.waitUntil(lambda: edge_of(opened) is not None)
    with qtbot.waitSignal(opened.session.mask_changed):
        press(opened, Qt.Key.Key_D, CONTROL)
    qtbot.waitUntil(lambda: edge_of(opened) is None)


# The panel


def test_a_colour_of_ones_own(opened: MainWindow) -> None:
    answers = [QColor(), QColor("#123456")]
    row = ColourRow(opened.settings, declared.OVERLAY_COLOUR, lambda *_: answers.pop(0))
    box = row.findChild(QComboBox)
    assert box is not None
    names = [box.itemText(index) for index in range(box.count())]
    assert names[0] == "Red"
    assert names[-1] == "Other…"
    for expected in ("#ff3b30", "#123456"):
        box.setCurrentIndex(len(names) - 1)
        box.activated.emit(len(names) - 1)
        assert opened.settings.get(declared.OVERLAY_COLOUR) == expected
    assert box.currentText() == "Other…"
    assert opened.view.canvas(Pane.ORIGINAL).overlay_style.colour == "#123456"
    box.activated.emit(1)
    assert box.currentText() == "Orange"
    assert opened.settings.get(declared.OVERLAY_COLOUR) == "#ff9f0a"
