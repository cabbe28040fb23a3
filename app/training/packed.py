"""All photographs in one block of the training device's memory, and crops cut from them there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor

from app.imaging.arrays import Image
from app.training.draws import halved

_SMALLEST_SIDE: Final = 32
"""Photographs are also kept at half size, a quarter and so on while their shorter side is at least this."""

_TAPS: Final = 3
"""Source pixels that a target pixel covers at most in each direction, once the level is chosen."""


def packed_bytes(photographs: Sequence[Image]) -> int:
    """Memory that `PackedPhotographs` will take, in bytes; an upper bound."""
    return sum(photograph.nbytes for photograph in photographs) * 4 // 3


class PackedPhotographs:
    """Photographs as uint8 with their pyramids of halved sizes."""

    def __init__(self, photographs: Sequence[Image], device: torch.device) -> None:
        shapes = [_level_shapes(photograph) for photograph in photographs]
        starts = np.cumsum([0, *(height * width for levels in shapes for height, width in levels)])
        self._pixels = torch.empty((int(starts[-1]), 3), dtype=torch.uint8, device=device)
        bases = np.zeros((len(photographs), max(map(len, shapes))), np.int64)
        number = 0
        for index, photograph in enumerate(photographs):
            for level in range(len(shapes[index])):
                if level:
                    photograph = halved(photograph)
                bases[index, level] = starts[number]
                self._pixels[starts[number] : starts[number + 1]] = _flat(photograph)
                number += 1
        self._bases = torch.from_numpy(bases).to(device)
        self._levels = torch.tensor([len(levels) for levels in shapes], device=device)
        self.heights, self.widths = (
            torch.tensor([levels[0][axis] for levels in shapes], device=device) for axis in (0, 1)
        )

    def __len__(self) -> int:
        return len(self._levels)

    def crops(self, index: Tensor, y: Tensor, x: Tensor, side: Tensor, is_flipped: Tensor, size: int) -> Tensor:
        """Squares of the photographs `index` as ``(B, size, size, 3)`` float32 in 0…255, mirrored where `is_flipped`.

        `y`, `x` and `side` say where, in pixels of the photograph; all are ``(B,)`` on the device. A target pixel is
        the average over the area it covers, where it covers less than a pixel a linear interpolation.
        """
        ratio = (side / size).log2().floor().long()
        level = torch.minimum(ratio, self._levels[index] - 1).clamp(min=0)
        scale = 2.0**level
        height, width = self.heights[index] >> level, self.widths[index] >> level
        base = self._bases[index, level]
        order = torch.arange(size, device=index.device)
        columns = torch.where(is_flipped[:, None], size - 1 - order, order)
        rows, row_weights = _footprints(order.expand_as(columns), y / scale, side / scale / size, height)
        columns, column_weights = _footprints(columns, x / scale, side / scale / size, width)
        result = torch.zeros((len(index), size, size, 3), device=index.device)
        for down in range(_TAPS):
            line = base[:, None] + rows[:, :, down] * width[:, None]
            for across in range(_TAPS):
                weight = row_weights[:, :, None, down] * column_weights[:, None, :, across]
                result += self._pixels[line[:, :, None] + columns[:, None, :, across]] * weight[..., None]
        return result


def _footprints(order: Tensor, start: Tensor, step: Tensor, length: Tensor) -> tuple[Tensor, Tensor]:
    """Source pixels ``(B, size, 3)`` under the target pixels `order` ``(B, size)``, and the share of each.

    Target pixel k covers `step` source pixels from ``start + k·step`` on (at least one, about the same centre).
    """
    reach = step.clamp(min=1)[:, None] / 2
    centre = start[:, None] + (order + 0.5) * step[:, None]
    begin, end = (centre - reach)[..., None], (centre + reach)[..., None]
    pixels = begin.floor() + torch.arange(_TAPS, device=order.device)
    weights = (torch.minimum(pixels + 1, end) - torch.maximum(pixels, begin)).clamp(min=0)
    weights = weights / weights.sum(dim=-1, keepdim=True)
    inside = torch.minimum(pixels.long().clamp(min=0), length[:, None, None] - 1)
    return inside, weights.float()


def _level_shapes(photograph: Image) -> list[tuple[int, int]]:
    """Heights and widths of the pyramid, from full size down."""
    shapes = [(photograph.shape[0], photograph.shape[1])]
    while min(shapes[-1]) // 2 >= _SMALLEST_SIDE:
        shapes.append((shapes[-1][0] // 2, shapes[-1][1] // 2))
    return shapes


def _flat(image: Image) -> Tensor:
    # a copy: photographs may be read-only, which torch does not know
    return torch.from_numpy(np.array(image).reshape(-1, 3))
