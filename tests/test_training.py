"""The trainer's core: exact resume, roll-backs, a falling loss, loss terms and their perceptual networks."""

import math
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from app.errors import LacunaError
from app.models.config import NetworkConfig
from app.models.discriminator import PatchDiscriminator
from app.models.features import (
    SqueezeNetFeatures,
    VGG16Features,
    feature_distance,
    load_extractor,
    load_squeezenet,
)
from app.models.lgnet import LGNet
from app.training import guard, optimise
from app.training.checkpoints import CHECKPOINT_NAME, load_checkpoint, save_checkpoint
from app.training.config import FeatureForm, LossWeights, Optimiser, Phase, PixelLoss, Schedule, TrainConfig
from app.training.learner import Learner
from app.training.losses import FeatureTerms, area_loss, gram, grid_energy, hole_variation
from app.training.optimise import learning_rate
from app.training.trainer import Trainer
from tests.samplers import PoisonedSampler, SmoothSampler, few_maps

NETWORK = NetworkConfig(width=4, channel_cap=4, levels=5)
CONFIG = TrainConfig(
    network=NETWORK,
    loss=LossWeights(feature=0.1, style=0.1, adversarial=0.1, discriminator_width=4),
    phases=(Phase(0.0, 32, 3), Phase(0.6, 64, 2)),
    learning_rate=2e-3,
    gradient_clip=1.0,
    steps=5,
    bf16=False,
    validation_size=64,
    log_every=1,
)
CPU = torch.device("cpu")


def trainer(config=CONFIG, sampler=None):
    """Its clock stands still: whatever the machine's pace, losses are looked at every `log_every` steps."""
    return Trainer(config, Learner(config, CPU, few_maps), sampler or SmoothSampler(), clock=lambda: 0.0)


def assert_equal_states(first, second, where="state"):
    assert type(first) is type(second), where
    if isinstance(first, torch.Tensor):
        assert torch.equal(first, second), where
    elif isinstance(first, dict):
        assert first.keys() == second.keys(), where
        for key in first:
            assert_equal_states(first[key], second[key], f"{where}.{key}")
    elif isinstance(first, list | tuple):
        for index, pair in enumerate(zip(first, second, strict=True)):
            assert_equal_states(*pair, f"{where}[{index}]")
    else:
        assert first == second, where


def without_time(state):
    return {name: value for name, value in state.items() if name != "elapsed"}


@pytest.mark.parametrize("optimiser", Optimiser)
def test_two_and_three_steps_equal_five_to_the_bit(tmp_path, optimiser):
    config = replace(CONFIG, optimiser=optimiser)
    straight = trainer(config)
    assert len(list(straight.run())) == 5
    first = trainer(config)
    logs = first.run()
    assert [next(logs).step, next(logs).step] == [1, 2]
    save_checkpoint(tmp_path / CHECKPOINT_NAME, first.state())
    second = trainer(config)
    second.restore(tmp_path / CHECKPOINT_NAME)
    logs = list(second.run())
    assert [log.step for log in logs] == [3, 4, 5]
    assert [log.size for log in logs] == [32, 64, 64]
    assert second.images_seen == 3 * 3 + 2 * 2
    assert_equal_states(without_time(straight.state()), without_time(second.state()))
    state = straight.state()
    assert not torch.equal(state["network"]["coarse.ups.0.conv.weight"], state["average"]["coarse.ups.0.conv.weight"])


def test_the_loss_falls_and_names_its_terms():
    subject = trainer(replace(CONFIG, phases=(Phase(0.0, 32, 4),), steps=40))
    logs = list(subject.run())
    losses = [sum(log.figures[stage] for stage in ("coarse", "local", "global")) for log in logs]
    assert sum(losses[-8:]) < 0.8 * sum(losses[:8])
    figures = logs[-1].figures
    assert all(math.isfinite(figure) for figure in figures.values())
    assert {"coarse.adversarial", "discriminator", "gradient", "global.style", "local.variation"} <= figures.keys()
    assert "coarse.feature" not in figures
    assert "local.adversarial" not in figures
    by_hand = figures["coarse.valid"] + 6 * figures["coarse.hole"] + 0.1 * figures["coarse.adversarial"]
    assert figures["coarse"] == pytest.approx(by_hand, rel=1e-5)


