"""Looking at the photograph in the real window: zoom, turn, navigator, full screen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QPalette, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.imaging.geometry import Point
from app.ui.canvas.viewport import Viewport
from app.ui.main_window import MainWindow
from app.ui.panels.navigator import NavigatorPanel
from app.ui.panels.overview import Overview
from app.ui.settings import declared
from app.ui.settings.declared import ThemeName, WheelAction
from app.ui.stages.panes import Pane
from app.ui.tools.toolbox import ToolName
from tests.canvases import LEFT, NONE, assert_golden, drag, mouse, picture, pixels
from tests.driving import press, stroke
from tests.looking import bar_of, fill, open_hills

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    return open_hills(qtbot, window, tmp_path)


def panel_of(window: MainWindow) -> NavigatorPanel:
    return window.findChild(NavigatorPanel)


# The frame


def test_neither_tool_nor_look_moves_the_photo(opened: MainWindow) -> None:
    opened.resize(1280, 800)
    heights = set()
    for theme, tools in ((ThemeName.DARK, (ToolName.BRUSH, ToolName.LASSO)), (ThemeName.LIGHT, (ToolName.WAND,))):
        opened.settings.set(declared.THEME, theme)
        for tool in tools:
            opened.toolbox.take(tool)
            QApplication.processEvents()
            heights.add(opened.view.mapTo(opened, QPoint()).y())
    assert len(heights) == 1


def test_in_a_low_window_the_history_has_three_rows(opened: MainWindow) -> None:
    opened.resize(1280, 800)
    QApplication.processEvents()
    rows = opened.history.list
    assert rows.viewport().height() >= 3 * rows.sizeHintForRow(0)


# Zoom


def test_zoom_keys(opened: MainWindow) -> None:
    viewport = opened.view.viewport
    press(opened, Qt.Key.Key_2, CONTROL)
    assert viewport.scale == 2.0
    press(opened, Qt.Key.Key_0, CONTROL | SHIFT)
    width, height = viewport.view
    assert viewport.scale == max(width / 180, height / 120)
    press(opened, Qt.Key.Key_0, CONTROL)
    assert viewport.is_fit


def test_keys_zoom_to_the_pointer_over_the_photo_and_else_to_the_middle(opened: MainWindow) -> None:
    canvas, viewport = opened.view.canvas(Pane.ORIGINAL), opened.view.viewport
    press(opened, Qt.Key.Key_1, CONTROL)
    at = canvas.from_image(Point(60, 50))
    mouse(canvas, QEvent.Type.MouseMove, (at.x(), at.y()), Qt.MouseButton.NoButton)
    press(opened, Qt.Key.Key_Plus, CONTROL)
    press(opened, Qt.Key.Key_2, CONTROL)
    assert (canvas.from_image(Point(60, 50)) - at).manhattanLength() <= 2
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    before = viewport.centre
    press(opened, Qt.Key.Key_Minus, CONTROL)
    assert viewport.centre == before


def test_the_wheel_may_scroll(opened: MainWindow) -> None:
    canvas, viewport = opened.view.canvas(Pane.ORIGINAL), opened.view.viewport
    press(opened, Qt.Key.Key_2, CONTROL)
    opened.settings.set(declared.WHEEL, WheelAction.SCROLL)
    before = viewport.centre
    _wheel(canvas.rect().center(), canvas)
    assert viewport.scale == 2.0
    assert viewport.centre.y < before.y
    _wheel(canvas.rect().center(), canvas, CONTROL)
    assert viewport.scale == 2.5


def _wheel(at: QPoint, widget: object, modifiers: Qt.KeyboardModifier = NONE) -> None:
    position, buttons = QPointF(at), Qt.MouseButton.NoButton
    event = QWheelEvent(
        position, position, QPoint(), QPoint(0, 120), buttons, modifiers, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(widget, event)  # type: ignore[arg-type]


def test_the_pixel_grid_is_a_setting(opened: MainWindow) -> None:
    assert opened.view.canvas(Pane.LOCAL).scene.has_grid
    opened.action_set["pixel_grid"].trigger()
    assert not opened.view.canvas(Pane.LOCAL).scene.has_grid
    assert not opened.settings.get(declared.PIXEL_GRID)


# Turning


def test_keys_turn_the_view_and_back(opened: MainWindow) -> None:
    viewport = opened.view.viewport
    assert not opened.action_set["turn_back"].isEnabled()
    for _ in range(3):
        press(opened, Qt.Key.Key_BracketRight, CONTROL)
    press(opened, Qt.Key.Key_BracketLeft, CONTROL)
    assert viewport.angle == 30
    opened.action_set["turn_quarter"].trigger()
    assert viewport.angle == 120
    press(opened, Qt.Key.Key_5, CONTROL)
    assert viewport.angle == 0


@pytest.mark.parametrize("angle", [15.0, 90.0, 180.0])
def test_strokes_and_crosses_land_in_all_panes_of_a_turned_view(opened: MainWindow, angle: float) -> None:
    opened.view.viewport.set_angle(angle)
    opened.view.show_pane(None)
    QApplication.processEvents()
    stroke(opened, (60, 60), (90, 70))
    document = opened.session.document
    assert document is not None
    assert document.mask[60, 60] == document.mask[65, 75] == document.mask[70, 90] == 255
    assert document.mask[30, 60] == document.mask[90, 60] == 0
    other = opened.view.canvas(Pane.LOCAL)
    plain = pixels(opened.view.pane(Pane.LOCAL))
    canvas = opened.view.canvas(Pane.ORIGINAL)
    at = canvas.from_image(Point(100, 40))
    mouse(canvas, QEvent.Type.MouseMove, (at.x(), at.y()), Qt.MouseButton.NoButton)
    rows, columns = np.nonzero((pixels(opened.view.pane(Pane.LOCAL)) != plain).any(axis=2))
    cross = other.mapTo(opened.view.pane(Pane.LOCAL), other.from_image(Point(100, 40)).toPoint())
    moved = (rows + columns) > 0
    near = (abs(rows - cross.y()) < 16) & (abs(columns - cross.x()) < 16)
    assert (near & moved).sum() > 20


def test_another_photo_is_upright(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    press(opened, Qt.Key.Key_BracketRight, CONTROL)
    write_image(tmp_path / "other.png", picture())
    with qtbot.waitSignal(opened.session.document_opened):
        opened.commands.file.open_path(tmp_path / "other.png")
    assert opened.view.viewport.angle == 0


# Navigator


def test_the_navigator_moves_what_is_seen(opened: MainWindow) -> None:
    overview, viewport = panel_of(opened).overview, opened.view.viewport
    press(opened, Qt.Key.Key_0, CONTROL)
    press(opened, Qt.Key.Key_2, CONTROL)
    viewport.zoom_step(6)
    photo = overview.photo()
    at = photo.topLeft() + QPointF(photo.width() / 4, photo.height() / 2)
    QTest.mouseClick(overview, LEFT, pos=at.toPoint())
    assert abs(viewport.centre.x - 45) < 3
    assert abs(viewport.centre.y - 60) < 3
    middle = overview.frame().boundingRect().center()
    assert (middle - at).manhattanLength() < 4
    grip = middle + QPointF(3, 2)
    drag(overview, (grip.x(), grip.y()), (grip.x() + photo.width() / 2, grip.y()))
    assert abs(viewport.centre.x - 135) < 3
    assert abs(viewport.centre.y - 60) < 3


def test_the_navigator_zooms_by_wheel_slider_buttons_and_field(opened: MainWindow) -> None:
    panel, viewport = panel_of(opened), opened.view.viewport
    press(opened, Qt.Key.Key_1, CONTROL)
    assert panel.field.value() == 100
    _wheel(QPoint(20, 20), panel.overview)
    assert viewport.scale == 1.25
    QTest.mouseClick(panel.more, LEFT)
    assert viewport.scale == 1.25**2
    QTest.mouseClick(panel.less, LEFT)
    panel.slider.setValue(panel.slider.maximum())
    assert viewport.scale == pytest.approx(32)
    panel.field.setValue(50)
    assert viewport.scale == 0.5
    before = viewport.centre
    overview = panel.overview
    overview.setFocus()
    QTest.keyClick(overview, Qt.Key.Key_Right)
    assert viewport.centre.x > before.x


def test_the_navigator_wears_a_new_theme(opened: MainWindow) -> None:
    overview = panel_of(opened).overview
    for theme in (ThemeName.LIGHT, ThemeName.DARK):
        opened.settings.set(declared.THEME, theme)
        corner = overview.grab().toImage().pixelColor(1, 1)
        assert corner == overview.palette().color(QPalette.ColorRole.Dark)


def test_the_navigator_frames_a_turned_view(opened: MainWindow) -> None:
    panel = panel_of(opened)
    assert not panel.upright.isVisible()
    opened.view.viewport.set_scale(12.0)
    opened.view.viewport.set_angle(30)
    corners = panel.overview.frame()
    edge = corners[1] - corners[0]
    assert edge.y() / edge.x() == pytest.approx(-np.tan(np.radians(30)))
    assert panel.upright.text() == "30°"
    QTest.mouseClick(panel.upright, LEFT)
    assert opened.view.viewport.angle == 0


def test_golden_navigator(qtbot: QtBot, opened: MainWindow) -> None:
    layer, viewport = opened.view.canvas(Pane.ORIGINAL).scene.layer, Viewport()
    assert layer is not None
    overview = Overview(viewport)
    qtbot.addWidget(overview)
    overview.set_layer(layer)
    overview.resize(220, overview.height())
    viewport.set_extent(layer.extent)
    viewport.set_view_size(600, 400)
    viewport.set_scale(7.0)
    viewport.set_angle(-20)
    assert_golden(pixels(overview), "navigator")


def test_the_navigator_shows_edits(qtbot: QtBot, opened: MainWindow) -> None:
    overview = panel_of(opened).overview
    before = pixels(overview)
    fill(qtbot, opened, accept=True)
    assert (pixels(overview) != before).any()


def test_the_navigator_comes_and_goes(opened: MainWindow) -> None:
    dock = opened.findChild(QDockWidget, "navigator")
    opened.action_set["navigator"].trigger()
    assert dock.isHidden()
    assert opened.frame.are_panels_shown()
    opened.commands.view.toggle_panels()
    opened.commands.view.toggle_panels()
    assert dock.isHidden()
    opened.action_set["navigator"].trigger()
    assert dock.isVisible()


def test_the_navigator_is_dimmed_without_a_photo(window: MainWindow) -> None:
    assert not panel_of(window).isEnabled()
    pixels(panel_of(window))


# The frame


@pytest.mark.parametrize("leave", [Qt.Key.Key_F11, Qt.Key.Key_Escape])
def test_full_screen_comes_and_goes(opened: MainWindow, leave: Qt.Key) -> None:
    press(opened, Qt.Key.Key_F11)
    assert opened.isFullScreen()
    press(opened, leave)
    assert not opened.isFullScreen()


def test_each_new_control_has_a_name_and_a_tip(opened: MainWindow) -> None:
    panel = panel_of(opened)
    for widget in (panel.overview, panel.slider, panel.field, panel.less, panel.more, panel.upright, bar_of(opened)):
        assert widget.accessibleName()
        assert widget.toolTip()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
