"""Everything a training run depends on, as frozen data that is saved beside the weights."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from app.errors import LacunaError
from app.inference.request import STAGES, Stage
from app.models.config import AnyConfig
from app.training.fields import Bounds, Count, Decay, Number, Positive, Share, Weight, check_fields, overlaid, plain

GRID_PERIOD = 16
"""Checkerboards repeat every so many pixels, see `losses.grid_energy`."""

HoleArea = Annotated[float, Bounds(0.05, 0.9)]


class PixelLoss(StrEnum):
    """Distance of a stage's own picture from the truth, per pixel, averaged over known and hole pixels apart."""

    L1 = "l1"
    L2 = "l2"


class FeatureForm(StrEnum):
    """How feature maps are compared (formulas in `losses`)."""

    PUBLISHED = "published"
    """Raw maps by L1, Gram matrices divided by C·H·W."""
    NORMALISED = "normalised"
    """Channel-normalised maps by their mean square, as the feature distance of an evaluation is defined."""


class Schedule(StrEnum):
    """What becomes of the learning rate over the budget."""

    CONSTANT = "constant"
    LINEAR = "linear"
    """Constant over the first half, then straight down to zero."""
    COSINE = "cosine"


class Optimiser(StrEnum):
    """How gradients become steps."""

    ADAM = "adam"
    SGD = "sgd"


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the run at one crop size, from `start` (share of the budget) on."""

    start: Share
    size: Number
    """Side of the crops in pixels: a multiple of the network's size multiple and, with the grid term, of `GRID_PERIOD`.
    """
    batch: Number
    """Crops a step, over all processes together."""

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True, slots=True)
class LossWeights:
    """The loss terms. Defaults are those of Quan et al. 2022."""

    pixel: PixelLoss = PixelLoss.L1
    valid: Weight = 1.0
    """Weight of the pixel loss on known pixels."""
    hole: Weight = 6.0
    """Weight of the pixel loss on hole pixels."""
    form: FeatureForm = FeatureForm.PUBLISHED
    feature: Weight = 0.05
    style: Weight = 120.0
    total_variation: Weight = 0.1
    """On the composite times the mask."""
    feature_stages: tuple[Stage, ...] = (Stage.LOCAL, Stage.GLOBAL)
    """The stages with feature, style and variation terms; these need a perceptual network."""
    on_raw: bool = True
    """Feature and style terms also on the network's own picture, not on the composite alone."""
    feature_shift: Count = 0
    """Pictures are cut off at the top and left by up to this many pixels, at random, before their features are taken:
    else textures lock onto the grid of the perceptual network's strides."""
    grid: Weight = 0.0
    """Against checkerboards, at every stage (see `losses.grid_energy`)."""
    feature_start: Share = 0.0
    """Share of the budget after which feature, style and variation terms join in."""
    adversarial: Weight = 0.0
    """Weight of the least-squares GAN term on the coarse composite; 0 = no discriminator."""
    discriminator_width: Number = 64

    def __post_init__(self) -> None:
        check_fields(self)
        if not set(self.feature_stages) <= set(STAGES):
            raise LacunaError(f"feature_stages: must be among {', '.join(STAGES)}")


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """One run. `minutes` is the budget; a positive `steps` ends it by count instead (repeatable to the bit)."""

    network: AnyConfig
    loss: LossWeights
    phases: tuple[Phase, ...]
    optimiser: Optimiser = Optimiser.ADAM
    learning_rate: Positive = 2e-4
    schedule: Schedule = Schedule.LINEAR
    warmup_steps: Count = 0
    """The rate rises over this many steps at the start."""
    betas: tuple[Decay, Decay] = (0.5, 0.999)
    """Adam's."""
    momentum: Decay = 0.9
    """SGD's."""
    gradient_clip: Weight = 0.0
    """Largest gradient norm; 0 = unbounded."""
    ema: Decay = 0.999
    """Decay of the averaged weights, which are what is written; 0 = the weights themselves."""
    seed: Count = 1
    minutes: Positive = 60.0
    """Wall-clock time, validation and checkpoints included, reading the photographs not."""
    steps: Count = 0
    checkpoint_minutes: Positive = 10.0
    validation_minutes: Positive = 10.0
    validation_photographs: Number = 24
    validation_size: Number = 256
    sheet_minutes: Positive = 5.0
    log_every: Number = 25
    """Losses are read from the device at least after this many steps, and after some seconds."""
    bf16: bool = True
    """bfloat16 autocast where the device is faster for it."""
    largest_area: HoleArea = 0.6
    """Holes cover up to this share of a crop."""
    foreign_share: Share = 0.0
    """Share of the samples whose refinement starts from another coarse inpainter's result (see `foreign`)."""
    foreign_pool: Count = 0
    """Results of slow coarse inpainters made once, before the first step, fewer for a short run; 0 = none."""
    train_stages: tuple[Stage, ...] = STAGES
    """The stages that learn, as far as the network has them. The others are frozen: weights, BatchNorm statistics and
    averages stay as they are to the bit, and what comes after the last stage that learns is not run."""

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.learning_stages or not set(self.train_stages) <= set(STAGES):
            raise LacunaError(f"train_stages: must name at least one of {', '.join(self.network.stage_names)}")
        starts = [phase.start for phase in self.phases]
        if starts[:1] != [0.0] or starts != sorted(starts):
            raise LacunaError("phases: the first must start at 0 and each after the one before")
        sizes = {f"phases[{index}].size": phase.size for index, phase in enumerate(self.phases)}
        _check_multiples(sizes | {"validation_size": self.validation_size}, self.network.size_multiple, "this network")
        if self.loss.grid > 0:
            _check_multiples(sizes, GRID_PERIOD, "the grid term (loss.grid)")

    @property
    def learning_stages(self) -> tuple[Stage, ...]:
        """Those of the network's stages that learn, in their order."""
        return tuple(Stage(name) for name in self.network.stage_names if name in self.train_stages)

    def phase_at(self, progress: float) -> Phase:
        """The phase in force at `progress` (0…1)."""
        return [phase for phase in self.phases if phase.start <= progress][-1]

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary that `from_json` takes back."""
        return plain(self) | {"network": self.network.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any], base: TrainConfig) -> TrainConfig:
        """Fields of `data` laid over `base`; `LacunaError` names a field that is unknown, of another type or range."""
        return overlaid(base, data)


def _check_multiples(sizes: dict[str, int], multiple: int, whose: str) -> None:
    for name, size in sizes.items():
        if size % multiple:
            raise LacunaError(f"{name}: must be a multiple of {multiple} for {whose}, not {size}")
