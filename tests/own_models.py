"""Tiny models such as a user might bring: TorchScript and ONNX files made on the fly."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn

Side = int | str


class Paint(nn.Module):
    """Everything in one red, in 0…1 or, brighter, in 0…255."""

    def __init__(self, red: float = 1.0) -> None:
        super().__init__()
        self.red = red

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        filled = torch.zeros_like(image)
        filled[:, 0] = self.red
        return filled


class Nothing(nn.Module):
    """No number at all."""

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        return image * float("nan")


class Half(nn.Module):
    """A picture of half the size."""

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        return image[:, :, ::2, ::2]


class Fails(nn.Module):
    """Wants what nobody gives."""

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        return image.reshape(7, 7)


def script(path: Path, module: nn.Module | None = None) -> Path:
    """Save `module` as TorchScript."""
    torch.jit.script(module or Paint()).save(str(path))
    return path


def onnx_file(path: Path, height: Side = "h", width: Side = "w", *, swapped: bool = False, inputs: int = 2) -> Path:
    """A model that gives the image plus the mask: the hole, black when it comes, becomes white."""
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, height, width])
    mask = helper.make_tensor_value_info("mask", TensorProto.FLOAT, [1, 1, height, width])
    filled = helper.make_tensor_value_info("filled", TensorProto.FLOAT, [1, 3, height, width])
    nodes = [helper.make_node("Add", ["image", "mask" if inputs == 2 else "image"], ["filled"])]
    taken = [mask, image] if swapped else [image, mask]
    graph = helper.make_graph(nodes, "fill", taken[:inputs], [filled])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(path))
    return path
