"""What a request means file by file, every problem told before the first file. Nothing is written for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from app.batch.disk import space_for, space_free
from app.batch.listing import list_photos
from app.batch.masks import MaskFinder, check_masks
from app.batch.naming import check_naming
from app.batch.outputs import Obstacles, outputs_of, stage_folders
from app.batch.records import Records, stamp_of
from app.batch.request import BatchPlan, BatchRequest, Existing, FileJob, PlanRow, Problem, ProblemKind
from app.errors import LacunaError
from app.imaging.files import SAVE_SUFFIXES
from app.imaging.headers import read_header
from app.inference.request import Check, no_check
from app.machine import usable_cores
from app.words import Words

_ASIDE = 4
"""Rows examined at the same time for each thread: masks are decoded for them."""


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """`done` of `count` photographs are looked at."""

    done: int
    count: int


def plan_batch(request: BatchRequest, records: Records | None = None, check: Check = no_check) -> BatchPlan:
    """The plan that `planning` ends with."""
    for step in planning(request, records, check):
        if isinstance(step, BatchPlan):
            return step
    raise AssertionError("planning ends with a plan")


def planning(
    request: BatchRequest, records: Records | None = None, check: Check = no_check
) -> Iterator[PlanProgress | BatchPlan]:
    """Look at every photograph and every mask of `request`; yields how far that is, and the plan last.

    Of photographs no pixel is decoded, masks are, on as many threads as there are processors. `records`, of an earlier
    run, say what is settled; such files are not looked at again. Closing the generator, or what `check`
    raises, ends it. Raises `LacunaError` where nothing can be done at all: a folder that is missing or can't be read,
    a naming that names no file.
    """
    _check(request)
    records = Records(request.output) if records is None else records
    photos = list_photos(request, check)
    yield PlanProgress(0, len(photos))
    finder = MaskFinder(request)
    drafts = _drafts(request, photos, records, finder)
    pool = ThreadPoolExecutor(usable_cores(), thread_name_prefix="batch-plan")
    rows: list[PlanRow] = []
    try:
        for row in _examined(pool, finder, drafts, check):
            rows.append(row)
            yield PlanProgress(len(rows), len(drafts))
    finally:
        pool.shutdown(cancel_futures=True)
    due = [row for row, draft in zip(rows, drafts, strict=True) if row.problem is None and not draft.is_settled]
    needed = sum(space_for(row.job, row.extent) for row in due)
    yield BatchPlan(request, tuple(rows), needed, space_free(request.output))


def _check(request: BatchRequest) -> None:
    check_naming(request.naming)
    check_masks(request)
    if request.suffix is not None and request.suffix.lower() not in SAVE_SUFFIXES:
        known = " ".join(SAVE_SUFFIXES)
        raise LacunaError(Words("{suffix} names no format: use one of {known}", suffix=request.suffix, known=known))
    if request.output.exists() and not request.output.is_dir():
        raise LacunaError(Words("{path} is no folder: choose one for the results", path=request.output))
    if request.naming == "{stem}" and request.output.resolve() == request.folder.resolve():
        raise LacunaError(
            Words(
                "{path} holds the photos themselves: choose another folder for the results, or name them otherwise",
                path=request.output,
            )
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A photo before its files were looked at."""

    job: FileJob
    mask: Path | Problem | None
    obstacle: Problem | None
    is_settled: bool


def _drafts(
    request: BatchRequest, photos: Sequence[PurePosixPath], records: Records, finder: MaskFinder
) -> list[_Draft]:
    outputs, stages = outputs_of(request, photos, records), stage_folders(request, photos)
    masks = [records.mask(photo.as_posix()) or finder.find(photo) for photo in photos]
    obstacles = Obstacles(request, photos, outputs, masks)
    drafts = []
    rows = zip(photos[: request.limit], outputs, stages, masks, strict=False)
    for number, (photo, output, folder, mask) in enumerate(rows):
        job = FileJob(
            number,
            photo.as_posix(),
            request.folder / photo,
            mask if isinstance(mask, Path) else None,
            output,
            folder,
            request.options,
            request.weights,
            request.allow_huge,
            overwrite=request.existing is Existing.OVERWRITE,
            pixel_limit=request.pixel_limit,
        )
        is_settled = records.is_settled(job, stamp_of(job))
        is_ours = is_settled or records.may_replace(job)
        obstacle = obstacles.problem(photo, output, is_ours=is_ours)
        drafts.append(_Draft(replace(job, overwrite=job.overwrite or is_ours), mask, obstacle, is_settled))
    return drafts


def _examined(
    pool: ThreadPoolExecutor, finder: MaskFinder, drafts: Sequence[_Draft], check: Check
) -> Iterator[PlanRow]:
    """The rows in order; a bounded number of files is looked at ahead."""
    working: deque[Future[PlanRow]] = deque()
    ahead = _ASIDE * usable_cores()
    for draft in drafts:
        check()
        working.append(pool.submit(_row, finder, draft))
        if len(working) >= ahead:
            yield working.popleft().result()
    while working:
        check()
        yield working.popleft().result()


def _row(finder: MaskFinder, draft: _Draft) -> PlanRow:
    job = draft.job
    if draft.is_settled:
        return PlanRow(job, None, None)
    try:
        header = read_header(job.photo, allow_huge=job.allow_huge, pixel_limit=job.pixel_limit)
    except LacunaError as error:
        return PlanRow(job, None, Problem(ProblemKind.UNREADABLE, error.args[0]))
    if isinstance(draft.mask, Problem):
        return PlanRow(job, header.extent, draft.mask)
    if draft.obstacle is not None:
        return PlanRow(job, header.extent, draft.obstacle)
    problem = finder.problem(draft.mask, job.photo, header, exact=job.options.exact)
    return PlanRow(job, header.extent, problem)
