"""A run: every file one row, few images in memory at a time, an end whenever it is asked for."""

from __future__ import annotations

import gc
import os
import pickle
import sys
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.atomic import LEFTOVERS
from app.batch import file_job, pipeline
from app.batch.events import FileBegan, FileEnded, FileOutcome, FileProgress, FileState, Waiting
from app.batch.file_job import LoadedFile, process_file
from app.batch.pipeline import READ_AHEAD, WRITTEN_AT_ONCE, run_batch
from app.batch.plan import plan_batch
from app.batch.request import Existing, FileJob, MaskOrigin, MaskSource
from app.errors import LacunaError
from app.imaging.files import read_photo
from app.inference.request import InpaintOptions, RunCancelled, Stage
from app.words import Words
from tests.batch_folders import RESULT_GREY, Place, QuickSolve, damage, hole, make_place, noise, outcomes


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Six photos with their masks."""
    return make_place(tmp_path / "place", 6)


def _jobs(place: Place) -> tuple[FileJob, ...]:
    return plan_batch(place.request()).jobs


def test_files_are_filled_and_keep_everything_else(place: Place) -> None:
    found = outcomes(run_batch(_jobs(place), QuickSolve()))
    assert list(found) == [f"{number}.png" for number in range(6)]
    for number, outcome in enumerate(found.values()):
        assert (outcome.state, outcome.output) == (FileState.DONE, place.out / f"{number}.png")
        expected = noise(number)
        expected[hole() > 0] = RESULT_GREY[Stage.GLOBAL]
        assert np.array_equal(read_photo(place.out / f"{number}.png").pixels, expected)
    first = found["0.png"]
    assert first.seconds.keys() == {"load", "coarse", "local", "global", "save", "total"}
    assert first.seconds["total"] >= 0.3 + first.seconds["save"]
    assert (first.regions, first.hole_pixels) == (((12, 8, 12, 8, 1.0),), 96)
    assert (first.model, first.device, first.warnings, first.extent) == ("quick", "cpu", ("a warning",), (48, 32))
    assert all(picture.startswith(b"\xff\xd8") for picture in (first.before, first.after))
    assert first.before != first.after


def test_events_come_in_order(place: Place) -> None:
    events = [event for event in run_batch(_jobs(place), QuickSolve()) if not isinstance(event, Waiting)]
    for kind in (FileBegan, FileEnded):
        assert [event.job.number for event in events if isinstance(event, kind)] == list(range(6))
    of_first = [event for event in events if not isinstance(event, Waiting) and event.job.number == 0]
    assert [type(event) for event in of_first] == [FileBegan, *[FileProgress] * 3, FileEnded]
    assert [round(event.fraction, 2) for event in of_first if isinstance(event, FileProgress)] == [0, 0.33, 0.67]


def test_one_bad_file_is_one_row(place: Place) -> None:
    jobs = _jobs(place)
    damage(place.photos / "1.png")
    damage(place.masks / "2.png")
    (place.photos / "5.png").unlink()
    solve = QuickSolve({1: MemoryError(), 2: ZeroDivisionError("division by zero")})
    found = outcomes(run_batch(jobs, solve))
    assert [outcome.state for outcome in found.values()] == [FileState.DONE, *[FileState.FAILED] * 5]
    sentences = {name: str(outcome.error) for name, outcome in found.items()}
    assert "1.png is damaged" in sentences["1.png"]
    assert "2.png is damaged" in sentences["2.png"]
    assert "memory ran out at 3.png" in sentences["3.png"]
    assert "went wrong with 4.png (ZeroDivisionError: division by zero)" in sentences["4.png"]
    assert "5.png does not exist" in sentences["5.png"]
    assert found["3.png"].before, "what could be read is shown"
    assert not found["1.png"].before
    assert all(isinstance(outcome.error, Words) for name, outcome in found.items() if name != "0.png")
    assert list(place.written()) == ["0.png"]


def test_what_cannot_be_written_is_one_row(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = _jobs(place)
    place.out.mkdir()
    (place.out / "2.png").write_bytes(b"came meanwhile")

    def full(path: Path, data: bytes) -> None:
        if path.name == "3.png":
            raise OSError(28, "No space left on device", str(path))
        path.write_bytes(data)

    monkeypatch.setattr(file_job, "write_bytes", full)
    found = outcomes(run_batch(jobs, QuickSolve()))
    failed = {name: str(outcome.error) for name, outcome in found.items() if outcome.state is FileState.FAILED}
    assert failed.keys() == {"2.png", "3.png"}
    assert "2.png is there by now" in failed["2.png"]
    assert "No space left" in failed["3.png"]
    assert (place.out / "2.png").read_bytes() == b"came meanwhile"


def test_every_stage_is_written_where_it_is_wanted(place: Place, tmp_path: Path) -> None:
    request = place.request(stages=tmp_path / "stages", options=InpaintOptions(result_stage=Stage.COARSE), limit=1)
    outcomes(run_batch(plan_batch(request).jobs, QuickSolve()))
    written = {path.name: read_photo(path).pixels[10, 15, 0] for path in (tmp_path / "stages" / "0").iterdir()}
    assert written == {"coarse.png": 100, "local.png": 150, "global.png": 200}
    assert read_photo(place.out / "0.png").pixels[10, 15, 0] == 100


def test_what_was_transparent_is_filled_and_opaque(tmp_path: Path) -> None:
    place = make_place(tmp_path / "place")
    alpha = 255 - hole()
    alpha[30, 40] = 100
    alpha[31, 47] = 200
    Image.fromarray(np.dstack([noise(0), alpha])).save(place.photos / "a.png")
    request = place.request(masks=MaskSource(MaskOrigin.ALPHA), options=InpaintOptions(grow=0))
    found = outcomes(run_batch(plan_batch(request).jobs, QuickSolve()))
    assert found["a.png"].state is FileState.DONE
    written = np.asarray(Image.open(place.out / "a.png"))
    assert (written[hole() > 0] == [200, 200, 200, 255]).all()
    assert written[30, 40, 3] == 255, "less than half opaque is hole"
    assert written[31, 47, 3] == 200


def test_the_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more files are in memory than may be read ahead, filled and written, and none after the end."""
    place = make_place(tmp_path / "place", 14)
    damage(place.photos / "3.png")
    held: weakref.WeakSet[LoadedFile] = weakref.WeakSet()
    most = 0
    lock = threading.Lock()
    usual = pipeline.load_file

    class Kept(LoadedFile):
        """One that can be watched."""

    def watched(job: FileJob) -> LoadedFile:
        nonlocal most
        loaded = usual(job)
        kept = Kept(loaded.photo, loaded.mask, loaded.before, loaded.seconds)
        with lock:
            held.add(kept)
            most = max(most, len(held))
        return kept

    monkeypatch.setattr(pipeline, "load_file", watched)
    solve = QuickSolve({5: ValueError("cannot"), 9: LacunaError("will not")})
    gc.collect()
    gc.disable()
    try:
        ended = 0
        for event in run_batch(_jobs(place), solve):
            ended += isinstance(event, FileEnded)
            assert len(held) <= READ_AHEAD + 1 + WRITTEN_AT_ONCE
        assert ended == 14
        assert len(held) == 0, "nothing waits for the garbage collector"
    finally:
        gc.enable()
    assert 1 < most <= READ_AHEAD + 1 + WRITTEN_AT_ONCE


