"""The brush in the real window: changed under the pointer, led by a pen, remembered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.imaging.geometry import Point
from app.ui.canvas.canvas import Canvas
from app.ui.main_window import MainWindow
from app.ui.settings import declared
from app.ui.tools.pressure import PressureCurve
from app.ui.tools.toolbox import ToolName
from tests.canvases import ALT, LEFT, NONE, RIGHT, SHIFT, mouse
from tests.driving import canvas_of, names_of
from tests.pointers import END, Pen, drag, mask_of, wheel, widget_at


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    path = tmp_path / "plain.png"
    write_image(path, np.full((200, 300, 3), 90, np.uint8))
    with qtbot.waitSignal(window.session.document_opened):
        window.commands.file.open_path(path)
    window.view.viewport.set_scale(2.0)
    window.toolbox.brush.set_size(40)
    window.toolbox.brush.set_hardness(0.5)
    return window


@pytest.fixture
def canvas(opened: MainWindow) -> Canvas:
    return canvas_of(opened)


def right_drag(canvas: Canvas, *moves: tuple[float, float], release: bool = True) -> None:
    """Alt+right-drag from the photo's middle by so many pixels of the window."""
    x, y = widget_at(canvas, (150, 100))
    mouse(canvas, QEvent.Type.MouseButtonPress, (x, y), RIGHT, ALT)
    for dx, dy in moves:
        mouse(canvas, QEvent.Type.MouseMove, (x + dx, y + dy), RIGHT, ALT)
    if release:
        mouse(canvas, QEvent.Type.MouseButtonRelease, (x + moves[-1][0], y + moves[-1][1]), RIGHT, ALT)


def test_alt_right_drag_sideways_resizes(opened: MainWindow, canvas: Canvas) -> None:
    right_drag(canvas, (3, 2), (5, 1), (20, 30), release=False)
    brush, ring = opened.toolbox.brush, canvas.ring()
    assert (brush.size, brush.hardness) == (pytest.approx(60), 0.5)
    assert ring.centre == pytest.approx(Point(150, 100))
    assert not ring.erase
    assert canvas.outline().label == "60 px · 50 %"
    right_drag(canvas, (-10, 0))
    assert names_of(opened) == []


def test_alt_right_drag_down_hardens_and_up_softens(opened: MainWindow, canvas: Canvas) -> None:
    brush = opened.toolbox.brush
    right_drag(canvas, (2, 50), (80, 60))
    assert (brush.size, brush.hardness) == (40, pytest.approx(0.8))
    right_drag(canvas, (0, -400))
    assert brush.hardness == 0


def test_esc_brings_the_brush_back(opened: MainWindow, canvas: Canvas) -> None:
    right_drag(canvas, (30, 0), release=False)
    opened.action_set["cancel"].trigger()
    assert opened.toolbox.brush.size == 40
    assert canvas.outline() is None


