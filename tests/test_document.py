from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.document import Document
from app.document.edits import Edit, MaskEdit, ResultEdit
from app.document.stroke import Stroke
from app.imaging import masks
from app.imaging.arrays import Image, Mask
from app.imaging.geometry import EMPTY, Extent, Point, Rect, bounding_rect
from app.imaging.photo import Metadata, Photo

quick = settings(deadline=None, derandomize=True, max_examples=60)
WIDTH, HEIGHT = 300, 280


@dataclass(frozen=True)
class NewPixels:
    rect: Rect
    pixels: Image


def noise(height: int, width: int, seed: int = 0) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def open_document(limit: int = 1 << 30) -> Document:
    return Document(Photo(noise(HEIGHT, WIDTH), None, Metadata("PNG"), None), history_limit=limit)


def filling(document: Document, rect: Rect, seed: int = 1, name: str = "Fill") -> ResultEdit:
    return ResultEdit(name, [NewPixels(rect, noise(rect.height, rect.width, seed))])


def paint(document: Document, *points: Point, size: float = 20, erase: bool = False) -> MaskEdit | None:
    stroke = Stroke(document, size, 0.7, erase)
    for point in points:
        stroke.to(point)
    edit = stroke.end()
    if edit is not None:
        document.apply(edit)
    return edit


def replace_mask(document: Document, mask: Mask, name: str = "Invert") -> None:
    edit = MaskEdit.between(name, document.mask, mask)
    if edit is not None:
        document.apply(edit)


State = tuple[bytes, bytes]


def state_of(document: Document) -> State:
    return document.image.tobytes(), document.mask.tobytes()


# -- opening ----------------------------------------------------------------------------------------------------------


def test_a_new_document_shows_the_photo_and_an_empty_mask() -> None:
    document = open_document()
    assert np.array_equal(document.image, document.photo.pixels)
    assert document.mask.shape == (HEIGHT, WIDTH)
    assert not document.mask.any()
    assert document.extent == Extent(WIDTH, HEIGHT)
    assert not document.is_modified
    assert document.revision == 0
    assert document.last_mask is None


def test_the_photo_is_never_written_to() -> None:
    document = open_document()
    before = document.photo.pixels.copy()
    document.apply(filling(document, Rect(0, 0, WIDTH, HEIGHT)))
    assert np.array_equal(document.photo.pixels, before)
    assert not np.array_equal(document.image, before)


def test_image_and_mask_are_read_only_and_live() -> None:
    document = open_document()
    mask = document.mask
    for array in (document.image, mask):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1
    paint(document, Point(50, 50))
    assert mask.any()


def test_a_wrong_image_is_refused() -> None:
    photo = Photo(np.zeros((4, 4), np.uint8), None, Metadata("PNG"), None)
    with pytest.raises(ValueError, match=r"\(4, 4\)"):
        Document(photo)


# -- edits ------------------------------------------------------------------------------------------------------------


def test_a_mask_edit_names_and_bounds_what_changed() -> None:
    document = open_document()
    edit = MaskEdit.between("Invert", document.mask, masks.inverted(document.mask))
    assert edit is not None
    assert edit.name == "Invert"
    assert not edit.changes_image
    assert document.apply(edit) == Rect(0, 0, WIDTH, HEIGHT)
    assert document.mask.all()
    assert MaskEdit.between("Fill all", document.mask, masks.full(document.extent)) is None


def test_accepting_a_result_is_one_edit() -> None:
    document = open_document()
    paint(document, Point(50, 60), size=30)
    paint(document, Point(250, 200), size=10)
    before, mask = state_of(document), document.mask.copy()
    result = filling(document, Rect(20, 30, 80, 70), name="Fill: global, 412 ms")
    assert document.apply(result) == Rect(20, 30, 80, 70)
    assert document.history.names[-1] == "Fill: global, 412 ms"
    assert document.history.index == 3
    assert np.array_equal(document.image[30:100, 20:100], noise(70, 80, 1))
    assert not document.mask[30:100, 20:100].any()
    assert document.mask[200, 250]
    assert document.last_mask is not None
    assert np.array_equal(document.last_mask, mask)
    after = state_of(document)
    document.undo()
    assert state_of(document) == before
    document.redo()
    assert state_of(document) == after


