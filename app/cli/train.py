"""`lacuna train --data FOLDER… --out FOLDER`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from app.cli.options import add_device
from app.cli.output import note, print_json, shows_progress
from app.errors import LacunaError

if TYPE_CHECKING:
    from app.training.trainer import StepLog


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--data", type=Path, nargs="+", required=True, metavar="FOLDER", help="photographs to train on")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="for checkpoint, log and weights")
    parser.add_argument("--config", default="small", metavar="small|paper|FILE.json")
    parser.add_argument("--minutes", type=float, metavar="M", help="time budget (default: the configuration's)")
    parser.add_argument("--steps", type=int, metavar="N", help="end by step count instead; repeatable to the bit")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    parser.add_argument(
        "--perceptual",
        type=Path,
        metavar="FILE",
        help="SqueezeNet v1.0 feature weights (safetensors); without them the L1 terms train alone",
    )
    parser.add_argument(
        "--sources", type=Path, metavar="FILE.csv", help="columns file, source, licence: summed up in the model card"
    )
    parser.add_argument("--threads", type=int, metavar="N", help="processor threads (default: torch's own)")
    parser.add_argument("--json", action="store_true", help="print the outcome as one JSON object")
    add_device(parser)


def run(arguments: argparse.Namespace) -> int:
    """Train and write the averaged weights beside the checkpoint."""
    import torch

    from app.inference.device import choose_device
    from app.models.weights import save_network
    from app.training.card import training_card
    from app.training.config import load_config
    from app.training.dataset import CropSampler, list_photographs, load_photographs
    from app.training.features import load_squeezenet
    from app.training.trainer import CHECKPOINT_NAME, Trainer

    config = load_config(arguments.config)
    if arguments.minutes is not None:
        config = replace(config, minutes=arguments.minutes)
    if arguments.steps is not None:
        config = replace(config, steps=arguments.steps)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    checkpoint = arguments.out / CHECKPOINT_NAME
    if checkpoint.exists() and not arguments.resume:
        raise LacunaError(f"{checkpoint}: there already; add --resume to go on, or name another --out folder")
    device = choose_device(arguments.device)
    extractor = load_squeezenet(arguments.perceptual).to(device) if arguments.perceptual else None
    if extractor is None:
        note("no --perceptual weights: training with the L1 terms alone")
    photographs = load_photographs(list_photographs(arguments.data))
    sampler = CropSampler(photographs, config.seed, config.largest_area, config.foreign_share)
    trainer = Trainer(config, sampler, device, extractor)
    if arguments.resume:
        trainer.restore(checkpoint)
    arguments.out.mkdir(parents=True, exist_ok=True)
    last: StepLog | None = None
    with (arguments.out / "log.csv").open("a", encoding="utf-8") as log:
        for step in _shown(trainer.run(arguments.out)):
            log.write(_csv_line(step))
            last = step
    card = training_card(config, len(photographs), trainer.step_number, trainer.elapsed, arguments.sources)
    save_network(trainer.average, config.network, arguments.out / "weights", card)
    if arguments.json:
        losses = None if last is None else dict(zip(("coarse", "local", "global"), last.losses, strict=True))
        print_json(
            {
                "steps": trainer.step_number,
                "seconds": trainer.elapsed,
                "losses": losses,
                "photographs": len(photographs),
                "weights": str(arguments.out / "weights"),
            }
        )
    return 0


def _csv_line(log: StepLog) -> str:
    """Step, progress, the stages' losses, crop size, images per second, share of the time spent waiting for data."""
    coarse, local, globe = log.losses
    figures = f"{coarse:.4f},{local:.4f},{globe:.4f},{log.size},{log.images_per_second:.1f},{log.waiting:.3f}"
    return f"{log.step},{log.progress:.5f},{figures}\n"


_BAR = "{percentage:5.1f} % {bar} {remaining} {postfix}"


def _shown(logs: Iterator[StepLog]) -> Iterator[StepLog]:
    """The steps passed on, with a bar on stderr where that is a terminal."""
    with tqdm(
        total=1.0, disable=not shows_progress(), bar_format="{percentage:5.1f} % {bar} {remaining} {postfix}"
    ) as bar:
        for log in logs:
            bar.n = log.progress
            bar.set_postfix(step=log.step, loss=f"{log.losses[2]:.3f}", per_second=f"{log.images_per_second:.1f}")
            yield log
