"""Context boxes in the real window: shown, dragged, nudged, reset, warned of, and given to the run."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolBar, QToolButton
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.imaging.geometry import Point, Rect
from app.inference.request import Stage
from app.ui.contexts.layer import ContextMark, Tone
from app.ui.contexts.plan import ContextBox
from app.ui.look.sign import Sign
from app.ui.main_window import MainWindow
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from app.ui.stages.panes import Pane
from app.ui.tools.toolbox import ToolName
from tests.driving import canvas_of, press
from tests.fakes import FakeEngine

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    path = tmp_path / "plain.png"
    write_image(path, np.full((800, 1200, 3), 90, np.uint8))
    window.settings.set(declared.WORKING_SIZE, 256)
    with qtbot.waitSignal(window.session.document_opened):
        window.commands.file.open_path(path)
    window.toolbox.brush.set_size(60)
    qtbot.waitUntil(lambda: window.view.canvas(Pane.ORIGINAL).hasFocus())
    return window


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the plan is that of the present mask."""
    boxes = window.contexts.boxes
    qtbot.waitUntil(lambda: not boxes.is_planning and not window.session.loans.is_lent)


def drag(window: MainWindow, *points: tuple[float, float], modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Drag over the original along image points."""
    press_at(window, *points, modifiers=modifiers)
    QTest.mouseRelease(canvas_of(window), LEFT, modifiers, at(window, points[-1]))


def press_at(window: MainWindow, *points: tuple[float, float], modifiers: Qt.KeyboardModifier = NONE) -> None:
    canvas = canvas_of(window)
    QTest.mouseMove(canvas, at(window, points[0]))
    QTest.mousePress(canvas, LEFT, modifiers, at(window, points[0]))
    for point in points[1:]:
        QTest.mouseMove(canvas, at(window, point))
        QTest.qWait(0)


def at(window: MainWindow, point: tuple[float, float]) -> QPoint:
    return canvas_of(window).from_image(Point(*point)).toPoint()


def paint(qtbot: QtBot, window: MainWindow, *points: tuple[float, float]) -> None:
    window.toolbox.take(ToolName.BRUSH)
    drag(window, *points)
    settle(qtbot, window)


def box_of(window: MainWindow) -> ContextBox:
    (box,) = window.contexts.boxes.boxes
    return box


def marks(window: MainWindow, pane: Pane = Pane.ORIGINAL) -> tuple[ContextMark, ...]:
    return window.view.canvas(pane)._contexts.marks


def prompt_words(window: MainWindow) -> str:
    return " ".join(each.text() for each in window.prompt.findChildren(QLabel) if each.isVisible()).strip()


def warns(window: MainWindow) -> bool:
    return window.prompt.findChild(Sign).isVisible()


def test_the_box_shows_with_the_mask_and_goes_with_it(qtbot: QtBot, opened: MainWindow) -> None:
    assert marks(opened) == ()
    paint(qtbot, opened, (600, 400))
    (mark,) = marks(opened)
    assert mark == ContextMark(box_of(opened).rect, "1.00×")
    assert marks(opened, Pane.COARSE) == ()
    press(opened, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: marks(opened) == ())
    press(opened, Qt.Key.Key_Y, CONTROL)
    qtbot.waitUntil(lambda: marks(opened) == (mark,))


def test_boxes_may_be_hidden_and_the_tool_shows_them_all_the_same(qtbot: QtBot, opened: MainWindow) -> None:
    paint(qtbot, opened, (600, 400))
    assert opened.action_set["context_boxes"].isChecked()
    opened.action_set["context_boxes"].trigger()
    assert marks(opened) == ()
    assert opened.settings.get(declared.CONTEXT_BOXES) is False
    press(opened, Qt.Key.Key_C)
    assert opened.toolbox.current is ToolName.CONTEXT
    assert [mark.has_handles for mark in marks(opened)] == [True]
    press(opened, Qt.Key.Key_B)
    assert marks(opened) == ()


def test_a_corner_is_dragged_the_scale_follows_and_the_run_gets_the_box(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine
) -> None:
    paint(qtbot, opened, (600, 400))
    before = box_of(opened).rect
    press(opened, Qt.Key.Key_C)
    press_at(opened, (before.right, before.bottom), (before.right + 150, before.bottom + 60))
    live = box_of(opened)
    assert abs(live.rect.right - before.right - 150) <= 3
    assert abs(live.rect.bottom - before.bottom - 60) <= 3
    assert marks(opened)[0].caption == f"{256 / live.rect.width:.2f}×"
    QTest.mouseRelease(canvas_of(opened), LEFT, NONE, at(opened, (before.right + 150, before.bottom + 60)))
    settle(qtbot, opened)
    assert box_of(opened).rect == live.rect
    assert (live.rect.x, live.rect.y) == (before.x, before.y)
    press(opened, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.session.runs.phase is RunPhase.READY)
    assert engine.requests[-1].contexts == (live.rect,)


def test_a_box_never_lets_go_of_its_hole(qtbot: QtBot, opened: MainWindow) -> None:
    paint(qtbot, opened, (600, 400))
    least, before = box_of(opened).least, box_of(opened).rect
    press(opened, Qt.Key.Key_C)
    drag(opened, (before.x + 40, before.y + 40), (before.x - 400, before.y - 300))
    settle(qtbot, opened)
    moved = box_of(opened).rect
    assert (moved.width, moved.height) == (before.width, before.height)
    assert (moved.right, moved.bottom) == (least.right, least.bottom)
    drag(opened, (moved.x, moved.y), (moved.x + 500, moved.y + 400))
    settle(qtbot, opened)
    assert box_of(opened).rect == least


def test_shift_keeps_the_shape(qtbot: QtBot, opened: MainWindow) -> None:
    paint(qtbot, opened, (600, 400))
    before = box_of(opened).rect
    press(opened, Qt.Key.Key_C)
    canvas = canvas_of(opened)
    press_at(opened, (before.right, before.bottom), modifiers=SHIFT)
    tool = opened.toolbox.tool
    tool.move(Point(before.right + 120, before.bottom + 10), SHIFT)
    QTest.mouseRelease(canvas, LEFT, SHIFT, at(opened, (before.right + 120, before.bottom + 10)))
    rect = box_of(opened).rect
    assert rect.width / rect.height == pytest.approx(before.width / before.height, rel=0.01)
    assert rect.width > before.width + 100


def test_a_double_click_and_delete_go_back_to_automatic(qtbot: QtBot, opened: MainWindow) -> None:
    paint(qtbot, opened, (600, 400))
    automatic = box_of(opened)
    press(opened, Qt.Key.Key_C)
    for reset in (
        lambda: QTest.mouseDClick(canvas_of(opened), LEFT, NONE, at(opened, (600, 400))),
        lambda: press(opened, Qt.Key.Key_Delete),
    ):
        drag(opened, (600, 400), (640, 380))
        settle(qtbot, opened)
        assert box_of(opened).chosen is not None
        assert marks(opened)[0].is_solid
        reset()
        settle(qtbot, opened)
        assert box_of(opened) == automatic
        assert not marks(opened)[0].is_solid


def test_escape_puts_a_dragged_box_back(qtbot: QtBot, opened: MainWindow) -> None:
    paint(qtbot, opened, (600, 400))
    before = box_of(opened)
    press(opened, Qt.Key.Key_C)
    press_at(opened, (600, 400), (660, 430))
    assert box_of(opened) != before
    press(opened, Qt.Key.Key_Escape)
    assert box_of(opened) == before
    QTest.mouseRelease(canvas_of(opened), LEFT, NONE, at(opened, (660, 430)))
    assert opened.session.contexts == ()


def test_keys_move_resize_and_choose(qtbot: QtBot, opened: MainWindow) -> None:
    paint(qtbot, opened, (200, 200))
    paint(qtbot, opened, (1000, 600))
    press(opened, Qt.Key.Key_C)
    boxes = opened.contexts.boxes
    first = boxes.selected
    assert first is not None
    press(opened, Qt.Key.Key_PageDown)
    second = boxes.selected
    assert second is not None
    assert second.least != first.least
    for key, modifiers, expected in (
        (Qt.Key.Key_Left, NONE, (-1, 0, 0, 0)),
        (Qt.Key.Key_Up, SHIFT, (0, -10, 0, 0)),
        (Qt.Key.Key_Right, CONTROL, (0, 0, 1, 0)),
        (Qt.Key.Key_Up, CONTROL | SHIFT, (0, 0, 0, -10)),
    ):
        before = boxes.selected.rect
        press(opened, key, modifiers)
        settle(qtbot, opened)
        dx, dy, wider, higher = expected
        assert boxes.selected.rect == Rect(before.x + dx, before.y + dy, before.width + wider, before.height + higher)
    press(opened, Qt.Key.Key_PageUp)
    assert boxes.selected.rect == first.rect
    assert not opened.view.viewport.is_fit or opened.view.viewport.centre == Point(600, 400), "arrows did not pan"


def test_the_pointer_says_what_a_press_would_do(qtbot: QtBot, opened: MainWindow) -> None:
    paint(qtbot, opened, (600, 400))
    rect = box_of(opened).rect
    press(opened, Qt.Key.Key_C)
    shapes = {
        (rect.x, 400): Qt.CursorShape.SizeHorCursor,
        (600, rect.bottom): Qt.CursorShape.SizeVerCursor,
        (rect.x, rect.y): Qt.CursorShape.SizeFDiagCursor,
        (rect.right, rect.y): Qt.CursorShape.SizeBDiagCursor,
        (600, 400): Qt.CursorShape.SizeAllCursor,
        (50, 50): Qt.CursorShape.ArrowCursor,
    }
    for point, shape in shapes.items():
        QTest.mouseMove(canvas_of(opened), at(opened, point))
        assert canvas_of(opened).cursor().shape() is shape
    press(opened, Qt.Key.Key_B)
    assert canvas_of(opened).cursor().shape() is Qt.CursorShape.BlankCursor


def test_a_low_scale_is_said_before_running(qtbot: QtBot, opened: MainWindow) -> None:
    paint(qtbot, opened, (600, 400))
    assert not warns(opened)
    assert "Enter fills it." in prompt_words(opened)
    opened.toolbox.brush.set_size(400)
    paint(qtbot, opened, (500, 400), (700, 400))
    scale = box_of(opened).region.scale
    assert scale < 0.35
    assert warns(opened)
    assert prompt_words(opened) == f"Enter fills. This hole will be solved at {scale:.2f}× its size."
    (mark,) = marks(opened)
    assert (mark.tone, mark.caption) == (Tone.WARNING, f"{scale:.2f}×")
    tips = {each.toolTip() for each in opened.prompt.findChildren(QLabel)}
    rect = box_of(opened).rect
    assert any(f"1. {rect.width} × {rect.height} pixels at {scale:.2f}×." in tip for tip in tips)


def test_scarce_surroundings_are_said_before_running(qtbot: QtBot, opened: MainWindow) -> None:
    opened.session.select_all()
    qtbot.waitUntil(lambda: bool(opened.contexts.boxes.boxes))
    assert "Enter fills. Too little of the photo is left" in prompt_words(opened)
    opened.session.clear_mask()
    qtbot.waitUntil(lambda: not opened.contexts.boxes.boxes)
    assert not warns(opened)
    mask = np.zeros((800, 1200), np.uint8)
    mask[:, :1000] = 255
    opened.session.set_mask("Most", mask)
    qtbot.waitUntil(lambda: bool(opened.contexts.boxes.boxes))
    assert "This hole is too large for its surroundings" in prompt_words(opened)


def test_the_region_at_work_stands_out_while_running(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    paint(qtbot, opened, (600, 400))
    press(opened, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(mark.tone is Tone.AT_WORK for mark in marks(opened)))
    assert len(marks(opened)) == 2, "the mask's own box stays"
    gate.set()
    qtbot.waitUntil(lambda: opened.session.runs.phase is RunPhase.READY)
    assert [mark.tone for mark in marks(opened)] == [Tone.PLAIN]


def test_a_changed_box_makes_enter_fill_again(qtbot: QtBot, opened: MainWindow) -> None:
    paint(qtbot, opened, (600, 400))
    press(opened, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.session.runs.phase is RunPhase.READY)
    press(opened, Qt.Key.Key_C)
    press(opened, Qt.Key.Key_Right)
    assert "What is filled, or from what, has changed" in prompt_words(opened)
    press(opened, Qt.Key.Key_Delete)
    assert "Enter takes the" in prompt_words(opened)


def test_boxes_stay_while_a_stroke_is_painted(qtbot: QtBot, opened: MainWindow) -> None:
    paint(qtbot, opened, (600, 400))
    before = marks(opened)
    press_at(opened, (300, 200), (350, 220), (400, 240))
    assert marks(opened) == before
    QTest.mouseRelease(canvas_of(opened), LEFT, NONE, at(opened, (400, 240)))
    settle(qtbot, opened)
    assert marks(opened) != before


def test_a_plan_that_comes_during_a_drag_does_not_stop_it(qtbot: QtBot, opened: MainWindow) -> None:
    paint(qtbot, opened, (600, 400))
    before = box_of(opened).rect
    press(opened, Qt.Key.Key_C)
    press(opened, Qt.Key.Key_Right)
    press_at(opened, (600, 400), (620, 400))
    settle(qtbot, opened)
    QTest.mouseMove(canvas_of(opened), at(opened, (640, 400)))
    assert abs(box_of(opened).rect.x - before.x - 41) <= 3
    QTest.mouseRelease(canvas_of(opened), LEFT, NONE, at(opened, (640, 400)))
    assert len(opened.session.contexts) == 1


def test_the_box_last_taken_hold_of_stays_selected_beside_a_neighbour(qtbot: QtBot, opened: MainWindow) -> None:
    paint(qtbot, opened, (300, 300), (500, 300))
    paint(qtbot, opened, (300, 430), (500, 430))
    boxes = opened.contexts.boxes
    one, other = boxes.boxes
    assert not one.least.intersected(other.least).is_empty
    press(opened, Qt.Key.Key_C)
    for box in (other, one):
        boxes.select(box)
        assert boxes.selected is box


def test_screen_readers_hear_the_tool_and_its_box(qtbot: QtBot, opened: MainWindow) -> None:
    paint(qtbot, opened, (600, 400))
    bar = opened.findChild(QToolBar, "tools")
    assert bar is not None
    button = bar.widgetForAction(opened.action_set["context"])
    assert isinstance(button, QToolButton)
    assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) == "Context box"
    press(opened, Qt.Key.Key_C)
    rect = box_of(opened).rect
    spoken = canvas_of(opened).accessibleDescription()
    assert spoken.startswith(f"Context box 1 of 1: {rect.width} × {rect.height} pixels at 1.00×.")
    press(opened, Qt.Key.Key_B)
    assert canvas_of(opened).accessibleDescription() == ""


def test_another_photo_starts_without_boxes(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    paint(qtbot, opened, (600, 400))
    press(opened, Qt.Key.Key_C)
    press(opened, Qt.Key.Key_Right)
    settle(qtbot, opened)
    opened.session.mark_saved(opened.session.document.history.state)
    other = tmp_path / "other.png"
    write_image(other, np.full((100, 150, 3), 200, np.uint8))
    with qtbot.waitSignal(opened.session.document_opened):
        opened.commands.file.open_path(other)
    assert marks(opened) == ()
    assert opened.session.contexts == ()
    press(opened, Qt.Key.Key_Right)
    press(opened, Qt.Key.Key_Delete)
    drag(opened, (50, 50), (60, 60))
    assert opened.session.contexts == ()
