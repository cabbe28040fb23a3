"""A turned view: right angles exactly, others as golden pictures, repaints in parts, and where the pointer lands."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QRegion, QWheelEvent
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture
from pytestqt.qtbot import QtBot

from app.imaging.arrays import Image
from app.imaging.geometry import Point, Rect
from app.imaging.mask_levels import MaskLevels
from app.inference.request import RegionPatch
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.qimages import to_rgb
from app.ui.contexts.layer import ContextMark
from app.ui.contexts.tool import ContextTool
from app.ui.tools.brush import BrushTool
from app.ui.tools.brush_settings import BrushSettings
from tests.canvases import NONE, MaskSink, assert_golden, blank, drag, make_canvas, mouse, picture, pixels

pytestmark = pytest.mark.usefixtures("qapp")
RIGHT_ANGLES = [90.0, 180.0, -90.0]


def hole_canvas(size: tuple[int, int] = (200, 140), scale: float | None = None) -> Canvas:
    image = picture()
    mask = blank(image)
    mask[20:40, 30:60] = 255
    canvas = make_canvas(image, mask, size)
    if scale is not None:
        canvas.viewport.set_scale(scale)
    return canvas


def turned(canvas: Canvas, angle: float) -> Image:
    canvas.viewport.set_angle(angle)
    return pixels(canvas)


def is_same(one: Image, other: Image) -> bool:
    """But for the last bits of the positions at which a turned picture is read."""
    difference = np.abs(one.astype(int) - other.astype(int)).max(axis=2)
    return bool((difference > 3).mean() < 0.004 and difference.max() <= 40)


@pytest.mark.parametrize("scale", [0.7, 1.0, 3.0, 9.0])
@pytest.mark.parametrize("angle", RIGHT_ANGLES)
def test_right_angles_are_the_upright_picture_turned(angle: float, scale: float) -> None:
    canvas = hole_canvas((160, 160), scale)
    upright = pixels(canvas)
    assert np.array_equal(turned(canvas, angle), np.rot90(upright, round(-angle / 90)))
    assert np.array_equal(turned(canvas, 0), upright)


@pytest.mark.parametrize(("name", "angle", "scale"), [("fit", 15, None), ("far_in", -30, 12.0), ("smooth", 120, 1.3)])
def test_golden_turned(name: str, angle: float, scale: float | None) -> None:
    canvas = hole_canvas(scale=scale)
    canvas.set_contexts([ContextMark(Rect(22, 12, 46, 36), "46 px", has_handles=True)])
    canvas.set_mirror(Point(20, 12))
    assert_golden(turned(canvas, angle), f"turned_{name}")


@pytest.mark.parametrize("angle", [15.0, 90.0, 133.0])
@pytest.mark.parametrize("scale", [0.8, 2.5, 9.0])
def test_parts_repainted_look_as_in_the_whole(angle: float, scale: float) -> None:
    canvas = hole_canvas((220, 180), scale)
    whole = turned(canvas, angle).astype(int)
    part = to_rgb(canvas.grab(QRect(31, 22, 90, 71)).toImage()).astype(int)
    assert is_same(part, whole[22:93, 31:121])


@pytest.mark.parametrize("angle", [15.0, 90.0, 180.0, -77.0])
@pytest.mark.parametrize("scale", [0.5, 2.0, 7.0])
def test_changes_are_repainted_where_they_are_seen(angle: float, scale: float) -> None:
    """What the screen shows after small changes is what a new picture shows."""
    image = picture()
    mask = blank(image)
    levels = MaskLevels(mask)
    canvas = make_canvas(image, levels)
    canvas.viewport.set_scale(scale)
    canvas.viewport.set_angle(angle)
    shown = _Screen(canvas)
    mask[25:31, 41:52] = 255
    levels.update(Rect(41, 25, 11, 6))
    canvas.refresh_mask(Rect(41, 25, 11, 6))
    shown.update()
    canvas.set_patches([RegionPatch(Rect(50, 30, 9, 8), np.full((8, 9, 3), 255, np.uint8))])
    shown.update()
    canvas.set_mirror(Point(44, 28))
    shown.update()
    canvas.set_contexts([ContextMark(Rect(36, 20, 24, 20), "24")])
    shown.update()
    canvas.set_mirror(Point(52, 30))
    shown.update()
    assert is_same(shown.image, pixels(canvas))


class _Screen:
    """The canvas as a screen keeps it: only what was asked to be repainted is."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.image = pixels(canvas)
        self._asked = QRegion()
        canvas.update = self._ask  # type: ignore[method-assign]

    def _ask(self, what: QRect | QRegion | None = None) -> None:
        self._asked = self._asked + (QRegion(self._canvas.rect()) if what is None else QRegion(what))

    def update(self) -> None:
        after, asked = pixels(self._canvas), self._asked.intersected(QRegion(self._canvas.rect()))
        for rect in asked:  # type: ignore[attr-defined]
            rows, columns = slice(rect.y(), rect.bottom() + 1), slice(rect.x(), rect.right() + 1)
            self.image[rows, columns] = after[rows, columns]
        self._asked = QRegion()


