"""How the tensors of MI-GAN's published weights are named and shaped, as data. Loads no torch.

MI-GAN: Sargsyan et al., *MI-GAN: A Simple Baseline for Image Inpainting on Mobile Devices*, ICCV 2023; of the network
with which pictures are filled, not of the one that is trained. Its blocks are named after the sides of their maps:
``encoder.b512`` down to ``encoder.b4``, ``synthesis.b4`` up to ``synthesis.b512``.

Two releases differ in how zeros come between pixels that are moved apart: a transposed convolution in each upsampling
(``insert_zeros``), or a grid by which enlarged maps are multiplied (``filter_const``). Both are constants.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.models.headers import Shapes

FIRST = re.compile(r"(.*)encoder\.b(\d{1,4})\.fromrgb\.weight", re.DOTALL)
"""The tensor by which MI-GAN is known: what stands before it in a file stands before all; then the largest side."""
GRID, APART = "filter_const", "insert_zeros.weight"
"""How the names of the two releases' constants end."""
LEAST_SIDE = 4
_SIDES = (8, 1024)
_MOST_CHANNELS = 1024


@dataclass(frozen=True, slots=True)
class MiganConfig:
    """Channels of the blocks from the smallest map, with a side of `LEAST_SIDE`, to the picture itself."""

    channels: tuple[int, ...]

    @property
    def sides(self) -> tuple[int, ...]:
        """Of the maps, in the same order."""
        return tuple(LEAST_SIDE << level for level in range(len(self.channels)))

    @property
    def side(self) -> int:
        """Of the picture: the network knows no other."""
        return self.sides[-1]


def released(side: int) -> MiganConfig:
    """What the released networks for 256 and 512 pixels are built like."""
    levels = side.bit_length() - LEAST_SIDE.bit_length() + 1
    return MiganConfig(tuple(min(512, 32768 // (LEAST_SIDE << level)) for level in range(levels)))


def migan_config(shapes: Shapes) -> MiganConfig | None:
    """What network tensors of these names, none with anything before it, are of; None where that is no MI-GAN.

    Only the channels are looked at here: whether all names and shapes fit is seen by `migan_shapes`.
    """
    sides = [int(match[2]) for match in map(FIRST.fullmatch, shapes) if match and not match[1]]
    if len(sides) != 1 or not _SIDES[0] <= sides[0] <= _SIDES[1] or sides[0].bit_count() != 1:
        return None
    levels = range(sides[0].bit_length() - LEAST_SIDE.bit_length() + 1)
    found = [shapes.get(f"encoder.b{LEAST_SIDE << level}.conv1.conv1.weight", ()) for level in levels]
    channels = tuple(shape[0] if shape else 0 for shape in found)
    return MiganConfig(channels) if all(1 <= count <= _MOST_CHANNELS for count in channels) else None


def migan_shapes(config: MiganConfig, *, with_grids: bool) -> dict[str, tuple[int, ...]]:
    """Published name → shape of every tensor, in the release whose constants are grids, or in the other one."""
    return dict(_entries(config, with_grids))


def is_constant(name: str) -> bool:
    """The tensor says nothing that the network's structure does not."""
    return name.endswith((GRID, APART))


Entry = tuple[str, tuple[int, ...]]


def _entries(config: MiganConfig, with_grids: bool) -> Iterator[Entry]:
    yield f"encoder.b{config.side}.fromrgb.weight", (config.channels[-1], 4, 1, 1)
    yield f"encoder.b{config.side}.fromrgb.bias", (config.channels[-1],)
    for level, (side, count) in enumerate(zip(config.sides, config.channels, strict=True)):
        finer = config.channels[max(level - 1, 0)]
        coder, maker = f"encoder.b{side}", f"synthesis.b{side}"
        yield from _separable(f"{coder}.conv1", count, count)
        yield from _separable(f"{coder}.conv2", count, finer)
        yield from _separable(f"{maker}.conv1", finer, count)
        yield from _separable(f"{maker}.conv2", count, count)
        yield f"{maker}.torgb.weight", (3, count, 1, 1)
        yield f"{maker}.torgb.bias", (3,)
        if level:
            yield f"{coder}.conv2.downsample.filter.weight", (count, 1, 4, 4)
            yield from _noise(f"{maker}.conv1", side)
            yield from _noise(f"{maker}.conv2", side)
            yield from _upsampling(f"{maker}.conv1.upsample", count, side, with_grids)
            yield from _upsampling(f"{maker}.upsample", 3, side, with_grids)


def _separable(name: str, inputs: int, outputs: int) -> Iterator[Entry]:
    yield f"{name}.conv1.weight", (inputs, 1, 3, 3)
    yield f"{name}.conv1.bias", (inputs,)
    yield f"{name}.conv2.weight", (outputs, inputs, 1, 1)


def _noise(name: str, side: int) -> Iterator[Entry]:
    yield f"{name}.noise_const", (side, side)
    yield f"{name}.noise_strength", ()


def _upsampling(name: str, channels: int, side: int, with_grids: bool) -> Iterator[Entry]:
    """`side` is that of the map it makes."""
    yield f"{name}.filter.weight", (channels, 1, 4, 4)
    if with_grids:
        yield f"{name}.{GRID}", (1, 1, side, side)
    else:
        yield f"{name}.{APART}", (channels, 1, 2, 2)
