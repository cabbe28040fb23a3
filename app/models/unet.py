"""The U-Net that is the coarse network and, with attention in its decoder, the global refinement."""

from __future__ import annotations

from collections.abc import Collection

import torch
from torch import Tensor, nn
from torch.nn import functional

from app.models.attention import NeighbourhoodAttention, positions_without
from app.models.config import NetworkConfig


class Down(nn.Module):
    """LeakyReLU, 4×4 stride-2 convolution, BatchNorm; the first two levels' ends leave parts out."""

    def __init__(self, inputs: int, outputs: int, *, activated: bool, normed: bool) -> None:
        super().__init__()
        self.activated = activated
        self.conv = nn.Conv2d(inputs, outputs, kernel_size=4, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(outputs) if normed else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """``(B, inputs, H, W)`` to ``(B, outputs, H/2, W/2)``."""
        if self.activated:
            x = functional.leaky_relu(x, 0.2)
        normed: Tensor = self.norm(self.conv(x))
        return normed


class Up(nn.Module):
    """ReLU, 4×4 stride-2 transposed convolution, BatchNorm; the outermost has a bias in place of the norm."""

    def __init__(self, inputs: int, outputs: int, *, outermost: bool) -> None:
        super().__init__()
        self.conv = nn.ConvTranspose2d(inputs, outputs, kernel_size=4, stride=2, padding=1, bias=outermost)
        self.norm = nn.Identity() if outermost else nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        """``(B, inputs, H, W)`` to ``(B, outputs, 2H, 2W)``."""
        normed: Tensor = self.norm(self.conv(functional.relu(x)))
        return normed


class UNet(nn.Module):
    """``(B, 4, H, W)`` image and mask to ``(B, 3, H, W)`` in [-1, 1]; sides are multiples of `config.size_multiple`.

    `downs[i]` leaves maps of side H/2^(i+1); `ups` run from the innermost outwards, each but the first on
    ``[encoder, decoder]``. `attended_levels` names the levels whose decoder maps (side H/2^level) pass through
    attention before they meet the encoder's.
    """

    def __init__(self, config: NetworkConfig, attended_levels: Collection[int] = ()) -> None:
        super().__init__()
        levels, channels = config.levels, config.channels
        self.downs = nn.ModuleList(
            Down(
                4 if level == 1 else channels(level - 1),
                channels(level),
                activated=level > 1,
                normed=1 < level < levels,
            )
            for level in range(1, levels + 1)
        )
        self.ups = nn.ModuleList(
            Up(
                channels(level) if level == levels else 2 * channels(level),
                3 if level == 1 else channels(level - 1),
                outermost=level == 1,
            )
            for level in range(levels, 0, -1)
        )
        self.attentions = nn.ModuleDict(
            {str(level): NeighbourhoodAttention(channels(level)) for level in sorted(attended_levels)}
        )

    def forward(self, x: Tensor, avoided: Tensor | None = None) -> Tensor:
        """Image with filled hole and mask, ``(B, 4, H, W)``, to the network's own picture ``(B, 3, H, W)``.

        No attention looks at what is 1 in `avoided` ``(1, 1, H, W)``.
        """
        skips: list[Tensor] = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
        skips.pop()
        for up in self.ups:
            x = up(x)
            level = str(len(skips))
            if level in self.attentions:
                allowed = None if avoided is None else positions_without(avoided, len(skips))
                x = self.attentions[level](x, allowed)
            if skips:
                x = torch.cat([skips.pop(), x], dim=1)
        return torch.tanh(x)
