"""Killed at any moment, a batch goes on: exactly what remains, nothing twice, nothing half-written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from app.atomic import LEFTOVERS
from app.batch.events import FileState
from app.batch.records import FOLDER
from app.inference.request import InpaintOptions, Stage
from tests.batch_folders import Place, damage, make_place, run

ROUNDS, KILLS = 4, 4
COUNT = 8
DAMAGED = {3, 6}


def _written(folder: Path) -> dict[str, bytes]:
    """All but what the journal keeps."""
    files = (path for path in folder.rglob("*") if path.is_file() and FOLDER not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _killed(place: Place) -> list[dict[str, Any]]:
    """What the processes say that were killed, and those that were not."""
    command = [
        sys.executable,
        "-m",
        "tests.batch_kills",
        place.photos,
        place.masks,
        place.root,
        str(ROUNDS),
        str(KILLS),
    ]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    root = Path(__file__).parent.parent
    ended = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True, timeout=120)
    assert ended.stderr == ""
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_again_and_again_it_ends_as_if_undisturbed(tmp_path: Path) -> None:
    place = make_place(tmp_path / "place", COUNT)
    for number in DAMAGED:
        damage(place.photos / f"{number}.png")
    changes = {"options": InpaintOptions(last_stage=Stage.COARSE)}
    run(place.request(stages=place.out / "stages", **changes))
    expected = _written(place.out)
    assert len(expected) == 2 * (COUNT - len(DAMAGED)), "each with its stage"

    processes = _killed(place)
    assert sum(process["killed"] for process in processes) >= ROUNDS
    assert any(process["killed"] and process["there"] for process in processes), "some in the midst of it"
    for process in processes:
        assert process["killed"] or process["code"] == 0
        assert not set(process["filled"]) & set(process["there"]), "what is there is never filled again"
        assert max(Counter(process["filled"]).values(), default=0) <= 1
    for number in range(ROUNDS):
        out = place.root / str(number)
        assert _written(out) == expected
        assert not list(out.rglob(LEFTOVERS))
        again = run(place.request(output=out, stages=out / "stages", **changes), resume=True)
        assert all(outcome.from_journal for outcome in again.values())
        failed = {name for name, outcome in again.items() if outcome.state is FileState.FAILED}
        assert failed == {f"{number}.png" for number in DAMAGED}
