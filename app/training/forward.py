"""One pass through the three stages as a module of its own, so that it can be wrapped and is called once a step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from app.models.lgnet import STAGE_NAMES, LGNet, StageOutput
from app.training.batches import Batch

Precision = Callable[[], AbstractContextManager[Any]]
"""Makes the context in which networks run."""


def training_precision(device: torch.device, *, bf16: bool) -> Precision:
    """bfloat16 autocast where `bf16` asks for it and the device is faster for it, else float32."""
    able = device.type != "cpu" or torch.cpu._is_avx512_bf16_supported()
    return partial(torch.autocast, device.type, torch.bfloat16, enabled=bf16 and able)


class TrainingPass(nn.Module):
    """The stages end to end; in samples with a foreign coarse result the refinements start from that."""

    def __init__(self, network: LGNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, truth: Tensor, mask: Tensor, foreign: Tensor, is_foreign: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Raw and composite picture of each stage, for the tensors of a `Batch`."""
        coarse = next(self.network.stages(truth, mask))
        start = torch.where(is_foreign, foreign, coarse.raw)
        refined = list(self.network.stages(truth, mask, start))[1:]
        return [(output.raw, output.composite) for output in (coarse, *refined)]


def stage_outputs(passed: nn.Module, batch: Batch) -> list[StageOutput]:
    """What `passed`, a `TrainingPass` or a wrapper of one, makes of `batch`."""
    pictures = passed(*batch)
    return [StageOutput(name, raw, composite) for name, (raw, composite) in zip(STAGE_NAMES, pictures, strict=True)]
