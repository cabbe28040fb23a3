"""LaMa's generator (see `lama_layout`): local convolutions, and beside them one of the whole picture's spectrum.

Not tested here: the released weights, which are not at hand. What is: names, shapes and their sum against the released
ones, and every operation against plain formulas. The output passes through a sigmoid, as the released ``big-lama`` and
``lama-fourier`` have it; a generator trained with another last function looks the same by its tensors.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from app.models.lama_layout import LamaConfig, lama_parts

Pair = tuple[Tensor, Tensor | None]
"""The local and the global branch's maps; the latter begins with the last downsampling."""


class FourierUnit(nn.Module):
    """A 1×1 convolution of the spectrum: each of its values sees all of the map.

    Each channel's real and imaginary part lie beside each other: c0 real, c0 imaginary, c1 real, …
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv_layer = nn.Conv2d(2 * channels, 2 * channels, 1, bias=False)
        self.bn = nn.BatchNorm2d(2 * channels)

    def forward(self, x: Tensor) -> Tensor:
        """``(B, C, H, W)`` to the same; the transforms are orthonormal, over the last two sides."""
        spectrum = torch.view_as_real(torch.fft.rfft2(x, norm="ortho"))
        mixed = spectrum.movedim(-1, 2).flatten(1, 2)
        mixed = self.bn(self.conv_layer(mixed)).relu_()
        spectrum = mixed.reshape(len(x), -1, 2, *mixed.shape[2:]).movedim(2, -1).contiguous()
        made: Tensor = torch.fft.irfft2(torch.view_as_complex(spectrum), s=x.shape[-2:], norm="ortho")
        return made


class Spectral(nn.Module):
    """From the global branch to itself, by way of half the channels."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        half = outputs // 2
        self.conv1 = nn.Sequential(nn.Conv2d(inputs, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(inplace=True))
        self.fu = FourierUnit(half)
        self.conv2 = nn.Conv2d(half, outputs, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """``(B, inputs, H, W)`` to ``(B, outputs, H, W)``."""
        x = self.conv1(x)
        made: Tensor = self.conv2(x + self.fu(x))
        return made


class Paths(nn.Module):
    """The convolutions of a layer between the two branches; those without channels at an end are left out."""

    def __init__(self, inputs: tuple[int, int], outputs: tuple[int, int], kernel: int, stride: int) -> None:
        super().__init__()
        (local_in, global_in), (local_out, global_out) = inputs, outputs

        def conv(taken: int, made: int) -> nn.Conv2d:
            return nn.Conv2d(taken, made, kernel, stride, kernel // 2, bias=False, padding_mode="reflect")

        self.convl2l = conv(local_in, local_out)
        self.convl2g = conv(local_in, global_out) if global_out else None
        self.convg2l = conv(global_in, local_out) if global_in else None
        self.convg2g = Spectral(global_in, global_out) if global_in and global_out else None

    def forward(self, pair: Pair) -> Pair:
        """Each branch is the sum of what comes to it."""
        local, through = pair
        to_local: Tensor = self.convl2l(local)
        to_global: Tensor | None = None if self.convl2g is None else self.convl2g(local)
        if through is not None and self.convg2l is not None:
            to_local = to_local + self.convg2l(through)
        if through is not None and to_global is not None and self.convg2g is not None:
            to_global = to_global + self.convg2g(through)
        return to_local, to_global


class FourierLayer(nn.Module):
    """The paths, then BatchNorm and ReLU in each branch."""

    def __init__(self, inputs: tuple[int, int], outputs: tuple[int, int], kernel: int = 3, stride: int = 1) -> None:
        super().__init__()
        self.ffc = Paths(inputs, outputs, kernel, stride)
        self.bn_l = nn.BatchNorm2d(outputs[0])
        self.bn_g = nn.BatchNorm2d(outputs[1]) if outputs[1] else None

    def forward(self, pair: Pair) -> Pair:
        """``(B, C, H, W)`` each, to the same or, with a stride of 2, half the sides."""
        local, through = self.ffc(pair)
        if through is not None and self.bn_g is not None:
            through = self.bn_g(through).relu_()
        return self.bn_l(local).relu_(), through


class ResidualBlock(nn.Module):
    """Two layers, and the input added to what they make."""

    def __init__(self, channels: tuple[int, int]) -> None:
        super().__init__()
        self.conv1 = FourierLayer(channels, channels)
        self.conv2 = FourierLayer(channels, channels)

    def forward(self, pair: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """Both branches ``(B, C, H, W)`` to the same."""
        local, through = self.conv2(self.conv1(pair))
        return pair[0] + local, pair[1] + through


class LaMa(nn.Module):
    """``(B, 4, H, W)``, RGB 0…1 and black in the hole, then the mask with 1 = hole, to ``(B, 3, H, W)`` in 0…1.

    Sides are multiples of `config.size_multiple`, and at least twice that: reflection needs a second pixel.
    """

    def __init__(self, config: LamaConfig) -> None:
        super().__init__()
        self.config = config
        ends = [(config.channels(level), 0) for level in range(config.downs)]
        ends.append((config.local_channels, config.global_channels))
        self.stem = FourierLayer((4, 0), ends[0], kernel=7)
        self.downs = nn.ModuleList(
            FourierLayer(ends[level], ends[level + 1], stride=2) for level in range(config.downs)
        )
        self.blocks = nn.ModuleList(ResidualBlock(ends[-1]) for _ in range(config.blocks))
        self.ups = nn.ModuleList(_up(config, level) for level in reversed(range(config.downs)))
        self.head = nn.Conv2d(config.width, 3, 7, padding=3, padding_mode="reflect")

    def forward(self, x: Tensor, between: Callable[[], None] = lambda: None) -> Tensor:
        """`between` is called after each part, and what it raises ends the work."""
        pair: Pair = (x, None)
        for part in (self.stem, *self.downs, *self.blocks):
            pair = part(pair)
            between()
        x = torch.cat([each for each in pair if each is not None], dim=1)
        for up in self.ups:
            x = up(x)
            between()
        return torch.sigmoid(self.head(x))

    def published_names(self) -> dict[str, str]:
        """Our name of every tensor → its name in published weights."""
        parts = lama_parts(self.config)
        ours = sorted(parts, key=len, reverse=True)
        found = {}
        for name in self.state_dict():
            part = next(each for each in ours if name.startswith(f"{each}."))
            found[name] = parts[part] + name.removeprefix(part)
        return found


def _up(config: LamaConfig, level: int) -> nn.Sequential:
    """To twice the sides, and the channels of `level`."""
    inputs, outputs = config.channels(level + 1), config.channels(level)
    conv = nn.ConvTranspose2d(inputs, outputs, 3, 2, padding=1, output_padding=1)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))