def test_every_part_learns_end_to_end():
    """The global stage's loss alone moves the coarse network: nothing is detached between the stages."""
    loss = LossWeights(valid=0.0, hole=0.0, feature=1.0, style=0.0, feature_stages=("global",), total_variation=0.0)
    subject = Learner(replace(CONFIG, loss=loss), CPU, few_maps)
    before = subject.network.coarse.ups[0].conv.weight.detach().clone()
    subject.learn(SmoothSampler().batch(0, 2, 32), 1, 1e-3, feature_terms=True)
    assert not torch.equal(before, subject.network.coarse.ups[0].conv.weight)


def test_a_bad_batch_is_rolled_back_and_left_out(caplog):
    config = replace(CONFIG, phases=CONFIG.phases[:1], steps=6, log_every=4)
    poisoned = PoisonedSampler(2)
    subject = trainer(config, poisoned)
    list(subject.run())
    assert caplog.text.count("batch 2 gave a loss or gradient that is no number") == 1
    assert subject.step_number == 6
    assert subject.state()["skipped"] == [2]
    assert poisoned.drawn == [0, 1, 2, 3, 0, 1, 3, 4, 5, 6]
    assert all(value.isfinite().all() for value in subject.state()["average"].values())
    clean = trainer(config, SkippingSampler(2))
    list(clean.run())
    assert_equal_states(clean.learner.state(), subject.learner.state())


class SkippingSampler(SmoothSampler):
    """Leaves a batch out by itself."""

    def __init__(self, left_out):
        super().__init__()
        self._left_out = left_out

    def batch(self, step, count, size):
        return super().batch(step + (step >= self._left_out), count, size)


def test_a_training_that_keeps_diverging_is_given_up(monkeypatch):
    monkeypatch.setattr(guard, "SNAPSHOT_SECONDS", 0.0)
    config = replace(CONFIG, steps=15, phases=(Phase(0.0, 32, 2),))
    with pytest.raises(LacunaError, match=r"diverged: 5 times in a row .* learning_rate"):
        list(trainer(config, PoisonedSampler(*range(3, 100))).run())
    spread = range(1, 18, 3)
    assert len(spread) > guard.MOST_ROLLBACKS
    survivor = trainer(config, PoisonedSampler(*spread))
    list(survivor.run())
    assert survivor.state()["skipped"] == list(spread)


def test_the_budget_by_time_ends_a_run():
    clock = iter(range(10_000))
    config = replace(CONFIG, steps=0, minutes=1.0)
    subject = Trainer(config, Learner(config, CPU), SmoothSampler(), clock=lambda: float(next(clock)))
    logs = list(subject.run())
    assert logs[-1].progress == 1.0
    assert 60 <= subject.elapsed < 66
    assert {log.size for log in logs} == {32, 64}
    assert all(0 < log.waiting < 1 for log in logs)


def test_a_checkpoint_that_does_not_fit_is_refused(tmp_path):
    path = tmp_path / CHECKPOINT_NAME
    save_checkpoint(path, trainer().state())
    for change, word in (
        ({"network": replace(NETWORK, width=6)}, "another network"),
        ({"optimiser": Optimiser.SGD}, "another optimiser"),
    ):
        with pytest.raises(LacunaError, match=word):
            trainer(replace(CONFIG, **change)).restore(path)
    save_checkpoint(path, trainer(replace(CONFIG, loss=LossWeights())).state())
    with pytest.raises(LacunaError, match="without a discriminator"):
        trainer().restore(path)
    path.write_bytes(b"no checkpoint")
    with pytest.raises(LacunaError, match="not a readable checkpoint"):
        trainer().restore(path)
    with pytest.raises(LacunaError, match="no checkpoint to go on from"):
        trainer().restore(tmp_path / "none.pt")


def test_a_checkpoint_that_fails_leaves_the_one_before(tmp_path, monkeypatch):
    path = tmp_path / CHECKPOINT_NAME
    save_checkpoint(path, {"step": 1})

    def torn(state, file):
        file.write(b"half")
        raise RuntimeError("unexpected pos 64 vs 0")

    monkeypatch.setattr(torch, "save", torn)
    with pytest.raises(LacunaError, match=r"cannot save .*the one before is kept"):
        save_checkpoint(path, {"step": 2})
    monkeypatch.undo()
    assert load_checkpoint(path)["step"] == 1
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == [CHECKPOINT_NAME]


