"""A contextual-attention network after Yu et al., "Generative Image Inpainting with Contextual Attention", CVPR 2018.

As published: a coarse network with dilated convolutions, then a refinement with two encoders, one with dilated
convolutions and one with contextual attention, and one decoder for both; ELU, no normalisation, no gates; nearest
neighbours enlarged before a convolution.

Ours: a fraction of the published width; pictures in units of the known pixels' spread round their mean; the attention
is a cosine on both sides (the published code normalises the known patches alone) and rebuilds what lies in the hole,
known features stay.
"""

from __future__ import annotations

from types import MappingProxyType

import torch
from torch import Tensor, nn
from torch.nn import functional

from app.models.config import ContextualAttentionConfig
from app.models.known_pixels import Known
from app.models.staged import StagedNetwork

RATE = 2
"""Positions are compared on every second feature a side."""
SCALE = 10.0
"""What scores are multiplied by before the softmax."""
MOST_SCORES = 8 * 2**20
"""Scores made at a time, in whole rows of positions: 32 MB, a few times over while they are worked on."""

_ELU_GAIN = 1.5
"""Times 1/fan-in: the variance of first weights that keeps a signal's size through convolution and ELU."""


def contextual_attention(features: Tensor, hole: Tensor, most_scores: int = MOST_SCORES) -> Tensor:
    """`features` ``(B, C, H, W)`` with those in the hole rebuilt from patches of the known ones.

    `hole` is ``(B, 1, H, W)``, 1 = hole; H and W are even. Patches of 3×3 of every second feature are compared by
    cosine; a score becomes the sum over the pairs one step along in the same direction, left-right and then up-down
    (attention propagation); softmax over the known patches; the 4×4 features round each are laid down overlapping, and
    averaged. Where no patch is wholly known, all count as known. Memory follows N = H·W/4, not N²: rows of scores are
    made `most_scores` at a time, or three rows where those are more.
    """
    with torch.autocast(features.device.type, enabled=False):
        return _rebuilt(features.float(), hole.float(), most_scores).to(features.dtype)


