"""The patch discriminator of LGNet's first stage; used in training only."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class PatchDiscriminator(nn.Module):
    """Five spectrally normalised 5×5 convolutions, four of stride 2: ``(B, 3, H, W)`` to scores ``(B, 1, H/16, W/16)``.

    `width` is 64 in the paper: 64-128-256-512-1 channels. Scores are unbounded, as least-squares GAN wants them.
    """

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise((3, width, 2 * width, 4 * width, 8 * width)):
            conv = nn.Conv2d(inputs, outputs, kernel_size=5, stride=2, padding=2)
            layers += [spectral_norm(conv), nn.LeakyReLU(0.2)]
        layers.append(spectral_norm(nn.Conv2d(8 * width, 1, kernel_size=5, padding=2)))
        self.layers = nn.Sequential(*layers)

    def forward(self, image: Tensor) -> Tensor:
        """Score every patch: near 1 where it looks real, near 0 where it looks made."""
        scores: Tensor = self.layers(image)
        return scores
