"""The three stages by themselves: milliseconds, the share of the machine's matrix rate, the global stage's memory."""

from __future__ import annotations

import statistics
import time
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from app import memory
from app.bench.options import BenchOptions
from app.bench.timing import Clock, repeated
from app.inference.device import autocast, choose_device, device_label
from app.inference.request import DeviceChoice
from app.models.config import NetworkConfig
from app.models.costs import stage_costs
from app.models.lgnet import LGNet
from app.models.weights import find_weights, load_found
from app.paths import weights_folder

SIZES, BATCHES = (256, 512), (1, 8)
MEMORY_SIZE = 512


@dataclass(frozen=True, slots=True)
class Workload:
    """Random pictures ``(batch, 3, size, size)`` with a square hole each, on the device."""

    image: Tensor
    mask: Tensor

    @classmethod
    def of(cls, batch: int, size: int, device: torch.device) -> Workload:
        """The same numbers every time."""
        generator = torch.Generator().manual_seed(0)
        image = torch.rand((batch, 3, size, size), generator=generator) * 2 - 1
        mask = torch.zeros((batch, 1, size, size))
        mask[..., size // 4 : size // 2, size // 4 : size // 2] = 1
        moved = image.to(device).contiguous(memory_format=torch.channels_last)
        return cls(moved, mask.to(device))


def measure_networks(options: BenchOptions) -> dict[str, Any]:
    """``{device: figures}`` for every device asked for, with the weights' name and configuration, and what each stage
    takes by its layers (`app.models.figures`), in full precision.

    Stages run as the program runs them: half precision by autocast where the device has it, channels last.
    """
    found = find_weights(options.weights or weights_folder())
    config = found.config
    assert isinstance(config, NetworkConfig)  # others cannot be loaded as LGNet: see `load_found`
    devices = {device.type: _on_device(load_found(found), device, options.quick) for device in _devices(options.device)}
    size = found.config.size_multiple if options.quick else max(MEMORY_SIZE, found.config.size_multiple)
    costs = {name: asdict(cost) for name, cost in stage_costs(config, size, size).items()}
    return {
        "weights": found.name,
        "config": found.config.to_json(),
        "costs": {"size": size, "stages": costs},
        "devices": devices,
    }


def _devices(choice: DeviceChoice) -> list[torch.device]:
    best = choose_device(choice)
    return [best] if choice is not DeviceChoice.AUTO or best.type == "cpu" else [best, torch.device("cpu")]


def _on_device(network: LGNet, device: torch.device, quick: bool) -> dict[str, Any]:
    network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    extra = global_stage_mb(network, device, MEMORY_SIZE)  # first: on the processor it is read off the process's peak
    rate = matrix_rate(device, 256 if quick else None)
    least = network.config.size_multiple
    sizes, batches = ((least,), (1,)) if quick else (tuple(max(size, least) for size in SIZES), BATCHES)
    rows = [_row(network, device, size, batch, rate, quick) for size in sizes for batch in batches]
    return {
        "name": device_label(device),
        "precision": _precision(device),
        "matrix_tflops_bf16": None if rate is None else round(rate / 1e12, 3),
        "global_stage_extra_mb": None if extra is None else round(extra, 1),
        "global_stage_extra_mb_size": MEMORY_SIZE,
        "runs": rows,
    }


def _row(
    network: LGNet, device: torch.device, size: int, batch: int, rate: float | None, quick: bool
) -> dict[str, Any]:
    seconds = stage_seconds(network, Workload.of(batch, size, device), device, least_seconds=0.0 if quick else 2.0)
    operations = stage_operations(network.config, size)
    stages = {}
    for name, spent in seconds.items():
        speed = batch * operations[name] / spent if spent > 0 else 0.0
        share = None if rate is None else round(speed / rate, 4)
        stages[name] = {"ms": round(1000 * spent, 3), "tflops": round(speed / 1e12, 4), "share": share}
    return {"size": size, "batch": batch, "stages": stages, "total_ms": round(1000 * sum(seconds.values()), 3)}


def stage_seconds(
    network: LGNet,
    work: Workload,
    device: torch.device,
    least_seconds: float = 2.0,
    clock: Clock = time.perf_counter,
) -> dict[str, float]:
    """The median seconds of each stage for the whole batch, after a pass that warms up; the device is waited for."""
    spent: dict[str, list[float]] = {}

    def once() -> None:
        stages = network.stages(work.image, work.mask)
        for name in network.stage_networks():
            began = clock()
            with torch.inference_mode(), autocast(device):
                next(stages)
            wait_for(device)
            spent.setdefault(name, []).append(clock() - began)

    once()
    spent.clear()
    repeated(once, least_seconds)
    return {name: statistics.median(times) for name, times in spent.items()}


def stage_operations(config: NetworkConfig, size: int) -> dict[str, int]:
    """Floating-point operations of each stage for one picture of `size` × `size`: two a multiply-add."""
    return {name: 2 * cost.multiply_adds for name, cost in stage_costs(config, size, size).items()}


def matrix_rate(device: torch.device, side: int | None = None) -> float | None:
    """Operations a second of one large bf16 matrix product; None where the device can't."""
    side = side or (8192 if device.type == "cuda" else 1024)
    try:
        left, right = (torch.randn((side, side), device=device, dtype=torch.bfloat16) for _ in range(2))

        def once() -> None:
            torch.mm(left, right)
            wait_for(device)

        once()
        return float(2 * side**3 / statistics.median(repeated(once, 1.0)))
    except (RuntimeError, TypeError):
        return None


def global_stage_mb(network: LGNet, device: torch.device, size: int) -> float | None:
    """The most memory that the global stage needs beyond its weights and input, in MB, for one picture of `size`.

    On CUDA what torch allocated, on the processor the growth of the process's peak: call it before anything larger
    runs there. None where neither can be had.
    """
    network.eval()
    stage: nn.Module = network.globe
    inputs = torch.zeros((1, 4, size, size), device=device).contiguous(memory_format=torch.channels_last)
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        before: float | None = torch.cuda.memory_allocated(device) / 1e6
    elif device.type == "cpu":
        memory.forget_peak()
        before = memory.current_mb()
    else:
        return None
    with torch.inference_mode(), autocast(device):
        stage(inputs)
    wait_for(device)
    after = torch.cuda.max_memory_allocated(device) / 1e6 if device.type == "cuda" else memory.peak_mb()
    return None if before is None or after is None else max(after - before, 0.0)


def wait_for(device: torch.device) -> None:
    """Return once `device` has done all it was asked for."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def _precision(device: torch.device) -> str:
    with autocast(device):
        if not torch.is_autocast_enabled(device.type):
            return "float32"
        return str(torch.get_autocast_dtype(device.type)).removeprefix("torch.")
