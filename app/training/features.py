"""Feature extractors for the perceptual terms and the feature distance; their weights are given, never fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from app.errors import LacunaError


class Extractor(Protocol):
    """Turns pictures ``(B, 3, H, W)`` in [-1, 1] into a list of feature maps."""

    def __call__(self, images: Tensor) -> list[Tensor]: ...


class Fire(nn.Module):
    """SqueezeNet's block: a 1×1 squeeze, then 1×1 and 3×3 expansions side by side."""

    def __init__(self, inputs: int, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """``(B, inputs, H, W)`` to ``(B, 2 * expanded, H, W)``."""
        x = functional.relu(self.squeeze(x))
        return functional.relu(torch.cat([self.expand1x1(x), self.expand3x3(x)], dim=1))


class SqueezeNetFeatures(nn.Module):
    """SqueezeNet v1.0 (Iandola et al. 2016) up to fire8: the maps before its three max pools.

    Input is RGB in [-1, 1]; the network itself wants BGR 0…255 less the ImageNet means.
    """

    means: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 96, 7, stride=2)
        self.fire2, self.fire3, self.fire4 = Fire(96, 16, 64), Fire(128, 16, 64), Fire(128, 32, 128)
        self.fire5, self.fire6 = Fire(256, 32, 128), Fire(256, 48, 192)
        self.fire7, self.fire8 = Fire(384, 48, 192), Fire(384, 64, 256)
        self.register_buffer("means", torch.tensor([104.0, 117.0, 123.0]).view(1, 3, 1, 1), persistent=False)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Maps of 96, 256 and 512 channels."""
        x = (images.flip(1) + 1) * 127.5 - self.means
        first = functional.relu(self.conv1(x))
        second = self.fire4(self.fire3(self.fire2(_pool(first))))
        third = self.fire8(self.fire7(self.fire6(self.fire5(_pool(second)))))
        return [first, second, third]


def _pool(x: Tensor) -> Tensor:
    return functional.max_pool2d(x, kernel_size=3, stride=2)


def load_squeezenet(path: Path) -> SqueezeNetFeatures:
    """The extractor with weights from a safetensors file (names ``conv1``, ``fireN.squeeze|expand1x1|expand3x3``)."""
    network = SqueezeNetFeatures()
    try:
        state = {name: tensor.float() for name, tensor in load_file(path).items()}
        wanted = network.state_dict().keys()
        network.load_state_dict({name: state[name] for name in wanted})
    except (OSError, KeyError, RuntimeError, ValueError, SafetensorError) as error:
        raise LacunaError(f"{path}: not SqueezeNet v1.0 feature weights ({error})") from error
    return network.eval().requires_grad_(False)


def feature_distance(extractor: Extractor, first: Tensor, second: Tensor) -> Tensor:
    """``(B,)``: the sum over the maps of the mean squared difference of channel-normalised features (LPIPS-like)."""
    return normalised_distance(extractor(first), extractor(second))


def normalised_distance(first: list[Tensor], second: list[Tensor]) -> Tensor:
    """`feature_distance` on maps already extracted."""
    distances = [
        (functional.normalize(a.float(), dim=1) - functional.normalize(b.float(), dim=1)).square().sum(1).mean((1, 2))
        for a, b in zip(first, second, strict=True)
    ]
    return torch.stack(distances).sum(0)
