"""The published networks as their checkpoints name them, written plainly: the reference our own are compared with.

Module names and shapes follow the published state dicts; the arithmetic is the papers' own, the attention with its full
score map. Only for tests: slow, and hungry for memory.
"""

import torch
from torch import nn
from torch.nn import functional


def down(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False)


def up(inputs: int, outputs: int, bias: bool = False) -> nn.ConvTranspose2d:
    return nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=bias)


class Level(nn.Module):
    """One level of the nested U-Net with all levels inside it."""

    def __init__(self, outer: int, inner: int, inside: nn.Module | None, outermost: bool = False, inputs: int = 0):
        super().__init__()
        self.outermost = outermost
        conv = down(inputs or outer, inner)
        if outermost:
            parts = [conv, inside, nn.ReLU(True), up(2 * inner, outer, bias=True), nn.Tanh()]
        elif inside is None:
            parts = [nn.LeakyReLU(0.2, True), conv, nn.ReLU(True), up(inner, outer), nn.BatchNorm2d(outer)]
        else:
            parts = [nn.LeakyReLU(0.2, True), conv, nn.BatchNorm2d(inner), inside]
            parts += [nn.ReLU(True), up(2 * inner, outer), nn.BatchNorm2d(outer)]
        self.model = nn.Sequential(*parts)

    def forward(self, x):
        return self.model(x) if self.outermost else torch.cat([x, self.model(x)], 1)


class NestedUNet(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        level = Level(8 * n, 8 * n, None)
        for _ in range(3):
            level = Level(8 * n, 8 * n, level)
        for outer, inner in ((4 * n, 8 * n), (2 * n, 4 * n), (n, 2 * n)):
            level = Level(outer, inner, level)
        self.model = Level(3, n, level, outermost=True, inputs=4)

    def forward(self, x):
        return self.model(x)


class Block(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        half = [nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3, bias=False), nn.BatchNorm2d(channels)]
        other = [nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3, bias=False), nn.BatchNorm2d(channels)]
        self.conv_block = nn.Sequential(*half, nn.ReLU(True), *other)

    def forward(self, x):
        return x + self.conv_block(x)


class Residual(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        parts = [nn.ReflectionPad2d(3), nn.Conv2d(4, n, 7, bias=False), nn.BatchNorm2d(n), nn.ReLU(True)]
        for inputs in (n, 2 * n):
            conv = nn.Conv2d(inputs, 2 * inputs, 3, 2, 1, bias=False)
            parts += [conv, nn.BatchNorm2d(2 * inputs), nn.ReLU(True)]
        parts += [Block(4 * n) for _ in range(4)]
        for inputs in (4 * n, 2 * n):
            conv = nn.ConvTranspose2d(inputs, inputs // 2, 3, 2, 1, output_padding=1, bias=False)
            parts += [conv, nn.BatchNorm2d(inputs // 2), nn.ReLU(True)]
        self.model = nn.Sequential(*parts, nn.ReflectionPad2d(3), nn.Conv2d(n, 3, 7), nn.Tanh())

    def forward(self, x):
        return self.model(x)


class ScoreMapAttention(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.combiner = nn.Conv2d(2 * channels, channels, 1)

    def forward(self, features):
        return self.combiner(torch.cat([naive_attention(features), features], 1))


def naive_attention(features: torch.Tensor) -> torch.Tensor:
    """One sample at a time: the full score map, summed over neighbouring queries, then softmax over the keys."""
    rows = []
    for f in features:
        channels, height, width = f.shape
        keys = (f + 1e-7).reshape(channels, -1)
        keys = keys / keys.square().sum(0, keepdim=True).sqrt()
        scores = (keys.T @ f.reshape(channels, -1)).reshape(1, -1, height, width)
        summed = functional.avg_pool2d(scores, 3, 1, padding=1) * 9
        weights = summed.softmax(dim=1).reshape(height * width, height * width)
        rows.append((keys @ weights).reshape(channels, height, width))
    return torch.stack(rows)


class FlatUNet(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        widths = [n, 2 * n, 4 * n, 8 * n, 8 * n, 8 * n, 8 * n, 8 * n]
        self.model1 = nn.Sequential(down(4, n))
        for level in range(2, 8):
            conv = down(widths[level - 2], widths[level - 1])
            setattr(self, f"model{level}", nn.Sequential(nn.LeakyReLU(0.2), conv, nn.BatchNorm2d(widths[level - 1])))
        inner = [nn.LeakyReLU(0.2), down(8 * n, 8 * n), nn.ReLU(), up(8 * n, 8 * n), nn.BatchNorm2d(8 * n)]
        self.model8 = nn.Sequential(*inner)
        for number, level in zip(range(9, 15), range(7, 1, -1), strict=True):
            outputs = widths[level - 2]
            conv = up(2 * widths[level - 1], outputs)
            setattr(self, f"model{number}", nn.Sequential(nn.ReLU(), conv, nn.BatchNorm2d(outputs)))
        self.model15 = nn.Sequential(nn.ReLU(), up(2 * n, 3, bias=True), nn.Tanh())
        self.att_16, self.att_32, self.att_64 = (ScoreMapAttention(c * n) for c in (8, 4, 2))

    def forward(self, x):
        skips = []
        for level in range(1, 8):
            x = getattr(self, f"model{level}")(x)
            skips.append(x)
        x = self.model8(x)
        for number in range(9, 16):
            x = getattr(self, f"model{number}")(torch.cat([skips.pop(), x], 1))
            attention = {11: self.att_16, 12: self.att_32, 13: self.att_64}.get(number)
            x = attention(x) if attention else x
        return x


def published_networks(n: int) -> dict[str, nn.Module]:
    """The three generators of width `n` by stage name, in evaluation mode."""
    return {"coarse": NestedUNet(n).eval(), "local": Residual(n).eval(), "global": FlatUNet(n).eval()}