@pytest.mark.parametrize("angle", [15.0, 90.0, 180.0])
def test_painting_lands_where_the_pointer_is(angle: float) -> None:
    image = picture()
    sink = MaskSink(blank(image))
    canvas = make_canvas(image, sink.levels)
    canvas.set_overlay(True, "#ffffff", 1.0)
    canvas.viewport.set_scale(2.0)
    canvas.viewport.set_angle(angle)
    canvas.set_tool(BrushTool(BrushSettings(9, 1.0), sink))
    drag(canvas, (90, 60), (120, 75))
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    for at in ((90, 60), (105, 67), (120, 75)):
        point = canvas.to_image(QPointF(*at))
        assert sink.mask[int(point.y), int(point.x)] == 255
        assert pixels(canvas)[at[1], at[0]].tolist() == [255, 255, 255]
    assert canvas.from_image(canvas.to_image(QPointF(90, 60))) == QPointF(90, 60)


@pytest.mark.parametrize("angle", [15.0, 90.0, 180.0])
def test_a_drag_of_the_hand_follows_the_pointer(angle: float) -> None:
    canvas = hole_canvas(scale=2.0)
    canvas.viewport.set_angle(angle)
    before = canvas.to_image(QPointF(80, 60))
    drag(canvas, (80, 60), (92, 51), button=Qt.MouseButton.MiddleButton)
    after = canvas.to_image(QPointF(92, 51))
    assert abs(before.x - after.x) + abs(before.y - after.y) <= 1.0


def test_the_ring_is_round_the_pointer(qapp: QApplication) -> None:
    canvas = hole_canvas(scale=2.0)
    canvas.viewport.set_angle(33)
    canvas.set_tool(BrushTool(BrushSettings(20, 1.0), MaskSink(blank(picture()))))
    mouse(canvas, QEvent.Type.MouseMove, (100, 70), Qt.MouseButton.NoButton)
    ring = canvas.ring()
    assert ring is not None
    x, y = canvas.transform().to_view(ring.centre)
    assert (x, y) == (pytest.approx(100), pytest.approx(70))


def gesture(canvas: Canvas, kind: Qt.NativeGestureType, value: float = 0.0, at: tuple[int, int] = (60, 50)) -> None:
    where = QPointF(*at)
    device = QPointingDevice.primaryPointingDevice()
    QApplication.sendEvent(canvas, QNativeGestureEvent(kind, device, 2, where, where, where, value, QPointF(), 1))


def test_two_fingers_turn_once_they_mean_it_and_rest_at_right_angles() -> None:
    kinds = Qt.NativeGestureType
    canvas = hole_canvas(scale=2.0)
    gesture(canvas, kinds.BeginNativeGesture)
    for _ in range(3):
        gesture(canvas, kinds.RotateNativeGesture, 3.0)
    assert canvas.viewport.angle == 0
    before = canvas.to_image(QPointF(60, 50))
    for _ in range(10):
        gesture(canvas, kinds.RotateNativeGesture, 3.0)
    assert canvas.viewport.angle == 27
    after = canvas.to_image(QPointF(60, 50))
    assert abs(before.x - after.x) + abs(before.y - after.y) <= 1.5
    for _ in range(20):
        gesture(canvas, kinds.RotateNativeGesture, 3.05)
    gesture(canvas, kinds.EndNativeGesture)
    assert canvas.viewport.angle == 90


