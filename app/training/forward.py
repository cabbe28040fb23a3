"""One pass through the three stages as a module of its own, so that it can be wrapped and is called once a step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from app.models.staged import StagedNetwork, StageOutput
from app.training.batches import Batch

Precision = Callable[[], AbstractContextManager[Any]]
"""Makes the context in which networks run."""


def training_precision(device: torch.device, *, bf16: bool) -> Precision:
    """bfloat16 autocast where `bf16` asks for it and the device is faster for it, else float32."""
    able = device.type != "cpu" or torch.cpu._is_avx512_bf16_supported()
    return partial(torch.autocast, device.type, torch.bfloat16, enabled=bf16 and able)


class TrainingPass(nn.Module):
    """The stages end to end; in samples with a foreign coarse result the refinements start from that.

    Of `network` only the stages in `trained` (None: all) learn: the others are frozen here, and pass no gradient on.
    """

    def __init__(self, network: StagedNetwork, trained: Collection[str] | None = None) -> None:
        super().__init__()
        self.network = network
        self._names = tuple(network.parts)
        self._trained = self._names if trained is None else trained
        self._last = max(self._names.index(name) for name in self._trained)
        for name, part in network.stage_networks().items():
            if name not in self._trained:
                part.eval().requires_grad_(False)

    def forward(self, truth: Tensor, mask: Tensor, foreign: Tensor, is_foreign: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Raw and composite picture of each stage up to the last that learns, for the tensors of a `Batch`."""
        coarse = self._next(self.network.stages(truth, mask), self._names[0])
        outputs = [coarse]
        if self._last > 0:
            stages = self.network.stages(truth, mask, torch.where(is_foreign, foreign, coarse.raw))
            next(stages)
            outputs += [self._next(stages, name) for name in self._names[1 : self._last + 1]]
        return [(output.raw, output.composite) for output in outputs]

    def _next(self, stages: Iterator[StageOutput], name: str) -> StageOutput:
        """The stage called `name`, which is next; without gradients where it is frozen."""
        with nullcontext() if name in self._trained else torch.no_grad():
            return next(stages)


def stage_outputs(passed: nn.Module, names: Sequence[str], batch: Batch) -> list[StageOutput]:
    """What `passed`, a `TrainingPass` of a network whose stages have these `names` or a wrapper of one, makes of it."""
    pictures = passed(*batch)
    return [
        StageOutput(name, raw, composite)
        for name, (raw, composite) in zip(names[: len(pictures)], pictures, strict=True)
    ]
