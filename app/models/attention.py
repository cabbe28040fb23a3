"""The attention of LGNet's global stage, in O(N) memory."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class NeighbourhoodAttention(nn.Module):
    """Every position looks at all others, scored over its 3×3 neighbourhood.

    Keys and values are the channel-normalised features, the query is the feature itself. The published form sums
    score maps over neighbouring queries; a score is linear in its query, so scoring the box-summed query gives the
    same numbers without ever holding an N×N map (N = H·W positions).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.combiner = nn.Conv2d(2 * channels, channels, kernel_size=1)

    def forward(self, features: Tensor, allowed: Tensor | None = None) -> Tensor:
        """``(B, C, H, W)`` features to features of the same shape.

        `allowed` ``(n,)`` int64 are the positions, row by row, that may be looked at; None stands for all.
        """
        combined: Tensor = self.combiner(torch.cat([self.attend(features, allowed), features], dim=1))
        return combined

    @staticmethod
    def attend(features: Tensor, allowed: Tensor | None = None) -> Tensor:
        """The attended values alone, ``(B, C, H, W)``, before they are combined with the features."""
        batch, channels, height, width = features.shape
        queries, keys = NeighbourhoodAttention.tokens(features)
        if allowed is not None:  # fewer keys instead of a mask: less work, and any kernel can do it in O(N)
            keys = keys.index_select(2, allowed)
        attended = functional.scaled_dot_product_attention(queries, keys, keys, scale=1.0)
        return attended.transpose(-1, -2).reshape(batch, channels, height, width)

    @staticmethod
    def tokens(features: Tensor) -> tuple[Tensor, Tensor]:
        """Queries and keys of ``(B, C, H, W)`` features, each ``(B, 1, N, C)``; the keys are the values, too."""
        keys = functional.normalize(features + 1e-7, dim=1)
        queries = 9.0 * functional.avg_pool2d(features, kernel_size=3, stride=1, padding=1)
        return _as_tokens(queries), _as_tokens(keys)


def _as_tokens(maps: Tensor) -> Tensor:
    """``(B, C, H, W)`` to ``(B, 1, N, C)``: one head, contiguous, or the O(N) kernels step aside."""
    return maps.flatten(2).transpose(1, 2).unsqueeze(1).contiguous()


def positions_without(avoided: Tensor, level: int) -> Tensor | None:
    """The positions ``(n,)`` of a map of side H/2^level that no pixel of `avoided` ``(1, 1, H, W)``, 1 or 0, falls on.

    None where that leaves all of them, or none: with nothing to look at there would be no answer.
    """
    touched = functional.max_pool2d(avoided, kernel_size=1 << level).flatten() > 0
    allowed = torch.nonzero(~touched).flatten()
    return allowed if 0 < len(allowed) < len(touched) else None
