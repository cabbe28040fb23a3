"""The local refinement: a shallow residual network with a small receptive field."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from app.models.config import NetworkConfig


class ResidualBlock(nn.Module):
    """Two reflect-padded 3×3 convolutions round a skip; the shape stays."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.block = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, kernel_size=3, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, kernel_size=3, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        """``(B, channels, H, W)`` to the same shape."""
        out: Tensor = x + self.block(x)
        return out


class LocalRefinement(nn.Module):
    """``(B, 4, H, W)`` composite and mask to ``(B, 3, H, W)`` in [-1, 1]; sides are multiples of 4, at least 16."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        n = config.width
        self.stem = nn.Sequential(nn.ReflectionPad2d(3), *_conv_norm(4, n, kernel=7, stride=1, padding=0))
        self.downs = nn.Sequential(*_conv_norm(n, 2 * n), *_conv_norm(2 * n, 4 * n))
        self.blocks = nn.Sequential(*(ResidualBlock(4 * n) for _ in range(config.residual_blocks)))
        self.ups = nn.Sequential(*_upconv_norm(4 * n, 2 * n), *_upconv_norm(2 * n, n))
        self.head = nn.Sequential(nn.ReflectionPad2d(3), nn.Conv2d(n, 3, kernel_size=7))

    def forward(self, x: Tensor) -> Tensor:
        """Composite of the stage before and mask, ``(B, 4, H, W)``, to the network's own picture."""
        x = self.head(self.ups(self.blocks(self.downs(self.stem(x)))))
        return torch.tanh(x)


def _conv_norm(inputs: int, outputs: int, kernel: int = 3, stride: int = 2, padding: int = 1) -> list[nn.Module]:
    conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False)
    return [conv, nn.BatchNorm2d(outputs), nn.ReLU()]


def _upconv_norm(inputs: int, outputs: int) -> list[nn.Module]:
    conv = nn.ConvTranspose2d(inputs, outputs, 3, stride=2, padding=1, output_padding=1, bias=False)
    return [conv, nn.BatchNorm2d(outputs), nn.ReLU()]
