"""`lacuna bench`: this machine's figures."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.bench.options import BenchOptions, Section
from app.cli.options import add_device, whole_number
from app.cli.output import note, print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "--only",
        type=_sections,
        default=tuple(Section),
        metavar=",".join(Section),
        help="these parts only (default: all; some minutes on a processor)",
    )
    parser.add_argument("--weights", type=Path, metavar="DIR", help="these weights instead of the shipped ones")
    parser.add_argument("--threads", type=whole_number(1), metavar="N", help="processor threads (default: torch's own)")
    parser.add_argument("--quick", action="store_true", help="small pictures: shows that all of it runs, no more")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--photos", type=whole_number(2, 10_000), default=12, metavar="N", help="photographs of the batch (default: 12)"
    )
    parser.add_argument("--images", type=Path, metavar="DIR", help="make the batch's photographs from this folder's")
    parser.add_argument(
        "--kills",
        type=whole_number(0),
        default=0,
        metavar="K",
        help="kill the batch so often and compare what it has then written",
    )
    add_device(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print; parts that can't be measured here are named with the reason."""
    from app.bench.hardware import hardware
    from app.bench.report import text_report
    from app.bench.runner import run_bench
    from app.inference.device import choose_device

    choose_device(arguments.device)
    options = BenchOptions(
        weights=arguments.weights,
        device=arguments.device,
        threads=arguments.threads,
        quick=arguments.quick,
        photos=arguments.photos,
        images=arguments.images,
        kills=arguments.kills,
    )
    figures = {"hardware": hardware(options.threads)} | run_bench(arguments.only, options, note)
    if arguments.json:
        print_json(figures)
    else:
        print(text_report(figures))
    return 0 if figures.keys() & set(arguments.only) else 1


def _sections(text: str) -> tuple[Section, ...]:
    try:
        return tuple(dict.fromkeys(Section(word.strip()) for word in text.split(",")))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"choose from {', '.join(Section)}") from error