def test_only_the_hole_of_the_run_is_cleared() -> None:
    document = open_document()
    paint(document, Point(50, 60), size=30)
    hole = document.mask.copy()
    paint(document, Point(80, 80), size=8)
    rect = Rect(20, 30, 80, 70)
    document.apply(ResultEdit("Fill", [NewPixels(rect, document.image[rect.slices].copy())], hole))
    assert not document.mask[hole != 0].any()
    assert document.mask[80, 80]
    assert document.last_mask is not None
    assert np.array_equal(document.last_mask, hole)


def test_a_patch_does_not_undo_its_neighbour_where_they_overlap() -> None:
    document = open_document()
    image = document.image.copy()
    left, right = Rect(10, 10, 60, 40), Rect(40, 10, 60, 40)
    first, second = image[left.slices].copy(), image[right.slices].copy()
    first[10:20, 10:45] = 7
    second[10:20, 30:45] = 9
    document.apply(ResultEdit("Fill", [NewPixels(left, first), NewPixels(right, second)]))
    expected = image.copy()
    expected[20:30, 20:55] = 7
    expected[20:30, 70:85] = 9
    assert np.array_equal(document.image, expected)
    document.undo()
    assert np.array_equal(document.image, image)


def test_untouched_pixels_stay_bit_identical() -> None:
    document = open_document()
    rect = Rect(100, 90, 30, 20)
    document.apply(filling(document, rect))
    changed = (document.image != document.photo.pixels).any(axis=2)
    assert rect.contains(bounding_rect(changed))


def test_applying_twice_changes_nothing_more() -> None:
    document = open_document()
    edits: list[Edit] = [filling(document, Rect(0, 0, 40, 40))]
    stroke = MaskEdit.between("Invert", document.mask, masks.inverted(document.mask))
    assert stroke is not None
    edits.append(stroke)
    for edit in edits:
        before = state_of(document)
        edit.apply(document)
        after = state_of(document)
        edit.apply(document)
        assert state_of(document) == after
        edit.revert(document)
        edit.revert(document)
        assert state_of(document) == before


def test_a_result_keeps_only_what_changed() -> None:
    document = open_document()
    pixels = document.image.copy()
    pixels[100:120, 100:120] = noise(20, 20, 1)
    edit = ResultEdit("Fill", [NewPixels(Rect(0, 0, WIDTH, HEIGHT), pixels)])
    assert document.apply(edit) == Rect(100, 100, 20, 20)
    assert edit.nbytes < 2 * 20 * 20 * 3


# -- history ----------------------------------------------------------------------------------------------------------


def test_nothing_to_undo_or_redo() -> None:
    document = open_document()
    assert document.undo() is None
    assert document.redo() is None
    assert document.revision == 0


def test_every_change_counts_in_the_revision() -> None:
    document = open_document()
    paint(document, Point(50, 50))
    assert (document.revision, document.image_revision) == (1, 0)
    document.apply(filling(document, Rect(0, 0, 9, 9)))
    assert (document.revision, document.image_revision) == (2, 1)
    document.undo()
    document.undo()
    document.redo()
    assert (document.revision, document.image_revision) == (5, 2)


def test_modified_until_saved_and_again_after_undo() -> None:
    document = open_document()
    document.apply(filling(document, Rect(0, 0, 9, 9)))
    assert document.is_modified
    document.mark_saved()
    assert not document.is_modified
    document.undo()
    assert document.is_modified
    document.redo()
    assert not document.is_modified


def test_saving_a_copy_made_before_later_edits() -> None:
    document = open_document()
    document.apply(filling(document, Rect(0, 0, 9, 9)))
    copied = document.history.state
    document.apply(filling(document, Rect(5, 5, 9, 9)))
    document.mark_saved(copied)
    assert document.is_modified
    document.undo()
    assert not document.is_modified


def test_a_saved_state_that_was_pruned_away_stays_modified() -> None:
    document = open_document(limit=2000)
    for seed in range(4):
        document.apply(filling(document, Rect(20 * seed, 0, 20, 20), seed + 1))
    assert document.history.pruned > 0
    document.jump(0)
    assert document.is_modified
    document.mark_saved()
    assert not document.is_modified


@pytest.mark.parametrize("index", [-1, 2])
def test_jumping_to_nowhere_is_refused(index: int) -> None:
    document = open_document()
    paint(document, Point(50, 50))
    with pytest.raises(IndexError, match="0 to 1"):
        document.jump(index)


