"""Coarse inpainters from a file of the user's own: TorchScript through torch, ONNX through onnxruntime, on the CPU.

What such a model takes and gives:

- an image ``(1, 3, H, W)`` float32, RGB 0…1, black in the hole, and a mask ``(1, 1, H, W)`` float32, 1 = hole, in that
  order (of an ONNX file's two inputs the one with ``mask`` in its name, or of one channel, is the mask);
- the filled image ``(1, 3, H, W)``, in 0…1, or in 0…255 where a value is above `BRIGHTEST`.

Sides are mirrored up to multiples of `MULTIPLE`; where an ONNX file's own are fixed, the picture is resized to them and
back. Nothing here is reached without an `AllowedFile`, and the bytes that run are the ones that were allowed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from app.errors import LacunaError
from app.imaging.arrays import Hole, Image
from app.inference.allowed import AllowedFile, allowed_bytes
from app.inference.coarse import CoarseFill
from app.inference.device import is_out_of_memory
from app.inference.request import Check, no_check
from app.inference.tensors import padded
from app.words import Words

MULTIPLE = 8
BRIGHTEST = 2.0
"""Outputs in 0…1 may overshoot a little; in 0…255 hardly any picture stays below this."""

Planes = npt.NDArray[np.float32]
Solve = Callable[[Planes, Planes], npt.NDArray[Any]]
"""Image and mask as the model takes them to what it gives."""


class UserModel:
    """A `CoarseInpainter`; may be asked on several threads at once, can't be interrupted within a picture."""

    has_texture = False

    def __init__(self, file: AllowedFile) -> None:
        """Load what was allowed. Raises `LacunaError` where that is no model that can be used."""
        self.name = f"custom ({file.path.name})"
        self._file = file.path.name
        self._size: tuple[int, int] | None = None
        """Height and width, where the model takes no others."""
        data = allowed_bytes(file)
        if file.path.suffix.lower() == ".onnx":
            self._solve, self._size = _onnx(data, self._file)
        else:
            self._solve = _script(data, self._file)

    def fill(self, image: Image, hole: Hole, check: Check = no_check) -> CoarseFill:
        """See `app.inference.coarse.CoarseInpainter`."""
        check()
        height, width = hole.shape
        seen, mask = np.where(hole[..., None], np.uint8(0), image), hole.astype(np.uint8)
        if self._size is None:
            made = self._made(
                np.asarray(padded(seen, MULTIPLE), np.uint8), np.asarray(padded(mask, MULTIPLE), np.uint8)
            )
            made = made[:height, :width]
        else:
            size = self._size[1], self._size[0]
            small = cv2.resize(seen, size, interpolation=cv2.INTER_AREA)
            covered = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0
            made = self._made(np.asarray(small, np.uint8), covered.astype(np.uint8))
            made = np.asarray(cv2.resize(made, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
        check()
        return CoarseFill(np.where(hole[..., None], made, image))

    def _made(self, image: Image, mask: npt.NDArray[np.uint8]) -> Image:
        """The model's own picture of `image` ``(H, W, 3)``, of the same size."""
        planes = np.ascontiguousarray(image.transpose(2, 0, 1)[None], np.float32) / np.float32(255)
        output = self._output(planes, np.ascontiguousarray(mask[None, None], np.float32))
        if output.shape != planes.shape:
            shape = "×".join(map(str, output.shape)) or "1"
            wanted = "×".join(map(str, planes.shape))
            raise LacunaError(
                Words(
                    "{file}: the model gives {shape} values where {wanted} are wanted",
                    file=self._file,
                    shape=shape,
                    wanted=wanted,
                )
            )
        if not np.isfinite(output).all():
            raise LacunaError(Words("{file}: the model gives values that are no numbers", file=self._file))
        scale = 1.0 if output.max() > BRIGHTEST else 255.0
        return np.ascontiguousarray((output[0] * scale).clip(0, 255).round().astype(np.uint8).transpose(1, 2, 0))

    def _output(self, image: Planes, mask: Planes) -> npt.NDArray[np.float32]:
        try:
            return np.asarray(self._solve(image, mask), np.float32)
        except Exception as error:  # what a foreign model raises is its own affair
            if is_out_of_memory(error):
                raise
            raise LacunaError(
                Words(
                    "{file}: the model fails on an image and a mask of {width}×{height} ({reason})",
                    file=self._file,
                    width=image.shape[3],
                    height=image.shape[2],
                    reason=_reason(error),
                )
            ) from error


def _script(data: bytes, name: str) -> Solve:
    """Every file that is no TorchScript archive is told so before torch sees it."""
    if not _is_script(data):
        raise LacunaError(
            Words("{file} holds weights alone, or no model at all: save it with torch.jit.script first", file=name)
        )
    import torch

    try:
        module = torch.jit.load(io.BytesIO(data), map_location="cpu").eval()  # type: ignore[no-untyped-call]
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise _not_loaded(name, error) from error

    def solve(image: Planes, mask: Planes) -> npt.NDArray[Any]:
        with torch.inference_mode():
            output = module(torch.from_numpy(image), torch.from_numpy(mask))
        while isinstance(output, tuple | list):
            output = output[0]
        return np.asarray(output.float().cpu().numpy())

    return solve


def _is_script(data: bytes) -> bool:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        return False
    return any("/code/" in f"/{name}" for name in names)


def _onnx(data: bytes, name: str) -> tuple[Solve, tuple[int, int] | None]:
    try:
        import onnxruntime
    except ModuleNotFoundError as error:
        raise LacunaError(
            Words("{file}: ONNX models need onnxruntime: pip install 'lacuna[onnx]'", file=name)
        ) from error
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise _not_loaded(name, error) from error
    image, mask = _inputs(session.get_inputs(), name)

    def solve(pixels: Planes, hole: Planes) -> npt.NDArray[Any]:
        return np.asarray(session.run(None, {image.name: pixels, mask.name: hole})[0])

    height, width = image.shape[2:]
    fixed = isinstance(height, int) and isinstance(width, int)
    return solve, (height, width) if fixed else None


def _inputs(inputs: list[Any], name: str) -> tuple[Any, Any]:
    """The image's and the mask's."""
    if len(inputs) != 2 or any(each.type != "tensor(float)" or len(each.shape) != 4 for each in inputs):
        found = ", ".join(f"{each.name} {each.type} {each.shape}" for each in inputs)
        raise LacunaError(
            Words(
                "{file}: the model must take an image and a mask of 32-bit floats, it takes {found}",
                file=name,
                found=found,
            )
        )
    first, second = inputs
    is_swapped = first.shape[1] == 1 or ("mask" in first.name.lower() and second.shape[1] != 1)
    return (second, first) if is_swapped else (first, second)


def _not_loaded(name: str, error: Exception) -> LacunaError:
    return LacunaError(Words("{file} cannot be loaded as a model ({reason})", file=name, reason=_reason(error)))


def _reason(error: Exception) -> str:
    """The last line that says something, shortened: torch and onnxruntime tell whole stacks."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__)[:160]
