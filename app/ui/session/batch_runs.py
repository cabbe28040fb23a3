"""The window's border to `app.batch`: what reads, fills and writes the files of a batch, none of it on this thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from app.batch.events import BatchEvent, FileOutcome, FileState
from app.batch.records import FOLDER, LINES, Records, own_mask, stamp_of
from app.batch.request import BatchPlan, BatchRequest, FileJob, PlanRow
from app.batch.settings import differing, settings_of
from app.batch.summary import BatchReport
from app.imaging.arrays import DeepImage, Mask
from app.imaging.files import write_image, write_photo
from app.imaging.photo import Photo
from app.inference.request import Check, RunCancelled
from app.ui.session.jobs import Stream
from app.ui.session.latest import Wanted
from app.ui.session.lazy_engine import LazyEngine, check_of

if TYPE_CHECKING:
    from app.batch.journal import Journal


@dataclass(frozen=True, slots=True)
class Pass:
    """One way through some files of a batch."""

    request: BatchRequest
    jobs: tuple[FileJob, ...]
    engine: LazyEngine
    resume: bool
    """Leave alone what the journal says is done."""
    retry_failed: bool = False
    """But not what it says has failed."""


@dataclass(frozen=True, slots=True)
class Found:
    """A plan, and how many of its photos are done already, by the journal of the same batch."""

    plan: BatchPlan
    done: int


class BatchRuns:
    """May be called on any thread."""

    def __init__(self) -> None:
        self._journal: Journal | None = None
        """Of the pass under way."""

    def plan(self, request: BatchRequest, check: Check) -> Found:
        """What `request` means, file by file; what `check` raises ends it."""
        from app.batch.plan import plan_batch

        records = Records.read(request)
        is_same = records.header is not None and not differing(records.header.settings, settings_of(request))
        if not is_same:
            return Found(plan_batch(request, None, check), 0)
        plan = plan_batch(request, records, check)
        return Found(plan, sum(_is_done(row, records) for row in plan.rows))

    def events(self, one: Pass, stream: Stream) -> Iterator[BatchEvent]:
        """Do `one` on the inference thread; ends where `stream` is cancelled."""
        from app.batch.journal import Journal
        from app.batch.pipeline import run_batch

        with Journal(one.request, resume=one.resume, retry_failed=one.retry_failed) as journal:
            self._journal = journal
            try:
                yield from run_batch(one.jobs, one.engine.solve, journal, check_of(stream))
            finally:
                self._journal = None

    def moved(self, job: FileJob, old: Path, new: Path) -> FileJob:
        """`job` with what it writes in `new` that would have been in `old`."""

        def there(path: Path) -> Path:
            return new / path.relative_to(old) if path.is_relative_to(old) else path

        return replace(job, output=there(job.output), stages=None if job.stages is None else there(job.stages))

    def by_hand(self, request: BatchRequest, job: FileJob, photo: Photo, image: DeepImage) -> FileOutcome:
        """Write `image`, made of `photo` in the editor, as the result of `job`, and let the journal know.

        Raises `LacunaError` where it can't be written, or somebody else's file is there.
        """
        from app.batch.file_job import check_free
        from app.batch.journal import Journal, make_folder
        from app.batch.pictures import small_jpeg

        check_free(job)
        make_folder(job.output.parent)
        warnings = write_photo(job.output, image, photo)
        size = photo.extent.width, photo.extent.height
        digest = sha256(job.output.read_bytes()).hexdigest()
        after = small_jpeg(image, photo.metadata.icc_profile)
        outcome = FileOutcome(job.name, FileState.DONE, job.output, digest, warnings=warnings, extent=size, after=after)
        journal = self._journal
        if journal is not None:
            journal.made_by_hand(job, outcome)
        else:
            with Journal(request, resume=True) as journal:
                journal.made_by_hand(job, outcome)
        return outcome

    def write_report(
        self, path: Path, request: BatchRequest, outcomes: tuple[FileOutcome, ...], began: str, seconds: float
    ) -> None:
        """Write it all down at `path`; raises `LacunaError` where that fails."""
        from app.batch.provenance import machine, models_used, versions
        from app.batch.report import write_report

        models = models_used(request)
        report = BatchReport(request, outcomes, began, now_words(), seconds, models, versions(), machine())
        write_report(path, report)


def unless_unwanted(wanted: Wanted) -> Check:
    """What ends long work of which nobody wants the result any longer."""

    def check() -> None:
        if not wanted():
            raise RunCancelled

    return check


def now_words() -> str:
    """The local time with its offset, as ISO 8601 has it."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def kept_mask(output: Path, name: str, mask: Mask) -> Path:
    """Write `mask` to the batch's own folder in `output`, by which the photo called `name` is filled from now on.

    Returns its path; raises `LacunaError` where that fails.
    """
    return _written(own_mask(output, name), mask)


def shared_mask(output: Path, mask: Mask) -> Path:
    """Write `mask` there for all photos, unless it is there; no other mask has its name.

    Where no batch has begun yet, those painted before are of no use any longer.
    """
    path = output / FOLDER / "masks" / f"editor-{sha256(mask.tobytes()).hexdigest()[:12]}.png"
    if path.exists():
        return path
    if not (output / FOLDER / LINES).exists():
        for older in path.parent.glob("editor-*.png"):
            older.unlink(missing_ok=True)
    return _written(path, mask)


def _written(path: Path, mask: Mask) -> Path:
    from app.batch.journal import make_folder

    make_folder(path.parent)
    write_image(path, mask)
    return path


def _is_done(row: PlanRow, records: Records) -> bool:
    settled = records.settled(row.job, stamp_of(row.job))
    return settled is not None and settled.state is FileState.DONE
