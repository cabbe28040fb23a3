"""Image pixels as squares: every view pixel shows the pixel that its centre lies in, however it is drawn."""

import numpy as np
import pytest

from app.imaging.geometry import Extent, Rect
from app.imaging.squares import as_squares, shown_length

SCALES = [0.71, 1.0, 1.4, 2.0, 2.02, 2.5, 3.33, 8.0, 8.5]


def expected(pixels: np.ndarray, shown: Rect, scale: float) -> np.ndarray:
    """By the definition, pixel by pixel."""
    height, width = pixels.shape
    result = np.zeros((shown.height, shown.width), pixels.dtype)
    for row in range(shown.height):
        for column in range(shown.width):
            x, y = (shown.x + column + 0.5) / scale, (shown.y + row + 0.5) / scale
            if 0 <= x < width and 0 <= y < height:
                result[row, column] = pixels[int(y), int(x)]
    return result


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("kind", [np.uint8, np.uint32])
def test_each_view_pixel_shows_the_pixel_its_centre_lies_in(scale: float, kind: type) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (11, 17)).astype(kind)
    shown = Rect(-5, -3, round(17 * scale) + 12, round(11 * scale) + 9)
    drawn = as_squares(pixels, Rect(0, 0, 17, 11), Extent(17, 11), shown, scale)
    assert drawn.dtype == kind
    assert np.array_equal(drawn, expected(pixels, shown, scale))


@pytest.mark.parametrize("scale", SCALES)
def test_a_part_drawn_from_a_part_equals_that_part_of_the_whole(scale: float) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (60, 90), dtype=np.uint8)
    size = Rect(0, 0, shown_length(90, scale), shown_length(60, scale))
    whole = as_squares(pixels, Rect(0, 0, 90, 60), Extent(90, 60), size, scale)
    shown = Rect(size.width // 3, size.height // 3, size.width // 4, size.height // 5)
    area = Rect(int(shown.x / scale), int(shown.y / scale), 30, 20)
    part = as_squares(pixels[area.slices], area, Extent(90, 60), shown, scale)
    assert np.array_equal(part, whole[shown.slices])


def test_nothing_is_shown_beyond_the_image() -> None:
    pixels = np.full((4, 6), 9, np.uint8)
    for shown in (Rect(20, 0, 5, 5), Rect(-9, 0, 5, 5), Rect(0, 12, 5, 5), Rect(0, -7, 5, 5)):
        assert not as_squares(pixels, Rect(0, 0, 6, 4), Extent(6, 4), shown, 3.0).any()


def test_shown_length_counts_centres() -> None:
    assert [shown_length(side, 2.5) for side in (1, 2, 3)] == [2, 5, 7]
    assert shown_length(3, 0.01) == 1
