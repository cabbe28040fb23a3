"""Feeding: photographs, crops and batches, on the processor and on a device."""

import threading
from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

from app.errors import LacunaError
from app.imaging.files import write_image
from app.training import feeding
from app.training.crop_sampler import AheadSampler, CropSampler
from app.training.dataset import list_photographs, load_photographs
from app.training.draws import random_crop
from app.training.feeding import build_sampler, device_sampler
from app.training.foreign import FOREIGN_SHARES, Foreign
from app.training.mask_pool import MaskPool
from app.training.packed import PackedPhotographs, packed_bytes
from app.training.parallel import mapped
from app.training.pool_maker import PoolMaker
from tests.feeds import CPU, DRAWS, config, equal, photographs, pool


def small_device_sampler(draws=DRAWS, real=None):
    return device_sampler(PoolMaker(photographs(), draws, 64), (32, 64), real, CPU, masks=12, quick=6)


SAMPLERS = {
    "processor": lambda draws=DRAWS: CropSampler(photographs(), draws),
    "pooled": lambda draws=DRAWS: CropSampler(photographs(), draws, pool()),
    "device": small_device_sampler,
    "device pooled": lambda draws=DRAWS: small_device_sampler(draws, pool()),
}


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("size", [32, 64])
def test_a_batch_is_what_the_trainer_expects(name, size):
    truth, mask, foreign, is_foreign = SAMPLERS[name]().batch(3, 6, size)
    assert truth.shape == foreign.shape == (6, 3, size, size)
    assert mask.shape == (6, 1, size, size)
    assert is_foreign.shape == (6, 1, 1, 1)
    assert truth.dtype == foreign.dtype == mask.dtype == torch.float32
    assert is_foreign.dtype == torch.bool
    assert truth.is_contiguous(memory_format=torch.channels_last)
    assert foreign.is_contiguous(memory_format=torch.channels_last)
    assert -1 <= truth.min() < truth.max() <= 1
    assert set(mask.unique().tolist()) == {0.0, 1.0}
    assert (mask.flatten(1).mean(1) > 0.005).all()
    assert torch.equal(foreign * (1 - mask), truth * (1 - mask))
    differs = (foreign != truth).flatten(1).any(1)
    assert torch.equal(differs, is_foreign.flatten())


@pytest.mark.parametrize("name", SAMPLERS)
def test_batches_depend_on_seed_rank_and_step_alone(name):
    make = SAMPLERS[name]
    first, second = make(), make()
    first.batch(0, 2, 32)
    first.batch(1, 3, 64)
    expected = second.batch(7, 2, 32)
    assert equal(first.batch(7, 2, 32), expected)
    assert not equal(first.batch(8, 2, 32), expected)
    assert not equal(make(replace(DRAWS, rank=1)).batch(7, 2, 32), expected)
    assert not equal(make(replace(DRAWS, seed=6)).batch(7, 2, 32), expected)


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_share_of_foreign_samples(name, share):
    sampler = SAMPLERS[name](replace(DRAWS, foreign_share=share))
    found = torch.cat([sampler.batch(step, 20, 32).is_foreign.flatten() for step in range(6)]).float().mean()
    assert found == pytest.approx(share, abs=0.0 if share in (0, 1) else 0.13)


@pytest.mark.parametrize("name", ["pooled", "device pooled"])
def test_the_pool_gives_its_documented_share(name):
    sampler = SAMPLERS[name](replace(DRAWS, foreign_share=1.0))
    batches = [sampler.batch(step, 20, 32) for step in range(8)]
    # the pool's foreign results are black, which no other inpainter makes of these photographs
    black = [
        (foreign.amax(dim=(0)) == -1).logical_or(hole[0] == 0).all()
        for batch in batches
        for foreign, hole in zip(batch.foreign, batch.mask, strict=True)
    ]
    assert np.mean(black) == pytest.approx(FOREIGN_SHARES[Foreign.PATCHMATCH], abs=0.12)


class Counting:
    """A sampler that notes what it was asked for, and by which thread."""

    def __init__(self, inner, fails_at=None):
        self.inner, self.fails_at, self.asked, self.threads = inner, fails_at, [], set()

    def batch(self, step, count, size):
        self.asked.append((step, count, size))
        self.threads.add(threading.current_thread())
        if step == self.fails_at:
            raise LacunaError("no batch")
        return self.inner.batch(step, count, size)


def test_drawn_ahead_every_batch_is_the_same_and_made_once():
    alone, counting = CropSampler(photographs(), DRAWS), Counting(CropSampler(photographs(), DRAWS))
    ahead = AheadSampler(counting)
    asked = [(0, 2, 32), (1, 2, 32), (2, 2, 64), (3, 2, 64), (9, 2, 64)]
    for key in asked:
        assert equal(ahead.batch(*key), alone.batch(*key))
    assert counting.asked.count((1, 2, 32)) == 1
    assert counting.asked.count((3, 2, 64)) == 1
    assert threading.current_thread() not in counting.threads


def test_an_error_of_a_batch_drawn_ahead_comes_when_it_is_asked_for():
    ahead = AheadSampler(Counting(CropSampler(photographs(), DRAWS), fails_at=1))
    ahead.batch(0, 2, 32)
    with pytest.raises(LacunaError, match="no batch"):
        ahead.batch(1, 2, 32)


