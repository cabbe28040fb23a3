"""Batches for tests: small, made from the batch's number alone."""

from __future__ import annotations

import torch
from torch import Tensor

from app.training.batches import Batch


class SmoothSampler:
    """Colour ramps with a box cut out; every third sample starts its refinement from grey. Notes what was drawn."""

    def __init__(self, seed: int = 0, rank: int = 0) -> None:
        self._seed = seed * 1000 + rank
        self.drawn: list[int] = []

    def batch(self, step: int, count: int, size: int) -> Batch:
        """See `Sampler`."""
        self.drawn.append(step)
        generator = torch.Generator().manual_seed(self._seed * 1_000_003 + step)
        ramp = torch.linspace(-0.5, 0.5, size)
        slopes = torch.rand((count, 3, 2), generator=generator) - 0.5
        truth = slopes[..., :1, None] * ramp[:, None] + slopes[..., 1:, None] * ramp
        mask = torch.zeros(count, 1, size, size)
        mask[..., size // 4 : size // 2, size // 4 : size // 2] = 1
        is_foreign = (torch.arange(count) % 3 == 2).view(-1, 1, 1, 1)
        foreign = torch.where(is_foreign, truth * (1 - mask), truth)
        return Batch(*map(_channels_last, (truth, mask, foreign)), is_foreign)


class PoisonedSampler(SmoothSampler):
    """Some batches hold values that are no numbers."""

    def __init__(self, *bad: int, seed: int = 0) -> None:
        super().__init__(seed)
        self._bad = bad

    def batch(self, step: int, count: int, size: int) -> Batch:
        """See `Sampler`."""
        batch = super().batch(step, count, size)
        return batch._replace(truth=batch.truth * torch.nan) if step in self._bad else batch


def few_maps(images: Tensor) -> list[Tensor]:
    """A stand-in for a perceptual network: differentiable maps at two scales."""
    return [images * 2, torch.nn.functional.avg_pool2d(images, 4)]


def _channels_last(pictures: Tensor) -> Tensor:
    return pictures.contiguous(memory_format=torch.channels_last)
