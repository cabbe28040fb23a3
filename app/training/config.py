"""Everything a training run depends on, as frozen data that is saved beside the weights."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from app.errors import LacunaError
from app.models.config import PAPER, SMALL, NetworkConfig


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the run at one crop size: from `start` (share of the budget, 0…1) on."""

    start: float
    size: int
    batch: int


@dataclass(frozen=True, slots=True)
class LossWeights:
    """Weights of the loss terms; the L1 terms are each normalised by their own area, as published."""

    valid: float = 1.0
    hole: float = 6.0
    feature: float = 0.05
    style: float = 120.0
    total_variation: float = 0.1
    on_raw: bool = True
    """Feature and style terms also on the network's own picture, not on the composite alone."""
    feature_start: float = 0.0
    """Share of the budget after which feature, style and variation terms join in."""


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """One run. `minutes` is the budget; a positive `steps` ends it by count instead (repeatable to the bit)."""

    network: NetworkConfig
    loss: LossWeights
    phases: tuple[Phase, ...]
    learning_rate: float = 2e-4
    warmup_steps: int = 0
    betas: tuple[float, float] = (0.5, 0.999)
    gradient_clip: float = 0.0
    """Largest gradient norm; 0 = unbounded."""
    ema: float = 0.999
    seed: int = 1
    minutes: float = 60.0
    steps: int = 0
    checkpoint_minutes: float = 10.0
    bf16: bool = True
    largest_area: float = 0.6
    """Holes cover up to this share of a crop."""
    foreign_share: float = 0.0
    """Share of the samples whose refinement starts from another coarse inpainter's result (see `foreign`)."""
    extras: dict[str, Any] = field(default_factory=dict)

    def phase_at(self, progress: float) -> Phase:
        """The phase in force at `progress` (0…1)."""
        return [phase for phase in self.phases if phase.start <= progress][-1]

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary that `from_json` takes back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any], base: TrainConfig | None = None) -> TrainConfig:
        """Fields of `data` laid over `base` (default: small); an unknown name or wrong type raises `LacunaError`."""
        base = base or SMALL_TRAINING
        try:
            fields = dict(data)
            if "network" in fields:
                fields["network"] = replace(base.network, **fields["network"])
            if "loss" in fields:
                fields["loss"] = replace(base.loss, **fields["loss"])
            if "phases" in fields:
                fields["phases"] = tuple(Phase(**phase) for phase in fields["phases"])
            if "betas" in fields:
                fields["betas"] = tuple(fields["betas"])
            return replace(base, **fields)
        except TypeError as error:
            raise LacunaError(f"not a training configuration: {error}") from error


PAPER_TRAINING = TrainConfig(network=PAPER, loss=LossWeights(), phases=(Phase(0.0, 256, 6),))
"""The published recipe without its adversarial term: 256², Adam 2e-4, betas (0.5, 0.999)."""

SMALL_TRAINING = TrainConfig(
    network=SMALL,
    loss=LossWeights(feature=0.6, style=0.3, total_variation=0.0, on_raw=False, feature_start=0.8),
    phases=(Phase(0.0, 128, 16), Phase(0.6, 256, 6)),
    learning_rate=1e-3,
    warmup_steps=200,
    betas=(0.5, 0.99),
    gradient_clip=1.0,
    foreign_share=0.3,
)
"""What this project ships. Half-size crops first, since hours on a processor see few images; the feature and style
terms work on unit-normalised SqueezeNet maps (see `losses`), hence their other weights; a high, cosine-decayed rate."""

CONFIGS = {"small": SMALL_TRAINING, "paper": PAPER_TRAINING}


def load_config(name_or_file: str) -> TrainConfig:
    """A named configuration, or a JSON file whose fields override `small` (or the one its ``"base"`` names)."""
    if name_or_file in CONFIGS:
        return CONFIGS[name_or_file]
    try:
        data = json.loads(Path(name_or_file).read_text(encoding="utf-8"))
        base = CONFIGS[data.pop("base", "small")]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise LacunaError(f"{name_or_file}: no configuration's name and no readable JSON file ({error})") from error
    return TrainConfig.from_json(data, base)