@pytest.mark.parametrize("side", [33, 40, 64, 65, 100, 150, 200])
def test_packed_crops_are_area_averages(side):
    images = photographs(2, 211, 305)
    packed = PackedPhotographs(images, CPU)
    assert packed_bytes(images) >= sum(image.nbytes for image in images)
    whole = torch.tensor([1, 1]), torch.tensor([4, 4]), torch.tensor([8, 8]), torch.tensor([side, side])
    crops = packed.crops(*whole, torch.tensor([False, True]), 32)
    part = images[1][4 : 4 + side, 8 : 8 + side]
    expected = cv2.resize(part.astype(np.float32), (32, 32), interpolation=cv2.INTER_AREA)
    difference = np.abs(crops[0].numpy() - expected)
    assert difference.mean() < 1.0
    assert difference.max() < 6.0
    assert torch.equal(crops[1], crops[0].flip(1))


def test_packed_crops_average_what_is_too_fine_to_see():
    board = (np.indices((128, 128)).sum(0) % 2 * 255).astype(np.uint8)
    packed = PackedPhotographs([np.repeat(board[..., None], 3, axis=2)], CPU)
    zero, upright = torch.tensor([0]), torch.tensor([False])
    for side in (128, 96, 64):
        crop = packed.crops(zero, zero, zero, torch.tensor([side]), upright, 32)
        assert crop.sub(127.5).abs().max() < 5 if side != 96 else crop.std() < 20
    exact = packed.crops(zero, zero, zero, torch.tensor([32]), upright, 32)
    assert np.array_equal(exact[0, :, :, 0], board[:32, :32])


def test_photographs_smaller_than_the_crop_are_enlarged_smoothly():
    images = photographs(1, 20, 24)
    crop = PackedPhotographs(images, CPU).crops(
        *(torch.tensor([value]) for value in (0, 0, 2, 20)), torch.tensor([False]), 64
    )
    expected = cv2.resize(images[0][:, 2:22].astype(np.float32), (64, 64), interpolation=cv2.INTER_LINEAR)
    inside = slice(4, -4)  # at the edge the photograph goes on beyond the square
    assert np.abs(crop[0].numpy() - expected)[inside, inside].max() < 0.6
    assert CropSampler(images, DRAWS).batch(0, 2, 64).truth.shape == (2, 3, 64, 64)


def test_pool_masks_are_shifted_mirrored_and_turned():
    mask = np.zeros((16, 16), np.uint8)
    mask[2:5, 3:4] = 255  # a shape that tells its turns apart
    mask[2, 4] = 255
    masks = MaskPool([mask], CPU)
    draws = torch.Generator().manual_seed(0)
    drawn = masks.masks(lambda: torch.rand(200, generator=draws, dtype=torch.float64))
    assert drawn.shape == (200, 1, 16, 16)
    assert (drawn.sum(dim=(1, 2, 3)) == 4).all()
    assert len({tuple(picture.flatten().tolist()) for picture in drawn}) > 150
    still = iter(torch.tensor([[0.0], [0.0], [0.9], [0.0], [0.9], [0.9]]))
    assert np.array_equal(masks.masks(still.__next__)[0, 0], mask / 255)


def test_progress_is_told_in_order_and_early_leavers_stop_the_rest():
    begun, told, gate = [], [], threading.Event()

    def doubled(item):
        begun.append(item)
        if item > 3:
            gate.wait(5)
        return item * 2

    results = mapped(doubled, range(50), "things", lambda *news: told.append(news), 1)
    assert [next(results) for _ in range(3)] == [0, 2, 4]
    assert told == [("things", 1, 50), ("things", 2, 50), ("things", 3, 50)]
    threading.Timer(0.02, gate.set).start()
    results.close()
    assert len(begun) < 50
    assert list(mapped(str, [1, 2], "things", workers=2)) == ["1", "2"]


def test_bad_photographs_are_named_once_and_skipped(tmp_path, caplog):
    write_image(tmp_path / "good.png", photographs()[0])
    write_image(tmp_path / "good_mask.png", photographs()[0])
    write_image(tmp_path / "large.jpg", photographs(1, 90, 1000)[0])
    (tmp_path / "bad.jpg").write_bytes(b"no image")
    told = []
    paths = list_photographs([tmp_path])
    assert [path.name for path in paths] == ["bad.jpg", "good.png", "large.jpg"]
    loaded = load_photographs(paths, lambda *news: told.append(news))
    assert [image.shape for image in loaded] == [(80, 90, 3), (69, 768, 3)]
    assert told == [("photographs", done, 3) for done in (1, 2, 3)]
    assert caplog.text.count("bad.jpg") == 1
    with pytest.raises(LacunaError, match="no such folder"):
        list_photographs([tmp_path / "none"])
    with pytest.raises(LacunaError, match="no readable photograph"):
        load_photographs([tmp_path / "bad.jpg"])


def test_crops_come_from_everywhere_in_the_photograph():
    ramp = np.broadcast_to(np.arange(200, dtype=np.uint8)[None, :, None], (100, 200, 3))
    rng = np.random.default_rng(0)
    crops = [random_crop(rng, [np.ascontiguousarray(ramp)], 32) for _ in range(60)]
    assert min(crop.min() for crop in crops) < 10
    assert max(crop.max() for crop in crops) > 190
    spans = [int(np.ptp(crop[0, :, 0])) for crop in crops]
    assert min(spans) < 45
    assert max(spans) > 85


@pytest.mark.parametrize(("free", "expected"), [(10**9, "on the device"), (10**3, "by the processor")])
def test_a_gpu_that_holds_the_photographs_draws_for_itself(free, expected, monkeypatch):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (free, free))
    monkeypatch.setattr(feeding, "device_sampler", lambda maker, sizes, pool, device: (sizes, pool))
    sampler = build_sampler(photographs(), config(), torch.device("cuda"))
    assert (sampler == ([32, 64], None)) == (expected == "on the device")
    assert isinstance(sampler, AheadSampler) == (expected == "by the processor")