def test_files_are_taken_no_earlier_than_needed(place: Place) -> None:
    jobs = _jobs(place)
    taken: list[int] = []

    def queue() -> Iterator[FileJob]:
        for job in jobs:
            taken.append(job.number)
            yield job

    run = run_batch(queue(), QuickSolve())
    began = next(event for event in run if isinstance(event, FileBegan))
    assert began.job.number == 0
    assert len(taken) <= 1 + READ_AHEAD
    run.close()  # type: ignore[attr-defined]
    assert len(taken) <= 1 + READ_AHEAD


def test_a_queue_may_grow_while_its_last_file_is_done(place: Place) -> None:
    first, second, *_ = _jobs(place)

    class Queue:
        """Has nothing more, then it has."""

        def __init__(self) -> None:
            self.jobs = [first]

        def __iter__(self) -> Iterator[FileJob]:
            return self

        def __next__(self) -> FileJob:
            if not self.jobs:
                raise StopIteration
            return self.jobs.pop()

    queue = Queue()
    ended = []
    for event in run_batch(queue, QuickSolve()):
        if isinstance(event, FileProgress) and event.job is first and event.stage is Stage.GLOBAL:
            queue.jobs.append(second)
        if isinstance(event, FileEnded):
            ended.append(event.job)
    assert ended == [first, second]


