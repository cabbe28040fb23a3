"""Weight folders: our own (safetensors and a model card) and the authors' published checkpoints."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from app.atomic import write_bytes, write_text
from app.errors import LacunaError, read_failure
from app.models.config import PAPER, AnyConfig, NetworkConfig, read_config
from app.models.headers import check_names_and_shapes
from app.models.kinds import build_network, network_class
from app.models.lgnet import STAGE_NAMES, LGNet
from app.models.published import rename_table
from app.models.staged import StagedNetwork
from app.models.weight_files import State, read_safetensors, read_state, shapes_of
from app.words import Words, brief

CARD_NAME = "model.json"
CARD_FORMAT = "lacuna-weights-1"
_CARD_LIMIT = 16 * 2**20
_SLACK, _WIDEST = 2**20, 8
"""Bytes that a published checkpoint may be longer than its tensors at `_WIDEST` bytes a number."""
_PUBLISHED = re.compile(r"(?P<epoch>latest|\d+)_net_G(?P<stage>[123])\.pth")


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One stage's file as it lies on disk."""

    stage: str
    path: Path

    def sha256(self) -> str:
        """The hash of what lies on disk now, in hexadecimal; `LacunaError` where it cannot be read."""
        try:
            with self.path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise read_failure(error, self.path) from error


@dataclass(frozen=True, slots=True)
class WeightFolder:
    """A complete set of weights: files, one a stage of the network, and what the model card says of them."""

    name: str
    config: AnyConfig
    files: tuple[WeightFile, ...]
    card: dict[str, Any]
    published: bool
    """True for the authors' ``latest_net_G1.pth`` and its companions."""


def find_weights(folder: Path) -> WeightFolder:
    """What `folder` holds, without loading a tensor. Raises `LacunaError` where there is no complete set."""
    if (folder / CARD_NAME).is_file():
        return _described(folder)
    published = _published_set(folder)
    if published is not None:
        files = tuple(WeightFile(stage, path) for stage, path in published.items())
        return WeightFolder(folder.name, PAPER, files, {"licence": "see the authors' terms", "source": "LGNet"}, True)
    raise LacunaError(
        Words(
            "{folder}: no weights there; a weights folder holds {card} and its files,"
            " or latest_net_G1.pth, latest_net_G2.pth and latest_net_G3.pth",
            folder=folder,
            card=CARD_NAME,
        )
    )


