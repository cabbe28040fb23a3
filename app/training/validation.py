"""Held-out figures while training runs: what `evaluate` reports of the three stages, on a few photographs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from app.imaging.metrics import HIGHEST_PSNR, PEAK
from app.inference.tensors import batch_tensor
from app.models.features import Extractor, feature_distance
from app.models.staged import StagedNetwork

_AT_ONCE = 4


class Held(Protocol):
    """A held-out square with its hole."""

    @property
    def image(self) -> npt.NDArray[np.uint8]:
        """``(H, W, 3)``"""
        ...

    @property
    def hole(self) -> npt.NDArray[np.bool_]:
        """``(H, W)``"""
        ...


@dataclass(frozen=True, slots=True)
class StageFigures:
    """Means over the photographs: PSNR over the hole in dB, feature distance of the composite where it is known."""

    hole_psnr: float
    feature_distance: float | None


@dataclass(frozen=True, slots=True)
class Validation:
    """The figures of the averaged network, by stage."""

    stages: dict[str, StageFigures]

    @property
    def score(self) -> float:
        """The figure by which the best weights are kept, lower is better.

        The last stage's feature distance, since PSNR ranks smears first; without an extractor minus its hole PSNR.
        """
        last = list(self.stages.values())[-1]
        return -last.hole_psnr if last.feature_distance is None else last.feature_distance

    def to_json(self) -> dict[str, dict[str, float | None]]:
        """The figures by stage, for a model card."""
        return {name: asdict(figures) for name, figures in self.stages.items()}


class Validator:
    """Runs a network on fixed squares, in float32, results rounded to 8 bits as a file would be."""

    def __init__(self, samples: Sequence[Held], device: torch.device, extractor: Extractor | None) -> None:
        self._samples = samples
        self._device = device
        self._extractor = extractor
        figure = "hole PSNR" if extractor is None else f"feature distance by {type(extractor).__name__}"
        self.score_name = f"{figure} on {len(samples)} squares {_digest(samples)}"
        """What the score is made of, and of which samples: scores of different names are not compared."""

    @torch.inference_mode()
    def measure(self, network: StagedNetwork) -> Validation:
        """The figures of `network`, which is in evaluation mode."""
        psnrs: dict[str, list[Tensor]] = {name: [] for name in network.parts}
        distances: dict[str, list[Tensor]] = {name: [] for name in network.parts}
        for begin in range(0, len(self._samples), _AT_ONCE):
            truth, mask = held_tensors(self._samples[begin : begin + _AT_ONCE], self._device)
            for output in network.stages(truth * (1 - mask), mask):
                result = _rounded(truth * (1 - mask) + output.raw * mask)
                psnrs[output.name].append(_hole_psnr(result, truth, mask))
                if self._extractor is not None:
                    distances[output.name].append(feature_distance(self._extractor, result, truth))
        return Validation({name: _figures(psnrs[name], distances[name]) for name in network.parts})


def _digest(samples: Sequence[Held]) -> str:
    """The same for the same pixels and holes alone."""
    digest = hashlib.sha256()
    for sample in samples:
        digest.update(repr(sample.image.shape).encode())
        digest.update(sample.image.tobytes())
        digest.update(sample.hole.tobytes())
    return digest.hexdigest()[:16]


def held_tensors(samples: Sequence[Held], device: torch.device) -> tuple[Tensor, Tensor]:
    """Truth ``(B, 3, H, W)`` in [-1, 1] and mask ``(B, 1, H, W)`` of samples of one size, on `device`."""
    truth = batch_tensor(np.stack([sample.image for sample in samples]), device)
    holes = torch.from_numpy(np.stack([sample.hole for sample in samples])).to(device)
    return truth.contiguous(memory_format=torch.channels_last), holes.float().unsqueeze(1)


def _rounded(pictures: Tensor) -> Tensor:
    """What is left of ``(B, 3, H, W)`` in [-1, 1] after it was kept as 8 bits."""
    return ((pictures.float() + 1) * 127.5).clamp(0, 255).round() / 127.5 - 1


def _hole_psnr(result: Tensor, truth: Tensor, mask: Tensor) -> Tensor:
    """``(B,)`` in dB."""
    error = ((result - truth) * 127.5).square() * mask
    mean = error.sum((1, 2, 3)) / (3 * mask.sum((1, 2, 3))).clamp(min=1)
    return (10 * torch.log10(PEAK**2 / mean)).clamp(max=HIGHEST_PSNR)


def _figures(psnrs: list[Tensor], distances: list[Tensor]) -> StageFigures:
    distance = float(torch.cat(distances).mean()) if distances else None
    return StageFigures(float(torch.cat(psnrs).mean()), distance)
