"""The one place that knows both arrays and tensors, and that the networks think in [-1, 1]."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from app.imaging.arrays import Image


def image_tensor(image: Image, device: torch.device) -> Tensor:
    """``(H, W, 3)`` uint8 to ``(1, 3, H, W)`` float32 in [-1, 1]."""
    return batch_tensor(image[None], device)


def batch_tensor(images: npt.NDArray[np.uint8], device: torch.device) -> Tensor:
    """``(B, H, W, 3)`` uint8 to ``(B, 3, H, W)`` float32 in [-1, 1]."""
    return torch.from_numpy(np.ascontiguousarray(images)).to(device).permute(0, 3, 1, 2).float() / 127.5 - 1


def hole_tensor(hole: npt.NDArray[np.bool_], device: torch.device) -> Tensor:
    """``(H, W)`` bool to ``(1, 1, H, W)`` float32, 1 = hole."""
    return torch.from_numpy(np.ascontiguousarray(hole)).to(device).float()[None, None]


def image_array(tensor: Tensor) -> Image:
    """``(1, 3, H, W)`` in [-1, 1] to ``(H, W, 3)`` uint8, rounded (the published code truncates)."""
    scaled = (tensor[0].float() + 1) * 127.5
    return scaled.clamp(0, 255).round().to(torch.uint8).permute(1, 2, 0).contiguous().cpu().numpy()


def padded(array: npt.NDArray[np.generic], multiple: int) -> npt.NDArray[np.generic]:
    """`array` mirrored beyond its right and bottom edge until both sides are multiples of `multiple`."""
    height, width = array.shape[:2]
    extra = [(0, -height % multiple), (0, -width % multiple)] + [(0, 0)] * (array.ndim - 2)
    return np.pad(array, extra, mode="symmetric")
