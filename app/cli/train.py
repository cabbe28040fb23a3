"""`lacuna train --data FOLDER… --out FOLDER`, by hand or under ``torchrun`` for several GPUs."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.options import add_device
from app.cli.output import print_json
from app.errors import LacunaError

if TYPE_CHECKING:
    from app.training.config import TrainConfig


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--data", type=Path, nargs="+", required=True, metavar="FOLDER", help="photographs to train on")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="for checkpoint, weights, tables and sample sheets"
    )
    parser.add_argument(
        "--config",
        default="small",
        metavar="small|paper|seed|FILE.json",
        help="or another network's: context-encoder, contextual-attention (default: small)",
    )
    parser.add_argument("--minutes", type=float, metavar="M", help="time budget (default: the configuration's)")
    parser.add_argument("--steps", type=int, metavar="N", help="end by step count instead; repeatable to the bit")
    begin = parser.add_mutually_exclusive_group()
    begin.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    begin.add_argument("--init", type=Path, metavar="FOLDER", help="start from these weights, of an equal network")
    parser.add_argument(
        "--validation",
        type=Path,
        metavar="FOLDER",
        help="photographs never trained on: held-out figures as it goes, and the best weights are kept",
    )
    parser.add_argument(
        "--perceptual",
        type=Path,
        metavar="FILE",
        help="SqueezeNet v1.0 feature weights (safetensors) or VGG16's in torchvision's layout (safetensors or .pth);"
        " without them the pixel terms train alone",
    )
    parser.add_argument(
        "--sources", type=Path, metavar="FILE.csv", help="columns file, source, licence: summed up in the model card"
    )
    parser.add_argument("--threads", type=int, metavar="N", help="processor threads (default: torch's own)")
    parser.add_argument("--json", action="store_true", help="print the outcome as one JSON object")
    add_device(parser)


def run(arguments: argparse.Namespace) -> int:
    """Train, and leave checkpoint, weights, tables and sheets in ``--out``."""
    from app.cli.training import train
    from app.inference.device import choose_device
    from app.training.checkpoints import CHECKPOINT_NAME, load_fitting
    from app.training.distributed import joined, rank_device

    config = _config(arguments)
    checkpoint = arguments.out / CHECKPOINT_NAME
    if arguments.resume:
        load_fitting(checkpoint, config)  # what cannot be gone on from shows now, not after minutes of preparation
    elif checkpoint.exists():
        raise LacunaError(f"{checkpoint}: there already; add --resume to go on, or name another --out folder")
    if arguments.threads is not None:
        _set_threads(arguments.threads)
    device = rank_device(choose_device(arguments.device))
    with joined(device) as ranks:
        outcome = train(arguments, config, device, ranks)
        ranks.highest(0.0)  # nobody leaves while the first is still writing
    if arguments.json and ranks.is_first:
        print_json(outcome)
    return 0


def _config(arguments: argparse.Namespace) -> TrainConfig:
    from app.training.configs import load_config

    config = load_config(arguments.config)
    if arguments.minutes is not None:
        # a time budget that is asked for is meant, whatever step count the configuration has
        config = replace(config, minutes=arguments.minutes, steps=0)
    if arguments.steps is not None:
        config = replace(config, steps=arguments.steps)
    return config


def _set_threads(count: int) -> None:
    import cv2
    import torch

    if count < 1:
        raise LacunaError(f"--threads: must be at least 1, not {count}")
    torch.set_num_threads(count)
    cv2.setNumThreads(count)
