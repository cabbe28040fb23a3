"""The parts of a training run put together, and what is seen of it on the terminal."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from app.atomic import write_text
from app.cli.output import note, shows_progress
from app.inference.request import STAGES
from app.models.features import FeatureNetwork, load_extractor
from app.models.weights import find_weights, load_any
from app.training.batches import Sampler
from app.training.card import Spent, ancestor_of, hardware_name, training_card
from app.training.checkpoints import CHECKPOINT_NAME
from app.training.config import TrainConfig
from app.training.contact_sheet import ContactSheet
from app.training.dataset import list_photographs, load_photographs
from app.training.distributed import Ranks
from app.training.evaluate import Sample, read_samples
from app.training.feeding import build_sampler
from app.training.interrupts import postponed
from app.training.learner import Learner
from app.training.recorder import Recorder
from app.training.run import Run
from app.training.trainer import StepLog, Trainer
from app.training.validation import Validation, Validator

Outcome = dict[str, Any]

VALIDATION_SEED = 0
"""Of the held-out holes: the one `evaluate` uses unless told."""

ANCESTOR_NAME = "started_from.json"

_BAR = "{percentage:5.1f} % {bar} {remaining} {postfix}"


def train(arguments: argparse.Namespace, config: TrainConfig, device: torch.device, ranks: Ranks) -> Outcome:
    """Train as one of `ranks`; what came out. `KeyboardInterrupt` where Ctrl+C ended it, after all was saved."""
    torch.backends.cudnn.benchmark = True  # few sizes, many steps: let a GPU try its kernels once
    extractor = _extractor(arguments.perceptual, device, ranks)
    learner = Learner(config, device, extractor, ranks)
    if arguments.init is not None:
        learner.start_from(load_any(find_weights(arguments.init)), arguments.init)
    ancestor = _ancestor(arguments, ranks)
    held = _held(arguments.validation, config) if ranks.is_first else []
    progress = _preparation() if ranks.is_first else None
    photographs = load_photographs(list_photographs(arguments.data), progress)
    sampler = build_sampler(photographs, config, device, ranks.rank, ranks.world_size, arguments.out, progress)
    trainer = Trainer(config, learner, sampler, ranks)
    state = trainer.restore(arguments.out / CHECKPOINT_NAME) if arguments.resume else {}

    def card() -> Outcome:
        spent = Spent(trainer.step_number, trainer.images_seen, trainer.elapsed)
        hardware = hardware_name(device, ranks.world_size)
        return training_card(config, len(photographs), spent, hardware, arguments.sources, ancestor)

    card()  # a bad --sources shows now, not after hours
    if not ranks.is_first:
        with postponed(lambda: None, insisting=False) as asked:
            _end(trainer, trainer.run(asked))
        return {}
    recorder = _recorder(arguments.out, trainer.step_number)
    validator = Validator(held, device, extractor) if held else None
    run = Run(trainer, arguments.out, recorder, card, validator, _sheet(sampler, config, held, device), _say_validation)
    run.resume_best(state)
    with postponed(_say_stopping, insisting=ranks.world_size == 1) as asked:
        last = _end(trainer, _shown(run.logs(asked), trainer.progress))
    recorder.close()
    return {
        "steps": trainer.step_number,
        "images": trainer.images_seen,
        "seconds": trainer.elapsed,
        "losses": None if last is None else {stage: last.figures[stage] for stage in config.learning_stages},
        "validation": None if run.last_validation is None else run.last_validation.to_json(),
        "photographs": len(photographs),
        "weights": str(run.weights),
    }


def _end(trainer: Trainer, logs: Iterable[StepLog]) -> StepLog | None:
    """Train to the end; the last log."""
    last = None
    for log in logs:
        last = log
    if trainer.progress < 1.0:
        raise KeyboardInterrupt
    return last


def _extractor(path: Path | None, device: torch.device, ranks: Ranks) -> FeatureNetwork | None:
    if path is None:
        if ranks.is_first:
            note("no --perceptual weights: training with the pixel terms alone")
        return None
    extractor = load_extractor(path).to(device)
    extractor.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return extractor


def _ancestor(arguments: argparse.Namespace, ranks: Ranks) -> Outcome | None:
    """Whose weights the run began with, kept in its folder so that a resumed run knows."""
    path: Path = arguments.out / ANCESTOR_NAME
    if arguments.resume:
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    if arguments.init is None:
        if ranks.is_first:
            path.unlink(missing_ok=True)  # of a run that never came to its first checkpoint
        return None
    ancestor = ancestor_of(find_weights(arguments.init))
    if ranks.is_first:
        arguments.out.mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps(ancestor, indent=2, ensure_ascii=False) + "\n")
    return ancestor


def _held(folder: Path | None, config: TrainConfig) -> list[Sample]:
    if folder is None:
        return []
    return list(
        read_samples(folder, config.validation_size, None, VALIDATION_SEED, limit=config.validation_photographs)
    )


def _sheet(sampler: Sampler, config: TrainConfig, held: list[Sample], device: torch.device) -> ContactSheet:
    """Held-out photographs where there are some, else crops of those trained on."""
    if held:
        return ContactSheet.of_samples(held, device)
    return ContactSheet.drawn(sampler, max(phase.size for phase in config.phases))


def _recorder(out: Path, step: int) -> Recorder:
    recorder = Recorder(out, step)
    if not recorder.has_board:
        note("tensorboard is not installed: the figures go to CSV files alone (pip install tensorboard)")
    return recorder


def _say_stopping() -> None:
    note("stopping after this step, and saving a checkpoint to --resume from")


def _say_validation(log: StepLog, validation: Validation) -> None:
    parts = []
    for stage, figures in validation.stages.items():
        distance = figures.feature_distance
        parts.append(f"{stage} {figures.hole_psnr:.2f} dB" + ("" if distance is None else f" {1000 * distance:.0f}"))
    with tqdm.external_write_mode(file=sys.stderr):
        note(f"step {log.step}: held-out hole PSNR (and feature distance ×10⁻³): {', '.join(parts)}")


def _preparation() -> Callable[[str, int, int], None]:
    """A bar on stderr for each thing that is made ready before the first step."""
    bars: dict[str, tqdm[Any]] = {}

    def show(what: str, done: int, total: int) -> None:
        if what not in bars:
            bars[what] = tqdm(total=total, desc=what, disable=not shows_progress(), leave=False)
        bars[what].update(done - bars[what].n)
        if done == total:
            bars.pop(what).close()

    return show


def _shown(logs: Iterator[StepLog], begin: float) -> Iterator[StepLog]:
    """The logs passed on, with a bar on stderr where that is a terminal; the run begins at the progress `begin`."""
    with tqdm(total=1.0, initial=begin, disable=not shows_progress(), bar_format=_BAR) as bar:
        for log in logs:
            bar.n = log.progress
            losses = "/".join(f"{log.figures[stage]:.3f}" for stage in STAGES if stage in log.figures)
            bar.set_postfix(step=log.step, loss=losses, per_second=f"{log.images_per_second:.1f}")
            yield log
