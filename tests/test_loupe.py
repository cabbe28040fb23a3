"""The loupe in the real window: what it draws pixel for pixel, where it lies, and what its keys do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.imaging.geometry import Point
from app.inference.request import Stage
from app.ui.loupe.sight import Hold, Sight, placed
from app.ui.main_window import MainWindow
from app.ui.settings import declared
from app.ui.stages.panes import Pane
from app.ui.tools.toolbox import ToolName
from tests.canvases import mouse, pixels
from tests.driving import image_of, open_photo, press, run_to_end, stroke
from tests.fakes import COLOURS, FakeEngine
from tests.pointers import wheel

SHIFT = Qt.KeyboardModifier.ShiftModifier
CLOSER = SHIFT | Qt.KeyboardModifier.ControlModifier
WIDTH, HEIGHT = 1500, 1000
POINT = (750, 500)
INSET, SEEN = 24, 36
"""View pixels: how far from the corner of a glass it is looked at, and how much of it."""


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """Large enough that the view is at a small zoom; every pixel differs from its neighbours."""
    path = tmp_path / "field.png"
    write_image(path, np.random.default_rng(8).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8))
    open_photo(qtbot, window, path)
    window.settings.set(declared.LOUPE_SIZE, 200)
    window.settings.set(declared.OVERLAY_EDGE, False)
    window.settings.set(declared.CONTEXT_BOXES, False)
    window.toolbox.brush.set_size(300)
    return window


def point_at(window: MainWindow, place: tuple[float, float], pane: Pane = Pane.ORIGINAL) -> None:
    """Move the pointer to an image point in `pane`."""
    canvas = window.view.canvas(pane)
    at = canvas.from_image(Point(*place))
    mouse(canvas, QEvent.Type.MouseMove, (at.x(), at.y()), Qt.MouseButton.NoButton)


def sight_of(window: MainWindow, pane: Pane = Pane.ORIGINAL) -> Sight:
    """What the glass over `pane` shows."""
    sight = window.commands.present.loupe_view.glass(pane).sight
    assert sight is not None
    return sight


def in_glass(window: MainWindow, pane: Pane = Pane.ORIGINAL) -> tuple[np.ndarray, tuple[int, int]]:
    """A square of the glass over `pane`, off rim, cross and words, and the image point at its corner, rounded."""
    frame = sight_of(window, pane).frame
    x, y = frame.x() + INSET, frame.y() + INSET
    seen = pixels(window.view.canvas(pane))[y : y + SEEN, x : x + SEEN]
    corner = sight_of(window, pane).view.to_image(x, y)
    return seen, (round(corner.x), round(corner.y))


def filled(qtbot: QtBot, window: MainWindow) -> None:
    """A hole in the middle of the photo, its results side by side."""
    stroke(window, (700, 500), (800, 500))
    run_to_end(qtbot, window)


def test_it_draws_the_photos_own_pixels_while_the_view_is_at_fit(opened: MainWindow) -> None:
    opened.toolbox.take(ToolName.LASSO)
    press(opened, Qt.Key.Key_Z)
    point_at(opened, POINT)
    assert opened.view.viewport.is_fit
    seen, (x, y) = in_glass(opened)
    assert (seen == image_of(opened)[y : y + SEEN, x : x + SEEN]).all()
    assert sight_of(opened).words == "Original · 100 %"
    press(opened, Qt.Key.Key_Z)
    assert opened.commands.present.loupe_view.glass(Pane.ORIGINAL).sight is None
    assert (pixels(opened.view.canvas(Pane.ORIGINAL))[frame_middle(opened)] != 0).any()


def frame_middle(window: MainWindow) -> tuple[int, int]:
    """The middle of the canvas, row and column."""
    canvas = window.view.canvas(Pane.ORIGINAL)
    return canvas.height() // 2, canvas.width() // 2


def test_its_middle_is_what_lies_under_the_pointer(opened: MainWindow) -> None:
    press(opened, Qt.Key.Key_Z)
    point_at(opened, POINT)
    frame = sight_of(opened).frame
    middle = sight_of(opened).view.to_image(frame.x() + frame.width() // 2, frame.y() + frame.height() // 2)
    step = 1 / opened.view.viewport.scale
    assert abs(middle.x - POINT[0]) <= step
    assert abs(middle.y - POINT[1]) <= step


def test_keys_and_the_wheel_change_its_zoom(opened: MainWindow) -> None:
    opened.toolbox.take(ToolName.LASSO)
    press(opened, Qt.Key.Key_Z)
    point_at(opened, POINT)
    press(opened, Qt.Key.Key_Z, SHIFT)
    seen, (x, y) = in_glass(opened)
    own = image_of(opened)[y : y + SEEN // 2, x : x + SEEN // 2]
    assert (seen == own.repeat(2, axis=0).repeat(2, axis=1)).all()
    canvas, before = opened.view.canvas(Pane.ORIGINAL), opened.view.viewport.scale
    wheel(canvas, POINT, (0, 120), CLOSER)
    assert sight_of(opened).view.scale == 4.0
    wheel(canvas, POINT, (0, 120), CLOSER)
    assert sight_of(opened).view.scale == 4.0
    wheel(canvas, POINT, (0, -360), CLOSER)
    assert sight_of(opened).view.scale == 1.0
    assert opened.view.viewport.scale == before
    wheel(canvas, POINT, (0, 120), Qt.KeyboardModifier.ControlModifier)
    assert opened.view.viewport.scale > before


def test_fine_wheels_and_touchpads_change_its_zoom_too(opened: MainWindow) -> None:
    press(opened, Qt.Key.Key_Z)
    canvas = opened.view.canvas(Pane.ORIGINAL)
    point_at(opened, POINT)
    zooms = []
    for turned in (40, 40, 40, -60, -60):
        wheel(canvas, POINT, (0, turned), CLOSER)
        zooms.append(sight_of(opened).view.scale)
    assert zooms == [1.0, 1.0, 2.0, 2.0, 1.0]


def test_over_a_view_that_is_as_close_it_goes_closer_still(opened: MainWindow) -> None:
    press(opened, Qt.Key.Key_Z)
    for scale, zoom in ((0.9, 1.0), (1.0, 2.0), (3.0, 4.0), (16.0, 32.0)):
        opened.view.viewport.set_scale(scale)
        point_at(opened, tuple(opened.view.viewport.centre))
        assert sight_of(opened).view.scale == zoom
    opened.view.viewport.set_scale(32.0)
    assert opened.commands.present.loupe_view.glass(Pane.ORIGINAL).sight is None


def test_side_by_side_every_pane_shows_the_same_place(qtbot: QtBot, opened: MainWindow) -> None:
    filled(qtbot, opened)
    assert opened.view.current is None
    press(opened, Qt.Key.Key_Z)
    point_at(opened, POINT, Pane.LOCAL)
    for stage in (Stage.COARSE, Stage.LOCAL, Stage.GLOBAL):
        seen, _ = in_glass(opened, Pane.of(stage))
        assert (seen == COLOURS[stage]).all()
        assert sight_of(opened, Pane.of(stage)).words.startswith(Pane.of(stage).title)
    assert "Original" in sight_of(opened).words
    opened.settings.set(declared.LOUPE_IN_ALL_PANES, False)
    assert opened.commands.present.loupe_view.glass(Pane.COARSE).sight is None
    assert sight_of(opened, Pane.LOCAL).words == "Local · 100 %"


def test_a_key_swaps_the_stage_in_it_whatever_lies_below(qtbot: QtBot, opened: MainWindow) -> None:
    filled(qtbot, opened)
    press(opened, Qt.Key.Key_4)
    press(opened, Qt.Key.Key_Z)
    point_at(opened, POINT, Pane.GLOBAL)
    for key, modifiers, pane in (
        (Qt.Key.Key_S, Qt.KeyboardModifier.NoModifier, Pane.ORIGINAL),
        (Qt.Key.Key_S, Qt.KeyboardModifier.NoModifier, Pane.COARSE),
        (Qt.Key.Key_S, SHIFT, Pane.ORIGINAL),
        (Qt.Key.Key_S, SHIFT, Pane.GLOBAL),
        (Qt.Key.Key_S, SHIFT, Pane.LOCAL),
    ):
        press(opened, key, modifiers)
        assert sight_of(opened, Pane.GLOBAL).words.startswith(pane.title)
        assert sight_of(opened, Pane.GLOBAL).is_swapped == (pane is not Pane.GLOBAL)
    assert (in_glass(opened, Pane.GLOBAL)[0] == COLOURS[Stage.LOCAL]).all()
    assert opened.view.current is Pane.GLOBAL
    press(opened, Qt.Key.Key_2)
    point_at(opened, POINT, Pane.COARSE)
    assert (in_glass(opened, Pane.COARSE)[0] == COLOURS[Stage.LOCAL]).all()


def test_it_moves_aside_where_one_paints_and_takes_no_event(qtbot: QtBot, opened: MainWindow) -> None:
    press(opened, Qt.Key.Key_Z)
    point_at(opened, POINT)
    frame, canvas = sight_of(opened).frame, opened.view.canvas(Pane.ORIGINAL)
    ring = canvas.ring()
    assert ring is not None
    reach = ring.diameter / 2 * opened.view.viewport.scale
    at = canvas.from_image(Point(*POINT))
    assert not frame.adjusted(0, 0, round(reach), round(reach)).contains(at.toPoint())
    assert canvas.childAt(frame.center()) is None
    stroke(opened, (500, 500), (700, 500))
    assert opened.session.hole_pixels > 0
    tinted, (x, y) = in_glass(opened)
    assert (tinted != image_of(opened)[y : y + SEEN, x : x + SEEN]).all(axis=2).mean() > 0.5
    with qtbot.waitSignal(opened.session.mask_changed):
        opened.session.undo()
    seen, (x, y) = in_glass(opened)
    near = np.abs(seen.astype(int) - image_of(opened)[y : y + SEEN, x : x + SEEN])
    assert (near.max(axis=2) == 0).mean() > 0.9  # but for the ring


def test_it_turns_with_the_view(opened: MainWindow) -> None:
    opened.toolbox.take(ToolName.LASSO)
    opened.view.viewport.set_angle(90.0)
    press(opened, Qt.Key.Key_Z)
    point_at(opened, POINT)
    frame = sight_of(opened).frame
    seen = pixels(opened.view.canvas(Pane.ORIGINAL))[frame.y() + 30 : frame.y() + 80, frame.x() + 30 : frame.x() + 130]
    corners = [sight_of(opened).view.to_image(frame.x() + x, frame.y() + y) for x, y in ((30, 30), (130, 80))]
    top, bottom = sorted(round(each.y) for each in corners)
    left, right = sorted(round(each.x) for each in corners)
    assert (seen == np.rot90(image_of(opened)[top:bottom, left:right], -1)).all()


def test_before_the_line_it_shows_what_was_before(qtbot: QtBot, opened: MainWindow) -> None:
    filled(qtbot, opened)
    press(opened, Qt.Key.Key_4)
    press(opened, Qt.Key.Key_D)
    opened.view.setFocus()
    press(opened, Qt.Key.Key_Z)
    point_at(opened, (650, 500), Pane.GLOBAL)
    assert sight_of(opened, Pane.GLOBAL).words == "Before · 100 %"
    seen, (x, y) = in_glass(opened, Pane.GLOBAL)
    assert (seen == image_of(opened)[y : y + SEEN, x : x + SEEN]).all()
    point_at(opened, (850, 500), Pane.GLOBAL)
    assert sight_of(opened, Pane.GLOBAL).words == "Global · 100 %"


def test_without_a_pointer_it_lies_on_the_hole(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    filled(qtbot, opened)
    press(opened, Qt.Key.Key_3)
    QApplication.sendEvent(opened.view.canvas(Pane.ORIGINAL), QEvent(QEvent.Type.Leave))
    press(opened, Qt.Key.Key_Z)
    assert (in_glass(opened, Pane.LOCAL)[0] == COLOURS[Stage.LOCAL]).mean() > 0.9
    point_at(opened, POINT, Pane.LOCAL)
    QApplication.sendEvent(opened.view.canvas(Pane.LOCAL), QEvent(QEvent.Type.Leave))
    assert opened.commands.present.loupe_view.glass(Pane.LOCAL).sight is None


@pytest.mark.parametrize("clear", [None, 10.0])
def test_it_lies_wholly_in_its_view(clear: float | None) -> None:
    area = QSize(400, 300)
    for at in (QPointF(0, 0), QPointF(399, 0), QPointF(200, 150), QPointF(0, 299), QPointF(399, 299)):
        frame = placed(at, area, Hold(160, clear))
        assert frame.left() >= 0
        assert frame.top() >= 0
        assert frame.right() < area.width()
        assert frame.bottom() < area.height()
        assert frame.contains(at.toPoint()) == (clear is None)


def test_small_panes_have_a_small_glass() -> None:
    assert placed(QPointF(50, 50), QSize(200, 120), Hold(320)).width() == 90
