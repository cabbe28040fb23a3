"""Objects cut out of pictures by a click or a box."""

from __future__ import annotations

import numpy as np
import pytest

from app.imaging.arrays import DeepImage, Image, Mask
from app.imaging.depth import widened
from app.imaging.files import read_photo
from app.imaging.geometry import Point, Rect
from app.imaging.guided_edge import refined
from app.imaging.object_cut import Hints, NotWantedError, find_object
from app.imaging.wand import NOTHING, Selection
from app.paths import resource


def disc(width: int = 160, height: int = 120, radius: int = 25) -> tuple[Image, Mask]:
    """A noisy orange disc on noisy green, and where it is."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[:height, :width]
    inside = (x - 90) ** 2 + (y - 60) ** 2 <= radius**2
    image = np.where(inside[..., None], (220, 130, 30), (60, 120, 70)) + rng.normal(0, 8, (height, width, 3))
    return image.clip(0, 255).astype(np.uint8), inside.astype(np.uint8) * 255


def overlap(found: Selection, truth: Mask) -> float:
    """Intersection over union."""
    mask = np.zeros(truth.shape, bool)
    mask[found.rect.slices] = found.coverage > 127
    return float((mask & (truth > 127)).sum() / (mask | (truth > 127)).sum())


@pytest.mark.parametrize("hints", [
    Hints((Point(90, 60),), reach=60), Hints((Point(100, 50),), reach=12), Hints(box=Rect(55, 25, 72, 70)),
    Hints(box=Rect(60, 30, 60, 60)),
])  # fmt: skip
@pytest.mark.parametrize("deep", [False, True])
def test_a_click_or_a_box_finds_the_disc(hints: Hints, deep: bool) -> None:
    image, truth = disc()
    found = find_object(widened(image) if deep else image, hints)
    assert overlap(found, truth) > 0.95


def test_the_buoy_of_the_sample_is_found() -> None:
    image = np.ascontiguousarray(read_photo(resource("sample.jpg")).pixels[1200:2100:3, 2050:2950:3])
    found = find_object(image, Hints(box=Rect(95, 60, 110, 190)))
    assert 75 < found.rect.width < 100
    assert 130 < found.rect.height < 185
    assert abs(found.rect.x + found.rect.width / 2 - 150) < 8


def test_the_same_question_has_the_same_answer() -> None:
    image, _ = disc()
    one, other = (find_object(image, Hints((Point(100, 50),), reach=12)) for _ in range(2))
    assert one.rect == other.rect
    assert (one.coverage == other.coverage).all()


def test_a_second_click_adds_and_another_leaves_out() -> None:
    image, _ = disc()
    image[20:50, 10:40] = (220, 130, 30)
    alone = find_object(image, Hints((Point(90, 60),), reach=50))
    assert alone.rect.x > 50
    both = find_object(image, Hints((Point(90, 60), Point(25, 35)), reach=50))
    assert both.rect.x < 15
    without = find_object(image, Hints((Point(90, 60), Point(25, 35)), (Point(20, 30),), reach=50))
    assert np.count_nonzero(without.coverage) < np.count_nonzero(both.coverage)


def test_growing() -> None:
    image, _ = disc()
    hints = Hints(box=Rect(55, 25, 72, 70))
    tight, grown = find_object(image, hints), find_object(image, hints, grow=4)
    assert grown.rect == tight.rect.grown(4)


@pytest.mark.parametrize("hints", [Hints(), Hints((Point(-3, 5),)), Hints(box=Rect(400, 5, 20, 20))])
def test_nothing_is_at_nothing(hints: Hints) -> None:
    assert find_object(disc()[0], hints) is NOTHING


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (5, 2)])
def test_tiny_pictures(shape: tuple[int, int]) -> None:
    image: DeepImage = np.full((*shape, 3), 77, np.uint8)
    for hints in (Hints((Point(0.5, 0.5),)), Hints(box=Rect.of_array(image))):
        found = find_object(image, hints, grow=2)
        assert Rect.of_array(image).contains(found.rect)
        assert not found.rect.is_empty


def test_an_object_as_large_as_the_picture() -> None:
    image, truth = disc(radius=75)
    assert overlap(find_object(image, Hints((Point(80, 60),), reach=30)), truth) > 0.95


def test_work_nobody_waits_for_stops() -> None:
    with pytest.raises(NotWantedError):
        find_object(disc()[0], Hints((Point(90, 60),)), is_wanted=lambda: False)


def test_the_edge_follows_the_photograph() -> None:
    image, truth = disc()
    coarse = np.ascontiguousarray(truth[4::8, 4::8])
    mask = refined(image, coarse)
    stepped = coarse.repeat(8, 0).repeat(8, 1)
    wrong, before = (np.count_nonzero((each > 127) != (truth > 127)) for each in (mask, stepped))
    assert wrong < before / 3
