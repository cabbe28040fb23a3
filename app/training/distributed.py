"""Several processes training one network: torch's DistributedDataParallel under ``torchrun``."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from app.errors import LacunaError

_PATIENCE = timedelta(minutes=60)
"""How long a process waits for the others: the first one may be validating or writing."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """This process's place among all that train together; alone it is rank 0 of 1."""

    rank: int = 0
    world_size: int = 1
    control: Any = None
    """The group in which small decisions are made on the processor, without waiting for the device."""

    @property
    def is_first(self) -> bool:
        """True in the process that writes and prints."""
        return self.rank == 0

    def share(self, batch: int) -> int:
        """This process's part of a batch. `LacunaError` where it cannot be shared out evenly."""
        if batch % self.world_size:
            raise LacunaError(f"a batch of {batch} crops cannot be shared out evenly among {self.world_size} processes")
        return batch // self.world_size

    def wrapped(self, module: nn.Module, device: torch.device) -> nn.Module:
        """`module` with its gradients averaged over the processes; on several GPUs with BatchNorm over all of them.

        On processors the first process's BatchNorm statistics are everyone's.
        """
        if self.world_size == 1:
            return module
        if device.type == "cuda":
            module = nn.SyncBatchNorm.convert_sync_batchnorm(module)  # type: ignore[no-untyped-call]
        return DistributedDataParallel(module, device_ids=[device.index] if device.type == "cuda" else None)

    def highest(self, *values: float) -> tuple[float, ...]:
        """Each value's maximum over all processes, so that all decide alike."""
        if self.world_size == 1:
            return values
        shared = torch.tensor(values, dtype=torch.float64)
        distributed.all_reduce(shared, op=distributed.ReduceOp.MAX, group=self.control)
        return tuple(shared.tolist())


ALONE = Ranks()


def launched_rank() -> int:
    """The rank ``torchrun`` gave this process, 0 where it was started by hand; known before anything is joined."""
    return int(os.environ.get("RANK", "0"))


def rank_device(device: torch.device) -> torch.device:
    """The GPU of this process where ``torchrun`` started several on one machine."""
    if device.type != "cuda" or "LOCAL_RANK" not in os.environ:
        return device
    index = int(os.environ["LOCAL_RANK"])
    if index >= torch.cuda.device_count():
        raise LacunaError(f"there are {torch.cuda.device_count()} GPUs: start no more processes than that")
    return torch.device("cuda", index)


@contextlib.contextmanager
def joined(device: torch.device) -> Iterator[Ranks]:
    """The processes ``torchrun`` started, joined for the length of the block; `ALONE` where it started none."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield ALONE
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=_PATIENCE)
    try:
        control = distributed.new_group(backend="gloo", timeout=_PATIENCE)
        yield Ranks(distributed.get_rank(), distributed.get_world_size(), control)
    finally:
        distributed.destroy_process_group()
