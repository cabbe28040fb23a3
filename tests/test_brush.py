import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imaging.arrays import Mask
from app.imaging.brush import SMALLEST_RADIUS, paint_segment, segment_rect
from app.imaging.geometry import EMPTY, Point, Rect, bounding_rect

SHAPE = (40, 56)
quick = settings(deadline=None, derandomize=True, max_examples=150)
coordinates = st.one_of(st.integers(-30, 140).map(lambda n: n / 2), st.floats(-20, 70))
points = st.builds(Point, coordinates, coordinates)
sizes = st.one_of(st.integers(1, 40).map(float), st.floats(0.1, 60))
hardnesses = st.sampled_from([0.0, 0.3, 0.8, 1.0])


def blank() -> Mask:
    return np.zeros(SHAPE, np.uint8)


def some_mask() -> Mask:
    return np.random.default_rng(3).integers(0, 256, SHAPE, dtype=np.uint8)


def distance(start: Point, end: Point) -> npt.NDArray[np.float64]:
    """From every pixel's centre to the segment, the plain way."""
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]] + 0.5
    dx, dy = end.x - start.x, end.y - start.y
    square = dx * dx + dy * dy
    along = np.clip(((columns - start.x) * dx + (rows - start.y) * dy) / square, 0, 1) if square else 0.0
    away: npt.NDArray[np.float64] = np.hypot(columns - start.x - along * dx, rows - start.y - along * dy)
    return away


@quick
@given(points, points, sizes)
def test_hard_brush_paints_exactly_the_pixels_within_its_radius(start: Point, end: Point, size: float) -> None:
    mask = blank()
    paint_segment(mask, start, end, size, 1.0)
    away = distance(start, end) - max(size / 2, SMALLEST_RADIUS)
    decided = abs(away) > 1e-3
    assert np.array_equal((mask > 0)[decided], (away < 0)[decided])
    assert set(np.unique(mask)) <= {0, 255}


@quick
@given(points, points, sizes.filter(lambda size: size >= 6), st.sampled_from([0.0, 0.3, 0.8]))
def test_soft_brush_falls_off_between_core_and_radius(start: Point, end: Point, size: float, hardness: float) -> None:
    mask = blank()
    paint_segment(mask, start, end, size, hardness)
    away, radius = distance(start, end), size / 2
    assert (mask[away < hardness * radius - 1e-3] == 255).all()
    assert (mask[away > radius + 1e-3] == 0).all()
    order = np.argsort(away, axis=None)
    assert (np.diff(mask.ravel()[order].astype(int)) <= 1).all()


@quick
@given(points, points, sizes, hardnesses, st.booleans())
def test_nothing_changes_outside_the_dirty_rect(
    start: Point, end: Point, size: float, hardness: float, erase: bool
) -> None:
    before = some_mask()
    mask = before.copy()
    dirty = paint_segment(mask, start, end, size, hardness, erase=erase)
    assert Rect.of_array(mask).contains(dirty)
    assert segment_rect(start, end, size).contains(dirty)
    assert dirty.contains(bounding_rect(mask != before))


@quick
@given(points, points, sizes, hardnesses)
def test_painting_never_darkens_and_erasing_never_brightens(
    start: Point, end: Point, size: float, hardness: float
) -> None:
    before, paint = some_mask(), blank()
    paint_segment(paint, start, end, size, hardness)
    painted, erased = before.copy(), before.copy()
    paint_segment(painted, start, end, size, hardness)
    paint_segment(erased, start, end, size, hardness, erase=True)
    assert np.array_equal(painted, np.maximum(before, paint))
    assert np.array_equal(erased, np.minimum(before, 255 - paint))


@quick
@given(points, sizes, hardnesses)
def test_a_dab_on_the_image_always_hits_the_pixel_under_it(point: Point, size: float, hardness: float) -> None:
    mask = blank()
    paint_segment(mask, point, point, size, hardness)
    if 0 <= point.x < SHAPE[1] and 0 <= point.y < SHAPE[0]:
        assert mask[math.floor(point.y), math.floor(point.x)] > 127


