"""The trainer's core: exact resume, a falling loss, configurations, bad data."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from app.errors import LacunaError
from app.imaging.files import write_image
from app.models.config import NetworkConfig
from app.training.config import SMALL_TRAINING, LossWeights, Phase, TrainConfig, load_config
from app.training.dataset import CropSampler, list_photographs, load_photographs
from app.training.features import SqueezeNetFeatures, feature_distance, load_squeezenet
from app.training.foreign import foreign_coarse
from app.training.losses import area_l1, gram
from app.training.trainer import CHECKPOINT_NAME, Trainer

NETWORK = NetworkConfig(width=4, channel_cap=4, levels=5)
CONFIG = TrainConfig(
    network=NETWORK,
    loss=LossWeights(feature=0.1, style=0.1),
    phases=(Phase(0.0, 32, 2), Phase(0.6, 64, 2)),
    learning_rate=2e-3,
    gradient_clip=1.0,
    steps=5,
    bf16=False,
    foreign_share=0.4,
)


def photographs():
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (80, 90, 3), dtype=np.uint8) for _ in range(3)]


def few_features(images):
    """A stand-in for SqueezeNet: differentiable maps at two scales."""
    return [images * 2, torch.nn.functional.avg_pool2d(images, 4)]


def trainer(config=CONFIG):
    return Trainer(
        config,
        CropSampler(photographs(), config.seed, foreign_share=config.foreign_share),
        torch.device("cpu"),
        few_features,
    )


def test_two_and_three_steps_equal_five_to_the_bit(tmp_path):
    straight = trainer()
    for _ in straight.run(tmp_path / "straight"):
        pass
    first = trainer()
    for _ in range(2):
        first.step()
    first.save(tmp_path / CHECKPOINT_NAME)
    second = trainer()
    second.restore(tmp_path / CHECKPOINT_NAME)
    logs = list(second.run(tmp_path / "resumed"))
    assert [log.step for log in logs] == [3, 4, 5]
    assert [log.size for log in logs] == [32, 64, 64]
    for name, value in straight.network.state_dict().items():
        assert torch.equal(value, second.network.state_dict()[name]), name
        assert torch.equal(straight.average[name], second.average[name]), name


def test_the_loss_falls():
    config = replace(CONFIG, phases=(Phase(0.0, 32, 4),), steps=40, largest_area=0.2)
    subject = trainer(config)
    losses = [sum(subject.step().losses) for _ in range(40)]
    assert np.mean(losses[-8:]) < 0.8 * np.mean(losses[:8])
    assert all(math.isfinite(loss) for loss in losses)


def test_another_network_cannot_be_resumed(tmp_path):
    trainer().save(tmp_path / CHECKPOINT_NAME)
    other = trainer(replace(CONFIG, network=replace(NETWORK, width=6)))
    with pytest.raises(LacunaError, match="another network"):
        other.restore(tmp_path / CHECKPOINT_NAME)
    (tmp_path / CHECKPOINT_NAME).write_bytes(b"no checkpoint")
    with pytest.raises(LacunaError, match="not a readable checkpoint"):
        trainer().restore(tmp_path / CHECKPOINT_NAME)


def test_batches_depend_on_seed_and_step_alone():
    sampler, again = CropSampler(photographs(), 5), CropSampler(photographs(), 5)
    sampler.batch(0, 2, 32)
    for ours, theirs in zip(sampler.batch(7, 2, 32), again.batch(7, 2, 32), strict=True):
        assert np.array_equal(ours, theirs)
    assert not np.array_equal(sampler.batch(8, 2, 32).truth, again.batch(7, 2, 32).truth)


def test_foreign_coarse_results_keep_the_known_and_never_see_the_hole():
    sampler = CropSampler(photographs(), 5, foreign_share=1.0)
    for step in range(4):
        batch = sampler.batch(step, 2, 48)
        assert batch.is_foreign.all()
        known = batch.masks == 0
        assert np.array_equal(batch.foreign[known], batch.truth[known])
        assert not np.array_equal(batch.foreign, batch.truth)
    image, hole = photographs()[0], np.zeros((80, 90), bool)
    hole[20:50, 30:60] = True
    other = np.where(hole[..., None], np.uint8(7), image)
    for seed in range(6):
        first, second = (foreign_coarse(np.random.default_rng(seed), picture, hole) for picture in (image, other))
        assert np.array_equal(first, second)


def test_area_l1_is_normalised_by_its_own_area():
    truth, mask = torch.zeros(1, 3, 10, 10), torch.zeros(1, 1, 10, 10)
    mask[..., :2, :] = 1
    raw = torch.full_like(truth, 0.1)
    raw[..., :2, :] = 0.5
    valid, hole = area_l1(raw, truth, mask)
    assert valid.item() == pytest.approx(0.1)
    assert hole.item() == pytest.approx(0.5)


def test_gram_and_distance():
    maps = torch.randn(2, 6, 5, 5)
    assert gram(maps).shape == (2, 6, 6)
    assert torch.allclose(gram(maps).diagonal(dim1=1, dim2=2).sum(1), torch.ones(2), atol=1e-5)
    images = torch.rand(2, 3, 64, 64)
    extractor = SqueezeNetFeatures().eval()
    assert [tuple(m.shape[1:]) for m in extractor(images)] == [(96, 29, 29), (256, 14, 14), (512, 6, 6)]
    assert torch.allclose(feature_distance(extractor, images, images), torch.zeros(2), atol=1e-6)


def test_perceptual_weights_are_checked(tmp_path):
    path = tmp_path / "features.safetensors"
    save_file(SqueezeNetFeatures().half().state_dict(), path)
    assert load_squeezenet(path).conv1.weight.dtype == torch.float32
    path.write_bytes(b"nothing")
    with pytest.raises(LacunaError, match=r"features\.safetensors: not SqueezeNet"):
        load_squeezenet(path)


def test_bad_photographs_are_named_and_skipped(tmp_path, caplog):
    write_image(tmp_path / "good.png", photographs()[0])
    write_image(tmp_path / "good_mask.png", photographs()[0])
    (tmp_path / "bad.jpg").write_bytes(b"no image")
    paths = list_photographs([tmp_path])
    assert [path.name for path in paths] == ["bad.jpg", "good.png"]
    assert len(load_photographs(paths)) == 1
    assert caplog.text.count("bad.jpg") == 1
    with pytest.raises(LacunaError, match="no such folder"):
        list_photographs([tmp_path / "none"])
    with pytest.raises(LacunaError, match="no readable photograph"):
        load_photographs([tmp_path / "bad.jpg"])


def test_configurations(tmp_path):
    assert load_config("small") is SMALL_TRAINING
    path = tmp_path / "mine.json"
    path.write_text('{"base": "paper", "minutes": 3, "loss": {"style": 1.5}, "network": {"width": 8}}')
    mine = load_config(str(path))
    assert (mine.minutes, mine.loss.style, mine.network.width, mine.network.levels) == (3, 1.5, 8, 8)
    assert TrainConfig.from_json(mine.to_json()) == mine
    path.write_text('{"speed": 3}')
    with pytest.raises(LacunaError, match="not a training configuration"):
        load_config(str(path))
    with pytest.raises(LacunaError, match="large"):
        load_config("large")
