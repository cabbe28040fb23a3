"""The least-squares GAN term on the coarse composite (Mao et al. 2017), and the discriminator that learns beside it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from app.models.discriminator import PatchDiscriminator
from app.training.config import TrainConfig
from app.training.distributed import Ranks
from app.training.forward import Precision
from app.training.optimise import build_optimiser, descend, load_optimiser


class Adversary:
    """The discriminator with its own optimiser, of the same kind and rate as the network's."""

    def __init__(self, config: TrainConfig, device: torch.device, ranks: Ranks) -> None:
        self.network = PatchDiscriminator(config.loss.discriminator_width).to(device)
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._wrapped = ranks.wrapped(self.network, device)
        self._optimiser = build_optimiser(config, self.network.parameters())
        self._clip = config.gradient_clip

    def learn(self, real: Tensor, made: Tensor, rate: float, precision: Precision) -> tuple[Tensor, Tensor]:
        """One step telling `real` from `made`: ``½ mean (D(real) - 1)² + ½ mean D(made)²``, and the gradients' norm."""
        self.network.requires_grad_(True)
        with precision():
            scores = self._wrapped(torch.cat([real, made.detach()]))
        on_real, on_made = scores.float().chunk(2)
        loss = 0.5 * (on_real - 1).square().mean() + 0.5 * on_made.square().mean()
        norm = descend(self._optimiser, loss, rate, self._clip)
        return loss.detach(), norm

    def term(self, made: Tensor, precision: Precision) -> Tensor:
        """What the network is to lower: ``mean (D(made) - 1)²``; leaves no gradient in the discriminator."""
        self.network.requires_grad_(False)
        with precision():
            scores = self.network(made)
        loss: Tensor = (scores.float() - 1).square().mean()
        return loss

    def state(self) -> dict[str, Any]:
        """Live tensors of everything that a resumed run needs."""
        return {"network": self.network.state_dict(), "optimiser": self._optimiser.state_dict()}

    def load(self, state: dict[str, Any]) -> None:
        """The inverse of `state`."""
        self.network.load_state_dict(state["network"])
        load_optimiser(self._optimiser, state["optimiser"])