def test_starting_from_weights(tmp_path):
    torch.manual_seed(3)
    trained = LGNet(NETWORK)
    subject = trainer()
    subject.learner.start_from(trained, tmp_path)
    for name, value in trained.state_dict().items():
        assert torch.equal(subject.learner.network.state_dict()[name], value)
        assert torch.equal(subject.learner.average.network.state_dict()[name], value)
    with pytest.raises(LacunaError, match="its network's width is 6, the configuration's 4"):
        subject.learner.start_from(LGNet(replace(NETWORK, width=6)), tmp_path)


def test_the_average_follows_by_its_decay():
    network = LGNet(NETWORK)
    average = optimise.Average(network, 0.9)
    name = "local.head.1.bias"
    before = network.state_dict()[name].clone()
    with torch.no_grad():
        network.local.head[1].bias += 1.0
        network.coarse.downs[1].norm.num_batches_tracked += 3
    average.update(1000)
    assert torch.allclose(average.network.state_dict()[name], before + 0.1, atol=1e-6)
    assert average.network.coarse.downs[1].norm.num_batches_tracked == 3
    average.update(1)  # early on it follows faster: 2/11
    assert torch.allclose(average.network.state_dict()[name], before + 1 - 0.9 * 2 / 11, atol=1e-6)


def test_schedules():
    rates = {
        schedule: [learning_rate(replace(CONFIG, schedule=schedule), 100, p) / 2e-3 for p in (0.0, 0.5, 0.75, 1.0)]
        for schedule in Schedule
    }
    assert rates[Schedule.CONSTANT] == pytest.approx([1, 1, 1, 1])
    assert rates[Schedule.LINEAR] == pytest.approx([1, 1, 0.5, 0])
    assert rates[Schedule.COSINE] == pytest.approx([1, 0.5, 0.146447, 0], abs=1e-6)
    assert learning_rate(replace(CONFIG, warmup_steps=4), 0, 0.0) == pytest.approx(2e-3 / 4)


def test_pixel_losses_are_normalised_by_their_own_area():
    truth, mask = torch.zeros(1, 3, 10, 10), torch.zeros(1, 1, 10, 10)
    mask[..., :2, :] = 1
    raw = torch.full_like(truth, 0.1)
    raw[..., :2, :] = 0.5
    assert [part.item() for part in area_loss(raw, truth, mask)] == pytest.approx([0.1, 0.5])
    assert [part.item() for part in area_loss(raw, truth, mask, PixelLoss.L2)] == pytest.approx([0.01, 0.25])


def test_published_feature_terms_are_l1_of_raw_maps_and_of_grams():
    first, second = torch.rand(2, 3, 16, 16), torch.rand(2, 3, 16, 16)
    loss = LossWeights()
    feature, style = FeatureTerms(few_maps, second, loss)(first)
    pairs = list(zip(few_maps(first), few_maps(second), strict=True))
    assert feature.item() == pytest.approx(sum((a - b).abs().mean().item() for a, b in pairs), rel=1e-5)

    def by_hand(maps):
        return torch.einsum("bchw,bdhw->bcd", maps, maps) / maps[0].numel()

    expected = sum((by_hand(a) - by_hand(b)).abs().mean().item() for a, b in pairs)
    assert style.item() == pytest.approx(expected, rel=1e-4)


def test_normalised_feature_term_is_the_feature_distance():
    first, second = torch.rand(2, 3, 16, 16), torch.rand(2, 3, 16, 16)
    first[:, :, :5], second[:, :, 3:8] = 0.0, 0.0  # no features at all: in one, in both, in the other
    feature, style = FeatureTerms(few_maps, second, LossWeights(form=FeatureForm.NORMALISED))(first)
    assert feature.item() == pytest.approx(feature_distance(few_maps, first, second).mean().item(), rel=1e-5)
    assert style.item() > 0
    maps = torch.nn.functional.normalize(torch.randn(2, 6, 5, 5), dim=1)
    diagonal = gram(maps, FeatureForm.NORMALISED).diagonal(dim1=1, dim2=2)
    assert torch.allclose(diagonal.sum(1), torch.ones(2), atol=1e-5)


