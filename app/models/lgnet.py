"""The three stages composed: coarse, local refinement, global refinement."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from app.models.config import NetworkConfig
from app.models.local_refine import LocalRefinement
from app.models.unet import UNet

STAGE_NAMES = ("coarse", "local", "global")

ATTENDED_LEVELS = (2, 3, 4)
"""Decoder maps of side H/4, H/8 and H/16 pass through attention in the global stage."""


class StageOutput(NamedTuple):
    """One stage's result: the network's own picture and the picture with only the hole taken from it."""

    name: str
    raw: Tensor
    composite: Tensor


class LGNet(nn.Module):
    """Quan et al. 2022: each stage sees the composite of the stage before and the mask."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.coarse = UNet(config)
        self.local = LocalRefinement(config)
        self.globe = UNet(config, ATTENDED_LEVELS)

    def stage_networks(self) -> dict[str, nn.Module]:
        """The three generators by stage name."""
        return dict(zip(STAGE_NAMES, (self.coarse, self.local, self.globe), strict=True))

    def stages(
        self,
        image: Tensor,
        mask: Tensor,
        coarse: Tensor | None = None,
        skip: Collection[str] = (),
        avoided: Tensor | None = None,
    ) -> Iterator[StageOutput]:
        """Yield the stages one by one; nothing of a stage runs before its turn.

        `image` is ``(B, 3, H, W)`` in [-1, 1] (what it holds inside the hole does not matter), `mask`
        ``(B, 1, H, W)`` with 1 = hole. A picture given as `coarse` takes the place of the coarse network's, so the
        refinements run on top of any other inpainter. A refinement whose name is in `skip` hands on what it got.
        The global stage's attention leaves out what is 1 in `avoided` ``(1, 1, H, W)``.
        """
        raw = self.coarse(torch.cat([fill_holes(image, mask), mask], dim=1)) if coarse is None else coarse
        composite = lay(raw, image, mask)
        yield StageOutput(STAGE_NAMES[0], raw, composite)
        for name, network in list(self.stage_networks().items())[1:]:
            if name not in skip:
                seen = torch.cat([composite, mask], dim=1)
                raw = network(seen, avoided) if network is self.globe else network(seen)
                composite = lay(raw, image, mask)
            yield StageOutput(name, raw, composite)

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        """The composite of the last stage, ``(B, 3, H, W)`` in [-1, 1]."""
        *_, last = self.stages(image, mask)
        return last.composite


def fill_holes(image: Tensor, mask: Tensor) -> Tensor:
    """The image with its holes at +1, white: what the coarse network sees."""
    return image * (1 - mask) + mask


def lay(raw: Tensor, image: Tensor, mask: Tensor) -> Tensor:
    """The image outside the hole, `raw` inside it."""
    return image * (1 - mask) + raw * mask
