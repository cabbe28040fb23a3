"""One file of a batch in three steps: read, fill, write. Each can be done by another thread, all of them by one."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.atomic import write_bytes, write_failure
from app.batch.events import FileOutcome, FileProgress, FileState, Solve
from app.batch.failures import FileFailed, told_as_row
from app.batch.journal import make_folder
from app.batch.masks import empty_mask, full_mask
from app.batch.pictures import small_jpeg
from app.batch.request import FileJob
from app.errors import LacunaError
from app.imaging.arrays import DeepMask, Mask, hole_of
from app.imaging.depth import narrowed
from app.imaging.files import Photo, read_mask, read_photo, write_image
from app.imaging.masks import hardened, inverted
from app.imaging.saving import encoded_photo
from app.inference.regions import filled_mask
from app.inference.request import (
    Check,
    Event,
    InpaintOptions,
    InpaintRequest,
    Progress,
    RunReport,
    Stage,
    StageResult,
    no_check,
)
from app.words import Words

Seconds = dict[str, float]
Settle = Callable[[FileOutcome], None]
"""Told what is about to be put in place, with its hash, just before."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadedFile:
    """A photograph and its mask, ready to be filled."""

    photo: Photo
    mask: Mask
    before: bytes
    """A small JPEG."""
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class FilledFile:
    """What is to be written."""

    loaded: LoadedFile
    results: Mapping[Stage, StageResult]
    """The result, and the stages where they are wanted."""
    report: RunReport
    seconds: Seconds


def process_file(job: FileJob, solve: Solve, check: Check = no_check, settle: Settle | None = None) -> FileOutcome:
    """Read, fill and write one file; whatever goes wrong with it is its outcome. Only what `check` raises gets out.

    All that is needed to do a file in another process, apart from `solve`.
    """
    try:
        filling = fill_file(job, load_file(job), solve, check)
        while True:
            try:
                next(filling)
            except StopIteration as end:
                filled: FilledFile = end.value
                return save_file(job, filled, settle)
    except FileFailed as failed:
        return failed.outcome


def load_file(job: FileJob) -> LoadedFile:
    """The job's photo and mask, checked; `FileFailed`."""
    with told_as_row(job, FileOutcome(job.name, FileState.FAILED)):
        began = time.perf_counter()
        photo = read_photo(job.photo, allow_huge=job.allow_huge, pixel_limit=job.pixel_limit)
        mask = _checked(_mask_of(photo) if job.mask is None else read_mask(job.mask, photo.extent), job)
        before = small_jpeg(photo.pixels, photo.metadata.icc_profile, mask)
        return LoadedFile(photo, mask, before, time.perf_counter() - began)


def fill_file(
    job: FileJob, loaded: LoadedFile, solve: Solve, check: Check = no_check
) -> Generator[FileProgress, None, FilledFile]:
    """Fill the hole, telling how far that is; `FileFailed`, and what `check` raises. Closing it cancels."""
    row = FileOutcome(job.name, FileState.FAILED, extent=loaded.photo.extent, before=loaded.before)
    with told_as_row(job, row):
        request = InpaintRequest(loaded.photo.pixels, loaded.mask, job.options)
        results: dict[Stage, StageResult] = {}
        report: RunReport | None = None
        events = solve(request, check)
        try:
            for event in events:
                if isinstance(event, Progress):
                    yield FileProgress(job, _fraction(event), event.stage)
                elif isinstance(event, StageResult):
                    results[event.stage] = event
                    _drop_unwanted(results, job)
                elif isinstance(event, RunReport):
                    report = event
        finally:
            _close(events)
        if report is None or result_stage(results, job.options) not in results:
            raise LacunaError(Words("the run ended without a result"))
        load = report.seconds.get("load", 0.0) + loaded.seconds
        filling = report.seconds.get("total", 0.0) + loaded.seconds
        return FilledFile(loaded, results, report, report.seconds | {"load": load, "total": filling})


