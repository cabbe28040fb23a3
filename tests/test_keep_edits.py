"""What is kept of results, as edits of a document: painted, undone, recorded, journalled."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from app.document.document import Document
from app.document.keep_stroke import KeepStroke
from app.document.kept import Kept
from app.document.packing import packed, unpacked
from app.document.records import EditKind, edit_of, record_of
from app.document.recovery.journal import JournalWriter, read_journal
from app.document.recovery.records import Opened, StrokeBegun
from app.document.recovery.replay import made_again, replayed
from app.document.recovery.trail import Trail
from app.document.session_state import restored, state_of
from app.document.stroke import AvoidStroke
from app.imaging.geometry import Extent, Point, Rect
from app.imaging.photo import Metadata, Photo
from app.imaging.stage_map import LAYERS
from app.inference.request import RegionPatch, Stage
from tests.recovering import stroke

EXTENT = Extent(400, 300)
HOLE = Rect(200, 100, 120, 90)
"""Across two tiles each way."""
BOX = HOLE.grown(6)
COARSE, LOCAL, GLOBAL, DETAIL = range(LAYERS)


def document_of(depth: type[np.unsignedinteger] = np.uint8) -> Document:
    most = np.iinfo(depth).max
    pixels = np.random.default_rng(1).integers(0, most, (EXTENT.height, EXTENT.width, 3), depth, endpoint=True)
    return Document(Photo(pixels, None, Metadata("PNG")))


def patch_of(document: Document, seed: int) -> RegionPatch:
    """Random in the hole grown by 4, the image's own round it."""
    pixels = document.image[BOX.slices].copy()
    most = np.iinfo(pixels.dtype).max
    made = np.random.default_rng(seed).integers(0, most, pixels.shape, pixels.dtype, endpoint=True)
    inside = HOLE.grown(4).moved(-BOX.x, -BOX.y).slices
    pixels[inside] = made[inside]
    return RegionPatch(BOX, pixels)


def kept_in(document: Document, number: int = 1) -> Kept:
    """Of results of all stages; the base is the detail."""
    mask = np.zeros((EXTENT.height, EXTENT.width), np.uint8)
    mask[HOLE.slices] = 255
    layers = [(patch_of(document, seed),) for seed in range(LAYERS)]
    kept = Kept(number, document.image, layers, DETAIL, mask, 6)
    document.kept[number] = kept
    return kept


def mark(document: Document, *points: tuple[float, float]) -> None:
    """Mark what is not to be used."""
    painted = AvoidStroke(document, 20, 1.0)
    for point in points:
        painted.to(Point(*point))
    edit = painted.end()
    assert edit is not None
    document.apply(edit)


def picture(kept: Kept) -> np.ndarray:
    (patch,) = kept.patches()
    assert patch.rect == BOX
    return patch.pixels


def result(document: Document, stage: int) -> np.ndarray:
    return patch_of(document, stage).pixels


def keep(
    document: Document,
    kept: Kept,
    layer: int | None,
    *points: tuple[float, float],
    size: float = 30,
    hardness: float = 1.0,
) -> None:
    """A stroke, as an edit."""
    painted = KeepStroke(document, kept, layer, size, hardness, "Keep")
    for point in points:
        painted.to(Point(*point))
    edit = painted.end()
    assert edit is not None
    document.apply(edit)


def test_there_are_weights_enough_for_all_stages() -> None:
    assert len(Stage) <= LAYERS


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_a_hard_stroke_takes_a_stages_own_bits(depth: type[np.unsignedinteger]) -> None:
    document = document_of(depth)
    kept = kept_in(document)
    assert (picture(kept) == result(document, DETAIL)).all()
    keep(document, kept, LOCAL, (250, 140), (270, 140))
    made = picture(kept)
    assert made.dtype == depth
    at = (140 - BOX.y, slice(245 - BOX.x, 275 - BOX.x))
    assert (made[at] == result(document, LOCAL)[at]).all()
    elsewhere = (170 - BOX.y, slice(None))
    assert (made[elsewhere] == result(document, DETAIL)[elsewhere]).all()
    assert (document.image == document.photo.pixels).all()
    assert not document.mask.any()


