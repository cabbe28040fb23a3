import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from app.imaging.geometry import Extent, Point, Rect
from app.ui.canvas.viewport import MAX_SCALE, MIN_SCALE, Viewport, ViewTransform

quick = settings(deadline=None, derandomize=True, max_examples=80)
scales = st.floats(MIN_SCALE, MAX_SCALE)
offsets = st.integers(-5000, 5000)


def viewport(width: int = 400, height: int = 300, view: tuple[int, int] = (200, 150)) -> Viewport:
    result = Viewport()
    result.set_view_size(*view)
    result.set_extent(Extent(width, height))
    return result


@quick
@given(scales, offsets, offsets, st.floats(-100, 10000), st.floats(-100, 10000))
def test_coordinates_round_trip(scale: float, x: int, y: int, image_x: float, image_y: float) -> None:
    view = ViewTransform(scale, x, y)
    back = view.to_image(*view.to_view(Point(image_x, image_y)))
    assert back.x == pytest.approx(image_x, abs=1e-6 / scale)
    assert back.y == pytest.approx(image_y, abs=1e-6 / scale)


@quick
@given(scales, offsets, offsets, st.integers(0, 90), st.integers(0, 60), st.integers(1, 9), st.integers(1, 9))
def test_what_covers_a_rect_shows_it(
    scale: float, x: int, y: int, left: int, top: int, width: int, height: int
) -> None:
    view = ViewTransform(scale, x, y)
    rect = Rect(left, top, width, height)
    assert view.visible(view.covering(rect), Extent(100, 70)).contains(rect)


def test_covering_grows_by_the_margin() -> None:
    assert ViewTransform(2.0, 10, 20).covering(Rect(1, 2, 3, 4), 5) == QRect(7, 19, 16, 18)


def test_nothing_is_visible_beside_the_image() -> None:
    assert ViewTransform(1.0, 0, 0).visible(QRect(200, 0, 50, 50), Extent(100, 100)).is_empty


def test_fit_shows_the_whole_image_in_the_middle() -> None:
    port = viewport()
    view = port.transform(200, 150)
    assert port.is_fit
    assert view.x >= 0
    assert view.y >= 0
    assert 0.9 < port.scale * 400 / 200 <= 1.0
    assert port.centre == Point(200, 150)


def test_fit_follows_the_view_until_zoomed() -> None:
    port = viewport()
    before = port.scale
    port.set_view_size(400, 300)
    assert port.scale == pytest.approx(2 * before)
    port.set_scale(0.3)
    port.set_view_size(800, 600)
    assert port.scale == 0.3
    port.fit()
    assert port.is_fit


@quick
@given(st.floats(0.2, 5), st.floats(60, 340), st.floats(60, 240))
def test_zoom_keeps_the_point_under_the_cursor(factor: float, x: float, y: float) -> None:
    port = viewport(view=(120, 90))
    port.set_scale(2.0)
    point = Point(x, y)
    before = port.transform(120, 90).to_view(point)
    port.zoom_to(point, factor)
    port_x = 60 + (point.x - port.centre.x) * port.scale
    port_y = 45 + (point.y - port.centre.y) * port.scale
    inside = 0 < port.centre.x < 400 and 0 < port.centre.y < 300
    if inside:
        assert math.dist((port_x, port_y), before) < 1.0
        assert math.dist(port.transform(120, 90).to_view(point), before) < 1.5


def test_zoom_is_clamped() -> None:
    port = viewport()
    port.zoom_to(Point(0, 0), 1e9)
    assert port.scale == MAX_SCALE
    port.zoom_to(Point(0, 0), 1e-9)
    assert port.scale == MIN_SCALE


def test_steps_stop_at_100_percent() -> None:
    port = viewport()
    port.set_scale(0.9)
    port.zoom_step(1)
    assert port.scale == 1.0
    port.zoom_step(1)
    assert port.scale == 1.25
    port.zoom_step(-1)
    assert port.scale == pytest.approx(1.0)
    port.zoom_step(-1)
    assert port.scale == pytest.approx(0.8)


def test_pan_moves_by_view_pixels_and_keeps_the_centre_on_the_image() -> None:
    port = viewport()
    port.set_scale(2.0)
    port.pan_by(20, -10)
    assert port.centre == Point(190, 155)
    port.pan_by(1e6, 1e6)
    assert port.centre == Point(0, 0)


def test_changed_is_told_once_and_only_for_changes() -> None:
    port = viewport()
    told = []
    port.changed.connect(lambda: told.append(port.scale))
    port.set_scale(1.0)
    port.set_scale(1.0)
    port.fit()
    port.fit()
    assert len(told) == 2


def test_100_percent_lies_on_whole_pixels() -> None:
    port = viewport(401, 301)
    port.set_scale(1.0)
    assert port.transform(201, 150).to_view(Point(7, 9)) == (
        7 + port.transform(201, 150).x,
        9 + port.transform(201, 150).y,
    )
