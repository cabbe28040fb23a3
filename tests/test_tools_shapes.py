"""Rectangle, ellipse, lasso and polygon in the real window, led by mouse and pen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.imaging.geometry import Extent, Rect
from app.imaging.shapes import ellipse_coverage, polygon_coverage
from app.ui.canvas.canvas import Canvas
from app.ui.main_window import MainWindow
from app.ui.session.runs import RunPhase
from app.ui.tools.toolbox import ToolName
from tests.canvases import ALT, NONE, SHIFT
from tests.driving import canvas_of, names_of
from tests.pointers import END, Mouse, Pen, Pointer, click, drag, key, mask_of

CONTROL = Qt.KeyboardModifier.ControlModifier
EXTENT = Extent(300, 200)
KEYS = {ToolName.RECTANGLE: "M", ToolName.ELLIPSE: "Shift+M", ToolName.LASSO: "L", ToolName.POLYGON: "Shift+L"}
PRESS, RELEASE = QEvent.Type.KeyPress, QEvent.Type.KeyRelease


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    open_photo(qtbot, window, tmp_path / "plain.png")
    return window


def open_photo(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    write_image(path, np.full((EXTENT.height, EXTENT.width, 3), 90, np.uint8))
    with qtbot.waitSignal(window.session.document_opened):
        window.commands.file.open_path(path)
    qtbot.waitUntil(lambda: canvas_of(window).hasFocus())
    window.view.viewport.set_scale(2.0)


@pytest.fixture
def canvas(opened: MainWindow) -> Canvas:
    return canvas_of(opened)


@pytest.fixture(params=[Mouse, Pen])
def pointer(request: pytest.FixtureRequest, canvas: Canvas) -> Pointer:
    made: Callable[[Canvas], Pointer] = request.param
    return made(canvas)


def take(window: MainWindow, tool: ToolName) -> None:
    modifiers = SHIFT if KEYS[tool].startswith("Shift") else NONE
    QTest.keyClick(window.focusWidget(), Qt.Key(ord(KEYS[tool][-1])), modifiers)
    assert window.toolbox.current is tool


def fill_mask(qtbot: QtBot, window: MainWindow) -> None:
    window.session.select_all()
    mask_of(qtbot, window)


def only(rect: Rect) -> np.ndarray:
    result = np.zeros((EXTENT.height, EXTENT.width), np.uint8)
    result[rect.slices] = 255
    return result


def spread(rect: Rect, coverage: np.ndarray) -> np.ndarray:
    result = only(Rect(0, 0, 0, 0))
    result[rect.slices] = coverage
    return result


# Rectangle and ellipse


def test_a_rectangle_is_whole_pixels_and_one_edit(qtbot: QtBot, opened: MainWindow, pointer: Pointer) -> None:
    take(opened, ToolName.RECTANGLE)
    drag(pointer, (100.3, 60.2), (120, 70), (160.2, 99.7))
    assert np.array_equal(mask_of(qtbot, opened), only(Rect(100, 60, 60, 40)))
    assert names_of(opened) == ["Rectangle"]
    QTest.keyClick(opened.focusWidget(), Qt.Key.Key_Z, CONTROL)
    assert not mask_of(qtbot, opened).any()


def test_an_ellipse_touches_the_box(qtbot: QtBot, opened: MainWindow, pointer: Pointer) -> None:
    take(opened, ToolName.ELLIPSE)
    drag(pointer, (160, 100), (100, 60))
    assert np.array_equal(mask_of(qtbot, opened), spread(*ellipse_coverage(Rect(100, 60, 60, 40), EXTENT)))
    assert names_of(opened) == ["Ellipse"]


@pytest.mark.parametrize(("at_press", "at_release", "erases"), [(NONE, ALT, True), (ALT, NONE, False)])
def test_alt_at_the_end_erases(
    qtbot: QtBot,
    opened: MainWindow,
    pointer: Pointer,
    at_press: Qt.KeyboardModifier,
    at_release: Qt.KeyboardModifier,
    erases: bool,
) -> None:
    fill_mask(qtbot, opened)
    take(opened, ToolName.RECTANGLE)
    pointer.press((100, 60), at_press)
    pointer.move((160, 100), at_press)
    pointer.release((160, 100), at_release)
    assert np.array_equal(mask_of(qtbot, opened) == 0, only(Rect(100, 60, 60, 40)) == 255) is erases
    assert names_of(opened)[1:] == (["Erase: rectangle"] if erases else [])


@pytest.mark.parametrize("tool", KEYS)
def test_the_pens_other_end_erases(qtbot: QtBot, opened: MainWindow, canvas: Canvas, tool: ToolName) -> None:
    fill_mask(qtbot, opened)
    take(opened, tool)
    pen = Pen(canvas, END)
    if tool is ToolName.POLYGON:
        click(pen, (100, 60), (160, 60), (160, 100), (100, 60))
    else:
        drag(pen, (100, 60), (160, 60), (160, 100))
    assert mask_of(qtbot, opened)[62, 150] == (255 if tool is ToolName.ELLIPSE else 0)
    assert names_of(opened)[1] == f"Erase: {tool.name.lower()}"


@pytest.mark.parametrize(
    ("modifiers", "end", "expected"),
    [
        (SHIFT, (140, 90), Rect(100, 80, 40, 40)),
        (SHIFT, (90, 50), Rect(70, 50, 30, 30)),
        (CONTROL, (140, 90), Rect(60, 70, 80, 20)),
        (CONTROL | SHIFT, (80, 90), Rect(80, 60, 40, 40)),
    ],
)
def test_shift_and_ctrl_shape_the_box(
    qtbot: QtBot, opened: MainWindow, pointer: Pointer, modifiers: object, end: tuple[float, float], expected: Rect
) -> None:
    take(opened, ToolName.RECTANGLE)
    pointer.press((100, 80))
    pointer.move(end)
    pointer.release(end, modifiers)
    assert np.array_equal(mask_of(qtbot, opened), only(expected))


def test_space_moves_the_box_while_it_is_held(
    qtbot: QtBot, opened: MainWindow, canvas: Canvas, pointer: Pointer
) -> None:
    take(opened, ToolName.RECTANGLE)
    centre = opened.view.viewport.centre
    pointer.press((100, 60))
    pointer.move((120, 70))
    key(canvas, PRESS, Qt.Key.Key_Space)
    pointer.move((150, 90))
    key(canvas, RELEASE, Qt.Key.Key_Space)
    pointer.move((160, 100))
    pointer.release((160, 100))
    assert np.array_equal(mask_of(qtbot, opened), only(Rect(130, 80, 30, 20)))
    assert opened.view.viewport.centre == centre
    assert not opened.view.viewport.hand


def test_what_is_dragged_beyond_the_photo_ends_there(qtbot: QtBot, opened: MainWindow, pointer: Pointer) -> None:
    opened.view.viewport.fit()
    take(opened, ToolName.RECTANGLE)
    pointer.press((250, 150))
    pointer.move((420, 900))
    assert canvas_of(opened).outline().label == "50 × 50 px"
    pointer.release((420, 900))
    assert np.array_equal(mask_of(qtbot, opened), only(Rect(250, 150, 50, 50)))
    drag(pointer, (-400, -400), (-10, -10))
    assert np.array_equal(mask_of(qtbot, opened), only(Rect(250, 150, 50, 50)))
    take(opened, ToolName.ELLIPSE)
    drag(pointer, (-30, -40), (30, 40))
    assert mask_of(qtbot, opened)[5, 5] == 255
    assert mask_of(qtbot, opened)[38, 28] == 0


@pytest.mark.parametrize("tool", [ToolName.RECTANGLE, ToolName.ELLIPSE, ToolName.LASSO])
def test_a_slip_of_the_hand_paints_nothing(qtbot: QtBot, opened: MainWindow, pointer: Pointer, tool: ToolName) -> None:
    opened.view.viewport.set_scale(0.5)
    take(opened, tool)
    drag(pointer, (100, 100), (102, 101), (103, 100))
    drag(pointer, (100, 100))
    assert not mask_of(qtbot, opened).any()
    assert names_of(opened) == []


@pytest.mark.parametrize("tool", [ToolName.RECTANGLE, ToolName.ELLIPSE, ToolName.LASSO])
def test_esc_takes_the_drag_back(qtbot: QtBot, opened: MainWindow, pointer: Pointer, tool: ToolName) -> None:
    take(opened, tool)
    pointer.press((100, 60))
    pointer.move((150, 60))
    pointer.move((150, 90))
    assert len(canvas_of(opened).outline().points) > 2
    QTest.keyClick(opened.focusWidget(), Qt.Key.Key_Escape)
    assert canvas_of(opened).outline() is None
    pointer.move((160, 110))
    pointer.release((160, 110))
    assert not mask_of(qtbot, opened).any()


def test_the_size_and_the_sign_stand_at_the_pointer(opened: MainWindow, canvas: Canvas, pointer: Pointer) -> None:
    take(opened, ToolName.RECTANGLE)
    pointer.move((90, 50), ALT)
    assert canvas.outline().label == "−"
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    pointer.move((90, 50))
    assert canvas.outline() is None
    pointer.press((100, 60))
    pointer.move((160, 100))
    assert canvas.outline().label == "60 × 40 px"
    key(canvas, PRESS, Qt.Key.Key_Alt)
    assert canvas.outline().label == "− 60 × 40 px"
    key(canvas, RELEASE, Qt.Key.Key_Alt, ALT)
    key(canvas, PRESS, Qt.Key.Key_Shift)
    assert canvas.outline().label == "60 × 60 px"


# Lasso


def test_the_lasso_closes_itself(qtbot: QtBot, opened: MainWindow, pointer: Pointer) -> None:
    take(opened, ToolName.LASSO)
    corners = [(100.5, 60.5), (180, 60), (180.5, 120), (110, 130)]
    drag(pointer, *corners)
    assert np.array_equal(mask_of(qtbot, opened), spread(*polygon_coverage(np.array(corners), EXTENT)))
    assert names_of(opened) == ["Lasso"]
    QTest.keyClick(opened.focusWidget(), Qt.Key.Key_Z, CONTROL)
    assert not mask_of(qtbot, opened).any()


def test_alt_lets_the_lasso_erase(qtbot: QtBot, opened: MainWindow, pointer: Pointer) -> None:
    fill_mask(qtbot, opened)
    take(opened, ToolName.LASSO)
    drag(pointer, (100, 60), (180, 60), (180, 120), modifiers=ALT)
    assert mask_of(qtbot, opened)[70, 170] == 0
    assert names_of(opened)[1] == "Erase: lasso"


# Polygon

CORNERS = (100.0, 60.0), (180.0, 60.0), (180.0, 120.0), (110.0, 130.0)


def expected_polygon() -> np.ndarray:
    return spread(*polygon_coverage(np.array(CORNERS), EXTENT))


@pytest.mark.parametrize("way", ["enter", "double", "first"])
def test_a_polygon_is_closed_in_three_ways(qtbot: QtBot, opened: MainWindow, pointer: Pointer, way: str) -> None:
    take(opened, ToolName.POLYGON)
    if way == "double":
        click(pointer, *CORNERS[:-1])
        pointer.double(CORNERS[-1])
    else:
        click(pointer, *CORNERS)
    if way == "enter":
        assert not mask_of(qtbot, opened).any()
        QTest.keyClick(opened.focusWidget(), Qt.Key.Key_Return)
    if way == "first":
        pointer.move((102, 62))
        assert canvas_of(opened).outline().is_handle_hot
        click(pointer, (102, 62))
    assert np.array_equal(mask_of(qtbot, opened), expected_polygon())
    assert names_of(opened) == ["Polygon"]
    assert canvas_of(opened).outline() is None
    assert opened.session.runs.phase is RunPhase.IDLE
    QTest.keyClick(opened.focusWidget(), Qt.Key.Key_Z, CONTROL)
    assert not mask_of(qtbot, opened).any()


@pytest.mark.parametrize("removing", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete])
def test_the_last_corner_can_be_taken_back(
    qtbot: QtBot, opened: MainWindow, pointer: Pointer, removing: Qt.Key
) -> None:
    take(opened, ToolName.POLYGON)
    click(pointer, *CORNERS, (20, 20))
    QTest.keyClick(opened.focusWidget(), removing)
    QTest.keyClick(opened.focusWidget(), Qt.Key.Key_Enter)
    assert np.array_equal(mask_of(qtbot, opened), expected_polygon())


def test_two_corners_do_not_close(qtbot: QtBot, opened: MainWindow, pointer: Pointer) -> None:
    take(opened, ToolName.POLYGON)
    click(pointer, *CORNERS[:2])
    QTest.keyClick(opened.focusWidget(), Qt.Key.Key_Return)
    pointer.double(CORNERS[2])
    assert np.array_equal(mask_of(qtbot, opened), spread(*polygon_coverage(np.array(CORNERS[:3]), EXTENT)))


def test_alt_lets_the_polygon_erase(qtbot: QtBot, opened: MainWindow, pointer: Pointer) -> None:
    fill_mask(qtbot, opened)
    take(opened, ToolName.POLYGON)
    click(pointer, *CORNERS)
    click(pointer, CORNERS[0], modifiers=ALT)
    assert mask_of(qtbot, opened)[90, 150] == 0
    assert names_of(opened)[1] == "Erase: polygon"


@pytest.mark.parametrize("how", ["esc", "tool", "photo"])
def test_a_half_drawn_polygon_is_dropped(
    qtbot: QtBot, opened: MainWindow, pointer: Pointer, tmp_path: Path, how: str
) -> None:
    take(opened, ToolName.POLYGON)
    click(pointer, *CORNERS)
    assert opened.commands.edit.can_cancel()
    if how == "esc":
        QTest.keyClick(opened.focusWidget(), Qt.Key.Key_Escape)
    elif how == "tool":
        take(opened, ToolName.LASSO)
    else:
        open_photo(qtbot, opened, tmp_path / "other.png")
    assert not opened.commands.edit.can_cancel()
    take(opened, ToolName.POLYGON) if how == "tool" else None
    assert canvas_of(opened).outline() is None
    click(pointer, CORNERS[0])
    QTest.keyClick(opened.focusWidget(), Qt.Key.Key_Backspace)
    assert not mask_of(qtbot, opened).any()


def test_shift_keeps_sides_to_45_degrees(opened: MainWindow, canvas: Canvas, pointer: Pointer) -> None:
    take(opened, ToolName.POLYGON)
    click(pointer, (100, 100))
    for place, expected in (
        ((160, 110), (160, 100)),
        ((95, 40), (100, 40)),
        ((140, 130), (135, 135)),
        ((70, 120), (75, 125)),
    ):
        pointer.move(place, SHIFT)
        assert canvas.outline().points[-1] == pytest.approx(expected)
        pointer.move(place)
        assert canvas.outline().points[-1] == pytest.approx(place)


def test_between_two_corners_the_view_may_be_moved(
    qtbot: QtBot, opened: MainWindow, canvas: Canvas, pointer: Pointer
) -> None:
    take(opened, ToolName.POLYGON)
    click(pointer, *CORNERS[:2])
    key(canvas, PRESS, Qt.Key.Key_Space)
    drag(pointer, (150, 100), (140, 90))
    key(canvas, RELEASE, Qt.Key.Key_Space)
    opened.view.viewport.set_scale(1.5)
    click(pointer, *CORNERS[2:], CORNERS[0])
    assert np.array_equal(mask_of(qtbot, opened), expected_polygon())


def test_the_mouse_twin_of_a_pen_sets_no_corner(qtbot: QtBot, opened: MainWindow, canvas: Canvas) -> None:
    take(opened, ToolName.POLYGON)
    pen, twin = Pen(canvas), Mouse(canvas)
    for place in (*CORNERS, CORNERS[0]):
        twin.press(place)
        pen.press(place)
        pen.release(place)
        twin.release(place)
    assert np.array_equal(mask_of(qtbot, opened), expected_polygon())


def test_another_button_sets_no_corner(opened: MainWindow, canvas: Canvas) -> None:
    take(opened, ToolName.POLYGON)
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton)
    assert canvas.outline() is None
