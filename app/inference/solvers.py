"""What runs a model of the user's own: weights of a known network and TorchScript through torch, ONNX by onnxruntime.

Whatever the model itself takes and gives, a `Solver` takes an image ``(1, 3, H, W)`` float32, RGB 0…1 and black in the
hole, and a mask ``(1, 1, H, W)`` float32, 1 = hole, and gives the filled image ``(1, 3, H, W)`` in 0…1.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from app.errors import LacunaError
from app.inference.device import is_out_of_memory
from app.inference.request import Check
from app.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    import torch

Planes = npt.NDArray[np.float32]
Solve = Callable[[Planes, Planes, Check], npt.NDArray[Any]]
"""The check is called between steps, where the model has any that are known."""

BRIGHTEST = 2.0
"""Outputs in 0…1 may overshoot a little; in 0…255 hardly any picture stays below this."""


LAMA_LONGEST = 1536
"""Pixels: LaMa takes 2.4 GB here, more is not asked of any machine."""


@dataclass(frozen=True, slots=True)
class Solver:
    """A model that is loaded."""

    solve: Solve
    size: tuple[int, int] | None = None
    """Height and width, where the model takes no others."""
    multiple: int = 8
    """Sides are multiples of this."""
    longest: int | None = None
    """Sides may be no longer."""
    has_texture: bool = False
    """See `CoarseInpainter`."""


def known_solver(path: Path, data: bytes, device: torch.device) -> Solver:
    """Of the weights in `data`, the content of `path`. Raises `LacunaError` where they fit no known network."""
    import torch

    from app.models.known_weights import known_network
    from app.models.lama import LaMa

    network = known_network(path, data).to(device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if isinstance(network, LaMa):
        multiple = network.config.size_multiple
        return Solver(_by(network, _lama_input, device), None, multiple, LAMA_LONGEST, has_texture=True)
    side = network.config.side

    def solve(image: Planes, mask: Planes, check: Check) -> npt.NDArray[Any]:
        return np.asarray(made(image, mask, check) / 2 + 0.5)

    made = _by(network, _migan_input, device)
    return Solver(solve, (side, side), has_texture=True)


def script_solver(data: bytes, name: str) -> Solver:
    """Every file that is no TorchScript archive is told so before torch sees it."""
    if not _is_script(data):
        raise LacunaError(
            Words(
                "{file} holds no model that can be run: save it with torch.jit.script, or its weights as safetensors",
                file=name,
            )
        )
    import torch

    try:
        module = torch.jit.load(io.BytesIO(data), map_location="cpu").eval()  # type: ignore[no-untyped-call]
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise not_loaded(name, error) from error

    def solve(image: Planes, mask: Planes, check: Check) -> npt.NDArray[Any]:
        with torch.inference_mode():
            output = module(torch.from_numpy(image), torch.from_numpy(mask))
        while isinstance(output, tuple | list):
            output = output[0]
        return unit(np.asarray(output.float().cpu().numpy()))

    return Solver(solve)


def unit(output: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """`output`, which may be in 0…255, in 0…1."""
    return output / 255 if output.size and output.max() > BRIGHTEST else output


def not_loaded(name: str, error: Exception) -> LacunaError:
    """What to tell of a program that `error` kept from being loaded."""
    return LacunaError(Words("{file} cannot be loaded as a model ({reason})", file=name, reason=reason(error)))


def reason(error: Exception) -> str:
    """The last line that says something, shortened: torch and onnxruntime tell whole stacks."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__)[:160]


def _lama_input(image: Planes, mask: Planes) -> Planes:
    return np.concatenate([image, mask], axis=1)


def _migan_input(image: Planes, mask: Planes) -> Planes:
    """What is known less a half, then RGB -1…1 and 0 in the hole."""
    known = 1 - mask
    return np.concatenate([known - np.float32(0.5), (2 * image - 1) * known], axis=1)


def _by(network: torch.nn.Module, joined: Callable[[Planes, Planes], Planes], device: torch.device) -> Solve:
    """Ask `network` on `device`, which is given its inputs `joined`."""
    import torch

    def solve(image: Planes, mask: Planes, check: Check) -> npt.NDArray[Any]:
        with torch.inference_mode():
            given = torch.from_numpy(joined(image, mask)).to(device=device, memory_format=torch.channels_last)
            output = network(given, check)
            return np.asarray(output.cpu().numpy())

    return solve


def _is_script(data: bytes) -> bool:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        return False
    return any("/code/" in f"/{name}" for name in names)
