"""The three stages composed: coarse, local refinement, global refinement."""

from __future__ import annotations

from types import MappingProxyType

from torch import Tensor, nn

from app.models.config import NetworkConfig
from app.models.local_refine import LocalRefinement
from app.models.staged import StagedNetwork
from app.models.unet import UNet

STAGE_NAMES = NetworkConfig.stage_names

ATTENDED_LEVELS = (2, 3, 4)
"""Decoder maps of side H/4, H/8 and H/16 pass through attention in the global stage."""


class LGNet(StagedNetwork):
    """Quan et al. 2022: each stage sees the composite of the stage before and the mask."""

    parts = MappingProxyType(dict(zip(STAGE_NAMES, ("coarse", "local", "globe"), strict=True)))
    config: NetworkConfig

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__(config)
        self.coarse = UNet(config)
        self.local = LocalRefinement(config)
        self.globe = UNet(config, ATTENDED_LEVELS)

    def _refined(self, network: nn.Module, seen: Tensor, avoided: Tensor | None) -> Tensor:
        """The global stage's attention leaves out what is 1 in `avoided` ``(1, 1, H, W)``."""
        refined: Tensor = network(seen, avoided) if network is self.globe else network(seen)
        return refined
