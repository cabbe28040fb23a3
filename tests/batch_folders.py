"""Small folders to run batches on, and a quick stand-in for the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from app.batch.events import BatchEvent, FileEnded, FileOutcome
from app.batch.journal import Journal
from app.batch.pipeline import run_batch
from app.batch.plan import plan_batch
from app.batch.records import Records
from app.batch.request import BatchPlan, BatchRequest, MaskOrigin, MaskSource, ProblemKind
from app.imaging.arrays import hole_of
from app.imaging.files import write_image
from app.imaging.geometry import bounding_rect
from app.inference.request import (
    Check,
    Event,
    InpaintRequest,
    Progress,
    Region,
    RegionPatch,
    RunReport,
    Stage,
    StageResult,
    no_check,
    stages_until,
)

WIDTH, HEIGHT = 48, 32


def noise(seed: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Pixels of every value."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def hole(width: int = WIDTH, height: int = HEIGHT) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A mask with a small hole."""
    mask = np.zeros((height, width), np.uint8)
    mask[8:16, 12:24] = 255
    return mask


@dataclass
class Place:
    """A folder of photos, one of their masks and one for outputs."""

    root: Path

    @property
    def photos(self) -> Path:
        """Where the photos are."""
        return self.root / "photos"

    @property
    def masks(self) -> Path:
        """Where their masks are."""
        return self.root / "masks"

    @property
    def out(self) -> Path:
        """Where results go; not there yet."""
        return self.root / "out"

    def add(self, name: str, seed: int = 0, *, mask: str | None = "") -> Path:
        """A photo, and a mask of its stem, or called `mask`, or none."""
        path = self.photos / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_image(path, noise(seed))
        if mask is not None:
            target = self.masks / (mask or Path(name).with_suffix(".png"))
            target.parent.mkdir(parents=True, exist_ok=True)
            write_image(target, hole())
        return path

    def request(self, **changes: Any) -> BatchRequest:
        """Photos and masks to outputs."""
        source = changes.pop("masks", MaskSource(MaskOrigin.FOLDER, self.masks))
        return BatchRequest(self.photos, changes.pop("output", self.out), source, **changes)

    def written(self) -> dict[str, bytes]:
        """Every output, but for what is hidden."""
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.is_file() and ".lacuna-batch" not in path.parts
        }


def make_place(root: Path, count: int = 0, suffix: str = ".png") -> Place:
    """Folders with `count` photos ``0.png``, ``1.png``…"""
    place = Place(root)
    place.photos.mkdir(parents=True)
    place.masks.mkdir()
    for number in range(count):
        place.add(f"{number}{suffix}", number)
    return place


def damage(path: Path) -> None:
    """Cut the file short behind its header."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@dataclass
class QuickSolve:
    """Fills holes with grey at once; fails with what `failing` says of a call, by its number from 0."""

    failing: dict[int, Exception] = field(default_factory=dict)
    calls: int = 0
    on_call: Callable[[InpaintRequest], None] | None = None

    def __call__(self, request: InpaintRequest, check: Check = no_check) -> Iterator[Event]:
        """A `Solve`."""
        number, self.calls = self.calls, self.calls + 1
        if self.on_call is not None:
            self.on_call(request)
        rect = bounding_rect(hole_of(request.mask))
        stages = stages_until(request.options.last_stage)
        for index, stage in enumerate(stages, 1):
            yield Progress(stage, index, len(stages), 1, 1, Region(rect, 1.0))
            check()
            if number in self.failing:
                raise self.failing[number]
            pixels = request.image[rect.slices].copy()
            pixels[hole_of(request.mask)[rect.slices]] = 50 + 50 * index
            yield StageResult(stage, (RegionPatch(rect, pixels),), 0.1, request.revision)
        seconds = {"load": 0.0, **{stage.value: 0.1 for stage in stages}, "total": 0.3}
        yield RunReport("quick", "cpu", seconds, (Region(rect, 1.0),), rect.area, ("a warning",))


def run(request: BatchRequest, solve: QuickSolve | None = None, **journal: Any) -> dict[str, FileOutcome]:
    """Plan and run with a journal, which takes `journal`; the outcomes by file, problems of the plan left out."""
    return outcomes(events(request, solve or QuickSolve(), **journal))


def events(request: BatchRequest, solve: QuickSolve, **journal: Any) -> Iterator[BatchEvent]:
    """What such a run reports."""
    records = Records.read(request, retry_failed=journal.get("retry_failed", False)) if journal.get("resume") else None
    plan = plan_batch(request, records)
    with Journal(request, **journal) as open_journal:
        yield from run_batch(plan.jobs, solve, open_journal)


def outcomes(reported: Iterator[BatchEvent]) -> dict[str, FileOutcome]:
    """By file, in the order in which they ended."""
    return {event.job.name: event.outcome for event in reported if isinstance(event, FileEnded)}


def problems(plan: BatchPlan) -> dict[str, ProblemKind]:
    """By file."""
    return {row.job.name: row.problem.kind for row in plan.rows if row.problem is not None}


RESULT_GREY = {Stage.COARSE: 100, Stage.LOCAL: 150, Stage.GLOBAL: 200}
"""What `QuickSolve` fills with."""