def test_a_jump_returns_all_that_changed() -> None:
    document = open_document()
    document.apply(filling(document, Rect(10, 10, 20, 20)))
    document.apply(filling(document, Rect(100, 50, 20, 20)))
    assert document.jump(2) == EMPTY
    assert document.jump(0) == Rect(10, 10, 110, 60)


def test_the_last_mask_survives_undo_and_is_a_copy() -> None:
    document = open_document()
    paint(document, Point(50, 50))
    mask = document.mask.copy()
    document.remember_mask(document.mask)
    document.jump(0)
    first = document.last_mask
    assert first is not None
    assert np.array_equal(first, mask)
    first[:] = 0
    second = document.last_mask
    assert second is not None
    assert np.array_equal(second, mask)
    document.remember_mask(document.mask)
    assert document.last_mask is None


# -- properties -------------------------------------------------------------------------------------------------------

Action = Callable[[Document], object]
"""One thing a user can do."""


def stroke(path: list[Point], erase: bool, document: Document) -> None:
    paint(document, *path, erase=erase)


def aborted_stroke(point: Point, document: Document) -> None:
    live = Stroke(document, 40, 0.2)
    live.to(point)
    live.abort()


def result(regions: list[Rect], seed: int, document: Document) -> None:
    inside = [region.intersected(Rect(0, 0, WIDTH, HEIGHT)) for region in regions]
    patches = [NewPixels(rect, noise(rect.height, rect.width, seed)) for rect in inside]
    document.apply(ResultEdit("Fill", patches))


def inversion(document: Document) -> None:
    replace_mask(document, masks.inverted(document.mask))


def clearing(document: Document) -> None:
    replace_mask(document, masks.blank(document.extent))


def growth(document: Document) -> None:
    replace_mask(document, masks.grown(document.mask, 9))


xs, ys = st.integers(-20, WIDTH + 20), st.integers(-20, HEIGHT + 20)
points = st.builds(Point, xs.map(float), ys.map(float))
rects = st.builds(Rect, st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), st.integers(1, 150), st.integers(1, 150))
actions: st.SearchStrategy[Action] = st.one_of(
    st.builds(partial, st.just(stroke), st.lists(points, min_size=1, max_size=3), st.booleans()),
    st.builds(partial, st.just(aborted_stroke), points),
    st.builds(partial, st.just(result), st.lists(rects, min_size=1, max_size=3), st.integers(0, 99)),
    st.sampled_from([inversion, clearing, growth, Document.undo, Document.redo]),
)
sequences = st.lists(actions, max_size=8)


@quick
@given(sequences)
def test_any_sequence_undone_entirely_gives_back_every_bit(sequence: list[Action]) -> None:
    document = open_document()
    opened = state_of(document)
    for action in sequence:
        action(document)
    document.jump(0)
    assert state_of(document) == opened
    assert not document.is_modified


@quick
@given(sequences, st.lists(st.integers(0, 8), max_size=6))
def test_every_state_of_the_history_comes_back_as_it_was(sequence: list[Action], jumps: list[int]) -> None:
    document = open_document()
    states = {document.history.state: state_of(document)}
    for action in sequence:
        action(document)
        states.setdefault(document.history.state, state_of(document))
        assert states[document.history.state] == state_of(document)
    for index in jumps:
        document.jump(min(index, len(document.history)))
        assert states[document.history.state] == state_of(document)


@quick
@given(sequences)
def test_changes_stay_inside_the_rect_returned(sequence: list[Action]) -> None:
    document = open_document()
    for action in sequence:
        action(document)
    while document.history.can_undo:
        image, mask = document.image.copy(), document.mask.copy()
        rect = document.undo()
        changed = bounding_rect((document.image != image).any(axis=2) | (document.mask != mask))
        assert rect is not None
        assert rect.contains(changed)


@quick
@given(sequences, st.integers(0, 60_000))
def test_pruning_keeps_the_bound_and_the_rest_intact(sequence: list[Action], limit: int) -> None:
    document = open_document(limit)
    states = {document.history.state: state_of(document)}
    for action in sequence:
        action(document)
        states.setdefault(document.history.state, state_of(document))
        assert document.history.nbytes <= limit or len(document.history) == 1
    document.jump(0)
    assert states[document.history.state] == state_of(document)
    assert document.is_modified == (document.history.pruned > 0)
