"""What the trainer steps on: the border between feeding and training."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from torch import Tensor


class Batch(NamedTuple):
    """Crops with their holes, on the training device, pictures channels-last float32 in [-1, 1]."""

    truth: Tensor
    """``(B, 3, size, size)``"""
    mask: Tensor
    """``(B, 1, size, size)`` float32, 1 = hole"""
    foreign: Tensor
    """``(B, 3, size, size)``: results of other coarse inpainters where `is_foreign`, the truth elsewhere"""
    is_foreign: Tensor
    """``(B, 1, 1, 1)`` bool: the refinements of these samples start from `foreign`"""


class Sampler(Protocol):
    """Draws batches; number `step` is the same whenever it is drawn, so a resumed run sees what it would have."""

    def batch(self, step: int, count: int, size: int) -> Batch:
        """`count` crops of `size` pixels a side."""
        ...
