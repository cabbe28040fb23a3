"""Coarse inpainters that are networks of ours other than LGNet. Importing this loads torch."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

import numpy as np
import torch

from app.imaging.arrays import Hole, Image
from app.imaging.bands import covered_by
from app.imaging.compose import enlarged_image, shrunk_image
from app.inference.coarse import CoarseFill
from app.inference.networks import StageNetworks
from app.inference.request import Check, no_check

LONGEST = 768
"""Pictures with a longer side are shrunk to it: trained on 128 to 256 pixels, these networks gain nothing beyond, and
contextual attention compares 9,216 positions at most with one another, in some seconds on one core."""


class CoarseNetwork:
    """A `CoarseInpainter`; asked on several threads it takes one picture after the other."""

    has_texture = False

    def __init__(self, kind: str, folder: Path, device: torch.device, *, full_precision: bool = False) -> None:
        """Load the network `kind` from `folder`, whose every file is checked: `LacunaError` where one is wrong."""
        self._networks = StageNetworks(folder, device, kind)
        self._full_precision = full_precision
        self._one_at_a_time = Lock()

    def fill(self, image: Image, hole: Hole, check: Check = no_check) -> CoarseFill:
        """See `app.inference.coarse.CoarseInpainter`; `check` is called before each of the network's stages."""
        height, width = hole.shape
        scale = LONGEST / max(height, width)
        if scale >= 1:
            return CoarseFill(self._filled(image, hole, check))
        rows, columns = (max(round(side * scale), 1) for side in hole.shape)
        small = np.asarray(shrunk_image(image, columns, rows), np.uint8)
        made = self._filled(small, covered_by(hole, rows, columns), check)
        return CoarseFill(np.where(hole[..., None], enlarged_image(made, width, height), image))

    def _filled(self, image: Image, hole: Hole, check: Check) -> Image:
        with self._one_at_a_time:
            check()
            picture = image
            for stage in self._networks.stages(image, hole, full_precision=self._full_precision):
                picture = stage.composite
                check()
            return picture
