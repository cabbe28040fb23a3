"""The loss terms of Quan et al. 2022, section III-D."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from app.models.lgnet import StageOutput
from app.training.config import LossWeights
from app.training.features import Extractor, normalised_distance


def area_l1(raw: Tensor, truth: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """L1 on known and on hole pixels, each divided by its own area. Mask ``(B, 1, H, W)``, 1 = hole."""
    error = (raw - truth).abs()
    hole_area, known_area = mask.sum() * 3, (1 - mask).sum() * 3
    return (error * (1 - mask)).sum() / known_area.clamp(min=1), (error * mask).sum() / hole_area.clamp(min=1)


def gram(features: Tensor) -> Tensor:
    """Channel correlations ``(B, C, C)`` of channel-normalised maps, averaged over positions."""
    flat = functional.normalize(features.float(), dim=1).flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]


def style_distance(first: list[Tensor], second: list[Tensor]) -> Tensor:
    """The summed absolute differences of the Gram matrices, a mean over rows, the batch and the maps."""
    return torch.stack([(gram(a) - gram(b)).abs().sum(2).mean() for a, b in zip(first, second, strict=True)]).mean()


def hole_variation(composite: Tensor, mask: Tensor) -> Tensor:
    """Total variation of the composite inside the hole."""
    inside = composite * mask
    across = (inside[..., 1:] - inside[..., :-1]).abs().mean()
    down = (inside[..., 1:, :] - inside[..., :-1, :]).abs().mean()
    return across + down


def stage_loss(
    output: StageOutput,
    truth: Tensor,
    mask: Tensor,
    weights: LossWeights,
    extractor: Extractor | None,
    truth_features: list[Tensor] | None,
) -> Tensor:
    """The weighted loss of one stage; without an extractor the L1 terms alone (as stage 1 is trained)."""
    valid, hole = area_l1(output.raw, truth, mask)
    loss = weights.valid * valid + weights.hole * hole
    if extractor is None or truth_features is None:
        return loss
    for picture in (output.composite, output.raw)[: 2 if weights.on_raw else 1]:
        features = extractor(picture)
        loss = loss + weights.feature * normalised_distance(features, truth_features).mean()
        loss = loss + weights.style * style_distance(features, truth_features)
    return loss + weights.total_variation * hole_variation(output.composite, mask)
