"""The magic wand on arrays: what counts as alike, what hangs together, at either depth."""

from __future__ import annotations

import numpy as np
import pytest

from app.imaging.arrays import DeepImage, Mask
from app.imaging.depth import widened
from app.imaging.files import read_photo
from app.imaging.geometry import Point, Rect
from app.imaging.wand import NOTHING, Selection, WandOptions, enlarged, pixel_at, selected
from app.paths import resource


def whole(selection: Selection, image: DeepImage) -> Mask:
    """The selection as a mask of the image's size."""
    mask = np.zeros(image.shape[:2], np.uint8)
    mask[selection.rect.slices] = selection.coverage
    return mask


@pytest.fixture(params=[8, 16])
def bars(request: pytest.FixtureRequest) -> DeepImage:
    """Upright bars of 10 columns: 100, 110, 200, 100; one channel of the last row differs."""
    image = np.repeat(np.array([100, 110, 200, 100], np.uint8), 10)[None, :, None].repeat(12, 0).repeat(3, 2)
    image[11, :, 1] = 0
    image = np.ascontiguousarray(image)
    return widened(image) if request.param == 16 else image


def test_alike_is_what_no_channel_parts(bars: DeepImage) -> None:
    narrow, wide = (selected(bars, 2, 3, WandOptions(tolerance)) for tolerance in (9, 10))
    assert narrow.rect == Rect(0, 0, 10, 11)
    assert wide.rect == Rect(0, 0, 20, 11)
    assert (wide.coverage == 255).all()


def test_the_same_colour_elsewhere_is_taken_where_that_is_wanted(bars: DeepImage) -> None:
    everywhere = whole(selected(bars, 2, 3, WandOptions(9, contiguous=False)), bars)
    assert (everywhere[:11, :10] == 255).all()
    assert (everywhere[:11, 30:] == 255).all()
    assert not everywhere[:, 10:30].any()


def test_corners_do_not_hang_together() -> None:
    image = np.zeros((4, 4, 3), np.uint8)
    image[:2, :2] = image[2:, 2:] = 90
    assert selected(image, 0, 0, WandOptions(5)).rect == Rect(0, 0, 2, 2)


def test_growing_stays_in_the_image(bars: DeepImage) -> None:
    grown = selected(bars, 2, 3, WandOptions(9, grow=3))
    assert grown.rect == Rect(0, 0, 13, 12)
    assert whole(grown, bars)[5, 12] == 255
    assert enlarged(NOTHING, 5, Rect(0, 0, 9, 9)) is NOTHING


def test_the_pixel_itself_always_belongs(bars: DeepImage) -> None:
    taken = selected(bars, 25, 5, WandOptions(0), colour=(1, 2, 3))
    assert taken.rect == Rect(25, 5, 1, 1)
    assert selected(bars, 25, 5, WandOptions(255)).rect == Rect.of_array(bars)


def test_both_depths_of_a_photograph_agree() -> None:
    image = np.ascontiguousarray(read_photo(resource("sample.jpg")).pixels[1300:1900:3, 2200:2800:3])
    shallow = selected(image, 100, 60, WandOptions(40, grow=2))
    deep = selected(widened(image), 100, 60, WandOptions(40, grow=2))
    assert 200 < np.count_nonzero(shallow.coverage) < image.shape[0] * image.shape[1] * 0.9
    assert shallow.rect == deep.rect
    assert (shallow.coverage == deep.coverage).all()


@pytest.mark.parametrize(("point", "pixel"), [
    ((0, 0), (0, 0)), ((3.99, 1.5), (3, 1)), ((-0.01, 1), None), ((4, 1), None), ((1, 3), None),
])  # fmt: skip
def test_which_pixel_is_clicked(point: tuple[float, float], pixel: tuple[int, int] | None) -> None:
    assert pixel_at(Point(*point), np.zeros((3, 4, 3), np.uint8)) == pixel
