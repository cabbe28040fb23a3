"""What a preview looks like over the photograph, and what of the canvas it repaints."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.imaging.arrays import Image
from app.imaging.geometry import Point, Rect
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.preview_layer import Preview, Tone
from app.ui.look.theme import DARK, apply_theme
from tests.canvases import assert_golden, make_canvas, picture, pixels

DISC = (np.hypot(*(np.mgrid[:30, :40] - np.array([15, 20])[:, None, None])) < 13).astype(np.uint8) * 255


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    apply_theme(DARK)
    result = make_canvas(picture())
    qtbot.addWidget(result)
    return result


@pytest.mark.parametrize("tone", list(Tone))
def test_tones(canvas: Canvas, tone: Tone) -> None:
    canvas.set_preview(Preview(DISC, Rect(20, 10, 40, 30), tone=tone))
    assert_golden(pixels(canvas), f"preview_{tone.name.lower()}")


def test_box_and_clicks(canvas: Canvas) -> None:
    box, inside, outside = Rect(10, 5, 60, 45), (Point(40, 25),), (Point(80, 50),)
    canvas.set_preview(Preview(DISC, Rect(20, 10, 40, 30), 1, Tone.ADD, box, inside, outside))
    assert_golden(pixels(canvas), "preview_object")


def test_a_level_covers_what_it_stands_for(canvas: Canvas) -> None:
    plain = pixels(canvas)
    canvas.set_preview(Preview(np.full((8, 8), 255, np.uint8), Rect(4, 2, 8, 8), 4))
    changed = np.argwhere((pixels(canvas) != plain).any(axis=2))
    top, left = canvas.from_image(Point(16, 8)).y(), canvas.from_image(Point(16, 8)).x()
    bottom, right = canvas.from_image(Point(48, 40)).y(), canvas.from_image(Point(48, 40)).x()
    slack = 4 * canvas.viewport.scale / 2 + 2  # half a pixel of the level, over which it is blended, and the line
    assert np.abs(changed.min(axis=0) - (top, left)).max() <= slack
    assert np.abs(changed.max(axis=0) - (bottom, right)).max() <= slack


def test_far_away_it_lies_where_it_lies_close_by(qtbot: QtBot) -> None:
    mask = np.zeros((640, 960), np.uint8)
    mask[203:411, 301:666] = 255
    canvas = make_canvas(np.full((640, 960, 3), 90, np.uint8), None, (200, 140))
    qtbot.addWidget(canvas)
    plain = pixels(canvas)
    canvas.set_preview(Preview(np.ascontiguousarray(mask[200:420, 300:670]), Rect(300, 200, 370, 220)))
    changed = np.argwhere((pixels(canvas) != plain).any(axis=2))
    for found, corner in ((changed.min(axis=0), Point(301, 203)), (changed.max(axis=0), Point(666, 411))):
        place = canvas.from_image(corner)
        assert np.abs(found - (place.y(), place.x())).max() <= 3


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0, 9.0])
def test_taking_it_away_leaves_nothing_behind(canvas: Canvas, scale: float) -> None:
    canvas.viewport.set_scale(scale)
    plain = pixels(canvas)
    canvas.set_preview(Preview(DISC, Rect(20, 10, 40, 30), 1, Tone.ADD, Rect(10, 5, 60, 45), (Point(40, 25),)))
    assert (pixels(canvas) != plain).any()
    canvas.set_preview(None)
    assert (pixels(canvas) == plain).all()


def test_a_part_is_painted_like_the_whole(canvas: Canvas) -> None:
    canvas.set_preview(Preview(DISC, Rect(20, 10, 40, 30)))
    whole: Image = pixels(canvas)
    canvas.repaint(50, 40, 30, 20)
    assert (pixels(canvas) == whole).all()
