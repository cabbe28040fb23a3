"""Feeding: photographs, crops, foreign coarse results and their pools, on the processor and on a device."""

import threading
from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

from app.errors import LacunaError
from app.imaging.files import write_image
from app.inference.coarse import CoarseFill
from app.models.config import NetworkConfig
from app.training import feeding, pool_maker
from app.training.config import Phase
from app.training.configs import SMALL_TRAINING
from app.training.crop_sampler import AheadSampler, CropSampler
from app.training.dataset import list_photographs, load_photographs
from app.training.device_pool import DevicePool
from app.training.draws import Draws, random_crop
from app.training.feeding import POOL_NAME, build_sampler, device_sampler, pool_size
from app.training.foreign import FOREIGN_SHARES, Foreign, draw_foreign, foreign_coarse
from app.training.foreign_pool import ForeignPool, grown_pool, read_pool, write_pool
from app.training.mask_pool import MaskPool
from app.training.packed import PackedPhotographs, packed_bytes
from app.training.parallel import mapped
from app.training.pool_maker import PoolMaker

CPU = torch.device("cpu")
DRAWS = Draws(seed=5, foreign_share=0.5)


def photographs(count=3, height=80, width=90):
    """Smooth colours, so that a resampled crop can be compared."""
    rng = np.random.default_rng(0)
    coarse = [rng.integers(0, 256, (6, 7, 3), dtype=np.uint8) for _ in range(count)]
    return [cv2.resize(image, (width, height), interpolation=cv2.INTER_CUBIC) for image in coarse]


def pool(count=4, size=64):
    """Holes in the upper left; the foreign result is black there."""
    rng = np.random.default_rng(1)
    truth = rng.integers(100, 256, (count, size, size, 3), dtype=np.uint8)
    mask = np.zeros((count, size, size), np.uint8)
    mask[:, 5:30, 5:30] = 255
    return ForeignPool(truth, mask, np.where(mask[..., None] > 0, np.uint8(0), truth))


def same_pools(first, second):
    pairs = ((first.truth, second.truth), (first.mask, second.mask), (first.foreign, second.foreign))
    return all(np.array_equal(ours, theirs) for ours, theirs in pairs)


def config(**fields):
    network = NetworkConfig(width=4, channel_cap=4, levels=5)
    phases = (Phase(0.0, 32, 2), Phase(0.5, 64, 2))
    return replace(SMALL_TRAINING, **{"network": network, "phases": phases, "seed": 5, "foreign_pool": 0} | fields)


def equal(first, second):
    return all(torch.equal(ours, theirs) for ours, theirs in zip(first, second, strict=True))


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


@pytest.mark.parametrize("kind", Foreign)
def test_foreign_results_keep_the_known_and_never_see_the_hole(kind):
    image, hole = photographs()[0], np.zeros((80, 90), bool)
    hole[20:50, 30:60] = True
    other = np.where(hole[..., None], np.uint8(7), image)
    for seed in range(3):
        first, second = (foreign_coarse(np.random.default_rng(seed), picture, hole, kind) for picture in (image, other))
        assert np.array_equal(first, second)
        assert np.array_equal(first[~hole], image[~hole])
        assert not np.array_equal(first[hole], image[hole])


def test_foreign_results_where_nothing_is_known():
    everything = np.ones((80, 90), bool)
    for kind in Foreign:
        assert foreign_coarse(np.random.default_rng(0), photographs()[0], everything, kind).shape == (80, 90, 3)


def test_the_kinds_come_in_their_shares():
    rng = np.random.default_rng(0)
    kinds = [draw_foreign(rng) for _ in range(2000)]
    assert sum(FOREIGN_SHARES.values()) == pytest.approx(1.0)
    for kind, share in FOREIGN_SHARES.items():
        assert kinds.count(kind) / 2000 == pytest.approx(share, abs=0.04)


def test_windows_of_a_pool_hold_some_hole_and_not_too_much():
    small = pool().windows(32, 0.45)
    shares = [(pool().mask[item, y : y + 32, x : x + 32] > 0).mean() for item, y, x in small]
    assert len(small) > 8
    assert min(shares) >= 0.01
    assert max(shares) <= 0.45
    assert pool().windows(32, 0.9).shape[0] > small.shape[0]
    assert pool().windows(64, 0.6).tolist() == [[item, 0, 0] for item in range(4)]
    assert pool().windows(96, 0.6).shape == (0, 3)


def test_a_device_pool_cuts_where_the_windows_say():
    source, upright = pool(), torch.zeros(5, dtype=torch.bool)
    device_pool = DevicePool(source, (32,), 0.6, CPU)
    numbers = torch.linspace(0, 0.99, 5, dtype=torch.float64)
    truth, mask, foreign = device_pool.samples(lambda: numbers, upright, 32)
    windows = source.windows(32, 0.6)
    for index, number in enumerate(numbers):
        item, y, x = windows[int(number * len(windows))]
        part = (item, slice(y, y + 32), slice(x, x + 32))
        assert np.array_equal(truth[index], source.truth[part])
        assert np.array_equal(mask[index, 0], source.mask[part] / 255)
        assert np.array_equal(foreign[index], source.foreign[part])
    mirrored = device_pool.samples(lambda: numbers, ~upright, 32)
    assert torch.equal(mirrored.truth, truth.flip(2))
    assert torch.equal(mirrored.mask, mask.flip(3))


