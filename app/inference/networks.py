"""LGNet, or another network of ours, behind arrays: pictures in, pictures out, one stage at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from copy import copy
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from app.imaging.arrays import Image
from app.inference.catalog import OWN
from app.inference.device import autocast
from app.inference.request import Stage
from app.inference.tensors import hole_tensor, image_array, image_tensor, padded
from app.models.weights import find_weights, load_kind


class StagePicture(NamedTuple):
    """A stage's own picture of the whole region, and the region with only the hole taken from it."""

    raw: Image
    composite: Image


class StageNetworks:
    """The stages of one weights folder's network on one device."""

    def __init__(self, folder: Path, device: torch.device, kind: str = OWN) -> None:
        """Load the network `kind`; `LacunaError` where `folder` does not hold it whole."""
        found = find_weights(folder)
        self.name = found.name
        self.device = device
        self._skipped: frozenset[Stage] = frozenset()
        self._network = load_kind(found, kind).to(device)
        self._network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @property
    def size_multiple(self) -> int:
        """Both sides of what the networks see are multiples of this."""
        return self._network.config.size_multiple

    def without(self, skipped: Collection[Stage]) -> StageNetworks:
        """The same networks, of which the refinements in `skipped` hand on what they get: for ablations."""
        other = copy(self)
        other._skipped = frozenset(skipped)
        return other

    def stages(
        self, image: Image, hole: npt.NDArray[np.bool_], coarse: Image | None = None, *, full_precision: bool = False
    ) -> Iterator[StagePicture]:
        """Yield the stages' results for ``(H, W, 3)`` and ``(H, W)`` of any size; each runs when it is asked for.

        LGNet's are coarse, local and global. A picture given as `coarse` takes the place of the coarse network's.
        """
        height, width = hole.shape
        pixels, mask = self._padded(image), hole_tensor(np.asarray(padded(hole, self.size_multiple), bool), self.device)
        known = pixels * (1 - mask)
        start = None if coarse is None else self._padded(coarse)
        stages = self._network.stages(known, mask, start, self._skipped)
        for _ in self._network.parts:
            precision = contextlib.nullcontext() if full_precision else autocast(self.device)
            with torch.inference_mode(), precision:
                output = next(stages)
            raw = image_array(output.raw)[:height, :width]
            yield StagePicture(raw, np.where(hole[..., None], raw, image))

    def _padded(self, image: Image) -> torch.Tensor:
        mirrored = np.asarray(padded(image, self.size_multiple), np.uint8)
        return image_tensor(mirrored, self.device).contiguous(memory_format=torch.channels_last)
