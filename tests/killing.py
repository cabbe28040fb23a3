"""Kills real processes of the editor at random moments and looks at what is left: ``python -m tests.killing``.

What is restored must be a state that the process was in, none older than a second before it was killed; the photo on
the disk must be one that was there before, or a complete new one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from app.document.document import Document
from app.document.recovery.offers import offers, restore
from app.imaging.files import read_photo, write_image
from tests.killed import digest

BEHIND = 1.0
"""Seconds that the journal may be behind."""
SIZE = 400, 300
_LIFE = 3.0
"""Seconds, at most, that a process lives once it has a photo."""

State = tuple[str, ...]


@dataclass
class Moment:
    """One process, and what was found when it was dead."""

    seed: int
    doing: str = ""
    """What it was killed in the middle of."""
    behind: float = 0.0
    """Seconds by which what was restored is older than the kill, at most."""
    problems: list[str] = field(default_factory=list)


@dataclass
class _Logged:
    """What the dead process wrote down."""

    states: list[tuple[float, State]] = field(default_factory=list)
    saved: set[str] = field(default_factory=set)
    doing: set[str] = field(default_factory=set)


def killed_at_random(seed: int, folder: Path, longest_life: float = _LIFE) -> list[Moment]:
    """Two processes: one with a fresh photo, and one that restores what the first left; both are killed."""
    folder.mkdir()
    chance = random.Random(seed)
    pixels = np.random.default_rng(seed).integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
    write_image(folder / "sea.png", pixels)
    saved = {hashlib.sha1((folder / "sea.png").read_bytes()).hexdigest()}
    in_window = ["--window"] if seed % 4 == 0 else []
    first = _killed(seed, folder, chance.uniform(0.02, longest_life), in_window, None, saved)
    before = _restored(folder)
    life = chance.choice([chance.uniform(0.02, longest_life)] * 2 + [-chance.uniform(0.5, 2.5)])
    second = _killed(seed + 1, folder, life, [*in_window, "--again"], before, saved)
    return [first, second]


def _killed(seed: int, folder: Path, life: float, how: list[str], before: State | None, saved: set[str]) -> Moment:
    """`life` is in seconds from when it has a photo, or, below 0, from when it is started."""
    log = folder / "log"
    log.write_bytes(b"")
    command = [sys.executable, "-m", "tests.killed", str(folder), str(seed), *how]
    with (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(command, env=_environment(folder), stderr=errors, stdout=errors)
        if life > 0:
            _wait_for(process, log)
        time.sleep(abs(life))
        died = process.poll()
        at = time.monotonic()
        process.send_signal(signal.SIGKILL)
        process.wait()
    moment = Moment(seed)
    logged = _read(log)
    saved |= logged.saved
    moment.doing = " and ".join(sorted(logged.doing)) or "nothing"
    if died is not None:
        moment.problems.append(f"it ended by itself: {(folder / 'errors').read_text(errors='replace')[-2000:]}")
    _check_work(moment, logged, _restored(folder), at, before)
    _check_file(moment, logged, folder / "sea.png", saved)
    return moment


def _environment(folder: Path) -> dict[str, str]:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "CACHE", "DATA", "STATE")}
    return {**os.environ, "HOME": str(home), **places, "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}


def _root(folder: Path) -> Path:
    return folder / "home" / "data" / "lacuna" / "recovery"


def _wait_for(process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it has a photo, or is dead."""
    while process.poll() is None and b"state" not in log.read_bytes():
        time.sleep(0.01)


def _read(log: Path) -> _Logged:
    found = _Logged()
    for line in log.read_text().splitlines():
        try:
            when, word, *more = json.loads(line)
        except ValueError:
            break  # cut short by the kill
        match word:
            case "state":
                found.states.append((when, tuple(more)))
            case "saved":
                found.saved.add(more[0])
                found.doing.discard("save")
            case "save" | "stroke":
                found.doing.add(word)
            case "stroke over":
                found.doing.discard("stroke")
            case "phase":
                (found.doing.add if more[0] == "RUNNING" else found.doing.discard)("run")
    return found


def _restored(folder: Path) -> State:
    """The state that would be restored, or, where nothing is offered, opened. Leaves everything as it is."""
    found = offers(_root(folder))
    if not found:
        return tuple(digest(Document(read_photo(folder / "sea.png"))))
    if len(found) > 1:
        return (f"{len(found)} offers",)
    work = restore(found[0].folder)
    work.folder.release()
    return (*digest(work.document), *(["damaged"] if work.work.is_damaged else []))


def _check_work(moment: Moment, logged: _Logged, restored: State, at: float, before: State | None) -> None:
    first = logged.states[0][1] if logged.states else None
    if before is not None and first is not None and first != before:
        moment.problems.append("what the crash before left was not restored as it was")
    since = [state for when, state in logged.states if when < at - BEHIND][-1:]
    allowed = [*since, *(state for when, state in logged.states if when >= at - BEHIND)]
    if not logged.states:
        allowed = [] if before is None else [before]
    if restored not in allowed:
        ages = [f"{at - when:.2f} s" for when, state in logged.states if state == restored]
        moment.problems.append(f"restored a state of {ages[-1:] or 'no time at all'} before the kill: {restored}")
    elif logged.states:
        newest = max(index for index, (_, state) in enumerate(logged.states) if state == restored)
        later = [when for when, _ in logged.states[newest + 1 :]]
        moment.behind = at - later[0] if later else 0.0


def _check_file(moment: Moment, logged: _Logged, path: Path, saved: set[str]) -> None:
    """Old or new, never half; one that was not yet logged shows a state that was."""
    own = hashlib.sha1(path.read_bytes()).hexdigest()
    if own in saved:
        return
    shown = hashlib.sha1(read_photo(path).pixels.tobytes()).hexdigest()
    if shown not in {state[1] for _, state in logged.states}:
        moment.problems.append("the photo on the disk shows nothing that the process ever had")
    saved.add(own)


def report(moments: Iterable[Moment]) -> bool:
    """Print what was found; True where all is well."""
    moments = list(moments)
    print(f"{len(moments)} processes killed, while doing:")
    for doing, count in Counter(moment.doing for moment in moments).most_common():
        print(f"  {count:4d}  {doing}")
    print(f"most that was lost: {max(moment.behind for moment in moments):.2f} s")
    bad = [moment for moment in moments if moment.problems]
    for moment in bad:
        print(f"seed {moment.seed}, {moment.doing}: {'; '.join(moment.problems)}")
    return not bad


def main() -> int:
    """Exit code 1 where anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="pairs of processes at a time")
    chosen = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(chosen.jobs) as pool:
        seeds = range(chosen.seed * 1000, chosen.seed * 1000 + chosen.moments, 2)
        pairs = pool.map(partial(_pair, Path(folder)), seeds)
        is_well = report(moment for pair in pairs for moment in pair)
    print(f"{time.monotonic() - begun:.0f} s")
    return 0 if is_well else 1


def _pair(folder: Path, seed: int) -> list[Moment]:
    return killed_at_random(seed, folder / str(seed))


if __name__ == "__main__":
    sys.exit(main())
