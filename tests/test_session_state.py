"""A document made again of its photo and its state is the same at every step of its history."""

from __future__ import annotations

import numpy as np
import pytest

from app.document.document import Document
from app.document.edits import MaskEdit, ResultEdit
from app.document.restore import RestoreStroke
from app.document.session_state import SessionState, restored, state_of
from app.document.stroke import Stroke
from app.imaging.geometry import Point, Rect
from app.imaging.photo import Metadata, Photo
from app.inference.request import RegionPatch
from app.ui.session.comparison_parts import frozen_subject

SIDE = 300
FEW = 10_000
"""Bytes of history that make old edits go."""


def made(seed: int, dtype: type = np.uint8, limit: int = 10**9, edits: int = 12) -> Document:
    """A document of random pixels after random strokes, results and restores, undone and redone now and then."""
    random = np.random.default_rng(seed)
    top = np.iinfo(dtype).max + 1
    photo = Photo(random.integers(0, top, (SIDE, SIDE + 20, 3), dtype), None, Metadata("PNG"))
    document = Document(photo, history_limit=limit)
    for _ in range(edits):
        kind = random.integers(0, 6)
        if kind < 3:
            stroke = (Stroke, Stroke, RestoreStroke)[kind](document, random.uniform(5, 60), random.uniform(0, 1))
            for _ in range(3):
                stroke.to(Point(*random.uniform(0, SIDE, 2)))
            edit = stroke.end()
            if edit is not None:
                document.apply(edit)
        elif kind < 5:
            x, y, width, height = (int(value) for value in random.integers(1, SIDE // 2, 4))
            pixels = random.integers(0, top, (height, width, 3), dtype)
            document.apply(ResultEdit(f"Fill {seed}", [RegionPatch(Rect(x, y, width, height), pixels)]))
        else:
            edit = MaskEdit.between("Invert mask", document.mask, 255 - document.mask)
            assert edit is not None
            document.apply(edit)
        if random.random() < 0.3:
            document.undo()
    if seed % 2:
        document.jump(int(random.integers(0, len(document.history) + 1)))
    document.mark_saved(document.history.states[seed % len(document.history.states)])
    return document


def assert_same(first: Document, second: Document) -> None:
    """Equal at every step, in words, and in what they call saved."""
    history, other = first.history, second.history
    assert (history.names, history.index, history.saved_index) == (other.names, other.index, other.saved_index)
    assert history.pruned == other.pruned
    last, other_last = first.last_mask, second.last_mask
    assert (last is None) == (other_last is None)
    assert last is None or np.array_equal(last, other_last)
    for index in [history.index, *range(len(history) + 1)]:
        first.jump(index)
        second.jump(index)
        assert np.array_equal(first.image, second.image)
        assert np.array_equal(first.mask, second.mask)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("limit", [10**9, FEW])
def test_a_document_comes_back(seed, dtype, limit):
    document = made(seed, dtype, limit)
    assert_same(document, restored(document.photo, state_of(document)))


def test_the_limit_lets_old_edits_go():
    assert sum(made(seed, limit=FEW).history.pruned > 0 for seed in range(6)) >= 4


def test_what_comes_back_can_be_edited_on_and_come_back_again():
    first = made(2, limit=FEW)
    second = restored(first.photo, state_of(first))
    edit = MaskEdit.between("Invert mask", second.mask, 255 - second.mask)
    assert edit is not None
    second.apply(edit)
    assert second.is_modified
    assert_same(second, restored(first.photo, state_of(second)))


def test_a_state_without_a_past_is_untouched():
    photo = Photo(np.zeros((4, 5, 3), np.uint8), None, Metadata("PNG"))
    assert state_of(Document(photo)).is_untouched
    assert not restored(photo, SessionState()).is_modified


def filled(*, history_limit: int = 10**9) -> Document:
    """A document with one result in it, then a stroke."""
    photo = Photo(np.zeros((SIDE, SIDE, 3), np.uint8), None, Metadata("PNG"))
    document = Document(photo, history_limit=history_limit)
    pixels = np.random.default_rng(1).integers(0, 256, (90, 80, 3), np.uint8)
    document.apply(ResultEdit("Fill", [RegionPatch(Rect(5, 5, 80, 90), pixels)]))
    edit = MaskEdit.between("Invert mask", document.mask, 255 - document.mask)
    assert edit is not None
    document.apply(edit)
    return document


@pytest.mark.parametrize("limit", [10**9, 1])
def test_a_document_that_was_changed_does_not_come_back_as_the_photo_it_was_opened_from(limit):
    document = filled(history_limit=limit)
    state = state_of(document)
    assert bool(state.base_image) == (limit == 1)
    again = restored(document.photo, state)
    assert again.image_revision > 0
    found = frozen_subject((), False, None, again)
    assert found is not None
    assert np.array_equal(found[1].image, document.image)


def test_a_document_whose_changes_were_undone_is_the_photo_as_opened():
    document = filled()
    document.jump(0)
    again = restored(document.photo, state_of(document))
    assert again.image_revision == 0
    again.redo()
    assert again.image_revision == 1


def test_a_saved_state_that_is_gone_stays_gone():
    document = made(3)
    document.mark_saved(-1)
    again = restored(document.photo, state_of(document))
    assert again.history.saved_index is None
    assert again.is_modified


@pytest.mark.parametrize("numbers", [{"index": 1}, {"index": -1}, {"saved_index": 2}, {"pruned": -1}])
def test_numbers_of_no_history_are_refused(numbers):
    with pytest.raises(ValueError, match=r"history|gone"):
        SessionState(**numbers)