def pinch(canvas: Canvas, scale: float, degrees: float, at: QPointF) -> None:
    """Two fingers on a touch screen go on by that much."""
    fingers = QPinchGesture()
    fingers.setHotSpot(QPointF(canvas.mapToGlobal(at)))
    fingers.setCenterPoint(at)
    fingers.setLastCenterPoint(at)
    fingers.setScaleFactor(scale)
    fingers.setLastRotationAngle(0.0)
    fingers.setRotationAngle(degrees)
    QApplication.sendEvent(canvas, QGestureEvent([fingers]))


def test_fingers_on_the_screen_zoom_and_turn_about_what_is_between_them() -> None:
    canvas, at = hole_canvas(scale=2.0), QPointF(80, 60)
    before = canvas.to_image(at)
    pinch(canvas, 1.1, 12.0, at)
    pinch(canvas, 1.1, 12.0, at)
    assert canvas.viewport.angle == 12
    assert canvas.viewport.scale == pytest.approx(2.42)
    after = canvas.to_image(at)
    assert abs(before.x - after.x) + abs(before.y - after.y) <= 1.5


def test_the_context_tool_shows_where_edges_go_on_the_screen(qtbot: QtBot) -> None:
    canvas = hole_canvas(scale=2.0)
    tool = ContextTool(_OneBox(), canvas.viewport)  # type: ignore[arg-type]
    shapes = []
    for angle in (0, 45, 90, -45):
        canvas.viewport.set_angle(angle)
        shapes.append(tool.cursor(Point(10, 20), NONE))
    cursors = Qt.CursorShape
    assert shapes == [cursors.SizeHorCursor, cursors.SizeFDiagCursor, cursors.SizeVerCursor, cursors.SizeBDiagCursor]


class _OneBox:
    """One box whose left edge lies at x = 10, and nobody to tell."""

    selected = None
    boxes = (SimpleNamespace(rect=Rect(10, 10, 30, 20)),)


def test_two_fingers_need_not_turn() -> None:
    kinds = Qt.NativeGestureType
    canvas = hole_canvas()
    canvas.viewport.turns_by_touch = False
    gesture(canvas, kinds.BeginNativeGesture)
    gesture(canvas, kinds.RotateNativeGesture, 40.0)
    gesture(canvas, kinds.RotateNativeGesture, 40.0)
    assert canvas.viewport.angle == 0


@pytest.mark.parametrize("angle", [30.0, 45.0])
def test_a_rough_turned_picture_becomes_smooth(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, angle: float) -> None:
    monkeypatch.setattr("app.ui.canvas.image_layer.AT_ONCE", 9000)
    monkeypatch.setattr("app.ui.canvas.rough_parts._BAND", 30)
    monkeypatch.setattr("app.ui.canvas.rough_parts._TURNED_BAND", 60)
    canvas = hole_canvas((300, 200), 1.3)
    canvas.viewport.set_angle(angle)
    canvas.repaint()
    assert canvas.is_rough
    qtbot.waitUntil(lambda: not canvas.is_rough)
    monkeypatch.undo()
    fresh = hole_canvas((300, 200), 1.3)
    assert is_same(turned(fresh, angle), pixels(canvas))


def test_alt_and_wheel_zoom_where_no_brush_takes_them() -> None:
    canvas = hole_canvas(scale=2.0)
    at = QPointF(50, 50)
    buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, at, QPoint(), QPoint(120, 0), buttons, Qt.KeyboardModifier.AltModifier, phase, False)
    QApplication.sendEvent(canvas, event)
    assert canvas.viewport.scale == 2.5
    assert event.isAccepted()
    canvas.viewport.wheel_zooms = False
    before = canvas.viewport.centre
    event = QWheelEvent(at, at, QPoint(), QPoint(0, 40), buttons, NONE, phase, False)
    QApplication.sendEvent(canvas, event)
    assert canvas.viewport.scale == 2.5
    assert canvas.viewport.centre == Point(before.x, before.y - 16)


def test_the_pixel_grid_can_be_left_out() -> None:
    canvas = hole_canvas(scale=12.0)
    with_grid = pixels(canvas)
    canvas.set_pixel_grid(False)
    assert not np.array_equal(pixels(canvas), with_grid)
