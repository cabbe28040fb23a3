"""Arguments that several commands share, and what becomes of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from app.errors import LacunaError
from app.inference.allowed import PROGRAM, SUFFIXES, WEIGHTS, AllowedFile, allowed_file, meaning_of
from app.inference.catalog import COARSE_INPAINTERS, CUSTOM
from app.inference.request import LEAST_SCALE, MOST_SCALE, SEEDS, STAGES, DeviceChoice, InpaintOptions, Stage

_DEFAULTS = {field.name: field.default for field in fields(InpaintOptions)}


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """A type for `argparse`: from `least` on, and to `most` where there is one, both included."""

    def number(text: str) -> int:
        value = int(text)
        if value < least or (most is not None and value > most):
            raise argparse.ArgumentTypeError(f"{least} or more" if most is None else f"{least} to {most}")
        return value

    return number


def add_device(parser: argparse.ArgumentParser) -> None:
    """``--device auto|cpu|cuda|mps``."""
    parser.add_argument(
        "--device",
        type=DeviceChoice,
        choices=list(DeviceChoice),
        default=DeviceChoice.AUTO,
        metavar="auto|cpu|cuda|mps",
    )


def add_inpaint_options(parser: argparse.ArgumentParser) -> None:
    """Everything that decides how a hole is filled."""
    names = ", ".join(info.name for info in COARSE_INPAINTERS)
    parser.add_argument(
        "--stage",
        type=Stage,
        choices=STAGES,
        default=Stage.GLOBAL,
        metavar="coarse|local|global",
        help="the stage to write the result of, native detail built on it (default: %(default)s); later ones run only"
        " for --stages",
    )
    parser.add_argument(
        "--coarse",
        default=COARSE_INPAINTERS[0].name,
        metavar="NAME",
        help=f"coarse inpainter: {names} (default: %(default)s)",
    )
    parser.add_argument(
        "--coarse-file",
        type=Path,
        metavar="FILE",
        help=f"a coarse inpainter of your own ({' '.join(SUFFIXES)}); needs --allow-model-code",
    )
    parser.add_argument(
        "--allow-model-code",
        action="store_true",
        help=f"consent to FILE. {PROGRAM} Of .safetensors: {WEIGHTS[0].lower()}{WEIGHTS[1:]}",
    )
    parser.add_argument(
        "--weights",
        type=Path,
        metavar="DIR",
        help="use this folder's weights: ours, or the authors' latest_net_G1/G2/G3.pth",
    )
    parser.add_argument(
        "--exact",
        action="store_true",
        help="the networks on the whole image as it is (sides multiples of their size), in float32",
    )
    parser.add_argument(
        "--grow",
        type=whole_number(0, 500),
        metavar="PX",
        default=_DEFAULTS["grow"],
        help="grow the hole by this many pixels first (default: %(default)s)",
    )
    parser.add_argument(
        "--feather",
        type=whole_number(0, 500),
        metavar="PX",
        default=_DEFAULTS["feather"],
        help="width of the soft edge inside the grown hole (default: %(default)s)",
    )
    parser.add_argument(
        "--working-size",
        type=whole_number(128, 2048),
        metavar="PX",
        default=_DEFAULTS["working_size"],
        help="longest side at which a region is solved (default: %(default)s)",
    )
    parser.add_argument(
        "--context-scale",
        type=scale,
        metavar="X",
        default=_DEFAULTS["context_scale"],
        help="times the length of the boxes that are seen round the holes (default: %(default)s)",
    )
    parser.add_argument(
        "--seed",
        type=whole_number(0, SEEDS - 1),
        metavar="N",
        default=_DEFAULTS["seed"],
        help="of the texture that is copied: each number another one (default: %(default)s)",
    )
    parser.add_argument("--no-detail", action="store_true", help="leave the native detail step out")
    parser.add_argument("--no-colour-match", action="store_true", help="leave the networks' colours as they are")
    add_device(parser)


def add_size_limit(parser: argparse.ArgumentParser) -> None:
    """``--max-pixels`` in pixels, and ``--allow-huge``."""
    from app.imaging.files import PIXEL_LIMIT

    parser.add_argument(
        "--max-pixels",
        type=_megapixels,
        metavar="MP",
        help=f"megapixels beyond which a photograph is refused (default: {PIXEL_LIMIT // 1_000_000})",
    )
    parser.add_argument("--allow-huge", action="store_true", help="refuse none for its size")


def inpaint_options(arguments: argparse.Namespace, result_stage: Stage, last_stage: Stage) -> InpaintOptions:
    """The options the arguments ask for. `LacunaError` for a model of the user's own that is not allowed to run."""
    own = None if arguments.coarse_file is None else _own_model(arguments)
    return InpaintOptions(
        coarse=arguments.coarse if own is None else CUSTOM.name,
        coarse_file=own,
        last_stage=last_stage,
        result_stage=result_stage,
        grow=arguments.grow,
        feather=arguments.feather,
        colour_match=not arguments.no_colour_match,
        detail=not arguments.no_detail,
        working_size=arguments.working_size,
        device=arguments.device,
        exact=arguments.exact,
        seed=arguments.seed,
        context_scale=arguments.context_scale,
    )


def _own_model(arguments: argparse.Namespace) -> AllowedFile:
    if arguments.coarse not in (COARSE_INPAINTERS[0].name, CUSTOM.name):
        raise LacunaError(f"--coarse {arguments.coarse} and --coarse-file are two coarse inpainters: leave one out")
    if not arguments.allow_model_code:
        meaning = meaning_of(arguments.coarse_file)
        raise LacunaError(f"{arguments.coarse_file}: it was not used. {meaning} To allow it: --allow-model-code")
    return allowed_file(arguments.coarse_file)


def scale(text: str) -> float:
    value = float(text)
    if not LEAST_SCALE <= value <= MOST_SCALE:
        raise argparse.ArgumentTypeError(f"{LEAST_SCALE:g} to {MOST_SCALE:g}")
    return value


def _megapixels(text: str) -> int:
    value = float(text)
    if not 0 < value <= 1_000_000:
        raise argparse.ArgumentTypeError("more than 0 megapixels")
    return round(value * 1_000_000)


def check_target(path: Path) -> None:
    """Before anything is computed: a suffix that can be written, a folder that is there; else `LacunaError`."""
    from app.imaging.files import SAVE_SUFFIXES

    if path.suffix.lower() not in SAVE_SUFFIXES:
        raise LacunaError(f"{path}: files of this kind cannot be written; use one of {' '.join(SAVE_SUFFIXES)}")
    if path.is_dir():
        raise LacunaError(f"{path}: is a folder; name a file")
    if not path.parent.is_dir():
        raise LacunaError(f"{path}: its folder does not exist; create it first")