def save_file(job: FileJob, filled: FilledFile, settle: Settle | None = None) -> FileOutcome:
    """Write the stages and the result; `FileFailed`, with nothing half-written.

    `settle` is told what the outcome will be, apart from the seconds of writing, before the result is put in place.
    """
    loaded, report = filled.loaded, filled.report
    row = FileOutcome(job.name, FileState.FAILED, extent=loaded.photo.extent, before=loaded.before)
    with told_as_row(job, row):
        began = time.perf_counter()
        check_free(job)
        if job.stages is not None:
            write_stages(job.stages, filled.results, loaded.photo)
        data, notices, after = _encoded(job, filled)
        outcome = FileOutcome(
            job.name,
            FileState.DONE,
            job.output,
            hashlib.sha256(data).hexdigest(),
            seconds=filled.seconds,
            regions=tuple(region.numbers() for region in report.regions),
            hole_pixels=report.hole_pixels,
            model=report.model,
            device=report.device,
            warnings=(*loaded.photo.metadata.notices, *report.warnings, *notices),
            extent=loaded.photo.extent,
            before=loaded.before,
            after=after,
        )
        make_folder(job.output.parent)
        if settle is not None:
            settle(outcome)
        write_bytes(job.output, data)
        save = time.perf_counter() - began
        return replace(outcome, seconds=filled.seconds | {"save": save, "total": filled.seconds["total"] + save})


def check_free(job: FileJob) -> None:
    """`LacunaError` where somebody else's file is where the result goes; `WriteError` where the folder is gone."""
    try:
        is_there = not job.overwrite and job.output.exists()
    except OSError as error:
        raise write_failure(error, job.output) from error
    if is_there:
        raise LacunaError(Words("{output} is there by now: choose another folder", output=job.output.name))


def result_stage(results: Mapping[Stage, StageResult], options: InpaintOptions) -> Stage:
    """The stage that is the result: the detail where there is one."""
    return Stage.DETAIL if Stage.DETAIL in results else options.built_on


def write_stages(folder: Path, results: Mapping[Stage, StageResult], photo: Photo) -> None:
    """Write ``coarse.png`` and so on, the whole photograph with each stage's result in it; `LacunaError`."""
    make_folder(folder)
    for stage, result in results.items():
        write_image(folder / f"{stage}.png", result.laid_over(photo.pixels), photo.metadata.icc_profile)


def check_hole(mask: Mask, name: Path, *, exact: bool) -> None:
    """`LacunaError` where the mask read from `name` is all kept, or, unless `exact`, all hole."""
    hole = hole_of(mask)
    if not hole.any():
        raise LacunaError(empty_mask(name))
    if not exact and hole.all():
        raise LacunaError(full_mask(name))


def _encoded(job: FileJob, filled: FilledFile) -> tuple[bytes, tuple[str, ...], bytes]:
    """The output's bytes, what to tell of them, and the small picture."""
    loaded, stage = filled.loaded, result_stage(filled.results, job.options)
    photo = loaded.photo if job.mask is not None else _made_opaque(loaded.photo, loaded.mask, job.options)
    pixels = filled.results[stage].laid_over(photo.pixels)
    data, notices = encoded_photo(job.output, pixels, photo)
    return data, notices, small_jpeg(pixels, photo.metadata.icc_profile)


def _checked(mask: Mask, job: FileJob) -> Mask:
    check_hole(mask, Path((job.mask or job.photo).name), exact=job.options.exact)
    return mask


def _mask_of(photo: Photo) -> Mask:
    """Its transparency as a mask: what is less than half opaque is hole."""
    if photo.alpha is None:
        name = photo.path.name if photo.path is not None else ""
        raise LacunaError(
            Words("{name} has no transparency to take its mask from: give it a mask of its own", name=name)
        )
    return inverted(hardened(narrowed(photo.alpha)))


def _made_opaque(photo: Photo, mask: Mask, options: InpaintOptions) -> Photo:
    """`photo` as opaque where it is filled: it would not be seen otherwise."""
    if photo.alpha is None:
        return photo
    hole = hole_of(mask) if options.exact else hole_of(filled_mask(mask, options.grow))
    alpha = photo.alpha.copy()
    alpha[hole] = _most(alpha)
    return replace(photo, alpha=None if alpha.min() == _most(alpha) else alpha)


def _most(alpha: DeepMask) -> int:
    return int(np.iinfo(alpha.dtype).max)


def _fraction(progress: Progress) -> float:
    done = (progress.stage_index - 1) * progress.region_count + progress.region_index - 1
    return done / (progress.stage_count * progress.region_count)


def _drop_unwanted(results: dict[Stage, StageResult], job: FileJob) -> None:
    """Stages that are neither written nor the result take no memory."""
    if job.stages is None:
        for stage in results.keys() - {result_stage(results, job.options)}:
            del results[stage]


def _close(events: Iterator[Event]) -> None:
    if isinstance(events, Generator):
        events.close()
