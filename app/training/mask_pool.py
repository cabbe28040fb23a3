"""Holes drawn once and kept on the training device, varied at every draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from app.imaging.arrays import Mask, hole_of
from app.training.draws import Stream, generator, random_hole
from app.training.parallel import Progress, mapped


def drawn_masks(
    count: int, size: int, seed: int, rank: int, largest_area: float, progress: Progress | None = None
) -> list[Mask]:
    """`count` training masks ``(size, size)``; equal arguments give equal masks."""

    def drawn(number: int) -> Mask:
        return random_hole(generator(seed, number, rank, Stream.MASKS), size, largest_area)

    return list(mapped(drawn, range(count), f"masks of {size}²", progress))


class MaskPool:
    """Square masks of one size on the device."""

    def __init__(self, masks: list[Mask], device: torch.device) -> None:
        self._holes = torch.from_numpy(hole_of(np.stack(masks))).to(device)

    def masks(self, draw: Callable[[], Tensor]) -> Tensor:
        """``(B, 1, size, size)`` float32, 1 = hole.

        `draw` gives ``(B,)`` numbers in [0, 1), new ones at every call. Each mask is shifted by any distance (what
        leaves the frame comes in on the other side, so the area stays), and mirrored and turned half the time each.
        """
        size = self._holes.shape[1]
        item = (draw() * len(self._holes)).long()[:, None, None]
        order = torch.arange(size, device=item.device)
        rows, columns = (self._places(order, draw(), draw()) for _ in range(2))
        is_turned = (draw() < 0.5)[:, None, None]
        rows, columns = rows[:, :, None], columns[:, None, :]
        first = torch.where(is_turned, columns, rows)
        second = torch.where(is_turned, rows, columns)
        return self._holes[item, first, second].float().unsqueeze(1)

    @staticmethod
    def _places(order: Tensor, shift: Tensor, mirror: Tensor) -> Tensor:
        size = len(order)
        shifted = (order + (shift * size).long()[:, None]) % size
        return torch.where((mirror < 0.5)[:, None], size - 1 - shifted, shifted)
