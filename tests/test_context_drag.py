"""Dragging a context box: what is taken hold of, and that it never leaves the image nor its hole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imaging.geometry import Extent, Point, Rect
from app.ui.contexts.drag import Bounds, Edges, edges_at, moved, resized, scaled

BOX = Rect(100, 100, 200, 100)
BOUNDS = Bounds(Rect(150, 120, 60, 40), Extent(500, 400))
CORNERS = [Edges.LEFT | Edges.TOP, Edges.RIGHT | Edges.TOP, Edges.LEFT | Edges.BOTTOM, Edges.RIGHT | Edges.BOTTOM]
SIDES = [Edges.LEFT, Edges.TOP, Edges.RIGHT, Edges.BOTTOM]


@pytest.mark.parametrize(
    ("point", "edges"),
    [
        (Point(200, 150), Edges.NONE),
        (Point(103, 150), Edges.LEFT),
        (Point(94, 150), Edges.LEFT),
        (Point(305, 197), Edges.RIGHT | Edges.BOTTOM),
        (Point(200, 96), Edges.TOP),
        (Point(296, 105), Edges.RIGHT | Edges.TOP),
        (Point(90, 150), None),
        (Point(200, 220), None),
    ],
)
def test_what_a_press_takes_hold_of(point: Point, edges: Edges | None) -> None:
    assert edges_at(BOX, point, 8) == edges


def test_a_box_smaller_than_the_reach_can_still_be_moved() -> None:
    assert edges_at(Rect(0, 0, 8, 8), Point(4, 4), 20) is Edges.NONE
    assert edges_at(Rect(0, 0, 8, 8), Point(1, 4), 20) is Edges.LEFT


def test_moving_stops_where_the_hole_or_the_image_ends() -> None:
    assert moved(BOX, 20, -10, BOUNDS) == Rect(120, 90, 200, 100)
    assert moved(BOX, 999, 999, BOUNDS) == Rect(150, 120, 200, 100)
    assert moved(BOX, -999, -999, BOUNDS) == Rect(10, 60, 200, 100)
    wide = Rect(0, 100, 480, 100)
    assert moved(wide, 999, 0, BOUNDS) == Rect(20, 100, 480, 100)


def test_resizing_moves_the_edges_held_and_no_others() -> None:
    assert resized(BOX, Edges.LEFT, -30, 77, BOUNDS) == Rect(70, 100, 230, 100)
    assert resized(BOX, Edges.RIGHT | Edges.BOTTOM, -20, 30, BOUNDS) == Rect(100, 100, 180, 130)
    assert resized(BOX, Edges.RIGHT | Edges.TOP, -999, 999, BOUNDS) == Rect(100, 120, 110, 80)
    assert resized(BOX, Edges.RIGHT | Edges.BOTTOM, 999, 999, BOUNDS) == Rect(100, 100, 400, 300)


@pytest.mark.parametrize("edges", CORNERS)
def test_a_corner_keeps_the_shape_and_the_corner_across(edges: Edges) -> None:
    dx = -40 if edges & Edges.LEFT else 40
    rect = scaled(BOX, edges, dx, 0, BOUNDS)
    assert (rect.width, rect.height) == (240, 120)
    assert (rect.right == BOX.right) == bool(edges & Edges.LEFT)
    assert (rect.y == BOX.y) == bool(edges & Edges.BOTTOM)


def test_an_edge_keeps_the_shape_about_its_middle() -> None:
    assert scaled(BOX, Edges.RIGHT, 40, 0, BOUNDS) == Rect(100, 90, 240, 120)
    assert scaled(BOX, Edges.TOP, 0, -20, BOUNDS) == Rect(80, 80, 240, 120)


far = st.integers(-700, 700)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(CORNERS + SIDES), far, far, st.booleans())
def test_no_drag_leaves_the_image_or_uncovers_the_hole(edges: Edges, dx: int, dy: int, keeps_shape: bool) -> None:
    rect = (scaled if keeps_shape else resized)(BOX, edges, dx, dy, BOUNDS)
    assert rect.contains(BOUNDS.least)
    assert Rect(0, 0, *BOUNDS.extent).contains(rect)
    if keeps_shape:
        assert rect.width / rect.height == pytest.approx(2, rel=0.05)


@given(far, far)
def test_no_move_leaves_the_image_or_uncovers_the_hole(dx: int, dy: int) -> None:
    rect = moved(BOX, dx, dy, BOUNDS)
    assert (rect.width, rect.height) == (BOX.width, BOX.height)
    assert rect.contains(BOUNDS.least)
    assert Rect(0, 0, *BOUNDS.extent).contains(rect)
