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


# Turned

angles = st.one_of(st.floats(-180, 180), st.sampled_from([-90.0, 15.0, 90.0, 180.0]))


@quick
@given(scales, offsets, offsets, angles, st.floats(-100, 10000), st.floats(-100, 10000))
def test_turned_coordinates_round_trip(
    scale: float, x: int, y: int, angle: float, image_x: float, image_y: float
) -> None:
    view = ViewTransform(scale, x, y, angle, (100, 75))
    back = view.to_image(*view.to_view(Point(image_x, image_y)))
    assert back.x == pytest.approx(image_x, abs=1e-5 / scale)
    assert back.y == pytest.approx(image_y, abs=1e-5 / scale)


@quick
@given(scales, offsets, offsets, angles, st.integers(0, 90), st.integers(0, 60), st.integers(1, 9), st.integers(1, 9))
def test_what_covers_a_rect_shows_it_turned_too(
    scale: float, x: int, y: int, angle: float, left: int, top: int, width: int, height: int
) -> None:
    view = ViewTransform(scale, x, y, angle, (100, 75))
    rect = Rect(left, top, width, height)
    margin = 1  # what rounding may take
    assert view.visible(view.covering(rect, margin), Extent(100, 70)).contains(rect)
    flat = view.flat.covering(rect)
    assert view.turned(flat).adjusted(-margin, -margin, margin, margin).contains(view.covering(rect))
    assert view.flattened(view.turned(flat)).adjusted(-margin, -margin, margin, margin).contains(flat)


@pytest.mark.parametrize(("angle", "expected"), [(90, (-40, 10)), (180, (10, 40)), (-90, (40, -10)), (0, (-10, -40))])
def test_pans_follow_the_pointer_on_the_screen(angle: float, expected: tuple[float, float]) -> None:
    """Dragged 20 right and 80 down at 200 %."""
    port = viewport()
    port.set_scale(2.0)
    port.set_angle(angle)
    port.pan_by(20, 80)
    assert port.centre == Point(200 + expected[0], 150 + expected[1])


@quick
@given(angles, st.floats(150, 250), st.floats(110, 190))
def test_turning_keeps_the_point_under_the_pointer(angle: float, x: float, y: float) -> None:
    port = viewport()
    port.set_scale(2.0)
    before = port.transform(200, 150).to_view(Point(x, y))
    port.set_angle(angle, Point(x, y))
    assert math.dist(port.transform(200, 150).to_view(Point(x, y)), before) < 1.6


@pytest.mark.parametrize("angle", [-120.0, 15.0, 45.0, 90.0, 180.0])
def test_a_turned_image_is_fitted_by_its_corners(angle: float) -> None:
    port = viewport()
    port.set_angle(angle)
    view = port.transform(200, 150)
    shown = view.covering(Rect(0, 0, 400, 300))
    assert port.is_fit
    assert QRect(0, 0, 200, 150).contains(shown)
    assert max(shown.width() / 200, shown.height() / 150) > 0.9


@pytest.mark.parametrize("angle", [0.0, 15.0, 90.0])
def test_fill_leaves_no_margin_and_nothing_over(angle: float) -> None:
    port = viewport(400, 200)
    port.set_angle(angle)
    port.fill()
    inside = [0 <= round(each.x, 6) <= 400 and 0 <= round(each.y, 6) <= 200 for each in _corners(port)]
    assert all(inside)
    port.set_scale(port.scale * 0.97)
    assert not all(0 <= each.x <= 400 and 0 <= each.y <= 200 for each in _corners(port))


def _corners(port: Viewport) -> list[Point]:
    """The corners of the view, a pixel inside, where the image's place is rounded to whole pixels."""
    view, (width, height) = port.transform(*port.view), port.view
    return [view.to_image(x, y) for x, y in ((1, 1), (width - 1, 1), (width - 1, height - 1), (1, height - 1))]


def test_angles_are_kept_within_half_a_turn_and_another_image_is_upright() -> None:
    port = viewport()
    port.turn_by(-180)
    assert port.angle == 180
    for _ in range(13):
        port.turn_by(15)
    assert port.angle == 15
    port.set_extent(Extent(400, 300))
    assert port.angle == 0
    assert port.is_fit
