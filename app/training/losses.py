"""The loss terms of Quan et al. 2022, section III-D, and our forms of the feature terms."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from app.models.staged import StageOutput
from app.training.config import GRID_PERIOD, FeatureForm, LossWeights, PixelLoss

Terms = dict[str, Tensor]
"""A stage's unweighted terms, scalars on the device, by the names in `TERM_NAMES`."""

TERM_NAMES = ("valid", "hole", "grid", "feature", "style", "variation", "adversarial")

_FEWEST_ON_GRID = 4
_GRID_KNEE = 3e-4
"""Beyond this energy, far above what a trained network makes, the grid term grows by its logarithm only: fresh networks
are all checkerboard, and have other things to learn first."""

_LEAST_ENERGY = 1e-24
"""Below this squared length a feature vector counts as none, as `functional.normalize` has it."""

Maps = Callable[[Tensor], list[Tensor]]


def area_loss(raw: Tensor, truth: Tensor, mask: Tensor, pixel: PixelLoss = PixelLoss.L1) -> tuple[Tensor, Tensor]:
    """The mean error on known and on hole pixels, each over its own area. Mask ``(B, 1, H, W)``, 1 = hole."""
    difference = raw.float() - truth
    error = difference.abs() if pixel is PixelLoss.L1 else difference.square()
    hole_area, known_area = mask.sum() * 3, (1 - mask).sum() * 3
    return (error * (1 - mask)).sum() / known_area.clamp(min=1), (error * mask).sum() / hole_area.clamp(min=1)