@pytest.mark.parametrize("axis", [0, 1])
def test_the_wheel_with_alt_resizes_and_with_shift_too_hardens(opened: MainWindow, canvas: Canvas, axis: int) -> None:
    """Qt gives a wheel's turn as a sideways one while Alt is held, on most systems."""
    brush, scale = opened.toolbox.brush, opened.view.viewport.scale
    notch = (120, 0) if axis == 0 else (0, 120)
    wheel(canvas, (150, 100), notch, ALT)
    assert brush.size == pytest.approx(46)
    wheel(canvas, (150, 100), (-notch[0], -notch[1]), ALT)
    assert brush.size == pytest.approx(40)
    wheel(canvas, (150, 100), notch, ALT | SHIFT)
    assert brush.hardness == 0.6
    for _ in range(4):
        wheel(canvas, (150, 100), (notch[0] // 4, notch[1] // 4), ALT | SHIFT)
    assert brush.hardness == 0.7
    assert opened.view.viewport.scale == scale
    wheel(canvas, (150, 100), (0, 120), NONE)
    assert opened.view.viewport.scale > scale


def test_without_a_brush_in_hand_alt_and_wheel_zoom(opened: MainWindow, canvas: Canvas) -> None:
    opened.toolbox.take(ToolName.RECTANGLE)
    wheel(canvas, (150, 100), (120, 0), ALT)
    assert opened.view.viewport.scale == 2.5
    assert opened.toolbox.brush.size == 40


@pytest.mark.parametrize(
    ("is_on", "curve", "width"),
    [(True, PressureCurve.SOFT, 28), (True, PressureCurve.FIRM, 10), (False, PressureCurve.FIRM, 40)],
)
def test_the_pen_presses_as_the_settings_say(
    qtbot: QtBot, opened: MainWindow, canvas: Canvas, is_on: bool, curve: PressureCurve, width: int
) -> None:
    opened.settings.set(declared.BRUSH_PRESSURE, is_on)
    opened.settings.set(declared.BRUSH_PRESSURE_CURVE, curve)
    opened.toolbox.brush.set_hardness(1.0)
    drag(Pen(canvas), (100, 100), (160, 100))
    assert np.count_nonzero(mask_of(qtbot, opened)[:, 130]) == pytest.approx(width, abs=1)


def test_a_touch_without_pressure_is_a_small_dot_and_one_edit(qtbot: QtBot, opened: MainWindow, canvas: Canvas) -> None:
    pen = Pen(canvas)
    pen.pressure = 0.0
    drag(pen, (100, 100))
    assert 0 < np.count_nonzero(mask_of(qtbot, opened)) <= 9
    assert names_of(opened) == ["Brush"]


def test_alt_turns_the_pens_other_end_into_a_brush(qtbot: QtBot, opened: MainWindow, canvas: Canvas) -> None:
    drag(Pen(canvas, END), (100, 100), (160, 100), modifiers=ALT)
    assert mask_of(qtbot, opened)[100, 130] == 255


def test_a_pen_takes_the_keyboard_as_a_mouse_does(opened: MainWindow, canvas: Canvas) -> None:
    opened.commands.view.window.focus_panel()
    assert not canvas.hasFocus()
    drag(Pen(canvas), (100, 100))
    assert canvas.hasFocus()


def test_brush_and_settings_stay_equal(opened: MainWindow) -> None:
    brush, settings = opened.toolbox.brush, opened.settings
    brush.set_pressure_curve(PressureCurve.FIRM)
    assert settings.get(declared.BRUSH_PRESSURE_CURVE) is PressureCurve.FIRM
    brush.set_pressure_curve(None)
    assert settings.get(declared.BRUSH_PRESSURE) is False
    settings.set(declared.BRUSH_PRESSURE, True)
    assert brush.pressure_curve is PressureCurve.FIRM


def test_two_taps_of_a_pen_are_two_dabs(qtbot: QtBot, opened: MainWindow, canvas: Canvas) -> None:
    Pen(canvas).double((100, 100))
    mouse(canvas, QEvent.Type.MouseMove, widget_at(canvas, (50, 50)), LEFT, NONE)
    assert mask_of(qtbot, opened)[100, 100] == 255
    assert len(names_of(opened)) >= 1


def test_shift_and_the_mouse_keep_to_the_row(qtbot: QtBot, opened: MainWindow, canvas: Canvas) -> None:
    opened.toolbox.brush.set_size(10)
    opened.toolbox.brush.set_hardness(1.0)
    mouse(canvas, QEvent.Type.MouseButtonPress, widget_at(canvas, (50, 100)), LEFT, NONE)
    for x, y in ((60, 102), (100, 130), (200, 160)):
        mouse(canvas, QEvent.Type.MouseMove, widget_at(canvas, (x, y)), LEFT, Qt.KeyboardModifier.ShiftModifier)
    mouse(canvas, QEvent.Type.MouseButtonRelease, widget_at(canvas, (200, 160)), LEFT, NONE)
    rows = np.flatnonzero(mask_of(qtbot, opened).any(axis=1))
    assert (rows[0], rows[-1]) == (95, 104)
