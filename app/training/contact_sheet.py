"""The sample sheet: the same few holes filled again and again, to look at while training runs."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from app.imaging.arrays import Image
from app.models.staged import StagedNetwork
from app.training.batches import Sampler
from app.training.validation import Held, held_tensors

ROWS = 6
SHEET_BATCH = 2_000_000_000
"""The number of the batch shown, far beyond those that are trained on."""

_LABEL_HEIGHT = 22
_GAP = 4
_DARK = 24


class ContactSheet:
    """Rows of masked, each of the stages, truth for `ROWS` fixed samples of `truth` and `mask`."""

    def __init__(self, truth: Tensor, mask: Tensor) -> None:
        self._truth, self._mask = truth[:ROWS], mask[:ROWS]

    @classmethod
    def drawn(cls, sampler: Sampler, size: int) -> ContactSheet:
        """Samples of `size` pixels a side from the training photographs."""
        batch = sampler.batch(SHEET_BATCH, ROWS, size)
        return cls(batch.truth, batch.mask)

    @classmethod
    def of_samples(cls, samples: Sequence[Held], device: torch.device) -> ContactSheet:
        """The first held-out squares."""
        return cls(*held_tensors(samples[:ROWS], device))

    @torch.inference_mode()
    def picture(self, network: StagedNetwork) -> Image:
        """The sheet as `network`, in evaluation mode, fills it now."""
        masked = self._truth * (1 - self._mask) + self._mask
        rows = []
        for index in range(len(self._truth)):
            truth, mask = self._truth[index : index + 1], self._mask[index : index + 1]
            stages = [output.composite for output in network.stages(truth, mask)]
            cells = [_cell(picture) for picture in (masked[index : index + 1], *stages, truth)]
            rows.append(np.concatenate(cells, axis=1))
        return np.concatenate([_header(("masked", *network.parts, "truth"), self._truth.shape[-1]), *rows], axis=0)


def _cell(picture: Tensor) -> npt.NDArray[np.uint8]:
    """``(1, 3, H, W)`` in [-1, 1] as pixels with a gap at right and bottom."""
    pixels = ((picture[0].float() + 1) * 127.5).clamp(0, 255).round().to(torch.uint8).permute(1, 2, 0).cpu().numpy()
    return np.pad(pixels, ((0, _GAP), (0, _GAP), (0, 0)), constant_values=_DARK)


def _header(columns: Sequence[str], size: int) -> npt.NDArray[np.uint8]:
    header = np.full((_LABEL_HEIGHT, (size + _GAP) * len(columns), 3), _DARK, np.uint8)
    for index, name in enumerate(columns):
        corner = (index * (size + _GAP) + 4, _LABEL_HEIGHT - 7)
        cv2.putText(header, name, corner, cv2.FONT_HERSHEY_SIMPLEX, 0.45, (230, 230, 230), 1, cv2.LINE_AA)
    return header
