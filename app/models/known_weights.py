"""Weights of known networks from files that come from anywhere. Nothing in such a file is run."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor

from app.errors import LacunaError
from app.models.headers import unreadable
from app.models.known import MOST_BYTES, is_count, recognised
from app.models.known_names import SAFE
from app.models.lama import LaMa
from app.models.lama_layout import LamaConfig
from app.models.migan import MiGan
from app.models.migan_layout import is_constant
from app.models.weight_files import State, read_state, shapes_of
from app.words import Words

Known = LaMa | MiGan


def known_network(path: Path, data: bytes) -> Known:
    """The network whose weights lie in `path`, of which `data` is the content, in float32 and evaluation mode.

    Raises `LacunaError` where they fit none, or hold what is no number.
    """
    state = _state(path, data)
    found = recognised(shapes_of(state), path)
    state = {name.removeprefix(found.prefix): value for name, value in state.items()}
    with torch.device("meta"):
        network: Known = LaMa(found.config) if isinstance(found.config, LamaConfig) else MiGan(found.config)
    for name, value in state.items():
        _check(name, value, path)
    names = network.published_names() if isinstance(network, LaMa) else {name: name for name in network.state_dict()}
    ours = {ours: torch.tensor(0) if is_count(ours) else state[theirs].float() for ours, theirs in names.items()}
    network.load_state_dict(ours, assign=True)
    return network.eval().requires_grad_(False)


def _state(path: Path, data: bytes) -> State:
    if path.suffix.lower() != SAFE:
        return read_state(path, MOST_BYTES, data)
    try:
        return load(data)
    except (SafetensorError, ValueError, TypeError, KeyError, MemoryError) as error:
        raise unreadable(path, error) from error


def _check(name: str, value: Tensor, path: Path) -> None:
    if not torch.isfinite(value.float()).all():
        raise LacunaError(
            Words(
                "{path}: the tensor {tensor} holds values that are no numbers (NaN or infinity)",
                path=path.name,
                tensor=name,
            )
        )
    if is_constant(name) and not _is_every_second(value):
        raise LacunaError(
            Words("{path}: the tensor {tensor} is not what MI-GAN has there", path=path.name, tensor=name)
        )


def _is_every_second(value: Tensor) -> bool:
    """1 at every second place of every second row, 0 elsewhere."""
    wanted = torch.zeros_like(value)
    wanted[..., ::2, ::2] = 1
    return torch.equal(value, wanted)
