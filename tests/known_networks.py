"""LaMa and MI-GAN as plain formulas over their published tensors: the reference our networks are compared with.

Only for tests: the Fourier transform is a product with exponentials, the moving apart of pixels an array of zeros. And
tiny weights of both, made on the fly.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from app.models.lama_layout import LamaConfig, lama_shapes
from app.models.migan_layout import MiganConfig, is_constant, migan_shapes

TINY_LAMA = LamaConfig(width=4, downs=2, blocks=2, global_channels=12)
TINY_MIGAN = MiganConfig((6, 5, 4))

State = dict[str, Tensor]
Pair = tuple[Tensor, Tensor | None]


def random_state(shapes: Mapping[str, tuple[int, ...]], seed: int = 5) -> State:
    """Tensors in which everything has a say: norms that shift and scale, noise that is not nothing."""
    generator = torch.Generator().manual_seed(seed)
    state = {}
    for name, shape in shapes.items():
        value = torch.zeros(shape) if is_constant(name) else torch.randn(shape, generator=generator)
        if name.endswith("running_var"):
            value = value.abs() + 0.5
        elif is_constant(name):
            value[..., ::2, ::2] = 1
        elif len(shape) == 4:
            value = value / (shape[1] * shape[2] * shape[3]) ** 0.5
        state[name] = value
    return state


def lama_state(config: LamaConfig = TINY_LAMA, seed: int = 5) -> State:
    """Without the counts of batches."""
    return random_state(lama_shapes(config), seed)


def migan_state(config: MiganConfig = TINY_MIGAN, *, with_grids: bool = False) -> State:
    """In one or the other release's names."""
    return random_state(migan_shapes(config, with_grids=with_grids))


def lama_file(path: Path, prefix: str = "generator.", seed: int = 5) -> Path:
    """Tiny weights of LaMa."""
    save_file({f"{prefix}{name}": value for name, value in lama_state(seed=seed).items()}, path)
    return path


def migan_file(path: Path) -> Path:
    """Tiny weights of MI-GAN, as safetensors or, by the name's end, as `torch.save` writes them."""
    if path.suffix == ".safetensors":
        save_file(migan_state(), path)
    else:
        torch.save(migan_state(with_grids=True), path)
    return path


# LaMa


def lama_by_formula(state: State, x: Tensor, config: LamaConfig) -> Tensor:
    """``(1, 4, H, W)`` to ``(1, 3, H, W)``."""
    pair = ffc(state, "model.1", (x, None), 1)
    number = 2
    for _ in range(config.downs):
        pair = ffc(state, f"model.{number}", pair, 2)
        number += 1
    for _ in range(config.blocks):
        made = pair
        for conv in ("conv1", "conv2"):
            made = ffc(state, f"model.{number}.{conv}", made, 1)
        assert pair[1] is not None
        assert made[1] is not None
        pair = pair[0] + made[0], pair[1] + made[1]
        number += 1
    number += 1  # where the branches are joined
    assert pair[1] is not None
    x = torch.cat([pair[0], pair[1]], 1)
    for _ in range(config.downs):
        weight, bias = state[f"model.{number}.weight"], state[f"model.{number}.bias"]
        x = functional.conv_transpose2d(x, weight, bias, 2, 1, 1)
        x = norm(state, f"model.{number + 1}", x).clamp(min=0)
        number += 3
    number += 1  # the padding
    x = reflected(x, state[f"model.{number}.weight"], 1) + state[f"model.{number}.bias"].view(1, -1, 1, 1)
    return 1 / (1 + torch.exp(-x))


def ffc(state: State, name: str, pair: Pair, stride: int) -> Pair:
    """Each branch gets what the convolutions from both make, if there are any."""
    made: list[Tensor | None] = []
    for target in "lg":
        parts = []
        for source, x in zip("lg", pair, strict=True):
            key = f"{name}.ffc.conv{source}2{target}"
            if x is not None and f"{key}.weight" in state:
                parts.append(reflected(x, state[f"{key}.weight"], stride))
            elif x is not None and f"{key}.conv2.weight" in state:
                parts.append(spectral(state, key, x))
        made.append(norm(state, f"{name}.bn_{target}", sum(parts[1:], parts[0])).clamp(min=0) if parts else None)
    assert made[0] is not None
    return made[0], made[1]


def reflected(x: Tensor, weight: Tensor, stride: int) -> Tensor:
    rim = weight.shape[-1] // 2
    padded = torch.from_numpy(np.pad(x.numpy(), [(0, 0), (0, 0), (rim, rim), (rim, rim)], mode="reflect"))
    return functional.conv2d(padded, weight, stride=stride)


