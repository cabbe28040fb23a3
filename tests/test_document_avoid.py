"""What is not to be used of a photo: edits, sessions and journals have it at every step of the history."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.document.document import Document
from app.document.edits import AvoidEdit, ImageEdit, MaskEdit
from app.document.live_stroke import LiveStroke
from app.document.packing import packed, unpacked
from app.document.records import EditKind, EditRecord, edit_of, record_of
from app.document.recovery.journal import JournalWriter, read_journal
from app.document.recovery.records import Opened, Record
from app.document.recovery.replay import made_again, replayed
from app.document.recovery.trail import Trail
from app.document.session_state import restored, state_of
from app.document.stroke import AvoidStroke, Stroke
from app.imaging.geometry import Extent, Point
from app.imaging.photo import Metadata, Photo

EXTENT = Extent(90, 70)


def document_of(limit: int = 10**9) -> Document:
    pixels = np.random.default_rng(2).integers(0, 256, (EXTENT.height, EXTENT.width, 3), np.uint8)
    return Document(Photo(pixels, None, Metadata("PNG")), history_limit=limit)


def painted(document: Document, stroke: LiveStroke, *points: tuple[float, float]) -> None:
    for point in points:
        stroke.to(Point(*point))
    edit = stroke.end()
    assert edit is not None
    document.apply(edit)


def worked_on(limit: int = 10**9) -> Document:
    """Marks, a mask, marks taken away again, the last of it undone."""
    document = document_of(limit)
    painted(document, AvoidStroke(document, 20, 0.5), (20, 20), (60, 30))
    painted(document, Stroke(document, 12, 1.0), (40, 50))
    painted(document, AvoidStroke(document, 9, 1.0, True), (30, 22))
    painted(document, AvoidStroke(document, 14, 1.0), (70, 60))
    document.undo()
    return document


def assert_same(one: Document, other: Document) -> None:
    assert np.array_equal(one.avoid, other.avoid)
    assert np.array_equal(one.mask, other.mask)
    assert np.array_equal(one.image, other.image)
    assert (one.history.names, one.history.index) == (other.history.names, other.history.index)


def assert_same_history(one: Document, other: Document) -> None:
    assert_same(one, other)
    for index in range(len(one.history) + 1):
        one.jump(index)
        other.jump(index)
        assert_same(one, other)


def test_marks_are_edits_that_leave_mask_and_image_alone() -> None:
    document = document_of()
    image, mask = document.image.copy(), document.mask.copy()
    painted(document, AvoidStroke(document, 20, 1.0), (20, 20))
    assert document.avoid[20, 20] == 255
    assert document.avoid_revision == 1
    assert (document.image_revision, document.revision) == (0, 1)
    assert np.array_equal(document.image, image)
    assert np.array_equal(document.mask, mask)
    assert document.is_modified
    document.undo()
    assert not document.avoid.any()
    assert document.avoid_revision == 2


def test_a_stroke_taken_back_leaves_no_mark() -> None:
    document = document_of()
    stroke = AvoidStroke(document, 20, 1.0)
    stroke.to(Point(20, 20))
    assert document.avoid.any()
    stroke.abort()
    assert not document.avoid.any()
    assert document.avoid_revision == 0


@pytest.mark.parametrize("limit", [10**9, 700], ids=["all", "few"])
def test_a_document_comes_back_with_its_marks(limit: int) -> None:
    document = worked_on(limit)
    assert bool(document.history.pruned) == (limit == 700)
    again = restored(document.photo, state_of(document), history_limit=limit)
    assert again.avoid_revision > 0
    assert_same_history(document, again)


def test_marks_that_nothing_but_old_edits_made_come_back() -> None:
    document = document_of(limit=700)
    painted(document, AvoidStroke(document, 20, 0.5), (20, 20), (60, 30))
    for shift in range(6):
        painted(document, Stroke(document, 12, 0.3), (40 + shift, 50))
    assert not any(isinstance(edit, AvoidEdit) for edit in document.history.edits)
    state = state_of(document)
    assert state.base_avoid
    again = restored(document.photo, state)
    assert np.array_equal(again.avoid, document.avoid)
    assert again.avoid_revision > 0


def test_a_record_of_marks_is_packed_and_to_an_older_reader_changes_nothing() -> None:
    document = document_of()
    painted(document, AvoidStroke(document, 20, 0.5), (20, 20))
    edit = document.history.previous
    assert edit is not None
    record = record_of(edit)
    data = packed(record)
    assert unpacked(data, EXTENT, 1) == record
    assert isinstance(edit_of(record), AvoidEdit)
    length = int.from_bytes(data[:4], "little")
    header = json.loads(data[4 : 4 + length])
    assert (header["kind"], header["image"], header["mask"]) == ("mask", [], [])
    assert [*header] == ["kind", "name", "image", "mask", "avoid"]


def test_other_records_are_packed_as_ever() -> None:
    plain = EditRecord(EditKind.MASK, "Brush")
    assert b"avoid" not in packed(plain)
    assert isinstance(edit_of(plain), MaskEdit)
    assert isinstance(edit_of(EditRecord(EditKind.IMAGE, "Restore")), ImageEdit)


# the journal


def journal(path: Path, *parts: list[Record]) -> Path:
    writer = JournalWriter(path)
    writer.rewrite(parts[0])
    for part in parts[1:]:
        writer.append(part, durable=False)
    writer.close()
    return path


def begun(trail: Trail, document: Document) -> list[Record]:
    return [Opened("sea.png", EXTENT, 1, 1e9, "0.6.0"), *trail.whole(document, state_of(document))]


def back(path: Path, document: Document) -> Document:
    return made_again(replayed(read_journal(path)), document.photo)


@pytest.mark.parametrize("limit", [10**9, 700], ids=["all", "few"])
def test_a_journal_begun_anew_has_the_marks(tmp_path: Path, limit: int) -> None:
    document = worked_on(limit)
    again = back(journal(tmp_path / "journal", begun(Trail(), document)), document)
    assert_same_history(document, again)


def test_a_journal_that_grows_has_the_marks(tmp_path: Path) -> None:
    document, trail = document_of(), Trail()
    parts = [begun(trail, document)]
    painted(document, AvoidStroke(document, 20, 0.5), (20, 20))
    parts.append(trail.history(document) or [])
    assert parts[-1]
    assert_same(document, back(journal(tmp_path / "journal", *parts), document))


@pytest.mark.parametrize("erase", [False, True])
def test_a_mark_under_way_comes_back_as_a_mark(tmp_path: Path, erase: bool) -> None:
    document, trail = document_of(), Trail()
    painted(document, AvoidStroke(document, 40, 1.0), (40, 40))
    parts = [begun(trail, document)]
    live = AvoidStroke(document, 21.3, 0.4, erase)
    for step in range(5):
        live.to(Point(15 + 9.0 * step, 30 + 4.0 * step), 0.5 + step / 10)
        parts.append(trail.stroke(document))
    again = back(journal(tmp_path / "journal", *parts), document)
    assert np.array_equal(again.avoid, document.avoid)
    assert not again.mask.any()
    assert again.history.names[-1] == ("Use again" if erase else "Don't use")
