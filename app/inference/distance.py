"""The feature distance of two pictures of any size."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from app.imaging.arrays import Hole, Image
from app.imaging.geometry import Rect, bounding_rect
from app.inference.tensors import image_tensor
from app.models.features import Extractor, normalised_distance

WINDOW = 512
"""Pictures with a longer side than this are compared in windows of as many pixels, at 100 %."""

MOST_WINDOWS = 8
"""Of more windows than this, as many are picked evenly. The truth's features in each, 50 MB, are kept in memory."""


Part = Callable[[Rect], Image]
"""The part of a picture in a rectangle of it, ``(h, w, 3)``."""


class FeatureJudge:
    """Compares pictures by an extractor's features; those of the truth are taken once, not once a method.

    The figure is `app.models.features.feature_distance`. A picture of at most 512 pixels a side is taken whole; of a
    larger one the figure is the mean over windows of 512 pixels, laid side by side over the hole's bounding box, in
    which there is hole; of many such windows eight are picked evenly.
    """

    def __init__(self, extractor: Extractor, device: torch.device) -> None:
        """`extractor` must be on `device`."""
        self._extractor = extractor
        self._device = device
        self._truth: Image | None = None
        self._maps: dict[Rect, list[Tensor]] = {}

    def distance(self, result: Image, truth: Image, hole: Hole) -> float:
        """How far `result` is from `truth`, both ``(H, W, 3)``, `hole` ``(H, W)``; 0 for equal pictures."""
        if truth is not self._truth:
            self._truth, self._maps = truth, {}
        return self.distance_in(
            feature_windows(hole), lambda window: result[window.slices], lambda window: truth[window.slices]
        )

    def distance_in(self, windows: Sequence[Rect], result: Part, truth: Part) -> float:
        """The same in the `windows` of pictures that are given part by part; the truth is that of the call before."""
        return float(np.mean([self._in_window(result, truth, window) for window in windows]))

    def _in_window(self, result: Part, truth: Part, window: Rect) -> float:
        maps = self._maps.get(window)
        if maps is None:
            maps = self._maps[window] = self._features(truth(window))
        with torch.inference_mode():
            return float(normalised_distance(self._features(result(window)), maps)[0])

    def _features(self, image: Image) -> list[Tensor]:
        with torch.inference_mode():
            return self._extractor(image_tensor(np.ascontiguousarray(image), self._device))


def feature_windows(hole: Hole) -> list[Rect]:
    """The windows in which a picture with `hole` ``(H, W)``, not empty, is compared: 1 to 8, inside the picture."""
    whole = Rect.of_array(hole)
    if max(hole.shape) <= WINDOW:
        return [whole]
    box = bounding_rect(hole)
    windows = [
        Rect(x, y, min(WINDOW, whole.width), min(WINDOW, whole.height))
        for y in _starts(box.y, box.bottom, whole.height)
        for x in _starts(box.x, box.right, whole.width)
    ]
    used = [window for window in dict.fromkeys(windows) if hole[window.slices].any()]
    count = min(len(used), MOST_WINDOWS)
    return [used[index * len(used) // count] for index in range(count)]


def _starts(start: int, end: int, limit: int) -> list[int]:
    """Where windows begin that together cover ``start … end`` evenly to both sides, inside ``0 … limit``."""
    count = max(-(-(end - start) // WINDOW), 1)
    first = (start + end - count * WINDOW) // 2
    return [min(max(first + index * WINDOW, 0), max(limit - WINDOW, 0)) for index in range(count)]