def test_variation_looks_inside_the_hole_alone():
    picture, mask = torch.zeros(1, 3, 4, 4), torch.ones(1, 1, 4, 4)
    picture[..., 2:] = 0.6
    assert hole_variation(picture, mask).item() == pytest.approx(0.6 / 3)
    assert hole_variation(picture, mask * 0).item() == 0


def test_the_discriminator_is_the_published_one():
    convolutions = [module for module in PatchDiscriminator().modules() if isinstance(module, torch.nn.Conv2d)]
    assert [convolution.out_channels for convolution in convolutions] == [64, 128, 256, 512, 1]
    assert {convolution.kernel_size for convolution in convolutions} == {(5, 5)}
    subject = PatchDiscriminator(2)
    for _ in range(30):
        subject(torch.rand(1, 3, 32, 32))
    for convolution in (module for module in subject.modules() if isinstance(module, torch.nn.Conv2d)):
        assert torch.linalg.matrix_norm(convolution.weight.flatten(1), 2).item() == pytest.approx(1.0, abs=0.05)


def test_the_perceptual_network_is_told_by_its_tensors(tmp_path):
    squeeze, vgg, pickled = (tmp_path / name for name in ("squeeze.safetensors", "vgg.safetensors", "vgg.pth"))
    save_file(SqueezeNetFeatures().half().state_dict(), squeeze)
    classifier = {"classifier.0.weight": torch.zeros(2, 2), "features.17.weight": torch.zeros(4)}
    save_file(VGG16Features().half().state_dict() | classifier, vgg)
    torch.save(VGG16Features().state_dict() | classifier, pickled)
    assert load_squeezenet(squeeze).conv1.weight.dtype == torch.float32
    for path in (vgg, pickled):
        network = load_extractor(path)
        assert isinstance(network, VGG16Features)
        assert not any(parameter.requires_grad for parameter in network.parameters())
        with pytest.raises(LacunaError, match=r"VGG16's weights; the feature distance is defined on SqueezeNet"):
            load_squeezenet(path)
    images = torch.rand(2, 3, 64, 64)
    assert [tuple(m.shape[1:]) for m in network(images)] == [(64, 32, 32), (128, 16, 16), (256, 8, 8)]
    assert list(network.state_dict())[:2] == ["features.0.weight", "features.0.bias"]
    extractor = load_extractor(squeeze)
    assert [tuple(m.shape[1:]) for m in extractor(images)] == [(96, 29, 29), (256, 14, 14), (512, 6, 6)]
    assert torch.allclose(feature_distance(extractor, images, images), torch.zeros(2), atol=1e-6)


def test_other_files_are_no_perceptual_network(tmp_path):
    path = tmp_path / "features.safetensors"
    path.write_bytes(b"nothing")
    with pytest.raises(LacunaError, match=r"features\.safetensors: not SqueezeNet"):
        load_squeezenet(path)
    save_file({"features.0.weight": torch.zeros(96, 3, 7, 7)}, path)
    with pytest.raises(LacunaError, match=r"nor VGG16's in torchvision's layout"):
        load_extractor(path)
    pickled = tmp_path / "network.pth"
    torch.save(VGG16Features(), pickled)
    with pytest.raises(LacunaError, match="not a checkpoint that can be loaded safely"):
        load_extractor(pickled)
    with pytest.raises(LacunaError, match=r"none\.safetensors"):
        load_extractor(tmp_path / "none.safetensors")


def test_grid_energy_sees_a_lattice_and_no_texture():
    generator = torch.Generator().manual_seed(3)
    texture = torch.randn((8, 3, 64, 64), generator=generator) * 0.1
    lattice = torch.zeros(64, 64)
    lattice[::8, ::8] = 0.4
    mask = torch.zeros((8, 1, 64, 64))
    mask[:, :, 8:60, 4:56] = 1
    alone = float(grid_energy(texture, mask))
    assert float(grid_energy(texture + lattice, mask)) > 10 * alone
    assert float(grid_energy(torch.full_like(texture, 0.3), mask)) == pytest.approx(0, abs=1e-9)
    assert float(grid_energy(texture + lattice * (1 - mask), mask)) == pytest.approx(alone)


def test_grid_energy_of_an_empty_hole_is_nothing():
    assert float(grid_energy(torch.ones((1, 3, 32, 32)), torch.zeros((1, 1, 32, 32)))) == 0
