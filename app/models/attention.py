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

    def forward(self, features: Tensor) -> Tensor:
        """``(B, C, H, W)`` features to features of the same shape."""
        combined: Tensor = self.combiner(torch.cat([self.attend(features), features], dim=1))
        return combined

    @staticmethod
    def attend(features: Tensor) -> Tensor:
        """The attended values alone, ``(B, C, H, W)``, before they are combined with the features."""
        batch, channels, height, width = features.shape
        keys = functional.normalize(features + 1e-7, dim=1)
        queries = 9.0 * functional.avg_pool2d(features, kernel_size=3, stride=1, padding=1)
        attended = functional.scaled_dot_product_attention(
            _as_tokens(queries), _as_tokens(keys), _as_tokens(keys), scale=1.0
        )
        return attended.transpose(-1, -2).reshape(batch, channels, height, width)


def _as_tokens(maps: Tensor) -> Tensor:
    """``(B, C, H, W)`` to ``(B, 1, N, C)``: one head, contiguous, or the O(N) kernels step aside."""
    return maps.flatten(2).transpose(1, 2).unsqueeze(1).contiguous()
