"""Pools of foreign samples in the training device's memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from app.imaging.arrays import THRESHOLD
from app.training.foreign_pool import ForeignPool, Windows


class Samples(NamedTuple):
    """Crops with their holes, on the device."""

    truth: Tensor
    """``(B, size, size, 3)`` float32, 0…255"""
    mask: Tensor
    """``(B, 1, size, size)`` float32, 1 = hole"""
    foreign: Tensor
    """``(B, size, size, 3)`` float32, 0…255"""


class DevicePool:
    """One pool, and the squares of each size in `sizes` that may be drawn from it."""

    def __init__(self, pool: ForeignPool, sizes: Sequence[int], largest_area: float, device: torch.device) -> None:
        self._size = pool.size
        self._truth = torch.from_numpy(pool.truth).to(device).view(-1, 3)
        self._foreign = torch.from_numpy(pool.foreign).to(device).view(-1, 3)
        self._mask = torch.from_numpy(pool.mask).to(device).view(-1)
        self._starts = {size: self._start_of(pool.windows(size, largest_area), device) for size in sizes}

    def _start_of(self, windows: Windows, device: torch.device) -> Tensor:
        item, y, x = windows.T
        return torch.from_numpy((item * self._size + y) * self._size + x).to(device)

    def count(self, size: int) -> int:
        """How many different squares of this size there are."""
        return len(self._starts[size])

    def samples(self, draw: Callable[[], Tensor], is_flipped: Tensor, size: int) -> Samples:
        """Random squares, mirrored where `is_flipped`; `draw` gives ``(B,)`` numbers in [0, 1)."""
        starts = self._starts[size]
        start = starts[(draw() * len(starts)).long()]
        order = torch.arange(size, device=start.device)
        columns = torch.where(is_flipped[:, None], size - 1 - order, order)
        place = start[:, None, None] + (order * self._size)[None, :, None] + columns[:, None, :]
        mask = (self._mask[place] > THRESHOLD).float().unsqueeze(1)
        return Samples(self._truth[place].float(), mask, self._foreign[place].float())
