"""`lacuna evaluate --images FOLDER`."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from app.cli.options import add_device, check_target, whole_number
from app.cli.output import note, print_json, shows_progress
from app.errors import LacunaError
from app.inference.catalog import COARSE_INPAINTERS, OWN

if TYPE_CHECKING:
    import torch

    from app.inference.distance import FeatureJudge
    from app.training.methods import Method
    from app.training.scores import Score
    from app.training.sheet import Sheet
    from app.training.solvers import Solver

DEFAULT_METHODS = "lgnet-coarse,lgnet-local,lgnet,telea,ns"
NATIVE = "native"
_NATIVE_CELL = 384


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    foreign = ", ".join(info.name for info in COARSE_INPAINTERS if info.name != OWN)
    parser.add_argument("--images", type=Path, required=True, metavar="FOLDER", help="photographs never trained on")
    holes = parser.add_mutually_exclusive_group()
    holes.add_argument("--masks", type=Path, metavar="FOLDER", help="given holes, by relative path and stem")
    holes.add_argument("--seed", type=int, default=0, metavar="N", help="seed of generated holes (default: 0)")
    parser.add_argument(
        "--size",
        choices=("256", "512", NATIVE),
        default="256",
        help="256, 512: the bare networks on the central square brought to that size; native: whole photographs as"
        " the program fills them, feature distance in windows of 512 pixels over the hole (default: 256)",
    )
    parser.add_argument(
        "--methods",
        default=DEFAULT_METHODS,
        metavar="NAME,…",
        help=f"lgnet-coarse, lgnet-local, lgnet; the ablations lgnet-nolocal, lgnet-noglobal (what is left without the"
        f" global stage: lgnet-local); {foreign}, and each with +refine (default: {DEFAULT_METHODS})",
    )
    parser.add_argument("--weights", type=Path, metavar="DIR", help="in place of the shipped ones of their network")
    parser.add_argument("--perceptual", type=Path, metavar="FILE", help="SqueezeNet weights for the feature distance")
    parser.add_argument(
        "--sheet", type=Path, metavar="OUT.png", help="write picture grids, crops at 100 %%: OUT.png, OUT-2.png, …"
    )
    parser.add_argument("--sheet-rows", type=whole_number(1), default=24, metavar="N", help="rows a grid (default: 24)")
    parser.add_argument(
        "--sheet-worst", metavar="METHOD", help="where METHOD is worst comes first (by feature distance, or hole PSNR)"
    )
    parser.add_argument("--record", action="store_true", help="write the figures into the model card of --weights")
    parser.add_argument("--limit", type=whole_number(1), metavar="N", help="the first N photographs only")
    parser.add_argument("--threads", type=whole_number(1), metavar="N", help="processor threads (default: torch's own)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_device(parser)


def run(arguments: argparse.Namespace) -> int:
    """Score every method on every photograph and print the table."""
    if arguments.sheet:
        check_target(arguments.sheet)
    import torch

    from app.inference.device import choose_device, device_label
    from app.training.card import check_recordable, record_figures
    from app.training.methods import find_methods
    from app.training.report import gains, text_table
    from app.training.scores import summary

    if arguments.record:
        if arguments.weights is None:
            raise LacunaError("--record: name the folder whose model card takes the figures with --weights")
        check_recordable(arguments.weights)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    methods, device = find_methods(arguments.methods, arguments.weights), choose_device(arguments.device)
    sheet = _sheet(arguments, methods)
    judge, solver = _judge(arguments.perceptual, device), _solver(arguments, methods, device)
    scores = _scores(arguments, solver, judge, sheet)
    table = summary(scores)
    photographs, seed = len(scores) // len(methods), None if arguments.masks else arguments.seed
    settings = {"photographs": photographs, "size": arguments.size, "seed": seed}
    if arguments.json:
        machine = {"device": device_label(device), "threads": torch.get_num_threads()}
        print_json({"methods": table, "gains": gains(table), "settings": settings | machine})
    else:
        print(text_table(table))
    if arguments.record:
        record_figures(arguments.weights, settings | {"methods": table})
    if sheet:
        sheet.write(arguments.sheet)
    return 0


def _scores(
    arguments: argparse.Namespace, solver: Solver, judge: FeatureJudge | None, sheet: Sheet | None
) -> list[Score]:
    """Every method on every photograph; `sheet` gets its rows."""
    from app.training.evaluate import read_samples
    from app.training.scores import score

    size = None if arguments.size == NATIVE else int(arguments.size)
    samples = read_samples(arguments.images, size, arguments.masks, arguments.seed, arguments.limit)
    scores = []
    for sample, solutions in tqdm(solver.solve(samples), disable=not shows_progress(), unit=" photographs"):
        mine, crops = [], []
        for method, picture, seconds in solutions:
            mine.append(score(method.name, sample, picture, seconds, judge))
            if sheet:
                crops.append(sheet.crop_of(picture, sample.hole))
        if sheet:
            sheet.add(sample, crops, mine)
        scores += mine
    return scores


def _sheet(arguments: argparse.Namespace, methods: tuple[Method, ...]) -> Sheet | None:
    from app.training.sheet import Sheet

    names, worst = [method.name for method in methods], arguments.sheet_worst
    if worst is not None and worst not in names:
        raise LacunaError(f"--sheet-worst {worst}: not among the methods {', '.join(names)}")
    crop = _NATIVE_CELL if arguments.size == NATIVE else int(arguments.size)
    return Sheet(names, crop, arguments.sheet_rows, worst) if arguments.sheet else None


def _judge(perceptual: Path | None, device: torch.device) -> FeatureJudge | None:
    from app.inference.distance import FeatureJudge
    from app.models.features import load_squeezenet

    if perceptual is None:
        note("no --perceptual weights: no feature distance (PSNR alone ranks smears first)")
        return None
    return FeatureJudge(load_squeezenet(perceptual).to(device), device)


def _solver(arguments: argparse.Namespace, methods: tuple[Method, ...], device: torch.device) -> Solver:
    """Ready to run: networks loaded, whatever compiles compiled."""
    import torch

    from app.inference.coarse import build_coarse
    from app.inference.networks import StageNetworks
    from app.inference.weight_files import folder_of
    from app.training.solvers import BareSolver, needs_networks

    weights = arguments.weights
    if arguments.size != NATIVE:
        networks = StageNetworks(folder_of(OWN, weights), device) if needs_networks(methods) else None
        build = partial(build_coarse, weights=weights, device=device, full_precision=True)
        bare = BareSolver(methods, networks, torch.get_num_threads(), build)
        bare.warm_up(int(arguments.size))
        return bare
    try:
        from app.training.native import EngineSolver
    except ModuleNotFoundError as error:
        raise LacunaError(f"--size native needs the package {error.name}, which is not installed here") from error
    native = EngineSolver(methods, weights, arguments.device)
    native.prepare()
    return native
