"""What is fed to the training in tests: photographs, a pool of foreign results, a small configuration."""

from dataclasses import replace

import cv2
import numpy as np
import torch

from app.models.config import NetworkConfig
from app.training.config import Phase
from app.training.configs import SMALL_TRAINING
from app.training.draws import Draws
from app.training.foreign_pool import ForeignPool

CPU = torch.device("cpu")
DRAWS = Draws(seed=5, foreign_share=0.5)


def photographs(count=3, height=80, width=90):
    """Smooth colours, so that a resampled crop can be compared."""
    rng = np.random.default_rng(0)
    coarse = [rng.integers(0, 256, (6, 7, 3), dtype=np.uint8) for _ in range(count)]
    return [cv2.resize(image, (width, height), interpolation=cv2.INTER_CUBIC) for image in coarse]


def pool(count=4, size=64):
    """Holes in the upper left; the foreign result is black there."""
    rng = np.random.default_rng(1)
    truth = rng.integers(100, 256, (count, size, size, 3), dtype=np.uint8)
    mask = np.zeros((count, size, size), np.uint8)
    mask[:, 5:30, 5:30] = 255
    return ForeignPool(truth, mask, np.where(mask[..., None] > 0, np.uint8(0), truth))


def config(**fields):
    """A small training."""
    network = NetworkConfig(width=4, channel_cap=4, levels=5)
    phases = (Phase(0.0, 32, 2), Phase(0.5, 64, 2))
    return replace(SMALL_TRAINING, **{"network": network, "phases": phases, "seed": 5, "foreign_pool": 0} | fields)


def equal(first, second):
    """Whether two batches are the same."""
    return all(torch.equal(ours, theirs) for ours, theirs in zip(first, second, strict=True))
