import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.document import Document
from app.document.recorder import Recorder
from app.document.stroke import Stroke
from app.imaging.brush import paint_segment
from app.imaging.geometry import EMPTY, Point, Rect, bounding_rect
from app.imaging.patches import TILE
from app.imaging.photo import Metadata, Photo

quick = settings(deadline=None, derandomize=True, max_examples=60)
WIDTH, HEIGHT = 700, 600
points = st.builds(Point, st.floats(-100, WIDTH + 100), st.floats(-100, HEIGHT + 100))
paths = st.lists(points, min_size=1, max_size=5)
sizes = st.floats(1, 300)
hardnesses = st.sampled_from([0.0, 0.6, 1.0])


def open_document() -> Document:
    return Document(Photo(np.zeros((HEIGHT, WIDTH, 3), np.uint8), None, Metadata("PNG"), None))


@quick
@given(paths, sizes, hardnesses)
def test_a_stroke_paints_its_segments_and_undoes_as_one(path: list[Point], size: float, hardness: float) -> None:
    document = open_document()
    expected = np.zeros((HEIGHT, WIDTH), np.uint8)
    for start, end in zip([path[0], *path], path, strict=False):
        paint_segment(expected, start, end, size, hardness)
    stroke = Stroke(document, size, hardness)
    dirty = [stroke.to(point) for point in path]
    assert abs(document.mask.astype(int) - expected).max() <= 1
    edit = stroke.end()
    if edit is None:
        assert not document.mask.any()
        return
    assert edit.rect == bounding_rect(document.mask)
    assert document.apply(edit) == edit.rect
    assert document.history.names == ("Brush",)
    assert all(Rect.of_array(document.mask).contains(rect) for rect in dirty)
    painted = document.mask.copy()
    document.undo()
    assert not document.mask.any()
    document.redo()
    assert np.array_equal(document.mask, painted)


@quick
@given(paths, sizes, st.booleans())
def test_an_aborted_stroke_leaves_no_trace(path: list[Point], size: float, erase: bool) -> None:
    document = open_document()
    before = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)
    document.writable_mask[:] = before
    stroke = Stroke(document, size, 0.5, erase)
    painted = EMPTY
    for point in path:
        painted = painted.united(stroke.to(point))
    assert stroke.abort().contains(painted)
    assert np.array_equal(document.mask, before)
    assert len(document.history) == 0
    assert document.revision == 0


def test_erasing_is_an_edit_of_its_own_name() -> None:
    document = open_document()
    for erase in (False, True):
        stroke = Stroke(document, 50, 1.0, erase)
        stroke.to(Point(100, 100))
        edit = stroke.end()
        assert edit is not None
        document.apply(edit)
    assert document.history.names == ("Brush", "Eraser")
    assert not document.mask.any()


@pytest.mark.parametrize("path", [[], [Point(-500, -500)], [Point(100, 100)]])
def test_a_stroke_that_changes_nothing_is_no_edit(path: list[Point]) -> None:
    document = open_document()
    stroke = Stroke(document, 50, 1.0, erase=True)
    for point in path:
        assert Rect.of_array(document.mask).contains(stroke.to(point))
    assert stroke.end() is None


def test_pressure_scales_the_brush() -> None:
    document = open_document()
    stroke = Stroke(document, 100, 1.0)
    assert stroke.to(Point(300, 300), pressure=0.5).width == 50
    assert stroke.to(Point(300, 300)).width == 100


def test_a_closed_stroke_does_nothing() -> None:
    document = open_document()
    stroke = Stroke(document, 50, 1.0)
    stroke.abort()
    assert not stroke.is_open
    assert stroke.to(Point(100, 100)) == EMPTY
    assert stroke.abort() == EMPTY
    assert stroke.end() is None
    assert not document.mask.any()


def test_an_open_stroke_keeps_everything_else_away() -> None:
    document = open_document()
    stroke = Stroke(document, 50, 1.0)
    stroke.to(Point(100, 100))
    edit = stroke.end()
    assert edit is not None
    document.apply(edit)
    other = Stroke(document, 50, 1.0)
    assert document.is_painting
    for change in (document.undo, document.redo, lambda: document.apply(edit), lambda: Stroke(document, 5, 1.0)):
        with pytest.raises(RuntimeError, match="a stroke is open"):
            change()
    other.abort()
    assert not document.is_painting
    assert document.undo() is not None


def test_a_stroke_saves_only_the_tiles_it_touches() -> None:
    array = np.zeros((20 * TILE, 20 * TILE), np.uint8)
    recorder = Recorder(array)
    recorder.save(Rect(TILE - 1, 5, 2, 2))
    array[5:7, TILE - 1 : TILE + 1] = 9
    recorder.save(Rect(TILE - 1, 5, 2, 2))
    array[5, TILE] = 10
    patches = recorder.changes()
    assert [patch.rect for patch in patches] == [Rect(TILE - 1, 5, 1, 2), Rect(TILE, 5, 1, 2)]
    assert recorder.restore() == Rect(0, 0, 2 * TILE, TILE)
    assert not array.any()


def test_a_long_diagonal_saves_few_tiles() -> None:
    side = 12 * TILE
    document = Document(Photo(np.zeros((side, side, 3), np.uint8), None, Metadata("PNG"), None))
    stroke = Stroke(document, 20, 1.0)
    stroke.to(Point(1, 1))
    stroke.to(Point(side - 1, side - 1))
    edit = stroke.end()
    assert edit is not None
    assert edit.rect.width > side - 20
    assert edit.nbytes < 60_000
    document.apply(edit)
    document.undo()
    assert not document.mask.any()


def test_the_document_needs_neither_torch_nor_qt() -> None:
    code = (
        "import sys, app.document.document, app.document.stroke; "
        "sys.exit(any(name.split('.')[0] in ('torch', 'PySide6') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
