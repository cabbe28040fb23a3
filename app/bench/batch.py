"""A folder of photographs of 12 megapixels as a batch: is reading and writing hidden, is memory flat, is nothing lost
when the process is killed."""

from __future__ import annotations

import hashlib
import statistics
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.batch.events import FileState
from app.batch.request import BatchRequest, MaskOrigin, MaskSource
from app.bench.batch_folder import BatchFolder, make_batch_folder
from app.bench.batch_steps import INFERENCE, Ended, Ran, batch_run, kill_moments, single_seconds, told
from app.bench.options import BenchOptions
from app.bench.runner import Tell
from app.errors import LacunaError
from app.imaging.geometry import Extent
from app.inference.catalog import COARSE_INPAINTERS
from app.inference.request import InpaintOptions

SIZE, QUICK_SIZE = Extent(4000, 3000), Extent(400, 300)
FLAT_FROM = 20
"""The file from which on memory is to be flat."""
_AROUND = 2
"""Memory at a file is the median over so many files before and behind it too."""


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A run from the first file to the last."""

    files: tuple[Ended, ...]
    ran: Ran


def measure_batch(options: BenchOptions, tell: Tell) -> dict[str, Any]:
    """Outputs and failures, the sum of single inference times over the time of the batch, memory, and what kills cost.

    ``throughput`` is the engine's seconds for the same photographs one by one, without any file, over the seconds
    of the batch, both after the networks are loaded.
    """
    extent = QUICK_SIZE if options.quick else SIZE
    with tempfile.TemporaryDirectory(prefix="lacuna-bench-") as root:
        tell(f"making {options.photos} photographs")
        folder = make_batch_folder(Path(root), options.photos, extent, options.images)
        singles = _singles(folder, _request(folder, Path(root) / "none", options), options, tell)
        plain = Path(root) / "undisturbed"
        run = _undisturbed(_request(folder, plain, options), options, tell)
        figures = {"megapixels": round(extent.width * extent.height / 1e6, 2), **_counts(folder, run, plain)}
        figures |= _throughput(singles, run) | _memory(run)
        killed = None
        if options.kills:
            killed = _killed(_request(folder, Path(root) / "killed", options), options, run.ran.seconds, plain, tell)
    return figures | {"killed": killed}


def _request(folder: BatchFolder, output: Path, options: BenchOptions) -> BatchRequest:
    masks = MaskSource(MaskOrigin.FOLDER, folder.masks)
    filling = InpaintOptions(coarse=COARSE_INPAINTERS[0].name, device=options.device)
    return BatchRequest(folder.photos, output, masks, filling, weights=options.weights)


def _singles(folder: BatchFolder, request: BatchRequest, options: BenchOptions, tell: Tell) -> list[float]:
    sound = folder.count - len(folder.damaged)
    seconds = []
    for each in told(single_seconds, request, options):
        seconds.append(each)
        tell(f"one by one: {len(seconds)} of {sound}, {each:.2f} s")
    return seconds


def _undisturbed(request: BatchRequest, options: BenchOptions, tell: Tell) -> Undisturbed:
    files: list[Ended] = []
    for word in told(batch_run, request, options):
        if isinstance(word, Ran):
            return Undisturbed(tuple(files), word)
        if isinstance(word, Ended):
            files.append(word)
            tell(f"batch: {len(files)} of {options.photos}, {word.name} {word.state}")
    raise LacunaError("the batch ended without a word")


def _counts(folder: BatchFolder, run: Undisturbed, output: Path) -> dict[str, Any]:
    states = Counter(each.state for each in run.files)
    failed = {each.name for each in run.files if each.state is FileState.FAILED}
    return {
        "photos": folder.count,
        "damaged": len(folder.damaged),
        "outputs": len(_hashes(output)),
        "failed_rows": states[FileState.FAILED],
        "failed_are_the_damaged": failed == folder.damaged,
    }


def _throughput(singles: Sequence[float], run: Undisturbed) -> dict[str, Any]:
    """The ratio, and where the batch's time went."""
    done = [each.seconds for each in run.files if each.state is FileState.DONE]
    engine = sum(each.get(name, 0.0) for each in done for name in INFERENCE)
    profile = {
        "engine_s": round(engine, 2),
        "waiting_s": round(run.ran.waiting, 2),
        "other_s": round(run.ran.seconds - engine - run.ran.waiting, 2),
        "read_aside_s": round(sum(each.get("load", 0.0) for each in done), 2),
        "written_aside_s": round(sum(each.get("save", 0.0) for each in done), 2),
    }
    return {
        "singles_s": round(sum(singles), 2),
        "single_median_s": round(statistics.median(singles), 3) if singles else None,
        "batch_s": round(run.ran.seconds, 2),
        "throughput": round(sum(singles) / run.ran.seconds, 3),
        "profile": profile,
    }


def _memory(run: Undisturbed) -> dict[str, Any]:
    held = [each.memory_mb for each in run.files if each.memory_mb is not None]
    if not held:
        return {"memory": None}
    start = min(FLAT_FROM, len(held)) - 1
    first, last = _near(held, start), _near(held, len(held) - 1)
    memory = {"from_file": start + 1, "there_mb": first, "last_mb": last, "growth": round(last / first - 1, 3)}
    return {"memory": memory | {"most_since_mb": max(held[start:]), "peak_mb": run.ran.peak_mb}}


def _near(held: Sequence[float], index: int) -> float:
    return round(statistics.median(held[max(index - _AROUND, 0) : index + _AROUND + 1]), 1)


def _killed(request: BatchRequest, options: BenchOptions, seconds: float, plain: Path, tell: Tell) -> dict[str, Any]:
    """The same batch, killed again and again at seeded moments, then let come to its end."""
    done: Counter[str] = Counter()
    moments: list[float | None] = [*kill_moments(options.kills, seconds), None]
    for number, moment in enumerate(moments, start=1):
        here = 0
        for word in told(batch_run, request, options, kill_after=moment):
            if isinstance(word, Ended) and word.state is FileState.DONE and not word.from_journal:
                done[word.name] += 1
                here += 1
        end = "came to its end" if moment is None else f"was killed after {moment:.1f} s"
        tell(f"run {number} of {len(moments)} {end}: {here} photographs, {len(done)} of all")
    outputs, wanted = _hashes(request.output), _hashes(plain)
    return {
        "kills": options.kills,
        "outputs": len(outputs),
        "identical": outputs == wanted,
        "done_twice": sum(count > 1 for count in done.values()),
        "left_over": sorted(path.name for path in request.output.rglob("*.tmp")),
    }


def _hashes(folder: Path) -> dict[str, str]:
    """What was written, by name; what is hidden, such as the journal, is no output."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
