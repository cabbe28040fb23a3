"""What the networks of a run took, counted from their own layers: for whoever asks, after the run. Loads no torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from app.imaging.geometry import Extent
from app.inference.request import STAGES, RunReport, Stage
from app.models.config import NetworkConfig
from app.models.figures import NetworkCost as NetworkCost
from app.paths import weights_folder


def run_costs(report: RunReport, *, exact: bool = False, weights: Path | None = None) -> Mapping[Stage, NetworkCost]:
    """The cost of each of LGNet's stages in the run of `report`; nothing where the weights are no longer those.

    Half precision is reckoned with where the processor has it, unless the run was `exact`. Some tenths of a second for
    each size that has not been asked for before. Raises `LacunaError` where there are no weights.
    """
    from app.models.weights import find_weights

    found = find_weights(weights or weights_folder())
    config = found.config
    if not isinstance(config, NetworkConfig) or not report.seen or report.model.rpartition(" + ")[2] != found.name:
        return {}
    return {stage: _summed(stage, report.seen, config, exact) for stage in STAGES}


def _summed(stage: Stage, seen: Sequence[Extent], config: NetworkConfig, exact: bool) -> NetworkCost:
    costs = [_of_one(config, extent, exact)[stage] for extent in seen]
    work, memory = sum(cost.multiply_adds for cost in costs), max(cost.memory for cost in costs)
    return replace(costs[0], multiply_adds=work, memory=memory)


@cache
def _of_one(config: NetworkConfig, extent: Extent, exact: bool) -> Mapping[Stage, NetworkCost]:
    import torch

    from app.inference.device import autocast
    from app.models.costs import stage_costs

    precision = nullcontext if exact else partial(autocast, torch.device("cpu"))
    costs = stage_costs(config, extent.height, extent.width, precision)
    return {Stage(name): cost for name, cost in costs.items()}
