"""Which sampler feeds a run, and the pools it draws from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import torch

from app.imaging.arrays import Image
from app.training.batches import Sampler
from app.training.config import TrainConfig
from app.training.crop_sampler import AheadSampler, CropSampler
from app.training.device_pool import DevicePool
from app.training.device_sampler import DeviceSampler
from app.training.draws import Draws
from app.training.foreign import FOREIGN_SHARES, Foreign
from app.training.foreign_pool import ForeignPool
from app.training.mask_pool import MaskPool, drawn_masks
from app.training.packed import PackedPhotographs, packed_bytes
from app.training.parallel import Progress
from app.training.pool_maker import PoolMaker

POOL_NAME: Final = "foreign_pool.npz"
MASKS_PER_SIZE: Final = 4096
QUICK_FOREIGN: Final = 2048
"""Samples of the quick inpainters that a device draws from; a processor makes new ones at every step."""
POOL_PER_MINUTE: Final = 4
"""PatchMatch results at most for each minute of the budget: they take about a tenth of it on one core."""
_LARGEST_PART: Final = 0.5
"""Share of the device's free memory that photographs may take."""


def build_sampler(
    photographs: Sequence[Image],
    config: TrainConfig,
    device: torch.device,
    rank: int = 0,
    world_size: int = 1,
    cache: Path | None = None,
    progress: Progress | None = None,
    ahead: int = 1,
) -> Sampler:
    """What feeds a run of `config` on `device`: a `DeviceSampler` on a GPU that holds the photographs, else the
    processor, `ahead` batches in advance (0: each when it is asked for).

    The `pool_size` PatchMatch results are shared out among `world_size` processes. Process `rank` keeps its
    own in `cache` (a folder, or an ``.npz`` file's path), where a resumed run finds them. `progress` hears of masks
    and pools in the making.
    """
    draws = Draws(config.seed, rank, config.largest_area, config.foreign_share)
    maker = PoolMaker(photographs, draws, max(phase.size for phase in config.phases), progress)
    pool = None
    if count := pool_size(config):
        pool = maker.patchmatch(-(-count // world_size), _pool_file(cache, rank, world_size))
    if device.type == "cuda" and packed_bytes(photographs) < _LARGEST_PART * torch.cuda.mem_get_info(device)[0]:
        sizes = sorted({phase.size for phase in config.phases})
        return device_sampler(maker, sizes, pool, device)
    crops = CropSampler(photographs, draws, pool, device)
    return AheadSampler(crops, ahead) if ahead else crops


def pool_size(config: TrainConfig) -> int:
    """`config.foreign_pool`, or fewer for a short run: no more than are drawn, or than its minutes pay for."""
    if config.steps > 0:
        drawn = config.steps * max(phase.batch for phase in config.phases)
        worth = drawn * config.foreign_share * FOREIGN_SHARES[Foreign.PATCHMATCH]
    else:
        worth = config.minutes * POOL_PER_MINUTE if config.foreign_share > 0 else 0.0
    return min(config.foreign_pool, math.ceil(worth))


def device_sampler(
    maker: PoolMaker,
    sizes: Sequence[int],
    pool: ForeignPool | None,
    device: torch.device,
    masks: int = MASKS_PER_SIZE,
    quick: int = QUICK_FOREIGN,
) -> DeviceSampler:
    """A sampler on `device` with everything it draws from: `masks` masks a size, `quick` foreign samples."""
    draws = maker.draws
    foreign = []
    if draws.foreign_share > 0:
        share = FOREIGN_SHARES[Foreign.PATCHMATCH] if pool else 0.0
        pools = [(maker.quick(quick, has_patchmatch=pool is not None), 1 - share)] + ([(pool, share)] if pool else [])
        foreign = [(DevicePool(part, sizes, draws.largest_area, device), share) for part, share in pools]
    holes = {
        size: MaskPool(drawn_masks(masks, size, draws.seed, draws.rank, draws.largest_area, maker.progress), device)
        for size in sizes
    }
    return DeviceSampler(PackedPhotographs(maker.photographs, device), holes, draws, foreign, device)


def _pool_file(cache: Path | None, rank: int, world_size: int) -> Path | None:
    """Each of several processes has a file of its own: none waits for another."""
    if cache is None:
        return None
    file = cache if cache.suffix == ".npz" else cache / POOL_NAME
    return file if world_size == 1 else file.with_stem(f"{file.stem}-{rank}-of-{world_size}")
