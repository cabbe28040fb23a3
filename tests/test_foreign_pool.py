"""Feeding: foreign coarse results and their pools."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from app.errors import LacunaError
from app.inference.coarse import CoarseFill
from app.training import pool_maker
from app.training.config import Phase
from app.training.configs import SMALL_TRAINING
from app.training.device_pool import DevicePool
from app.training.feeding import POOL_NAME, build_sampler, pool_size
from app.training.foreign import FOREIGN_SHARES, Foreign, draw_foreign, foreign_coarse
from app.training.foreign_pool import grown_pool, read_pool, write_pool
from app.training.pool_maker import PoolMaker
from tests.feeds import CPU, DRAWS, config, equal, photographs, pool


def same_pools(first, second):
    pairs = ((first.truth, second.truth), (first.mask, second.mask), (first.foreign, second.foreign))
    return all(np.array_equal(ours, theirs) for ours, theirs in pairs)


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