def test_a_picture_of_soft_strokes_is_that_of_its_weights_everywhere() -> None:
    document = document_of(np.uint16)
    kept = kept_in(document)
    keep(document, kept, COARSE, (230, 130), (290, 160), size=60, hardness=0)
    keep(document, kept, GLOBAL, (256, 120), (256, 180), size=40, hardness=0.3)
    keep(document, kept, None, (270, 150), size=30, hardness=0)
    weights = kept.weights.read(BOX).astype(int)
    assert set(kept.weights.layers) == {COARSE, GLOBAL}
    exact = (255 - weights.sum(axis=0))[..., None] * result(document, DETAIL)
    for layer in (COARSE, GLOBAL):
        exact = exact + weights[layer][..., None] * result(document, layer)
    assert (picture(kept) == (exact + 127) // 255).all()
    untouched = weights.sum(axis=0) == 0
    assert (picture(kept)[untouched] == result(document, DETAIL)[untouched]).all()


def test_painting_ends_a_little_beyond_the_hole() -> None:
    document = document_of()
    kept = kept_in(document)
    keep(document, kept, LOCAL, (HOLE.x, HOLE.y), size=60)
    weights = kept.weights.read(Rect(0, 0, *EXTENT))[LOCAL]
    reached = Rect(HOLE.x - 6, HOLE.y - 6, 40, 40)
    assert weights.any()
    weights[reached.slices] = 0
    assert not weights.any()
    painted = KeepStroke(document, kept, LOCAL, 30, 1.0, "Keep")
    assert painted.to(Point(50, 280)).is_empty, "no tile of the hole's"
    painted.to(Point(50, 50))
    assert painted.end() is None


def test_strokes_are_undone_and_done_again_bit_for_bit() -> None:
    document = document_of()
    kept = kept_in(document)
    pictures = [picture(kept)]
    for layer, x, hardness in ((COARSE, 240, 0.2), (LOCAL, 256, 0.0), (None, 250, 0.5), (DETAIL, 262, 0.1)):
        keep(document, kept, layer, (x, 150), (x + 20, 152), hardness=hardness)
        pictures.append(picture(kept))
    for expected in reversed(pictures[:-1]):
        document.undo()
        assert (picture(kept) == expected).all()
    assert kept.is_blank
    assert kept.nbytes == 0
    for expected in pictures[1:]:
        document.redo()
        assert (picture(kept) == expected).all()
    assert kept.tile(Rect(0, 0, 256, 256)) is not None
    document.jump(1)
    assert (picture(kept) == pictures[1]).all()


def test_a_stroke_goes_over_a_place_once() -> None:
    document = document_of()
    kept = kept_in(document)
    keep(document, kept, LOCAL, (250, 140), hardness=0)
    once = picture(kept)
    document.undo()
    keep(document, kept, LOCAL, (250, 140), (250.5, 140), (250, 140), hardness=0)
    again = kept.weights.read(BOX)[LOCAL]
    document.undo()
    keep(document, kept, LOCAL, (250, 140), hardness=0)
    keep(document, kept, LOCAL, (250, 140), hardness=0)
    assert (picture(kept) != once).any(), "a stroke of its own lays more over it"
    assert int(kept.weights.read(BOX)[LOCAL].sum()) > int(again.sum())


def test_an_aborted_stroke_leaves_nothing() -> None:
    document = document_of()
    kept = kept_in(document)
    keep(document, kept, LOCAL, (250, 140), hardness=0)
    before = picture(kept)
    painted = KeepStroke(document, kept, COARSE, 50, 0.5, "Keep")
    painted.to(Point(250, 150))
    painted.to(Point(262, 160))
    assert (picture(kept) != before).any()
    painted.abort()
    assert (picture(kept) == before).all()
    assert not document.is_painting


def test_image_and_mask_have_not_changed_since() -> None:
    document = document_of()
    stroke(document, (250, 140))
    state, revision = document.picture_state, document.image_revision
    kept = kept_in(document)
    keep(document, kept, LOCAL, (250, 140))
    keep(document, kept, COARSE, (260, 140))
    assert document.picture_state == state != document.history.state
    assert document.image_revision == revision
    assert document.kept_revision == 2
    stroke(document, (20, 20))
    assert document.picture_state == document.history.state
    document.undo()
    assert document.picture_state == state
    states = document.history.states
    groups = [states[:1], states[1:4], states[4:]]
    assert [document.picture_states(index) for index in range(5)] == [groups[at] for at in (0, 1, 1, 1, 2)]


def test_what_is_not_to_be_used_changes_what_a_run_answers() -> None:
    document = document_of()
    stroke(document, (250, 140))
    kept = kept_in(document)
    keep(document, kept, LOCAL, (250, 140))
    before = document.picture_state
    mark(document, (20, 20))
    marked = document.picture_state
    assert marked == document.history.state != before
    keep(document, kept, COARSE, (260, 140))
    assert document.picture_state == marked
    assert (document.avoid_revision, document.kept_revision) == (1, 2)
    document.undo()
    document.undo()
    assert document.picture_state == before


def test_marks_and_what_is_kept_are_packed_side_by_side_and_come_back() -> None:
    document = document_of()
    kept = kept_in(document)
    keep(document, kept, LOCAL, (250, 140))
    mark(document, (20, 20))
    records = state_of(document).records
    assert [unpacked(packed(record), EXTENT, 1) for record in records] == list(records)
    again = restored(document.photo, state_of(document))
    assert np.array_equal(again.avoid, document.avoid)
    assert again.picture_state == again.history.state
    without = restored(document.photo, state_of(document).with_kept_of(()))
    assert np.array_equal(without.avoid, document.avoid)
    assert len(without.history) == 1


def test_without_the_results_an_edit_changes_nothing() -> None:
    document = document_of()
    kept = kept_in(document)
    keep(document, kept, LOCAL, (250, 140))
    del kept
    assert not document.kept
    document.undo()
    document.redo()
    assert (document.image == document.photo.pixels).all()
    assert document.new_kept_number() == 2
    other = kept_in(document, 2)
    document.undo()
    assert other.is_blank


def test_a_recorded_edit_comes_back_packed() -> None:
    document = document_of()
    kept = kept_in(document)
    keep(document, kept, LOCAL, (256, 150), hardness=0)
    expected = picture(kept)
    record = record_of(document.history.edits[0])
    again = unpacked(packed(record), EXTENT, 1)
    assert again == record
    document.undo()
    document.apply(edit_of(again))
    assert (picture(kept) == expected).all()


def test_to_who_does_not_know_it_it_is_an_edit_that_changes_nothing() -> None:
    document = document_of()
    kept = kept_in(document)
    keep(document, kept, LOCAL, (256, 150))
    data = packed(record_of(document.history.edits[0]))
    (length,) = struct.unpack_from("<I", data)
    header = json.loads(data[4 : 4 + length])
    del header["keep"]
    text = json.dumps(header).encode()
    older = unpacked(struct.pack("<I", len(text)) + text + data[4 + length :], EXTENT, 1)
    assert older.kind is EditKind.MASK
    assert older.image == older.mask == older.kept == ()
    assert edit_of(older).apply(document).is_empty


def test_edits_of_lost_results_can_be_left_out_of_a_state() -> None:
    document = document_of()
    stroke(document, (250, 140))
    kept, other = kept_in(document), kept_in(document, 2)
    keep(document, kept, LOCAL, (250, 140))
    stroke(document, (20, 20))
    keep(document, other, LOCAL, (250, 140))
    document.mark_saved()
    stroke(document, (60, 20))
    document.undo()
    state = state_of(document)
    assert state.with_kept_of({1, 2}) is state
    left = state.with_kept_of({2})
    assert [record.kind for record in left.records] == ["mask", "mask", "keep", "mask"]
    assert (left.index, left.saved_index) == (3, 3)
    none = state.with_kept_of(())
    assert (len(none.records), none.index, none.saved_index) == (3, 2, 2)


def test_after_a_crash_image_and_mask_are_back_without_it(tmp_path: Path) -> None:
    document, trail = document_of(), Trail()
    stroke(document, (250, 140))
    opened = Opened("sea.png", EXTENT, 1, 1e9, "0.6.0", None)
    writer = JournalWriter(tmp_path / "journal")
    writer.rewrite([opened, *trail.whole(document, state_of(document))])
    kept = kept_in(document)
    keep(document, kept, LOCAL, (250, 140))
    keep(document, kept, COARSE, (260, 140))
    document.undo()
    writer.append(trail.history(document) or [], durable=False)
    stroke(document, (20, 20))
    writer.append(trail.history(document) or [], durable=False)
    open_stroke = KeepStroke(document, kept, LOCAL, 30, 1.0, "Keep")
    open_stroke.to(Point(250, 150))
    under_way = trail.stroke(document)
    assert not any(isinstance(record, StrokeBegun) for record in under_way), "it would be one of the mask"
    writer.append(under_way, durable=False)
    writer.close()
    work = replayed(read_journal(tmp_path / "journal"))
    assert not work.is_damaged
    again = made_again(work, document.photo)
    assert again.history.names == ("Brush", "Brush")
    assert (again.mask == document.mask).all()
    again.jump(0)
    assert not again.mask.any()
