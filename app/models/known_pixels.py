"""Pictures brought to what is known of them: less the mean colour of the known pixels, over their spread."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

LEAST_SPREAD = 0.05
"""In units of [-1, 1]: an even picture is not blown up beyond this."""


class Known(NamedTuple):
    """Mean colour ``(B, 3, 1, 1)`` and spread ``(B, 1, 1, 1)`` of the known pixels of pictures."""

    mean: Tensor
    spread: Tensor

    @classmethod
    def of(cls, image: Tensor, mask: Tensor) -> Known:
        """Of ``(B, 3, H, W)`` with holes ``(B, 1, H, W)``, 1 = hole; where all is hole, grey."""
        known = 1 - mask
        count = known.sum((2, 3), keepdim=True).clamp(min=1)
        mean = (image * known).sum((2, 3), keepdim=True) / count
        variance = ((image - mean).square() * known).sum((1, 2, 3), keepdim=True) / (3 * count)
        return cls(mean, variance.sqrt().clamp(min=LEAST_SPREAD))

    def normalised(self, image: Tensor) -> Tensor:
        """`image` in units of the spread round the mean."""
        return (image - self.mean) / self.spread

    def picture(self, normalised: Tensor) -> Tensor:
        """The inverse, held within [-1, 1]."""
        return torch.clamp(self.mean + self.spread * normalised, -1, 1)
