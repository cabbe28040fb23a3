"""Watches a worker: one file after the other, each within its time and memory."""

from __future__ import annotations

import json
import os
import selectors
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from tests.fuzzing.case import Case, Fault, Kind, Verdict

SECONDS = 10.0
"""Of processor time that a file may take."""
_PATIENCE = 12
"""Times as long by the clock, on a machine with other work to do."""
_LOOK = 0.05


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a file may take."""

    pixels: int
    """More than these are refused."""
    megabytes: float
    """On top of what the process held before."""
    seconds: float = SECONDS


def bound_of(pixels: int) -> float:
    """The bound in megabytes for photos of at most so many `pixels`: what the program holds of one, and some more."""
    return 400 + 40 * pixels / 1e6


class Trial:
    """One worker at a time, started anew where a file ended it."""

    def __init__(self, folder: Path, bounds: Bounds) -> None:
        """Files are laid into `folder`, one after the other."""
        self._folder, self._bounds = folder, bounds
        self._canary = folder / "canary"
        self._process: subprocess.Popen[str] | None = None
        self._warm: set[Kind] = set()

    def verdicts(self, cases: Iterable[Case]) -> Iterator[Verdict]:
        """One a case."""
        try:
            for case in cases:
                yield self._tried(case)
        finally:
            self._stop()

    def _tried(self, case: Case) -> Verdict:
        home = self._folder / "case"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        os.environ["LACUNA_CANARY"] = str(self._canary)
        files = case.make()
        for name, data in files.items():
            (home / name).write_bytes(data)
        verdict = self._answered(case, home / next(iter(files)))
        if self._canary.exists():
            self._canary.unlink()
            return _with(verdict, Fault.CODE)
        return verdict

    def _answered(self, case: Case, path: Path) -> Verdict:
        process = self._worker(case.kind)
        self._order(process, case.kind, path)
        fault, seconds, megabytes = self._watched(process)
        if fault is not None:
            self._stop()
            return Verdict(case.name, case.kind, False, seconds, megabytes, faults=(fault,))
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            self._stop()
            return Verdict(case.name, case.kind, False, seconds, megabytes, faults=(Fault.CRASH,))
        answer = json.loads(line)
        verdict = Verdict(
            case.name,
            case.kind,
            answer["opened"],
            answer["seconds"],
            answer["megabytes"],
            answer["text"],
            tuple(Fault(each) for each in answer["faults"]),
            answer["details"],
        )
        return _with(verdict, Fault.MEMORY) if verdict.megabytes > self._bounds.megabytes else verdict

    def _watched(self, process: subprocess.Popen[str]) -> tuple[Fault | None, float, float]:
        """Wait for the answer; the fault that ended the wait, processor seconds and megabytes taken until then."""
        seen = psutil.Process(process.pid)
        began, start, base = time.monotonic(), _processor(seen), seen.memory_info().rss / 1e6
        used = taken = 0.0
        with selectors.DefaultSelector() as ready:
            ready.register(process.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
            while not ready.select(_LOOK):
                used, taken = _processor(seen) - start, max(taken, seen.memory_info().rss / 1e6 - base)
                if used > self._bounds.seconds or time.monotonic() - began > _PATIENCE * self._bounds.seconds:
                    return Fault.HANG, used, taken
                if taken > 1.5 * self._bounds.megabytes:
                    return Fault.MEMORY, used, taken
        return None, used, taken

    def _worker(self, kind: Kind) -> subprocess.Popen[str]:
        """Running, and with all libraries loaded that the first file of a `kind` needs: that is not to count."""
        if self._process is None or self._process.poll() is not None:
            printed = str(self._folder / "printed")
            command = [sys.executable, "-X", "faulthandler", "-m", "tests.fuzzing.worker", printed]
            pipe = subprocess.PIPE
            environment = os.environ | {"OMP_NUM_THREADS": "1"}
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment)
            self._warm.clear()
        if kind not in self._warm:
            self._warm.add(kind)
            self._order(self._process, kind, self._folder / "nowhere.jpg")
            assert self._process.stdout is not None
            self._process.stdout.readline()
        return self._process

    def _order(self, process: subprocess.Popen[str], kind: Kind, path: Path) -> None:
        assert process.stdin is not None
        order = {"kind": kind, "path": str(path), "limit": self._bounds.pixels}
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _processor(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _with(verdict: Verdict, fault: Fault) -> Verdict:
    return replace(verdict, faults=(*verdict.faults, fault))
