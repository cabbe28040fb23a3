"""Small networks for tests: real shapes, random weights, made in milliseconds."""

from pathlib import Path

import torch

from app.models.config import NetworkConfig
from app.models.lgnet import LGNet
from app.models.weights import save_network

TINY = NetworkConfig(width=4, channel_cap=4, levels=5)


def write_tiny_weights(folder: Path, name: str = "tiny") -> Path:
    """A weights folder of a tiny network; returns the folder."""
    torch.manual_seed(7)
    save_network(LGNet(TINY).state_dict(), TINY, folder / name, {"licence": "MIT", "source": "a test"})
    return folder / name
