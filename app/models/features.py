"""Feature extractors for the perceptual terms and the feature distance; their weights are given, never fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from app.errors import LacunaError
from app.models.headers import check_names_and_shapes
from app.models.weight_files import read_safetensors, read_state
from app.words import Words


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


class VGG16Features(nn.Module):
    """VGG16 (Simonyan and Zisserman 2015) up to its third block: the maps after the pools of blocks 1 to 3.

    Input is RGB in [-1, 1]; the network itself wants 0…1 less ImageNet's means over its deviations. Parameters are
    called as torchvision calls them, ``features.0.weight`` and so on.
    """

    means: Tensor
    deviations: Tensor

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 3
        for outputs in (64, 64, 0, 128, 128, 0, 256, 256, 256, 0):
            if outputs:
                layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()]
                inputs = outputs
            else:
                layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        means, deviations = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
        self.register_buffer("means", torch.tensor(means).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviations", torch.tensor(deviations).view(1, 3, 1, 1), persistent=False)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Maps of 64, 128 and 256 channels, of half, a quarter and an eighth of the side."""
        x = ((images + 1) * 0.5 - self.means) / self.deviations
        maps = []
        for layer in self.features:
            x = layer(x)
            if isinstance(layer, nn.MaxPool2d):
                maps.append(x)
        return maps


_MOST_BYTES = 2**30
"""Of a file; VGG16 with its classifier takes half of that."""

FeatureNetwork = SqueezeNetFeatures | VGG16Features


def load_extractor(path: Path) -> FeatureNetwork:
    """SqueezeNet v1.0 or VGG16 in torchvision's layout, told apart by the names and shapes in the file.

    The file is safetensors, or a state dict (``.pth``, ``.pt``) that is read without running anything in it; a
    classifier beside the features is left aside. `LacunaError` where it is neither network.
    """
    try:
        state = _read_state(path)
        first = state.get("features.0.weight")
        network: FeatureNetwork
        network = VGG16Features() if first is not None and tuple(first.shape) == (64, 3, 3, 3) else SqueezeNetFeatures()
        wanted = network.state_dict().keys()
        check_names_and_shapes(
            {name: tuple(state[name].shape) for name in wanted if name in state},
            {name: tuple(value.shape) for name, value in network.state_dict().items()},
            path,
        )
        network.load_state_dict({name: state[name].float() for name in wanted})
    except LacunaError as error:
        raise LacunaError(
            Words(
                "{path}: not SqueezeNet v1.0 feature weights (conv1.weight, fire2.squeeze.weight, …)"
                " nor VGG16's in torchvision's layout (features.0.weight, …) ({reason})",
                path=path,
                reason=str(error).removeprefix(f"{path}: "),
            )
        ) from error
    return network.eval().requires_grad_(False)


def load_squeezenet(path: Path) -> SqueezeNetFeatures:
    """The extractor of the feature distance; VGG16's weights are refused, since the figure is SqueezeNet's."""
    network = load_extractor(path)
    if not isinstance(network, SqueezeNetFeatures):
        raise LacunaError(
            Words(
                "{path}: VGG16's weights; the feature distance is defined on SqueezeNet v1.0, name its file", path=path
            )
        )
    return network


def _read_state(path: Path) -> dict[str, Tensor]:
    is_pickle = path.suffix.lower() in {".pth", ".pt"}
    return read_state(path, _MOST_BYTES) if is_pickle else read_safetensors(path)


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
