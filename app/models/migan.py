"""MI-GAN's generator (see `migan_layout`): separable convolutions down to maps of 4×4 and up again, RGB by and by.

Not tested here: the released weights, which are not at hand. What is: names, shapes and their sum against the released
ones, and every operation against plain formulas.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from app.models.migan_layout import MiganConfig

_SLOPE, _GAIN, _CLAMP = 0.2, math.sqrt(2), 256.0


def activated(x: Tensor) -> Tensor:
    """Leaky ReLU, then the gain that keeps the variance, then a limit; `x` itself is changed."""
    return functional.leaky_relu(x, _SLOPE, inplace=True).mul_(_GAIN).clamp_(-_CLAMP, _CLAMP)


class Filter(nn.Module):
    """A filter for each channel by itself."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.filter = nn.Conv2d(channels, channels, 4, stride=2, padding=1, groups=channels, bias=False)


class Downsample(Filter):
    """Every second pixel of the filtered map."""

    def forward(self, x: Tensor) -> Tensor:
        """``(B, C, 2H, 2W)`` to ``(B, C, H, W)``."""
        made: Tensor = self.filter(x)
        return made


class Upsample(Filter):
    """The pixels moved apart, zeros between them, then filtered: together a transposed convolution."""

    def forward(self, x: Tensor) -> Tensor:
        """``(B, C, H, W)`` to ``(B, C, 2H, 2W)``."""
        turned = self.filter.weight.flip(-2, -1)
        return functional.conv_transpose2d(x, turned, stride=2, padding=1, groups=x.shape[1])


class Separable(nn.Module):
    """A 3×3 convolution of each channel, then a 1×1 over all, each activated; before the last, noise for a `side`."""

    noise_const: Tensor | None
    noise_strength: nn.Parameter | None

    def __init__(self, inputs: int, outputs: int, *, down: bool = False, up: bool = False, side: int = 0) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs)
        self.conv2 = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.downsample = Downsample(inputs) if down else None
        self.upsample = Upsample(outputs) if up else None
        self.register_buffer("noise_const", torch.zeros(side, side) if side else None)
        self.register_parameter("noise_strength", nn.Parameter(torch.zeros(())) if side else None)

    def forward(self, x: Tensor) -> Tensor:
        """``(B, inputs, H, W)`` to ``(B, outputs, …)`` of the same, half or twice the sides."""
        x = activated(self.conv1(x))
        if self.downsample is not None:
            x = self.downsample(x)
        x = self.conv2(x)
        if self.upsample is not None:
            x = self.upsample(x)
        if self.noise_const is not None and self.noise_strength is not None:
            x = x + self.noise_const * self.noise_strength
        return activated(x)


class EncoderBlock(nn.Module):
    """Its features, which the decoder adds, and from them the next block's input."""

    def __init__(self, channels: int, outputs: int, *, down: bool, is_first: bool) -> None:
        super().__init__()
        self.fromrgb = nn.Conv2d(4, channels, 1) if is_first else None
        self.conv1 = Separable(channels, channels)
        self.conv2 = Separable(channels, outputs, down=down)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The next input and the features ``(B, channels, H, W)``."""
        if self.fromrgb is not None:
            x = activated(self.fromrgb(x))
        features: Tensor = self.conv1(x)
        return self.conv2(features), features


class SynthesisBlock(nn.Module):
    """To twice the sides but in the first block; its RGB is added to that of the blocks before."""

    def __init__(self, inputs: int, channels: int, side: int) -> None:
        """`side` is 0 for the first block, which has neither noise nor upsampling."""
        super().__init__()
        self.conv1 = Separable(inputs, channels, up=bool(side), side=side)
        self.conv2 = Separable(channels, channels, side=side)
        self.torgb = nn.Conv2d(channels, 3, 1)
        self.upsample = Upsample(3) if side else None

    def forward(self, x: Tensor, features: Tensor, rgb: Tensor | None) -> tuple[Tensor, Tensor]:
        """The maps and the RGB so far."""
        x = self.conv2(self.conv1(x) + features)
        own: Tensor = self.torgb(x)
        if rgb is None or self.upsample is None:
            return x, own
        return x, own + self.upsample(rgb)


class MiGan(nn.Module):
    """``(B, 4, S, S)``, the known area's mask less a half, then RGB -1…1 and 0 in the hole, to ``(B, 3, S, S)``.

    S is `config.side`. The output is RGB in -1…1, beyond which single values may lie.
    """

    def __init__(self, config: MiganConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder, self.synthesis = nn.ModuleDict(), nn.ModuleDict()
        for level, (side, count) in enumerate(zip(config.sides, config.channels, strict=True)):
            finer = config.channels[max(level - 1, 0)]
            self.encoder[f"b{side}"] = EncoderBlock(count, finer, down=level > 0, is_first=side == config.side)
            self.synthesis[f"b{side}"] = SynthesisBlock(finer, count, side if level else 0)

    def forward(self, x: Tensor, between: Callable[[], None] = lambda: None) -> Tensor:
        """`between` is called after each block, and what it raises ends the work."""
        features = {}
        for name in reversed([f"b{side}" for side in self.config.sides]):
            x, features[name] = self.encoder[name](x)
            between()
        rgb: Tensor | None = None
        for name, block in self.synthesis.items():
            x, rgb = block(x, features[name], rgb)
            between()
        assert rgb is not None
        return rgb