@pytest.mark.parametrize(
    ("size", "centre", "expected"),
    [
        (1, 4.5, ["#"]),
        (2, 4.0, ["##", "##"]),
        (3, 4.5, ["###", "###", "###"]),
        (4, 4.0, [" ## ", "####", "####", " ## "]),
        (5, 4.5, [" ### ", "#####", "#####", "#####", " ### "]),
    ],
)
def test_small_dabs_are_round(size: float, centre: float, expected: list[str]) -> None:
    mask = np.zeros((9, 9), np.uint8)
    rect = paint_segment(mask, Point(centre, centre), Point(centre, centre), size, 1.0)
    assert ["".join("#" if value else " " for value in row) for row in mask[rect.slices]] == expected


@pytest.mark.parametrize("size", [8, 21, 33.3])
def test_a_dab_has_the_area_and_the_symmetry_of_a_disc(size: float) -> None:
    mask = np.zeros((41, 41), np.uint8)
    centre = Point(20.5, 20.5)
    paint_segment(mask, centre, centre, size, 1.0)
    assert np.count_nonzero(mask) == pytest.approx(math.pi * size**2 / 4, rel=0.06)
    assert np.array_equal(mask, mask.T)
    assert np.array_equal(mask, mask[::-1])


@quick
@given(points, points)
def test_the_finest_line_has_no_gaps(start: Point, end: Point) -> None:
    mask = blank()
    paint_segment(mask, start, end, 0.1, 1.0)
    steps = np.linspace(0, 1, 400)
    columns = np.floor(start.x + steps * (end.x - start.x)).astype(int)
    rows = np.floor(start.y + steps * (end.y - start.y)).astype(int)
    inside = (columns >= 0) & (columns < SHAPE[1]) & (rows >= 0) & (rows < SHAPE[0])
    assert mask[rows[inside], columns[inside]].all()


def test_outside_the_image_nothing_is_painted() -> None:
    mask = blank()
    assert paint_segment(mask, Point(-50, -50), Point(-20, 300), 20, 0.5) == EMPTY
    assert paint_segment(mask, Point(500, 5), Point(500, 5), 20, 1.0) == EMPTY
    assert not mask.any()


def test_the_dirty_rect_of_a_hard_brush_is_tight() -> None:
    mask = blank()
    dirty = paint_segment(mask, Point(-10, 5), Point(20.2, 60), 9, 1.0)
    assert dirty == bounding_rect(mask)


def test_a_brush_larger_than_the_image_covers_it() -> None:
    mask = blank()
    assert paint_segment(mask, Point(20, 20), Point(21, 20), 2000, 1.0) == Rect.of_array(mask)
    assert mask.all()


@quick
@given(points, points, points, sizes, hardnesses, st.booleans())
def test_a_continued_segment_needs_only_what_lies_ahead(
    first: Point, second: Point, third: Point, size: float, hardness: float, erase: bool
) -> None:
    ahead, whole = some_mask(), some_mask()
    for mask, continued in ((ahead, True), (whole, False)):
        paint_segment(mask, first, second, size, hardness, erase=erase)
        paint_segment(mask, second, third, size, hardness, erase=erase, continued=continued)
    assert np.abs(ahead.astype(int) - whole).max() <= 1


@pytest.mark.parametrize("deep", [True, False])
def test_both_ways_to_look_up_the_softness_agree(monkeypatch: pytest.MonkeyPatch, deep: bool) -> None:
    from app.imaging import brush

    if deep and not brush._LOOKS_UP_16_BITS:
        pytest.skip("this OpenCV looks up 8 bits only")
    monkeypatch.setattr(brush, "_LOOKS_UP_16_BITS", deep)
    steps = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    found = brush._looked_up(steps)
    assert found.dtype == np.uint8
    share = steps / 65535
    assert np.array_equal(found, np.floor(share * share * (3 - 2 * share) * 255 + 0.5))