def _rebuilt(features: Tensor, hole: Tensor, most_scores: int) -> Tensor:
    height, width = features.shape[2] // RATE, features.shape[3] // RATE
    patches = functional.normalize(functional.unfold(features[..., ::RATE, ::RATE], 3, padding=1), dim=1)
    values = functional.unfold(features, 2 * RATE, padding=RATE // 2, stride=RATE).transpose(1, 2)
    covered = functional.max_pool2d(hole, RATE)
    barred = _barred(covered)
    step = max(most_scores // (len(features) * width * height * width), 1)
    made = []
    for top in range(0, height, step):
        bottom = min(top + step, height)
        if covered[:, :, max(top - 1, 0) : bottom + 1].any():
            scores = _scores(patches, (height, width), top, bottom)
            weights = (SCALE * scores + barred).softmax(-1)
            made.append(weights @ values)
        else:
            made.append(values.new_zeros(len(features), (bottom - top) * width, values.shape[2]))
    laid = _folded(torch.cat(made, dim=1).transpose(1, 2), features)
    often = _folded(torch.ones_like(values[:1]).transpose(1, 2), features[:1])
    return torch.where(hole > 0, laid / often, features)


def _barred(covered: Tensor) -> Tensor:
    """``(B, 1, N)``: minus infinity for the patches that touch the hole, unless all do; else 0."""
    touching = functional.unfold(covered, 3, padding=1).amax(1, keepdim=True) > 0
    barred = touching & ~touching.all(-1, keepdim=True)
    return torch.zeros_like(barred, dtype=torch.float32).masked_fill(barred, -torch.inf)


def _scores(patches: Tensor, grid: tuple[int, int], top: int, bottom: int) -> Tensor:
    """Propagated scores ``(B, n, N)`` of the positions in the rows `top` to `bottom` against all."""
    height, width = grid
    first, last = max(top - 1, 0), min(bottom + 1, height)
    scores = patches[:, :, first * width : last * width].transpose(1, 2) @ patches
    scores = scores.reshape(len(patches), last - first, width, height, width)
    scores = _propagated(_propagated(scores, 2, 4), 1, 3)
    return scores[:, top - first : bottom - first].flatten(3).flatten(1, 2)


def _propagated(scores: Tensor, query: int, key: int) -> Tensor:
    """Each score with those of the pairs a step back and a step on, both sides alike, added."""
    queries, keys = scores.shape[query] - 1, scores.shape[key] - 1
    if queries < 1 or keys < 1:
        return scores
    total = scores.clone()
    total.narrow(query, 1, queries).narrow(key, 1, keys).add_(scores.narrow(query, 0, queries).narrow(key, 0, keys))
    total.narrow(query, 0, queries).narrow(key, 0, keys).add_(scores.narrow(query, 1, queries).narrow(key, 1, keys))
    return total


def _folded(patches: Tensor, features: Tensor) -> Tensor:
    height, width = features.shape[2:]
    return functional.fold(patches, (height, width), 2 * RATE, padding=RATE // 2, stride=RATE)


class Conv(nn.Sequential):
    """A convolution that keeps the size (or halves it) and ELU."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1, dilation: int = 1) -> None:
        conv = nn.Conv2d(inputs, outputs, kernel, stride, dilation * (kernel // 2), dilation)
        nn.init.normal_(conv.weight, std=(_ELU_GAIN / (inputs * kernel**2)) ** 0.5)
        nn.init.zeros_(conv.bias)  # type: ignore[arg-type]
        super().__init__(conv, nn.ELU())


def _encoder(n: int) -> list[nn.Module]:
    """``(B, 4, H, W)`` to ``(B, 4n, H/4, W/4)``."""
    return [
        Conv(4, n, kernel=5),
        Conv(n, 2 * n, stride=2),
        Conv(2 * n, 2 * n),
        Conv(2 * n, 4 * n, stride=2),
        Conv(4 * n, 4 * n),
        Conv(4 * n, 4 * n),
    ]


def _dilated(config: ContextualAttentionConfig) -> list[nn.Module]:
    n = 4 * config.width
    return [Conv(n, n, dilation=2 << index) for index in range(config.dilations)]


def _decoder(inputs: int, n: int) -> list[nn.Module]:
    """``(B, inputs, H/4, W/4)`` to ``(B, 3, H, W)``."""
    return [
        Conv(inputs, 4 * n),
        Conv(4 * n, 4 * n),
        nn.UpsamplingNearest2d(scale_factor=2),
        Conv(4 * n, 2 * n),
        Conv(2 * n, 2 * n),
        nn.UpsamplingNearest2d(scale_factor=2),
        Conv(2 * n, n),
        Conv(n, n // 2),
        nn.Conv2d(n // 2, 3, 3, padding=1),
    ]


class DilatedCoarse(nn.Module):
    """The first stage, ``(B, 4, H, W)`` to ``(B, 3, H, W)``: encoder, dilated convolutions, decoder."""

    def __init__(self, config: ContextualAttentionConfig) -> None:
        super().__init__()
        n = config.width
        self.layers = nn.Sequential(*_encoder(n), *_dilated(config), *_decoder(4 * n, n))

    def forward(self, x: Tensor) -> Tensor:
        """Image with filled hole, and mask, to the network's own picture."""
        image, mask = x[:, :3], x[:, 3:]
        known = Known.of(image, mask)
        return known.picture(self.layers(torch.cat([known.normalised(image) * (1 - mask), mask], dim=1)))


class AttendedRefinement(nn.Module):
    """The second stage, ``(B, 4, H, W)`` to ``(B, 3, H, W)``: a dilated and an attending encoder, one decoder."""

    def __init__(self, config: ContextualAttentionConfig) -> None:
        super().__init__()
        n = config.width
        self.dilated = nn.Sequential(*_encoder(n), *_dilated(config))
        self.attending = nn.Sequential(*_encoder(n))
        self.attended = nn.Sequential(Conv(4 * n, 4 * n), Conv(4 * n, 4 * n))
        self.decoder = nn.Sequential(*_decoder(8 * n, n))

    def forward(self, x: Tensor) -> Tensor:
        """Composite of the first stage, and mask, to the network's own picture."""
        image, mask = x[:, :3], x[:, 3:]
        known = Known.of(image, mask)
        seen = torch.cat([known.normalised(image), mask], dim=1)
        attended = self.attended(contextual_attention(self.attending(seen), functional.max_pool2d(mask, 4)))
        return known.picture(self.decoder(torch.cat([self.dilated(seen), attended], dim=1)))


class ContextualAttentionNetwork(StagedNetwork):
    """Two stages: coarse, and the refinement that looks at the whole picture, called global as LGNet's is."""

    parts = MappingProxyType(dict(zip(ContextualAttentionConfig.stage_names, ("coarse", "globe"), strict=True)))
    config: ContextualAttentionConfig

    def __init__(self, config: ContextualAttentionConfig) -> None:
        super().__init__(config)
        self.coarse = DilatedCoarse(config)
        self.globe = AttendedRefinement(config)
