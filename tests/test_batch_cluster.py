"""A batch on a Dask cluster: the same outputs, journal and resume; a lost worker costs its file a retry."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app import __version__
from app.batch import cluster, provenance
from app.batch.cluster import engine_solve, run_on_cluster
from app.batch.events import BatchEvent, FileBegan, FileEnded, FileOutcome, FileState
from app.batch.journal import Journal
from app.batch.pipeline import run_batch
from app.batch.plan import plan_batch
from app.batch.records import Records
from app.batch.request import BatchRequest, MaskOrigin, MaskSource
from app.errors import LacunaError
from app.imaging.files import write_image
from app.inference.allowed import AllowedFile
from app.inference.request import InpaintOptions
from tests.cluster_engine import make_none, make_solve
from tests.networks import write_tiny_weights

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")

PHOTOS = 8


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Of a scheduler with two workers, each a process; a file may cost one worker its life, not two."""
    local = {"n_workers": 2, "processes": True, "threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(**local) as cluster,
    ):
        yield cluster.scheduler_address


@pytest.fixture
def request_(tmp_path: Path) -> BatchRequest:
    """Photos of which the first pixel tells the number, the notes of `cluster_engine` in place of weights."""
    for name in ("photos", "masks", "notes"):
        (tmp_path / name).mkdir()
    for number in range(PHOTOS):
        write_image(tmp_path / "photos" / f"{number}.png", np.full((48, 64, 3), number, np.uint8))
        mask = np.zeros((48, 64, 3), np.uint8)
        mask[10:20, 10:30] = 255
        write_image(tmp_path / "masks" / f"{number}.png", mask)
    masks = MaskSource(MaskOrigin.FOLDER, tmp_path / "masks")
    return BatchRequest(tmp_path / "photos", tmp_path / "out", masks, weights=tmp_path / "notes")


def on_cluster(
    request: BatchRequest, address: str, *, resume: bool = False, most: int | None = None
) -> list[BatchEvent]:
    """The events, all or as many as `most` ended files."""
    events: list[BatchEvent] = []
    with Journal(request, resume=resume) as journal:
        jobs = plan_batch(request, Records.read(request)).jobs
        run = run_on_cluster(jobs, address, journal, make_solve=make_solve)
        for event in run:
            events.append(event)
            if len(outcomes(events)) == most:
                run.close()
    return events


def outcomes(events: list[BatchEvent]) -> dict[str, FileOutcome]:
    return {event.outcome.name: event.outcome for event in events if isinstance(event, FileEnded)}


