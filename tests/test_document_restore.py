"""Strokes that bring the opened photo back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.document import Document
from app.document.restore import RestoreStroke
from app.document.stroke import Stroke
from app.imaging.arrays import DeepImage
from app.imaging.brush import paint_segment
from app.imaging.geometry import EMPTY, Point, Rect
from app.imaging.photo import Metadata, Photo

quick = settings(deadline=None, derandomize=True, max_examples=15)
WIDTH, HEIGHT = 700, 300
WHOLE = Rect(0, 0, WIDTH, HEIGHT)
points = st.builds(Point, st.floats(-100, WIDTH + 100), st.floats(-100, HEIGHT + 100))
paths = st.lists(points, min_size=1, max_size=4)
depths = st.sampled_from([np.uint8, np.uint16])


def random_image(dtype: type, seed: int) -> DeepImage:
    top = 256 if dtype is np.uint8 else 65536
    return np.random.default_rng(seed).integers(0, top, (HEIGHT, WIDTH, 3), dtype=dtype)


def edited_document(dtype: type = np.uint8, area: Rect = WHOLE) -> Document:
    """A document whose image differs from the opened one in `area`."""
    document = Document(Photo(random_image(dtype, 1), None, Metadata("PNG"), None))
    document.writable_image[area.slices] = random_image(dtype, 2)[area.slices]
    return document


@quick
@given(paths, st.floats(1, 300), st.sampled_from([0.0, 0.6, 1.0]), depths)
def test_a_stroke_lays_the_photo_over_the_image_by_its_coverage(
    path: list[Point], size: float, hardness: float, dtype: type
) -> None:
    document = edited_document(dtype)
    before, opened = document.image.copy(), document.photo.pixels
    coverage = np.zeros((HEIGHT, WIDTH), np.uint8)
    for start, end in zip([path[0], *path], path, strict=False):
        paint_segment(coverage, start, end, size, hardness)
    stroke = RestoreStroke(document, size, hardness)
    dirty = EMPTY
    for point in path:
        dirty = dirty.united(stroke.to(point))
    share = coverage[..., None] / 255
    expected = opened * share + before * (1 - share)
    unit = 1 if dtype is np.uint8 else 257
    assert np.abs(document.image - expected).max() <= 1.6 * unit, "half a step, and one of the coverage"
    assert (document.image[coverage == 255] == opened[coverage == 255]).all()
    assert (document.image[coverage == 0] == before[coverage == 0]).all()
    after, edit = document.image.copy(), stroke.end()
    if edit is None:
        assert (after == before).all()
        return
    assert edit.changes_image
    assert dirty.contains(document.apply(edit))
    assert document.image_revision == 1
    document.undo()
    assert (document.image == before).all()
    document.redo()
    assert (document.image == after).all()
    assert not document.mask.any()


@quick
@given(paths, st.floats(1, 300), depths)
def test_an_aborted_stroke_leaves_no_trace(path: list[Point], size: float, dtype: type) -> None:
    document = edited_document(dtype)
    before = document.image.copy()
    stroke = RestoreStroke(document, size, 0.5)
    dirty = EMPTY
    for point in path:
        dirty = dirty.united(stroke.to(point))
    assert stroke.abort().contains(dirty)
    assert (document.image == before).all()
    assert (len(document.history), document.image_revision) == (0, 0)


def test_going_over_a_soft_edge_again_does_not_wear_it_away() -> None:
    document = edited_document()
    stroke = RestoreStroke(document, 100, 0.0)
    stroke.to(Point(300, 150))
    once = document.image.copy()
    for _ in range(5):
        stroke.to(Point(300, 150))
    assert (document.image == once).all()


def test_where_the_photo_is_as_opened_there_is_nothing_to_restore() -> None:
    document = edited_document(area=Rect(600, 100, 50, 50))
    stroke = RestoreStroke(document, 60, 0.5)
    assert stroke.to(Point(100, 150)) == EMPTY
    assert stroke.to(Point(480, 150)) == EMPTY
    assert stroke.end() is None
    assert not document.is_painting


def test_a_restored_photo_is_the_opened_one_and_the_edit_is_small() -> None:
    document = edited_document(np.uint16, Rect(600, 100, 50, 50))
    stroke = RestoreStroke(document, 150, 1.0)
    for x in (100, 620):
        stroke.to(Point(x, 125))
    edit = stroke.end()
    assert edit is not None
    document.apply(edit)
    assert (document.image == document.photo.pixels).all()
    assert edit.rect == Rect(600, 100, 50, 50)
    assert edit.nbytes < 50 * 50 * 6 + 1000


def test_one_stroke_at_a_time_whatever_it_paints() -> None:
    document = edited_document()
    stroke = RestoreStroke(document, 10, 1.0)
    with pytest.raises(RuntimeError, match="a stroke is open"):
        Stroke(document, 10, 1.0)
    stroke.abort()
    assert Stroke(document, 10, 1.0).is_open
