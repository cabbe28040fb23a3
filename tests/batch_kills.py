"""Batches done by processes that are killed: ``python -m tests.batch_kills PHOTOS MASKS FOLDER ROUNDS KILLS``.

Each round is a batch with an output folder of its own, ``FOLDER/0`` and so on; each of its processes is killed as hard
as it gets, at a moment drawn for it: between the steps in which files are opened, flushed, renamed and deleted, or by
the clock. A last one goes undisturbed. Prints one JSON line for each process: its round, whether it was killed, which
photos it filled, which outputs were there when it began.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from app.batch.journal import Journal
from app.batch.pipeline import run_batch
from app.batch.plan import plan_batch
from app.batch.records import Records
from app.batch.request import BatchRequest, MaskOrigin, MaskSource
from app.inference.request import InpaintOptions, InpaintRequest, Stage
from tests.batch_folders import QuickSolve, noise

STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "os.truncate"}
"""Audit events at which a process may be killed."""
MOST_STEPS = 70
"""Of about a hundred, once planning, which writes nothing, is over."""
LONGEST = 0.1
"""Seconds to the kill of a process that is killed by the clock."""


def kill() -> None:
    """End this process at once; nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_at_step(number: int) -> None:
    """Let this process be killed before its `number`th step with files."""
    left = number
    flushed = os.fsync

    def count(event: str, _: Any) -> None:
        nonlocal left
        if event in STEPS:
            left -= 1
            if left <= 0:
                kill()

    def fsync(handle: int) -> None:
        count("open", ())
        flushed(handle)

    sys.addaudithook(count)
    os.fsync = fsync


def batch(request: BatchRequest, log: Path, steps: int | None) -> None:
    """Do what remains, or die after so many `steps`; the number of each photo that is filled goes to `log`."""
    with log.open("ab", buffering=0) as file:

        def note(filled: InpaintRequest) -> None:
            number = next(n for n in range(100) if np.array_equal(noise(n), filled.image))
            file.write(b"%d\n" % number)

        plan = plan_batch(request, Records.read(request))
        if steps is not None:
            kill_at_step(steps)
        with Journal(request, resume=True) as journal:
            for _ in run_batch(plan.jobs, QuickSolve(on_call=note), journal):
                pass


def started(request: BatchRequest, log: Path, seed: int | None) -> int:
    """A process that does the batch, and is killed as `seed` says; its id."""
    child = os.fork()
    if child:
        return child
    steps = None
    if seed is not None:
        drawn = random.Random(seed)
        if drawn.random() < 0.8:
            steps = drawn.randint(1, MOST_STEPS)
        else:
            clock = threading.Timer(drawn.uniform(0, LONGEST), kill)
            clock.daemon = True
            clock.start()
    batch(request, log, steps)
    os._exit(0)


def main(photos: str, masks: str, folder: str, rounds: str, kills: str) -> None:
    """See the module."""
    cv2.setNumThreads(1)
    for place in range(int(rounds)):
        out = Path(folder, str(place))
        source = MaskSource(MaskOrigin.FOLDER, Path(masks))
        request = BatchRequest(
            Path(photos), out, source, InpaintOptions(last_stage=Stage.COARSE), stages=out / "stages"
        )
        log = out.with_suffix(".log")
        for number in (*range(int(kills)), None):
            log.write_bytes(b"")
            there = sorted(int(path.stem) for path in out.glob("*.png"))
            _, status = os.waitpid(started(request, log, None if number is None else 1000 * place + number), 0)
            filled = [int(line) for line in log.read_bytes().split()]
            ended = {"round": place, "killed": os.WIFSIGNALED(status), "code": status, "filled": filled, "there": there}
            print(json.dumps(ended), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
