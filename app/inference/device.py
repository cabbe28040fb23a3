"""Where the networks run, found by itself and named for people."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import AbstractContextManager

import cv2
import torch

from app.errors import LacunaError
from app.inference.request import DeviceChoice, Stage
from app.words import Words

_CV_NO_MEMORY = -4
"""OpenCV's ``Error::StsNoMem``; the bindings don't name it."""


def choose_device(choice: DeviceChoice) -> torch.device:
    """The device for `choice`; AUTO takes CUDA, then MPS, then the CPU. `LacunaError` where the named one is absent."""
    available = {
        DeviceChoice.CUDA: torch.cuda.is_available(),
        DeviceChoice.MPS: torch.backends.mps.is_available(),
        DeviceChoice.CPU: True,
    }
    if choice is DeviceChoice.AUTO:
        return torch.device(next(kind.value for kind, there in available.items() if there))
    if not available[choice]:
        raise LacunaError(Words("no {value} device on this machine: choose auto or cpu", value=choice.value))
    return torch.device(choice.value)


def device_label(device: torch.device) -> str:
    """E.g. ``cuda: NVIDIA GeForce RTX 4070`` or ``cpu``."""
    if device.type == "cuda":
        return f"cuda: {torch.cuda.get_device_name(device)}"
    return device.type


def autocast(device: torch.device) -> AbstractContextManager[object]:
    """Half precision where it pays: fp16 on CUDA, bf16 on processors with the instructions for it."""
    if device.type == "cuda":
        return torch.autocast("cuda", torch.float16)
    if device.type == "cpu" and torch.cpu._is_avx512_bf16_supported():
        return torch.autocast("cpu", torch.bfloat16)
    return contextlib.nullcontext()


def free_cache(device: torch.device) -> None:
    """Hand cached blocks back to the device."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def is_out_of_memory(error: BaseException) -> bool:
    """True where `error` says that memory ran out: Python's, torch's on any device, or OpenCV's."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    if isinstance(error, cv2.error):
        return bool(error.code == _CV_NO_MEMORY)
    words = str(error).lower()
    return isinstance(error, RuntimeError) and ("out of memory" in words or ("memory" in words and "alloc" in words))


class PeakMeter:
    """How much memory each stage takes on a graphics card; measures nothing on other devices."""

    def __init__(self, device: torch.device | None) -> None:
        self._device = device if device is not None and device.type == "cuda" else None
        self.peaks: dict[str, int] = {}
        """By stage, bytes beside what was there before it; of several regions the most."""

    @contextlib.contextmanager
    def measured(self, stage: Stage) -> Iterator[None]:
        """What happens within belongs to `stage`."""
        if self._device is None:
            yield
            return
        torch.cuda.reset_peak_memory_stats(self._device)
        before = torch.cuda.memory_allocated(self._device)
        yield
        taken = torch.cuda.max_memory_allocated(self._device) - before
        self.peaks[stage.value] = max(self.peaks.get(stage.value, 0), taken)