def test_while_nothing_is_read_it_waits_without_blocking(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    usual = pipeline.load_file

    def slow(job: FileJob) -> LoadedFile:
        assert gate.wait(10)
        return usual(job)

    monkeypatch.setattr(pipeline, "load_file", slow)
    monkeypatch.setattr(pipeline, "PATIENCE", 0.001)
    run = run_batch(_jobs(place)[:1], QuickSolve())
    assert [type(next(run)) for _ in range(3)] == [Waiting] * 3
    gate.set()
    assert [event for event in run if isinstance(event, FileEnded)]


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_reading_and_writing_make_way_for_filling(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def nice() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    found: dict[str, int] = {}
    load, save = pipeline.load_file, pipeline.save_file
    monkeypatch.setattr(pipeline, "load_file", lambda *given: (found.update(load=nice()), load(*given))[1])
    monkeypatch.setattr(pipeline, "save_file", lambda *given: (found.update(save=nice()), save(*given))[1])
    usual = nice()
    outcomes(run_batch(_jobs(place)[:1], QuickSolve(on_call=lambda _: found.update(fill=nice()))))
    assert found["fill"] == usual == nice()
    assert found["load"] == found["save"] == min(usual + 10, 19)


@pytest.mark.parametrize("by", ["close", "check"])
def test_an_end_leaves_nothing_half_done(place: Place, by: str) -> None:
    cancelled = False

    def check() -> None:
        if cancelled:
            raise RunCancelled

    run = run_batch(_jobs(place), QuickSolve(), check=check)
    for event in run:
        if isinstance(event, FileProgress) and (event.job.number, event.stage) == (2, Stage.LOCAL):
            break
    if by == "close":
        run.close()  # type: ignore[attr-defined]
    else:
        cancelled = True
        with pytest.raises(RunCancelled):
            list(run)
    assert set(place.written()) == {"0.png", "1.png"}, "what was being written is finished"
    assert not list(place.out.glob(LEFTOVERS))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("batch-")]


def test_a_process_of_its_own_does_a_file_alike(place: Place) -> None:
    job = pickle.loads(pickle.dumps(_jobs(place)[0]))
    told: list[FileOutcome] = []
    outcome = process_file(job, QuickSolve(), settle=told.append)
    assert outcome.state is FileState.DONE
    assert [each.sha256 for each in told] == [outcome.sha256]
    assert pickle.loads(pickle.dumps(outcome)) == outcome
    alone = place.written()
    (place.out / "0.png").unlink()
    outcomes(run_batch(_jobs(place)[:1], QuickSolve()))
    assert place.written() == alone
    again = process_file(job, QuickSolve())
    assert (again.state, again.output) == (FileState.FAILED, None)
    damage(place.photos / "0.png")
    assert "damaged" in process_file(plan_batch(place.request(existing=Existing.OVERWRITE)).jobs[0], QuickSolve()).error
