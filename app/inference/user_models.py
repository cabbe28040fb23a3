"""Coarse inpainters from a file of the user's own: weights of a known network, TorchScript, ONNX (see `solvers`).

Sides are mirrored up to what the model can take. Where its size is fixed the picture is fitted into it as it is, not
stretched, and the rest filled with its mirror image. Nothing here is reached without an `AllowedFile`, and the bytes
that are used are the ones that were allowed.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from app.errors import LacunaError
from app.imaging.arrays import Hole, Image
from app.inference.allowed import AllowedFile, allowed_bytes
from app.inference.coarse import CoarseFill
from app.inference.device import is_out_of_memory
from app.inference.onnx_models import onnx_solver
from app.inference.request import Check, no_check
from app.inference.solvers import Planes, Solver, known_solver, reason, script_solver
from app.models.known_names import KnownNetwork
from app.words import Words

if TYPE_CHECKING:
    import torch


class UserModel:
    """A `CoarseInpainter`; may be asked on several threads at once, and does one picture after the other.

    Only a known network can be interrupted within a picture.
    """

    def __init__(self, file: AllowedFile, device: torch.device) -> None:
        """Load what was allowed; a known network onto `device`, others run on the processor.

        Raises `LacunaError` where that is no model that can be used.
        """
        self.name = f"{file.network.value or 'custom'} ({file.path.name})"
        self._file = file.path.name
        self._solver = _loaded(file, device)
        self._turn = threading.Lock()

    @property
    def has_texture(self) -> bool:
        """See `app.inference.coarse.CoarseInpainter`."""
        return self._solver.has_texture

    def fill(self, image: Image, hole: Hole, check: Check = no_check) -> CoarseFill:
        """See `app.inference.coarse.CoarseInpainter`."""
        seen = np.where(hole[..., None], np.uint8(0), image)
        with self._turn:
            check()
            made = self._fitted(seen, hole, check)
        check()
        return CoarseFill(np.where(hole[..., None], made, image))

    def _fitted(self, seen: Image, hole: Hole, check: Check) -> Image:
        """What the model makes of the picture, brought to a size that it takes and back."""
        height, width = hole.shape
        solver = self._solver
        small, covered = _resized(seen, hole, _scale(solver, height, width))
        rows, columns = covered.shape
        sides = solver.size or tuple(_rounded_up(side, solver.multiple) for side in covered.shape)
        made = self._made(_mirrored(small, sides), _mirrored(covered.astype(np.uint8), sides), check)[:rows, :columns]
        if (rows, columns) == (height, width):
            return made
        return np.asarray(cv2.resize(made, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)

    def _made(self, image: Image, mask: npt.NDArray[np.uint8], check: Check) -> Image:
        """The model's own picture of `image` ``(H, W, 3)``, of the same size."""
        planes = np.ascontiguousarray(image.transpose(2, 0, 1)[None], np.float32) / np.float32(255)
        output = self._output(planes, np.ascontiguousarray(mask[None, None], np.float32), check)
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
        return np.ascontiguousarray((output[0] * 255).clip(0, 255).round().astype(np.uint8).transpose(1, 2, 0))

    def _output(self, image: Planes, mask: Planes, check: Check) -> npt.NDArray[np.float32]:
        ended: list[Exception] = []

        def between() -> None:
            try:
                check()
            except Exception as error:
                ended.append(error)
                raise

        try:
            return np.asarray(self._solver.solve(image, mask, between), np.float32)
        except Exception as error:  # what a foreign model raises is its own affair
            if error in ended or is_out_of_memory(error):
                raise
            raise LacunaError(
                Words(
                    "{file}: the model fails on an image and a mask of {width}×{height} ({reason})",
                    file=self._file,
                    width=image.shape[3],
                    height=image.shape[2],
                    reason=reason(error),
                )
            ) from error


def _loaded(file: AllowedFile, device: torch.device) -> Solver:
    if file.network is not KnownNetwork.NONE:
        return known_solver(file.path, allowed_bytes(file), device)
    load = onnx_solver if file.path.suffix.lower() == ".onnx" else script_solver
    return load(allowed_bytes(file), file.path.name)


def _rounded_up(side: int, multiple: int) -> int:
    """To a multiple, and twice that at least: what halves its maps needs two pixels of the last."""
    return max(2 * multiple, side + -side % multiple)


def _scale(solver: Solver, height: int, width: int) -> float:
    """By which a picture is resized before the model sees it."""
    if solver.size is not None:
        return min(solver.size[0] / height, solver.size[1] / width)
    return 1.0 if solver.longest is None else min(1.0, solver.longest / max(height, width))


def _resized(seen: Image, hole: Hole, scale: float) -> tuple[Image, Hole]:
    """Picture and hole; a pixel that holds any of the hole is hole, and black."""
    if scale == 1.0:
        return seen, hole
    size = tuple(max(1, round(side * scale)) for side in reversed(hole.shape))
    small = cv2.resize(seen, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    covered = cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return np.where(covered[..., None] > 0, np.uint8(0), small).astype(np.uint8), covered > 0


def _mirrored(array: npt.NDArray[np.uint8], sides: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """`array` mirrored beyond its right and bottom edge until it has these sides."""
    extra = [(0, side - have) for side, have in zip(sides, array.shape, strict=False)]
    return np.pad(array, [*extra, *[(0, 0)] * (array.ndim - 2)], mode="symmetric")