def grid_energy(error: Tensor, mask: Tensor, period: int = GRID_PERIOD) -> Tensor:
    """How much of `error` ``(B, C, H, W)`` in the holes repeats every `period` pixels: its checkerboard, squared.

    The error is averaged over all hole pixels of the batch that lie alike on a grid of `period`; what is left of these
    means less their own mean is the part that every cell of the grid shares. Real texture has no such part, an artefact
    of strided layers (Odena et al., "Deconvolution and checkerboard artifacts", Distill 2016) is nothing else. H and W
    are multiples of `period`.
    """
    height, width = error.shape[2:]
    cells = (height // period, period, width // period, period)
    count = mask.reshape(*mask.shape[:2], *cells).sum((0, 2, 4))
    total = (error * mask).reshape(*error.shape[:2], *cells).sum((0, 2, 4))
    seen = (count >= _FEWEST_ON_GRID).float()
    places = seen.sum().clamp(min=1)
    means = total / count.clamp(min=1) * seen
    means = (means - means.sum((1, 2), keepdim=True) / places) * seen
    return means.square().sum() / (places * error.shape[1])


def gram(maps: Tensor, form: FeatureForm) -> Tensor:
    """Channel correlations ``(B, C, C)`` of ``(B, C, H, W)``, in float32.

    Published: ``F Fᵀ / (C·H·W)``. Normalised: `maps` are channel-normalised already and the sum is an average over
    positions, so the diagonal sums to 1.
    """
    flat = maps.float().flatten(2)
    positions = flat.shape[2]
    with torch.autocast(maps.device.type, enabled=False):
        correlations = flat @ flat.transpose(1, 2)
    return correlations / (positions * flat.shape[1] if form is FeatureForm.PUBLISHED else positions)


class FeatureTerms:
    """Feature and style distance of pictures from one truth, whose own maps are taken once.

    Published, summed over the maps: the mean absolute difference of the raw maps, and that of their Gram matrices.
    Normalised: the sum of the feature distance (`features.normalised_distance`), and the mean over the maps of the
    Gram matrices' absolute differences, summed along rows and averaged over them.
    """

    def __init__(self, maps: Maps, truth: Tensor, loss: LossWeights) -> None:
        self._maps = maps
        self._loss = loss
        self._shift = torch.randint(0, loss.feature_shift + 1, (2,)).tolist() if loss.feature_shift > 0 else (0, 0)
        with torch.no_grad():
            self._truth = self._prepared(truth)
            self._grams = self._correlations(self._truth) if loss.style > 0 else []

    def __call__(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Feature and style term of ``(B, 3, H, W)`` in [-1, 1]; zero for a term without weight."""
        maps, form = self._prepared(picture), self._loss.form
        zero = picture.new_zeros((), dtype=torch.float32)
        feature = style = zero
        if self._loss.feature > 0:
            pairs = zip(maps, self._truth, strict=True)
            feature = torch.stack([_map_distance(ours, theirs, form) for ours, theirs in pairs]).sum()
        if self._loss.style > 0:
            pairs = zip(self._correlations(maps), self._grams, strict=True)
            differences = [(ours - theirs).abs() for ours, theirs in pairs]
            if form is FeatureForm.PUBLISHED:
                style = torch.stack([difference.mean() for difference in differences]).sum()
            else:
                style = torch.stack([difference.sum(2).mean() for difference in differences]).mean()
        return feature, style

    def _prepared(self, picture: Tensor) -> list[Tensor]:
        top, left = self._shift
        seen = picture[:, :, top:, left:].contiguous(memory_format=torch.channels_last)
        return [found.float() for found in self._maps(seen)]

    def _correlations(self, maps: list[Tensor]) -> list[Tensor]:
        form = self._loss.form
        if form is FeatureForm.NORMALISED:
            maps = [functional.normalize(kept, dim=1) for kept in maps]
        return [gram(kept, form) for kept in maps]


def _map_distance(ours: Tensor, theirs: Tensor, form: FeatureForm) -> Tensor:
    if form is FeatureForm.PUBLISHED:
        return (ours - theirs).abs().mean()
    return _unit_distance(ours, theirs)


def _unit_distance(ours: Tensor, theirs: Tensor) -> Tensor:
    """The mean over positions of ‖a/‖a‖ - b/‖b‖‖² for raw maps ``(B, C, H, W)``, from sums over the channels alone.

    Dividing whole maps by their norms gives the same number and costs 40 % more time for the whole feature term.
    """
    own, other = ours.square().sum(1), theirs.square().sum(1)
    own_divisor, other_divisor = own.clamp(min=_LEAST_ENERGY), other.clamp(min=_LEAST_ENERGY)
    cosine = (ours * theirs).sum(1) * torch.rsqrt(own_divisor) * torch.rsqrt(other_divisor)
    return (own / own_divisor + other / other_divisor - 2.0 * cosine).mean()


def hole_variation(composite: Tensor, mask: Tensor) -> Tensor:
    """Total variation of composite × mask: the mean absolute step across plus that down."""
    inside = composite * mask
    across = (inside[..., 1:] - inside[..., :-1]).abs().mean()
    down = (inside[..., 1:, :] - inside[..., :-1, :]).abs().mean()
    return across + down


def stage_terms(
    output: StageOutput, truth: Tensor, mask: Tensor, loss: LossWeights, features: FeatureTerms | None
) -> Terms:
    """The unweighted terms of one stage; without `features` the pixel terms alone."""
    valid, hole = area_loss(output.raw, truth, mask, loss.pixel)
    terms = {"valid": valid, "hole": hole}
    if loss.grid > 0:
        energy = grid_energy(output.raw.float() - truth, mask)
        terms["grid"] = _GRID_KNEE * torch.log1p(energy / _GRID_KNEE)
    if features is None:
        return terms
    pictures = (output.composite, output.raw)[: 2 if loss.on_raw else 1]
    distances = [features(picture) for picture in pictures]
    terms["feature"] = torch.stack([feature for feature, _ in distances]).sum()
    terms["style"] = torch.stack([style for _, style in distances]).sum()
    if loss.total_variation > 0:
        terms["variation"] = hole_variation(output.composite, mask)
    return terms


def weighted_sum(terms: Terms, loss: LossWeights) -> Tensor:
    """What is minimised: every term times its weight."""
    weights = (loss.valid, loss.hole, loss.grid, loss.feature, loss.style, loss.total_variation, loss.adversarial)
    by_name = dict(zip(TERM_NAMES, weights, strict=True))
    return torch.stack([by_name[name] * value for name, value in terms.items()]).sum()
