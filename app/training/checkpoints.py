"""Checkpoints: everything a resumed run needs, in one file that is there in full or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from app.atomic import replacing
from app.errors import LacunaError
from app.models.weight_files import read_pickle
from app.training.config import TrainConfig
from app.words import Words

CHECKPOINT_NAME = "checkpoint.pt"
CHECKPOINT_FORMAT = "lacuna-checkpoint-2"

State = dict[str, Any]


def save_checkpoint(path: Path, state: State) -> None:
    """Write `state` to a temporary file, flush it to the disk and put it in the place of `path`.

    `LacunaError` where that fails; the checkpoint of before is still there then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with replacing(path) as file:
            torch.save({"format": CHECKPOINT_FORMAT, **state}, file)
    except RuntimeError as error:  # torch's own name for a write that failed
        raise LacunaError(f"cannot save {path}: {str(error).splitlines()[0]}; the one before is kept") from error


def load_checkpoint(path: Path) -> State:
    """The content of a checkpoint file, tensors on the CPU; never runs code from it."""
    if not path.is_file():
        raise LacunaError(f"{path}: there is no checkpoint to go on from; start without --resume")
    try:
        state = read_pickle(path)
    except LacunaError as error:
        raise _unreadable(path) from error
    if not isinstance(state, dict) or state.get("format") != CHECKPOINT_FORMAT:
        raise LacunaError(
            Words("{path}: not a checkpoint of this version; start again in another --out folder", path=path)
        )
    try:
        copy: State = copied(state)
    except RecursionError as error:
        raise _unreadable(path) from error
    return copy


def load_fitting(path: Path, config: TrainConfig) -> State:
    """As `load_checkpoint`; `LacunaError` too where `config` is of another network or optimiser than its own."""
    state, wanted = load_checkpoint(path), config.to_json()
    for name in ("network", "optimiser"):
        if state["config"][name] != wanted[name]:
            raise LacunaError(f"{path}: was trained with another {name}; choose that one or another --out folder")
    if config.loss.adversarial > 0 and state.get("adversary") is None:
        raise LacunaError(f"{path}: was trained without a discriminator; set loss.adversarial to 0")
    return state


def _unreadable(path: Path) -> LacunaError:
    return LacunaError(Words("{path}: not a readable checkpoint; start again without --resume", path=path))


def copied(tree: Any, _known: dict[int, Any] | None = None) -> Any:
    """Dictionaries, lists and tuples with every tensor in them cloned; what is in it twice is copied once."""
    known = {} if _known is None else _known
    if id(tree) not in known:
        known[id(tree)] = _copied(tree, known)
    return known[id(tree)]


def _copied(tree: Any, known: dict[int, Any]) -> Any:
    if isinstance(tree, Tensor):
        return tree.detach().clone()
    if isinstance(tree, dict):
        return {key: copied(value, known) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return type(tree)(copied(value, known) for value in tree)
    return tree


def replace_folder(made: Path, target: Path) -> None:
    """Put the finished folder `made` in the place of `target`, which is set aside first and then removed."""
    aside = target.with_name(f".{target.name}.before")
    shutil.rmtree(aside, ignore_errors=True)
    if target.exists():
        target.rename(aside)
    made.rename(target)
    shutil.rmtree(aside, ignore_errors=True)
