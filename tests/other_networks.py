"""Tiny folders of all kinds of networks, in the place of the shipped ones."""

from pathlib import Path

import pytest
import torch

from app.models.config import ContextEncoderConfig, ContextualAttentionConfig
from app.models.kinds import build_network
from app.models.weights import save_network
from tests.networks import write_tiny_weights

TINY_OTHERS = (
    ContextEncoderConfig(width=4, channel_cap=2, levels=3, grid=4),
    ContextualAttentionConfig(width=2, dilations=2),
)
OTHERS = tuple(config.kind for config in TINY_OTHERS)


def write_tiny_others(folder: Path) -> Path:
    """A weights folder of each kind, called as shipped, beside LGNet's; returns the folder they lie in."""
    write_tiny_weights(folder, "lgnet-small")
    for config in TINY_OTHERS:
        torch.manual_seed(11)
        card = {"licence": "MIT", "source": "a test"}
        save_network(build_network(config).state_dict(), config, folder / config.kind, card)
    return folder


def ship(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the program find its weights in `folder`."""

    def found(name: str = "lgnet-small") -> Path:
        return folder / name

    monkeypatch.setattr("app.inference.weight_files.weights_folder", found)