def kind_in(folder: Path) -> str | None:
    """The kind of network whose weights `folder` holds by its card; None where there is no card that says."""
    try:
        return read_config(_card(folder / CARD_NAME)["config"]).kind
    except (LacunaError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def load_network(folder: Path) -> LGNet:
    """LGNet of a weights folder in float32, evaluation mode, every name, shape, hash and number checked."""
    return load_found(find_weights(folder))


def load_found(found: WeightFolder) -> LGNet:
    """`load_network` for a folder that `find_weights` has looked through already."""
    network = load_kind(found, NetworkConfig.kind)
    assert isinstance(network, LGNet)
    return network


def load_kind(found: WeightFolder, kind: str) -> StagedNetwork:
    """As `load_any`; `LacunaError` where the folder holds another network than `kind`."""
    if found.config.kind != kind:
        raise LacunaError(
            Words(
                "{folder}: holds the weights of another network, {kind}",
                folder=found.files[0].path.parent,
                kind=found.config.kind,
            )
        )
    return load_any(found)


def load_any(found: WeightFolder) -> StagedNetwork:
    """As `load_found`, whichever network it is."""
    with torch.device("meta"):
        network = build_network(found.config)
    for file, part in zip(found.files, network.stage_networks().values(), strict=True):
        wanted = part.state_dict()
        if found.published:
            most = _SLACK + sum(tensor.numel() for tensor in wanted.values()) * _WIDEST
            state = _renamed(read_state(file.path, most), rename_table(file.stage), file.path)
        else:
            state = read_safetensors(file.path, shapes_of(wanted))
        part.load_state_dict(_checked(state, wanted, file.path), assign=True)
    return network.eval().requires_grad_(False)


def save_network(state: dict[str, Tensor], config: AnyConfig, folder: Path, card: dict[str, Any]) -> None:
    """Write a state of the network of `config` as fp16 safetensors, one file a stage, and its model card."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for stage, part in network_class(config).parts.items():
        path = folder / f"{stage}.safetensors"
        prefix = f"{part}."
        tensors = {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
        write_bytes(path, save({name: _as_half(value) for name, value in tensors.items()}))
        files[stage] = {"file": path.name, "sha256": WeightFile(stage, path).sha256()}
    content = {"format": CARD_FORMAT, "name": folder.name, "config": config.to_json(), "files": files, **card}
    write_text(folder / CARD_NAME, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _as_half(value: Tensor) -> Tensor:
    value = value.detach().cpu().contiguous()
    return value.half() if value.is_floating_point() else value


def _described(folder: Path) -> WeightFolder:
    path = folder / CARD_NAME
    try:
        card = _card(path)
        if card["format"] != CARD_FORMAT:
            raise LacunaError(
                Words(
                    "{path}: written in the format {format}, this version reads {own}",
                    path=path,
                    format=brief(card["format"]),
                    own=CARD_FORMAT,
                )
            )
        files = []
        config = read_config(card["config"])
        for stage in config.stage_names:
            entry = card["files"][stage]
            files.append((WeightFile(stage, folder / Path(entry["file"]).name), str(entry["sha256"])))
        complete = all(file.path.is_file() for file, _ in files)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise LacunaError(
            Words(
                "{path}: not a readable model card ({reason}); install the weights again",
                path=path,
                reason=brief(error),
            )
        ) from error
    for file, promised in files:
        if not complete and not file.path.is_file():
            raise LacunaError(Words("{path}: missing; install the weights again", path=file.path))
        if file.sha256() != promised:
            raise LacunaError(
                Words("{path}: its sha256 is not the model card's; install the weights again", path=file.path)
            )
    return WeightFolder(brief(card.get("name", folder.name)), config, tuple(file for file, _ in files), card, False)


def _card(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        data = file.read(_CARD_LIMIT + 1)
    card = json.loads(data) if len(data) <= _CARD_LIMIT else None
    if not isinstance(card, dict):
        raise TypeError("it is no table, or too long")
    return card


def _published_set(folder: Path) -> dict[str, Path] | None:
    """The newest epoch of which all three files are there; ``latest`` comes first."""
    epochs: dict[str, dict[int, Path]] = {}
    for path in sorted(folder.glob("*_net_G?.pth")) if folder.is_dir() else []:
        match = _PUBLISHED.fullmatch(path.name)
        if match:
            epochs.setdefault(match["epoch"], {})[int(match["stage"])] = path
    complete = [epoch for epoch, files in epochs.items() if len(files) == 3]
    if not complete:
        if epochs:
            have = ", ".join(path.name for files in epochs.values() for path in files.values())
            raise LacunaError(
                Words(
                    "{folder}: holds {have} only; a published set is G1, G2 and G3 of one epoch",
                    folder=folder,
                    have=brief(have),
                )
            )
        return None
    epoch = max(complete, key=lambda name: float("inf") if name == "latest" else int(name))
    return {stage: epochs[epoch][number] for number, stage in enumerate(STAGE_NAMES, start=1)}


def _renamed(state: dict[str, Tensor], table: dict[str, str], path: Path) -> dict[str, Tensor]:
    """Published names to ours; a ``module.`` prefix (a checkpoint saved from several GPUs) is taken off."""
    state = {name.removeprefix("module."): value for name, value in state.items()}
    unknown, missing = sorted(state.keys() - table.keys()), sorted(table.keys() - state.keys())
    if missing:
        raise LacunaError(
            Words(
                "{path}: the tensor {tensor} is missing; is this the right stage's checkpoint?",
                path=path,
                tensor=missing[0],
            )
        )
    if unknown:
        raise LacunaError(
            Words(
                "{path}: holds the unknown tensor {tensor}; is this the right stage's checkpoint?",
                path=path,
                tensor=brief(unknown[0]),
            )
        )
    return {table[name]: value for name, value in state.items()}


def _checked(state: State, wanted: State, path: Path) -> State:
    """`state` as the network takes it, in memory of its own."""
    check_names_and_shapes(shapes_of(state), shapes_of(wanted), path)
    for name, tensor in state.items():
        if not torch.isfinite(tensor.float()).all():
            raise LacunaError(
                Words(
                    "{path}: the tensor {tensor} holds values that are no numbers (NaN or infinity)",
                    path=path,
                    tensor=name,
                )
            )
    return {name: state[name].to(wanted[name].dtype, copy=True) for name in wanted}
