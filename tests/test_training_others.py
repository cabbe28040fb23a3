"""The trainer on the other networks: exact resume, stages alone, what a run leaves behind."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from app.cli.main import main
from app.imaging.files import write_image
from app.models.weights import find_weights, load_any
from app.training.checkpoints import CHECKPOINT_NAME, save_checkpoint
from app.training.config import Phase
from app.training.configs import CONFIGS
from app.training.learner import Learner
from tests.other_networks import OTHERS, TINY_OTHERS
from tests.samplers import SmoothSampler, few_maps
from tests.test_training import CPU, assert_equal_states, trainer, without_time


def config_of(network, **fields):
    """The named configuration, small."""
    named = CONFIGS[network.kind]
    small = {"network": network, "phases": (Phase(0.0, 32, 3), Phase(0.6, 64, 2)), "steps": 5, "bf16": False}
    loss = replace(named.loss, feature_start=0.0)
    return replace(named, **small | {"loss": loss, "validation_size": 64, "log_every": 1} | fields)


@pytest.fixture(params=TINY_OTHERS, ids=lambda network: network.kind)
def network(request):
    return request.param


def test_two_and_three_steps_equal_five_to_the_bit(network, tmp_path):
    config = config_of(network)
    straight = trainer(config)
    logs = list(straight.run())
    last = network.stage_names[-1]
    assert {f"{last}.feature", f"{last}.grid", f"{last}.hole", "gradient"} <= logs[-1].figures.keys()
    first = trainer(config)
    steps = first.run()
    assert [next(steps).step, next(steps).step] == [1, 2]
    save_checkpoint(tmp_path / CHECKPOINT_NAME, first.state())
    second = trainer(config)
    second.restore(tmp_path / CHECKPOINT_NAME)
    assert [log.step for log in second.run()] == [3, 4, 5]
    assert_equal_states(without_time(straight.state()), without_time(second.state()))


def test_the_loss_falls(network):
    learner = Learner(config_of(network), CPU, few_maps)
    batch = SmoothSampler().batch(0, 4, 32)
    losses = [
        float(learner.learn(batch, step, 3e-3, feature_terms=False)[network.stage_names[-1]].detach())
        for step in range(1, 31)
    ]
    assert losses[-1] < 0.7 * losses[0]


def test_the_attending_stage_alone():
    network = TINY_OTHERS[1]
    subject = trainer(config_of(network, train_stages=("global",), steps=2))
    before = {name: value.clone() for name, value in subject.state()["network"].items()}
    logs = list(subject.run())
    after = subject.state()["network"]
    changed = {name.split(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"globe"}
    assert "coarse" not in logs[-1].figures


@pytest.mark.parametrize("kind", OTHERS)
def test_train_leaves_weights_and_a_card(kind, tmp_path, capfd):
    folder = tmp_path / "photographs"
    folder.mkdir()
    rng = np.random.default_rng(4)
    for index in range(3):
        write_image(folder / f"{index}.png", rng.integers(0, 256, (64, 64, 3), dtype=np.uint8))
    network = {config.kind: config.to_json() for config in TINY_OTHERS}[kind]
    phases = [{"start": 0, "size": 32, "batch": 2}]
    settings = {"base": kind, "network": network, "steps": 2, "validation_size": 64, "phases": phases}
    (tmp_path / "quick.json").write_text(json.dumps(settings))
    run = tmp_path / "run"
    words = ["train", "--data", folder, "--out", run, "--config", tmp_path / "quick.json", "--device", "cpu", "--json"]
    assert main([str(word) for word in [*words, "--validation", folder]]) == 0
    outcome = json.loads(capfd.readouterr().out)
    found = find_weights(run / "weights")
    assert outcome["losses"].keys() == outcome["validation"].keys() == set(found.config.stage_names)
    assert found.config.kind == kind
    assert found.card["licence"] == "MIT"
    assert {"context-encoder": "Pathak", "contextual-attention": "Yu"}[kind] in found.card["source"]
    assert load_any(found).config == found.config
    told = json.loads((run / "weights" / "config.json").read_text())
    assert told["network"] == network
    again = tmp_path / "again"
    words[words.index(run)] = again
    words[words.index(tmp_path / "quick.json")] = run / "weights" / "config.json"
    assert main([str(word) for word in [*words, "--init", run / "weights"]]) == 0
    assert json.loads((again / "weights" / "model.json").read_text())["training"]["started_from"]["name"] == "weights"


def test_weights_of_another_network_are_no_beginning(tmp_path, capfd):
    folder = tmp_path / "photographs"
    folder.mkdir()
    write_image(folder / "0.png", np.zeros((64, 64, 3), np.uint8))
    from tests.networks import write_tiny_weights

    start = write_tiny_weights(tmp_path)
    words = ["train", "--data", folder, "--out", tmp_path / "run", "--config", "context-encoder", "--steps", "1"]
    assert main([str(word) for word in [*words, "--device", "cpu", "--init", start]]) == 1
    assert "its network's kind is None, the configuration's context-encoder" in capfd.readouterr().err
