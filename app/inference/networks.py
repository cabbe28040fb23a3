"""LGNet, or another network of ours, behind arrays: pictures in, pictures out, one stage at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from copy import copy
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from app.imaging.arrays import Hole, Image
from app.imaging.geometry import Extent, Rect
from app.inference.attention_probe import AttendedLevel, AttentionProbe
from app.inference.catalog import OWN
from app.inference.contexts import scale_of, size_at
from app.inference.device import autocast
from app.inference.request import InpaintOptions, Region, Stage
from app.inference.tensors import hole_tensor, image_array, image_tensor, padded
from app.models.attention import NeighbourhoodAttention
from app.models.lgnet import LGNet
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

    def seen(self, region: Region, options: InpaintOptions) -> Extent:
        """How large they see `region`, padding included."""
        rect, scale = region.rect, region.scale
        if not options.exact:
            scale = min(scale, scale_of(rect, options.working_size))
        height, width = size_at(rect.height, rect.width, scale)
        return Extent(width + -width % self.size_multiple, height + -height % self.size_multiple)

    def without(self, skipped: Collection[Stage]) -> StageNetworks:
        """The same networks, of which the refinements in `skipped` hand on what they get: for ablations."""
        other = copy(self)
        other._skipped = frozenset(skipped)
        return other

    def stages(
        self,
        image: Image,
        hole: Hole,
        coarse: Image | None = None,
        *,
        full_precision: bool = False,
        avoided: Hole | None = None,
    ) -> Iterator[StagePicture]:
        """Yield the stages' results for ``(H, W, 3)`` and ``(H, W)`` of any size; each runs when it is asked for.

        LGNet's are coarse, local and global. A picture given as `coarse` takes the place of the coarse network's. The
        global stage's attention leaves out what is `avoided` ``(H, W)``.
        """
        height, width = hole.shape
        pixels, mask = self._padded(image), self._flags(hole)
        known = pixels * (1 - mask)
        start = None if coarse is None else self._padded(coarse)
        left_out = None if avoided is None else self._flags(avoided)
        stages = self._network.stages(known, mask, start, self._skipped, left_out)
        for _ in self._network.parts:
            precision = contextlib.nullcontext() if full_precision else autocast(self.device)
            with torch.inference_mode(), precision:
                output = next(stages)
            raw = image_array(output.raw)[:height, :width]
            yield StagePicture(raw, np.where(hole[..., None], raw, image))

    @contextlib.contextmanager
    def watched(self, hole: Hole, rect: Rect) -> Iterator[list[AttentionProbe]]:
        """Within, the last run of the global stage on `hole` ``(H, W)``, the region `rect`, leaves its probe in the
        list.
        """
        assert isinstance(self._network, LGNet)
        levels: dict[int, AttendedLevel] = {}
        probes: list[AttentionProbe] = []

        def watch(level: int, module: torch.nn.Module, args: tuple[torch.Tensor, ...]) -> None:
            levels[level] = _attended(level, *args)
            if len(levels) == len(attentions):
                probes[:] = [AttentionProbe(rect, hole, tuple(levels[each] for each in sorted(levels)))]

        attentions = self._network.globe.attentions
        hooks = [each.register_forward_pre_hook(partial(watch, int(name))) for name, each in attentions.items()]
        try:
            yield probes
        finally:
            for hook in hooks:
                hook.remove()

    def _flags(self, flags: Hole) -> torch.Tensor:
        """1 where set, ``(1, 1, H', W')``."""
        return hole_tensor(np.asarray(padded(flags, self.size_multiple), bool), self.device)

    def _padded(self, image: Image) -> torch.Tensor:
        mirrored = np.asarray(padded(image, self.size_multiple), np.uint8)
        return image_tensor(mirrored, self.device).contiguous(memory_format=torch.channels_last)


def _attended(level: int, features: torch.Tensor, allowed: torch.Tensor | None = None) -> AttendedLevel:
    """Queries and keys in the precision in which the attention multiplies them."""
    tokens = NeighbourhoodAttention.tokens(features)
    kind = features.device.type
    if torch.is_autocast_enabled(kind):
        tokens = tokens[0].to(torch.get_autocast_dtype(kind)), tokens[1].to(torch.get_autocast_dtype(kind))
    queries, keys = (each[0, 0].float().cpu().numpy() for each in tokens)
    rows, columns = features.shape[2:]
    return AttendedLevel(level, rows, columns, queries, keys, None if allowed is None else allowed.cpu().numpy())
