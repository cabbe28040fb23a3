"""Journals: what a document did, on the disk and back, cut short and damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.document import Document
from app.document.edits import MaskEdit, ResultEdit
from app.document.recovery.encoding import encoded
from app.document.recovery.journal import JournalWriter, read_journal, survey
from app.document.recovery.records import Contexts, FileStatus, LastMask, Opened, Record, StrokeBegun, StrokeOver
from app.document.recovery.replay import Work, made_again, mask_of, replayed
from app.document.recovery.trail import Trail
from app.document.restore import RestoreStroke
from app.document.session_state import state_of
from app.document.stroke import Stroke
from app.errors import LacunaError
from app.imaging.geometry import Extent, Point, Rect
from app.imaging.photo import Metadata, Photo
from app.inference.request import RegionPatch
from tests.recovering import begun_stroke, stroke

EXTENT = Extent(90, 70)
OPENED = Opened("sea.png", EXTENT, 1, 1e9, "0.5.0", (5, 6))


def photo_of(dtype: type = np.uint8) -> Photo:
    pixels = np.random.default_rng(2).integers(0, 256, (EXTENT.height, EXTENT.width, 3)).astype(dtype)
    return Photo(pixels, None, Metadata("PNG"))


def accepted(document: Document, shade: int = 90) -> None:
    """A result for the whole mask."""
    rect = Rect(0, 0, *EXTENT)
    pixels = document.image.copy()
    pixels[document.mask > 0] = shade
    document.apply(ResultEdit("Fill", [RegionPatch(rect, pixels)], document.mask.copy()))


def written(path: Path, *parts: list[Record]) -> Path:
    """A journal that begins with the first of `parts` and grows by the others."""
    writer = JournalWriter(path)
    writer.rewrite(parts[0])
    for part in parts[1:]:
        writer.append(part, durable=False)
    assert writer.nbytes == path.stat().st_size
    writer.close()
    return path


def begun(trail: Trail, document: Document) -> list[Record]:
    return [OPENED, *trail.whole(document, state_of(document))]


def work_at(path: Path) -> Work:
    return replayed(read_journal(path))


def assert_same(document: Document, other: Document) -> None:
    assert (document.mask == other.mask).all()
    assert (document.image == other.image).all()
    assert (document.history.names, document.history.index) == (other.history.names, other.history.index)


def test_a_document_comes_back_with_its_whole_history(tmp_path: Path) -> None:
    document, trail = Document(photo_of()), Trail()
    start = begun(trail, document)
    stroke(document, (20, 20), (50, 30))
    first = trail.history(document)
    accepted(document)
    stroke(document, (70, 60))
    document.undo()
    second = trail.history(document)
    assert first is not None
    assert second is not None
    saved = FileStatus(Path("/a/b.png"), Path("/a/a.png"), "b.png", (Path("/a/b.png"),), (3, 4), False, {}, 2)
    contexts = Contexts((Rect(1, 2, 30, 40),))
    work = work_at(written(tmp_path / "journal", start, first, [*second, saved, contexts]))

    assert not work.is_damaged
    assert (work.opened, work.file, work.contexts) == (OPENED, saved, contexts.rects)
    again = made_again(work, document.photo)
    assert_same(document, again)
    assert not again.is_modified
    assert again.last_mask is not None
    assert (again.last_mask == document.last_mask).all()
    for step in ("redo", "undo", "undo", "undo"):
        getattr(document, step)()
        getattr(again, step)()
        assert_same(document, again)


@pytest.mark.parametrize("kind", ["paint", "erase", "restore"])
def test_a_stroke_under_way_comes_back_as_far_as_it_went(tmp_path: Path, kind: str) -> None:
    document, trail = Document(photo_of()), Trail()
    stroke(document, (10, 10), (80, 60), size=30)
    accepted(document)
    stroke(document, (10, 60), (80, 10), size=30)
    parts = [begun(trail, document)]
    live = RestoreStroke(document, 21.3, 0.4) if kind == "restore" else Stroke(document, 21.3, 0.4, kind == "erase")
    for step in range(8):
        live.to(Point(5.1 + 10 * step, 9.7 + 7.3 * step), 0.3 + step / 12)
        if step % 3 == 2:
            parts.append(trail.stroke(document))
    parts.append(trail.stroke(document))
    again = made_again(work_at(written(tmp_path / "journal", *parts)), document.photo)
    assert (again.mask == document.mask).all()
    assert (again.image == document.image).all()
    assert again.history.names[:-1] == document.history.names
    assert again.is_modified
    found = survey(tmp_path / "journal")
    assert found is not None
    assert found.is_painting


def test_a_stroke_taken_back_or_kept_is_not_painted_twice(tmp_path: Path) -> None:
    document, trail = Document(photo_of()), Trail()
    parts = [begun(trail, document)]
    live = begun_stroke(document, (20, 20))
    parts.append(trail.stroke(document))
    live.abort()
    del live
    parts.append(trail.stroke(document))
    assert parts[-1] == [StrokeOver()]
    live = begun_stroke(document, (50, 50))
    parts.append(trail.stroke(document))
    edit = live.end()
    assert edit is not None
    document.apply(edit)
    news = trail.history(document)
    assert news is not None
    parts.append([*news, *trail.stroke(document)])
    assert_same(document, made_again(work_at(written(tmp_path / "journal", *parts)), document.photo))
    assert trail.history(document) == trail.stroke(document) == []


verbs = st.sampled_from(["stroke", "stroke", "fill", "undo", "redo", "first", "forget"])


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.lists(st.tuples(verbs, st.integers(0, 80)), max_size=14), st.sampled_from([np.uint8, np.uint16]))
def test_whatever_happens_the_journal_tells_it(steps: list[tuple[str, int]], dtype: type) -> None:
    document, trail = Document(photo_of(dtype), history_limit=4000), Trail()
    opened = Opened("sea.png", EXTENT, document.image.itemsize, 0, "")
    records: list[Record] = [opened, *trail.whole(document, state_of(document))]
    for verb, at in steps:
        match verb:
            case "stroke":
                mask = document.mask.copy()
                mask[at % 60 :, at:] ^= 255
                edit = MaskEdit.between("Brush", document.mask, mask)
                if edit is not None:
                    document.apply(edit)
            case "fill":
                accepted(document, at)
            case "undo" | "redo":
                getattr(document, verb)()
            case "first":
                document.jump(0)
            case "forget":
                document.remember_mask(document.mask)
        news = trail.history(document)
        records = [opened, *trail.whole(document, state_of(document))] if news is None else [*records, *news]
    work = Work(opened)
    from app.document.recovery.replay import _take

    for record in records[1:]:
        _take(work, record)
    again = made_again(work, document.photo)
    assert (again.mask == document.mask).all()
    assert (again.image == document.image).all()
    assert again.history.index >= document.history.index


def test_a_tail_cut_short_is_no_damage(tmp_path: Path) -> None:
    document, trail = Document(photo_of()), Trail()
    start = begun(trail, document)
    stroke(document, (20, 20))
    path = written(tmp_path / "journal", start)
    whole, before = path.read_bytes(), document.history.names
    news = trail.history(document)
    assert news is not None
    path = written(path, start, news)
    data = path.read_bytes()
    for length in range(len(whole), len(data)):
        path.write_bytes(data[:length])
        work = work_at(path)
        assert not work.is_damaged
        assert not work.edits
    path.write_bytes(data[:-20] + bytes(20))
    assert not work_at(path).is_damaged, "a power cut leaves zeros in what was being written"
    path.write_bytes(data + bytes(500))
    assert [edit.name for edit in work_at(path).edits] == list(before)


def test_damage_in_the_middle_is_told_and_what_was_before_is_there(tmp_path: Path) -> None:
    document, trail = Document(photo_of()), Trail()
    parts = [begun(trail, document)]
    masks = [document.mask.copy()]
    for x in (10, 30, 50, 70):
        stroke(document, (x, 30))
        masks.append(document.mask.copy())
        parts.append(trail.history(document) or [])
    path = written(tmp_path / "journal", *parts)
    data = path.read_bytes()
    begins = data.index(b"Brush")
    chance = np.random.default_rng(1)
    for at in chance.integers(begins, len(data) - 400, 60):
        broken = bytearray(data)
        broken[at] ^= 1 << int(chance.integers(8))
        path.write_bytes(broken)
        work = work_at(path)
        assert work.is_damaged
        mask = made_again(work, document.photo).mask
        assert any((mask == each).all() for each in masks[:-1])


@pytest.mark.parametrize("data", [b"", b"no journal", b"lacuna journal 1\n", b"lacuna journal 1\n" + bytes(99)])
def test_what_is_no_journal_says_so(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "journal"
    path.write_bytes(data)
    assert survey(path) is None
    with pytest.raises(LacunaError, match="nothing that could be restored"):
        read_journal(path)


def test_records_of_later_versions_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document, trail = Document(photo_of()), Trail()
    start = begun(trail, document)
    stroke(document, (20, 20))

    def newer(record: Record) -> tuple[int, bytes]:
        return (99, b"?") if isinstance(record, StrokeBegun) else encoded(record)

    monkeypatch.setattr("app.document.recovery.journal.encoded", newer)
    unknown: list[Record] = [StrokeBegun(False, False, 1, 1)]
    path = written(tmp_path / "journal", start, unknown, trail.history(document) or [])
    assert_same(document, made_again(work_at(path), document.photo))


def test_a_photo_of_another_size_or_depth_is_refused(tmp_path: Path) -> None:
    document, trail = Document(photo_of()), Trail()
    work = work_at(written(tmp_path / "journal", begun(trail, document)))
    for pixels in (np.zeros((4, 5, 3), np.uint8), np.zeros((EXTENT.height, EXTENT.width, 3), np.uint16)):
        with pytest.raises(LacunaError, match="no longer the photo"):
            made_again(work, Photo(pixels, None, Metadata("PNG")))


def test_the_mask_needs_no_photo(tmp_path: Path) -> None:
    document, trail = Document(photo_of(np.uint16)), Trail()
    stroke(document, (20, 20), (60, 60))
    accepted(document)
    stroke(document, (70, 20))
    begun_stroke(document, (10, 60), (40, 60))
    opened = Opened("sea.png", EXTENT, 2, 0, "")
    path = written(tmp_path / "journal", [opened, *trail.whole(document, state_of(document))])
    assert (mask_of(work_at(path)) == document.mask).all()


def test_a_survey_tells_how_much_there_is(tmp_path: Path) -> None:
    document, trail = Document(photo_of()), Trail()
    for x in (10, 30, 50):
        stroke(document, (x, 30))
    document.undo()
    status = FileStatus(Path("/a/sea.png"), Path("/a/sea.png"), "sea.png", saved=document.history.state)
    found = survey(written(tmp_path / "journal", [*begun(trail, document), status, LastMask(())]))
    assert found is not None
    assert (found.edits, found.undone, found.is_saved, found.is_painting) == (2, 1, True, False)
    assert found.file == status


def test_edits_that_follow_on_nothing_known_begin_the_journal_anew(tmp_path: Path) -> None:
    document, trail = Document(photo_of(), history_limit=1), Trail()
    begun(trail, document)
    stroke(document, (20, 20))
    assert trail.history(document)
    for x in (40, 60, 80):
        stroke(document, (x, 30))
    assert trail.history(document) is None
    again = made_again(work_at(written(tmp_path / "journal", begun(trail, document))), document.photo)
    assert_same(document, again)
    assert again.history.pruned == document.history.pruned == 3