def outputs(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.*") if path.is_file()}


def tries(request: BatchRequest, number: int) -> int:
    assert request.weights is not None
    return len(list(request.weights.glob(f"try-{number}-*")))


def test_a_lost_worker_costs_its_file_a_retry(request_: BatchRequest, address: str, tmp_path: Path) -> None:
    (tmp_path / "notes" / "die-3").touch()
    events = on_cluster(request_, address)
    assert {each.state for each in outcomes(events).values()} == {FileState.DONE}
    assert len(outcomes(events)) == PHOTOS == sum(isinstance(event, FileBegan) for event in events)
    assert tries(request_, 3) == 2, "once on the worker that died, once on another"

    local = replace(request_, output=tmp_path / "local")
    list(run_batch(plan_batch(local).jobs, make_solve(request_.weights)))
    assert outputs(request_.output) == outputs(local.output)
    assert len(outputs(local.output)) == PHOTOS
    assert not list(request_.output.rglob("*.tmp"))


def test_what_is_done_is_not_done_again(request_: BatchRequest, address: str, tmp_path: Path) -> None:
    (tmp_path / "photos" / "5.png").write_bytes(b"\x89PNG\r\n\x1a\n, cut short")
    first = on_cluster(request_, address, most=3)
    assert len(outcomes(first)) == 3
    again = outcomes(on_cluster(request_, address, resume=True))
    assert len(again) == PHOTOS - 1, "the damaged one is a problem of the plan"
    assert {name for name, each in again.items() if each.from_journal} == outcomes(first).keys()
    assert len(outputs(request_.output)) == PHOTOS - 1
    third = outcomes(on_cluster(request_, address, resume=True))
    assert all(each.from_journal for each in third.values())
    assert third["0.png"].sha256
    assert third["0.png"].after.startswith(b"\xff\xd8")


def test_a_file_that_kills_every_worker_is_one_failure(request_: BatchRequest, address: str, tmp_path: Path) -> None:
    for attempt in range(2):
        (tmp_path / "notes" / f"die-2-{attempt}").touch()
    ended = outcomes(on_cluster(replace(request_, limit=4), address))
    assert [name for name, each in ended.items() if each.state is FileState.FAILED] == ["2.png"]
    assert ended["2.png"].error.startswith("2.png was given up: the workers that tried it were lost")
    assert len(outputs(request_.output)) == 3


def test_an_output_that_appears_meanwhile_is_not_replaced(request_: BatchRequest, address: str) -> None:
    jobs = plan_batch(replace(request_, limit=1)).jobs
    request_.output.mkdir()
    (request_.output / "0.png").write_bytes(b"mine")
    (ended,) = run_on_cluster(jobs, address, make_solve=make_solve)
    assert isinstance(ended, FileEnded)
    assert ended.outcome.state is FileState.FAILED
    assert (request_.output / "0.png").read_bytes() == b"mine"


def test_what_a_worker_lacks_is_said_in_its_own_words(request_: BatchRequest, address: str) -> None:
    jobs = plan_batch(replace(request_, limit=1)).jobs
    (ended,) = outcomes(list(run_on_cluster(jobs, address, make_solve=make_none))).values()
    assert (ended.state, ended.error) == (FileState.FAILED, f"{request_.weights}: no weights there")


def test_workers_with_other_versions_are_told_of(
    request_: BatchRequest, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = plan_batch(replace(request_, limit=1)).jobs
    told: list[str] = []
    list(run_on_cluster(jobs, address, tell=told.append, make_solve=make_solve))
    assert told == []
    monkeypatch.setattr(provenance, "__version__", "9.0")
    list(run_on_cluster([replace(jobs[0], overwrite=True)], address, tell=told.append, make_solve=make_solve))
    assert len(told) == 2
    assert f"has lacuna {__version__}, not 9.0: results may differ" in told[0]


def test_a_folder_that_workers_do_not_see(request_: BatchRequest, address: str) -> None:
    (job,) = plan_batch(replace(request_, limit=1)).jobs
    with pytest.raises(LacunaError, match=r"the worker .* does not see .*nowhere: photos and results must lie in"):
        list(run_on_cluster([replace(job, weights=Path("/nowhere"))], address, make_solve=make_solve))


def test_a_model_of_ones_own_that_workers_do_not_see(request_: BatchRequest, address: str) -> None:
    own = AllowedFile(Path("/nowhere/own.pt"), "ab" * 32)
    options = InpaintOptions(coarse="custom", coarse_file=own)
    (job,) = plan_batch(replace(request_, limit=1, options=options)).jobs
    with pytest.raises(LacunaError, match=r"does not see .*own\.pt"):
        list(run_on_cluster([job], address, make_solve=make_solve))


def test_a_scheduler_that_does_not_answer(request_: BatchRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECTING", 0.2)
    jobs = plan_batch(request_).jobs
    for nowhere in ("tcp://127.0.0.1:9", "no address:at all"):
        with pytest.raises(LacunaError, match="no Dask scheduler answers at"):
            list(run_on_cluster(jobs, nowhere))


_CLUSTER = """
import sys, distributed
cluster = distributed.LocalCluster(1, processes=False, protocol="tcp", dashboard_address=":0", silence_logs=50)
print(cluster.scheduler_address, flush=True)
sys.stdin.read()
"""


def test_a_scheduler_that_goes_away(request_: BatchRequest) -> None:
    root = Path(__file__).parents[1]
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", _CLUSTER], cwd=root, stdin=pipe, stdout=pipe, text=True) as own:
        assert own.stdout is not None
        address = own.stdout.readline().strip()
        with Journal(request_) as journal:
            run = run_on_cluster(plan_batch(request_).jobs, address, journal, make_solve=make_solve)
            assert isinstance(next(run), FileBegan)
            own.kill()
            with pytest.raises(LacunaError, match=r"the scheduler at .* went away: start it again, then go on"):
                list(run)


def test_the_package_that_is_missing_is_named(request_: BatchRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(LacunaError, match=r"pip install 'lacuna\[cluster\]'"):
        list(run_on_cluster(plan_batch(request_).jobs, "tcp://127.0.0.1:9"))


def test_nothing_to_do_needs_no_scheduler() -> None:
    assert list(run_on_cluster([], "tcp://127.0.0.1:9")) == []


def test_a_worker_keeps_its_networks_until_their_files_change(tmp_path: Path) -> None:
    weights = write_tiny_weights(tmp_path)
    first = engine_solve(weights)
    assert engine_solve(weights) == first, "of the same engine"
    (weights / "model.json").write_bytes(b"{}")
    assert engine_solve(weights) != first
