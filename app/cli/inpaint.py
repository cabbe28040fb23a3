"""`lacuna inpaint PHOTO --mask MASK -o OUT`."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from tqdm import tqdm

from app.batch.file_job import check_hole, result_stage, write_stages
from app.cli.options import add_inpaint_options, add_size_limit, check_target, inpaint_options
from app.cli.output import note, print_json, run_summary, shows_progress
from app.errors import LacunaError
from app.imaging.files import HugeImageError, read_mask, read_photo, write_photo
from app.imaging.masks import hardened
from app.inference.request import InpaintRequest, Notice, Progress, RunReport, Stage, StageResult


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("photo", type=Path, metavar="PHOTO")
    parser.add_argument("--mask", type=Path, required=True, help="an image of the photograph's size; > 127 = fill")
    parser.add_argument("--avoid", type=Path, metavar="MASK", help="what is not to be used of the photo; > 127 = not")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help="its suffix names the format")
    parser.add_argument(
        "--stages",
        type=Path,
        metavar="DIR",
        help="also write every stage: DIR/coarse.png, local.png, global.png and, where there is one, detail.png",
    )
    add_size_limit(parser)
    parser.add_argument("--json", action="store_true", help="print what was done as one JSON object")
    add_inpaint_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Fill the hole and write the result."""
    began = time.perf_counter()
    check_target(arguments.output)
    try:
        photo = read_photo(arguments.photo, allow_huge=arguments.allow_huge, pixel_limit=arguments.max_pixels)
    except HugeImageError as error:
        raise LacunaError(f"{error} (--allow-huge)") from error
    for notice in photo.metadata.notices:
        note(notice)
    mask = read_mask(arguments.mask, photo.extent)
    check_hole(mask, arguments.mask, exact=arguments.exact)
    avoid = None if arguments.avoid is None else hardened(read_mask(arguments.avoid, photo.extent))
    read = time.perf_counter()

    wanted = Stage(arguments.stage)
    last = Stage.GLOBAL if arguments.stages else wanted
    request = InpaintRequest(photo.pixels, mask, inpaint_options(arguments, wanted, last), avoid=avoid)
    results, report = _solved(request, arguments.weights)

    saving = time.perf_counter()
    if arguments.stages:
        write_stages(arguments.stages, results, photo)
    written = results[result_stage(results, request.options)]
    for notice in write_photo(arguments.output, written.laid_over(photo.pixels), photo):
        note(notice)
    done = time.perf_counter()
    seconds = report.seconds | {"save": done - saving, "total": done - began}
    seconds["load"] = seconds.get("load", 0.0) + read - began
    if arguments.json:
        print_json(_summary(report, seconds))
    return 0


def _solved(request: InpaintRequest, weights: Path | None) -> tuple[dict[Stage, StageResult], RunReport]:
    """Every stage's result and the report; torch is loaded here, after the files proved readable."""
    from app.inference.engine import Engine

    results: dict[Stage, StageResult] = {}
    report: RunReport | None = None
    with tqdm(total=3, disable=not shows_progress(), leave=False, bar_format="{desc} {bar} {elapsed}") as bar:
        for event in Engine(weights).run(request):
            if isinstance(event, Progress):
                bar.total = event.stage_count * event.region_count
                bar.n = (event.stage_index - 1) * event.region_count + event.region_index - 1
                bar.set_description(f"{event.stage} {event.region_index}/{event.region_count}")
            elif isinstance(event, Notice):
                note(event.text)
            elif isinstance(event, StageResult):
                results[event.stage] = event
            elif isinstance(event, RunReport):
                report = event
    if report is None:
        raise LacunaError("the run ended without a result")
    return results, report


def _summary(report: RunReport, seconds: dict[str, float]) -> dict[str, Any]:
    regions = [region.numbers() for region in report.regions]
    return run_summary(report.model, report.device, seconds, regions, report.hole_pixels, report.warnings)
