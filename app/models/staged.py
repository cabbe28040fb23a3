"""What all networks have in common: stages that go on one from the other, each with the hole laid into the photograph.

A stage sees the composite of the stage before it and the mask; the first sees the photograph with white holes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn

from app.models.config import NetworkShape


class StageOutput(NamedTuple):
    """One stage's result: the network's own picture and the picture with only the hole taken from it."""

    name: str
    raw: Tensor
    composite: Tensor


class StagedNetwork(nn.Module):
    """A network of stages, each a module from ``(B, 4, H, W)``, composite and mask, to ``(B, 3, H, W)`` in [-1, 1]."""

    parts: ClassVar[Mapping[str, str]]
    """By the name of each stage, in their order, the attribute that is its module."""

    def __init__(self, config: NetworkShape) -> None:
        super().__init__()
        self.config = config

    def stage_networks(self) -> dict[str, nn.Module]:
        """The modules by stage name."""
        return {name: getattr(self, part) for name, part in self.parts.items()}

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
        ``(B, 1, H, W)`` with 1 = hole. A picture given as `coarse` takes the place of the first network's, so the
        refinements run on top of any other inpainter. A refinement whose name is in `skip` hands on what it got. Those
        that can leave out what is 1 in `avoided` ``(1, 1, H, W)``.
        """
        (first, network), *refinements = self.stage_networks().items()
        raw = network(torch.cat([fill_holes(image, mask), mask], dim=1)) if coarse is None else coarse
        composite = lay(raw, image, mask)
        yield StageOutput(first, raw, composite)
        for name, network in refinements:
            if name not in skip:
                raw = self._refined(network, torch.cat([composite, mask], dim=1), avoided)
                composite = lay(raw, image, mask)
            yield StageOutput(name, raw, composite)

    def _refined(self, network: nn.Module, seen: Tensor, avoided: Tensor | None) -> Tensor:
        """What the refinement `network` makes of a composite and its mask ``(B, 4, H, W)``."""
        refined: Tensor = network(seen)
        return refined

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        """The composite of the last stage, ``(B, 3, H, W)`` in [-1, 1]."""
        *_, last = self.stages(image, mask)
        return last.composite


def fill_holes(image: Tensor, mask: Tensor) -> Tensor:
    """The image with its holes at +1, white: what the first stage sees."""
    return image * (1 - mask) + mask


def lay(raw: Tensor, image: Tensor, mask: Tensor) -> Tensor:
    """The image outside the hole, `raw` inside it."""
    return image * (1 - mask) + raw * mask
