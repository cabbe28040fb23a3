"""The batch section of the bench: what its processes tell, also those that fail and those that are killed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.batch.events import FileState
from app.batch.records import FOLDER
from app.bench import batch
from app.bench.batch_folder import BatchFolder, make_batch_folder
from app.bench.batch_steps import Ended, Ran, kill_moments, single_seconds, told
from app.bench.options import BenchOptions
from app.bench.report import text_report
from app.errors import LacunaError
from app.imaging.files import read_mask, read_photo
from app.imaging.geometry import Extent

EXTENT = Extent(96, 64)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> BatchFolder:
    """Four photographs."""
    return make_batch_folder(tmp_path_factory.mktemp("bench"), 4, EXTENT)


def counting(count: int) -> Iterator[int]:
    yield from range(count)


def failing() -> Iterator[int]:
    yield 1
    raise SystemExit(3)


def lasting() -> Iterator[int]:
    yield 1
    time.sleep(60)


def test_what_a_process_yields_is_heard() -> None:
    assert list(told(counting, 3)) == [0, 1, 2]


def test_a_process_that_fails_is_told() -> None:
    words = told(failing)
    assert next(words) == 1
    with pytest.raises(LacunaError, match="ended with 3"):
        next(words)


def test_a_process_is_killed_in_time() -> None:
    assert list(told(lasting, kill_after=0.01)) == [1]


def test_kills_fall_within_the_time_they_leave() -> None:
    moments = kill_moments(5, 60.0)
    assert moments == kill_moments(5, 60.0)
    assert len(moments) == 5
    assert all(0 < moment < 60 for moment in moments)


def test_the_folder_has_masks_and_damage(folder: BatchFolder) -> None:
    names = sorted(path.name for path in folder.photos.iterdir())
    assert len(names) == folder.count == 4
    assert len(folder.damaged) == 1
    for name in set(names) - folder.damaged:
        assert read_photo(folder.photos / name).extent == EXTENT
        assert read_mask((folder.masks / name).with_suffix(".png"), EXTENT).any()
    for name in folder.damaged:
        with pytest.raises(LacunaError):
            read_photo(folder.photos / name)


def test_figures_say_what_was_lost(tmp_path: Path, folder: BatchFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that was killed once, did a photograph twice and lost another."""
    sound = sorted({path.name for path in folder.photos.iterdir()} - folder.damaged)

    def steps(step: object, request: object, options: object, kill_after: float | None = None) -> Iterator[object]:
        if step is single_seconds:
            yield from [2.0] * len(sound)
            return
        output = request.output  # type: ignore[attr-defined]
        (output / FOLDER).mkdir(parents=True, exist_ok=True)
        done = sound if output.name == "undisturbed" else sound[:-1]
        for name in done:
            (output / name).write_bytes(name.encode())
            yield Ended(name, FileState.DONE, False, {"global": 1.5, "load": 0.5, "save": 0.25}, 100.0)
        if kill_after is None:
            yield from (Ended(name, FileState.FAILED, False, {}, 110.0) for name in folder.damaged)
            yield Ran(6.0, 0.5, 120.0)

    monkeypatch.setattr(batch, "told", steps)
    monkeypatch.setattr(batch, "make_batch_folder", lambda *_: folder)
    figures = batch.measure_batch(BenchOptions(photos=4, kills=1), lambda text: None)
    assert (figures["outputs"], figures["failed_rows"], figures["failed_are_the_damaged"]) == (3, 1, True)
    assert figures["throughput"] == 1.0
    assert figures["profile"]["other_s"] == 1.0
    killed = figures["killed"]
    assert (killed["outputs"], killed["identical"], killed["done_twice"]) == (2, False, 2)
    text = text_report({"batch": figures})
    assert "3 outputs, 1 failures, exactly the damaged ones" in text
    assert "killed 1 times and resumed: 2 outputs, NOT identical, 2 done twice" in text
