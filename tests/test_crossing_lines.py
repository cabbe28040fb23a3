"""Straight lines that a hole interrupts: which are found, where they are, and that they go on."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from app.imaging import exemplar
from app.imaging.arrays import Image
from app.imaging.crossing_lines import MOST_LINES, Line, Place, lines_across, pull_to
from app.imaging.edge_rays import MOST_SIDE
from app.imaging.patch_kernels import NO_PULL, off_line
from tests.filling import block, spoilt

HEIGHT, WIDTH = 200, 300


def _parted(slope: float, at: float, height: int = HEIGHT, width: int = WIDTH) -> Image:
    """Dark below a line that passes the middle at row `at`, grained; its edge is as soft as a lens makes it."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    below = cv2.GaussianBlur((rows > at + slope * (columns - width / 2)).astype(np.float32), (0, 0), 0.8)
    grain = np.random.default_rng(5).normal(0, 3, (height, width, 3))
    return np.clip(170 - 110 * below[..., None] + grain, 0, 255).astype(np.uint8)


def _edge_rows(image: Image, columns: slice) -> npt.NDArray[np.float64]:
    """The row at which every column turns from light to dark, by how much of it is light."""
    return np.asarray((image[:, columns].mean(axis=2) > 115).sum(axis=0), np.float64)


@pytest.mark.parametrize("slope", [0.0, 0.014, -0.06, 0.5])
def test_a_line_is_found_where_it_goes_in_and_comes_out(slope: float) -> None:
    image, hole = _parted(slope, 100), block(HEIGHT, WIDTH, 40, 110, 120, 80)
    (line,) = lines_across(spoilt(image, hole), hole)
    for place in line.start, line.end:
        assert place.row == pytest.approx(100 + slope * (place.column - 150), abs=1.0)
    columns = sorted((line.start.column, line.end.column))
    assert columns == pytest.approx([109, 190], abs=8)


def test_a_picture_larger_than_is_looked_at_has_its_lines_in_its_own_pixels() -> None:
    height, width = 700, 2 * MOST_SIDE
    image, hole = _parted(0.01, 350, height, width), block(height, width, 200, 900, 300, 200)
    (line,) = lines_across(image, hole)
    for place in line.start, line.end:
        assert place.row == pytest.approx(350 + 0.01 * (place.column - width / 2), abs=1.5)


def test_what_is_no_line_across_is_left_alone() -> None:
    hole = block(HEIGHT, WIDTH, 60, 110, 80, 80)
    grain = np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    ends = _parted(0, 100)
    ends[:, 150:] = 170
    bends = _parted(0, 100)
    bends[:, 150:] = _parted(0, 130)[:, 150:]
    for image in grain, ends, bends, np.full((HEIGHT, WIDTH, 3), 90, np.uint8):
        assert lines_across(image, hole) == ()
    assert lines_across(_parted(0, 20), hole) == (), "passes by"
    assert lines_across(_parted(0, 100), np.zeros_like(hole)) == ()
    assert lines_across(_parted(0, 100), np.ones_like(hole)) == ()


def test_a_light_and_a_dark_side_that_change_places_are_no_line() -> None:
    image = _parted(0, 100)
    image[:, 150:] = image[::-1, 150:]
    assert lines_across(image, block(HEIGHT, WIDTH, 60, 110, 80, 80)) == ()


def test_a_grating_gives_no_more_lines_than_are_worth_their_time() -> None:
    rows = np.mgrid[:600, :600][0]
    image = np.repeat(np.where(rows // 6 % 2 == 0, 60, 190).astype(np.uint8)[..., None], 3, axis=2)
    hole = block(600, 600, 60, 200, 480, 160)
    lines = lines_across(image, hole)
    assert len(lines) == MOST_LINES
    assert all(abs(line.start.row - line.end.row) < 0.5 for line in lines)


def test_equal_pictures_give_equal_lines_whatever_the_hole_holds() -> None:
    image, hole = _parted(0.1, 90), block(HEIGHT, WIDTH, 40, 110, 120, 80)
    assert lines_across(spoilt(image, hole, 0), hole) == lines_across(spoilt(image, hole, 255), hole) != ()


def test_the_pull_is_across_the_line_and_fades_beside_it() -> None:
    line = Line(Place(50, 40), Place(50, 140))
    near, far, out, beyond = abs(pull_to([line], np.array([[50, 90], [80, 90], [190, 90], [50, 260]], np.int32)))
    assert near[0] > 100
    assert near[1] == pytest.approx(0)
    assert 0 < far[0] < near[0] / 3
    assert not out.any()
    assert not beyond.any()


def test_the_plainer_pull_counts_where_two_lines_are_near() -> None:
    lines = [Line(Place(50, 40), Place(50, 140)), Line(Place(20, 90), Place(80, 90))]
    on_first, on_second = pull_to(lines, np.array([[50, 110], [25, 90]], np.int32))
    assert abs(on_first[0]) > abs(on_first[1])
    assert abs(on_second[1]) > abs(on_second[0])


def test_a_scaled_line_joins_the_same_points() -> None:
    line = Line(Place(-0.5, 3), Place(19.5, 7)).scaled(0.5, 2)
    assert line == Line(Place(-0.5, 6.5), Place(9.5, 14.5))


def test_matches_along_a_line_cost_nothing_more_and_those_off_it_do() -> None:
    pulls = np.zeros((10, 10, 2), np.float32)
    pulls[5, 5] = 30, 0
    assert off_line(pulls, 5, 5, 5, 9) == 0
    assert off_line(pulls, 5, 5, 7, 9) == 60
    assert off_line(pulls, 4, 5, 7, 9) == 0
    assert off_line(NO_PULL, 5, 5, 0, 0) == 0


@pytest.mark.parametrize("slope", [0.0, 0.014, -0.06])
def test_a_horizon_goes_on_unbroken_though_the_guide_breaks_it(slope: float) -> None:
    image, hole = _parted(slope, 100), block(HEIGHT, WIDTH, 60, 90, 90, 120)
    result = exemplar.completed(spoilt(image, hole), hole, guide=_parted(slope, 116)).picture
    columns = slice(86, 214)
    rows = _edge_rows(result, columns)
    assert np.abs(rows - _edge_rows(image, columns)).max() <= 1
    assert np.abs(np.diff(rows)).max() <= 2


def test_a_line_in_what_is_avoided_does_not_count() -> None:
    image, hole = _parted(0, 100), block(HEIGHT, WIDTH, 60, 110, 80, 80)
    avoided = np.zeros_like(hole)
    avoided[:, :110] = True
    assert lines_across(image, hole | avoided) == ()
