"""Batches made on the training device: nothing but the step's number crosses over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import torch
from torch import Tensor

from app.training.batches import Batch
from app.training.device_pool import DevicePool, Samples
from app.training.draws import BRIGHTNESS_GAIN, CHANNEL_GAIN, Draws, Stream, seeds
from app.training.mask_pool import MaskPool
from app.training.packed import PackedPhotographs

_NUMBERS: Final = 24
"""Random numbers a sample may use."""


class DeviceSampler:
    """Draws batches as `CropSampler` does, by the same shares but other numbers, all samples of a batch at once.

    Nothing waits for the device. Equal arguments give equal batches on equal devices.
    """

    def __init__(
        self,
        photographs: PackedPhotographs,
        masks: Mapping[int, MaskPool],
        draws: Draws,
        foreign: Sequence[tuple[DevicePool, float]],
        device: torch.device,
    ) -> None:
        """`masks` has a pool for every crop size; `foreign` are pools with the shares they are drawn from."""
        self._photographs = photographs
        self._masks = masks
        self._draws = draws
        self._foreign = foreign
        self._device = device
        self._generator = torch.Generator(device)

    def batch(self, step: int, count: int, size: int) -> Batch:
        """`count` crops with their holes; `size` must be one that there are masks of. See `Sampler`."""
        state = seeds(self._draws.seed, step, self._draws.rank, Stream.BATCHES).generate_state(2)
        self._generator.manual_seed(int(state[0]) << 31 ^ int(state[1]))
        numbers = torch.rand((_NUMBERS, count), generator=self._generator, device=self._device, dtype=torch.float64)
        draws = iter(numbers.unbind())
        is_flipped = next(draws) < 0.5
        truth = self._crops(draws, is_flipped, size)
        own = Samples(truth, self._masks[size].masks(draws.__next__), truth)
        gains = self._gains(draws)
        samples, is_foreign = self._with_foreign(draws, own, is_flipped, size)
        pictures = (_picture(pixels, gains) for pixels in (samples.truth, samples.foreign))
        return Batch(next(pictures), samples.mask, next(pictures), is_foreign)

    def _with_foreign(
        self, draws: Iterator[Tensor], own: Samples, is_flipped: Tensor, size: int
    ) -> tuple[Samples, Tensor]:
        """Some samples replaced by pool items, and ``(B, 1, 1, 1)`` bool: which."""
        pools = [(pool, share) for pool, share in self._foreign if pool.count(size)]
        # where the draw falls below the share, how far below it says from which pool
        place = next(draws).view(-1, 1, 1, 1) / max(self._draws.foreign_share, 1e-9)
        total = sum(share for _, share in pools)
        samples, begin = own, 0.0
        for number, (pool, share) in enumerate(pools, 1):
            end = 1.0 if number == len(pools) else begin + share / total
            chosen = (place >= begin) & (place < end)
            other = pool.samples(draws.__next__, is_flipped, size)
            samples = Samples(*(torch.where(chosen, new, old) for new, old in zip(other, samples, strict=True)))
            begin = end
        return samples, place < (1.0 if pools else 0.0)

    def _crops(self, draws: Iterator[Tensor], is_flipped: Tensor, size: int) -> Tensor:
        photographs = self._photographs
        index = (next(draws) * len(photographs)).long()
        height, width = photographs.heights[index], photographs.widths[index]
        longest = torch.minimum(height, width)
        shortest = longest.clamp(max=size)
        side = shortest + (next(draws) * (longest - shortest + 1)).long()
        y, x = ((next(draws) * (length - side + 1)).long() for length in (height, width))
        return photographs.crops(index, y, x, side, is_flipped, size)

    def _gains(self, draws: Iterator[Tensor]) -> Tensor:
        """``(B, 1, 1, 3)``"""
        low, high = CHANNEL_GAIN
        channels = torch.stack([next(draws) for _ in range(3)], dim=1) * (high - low) + low
        low, high = BRIGHTNESS_GAIN
        return (channels * (next(draws) * (high - low) + low)[:, None]).float()[:, None, None, :]


def _picture(pixels: Tensor, gains: Tensor) -> Tensor:
    """``(B, size, size, 3)`` in 0…255 to ``(B, 3, size, size)`` in [-1, 1], channels last in memory."""
    return (pixels * gains).clamp(0, 255).permute(0, 3, 1, 2) / 127.5 - 1
