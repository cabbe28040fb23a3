"""Batches made by the processor, one crop after another."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from app.imaging.arrays import Image, Mask, hole_of
from app.training.batches import Batch, Sampler
from app.training.draws import Draws, Stream, generator, random_crop, random_gains, random_hole
from app.training.foreign import Foreign, draw_foreign, foreign_coarse
from app.training.foreign_pool import ForeignPool, Windows


class _Sample(NamedTuple):
    truth: Image
    mask: Mask
    foreign: Image | None


class CropSampler:
    """Draws batches; batch number `step` is the same whenever it is drawn, and from any thread."""

    def __init__(
        self,
        photographs: Sequence[Image],
        draws: Draws,
        pool: ForeignPool | None = None,
        device: torch.device | None = None,
    ) -> None:
        self._photographs = photographs
        self._draws = draws
        self._pool = pool
        self._device = device or torch.device("cpu")
        self._windows: dict[int, Windows] = {}

    def batch(self, step: int, count: int, size: int) -> Batch:
        """`count` crops with their holes, `size` pixels a side. See `Sampler`."""
        rng = generator(self._draws.seed, step, self._draws.rank, Stream.BATCHES)
        samples = [self._varied(rng, self._sample(rng, size)) for _ in range(count)]
        truth = _scaled([sample.truth for sample in samples])
        foreign = truth.copy()
        is_foreign = np.array([sample.foreign is not None for sample in samples])
        if is_foreign.any():
            foreign[is_foreign] = _scaled([sample.foreign for sample in samples if sample.foreign is not None])
        masks = hole_of(np.stack([sample.mask for sample in samples])).astype(np.float32)
        return Batch(
            self._pictures(truth),
            torch.from_numpy(masks[:, None]).to(self._device),
            self._pictures(foreign),
            torch.from_numpy(is_foreign).view(-1, 1, 1, 1).to(self._device),
        )

    def _pictures(self, scaled: npt.NDArray[np.float32]) -> Tensor:
        return torch.from_numpy(scaled).permute(0, 3, 1, 2).to(self._device)

    def _sample(self, rng: np.random.Generator, size: int) -> _Sample:
        kind = draw_foreign(rng) if rng.random() < self._draws.foreign_share else None
        if kind is Foreign.PATCHMATCH and self._pool is not None and len(self._windows_of(self._pool, size)):
            return self._pooled(rng, self._pool, size)
        crop = random_crop(rng, self._photographs, size)
        mask = random_hole(rng, size, self._draws.largest_area)
        return _Sample(crop, mask, None if kind is None else foreign_coarse(rng, crop, hole_of(mask), kind))

    def _pooled(self, rng: np.random.Generator, pool: ForeignPool, size: int) -> _Sample:
        windows = self._windows_of(pool, size)
        item, y, x = windows[rng.integers(len(windows))]
        part = (item, slice(y, y + size), slice(x, x + size))
        return _Sample(pool.truth[part], pool.mask[part], pool.foreign[part])

    def _windows_of(self, pool: ForeignPool, size: int) -> Windows:
        if size not in self._windows:
            self._windows[size] = pool.windows(size, self._draws.largest_area)
        return self._windows[size]

    def _varied(self, rng: np.random.Generator, sample: _Sample) -> _Sample:
        """Flipped half the time, colours jittered: truth and foreign alike."""
        gains, flip = random_gains(rng), slice(None, None, -1 if rng.random() < 0.5 else 1)

        def varied(picture: Image) -> Image:
            return np.asarray(cv2.LUT(np.ascontiguousarray(picture[:, flip]), gains), np.uint8)

        foreign = None if sample.foreign is None else varied(sample.foreign)
        return _Sample(varied(sample.truth), sample.mask[:, flip], foreign)


def _scaled(pictures: list[Image]) -> npt.NDArray[np.float32]:
    """uint8 pictures as one ``(B, size, size, 3)`` float32 array in [-1, 1].

    By numpy: torch would start a second set of worker threads from a thread beside the training's.
    """
    return np.stack(pictures).astype(np.float32) / np.float32(127.5) - np.float32(1)


class AheadSampler:
    """Has another sampler's next batches made by threads while the current one is trained on.

    It guesses that the next batch asked for is the next step's, of equal count and size. A wrong guess costs time only.
    """

    def __init__(self, sampler: Sampler, ahead: int = 1) -> None:
        self._sampler = sampler
        self._ahead = ahead
        self._threads = ThreadPoolExecutor(ahead, thread_name_prefix="batches")
        self._begun: dict[tuple[int, int, int], Future[Batch]] = {}

    def batch(self, step: int, count: int, size: int) -> Batch:
        """See `Sampler`; errors of the thread are raised here."""
        wanted = [(step + later, count, size) for later in range(self._ahead + 1)]
        for key in self._begun.keys() - set(wanted):
            self._begun.pop(key).cancel()
        for key in wanted:
            if key not in self._begun:
                self._begun[key] = self._threads.submit(self._sampler.batch, *key)
        return self._begun.pop(wanted[0]).result()
