"""What the figures were measured on. Loads torch."""

from __future__ import annotations

import platform
from typing import Any

import torch

from app.machine import cpu_name, system_name, usable_cores
from app.memory import physical_mb


def hardware(threads: int | None = None) -> dict[str, Any]:
    """Processor, cores this process may use, `threads` or torch's own number, memory in GB, graphics card (or None)."""
    return {
        "cpu": cpu_name(),
        "cores": usable_cores(),
        "threads": threads or torch.get_num_threads(),
        "memory_gb": _memory_gb(),
        "gpu": _gpu_name(),
        "system": system_name(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


def limit_threads(threads: int | None) -> None:
    """Let torch use so many processor threads; None leaves its own number."""
    if threads is not None:
        torch.set_num_threads(threads)


def _memory_gb() -> float | None:
    megabytes = physical_mb()
    return None if megabytes is None else round(megabytes / 1e3, 1)


def _gpu_name() -> str | None:
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return "Apple GPU" if torch.backends.mps.is_available() else None
