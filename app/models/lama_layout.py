"""How the tensors of LaMa's published weights are named and shaped, as data. Loads no torch.

LaMa: Suvorov et al., *Resolution-robust Large Mask Inpainting with Fourier Convolutions*, WACV 2022. Its weights number
the parts of one sequence: 1 is the first layer, then come the downsamplings, the residual blocks, the upsamplings and,
last, the convolution to RGB. `published` is how the released ``big-lama`` is built; others are told by their shapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.models.headers import Shapes

MOST_CHANNELS = 1024
FIRST = "model.1.ffc.convl2l.weight"
"""The tensor by which LaMa is known; what stands before it in a file stands before all."""

_LOCAL = re.compile(r"model\.(\d{1,3})\.ffc\.convl2l\.weight")
_BLOCK = re.compile(r"model\.(\d{1,3})\.conv1\.ffc\.convl2l\.weight")
_MOST_DOWNS, _MOST_BLOCKS = 5, 36
_KERNEL, _FIRST_KERNEL = 3, 7


@dataclass(frozen=True, slots=True)
class LamaConfig:
    """Channels and counts of one generator; as it comes, the released ``big-lama``."""

    width: int = 64
    """Channels of the first layer; each downsampling doubles them, up to `MOST_CHANNELS`."""
    downs: int = 3
    blocks: int = 18
    global_channels: int = 384
    """Of the blocks' channels, those that pass through the Fourier transform."""

    def channels(self, level: int) -> int:
        """Channels at a side of 1/2^level."""
        return min(MOST_CHANNELS, self.width << level)

    @property
    def local_channels(self) -> int:
        """The blocks' other channels."""
        return self.channels(self.downs) - self.global_channels

    @property
    def size_multiple(self) -> int:
        """Sides of the picture are multiples of this."""
        return 1 << self.downs


def lama_config(shapes: Shapes) -> LamaConfig | None:
    """What network tensors of these names, none with anything before it, are of; None where that is no LaMa.

    Only the counts are looked at here: whether all names and shapes fit is seen by `lama_shapes`.
    """
    downs = [number for number in _numbers(_LOCAL, shapes) if number > 1]
    blocks = _numbers(_BLOCK, shapes)
    last = f"model.{len(downs) + 1}.ffc.convl2g.weight"
    if not 1 <= len(downs) <= _MOST_DOWNS or not 1 <= len(blocks) <= _MOST_BLOCKS or last not in shapes:
        return None
    width, through = (shapes[name][0] if shapes[name] else 0 for name in (FIRST, last))
    config = LamaConfig(width, len(downs), len(blocks), through)
    fits = 1 <= width <= MOST_CHANNELS and through > 1 and config.local_channels > 0
    return config if fits else None


def lama_parts(config: LamaConfig) -> dict[str, str]:
    """Our name of each part of the network → the published one; the names within a part are the published ones."""
    blocks = config.downs + 2
    ups = blocks + config.blocks + 1
    parts = {"stem": "model.1"}
    parts |= {f"downs.{index}": f"model.{index + 2}" for index in range(config.downs)}
    parts |= {f"blocks.{index}": f"model.{index + blocks}" for index in range(config.blocks)}
    for index in range(config.downs):
        parts |= {f"ups.{index}.{part}": f"model.{ups + 3 * index + part}" for part in (0, 1)}
    return parts | {"head": f"model.{ups + 3 * config.downs + 1}"}


def lama_shapes(config: LamaConfig) -> dict[str, tuple[int, ...]]:
    """Published name → shape of every tensor but the counts of batches."""
    return dict(_entries(config))


Entry = tuple[str, tuple[int, ...]]


def _entries(config: LamaConfig) -> Iterator[Entry]:
    parts = lama_parts(config)
    local, through = config.local_channels, config.global_channels
    yield from _layer(parts["stem"], _FIRST_KERNEL, (4, 0), (config.width, 0))
    for index in range(config.downs):
        ends = (config.channels(index + 1), 0) if index + 1 < config.downs else (local, through)
        yield from _layer(parts[f"downs.{index}"], _KERNEL, (config.channels(index), 0), ends)
    for index in range(config.blocks):
        for conv in ("conv1", "conv2"):
            yield from _layer(f"{parts[f'blocks.{index}']}.{conv}", _KERNEL, (local, through), (local, through))
    for index in range(config.downs):
        inputs, outputs = config.channels(config.downs - index), config.channels(config.downs - index - 1)
        yield f"{parts[f'ups.{index}.0']}.weight", (inputs, outputs, _KERNEL, _KERNEL)
        yield f"{parts[f'ups.{index}.0']}.bias", (outputs,)
        yield from _norm(parts[f"ups.{index}.1"], outputs)
    yield f"{parts['head']}.weight", (3, config.width, _FIRST_KERNEL, _FIRST_KERNEL)
    yield f"{parts['head']}.bias", (3,)


def _layer(name: str, kernel: int, inputs: tuple[int, int], outputs: tuple[int, int]) -> Iterator[Entry]:
    """A Fourier layer's, given its local and global channels; no convolution has a bias."""
    for source, taken in zip("lg", inputs, strict=True):
        for target, made in zip("lg", outputs, strict=True):
            if source == target == "g" and taken and made:
                yield from _spectral(f"{name}.ffc.convg2g", taken, made)
            elif taken and made:
                yield f"{name}.ffc.conv{source}2{target}.weight", (made, taken, kernel, kernel)
    for target, made in zip("lg", outputs, strict=True):
        if made:
            yield from _norm(f"{name}.bn_{target}", made)


def _spectral(name: str, inputs: int, outputs: int) -> Iterator[Entry]:
    half = outputs // 2
    yield f"{name}.conv1.0.weight", (half, inputs, 1, 1)
    yield from _norm(f"{name}.conv1.1", half)
    yield f"{name}.fu.conv_layer.weight", (2 * half, 2 * half, 1, 1)
    yield from _norm(f"{name}.fu.bn", 2 * half)
    yield f"{name}.conv2.weight", (outputs, half, 1, 1)


def _norm(name: str, channels: int) -> Iterator[Entry]:
    for leaf in ("weight", "bias", "running_mean", "running_var"):
        yield f"{name}.{leaf}", (channels,)


def _numbers(pattern: re.Pattern[str], shapes: Shapes) -> list[int]:
    """The numbers of the parts whose tensors `pattern` names."""
    return sorted(int(match[1]) for match in map(pattern.fullmatch, shapes) if match)
