"""A context encoder after Pathak et al., "Context Encoders: Feature Learning by Inpainting", CVPR 2016.

As published: strided convolutions to a narrow bottleneck, no skip connections, positions mixed by a channel-wise fully
connected layer and channels by a convolution after it, transposed convolutions back; holes filled with the mean.

Ours: holes of any shape, the mask a fourth input channel; pictures of any size, for which the fully connected layer
works on a fixed grid of the bottleneck's averages (on 128² with four levels exactly on its 8×8 positions) and stands
beside the bottleneck itself; mean and spread are the picture's own, and put back at the end; a fraction of the width.
"""

from __future__ import annotations

from types import MappingProxyType

import torch
from torch import Tensor, nn
from torch.nn import functional

from app.models.config import ContextEncoderConfig
from app.models.known_pixels import Known
from app.models.staged import StagedNetwork
from app.models.unet import Down, Up


class ChannelwiseMixing(nn.Module):
    """Every channel's positions mixed by weights of its own on a `grid` × `grid` of averages; the shape stays.

    Where all is hole the map itself says nothing: nothing but a convolution comes between the mixture and the decoder.
    """

    def __init__(self, channels: int, grid: int) -> None:
        super().__init__()
        self.grid = grid
        self.weight = nn.Parameter(torch.empty(channels, grid**2, grid**2).normal_(std=2**0.5 / grid))
        self.bias = nn.Parameter(torch.zeros(channels, grid**2))
        self.combiner = nn.Conv2d(2 * channels, channels, kernel_size=3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """``(B, channels, h, w)`` to the same shape, each position informed by all others."""
        x = functional.leaky_relu(x, 0.2)
        cells = functional.adaptive_avg_pool2d(x, self.grid)
        mixed = torch.einsum("bcn,cnm->bcm", cells.flatten(2), self.weight) + self.bias
        mixed = mixed.reshape(cells.shape).to(x.dtype)
        if mixed.shape != x.shape:
            mixed = functional.interpolate(mixed, x.shape[2:], mode="bilinear", align_corners=False)
        normed: Tensor = self.norm(self.combiner(torch.cat([x, mixed], dim=1)))
        return normed


class Encoder(nn.Module):
    """``(B, 4, H, W)`` image with filled hole, and mask, to ``(B, 3, H, W)`` in [-1, 1]."""

    def __init__(self, config: ContextEncoderConfig) -> None:
        super().__init__()
        levels, channels = config.levels, config.channels
        self.downs = nn.Sequential(
            *(
                Down(4 if level == 1 else channels(level - 1), channels(level), activated=level > 1, normed=level > 1)
                for level in range(1, levels + 1)
            )
        )
        self.mixing = ChannelwiseMixing(channels(levels), config.grid)
        self.ups = nn.Sequential(
            *(
                Up(channels(level), 3 if level == 1 else channels(level - 1), outermost=level == 1)
                for level in range(levels, 0, -1)
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        """The network's own picture; sides are multiples of the configuration's `size_multiple`."""
        image, mask = x[:, :3], x[:, 3:]
        known = Known.of(image, mask)
        seen = torch.cat([known.normalised(image) * (1 - mask), mask], dim=1)
        return known.picture(self.ups(self.mixing(self.downs(seen))))


class ContextEncoder(StagedNetwork):
    """One stage, the whole network."""

    parts = MappingProxyType(dict(zip(ContextEncoderConfig.stage_names, ("coarse",), strict=True)))
    config: ContextEncoderConfig

    def __init__(self, config: ContextEncoderConfig) -> None:
        super().__init__(config)
        self.coarse = Encoder(config)