def test_a_pool_is_kept_and_grown(tmp_path):
    file = tmp_path / "run" / POOL_NAME
    asked = []

    def make(number):
        asked.append(number)
        return pool().truth[number], pool().mask[number], pool().foreign[number]

    first = grown_pool(None, 2, 64, make, lambda made: write_pool(file, made), workers=1)
    assert len(read_pool(file)) == 2
    whole = grown_pool(first, 4, 64, make, lambda made: write_pool(file, made), workers=2)
    assert sorted(asked) == [0, 1, 2, 3]
    assert same_pools(whole, pool())
    assert same_pools(read_pool(file), whole)


def test_an_interrupted_pool_keeps_what_it_has():
    kept = []

    def make(number):
        if number == 2:
            raise KeyboardInterrupt
        return pool().truth[number], pool().mask[number], pool().foreign[number]

    with pytest.raises(KeyboardInterrupt):
        grown_pool(None, 4, 64, make, kept.append, workers=1)
    assert [len(made) for made in kept] == [2]
    assert same_pools(kept[0], pool().first(2))


def test_a_bad_pool_file_is_named(tmp_path):
    file = tmp_path / POOL_NAME
    file.write_bytes(b"nothing")
    with pytest.raises(LacunaError, match=r"foreign_pool\.npz: not a pool"):
        read_pool(file)
    np.savez(file, truth=pool().truth, mask=pool().mask[:2], foreign=pool().foreign)
    with pytest.raises(LacunaError, match="not a pool"):
        read_pool(file)
    write_pool(file, pool())
    file.write_bytes(file.read_bytes()[:-4000])
    with pytest.raises(LacunaError, match="not a pool"):
        read_pool(file)


class White:
    """Stands for PatchMatch."""

    has_texture = True

    def fill(self, image, hole):
        return CoarseFill(np.where(hole[..., None], np.uint8(255), image))


def test_the_pool_of_a_run_is_found_again(tmp_path, monkeypatch):
    monkeypatch.setattr(pool_maker, "build_coarse", lambda name: White())
    settings, told = config(foreign_share=1.0, foreign_pool=3), []
    first = build_sampler(photographs(), settings, CPU, cache=tmp_path, progress=lambda *news: told.append(news))
    assert told == [("foreign samples", done, 3) for done in (1, 2, 3)]
    assert [path.name for path in tmp_path.glob("*.*")] == [POOL_NAME]
    monkeypatch.setattr(pool_maker, "build_coarse", None)  # a resumed run calls no inpainter
    again = build_sampler(photographs(), settings, CPU, cache=tmp_path, ahead=0)
    for size in (32, 64):
        assert equal(first.batch(4, 6, size), again.batch(4, 6, size))


def test_each_process_has_its_share_of_the_pool(tmp_path, monkeypatch):
    monkeypatch.setattr(pool_maker, "build_coarse", lambda name: White())
    for rank in range(2):
        build_sampler(photographs(), config(foreign_share=1.0, foreign_pool=5), CPU, rank, 2, cache=tmp_path)
    made = [read_pool(path) for path in sorted(tmp_path.glob("*.npz"))]
    assert [len(part) for part in made] == [3, 3]
    assert not np.array_equal(made[0].truth, made[1].truth)


def test_a_pool_of_other_crops_is_made_again(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(pool_maker, "build_coarse", lambda name: White())
    write_pool(tmp_path / POOL_NAME, pool(size=32))
    made = PoolMaker(photographs(), DRAWS, 64).patchmatch(2, tmp_path / POOL_NAME)
    assert made.size == 64
    assert "made for crops of 32 pixels" in caplog.text


def test_without_patchmatch_copies_take_its_share(tmp_path, monkeypatch, caplog):
    def absent(name):
        raise LacunaError("PatchMatch is not installed here")

    monkeypatch.setattr(pool_maker, "build_coarse", absent)
    with_pool = build_sampler(photographs(), config(foreign_share=1.0, foreign_pool=9), CPU, cache=tmp_path, ahead=0)
    assert caplog.text.count("not installed") == 1
    without = build_sampler(photographs(), config(foreign_share=1.0), CPU, ahead=0)
    assert equal(with_pool.batch(0, 4, 32), without.batch(0, 4, 32))
    write_pool(tmp_path / POOL_NAME, pool())  # a pool made elsewhere serves, however small
    assert len(PoolMaker(photographs(), DRAWS, 64).patchmatch(9, tmp_path / POOL_NAME)) == 4


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


def test_real_patchmatch_fills_a_pool(tmp_path):
    pytest.importorskip("patchmatch")
    maker = PoolMaker(photographs(), DRAWS, 48)
    file = tmp_path / POOL_NAME
    made = maker.patchmatch(2, file)
    holes = made.mask > 0
    assert np.array_equal(made.foreign[~holes], made.truth[~holes])
    assert not np.array_equal(made.foreign[holes], made.truth[holes])
    assert same_pools(maker.patchmatch(3, file).first(2), made)
    assert same_pools(maker.patchmatch(3), read_pool(file))


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"minutes": 600.0}, 50),
        ({"minutes": 2.0}, 8),
        ({"steps": 3}, 1),
        ({"steps": 3, "foreign_pool": 0}, 0),
        ({"minutes": 600.0, "foreign_share": 0.0}, 0),
    ],
)
def test_a_short_run_makes_a_small_pool(fields, size):
    settings = {"phases": (Phase(0.0, 128, 2),), "foreign_share": 0.5, "foreign_pool": 50} | fields
    assert pool_size(replace(SMALL_TRAINING, **settings)) == size
