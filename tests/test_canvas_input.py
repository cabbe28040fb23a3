"""What the canvas makes of wheel, mouse, pen, touchpad, keys and dropped files."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QNativeGestureEvent,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from app.imaging.arrays import Mask
from app.ui.canvas.canvas import Canvas
from app.ui.tools.brush import BrushTool
from app.ui.tools.brush_settings import BrushSettings
from tests.canvases import ALT, LEFT, MIDDLE, NONE, RIGHT, MaskSink, blank, drag, make_canvas, mouse, picture
from tests.pointers import END, key, pen

pytestmark = pytest.mark.usefixtures("qapp")

PHASES = Qt.ScrollPhase


@pytest.fixture
def mask() -> Mask:
    return blank(picture())


@pytest.fixture
def sink(mask: Mask) -> MaskSink:
    return MaskSink(mask)


@pytest.fixture
def canvas(sink: MaskSink) -> Canvas:
    """A canvas at 200 % with a brush of 10 pixels."""
    result = make_canvas(picture(), sink.levels)
    result.viewport.set_scale(2.0)
    result.set_tool(BrushTool(BrushSettings(10, 1.0), sink))
    return result


def wheel(
    canvas: Canvas,
    at: tuple[float, float],
    angle: tuple[int, int] = (0, 0),
    pixel: tuple[int, int] = (0, 0),
    modifiers: Qt.KeyboardModifier = NONE,
    phase: Qt.ScrollPhase = PHASES.NoScrollPhase,
) -> None:
    position = QPointF(*at)
    glob = QPointF(canvas.mapToGlobal(position))
    buttons = Qt.MouseButton.NoButton
    event = QWheelEvent(position, glob, QPoint(*pixel), QPoint(*angle), buttons, modifiers, phase, False)
    QApplication.sendEvent(canvas, event)


# Zoom and pan


@pytest.mark.parametrize("modifiers", [NONE, Qt.KeyboardModifier.ControlModifier])
@pytest.mark.parametrize("at", [(60, 50), (101, 71), (150.5, 90.25)])
def test_the_wheel_zooms_to_the_cursor(canvas: Canvas, at: tuple[float, float], modifiers: object) -> None:
    before = canvas.to_image(QPointF(*at))
    wheel(canvas, at, angle=(0, 120), modifiers=modifiers)
    after = canvas.to_image(QPointF(*at))
    assert canvas.viewport.scale == 2.5
    assert abs(before.x - after.x) * 2.5 <= 1.0
    assert abs(before.y - after.y) * 2.5 <= 1.0


def test_two_fingers_pan(canvas: Canvas) -> None:
    before = canvas.viewport.centre
    wheel(canvas, (60, 50), angle=(16, 8), pixel=(20, 10), phase=PHASES.ScrollUpdate)
    assert canvas.viewport.scale == 2.0
    assert canvas.viewport.centre == (before.x - 10, before.y - 5)


def test_ctrl_and_two_fingers_zoom(canvas: Canvas) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    wheel(canvas, (60, 50), angle=(0, 60), pixel=(0, 10), phase=PHASES.ScrollUpdate, modifiers=control)
    assert canvas.viewport.scale == pytest.approx(2 * 1.25**0.5)


def test_shift_and_wheel_pan_sideways(canvas: Canvas) -> None:
    before = canvas.viewport.centre
    wheel(canvas, (60, 50), angle=(0, 40), modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert canvas.viewport.centre == (before.x - 20, before.y)


def test_a_pinch_zooms_to_the_cursor(canvas: Canvas) -> None:
    at = QPointF(60, 50)
    before = canvas.to_image(at)
    zoom, device = Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice()
    event = QNativeGestureEvent(zoom, device, 2, at, at, at, 0.2, QPointF(), 1)
    QApplication.sendEvent(canvas, event)
    assert canvas.viewport.scale == pytest.approx(2.4)
    assert abs(canvas.to_image(at).x - before.x) < 0.5


@pytest.mark.parametrize("button", [MIDDLE, LEFT])
def test_middle_and_space_drags_pan_with_any_tool(canvas: Canvas, sink: MaskSink, button: Qt.MouseButton) -> None:
    before = canvas.viewport.centre
    if button == LEFT:
        key(canvas, QEvent.Type.KeyPress, Qt.Key.Key_Space)
        assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    drag(canvas, (60, 60), (70, 64), button=button, release=False)
    assert canvas.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    mouse(canvas, QEvent.Type.MouseButtonRelease, (70, 64), button)
    key(canvas, QEvent.Type.KeyRelease, Qt.Key.Key_Space)
    assert canvas.viewport.centre == (before.x - 5, before.y - 2)
    assert canvas.cursor().shape() == Qt.CursorShape.BlankCursor
    assert sink.log == []


def test_arrows_pan(canvas: Canvas) -> None:
    before = canvas.viewport.centre
    key(canvas, QEvent.Type.KeyPress, Qt.Key.Key_Right)
    assert canvas.viewport.centre == (before.x + 7, before.y)


def test_without_a_tool_a_left_drag_pans_and_a_double_click_tells(canvas: Canvas) -> None:
    told = []
    canvas.double_clicked.connect(lambda: told.append(True))
    mouse(canvas, QEvent.Type.MouseButtonDblClick, (60, 60))
    mouse(canvas, QEvent.Type.MouseButtonRelease, (60, 60))
    assert told == []
    canvas.set_tool(None)
    before = canvas.viewport.centre
    drag(canvas, (60, 60), (70, 60))
    assert canvas.viewport.centre == (before.x - 5, before.y)
    mouse(canvas, QEvent.Type.MouseButtonDblClick, (60, 60))
    assert told == [True]


# Painting


def test_strokes_reach_the_mask_in_image_pixels(canvas: Canvas, mask: Mask, sink: MaskSink) -> None:
    start, end = canvas.to_image(QPointF(80, 60)), canvas.to_image(QPointF(110, 60))
    drag(canvas, (80, 60), (110, 60))
    assert sink.log[1:] == [("to", start.x, start.y, 1.0), ("to", end.x, end.y, 1.0), ("end",)]
    assert mask[int(end.y), int(end.x)] == 255


def test_abort_takes_the_stroke_back(canvas: Canvas, mask: Mask, sink: MaskSink) -> None:
    drag(canvas, (80, 60), (110, 60), release=False)
    assert mask.any()
    assert canvas.abort()
    assert not mask.any()
    mouse(canvas, QEvent.Type.MouseMove, (120, 60))
    mouse(canvas, QEvent.Type.MouseButtonRelease, (120, 60))
    assert sink.verbs == ["begin", "to", "to", "abort"]
    assert not canvas.abort()


def test_a_lost_release_ends_the_stroke(canvas: Canvas, sink: MaskSink) -> None:
    drag(canvas, (80, 60), (90, 60), release=False)
    mouse(canvas, QEvent.Type.MouseMove, (120, 60), Qt.MouseButton.NoButton)
    assert sink.verbs == ["begin", "to", "to", "end"]


def test_changing_the_tool_ends_the_stroke(canvas: Canvas, sink: MaskSink) -> None:
    drag(canvas, (80, 60), (90, 60), release=False)
    canvas.set_tool(None)
    assert sink.verbs[-1] == "end"


def test_another_image_takes_the_stroke_back(canvas: Canvas, sink: MaskSink) -> None:
    drag(canvas, (80, 60), (90, 60), release=False)
    canvas.set_source(None, None)
    assert sink.verbs[-1] == "abort"


def test_alt_right_drag_resizes(canvas: Canvas, sink: MaskSink) -> None:
    brush = BrushSettings(10, 1.0)
    canvas.set_tool(BrushTool(brush, sink))
    drag(canvas, (80, 60), (90, 60), button=RIGHT, modifiers=ALT)
    assert brush.size == 20
    assert sink.log == []


def test_alt_shows_on_the_ring_at_once(canvas: Canvas) -> None:
    mouse(canvas, QEvent.Type.MouseMove, (80, 60), Qt.MouseButton.NoButton)
    assert not canvas.ring().erase
    key(canvas, QEvent.Type.KeyPress, Qt.Key.Key_Alt, NONE)  # Qt is told what was held before the key
    assert canvas.ring().erase
    key(canvas, QEvent.Type.KeyRelease, Qt.Key.Key_Alt, ALT)
    assert not canvas.ring().erase


# Pen


def test_the_pen_paints_with_its_pressure(canvas: Canvas, sink: MaskSink) -> None:
    assert pen(canvas, QEvent.Type.TabletPress, (80, 60), 0.5).isAccepted()
    pen(canvas, QEvent.Type.TabletMove, (90, 60), 0.25)
    pen(canvas, QEvent.Type.TabletRelease, (90, 60), 0.0)
    assert [entry[3] for entry in sink.log if entry[0] == "to"] == [0.5, 0.25]
    assert sink.verbs == ["begin", "to", "to", "end"]


def test_the_mouse_twin_after_the_pen_is_ignored(canvas: Canvas, sink: MaskSink) -> None:
    pen(canvas, QEvent.Type.TabletPress, (80, 60), 0.5)
    mouse(canvas, QEvent.Type.MouseButtonPress, (80, 60))
    pen(canvas, QEvent.Type.TabletMove, (90, 60), 0.5)
    mouse(canvas, QEvent.Type.MouseMove, (90, 60))
    mouse(canvas, QEvent.Type.MouseButtonRelease, (90, 60))
    pen(canvas, QEvent.Type.TabletRelease, (90, 60), 0.0)
    assert sink.verbs == ["begin", "to", "to", "end"]


def test_a_mouse_twin_that_came_first_is_taken_back(canvas: Canvas, mask: Mask, sink: MaskSink) -> None:
    mouse(canvas, QEvent.Type.MouseButtonPress, (80, 60))
    pen(canvas, QEvent.Type.TabletPress, (80, 60), 0.2)
    pen(canvas, QEvent.Type.TabletRelease, (80, 60), 0.0)
    mouse(canvas, QEvent.Type.MouseButtonRelease, (80, 60))
    assert sink.verbs == ["begin", "to", "abort", "begin", "to", "end"]
    assert np.count_nonzero(mask) < 10


def test_the_pens_other_end_erases(canvas: Canvas, sink: MaskSink) -> None:
    pen(canvas, QEvent.Type.TabletPress, (80, 60), 1.0, END)
    assert sink.log[0][3] is True


def test_after_the_pen_the_mouse_paints_again(canvas: Canvas, sink: MaskSink) -> None:
    pen(canvas, QEvent.Type.TabletPress, (80, 60), 0.5)
    pen(canvas, QEvent.Type.TabletRelease, (80, 60), 0.0)
    drag(canvas, (80, 60), (90, 60))
    assert sink.verbs.count("end") == 2


# Telling


def test_the_pointer_is_told_in_image_pixels(canvas: Canvas) -> None:
    told: list[QPointF | None] = []
    canvas.cursor_moved.connect(told.append)
    mouse(canvas, QEvent.Type.MouseMove, (80, 60), Qt.MouseButton.NoButton)
    assert told[-1] == QPointF(*canvas.to_image(QPointF(80, 60)))
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert told[-1] is None
    count = len(told)
    canvas.pointer_changed()
    assert len(told) == count
