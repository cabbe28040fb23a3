"""`lacuna batch FOLDER -o OUT_FOLDER --masks FOLDER`: the very generator that the window runs."""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.batch.events import BatchEvent, FileEnded, FileOutcome, FileProgress, FileState, Solve
from app.batch.journal import Journal, make_folder
from app.batch.naming import check_naming
from app.batch.pipeline import run_batch
from app.batch.plan import planning
from app.batch.provenance import machine, models_used, versions
from app.batch.records import Records
from app.batch.report import check_report_path, write_report
from app.batch.request import BatchPlan, BatchRequest, Existing, MaskOrigin, MaskSource, PlanRow
from app.batch.summary import BatchReport
from app.cli.batch_output import BatchOutput
from app.cli.options import add_inpaint_options, add_size_limit, inpaint_options, whole_number
from app.cli.output import note
from app.errors import LacunaError
from app.imaging.files import SAVE_SUFFIXES
from app.inference.catalog import actual_name
from app.inference.request import Check, DeviceChoice, Event, InpaintRequest, Stage

if TYPE_CHECKING:
    from app.inference.engine import Engine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="photographs to fill")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT_FOLDER", help="made where it is not there"
    )
    masks = parser.add_mutually_exclusive_group(required=True)
    masks.add_argument("--masks", type=Path, metavar="FOLDER", help="masks by the photos' relative paths and stems")
    masks.add_argument("--mask", type=Path, metavar="FILE", help="one mask for all")
    masks.add_argument(
        "--mask-suffix",
        type=_mask_suffix,
        metavar="SUFFIX",
        help="masks beside the photos: _mask for photo_mask.png",
    )
    masks.add_argument("--alpha", action="store_true", help="what is transparent in a photo is its hole")
    parser.add_argument("--recursive", action="store_true", help="folders in FOLDER too")
    parser.add_argument("--limit", type=whole_number(1), metavar="N", help="the first N photographs only")
    parser.add_argument("--naming", type=_naming, default="{stem}", help="names of the results (default: %(default)s)")
    parser.add_argument(
        "--format", type=_format, metavar="SUFFIX", help="format of the results instead of each photo's"
    )
    parser.add_argument("--resume", action="store_true", help="go on with what OUT_FOLDER's journal says is begun")
    parser.add_argument("--retry-failed", action="store_true", help="the same, and try again what has failed")
    existing = parser.add_mutually_exclusive_group()
    existing.add_argument(
        "--existing",
        type=Existing,
        choices=list(Existing),
        default=Existing.REFUSE,
        metavar="refuse|skip|overwrite|number",
        help="what to do where a result is there already (default: %(default)s)",
    )
    existing.add_argument("--overwrite", action="store_const", const=Existing.OVERWRITE, dest="existing")
    parser.add_argument("--stages", type=Path, metavar="DIR", help="also write DIR/STEM/coarse.png and so on")
    parser.add_argument("--report", type=_report, metavar="FILE.json|.csv|.html", help="what became of every file")
    parser.add_argument("--dry-run", action="store_true", help="print what would be done and what stands in the way")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="let a Dask scheduler do the work (extra: cluster)")
    add_size_limit(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object per file")
    add_inpaint_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do the batch; 1 where any file failed, after all others are done."""
    clock = time.perf_counter(), _now()
    if arguments.debug:
        logging.basicConfig()
        logging.getLogger("app.batch").setLevel(logging.DEBUG)
    request = batch_request(arguments)
    resume = arguments.resume or arguments.retry_failed
    with BatchOutput(as_json=arguments.json) as output:
        records = Records(request.output)
        if resume:
            records = Records.read(request, retry_failed=arguments.retry_failed)
            records.check_same(request)
        plan = output.planned(planning(request, records))
        _check_any(plan)
        if arguments.dry_run:
            output.tell_plan(plan)
            return int(any(row.problem and row.problem.is_failure for row in plan.rows))
        _check_engine(request, is_here=arguments.scheduler is None)
        outcomes = _outcomes(plan, arguments, output, resume=resume)
        if arguments.report is not None:
            _report_on(arguments.report, request, outcomes, *clock)
    return int(any(outcome.state is FileState.FAILED for outcome in outcomes))


def batch_request(arguments: argparse.Namespace) -> BatchRequest:
    """What the arguments ask for."""
    wanted = Stage(arguments.stage)
    return BatchRequest(
        arguments.folder,
        arguments.output,
        _mask_source(arguments),
        inpaint_options(arguments, wanted, Stage.GLOBAL if arguments.stages else wanted),
        recursive=arguments.recursive,
        stages=arguments.stages,
        naming=arguments.naming,
        suffix=arguments.format,
        existing=arguments.existing,
        limit=arguments.limit,
        weights=arguments.weights,
        allow_huge=arguments.allow_huge,
        pixel_limit=arguments.max_pixels,
    )


def _mask_source(arguments: argparse.Namespace) -> MaskSource:
    if arguments.masks is not None:
        return MaskSource(MaskOrigin.FOLDER, arguments.masks)
    if arguments.mask is not None:
        return MaskSource(MaskOrigin.FILE, arguments.mask)
    if arguments.alpha:
        return MaskSource(MaskOrigin.ALPHA)
    return MaskSource(MaskOrigin.SUFFIX, suffix=arguments.mask_suffix)


def _check_any(plan: BatchPlan) -> None:
    if not plan.rows:
        hint = "" if plan.request.recursive else " (--recursive looks into the folders in it too)"
        raise LacunaError(f"{plan.request.folder}: no photographs there{hint}")


def _check_engine(request: BatchRequest, *, is_here: bool) -> None:
    """What no file could be filled with shows before the first one; `is_here`: this machine does it."""
    if request.options.coarse_file is None:
        from app.inference.coarse import build_coarse

        build_coarse(actual_name(request.options.coarse))
    else:
        from app.inference.device import choose_device
        from app.inference.user_models import UserModel

        UserModel(request.options.coarse_file, choose_device(DeviceChoice.CPU))
    if request.weights is not None:
        models_used(request)
    if is_here and request.options.device not in (DeviceChoice.AUTO, DeviceChoice.CPU):
        from app.inference.device import choose_device

        choose_device(request.options.device)


def _outcomes(
    plan: BatchPlan, arguments: argparse.Namespace, output: BatchOutput, *, resume: bool
) -> tuple[FileOutcome, ...]:
    """Run the plan and tell how it goes; the outcomes in its order."""
    found: dict[str, FileOutcome] = {}
    with output.progress(len(plan.rows)):
        for row in plan.problems:
            found[row.job.name] = outcome = _as_outcome(row)
            output.tell(outcome)
        with closing(_events(plan, arguments, output, resume=resume)) as events:
            for event in events:
                if isinstance(event, FileEnded):
                    found[event.job.name] = event.outcome
                    output.tell(event.outcome)
                elif isinstance(event, FileProgress):
                    output.show(event)
    return tuple(found[row.job.name] for row in plan.rows)


def _events(
    plan: BatchPlan, arguments: argparse.Namespace, output: BatchOutput, *, resume: bool
) -> Generator[BatchEvent, None, None]:
    if not plan.jobs:
        return
    output.warn_of_space(plan)
    with Journal(plan.request, resume=resume, retry_failed=arguments.retry_failed) as journal:
        if arguments.scheduler is not None:
            from app.batch.cluster import run_on_cluster

            yield from run_on_cluster(plan.jobs, arguments.scheduler, journal, tell=note)
        else:
            yield from run_batch(plan.jobs, _solver(plan.request.weights), journal)


def _solver(weights: Path | None) -> Solve:
    """The engine, made, and torch loaded with it, when the first file has proved readable."""
    made: list[Engine] = []

    def solve(request: InpaintRequest, check: Check) -> Iterator[Event]:
        from app.inference.engine import Engine

        if not made:
            made.append(Engine(weights))
        return made[0].run(request, check)

    return solve


def _as_outcome(row: PlanRow) -> FileOutcome:
    """Of a photo that is not done."""
    assert row.problem is not None
    state = FileState.FAILED if row.problem.is_failure else FileState.SKIPPED
    return FileOutcome(row.job.name, state, error=row.problem.text, extent=row.extent or (0, 0))


def _report_on(
    path: Path, request: BatchRequest, outcomes: tuple[FileOutcome, ...], began: float, began_at: str
) -> None:
    seconds = round(time.perf_counter() - began, 3)
    models: tuple[tuple[str, str, str], ...] = ()
    with suppress(LacunaError):  # weights that are gone are each file's failure already
        models = models_used(request)
    make_folder(path.parent)
    write_report(path, BatchReport(request, outcomes, began_at, _now(), seconds, models, versions(), machine()))


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _mask_suffix(text: str) -> str:
    if not text or "/" in text or "\\" in text:
        raise argparse.ArgumentTypeError("what the masks' names end with, such as _mask")
    return text


def _naming(text: str) -> str:
    try:
        return check_naming(text)
    except LacunaError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _format(text: str) -> str:
    suffix = text if text.startswith(".") else f".{text}"
    if suffix.lower() not in SAVE_SUFFIXES:
        raise argparse.ArgumentTypeError(f"choose from {' '.join(SAVE_SUFFIXES)}")
    return suffix


def _report(text: str) -> Path:
    try:
        check_report_path(Path(text))
    except LacunaError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return Path(text)
