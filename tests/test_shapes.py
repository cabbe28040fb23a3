"""Coverage of rectangles, ellipses and polygons against exact areas and a finely sampled reference."""

from __future__ import annotations

import numpy as np
import pytest

from app.imaging.arrays import Mask
from app.imaging.geometry import Extent, Rect
from app.imaging.shapes import (
    Points,
    ellipse_coverage,
    ellipse_points,
    polygon_coverage,
    rectangle_coverage,
)

EXTENT = Extent(40, 30)


def sampled(points: Points, extent: Extent, per_pixel: int = 16) -> np.ndarray:
    """The share of each pixel whose samples have a winding number other than zero, 0…255."""
    width, height = extent
    x = ((np.arange(width * per_pixel) + 0.5) / per_pixel)[None, :]
    y = ((np.arange(height * per_pixel) + 0.5) / per_pixel)[:, None]
    winding = np.zeros((height * per_pixel, width * per_pixel), int)
    for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0), strict=True):
        if y0 != y1:
            is_right = x > x0 + (y - y0) / (y1 - y0) * (x1 - x0)
            crosses = (y >= min(y0, y1)) & (y < max(y0, y1))
            winding += np.where(is_right & crosses, 1 if y1 > y0 else -1, 0)
    inside = (winding != 0).reshape(height, per_pixel, width, per_pixel)
    return 255 * inside.mean(axis=(1, 3))


def whole(rect: Rect, coverage: Mask, extent: Extent = EXTENT) -> Mask:
    """The coverage in an image that is empty elsewhere."""
    result = np.zeros((extent.height, extent.width), np.uint8)
    result[rect.slices] = coverage
    return result


@pytest.mark.parametrize("seed", range(6))
def test_a_polygon_covers_what_samples_say(seed: int) -> None:
    rng = np.random.default_rng(seed)
    angles = np.sort(rng.uniform(0, 2 * np.pi, 7))
    points = np.stack([20 + rng.uniform(4, 18) * np.cos(angles), 15 + rng.uniform(4, 13) * np.sin(angles)], axis=1)
    for each in (points, points[::-1]):
        got = whole(*polygon_coverage(each, EXTENT)).astype(int)
        assert np.abs(got - sampled(each, EXTENT)).max() <= 16
        assert abs(got.sum() - sampled(each, EXTENT).sum()) < 255 * 0.5


def test_the_area_is_exact() -> None:
    triangle = np.array([(3.25, 2.5), (30.75, 8.125), (11.0, 27.375)])
    (ax, ay), (bx, by), (cx, cy) = triangle
    area = abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
    assert whole(*polygon_coverage(triangle, EXTENT)).sum(dtype=int) / 255 == pytest.approx(area, abs=0.1)


def test_whole_pixels_are_covered_fully_and_nothing_else() -> None:
    corners = np.array([(4, 3), (15, 3), (15, 12), (4, 12)], float)
    rect, coverage = polygon_coverage(corners, EXTENT)
    assert rect == Rect(4, 3, 11, 9)
    assert (coverage == 255).all()
    assert (rectangle_coverage(rect, EXTENT)[1] == coverage).all()


def test_half_a_pixel_is_half_covered() -> None:
    corners = np.array([(4.5, 3), (6, 3), (6, 5.25), (4.5, 5.25)])
    rect, coverage = polygon_coverage(corners, EXTENT)
    assert rect == Rect(4, 3, 2, 3)
    assert coverage.tolist() == [[128, 255], [128, 255], [32, 64]]


@pytest.mark.parametrize("shift", [(-20, 0), (25, 0), (0, -18), (0, 20), (-15, -12), (400, 0), (0, 0)])
def test_what_lies_outside_is_cut_off(shift: tuple[float, float]) -> None:
    large = Extent(140, 130)
    points = np.array([(2.3, 7.9), (37.2, 1.4), (31.0, 28.8), (16.5, 14.0), (5.5, 26.2)]) + shift
    cut = whole(*polygon_coverage(points, EXTENT)).astype(int)
    uncut = whole(*polygon_coverage(points + 50, large), large)[50:80, 50:90] if shift[0] < 100 else 0 * cut
    assert np.abs(cut - uncut).max() <= 1


def test_loops_leave_no_holes() -> None:
    twice = np.array([(5, 5), (25, 5), (25, 25), (5, 25)] * 2, float)
    assert (polygon_coverage(twice, EXTENT)[1] == 255).all()
    eight = np.array([(5, 5), (25, 25), (25, 5), (5, 25)], float)
    got = whole(*polygon_coverage(eight, EXTENT))
    assert got[15, 8] == got[15, 22] == 255
    assert got[8, 15] == 0


def test_bands_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.array([(2.3, 1.9), (37.2, 9.4), (11.0, 28.8)])
    before = polygon_coverage(points, EXTENT)[1]
    monkeypatch.setattr("app.imaging.shapes._CELLS", 100)
    assert np.array_equal(polygon_coverage(points, EXTENT)[1], before)


@pytest.mark.parametrize("box", [Rect(4, 3, 30, 20), Rect(5, 5, 9, 9), Rect(-10, -5, 30, 60), Rect(7, 7, 1, 1)])
def test_an_ellipse_fills_its_box(box: Rect) -> None:
    rect, coverage = ellipse_coverage(box, EXTENT)
    assert rect == box.intersected(Rect(0, 0, *EXTENT))
    assert np.abs(whole(rect, coverage).astype(int) - sampled(ellipse_points(box, 720), EXTENT)).max() <= 12


def test_a_round_box_gives_a_symmetrical_disc() -> None:
    disc = ellipse_coverage(Rect(3, 2, 24, 24), EXTENT)[1].astype(int)
    for turned in (disc.T, disc[::-1], disc[:, ::-1]):
        assert np.abs(disc - turned).max() <= 1
    assert disc.sum() / 255 == pytest.approx(np.pi * 144, rel=2e-3)


@pytest.mark.parametrize(
    "points", [[], [(3, 3)], [(3, 3), (9, 9)], [(3, 3), (9, 9), (3, 3)], [(50, 5), (60, 5), (55, 9)]]
)
def test_what_has_no_area_covers_nothing(points: list[tuple[float, float]]) -> None:
    rect, coverage = polygon_coverage(np.array(points, float).reshape(-1, 2), EXTENT)
    assert coverage.shape == (rect.height, rect.width)
    assert not coverage.any()


def test_a_rectangle_beside_the_image_is_empty() -> None:
    rect, coverage = rectangle_coverage(Rect(-9, -9, 5, 5), EXTENT)
    assert rect.is_empty
    assert coverage.size == 0
