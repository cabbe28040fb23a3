"""`lacuna evaluate --images FOLDER`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tqdm import tqdm

from app.cli.options import add_device
from app.cli.output import note, print_json, shows_progress
from app.inference.request import InpaintOptions

DEFAULT_METHODS = "lgnet-coarse,lgnet-local,lgnet,telea,ns"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--images", type=Path, required=True, metavar="FOLDER", help="photographs never trained on")
    holes = parser.add_mutually_exclusive_group()
    holes.add_argument("--masks", type=Path, metavar="FOLDER", help="given holes, by relative path and stem")
    holes.add_argument("--seed", type=int, default=0, metavar="N", help="seed of generated holes (default: 0)")
    parser.add_argument("--size", choices=("256", "512", "native"), default="256")
    parser.add_argument("--methods", default=DEFAULT_METHODS, help=f"comma-separated (default: {DEFAULT_METHODS})")
    parser.add_argument("--weights", type=Path, metavar="DIR")
    parser.add_argument("--perceptual", type=Path, metavar="FILE", help="SqueezeNet weights for the feature distance")
    parser.add_argument("--sheet", type=Path, metavar="OUT.png", help="write a picture grid, crops at 100 %%")
    parser.add_argument("--record", action="store_true", help="write the figures into the model card of --weights")
    parser.add_argument("--limit", type=int, metavar="N", help="the first N photographs only")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_device(parser)


def run(arguments: argparse.Namespace) -> int:
    """Score every method on every photograph and print the table."""
    from app.imaging.files import write_image
    from app.inference.engine import Engine
    from app.paths import weights_folder
    from app.training.card import record_figures
    from app.training.evaluate import read_samples, score, summary
    from app.training.features import load_squeezenet
    from app.training.methods import build_method
    from app.training.report import Sheet, text_table

    extractor = load_squeezenet(arguments.perceptual) if arguments.perceptual else None
    if extractor is None:
        note("no --perceptual weights: no feature distance (PSNR alone ranks smears first)")
    native = arguments.size == "native"
    options = InpaintOptions(device=arguments.device, exact=not native)
    engine = Engine(arguments.weights)
    methods = {name: build_method(name, engine, options) for name in arguments.methods.split(",")}
    size = None if native else int(arguments.size)
    samples = read_samples(arguments.images, size, arguments.masks, arguments.seed, arguments.limit)
    scores, sheet = [], Sheet(list(methods), crop=512 if native else 256)
    for sample in tqdm(samples, disable=not shows_progress(), unit=" photographs"):
        pairs = [score(name, method, sample, extractor) for name, method in methods.items()]
        scores += [figures for figures, _ in pairs]
        sheet.add(sample, [result for _, result in pairs])
    table = summary(scores)
    if arguments.sheet:
        write_image(arguments.sheet, sheet.picture())
    if arguments.record:
        setting = {"photographs": len(scores) // len(methods), "size": arguments.size, "seed": arguments.seed}
        record_figures(arguments.weights or weights_folder(), setting | {"methods": table})
    if arguments.json:
        print_json({"methods": table})
    else:
        print(text_table(table))
    return 0
