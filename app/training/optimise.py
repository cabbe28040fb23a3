"""From gradients to weights: optimisers, the learning rate over the budget, and averaged weights."""

from __future__ import annotations

import copy
import math
from collections.abc import Collection, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from app.models.staged import StagedNetwork
from app.training.config import Optimiser, Schedule, TrainConfig


def build_optimiser(config: TrainConfig, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """The configuration's optimiser, as one fused kernel where this torch has one for the device."""
    kept = list(parameters)

    def build(**options: Any) -> torch.optim.Optimizer:
        if config.optimiser is Optimiser.SGD:
            return torch.optim.SGD(kept, lr=config.learning_rate, momentum=config.momentum, **options)
        return torch.optim.Adam(kept, lr=config.learning_rate, betas=config.betas, **options)

    try:
        return build(fused=True)
    except (RuntimeError, TypeError):
        return build()


def load_optimiser(optimiser: torch.optim.Optimizer, saved: dict[str, Any]) -> None:
    """Moments and step counts of `saved`; rates and kernels stay those of `optimiser`."""
    optimiser.load_state_dict({"state": saved["state"], "param_groups": optimiser.state_dict()["param_groups"]})


def learning_rate(config: TrainConfig, step: int, progress: float) -> float:
    """The rate of step number `step` (from 0) at `progress` (0…1) of the budget."""
    warm = min((step + 1) / max(config.warmup_steps, 1), 1.0)
    return config.learning_rate * warm * _decay(config.schedule, progress)


def _decay(schedule: Schedule, progress: float) -> float:
    if schedule is Schedule.LINEAR:
        return min(2.0 * (1.0 - progress), 1.0)
    if schedule is Schedule.COSINE:
        return 0.5 + 0.5 * math.cos(math.pi * progress)
    return 1.0


def descend(optimiser: torch.optim.Optimizer, loss: Tensor, rate: float, clip: float) -> Tensor:
    """One step down `loss` at `rate`; the gradients' norm before clipping to `clip` (0 = none), left on the device."""
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    norm = torch.nn.utils.get_total_norm(gradients)
    if clip > 0:
        torch.nn.utils.clip_grads_with_norm_(parameters, clip, norm)
    optimiser.step()
    return norm


class Average:
    """Exponential average of a network's weights and statistics, itself a network ready to run.

    Of the stages that are not in `trained` (None: all are) it keeps what it has.
    """

    def __init__(self, network: StagedNetwork, decay: float, trained: Collection[str] | None = None) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self._decay = decay
        parts = zip(_parts(self.network, trained), _parts(network, trained), strict=True)
        pairs = [pair for part in parts for pair in zip(*(half.state_dict().values() for half in part), strict=True)]
        # these share their storage with the networks, whose tensors are changed in place from here on
        self._ours = [ours for ours, _ in pairs if ours.is_floating_point()]
        self._theirs = [theirs for _, theirs in pairs if theirs.is_floating_point()]
        self._counts = [pair for pair in pairs if not pair[0].is_floating_point()]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Move towards the network after its step number `step` (from 1), faster at the start than later."""
        decay = min(self._decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self._ours, self._theirs, 1.0 - decay)
        for ours, theirs in self._counts:
            ours.copy_(theirs)


def _parts(network: StagedNetwork, names: Collection[str] | None) -> list[nn.Module]:
    return [part for name, part in network.stage_networks().items() if names is None or name in names]
