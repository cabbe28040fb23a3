"""Tiny models such as a user might bring: TorchScript and ONNX files made on the fly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
    return _saved(path, nodes, taken[:inputs], filled)


def bytes_file(path: Path, mask: int = TensorProto.UINT8) -> Path:
    """As MI-GAN's pipeline takes and gives them: bytes, 255 = known. The unknown becomes white."""
    image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["n", 3, "h", "w"])
    known = helper.make_tensor_value_info("mask", mask, ["n", 1, "h", "w"])
    filled = helper.make_tensor_value_info("result", TensorProto.UINT8, ["n", 3, "h", "w"])
    nodes = [
        helper.make_node("Cast", ["image"], ["wide"], to=TensorProto.INT32),
        helper.make_node("Cast", ["mask"], ["wide_mask"], to=TensorProto.INT32),
        helper.make_node("Add", ["wide", "unknown"], ["brighter"]),
        helper.make_node("Sub", ["brighter", "wide_mask"], ["made"]),
        helper.make_node("Cast", ["made"], ["result"], to=TensorProto.UINT8),
    ]
    white = helper.make_tensor("unknown", TensorProto.INT32, [1], [255])
    return _saved(path, nodes, [image, known], filled, [white])


def half_file(path: Path) -> Path:
    """16-bit floats, 0…255: the image and 255 times the mask."""
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT16, [1, 3, "h", "w"])
    mask = helper.make_tensor_value_info("mask", TensorProto.FLOAT16, [1, 1, "h", "w"])
    filled = helper.make_tensor_value_info("filled", TensorProto.FLOAT16, [1, 3, "h", "w"])
    nodes = [
        helper.make_node("Add", ["image", "mask"], ["sum"]),
        helper.make_node("Mul", ["sum", "bright"], ["filled"]),
    ]
    bright = helper.make_tensor("bright", TensorProto.FLOAT16, [1], [255.0])
    return _saved(path, nodes, [image, mask], filled, [bright])


def odd_file(path: Path, image: list[Side], mask: list[Side]) -> Path:
    """Inputs of other shapes."""
    given = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in (("image", image), ("mask", mask))
    ]
    filled = helper.make_tensor_value_info("filled", TensorProto.FLOAT, image)
    return _saved(path, [helper.make_node("Identity", ["image"], ["filled"])], given, filled)


def _saved(path: Path, nodes: list[Any], inputs: list[Any], output: Any, constants: list[Any] | None = None) -> Path:
    graph = helper.make_graph(nodes, "fill", inputs, [output], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(path))
    return path
