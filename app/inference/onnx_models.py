"""ONNX files of the user's own, through onnxruntime on the processor.

Two kinds of inputs are understood, an image of three channels and a mask of one, channels before rows:

- 32- or 16-bit floats: RGB 0…1 and black in the hole, the mask with 1 = hole; the output in 0…1 or 0…255. So are the
  public exports of LaMa.
- bytes: RGB and a mask with 255 = *known*, the output in 0…255. So is MI-GAN's published pipeline, which cuts out,
  resizes and blends by itself.

Not tested here: those files themselves, which are not at hand; graphs with their inputs and outputs are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from app.errors import LacunaError
from app.inference.device import is_out_of_memory
from app.inference.request import Check
from app.inference.solvers import Planes, Solver, not_loaded, unit
from app.words import Words

_FLOATS = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
_BYTES = "tensor(uint8)"
_RGB = 3


def onnx_solver(data: bytes, name: str) -> Solver:
    """Of the graph in `data`. `LacunaError` where onnxruntime is missing, or the inputs are none of those above."""
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
        raise not_loaded(name, error) from error
    image, mask = _inputs(session.get_inputs(), name)
    given = _bytes_of if image.type == _BYTES else _floats_of

    def solve(pixels: Planes, hole: Planes, check: Check) -> npt.NDArray[Any]:
        taken = given(pixels, hole, image.type, mask.type)
        output = np.asarray(session.run(None, {image.name: taken[0], mask.name: taken[1]})[0])
        return output / np.float32(255) if output.dtype == np.uint8 else unit(output.astype(np.float32))

    height, width = image.shape[2:]
    fixed = isinstance(height, int) and isinstance(width, int)
    return Solver(solve, (height, width) if fixed else None)


def _floats_of(pixels: Planes, hole: Planes, image: str, mask: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    return pixels.astype(_FLOATS[image]), hole.astype(_FLOATS[mask])


def _bytes_of(pixels: Planes, hole: Planes, image: str, mask: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    return (pixels * 255).round().astype(np.uint8), np.where(hole > 0, np.uint8(0), np.uint8(255))


def _inputs(inputs: list[Any], name: str) -> tuple[Any, Any]:
    """The image's and the mask's."""
    if len(inputs) == 2 and all(len(each.shape) == 4 for each in inputs):
        first, second = inputs
        is_swapped = first.shape[1] == 1 or ("mask" in first.name.lower() and second.shape[1] != 1)
        image, mask = (second, first) if is_swapped else (first, second)
        if _has(image.shape, _RGB) and _has(mask.shape, 1) and _is_pair(image.type, mask.type):
            return image, mask
    found = ", ".join(f"{each.name} {each.type} {each.shape}" for each in inputs)
    raise LacunaError(
        Words(
            "{file}: the model must take an image (1, 3, H, W) and a mask (1, 1, H, W), both floats or both bytes;"
            " it takes {found}",
            file=name,
            found=found,
        )
    )


def _has(shape: list[int | str | None], channels: int) -> bool:
    """So many channels come before the rows, or what comes there is left open and they are not last."""
    return shape[1] == channels or (not isinstance(shape[1], int) and shape[3] != channels)


def _is_pair(image: str, mask: str) -> bool:
    return (image in _FLOATS and mask in _FLOATS) or image == mask == _BYTES