def norm(state: State, name: str, x: Tensor) -> Tensor:
    scale, shift, mean, variance = (
        state[f"{name}.{leaf}"].view(1, -1, 1, 1) for leaf in ("weight", "bias", "running_mean", "running_var")
    )
    return (x - mean) / torch.sqrt(variance + 1e-5) * scale + shift


def spectral(state: State, name: str, x: Tensor) -> Tensor:
    x = functional.conv2d(x, state[f"{name}.conv1.0.weight"])
    x = norm(state, f"{name}.conv1.1", x).clamp(min=0)
    return functional.conv2d(x + fourier_unit(state, f"{name}.fu", x), state[f"{name}.conv2.weight"])


def fourier_unit(state: State, name: str, x: Tensor) -> Tensor:
    """One sum over all pixels for each frequency, and back one over the frequencies, mirrored ones counted twice."""
    maps = x[0].double().numpy()
    channels, height, width = maps.shape
    half = width // 2 + 1
    down = np.exp(-2j * np.pi * np.outer(np.arange(height), np.arange(height)) / height)
    across = np.exp(-2j * np.pi * np.outer(np.arange(half), np.arange(width)) / width)
    spectrum = np.einsum("uh,chw,vw->cuv", down, maps, across) / np.sqrt(height * width)
    parts = np.zeros((2 * channels, height, half))
    parts[0::2], parts[1::2] = spectrum.real, spectrum.imag
    mixed = functional.conv2d(torch.from_numpy(parts).float()[None], state[f"{name}.conv_layer.weight"])
    mixed = norm(state, f"{name}.bn", mixed).clamp(min=0)[0].double().numpy()
    spectrum = mixed[0::2] + 1j * mixed[1::2]
    twice = np.full(half, 2.0)
    twice[0] = 1
    if width % 2 == 0:
        twice[-1] = 1
    made = np.einsum("uh,cuv,vw->chw", down.conj(), spectrum * twice, across.conj()).real / np.sqrt(height * width)
    return torch.from_numpy(made).float()[None]


# MI-GAN


def migan_by_formula(state: State, x: Tensor, config: MiganConfig) -> Tensor:
    """``(1, 4, S, S)`` to ``(1, 3, S, S)``."""
    features = {}
    first = f"encoder.b{config.side}.fromrgb"
    x = lively(functional.conv2d(x, state[f"{first}.weight"], state[f"{first}.bias"]))
    for side in reversed(config.sides):
        features[side] = separable(state, f"encoder.b{side}.conv1", x)
        x = separable(state, f"encoder.b{side}.conv2", features[side])
    rgb = None
    for side in config.sides:
        name = f"synthesis.b{side}"
        x = separable(state, f"{name}.conv1", x) + features[side]
        x = separable(state, f"{name}.conv2", x)
        own = functional.conv2d(x, state[f"{name}.torgb.weight"], state[f"{name}.torgb.bias"])
        rgb = own if rgb is None else apart(rgb, state[f"{name}.upsample.filter.weight"]) + own
    assert rgb is not None
    return rgb


def separable(state: State, name: str, x: Tensor) -> Tensor:
    weight, bias = state[f"{name}.conv1.weight"], state[f"{name}.conv1.bias"]
    x = lively(functional.conv2d(x, weight, bias, padding=1, groups=len(weight)))
    filtered = state.get(f"{name}.downsample.filter.weight")
    if filtered is not None:
        x = functional.conv2d(functional.pad(x, (1, 1, 1, 1)), filtered, groups=len(filtered))[..., ::2, ::2]
    x = functional.conv2d(x, state[f"{name}.conv2.weight"])
    if f"{name}.upsample.filter.weight" in state:
        x = apart(x, state[f"{name}.upsample.filter.weight"])
    if f"{name}.noise_const" in state:
        x = x + state[f"{name}.noise_strength"] * state[f"{name}.noise_const"]
    return lively(x)


def apart(x: Tensor, weight: Tensor) -> Tensor:
    """Every pixel with zeros to the right and below, two more before and one after all, then the filter."""
    zeros = torch.zeros(*x.shape[:2], 2 * x.shape[2], 2 * x.shape[3])
    zeros[..., ::2, ::2] = x
    return functional.conv2d(functional.pad(zeros, (2, 1, 2, 1)), weight, groups=len(weight))


def lively(x: Tensor) -> Tensor:
    """A fifth of what is below 0, all times √2, within ±256."""
    return (torch.where(x > 0, x, 0.2 * x) * 2**0.5).clamp(-256, 256)
