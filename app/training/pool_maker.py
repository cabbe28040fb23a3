"""Pools of foreign samples made from photographs, and kept in the run's folder."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.errors import LacunaError
from app.imaging.arrays import Hole, Image, hole_of
from app.inference.coarse import CoarseInpainter, build_coarse
from app.training.draws import Draws, Stream, generator, random_crop, random_hole
from app.training.foreign import Foreign, draw_foreign, foreign_coarse
from app.training.foreign_pool import ForeignPool, PoolItem, grown_pool, read_pool, write_pool
from app.training.parallel import Progress

logger = logging.getLogger(__name__)

Fill = Callable[[np.random.Generator, Image, Hole], Image]


@dataclass(frozen=True, slots=True)
class PoolMaker:
    """Makes pools of crops of `size` pixels a side. Equal makers make equal pools, however many threads work."""

    photographs: Sequence[Image]
    draws: Draws
    size: int
    progress: Progress | None = None

    def patchmatch(self, count: int, file: Path | None = None) -> ForeignPool | None:
        """`count` results of real PatchMatch: what `file` holds, the rest made now and added to it.

        About 0.4 s a result and core at 128², 1.5 s at 256²; PatchMatch lets other threads run. Where it does not work
        here the log says so; then the file's own results are all there is, and without any, None.
        """
        kept = None if file is None or not file.exists() else self._kept(file)
        if kept is not None and len(kept) >= count:
            return kept.first(count)
        inpainter = _working_patchmatch()
        if inpainter is None:
            return kept

        def keep(pool: ForeignPool) -> None:
            if file is not None:
                write_pool(file, pool)

        return self._grown(
            kept, count, Stream.PATCHMATCH, lambda _, image, hole: inpainter.fill(image, hole).picture, keep
        )

    def quick(self, count: int, *, has_patchmatch: bool) -> ForeignPool:
        """`count` results of the other inpainters, by their shares; without a PatchMatch pool copies take its share."""

        def fill(rng: np.random.Generator, image: Image, hole: Hole) -> Image:
            kind = draw_foreign(rng)
            while has_patchmatch and kind is Foreign.PATCHMATCH:
                kind = draw_foreign(rng)
            return foreign_coarse(rng, image, hole, kind)

        return self._grown(None, count, Stream.QUICK, fill, lambda _: None)

    def _kept(self, file: Path) -> ForeignPool | None:
        pool = read_pool(file)
        if pool.size == self.size:
            return pool
        logger.warning(
            "%s: made for crops of %d pixels, %d are needed: it is made again", file.name, pool.size, self.size
        )
        return None

    def _grown(
        self, kept: ForeignPool | None, count: int, stream: Stream, fill: Fill, keep: Callable[[ForeignPool], None]
    ) -> ForeignPool:
        draws = self.draws

        def make(number: int) -> PoolItem:
            rng = generator(draws.seed, number, draws.rank, stream)
            truth = random_crop(rng, self.photographs, self.size)
            mask = random_hole(rng, self.size, draws.largest_area)
            return truth, mask, fill(rng, truth, hole_of(mask))

        return grown_pool(kept, count, self.size, make, keep, self.progress)


def _working_patchmatch() -> CoarseInpainter | None:
    """PatchMatch where it runs on this machine; otherwise one sentence in the log."""
    hole = np.zeros((32, 32), bool)
    hole[14:18, 14:18] = True
    try:
        inpainter = build_coarse("patchmatch")
        if inpainter is not None:
            inpainter.fill(np.zeros((32, 32, 3), np.uint8), hole)
    except LacunaError as error:
        logger.warning("no PatchMatch results are made for training, copies take their share: %s", error)
        return None
    return inpainter
