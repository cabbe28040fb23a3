"""The configurations there are by name, and those of JSON files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from app.errors import LacunaError
from app.inference.request import STAGES, Stage
from app.models.config import PAPER, SMALL, ContextEncoderConfig, ContextualAttentionConfig
from app.training.config import FeatureForm, LossWeights, Phase, PixelLoss, Schedule, TrainConfig

PAPER_TRAINING = TrainConfig(
    network=PAPER,
    loss=LossWeights(adversarial=0.1),
    phases=(Phase(0.0, 256, 6),),
    ema=0.0,
)
"""The recipe of Quan et al., IEEE TIP 31 (2022): L1 on known pixels ×1 and on hole pixels ×6 at every stage; on stages
2 and 3 perceptual 0.05 and style 120 between VGG16 maps, on raw output and composite, and total variation 0.1; a
least-squares GAN ×0.1 on stage 1's composite; Adam 2e-4, (0.5, 0.999), linear decay to zero over the second half, 256².

Ours where the paper is silent or a machine differs: bfloat16 autocast, the batch, the budget (60 minutes unless told),
torch's own initial weights. Wants VGG16 weights; with SqueezeNet's the formulas stay and the maps differ."""

SEED_TRAINING = TrainConfig(
    network=PAPER,
    loss=LossWeights(
        pixel=PixelLoss.L2,
        valid=1.0,
        hole=1.0,
        feature=0.05,
        style=0.0,
        total_variation=0.0,
        feature_stages=STAGES,
        on_raw=False,
    ),
    phases=(Phase(0.0, 256, 6),),
    schedule=Schedule.CONSTANT,
    ema=0.0,
)
"""The seed paper's words: pixel-wise L2 and perceptual loss, SGD or Adam (``"optimiser": "sgd"``), end to end.

It leaves open: the weights of the two terms, which perceptual network and which of its maps, whether known pixels
count, at which stages the losses stand, learning rate, momentum, schedule, batch, crop size and length. Chosen here:
known and hole pixels alike, each averaged over its own area, perceptual 0.05 by the published L1 form on every stage's
composite, Adam 2e-4 at a constant rate, 256². For SGD a rate of about 1e-2 is a place to start."""

SMALL_TRAINING = TrainConfig(
    network=SMALL,
    loss=LossWeights(
        form=FeatureForm.NORMALISED,
        feature=4.0,
        style=0.0,
        total_variation=0.0,
        feature_stages=(Stage.GLOBAL,),
        on_raw=False,
        feature_shift=7,
        grid=3000.0,
    ),
    phases=(Phase(0.0, 128, 16), Phase(0.5, 256, 6)),
    learning_rate=1e-3,
    schedule=Schedule.COSINE,
    warmup_steps=100,
    betas=(0.5, 0.99),
    gradient_clip=1.0,
    foreign_share=0.3,
    foreign_pool=480,
)
"""What this project ships, made for hours on a processor, which see few images: half-size crops first, a high,
cosine-decayed rate, no discriminator. The feature term works on unit-normalised maps, in which the feature distance of
an evaluation is measured, on the last composite alone: in runs of four minutes from the same weights 1.0 took that
distance from 811 to 779 and 4.0 to 770 (×10⁻³) at equal PSNR. By itself it makes a lattice in every hole; the grid term
takes it out within minutes."""

CONTEXT_ENCODER_TRAINING = replace(
    SMALL_TRAINING,
    network=ContextEncoderConfig(),
    loss=replace(SMALL_TRAINING.loss, feature_stages=(Stage.COARSE,), feature_start=0.4),
    phases=(Phase(0.0, 128, 16), Phase(0.85, 256, 4)),
    foreign_share=0.0,
    foreign_pool=0,
)
"""A context encoder (Pathak et al., CVPR 2016) by the recipe above: L1, grid and, later on, feature term in place of
the published squared error and adversarial loss, holes of any shape in place of a square in the middle."""

CONTEXTUAL_ATTENTION_TRAINING = replace(
    CONTEXT_ENCODER_TRAINING,
    network=ContextualAttentionConfig(),
    loss=replace(SMALL_TRAINING.loss, feature_stages=(Stage.GLOBAL,), feature_start=0.4),
    phases=(Phase(0.0, 128, 8),),
)
"""A contextual-attention network (Yu et al., CVPR 2018) by the recipe above: L1, grid and, later on, feature term in
place of the published discounted L1 and two Wasserstein discriminators."""

CONFIGS = {
    "small": SMALL_TRAINING,
    "paper": PAPER_TRAINING,
    "seed": SEED_TRAINING,
    CONTEXT_ENCODER_TRAINING.network.kind: CONTEXT_ENCODER_TRAINING,
    CONTEXTUAL_ATTENTION_TRAINING.network.kind: CONTEXTUAL_ATTENTION_TRAINING,
}


def load_config(name_or_file: str) -> TrainConfig:
    """A named configuration, or a JSON file whose fields override those of ``"base"`` (a name; default: small)."""
    if name_or_file in CONFIGS:
        return CONFIGS[name_or_file]
    try:
        data = json.loads(Path(name_or_file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        names = ", ".join(CONFIGS)
        raise LacunaError(f"{name_or_file}: neither a configuration ({names}) nor a JSON file ({error})") from error
    try:
        base = data.pop("base", "small") if isinstance(data, dict) else "small"
        if not isinstance(base, str) or base not in CONFIGS:
            raise LacunaError(f"base: must be one of {', '.join(CONFIGS)}, not {base}")
        return TrainConfig.from_json(data, CONFIGS[base])
    except LacunaError as error:
        raise LacunaError(f"{name_or_file}: {error}") from error
