"""The training loop: three stages jointly, averaged weights, checkpoints that resume to the bit."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from app.errors import LacunaError
from app.imaging.arrays import hole_of
from app.inference.tensors import batch_tensor
from app.models.lgnet import LGNet
from app.training.config import TrainConfig
from app.training.dataset import Batch, CropSampler
from app.training.features import Extractor
from app.training.losses import stage_loss

CHECKPOINT_NAME = "checkpoint.pt"


@dataclass(frozen=True, slots=True)
class StepLog:
    """What one step did; `progress` is the share of the budget spent, 0…1."""

    step: int
    progress: float
    losses: tuple[float, float, float]
    """Coarse, local, global."""
    size: int
    images_per_second: float
    waiting: float
    """Share of the step spent making the batch."""


class Trainer:
    """Trains `config.network`. Everything random follows from `config.seed` and the step's number."""

    def __init__(
        self, config: TrainConfig, sampler: CropSampler, device: torch.device, extractor: Extractor | None = None
    ) -> None:
        torch.manual_seed(config.seed)
        self.config = config
        self.device = device
        self.network = LGNet(config.network).to(device)
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = {name: value.detach().clone() for name, value in self.network.state_dict().items()}
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=config.learning_rate, betas=config.betas)
        self.step_number = 0
        self.elapsed = 0.0
        self._sampler = sampler
        self._extractor = extractor

    @property
    def progress(self) -> float:
        """Share of the budget spent, 0…1: by steps where `config.steps` is set, else by time."""
        if self.config.steps > 0:
            return min(self.step_number / self.config.steps, 1.0)
        return min(self.elapsed / (self.config.minutes * 60), 1.0)

    def run(self, out: Path) -> Iterator[StepLog]:
        """Step until the budget is spent, yielding after each; checkpoints go to `out` as it goes and at the end."""
        out.mkdir(parents=True, exist_ok=True)
        saved = self.elapsed
        while self.progress < 1.0:
            yield self.step()
            if self.elapsed - saved > self.config.checkpoint_minutes * 60:
                self.save(out / CHECKPOINT_NAME)
                saved = self.elapsed
        self.save(out / CHECKPOINT_NAME)

    def step(self) -> StepLog:
        """One optimiser step on one batch."""
        began = time.perf_counter()
        phase = self.config.phase_at(self.progress)
        batch = self._sampler.batch(self.step_number, phase.batch, phase.size)
        batched = time.perf_counter()
        losses = self._losses(batch)
        self._descend(sum(losses[1:], losses[0]))
        self.step_number += 1
        self._update_average()
        seconds = time.perf_counter() - began
        self.elapsed += seconds
        coarse, local, globe = (float(loss.detach()) for loss in losses)
        rate, waiting = phase.batch / seconds, (batched - began) / seconds
        return StepLog(self.step_number, self.progress, (coarse, local, globe), phase.size, rate, waiting)

    def save(self, path: Path) -> None:
        """Write everything a resumed run needs; the file is replaced in one go."""
        content = {
            "config": self.config.to_json(),
            "step": self.step_number,
            "elapsed": self.elapsed,
            "network": self.network.state_dict(),
            "average": self.average,
            "optimiser": self.optimiser.state_dict(),
            "random": torch.get_rng_state(),
        }
        part = path.with_suffix(".part")
        torch.save(content, part)
        part.replace(path)

    def restore(self, path: Path) -> None:
        """Go on from a checkpoint of the same network; the budget may differ."""
        content = load_checkpoint(path)
        if content["config"]["network"] != self.config.network.to_json():
            raise LacunaError(f"{path}: was trained with another network configuration; choose another --out folder")
        self.network.load_state_dict(content["network"])
        self.average = {name: value.to(self.device) for name, value in content["average"].items()}
        self.optimiser.load_state_dict(content["optimiser"])
        self.step_number, self.elapsed = int(content["step"]), float(content["elapsed"])
        torch.set_rng_state(content["random"])

    def _images(self, crops: npt.NDArray[np.uint8]) -> Tensor:
        return batch_tensor(crops, self.device).contiguous(memory_format=torch.channels_last)

    def _losses(self, batch: Batch) -> list[Tensor]:
        """The loss of each stage; the refinements of foreign samples start from their foreign coarse result."""
        weights = self.config.loss
        truth = self._images(batch.truth)
        mask = torch.from_numpy(hole_of(batch.masks)).to(self.device).float().unsqueeze(1)
        is_foreign = torch.from_numpy(batch.is_foreign).to(self.device).view(-1, 1, 1, 1)
        extractor = self._extractor if self.progress >= weights.feature_start else None
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.config.bf16):
            truth_features = None
            if extractor is not None:
                with torch.no_grad():
                    truth_features = extractor(truth)
            coarse = next(self.network.stages(truth, mask))
            start = torch.where(is_foreign, self._images(batch.foreign), coarse.raw)
            refined = list(self.network.stages(truth, mask, start))[1:]
            return [
                stage_loss(coarse, truth, mask, weights, None, None),
                *(stage_loss(output, truth, mask, weights, extractor, truth_features) for output in refined),
            ]

    def _descend(self, loss: Tensor) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = self._learning_rate()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        limit = self.config.gradient_clip or math.inf
        norm = torch.nn.utils.clip_grad_norm_(self.network.parameters(), limit)
        if torch.isfinite(norm):
            self.optimiser.step()

    def _learning_rate(self) -> float:
        warm = min((self.step_number + 1) / max(self.config.warmup_steps, 1), 1.0)
        return self.config.learning_rate * warm * (0.5 + 0.5 * math.cos(math.pi * self.progress)) + 1e-6

    def _update_average(self) -> None:
        """Exponential average of weights and statistics, faster at the start so that it never lags far behind."""
        decay = min(self.config.ema, (1 + self.step_number) / (10 + self.step_number))
        for name, value in self.network.state_dict().items():
            if value.is_floating_point():
                self.average[name].lerp_(value.detach(), 1 - decay)
            else:
                self.average[name].copy_(value)


def load_checkpoint(path: Path) -> dict[str, Any]:
    """The content of a checkpoint file, tensors on the CPU; never runs code from it."""
    try:
        content: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for a file that is no checkpoint
        raise LacunaError(f"{path}: not a readable checkpoint; start again without --resume") from error
    return content
