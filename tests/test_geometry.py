import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imaging.geometry import EMPTY, Rect, bounding_rect, united

quick = settings(deadline=None, derandomize=True, max_examples=100)
rects = st.builds(Rect, *[st.integers(-20, 20)] * 2, *[st.integers(0, 20)] * 2)


def pixels(rect: Rect) -> set[tuple[int, int]]:
    return {(x, y) for x in range(rect.x, rect.right) for y in range(rect.y, rect.bottom)}


@quick
@given(rects, rects)
def test_intersection_holds_the_common_pixels(one: Rect, other: Rect) -> None:
    assert pixels(one.intersected(other)) == pixels(one) & pixels(other)


@quick
@given(rects, rects)
def test_union_is_the_smallest_rectangle_round_both(one: Rect, other: Rect) -> None:
    union = one.united(other)
    assert union.contains(one)
    assert union.contains(other)
    both = pixels(one) | pixels(other)
    if both:
        xs, ys = zip(*both, strict=True)
        assert union == Rect(min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1)


@quick
@given(rects, rects)
def test_contains_means_no_pixel_outside(one: Rect, other: Rect) -> None:
    assert one.contains(other) == (pixels(other) <= pixels(one))


@quick
@given(rects)
def test_area_counts_pixels(rect: Rect) -> None:
    assert rect.area == len(pixels(rect))
    assert rect.is_empty == (rect.area == 0)


def test_grown_and_moved() -> None:
    assert Rect(2, 3, 4, 5).grown(2) == Rect(0, 1, 8, 9)
    assert Rect(2, 3, 4, 5).grown(-3).is_empty
    assert Rect(2, 3, 4, 5).moved(-2, 10) == Rect(0, 13, 4, 5)


def test_slices_address_rows_then_columns() -> None:
    array = np.zeros((6, 9), np.uint8)
    array[Rect(1, 2, 3, 4).slices] = 1
    assert array.sum() == 12
    assert array[2:6, 1:4].all()
    assert Rect.of_array(array) == Rect(0, 0, 9, 6)


def test_bounding_rect() -> None:
    array = np.zeros((6, 9), np.uint8)
    assert bounding_rect(array) == EMPTY
    array[2, 7] = array[4, 3] = 1
    assert bounding_rect(array) == Rect(3, 2, 5, 3)


def test_union_of_many() -> None:
    assert united([]) == EMPTY
    assert united([EMPTY, Rect(1, 1, 2, 2), Rect(5, 0, 1, 1)]) == Rect(1, 0, 5, 3)
