"""What a batch remembers, and what it makes of that when it goes on."""

from __future__ import annotations

import errno
import json
import os
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.appending import AppendFile
from app.atomic import WriteError, write_failure
from app.batch import file_job
from app.batch.events import FileOutcome, FileState
from app.batch.journal import Journal
from app.batch.journal_lines import Entry, Header, Step, entry_line, header_line, read_line
from app.batch.pipeline import run_batch
from app.batch.plan import plan_batch
from app.batch.records import FOLDER, LINES, Records, own_mask, stamp_of
from app.batch.request import Existing, MaskOrigin, MaskSource
from app.batch.settings import differing, settings_of
from app.errors import LacunaError
from app.imaging.files import write_image
from app.inference.request import DeviceChoice, InpaintOptions
from tests.batch_folders import Place, QuickSolve, damage, hole, make_place, noise, outcomes, problems, run


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Three photos with their masks."""
    return make_place(tmp_path / "place", 3)


def _lines(place: Place) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (place.out / FOLDER / LINES).read_text().splitlines() if line]


def test_lines_hold_everything(tmp_path: Path) -> None:
    outcome = FileOutcome(
        "deep/größe.png", FileState.DONE, tmp_path / "deep" / "größe.png", "ab" * 32, "", {"load": 0.5, "total": 1.25},
        ((1, 2, 3, 4, 0.5),), 12, "model", "cpu", ("one", "two"), (30, 20),
    )  # fmt: skip
    entry = Entry(Step.ENDED, (1, 2, 3, 4), outcome, (0, 10), (10, 20))
    line = entry_line(entry, tmp_path)
    assert read_line(line, tmp_path) == entry
    assert "größe.png".encode() in line, "people can read it"
    assert str(tmp_path).encode() not in line, "the folder may be moved"
    begun = Entry(Step.BEGUN, (1, 2), FileOutcome("a.png", FileState.FAILED, tmp_path / "a.png"))
    assert read_line(entry_line(begun, tmp_path), tmp_path) == begun
    strange = Entry(Step.BEGUN, (), FileOutcome(os.fsdecode(b"\xe9.png"), FileState.FAILED, None))
    assert read_line(entry_line(strange, tmp_path), tmp_path) == strange
    header = Header(1, {"grow": 4}, True, "2026-01-01T00:00:00+00:00", "0.5.0")
    assert read_line(header_line(header), tmp_path) == header


def test_no_line_does_harm(tmp_path: Path) -> None:
    line = entry_line(Entry(Step.ENDED, (1, 2), FileOutcome("a.png", FileState.DONE, tmp_path / "a.png")), tmp_path)
    for length in range(len(line) - 1):
        assert read_line(line[:length], tmp_path) is None
    for nonsense in (b"", b"[]", b"3", b'"lacuna-batch"', b"\xff\xfe\x00", b"[" * 100_000, b'{"file": 1}'):
        assert read_line(nonsense, tmp_path) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("output", "/etc/passwd.png"),
        ("output", "../photos/a.png"),
        ("stamp", [float("inf")]),
        ("seconds", {"load": float("nan")}),
        ("regions", [[0, 0, 1, 1, float("inf")]]),
    ],
)
def test_a_line_that_says_what_cannot_be_counts_as_not_there(tmp_path: Path, name: str, value: object) -> None:
    line = entry_line(Entry(Step.ENDED, (1, 2), FileOutcome("a.png", FileState.DONE, tmp_path / "a.png")), tmp_path)
    assert read_line(line, tmp_path) is not None
    assert read_line(json.dumps(json.loads(line) | {name: value}).encode(), tmp_path) is None


def test_what_is_done_is_not_done_again(place: Place) -> None:
    damage(place.photos / "1.png")
    first = run(place.request())
    before = place.written()
    solve = QuickSolve()
    again = run(place.request(), solve, resume=True)
    assert solve.calls == 0
    assert place.written() == before
    assert all(outcome.from_journal for outcome in again.values())
    assert again.keys() == first.keys()
    for name, outcome in again.items():
        expected = replace(first[name], from_journal=True, seconds=outcome.seconds, error=str(first[name].error))
        assert outcome == expected, "pictures, figures and sentences too"
        assert outcome.seconds == pytest.approx(first[name].seconds, abs=1e-4)


def test_failures_stay_unless_they_are_to_be_retried(place: Place) -> None:
    assert run(place.request(), QuickSolve({1: MemoryError()}))["1.png"].state is FileState.FAILED
    solve = QuickSolve()
    assert run(place.request(), solve, resume=True)["1.png"].state is FileState.FAILED
    assert solve.calls == 0
    retried = run(place.request(), solve, resume=True, retry_failed=True)
    assert solve.calls == 1
    assert [outcome.state for outcome in retried.values()] == [FileState.DONE] * 3
    assert [outcome.from_journal for outcome in retried.values()] == [True, False, True]
    assert run(place.request(), solve, resume=True)["1.png"].from_journal


def test_a_failed_file_that_was_mended_is_done(place: Place) -> None:
    damage(place.photos / "1.png")
    run(place.request())
    place.add("1.png", 1)
    mended = run(place.request(), resume=True)["1.png"]
    assert (mended.state, mended.from_journal) == (FileState.DONE, False)


@pytest.mark.parametrize("folder", ["photos", "masks"])
def test_what_changed_since_is_done_again(place: Place, folder: str) -> None:
    run(place.request())
    before = place.written()
    write_image(place.root / folder / "1.png", noise(9) if folder == "photos" else np.eye(32, 48, dtype=np.uint8) * 255)
    solve = QuickSolve()
    again = run(place.request(), solve, resume=True)
    assert solve.calls == 1
    assert not again["1.png"].from_journal
    assert [name for name, data in place.written().items() if data != before[name]] == ["1.png"]


def test_an_output_that_is_gone_is_made_again_and_one_that_was_edited_stays(place: Place) -> None:
    run(place.request())
    (place.out / "0.png").unlink()
    (place.out / "1.png").write_bytes(b"edited since")
    again = run(place.request(), resume=True)
    assert [outcome.from_journal for outcome in again.values()] == [False, True, True]
    assert (place.out / "1.png").read_bytes() == b"edited since"
    write_image(place.photos / "1.png", noise(9))
    plan = plan_batch(place.request(), Records.read(place.request()))
    assert list(problems(plan)) == ["1.png"], "what is not ours is not overwritten, whatever the photo has become"


def test_what_was_put_in_place_is_known_by_its_hash(place: Place) -> None:
    """Killed between the putting in place and the note of it."""
    run(place.request())
    lines = (place.out / FOLDER / LINES).read_bytes().splitlines(keepends=True)
    last = max(index for index, line in enumerate(lines) if b'"file": "1.png", "step": "ended"' in line)
    (place.out / FOLDER / LINES).write_bytes(b"".join(lines[:last] + lines[last + 1 :]))
    solve = QuickSolve()
    known = run(place.request(), solve, resume=True)["1.png"]
    assert solve.calls == 0
    assert (known.state, known.from_journal) == (FileState.DONE, True)
    assert known.after


def test_what_was_not_put_in_place_is_done(place: Place) -> None:
    """Killed between the note and the putting in place, in the middle of a line that follows."""
    run(place.request())
    lines = (place.out / FOLDER / LINES).read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if b'"file": "1.png", "step": "ended"' not in line]
    (place.out / FOLDER / LINES).write_bytes(b"".join(kept) + b'{"file": "1.png", "st')
    expected = place.written()
    (place.out / "1.png").unlink()
    solve = QuickSolve()
    assert not run(place.request(), solve, resume=True)["1.png"].from_journal
    assert solve.calls == 1
    assert place.written() == expected
    assert run(place.request(), solve, resume=True)["1.png"].from_journal, "the cut line spoils no later one"


def test_what_others_began_may_be_replaced(place: Place) -> None:
    """A worker on another machine may have written a file of which nobody here heard any more."""
    request = place.request()
    jobs = plan_batch(request).jobs
    with Journal(request) as journal:
        assert journal.settled(jobs[1]) is None
        journal.begun(jobs[1])
    (place.out / "1.png").write_bytes(b"half or whole")
    (place.out / "2.png").write_bytes(b"somebody's")
    plan = plan_batch(request, Records.read(request))
    assert list(problems(plan)) == ["2.png"]
    assert [job.overwrite for job in plan.jobs] == [False, True]


def test_what_was_made_by_hand_stays_although_its_photo_changed(place: Place) -> None:
    request = place.request()
    run(request)
    job = plan_batch(request, Records.read(request)).jobs[1]
    write_image(job.output, noise(77))
    by_hand = FileOutcome(job.name, FileState.DONE, job.output, sha256(job.output.read_bytes()).hexdigest())
    with Journal(request, resume=True) as journal:
        journal.made_by_hand(job, by_hand)
    kept = job.output.read_bytes()
    place.add("1.png", 99, mask=None)
    found = run(request, resume=True)
    assert found["1.png"].from_journal
    assert job.output.read_bytes() == kept
    write_image(place.masks / "1.png", np.rot90(hole(), 2).copy())
    assert not run(request, resume=True)["1.png"].from_journal, "another mask asks for another result"
    assert job.output.read_bytes() != kept


@pytest.mark.parametrize("source", ["folder", "file"])
def test_a_mask_with_which_a_photo_was_put_back_counts_when_it_goes_on(place: Place, source: str) -> None:
    request = place.request()
    if source == "file":
        request = replace(request, masks=MaskSource(MaskOrigin.FILE, place.masks / "0.png"))
    run(request)
    mine = own_mask(place.out, "1.png")
    mine.parent.mkdir(parents=True)
    write_image(mine, np.rot90(hole(), 2).copy())
    again = plan_batch(request, Records.read(request))
    assert again.rows[1].job.mask == mine
    assert again.problems == ()
    assert plan_batch(request).rows[1].job.mask != mine, "another batch has its own masks"
    (place.masks / "1.png").unlink()
    run(request, resume=True)
    mended = place.written()
    (place.out / "0.png").unlink()
    run(request, resume=True)
    assert place.written() == mended, "with the mask painted for it, whatever goes on"


def test_numbered_outputs_keep_their_names(place: Place) -> None:
    place.out.mkdir()
    (place.out / "1.png").write_bytes(b"somebody's")
    request = place.request(existing=Existing.NUMBER)
    run(request)
    names = set(place.written())
    assert names == {"0.png", "1.png", "1-2.png", "2.png"}
    solve = QuickSolve()
    run(request, solve, resume=True)
    assert solve.calls == 0
    assert set(place.written()) == names


def test_other_settings_are_refused_by_name(place: Place) -> None:
    run(place.request())
    other = place.request(options=InpaintOptions(grow=7, detail=False))
    with pytest.raises(LacunaError, match=r"begun with other settings \(detail, grow\)"):
        run(other, resume=True)
    same = place.request(options=InpaintOptions(device=DeviceChoice.CPU), limit=1, existing=Existing.SKIP)
    assert all(outcome.from_journal for outcome in run(same, resume=True).values())


def test_settings_that_came_later_are_kept_only_where_they_are_used(place: Place) -> None:
    plain = settings_of(place.request())
    assert not {"seed", "context_scale"} & plain.keys(), "so that older journals go on"
    assert differing(plain, settings_of(place.request(options=InpaintOptions(seed=2)))) == ["seed"]


def test_a_new_batch_in_the_same_folder_counts_nothing_as_done(place: Place) -> None:
    run(place.request(), QuickSolve({0: MemoryError()}))
    assert set(problems(plan_batch(place.request()))) == {"1.png", "2.png"}
    solve = QuickSolve()
    run(place.request(existing=Existing.OVERWRITE), solve)
    assert solve.calls == 3
    assert all(outcome.from_journal for outcome in run(place.request(), resume=True).values())
    run(place.request(options=InpaintOptions(grow=7), existing=Existing.OVERWRITE, limit=1))
    with pytest.raises(LacunaError, match="other settings"):
        run(place.request(), resume=True)


def test_one_batch_at_a_time_in_a_folder(place: Place) -> None:
    request = place.request()
    with Journal(request), pytest.raises(LacunaError, match=r"another batch is at work in .*out"):
        Journal(request)
    Journal(request).close()


def test_what_a_killed_process_left_is_deleted(place: Place) -> None:
    request = place.request()
    place.out.mkdir()
    stray = place.out / ".lacuna-0123456789abcdef.tmp"
    stray.write_bytes(b"half of a picture")
    jobs = plan_batch(request).jobs
    with Journal(request) as journal:
        journal.settled(jobs[0])
    assert stray.exists(), "no batch was here: it may be somebody's who is writing now"
    with Journal(request, resume=True) as journal:
        journal.settled(jobs[0])
    assert not stray.exists()


def test_a_journal_of_a_later_version_is_left_alone(place: Place) -> None:
    run(place.request())
    path = place.out / FOLDER / LINES
    path.write_text(path.read_text().replace('"lacuna-batch": 1', '"lacuna-batch": 99'))
    with pytest.raises(LacunaError, match="newer version"):
        run(place.request(), resume=True)


def test_a_journal_that_cannot_be_written_costs_the_file_it_is_about(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = place.request()

    def full(self: Journal, entry: Entry) -> None:
        if entry.outcome.name == "1.png":
            raise WriteError("the disk is full")
        usual(self, entry)

    usual = Journal._append
    monkeypatch.setattr(Journal, "_append", full)
    found = run(request)
    assert [outcome.state for outcome in found.values()] == [FileState.DONE, FileState.FAILED, FileState.DONE]
    assert found["1.png"].error == "the disk is full"
    assert set(place.written()) == {"0.png", "2.png"}, "nothing is put in place that would not be known"
    monkeypatch.undo()
    solve = QuickSolve()
    run(request, solve, resume=True)
    assert solve.calls == 1


def test_what_failed_for_want_of_space_is_done_when_there_is_some(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        error = OSError(errno.ENOSPC, "No space left on device")
        raise write_failure(error, path) from error

    with monkeypatch.context() as patch:
        patch.setattr(file_job, "write_bytes", full)
        found = run(place.request())
    assert all("the disk is full" in outcome.error and outcome.is_place_trouble for outcome in found.values())
    again = run(place.request(), resume=True)
    assert all((outcome.state, outcome.from_journal) == (FileState.DONE, False) for outcome in again.values())


def test_an_output_folder_that_cannot_be_made_is_a_sentence(place: Place) -> None:
    (place.root / "file").write_bytes(b"")
    with pytest.raises(WriteError):
        Journal(place.request(output=place.root / "file" / "out"))


def test_stamps_know_photo_and_mask(place: Place) -> None:
    job = plan_batch(place.request()).jobs[0]
    assert len(stamp_of(job)) == 4
    assert len(stamp_of(replace(job, mask=None))) == 2
    assert stamp_of(replace(job, photo=place.photos / "none.png")) == ()


def test_each_file_has_its_two_lines(place: Place) -> None:
    run(place.request())
    steps = [(line["file"], line["step"]) for line in _lines(place) if "file" in line]
    assert sorted(steps) == sorted((f"{n}.png", step) for n in range(3) for step in ("writing", "ended"))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.ESTALE, errno.EACCES])
@pytest.mark.parametrize("what", ["write_bytes", "exists"])
def test_where_nothing_can_be_written_is_no_fault_of_the_file(
    place: Place, monkeypatch: pytest.MonkeyPatch, number: int, what: str
) -> None:
    def gone(path: Path, *_: object) -> bool:
        if place.out not in path.parents or path.suffix != ".png":
            return usual(path)
        error = OSError(number, os.strerror(number), str(path))
        if what == "write_bytes":
            raise write_failure(error, path) from error
        raise error

    usual = Path.exists
    request = place.request(limit=1)
    jobs = plan_batch(request).jobs
    target: Any = file_job if what == "write_bytes" else Path
    monkeypatch.setattr(target, what, gone)
    with Journal(request) as journal:
        (outcome,) = outcomes(run_batch(jobs, QuickSolve(), journal)).values()
    assert outcome.is_place_trouble
    assert "cannot save 0.png" in outcome.error
    monkeypatch.undo()
    assert run(request, resume=True)["0.png"].state is FileState.DONE


def test_a_folder_deleted_meanwhile_gets_no_more_results_before_it_is_chosen_again(place: Place) -> None:
    request = place.request()
    plan = plan_batch(request)

    with Journal(request) as journal:
        assert outcomes(run_batch(plan.jobs[:1], QuickSolve(), journal))["0.png"].state is FileState.DONE
        shutil.rmtree(place.out)
        found = outcomes(run_batch(plan.jobs[1:], QuickSolve(), journal))
    assert [outcome.is_place_trouble for outcome in found.values()] == [True, True]
    assert all("there is no folder" in outcome.error for outcome in found.values())
    assert not place.written(), "nothing that nobody would know of"


def test_a_journal_goes_on_where_its_disk_is_back(tmp_path: Path) -> None:
    path = tmp_path / "disk" / "journal"
    path.parent.mkdir()
    with AppendFile(path) as file:
        file.append(b"one\n")
        path.parent.rename(tmp_path / "away")
        for _ in range(2):
            with pytest.raises(WriteError, match="there is no folder"):
                file.append(b"two\n")
        shutil.copytree(tmp_path / "away", path.parent)
        file.append(b"three\n")
        assert file.nbytes == len(path.read_bytes())
    assert path.read_bytes() == b"one\nthree\n"
    assert (tmp_path / "away" / "journal").read_bytes() == b"one\n"


def test_what_is_made_by_hand_meanwhile_stays_when_the_batch_comes_to_it(place: Place) -> None:
    request = place.request(existing=Existing.OVERWRITE)
    jobs = plan_batch(request).jobs

    def by_hand(_: object) -> None:
        if not made:
            for job in jobs[1:]:
                job.output.write_bytes(b"by hand")
                journal.made_by_hand(job, FileOutcome(job.name, FileState.DONE, job.output, "00"))
            made.append(True)

    made: list[bool] = []
    with Journal(request) as journal:
        found = outcomes(run_batch(jobs, QuickSolve(on_call=by_hand), journal))
    assert {outcome.state for outcome in found.values()} == {FileState.DONE}
    written = place.written()
    assert [written[job.name] == b"by hand" for job in jobs] == [False, True, True]
