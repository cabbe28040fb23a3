"""Training some stages alone: the frozen ones stay as they are to the bit, and what no stage needs is not run."""

from dataclasses import replace

import pytest
import torch

from app.errors import LacunaError
from app.models.lgnet import STAGE_NAMES
from app.training.checkpoints import CHECKPOINT_NAME, save_checkpoint
from app.training.learner import Learner
from tests.samplers import few_maps
from tests.test_training import CONFIG, CPU, assert_equal_states, trainer, without_time

PARTS = {"coarse": "coarse.", "local": "local.", "global": "globe."}


def states(subject):
    """Copies of the network's and the average's tensors."""
    state = subject.state()
    return {f"{name}/{key}": value.clone() for name in ("network", "average") for key, value in state[name].items()}


def changed_parts(before, after):
    """The stages of which a tensor differs, in the network or the average."""
    names = {name.split("/")[1] for name in before if not torch.equal(before[name], after[name])}
    return {stage for stage, prefix in PARTS.items() if any(name.startswith(prefix) for name in names)}


@pytest.mark.parametrize("stages", [("coarse",), ("local",), ("global",), ("coarse", "global"), ("local", "global")])
def test_frozen_stages_do_not_change_by_a_bit(stages):
    subject = trainer(replace(CONFIG, train_stages=stages, steps=3))
    before = states(subject)
    logs = list(subject.run())
    after = states(subject)
    assert changed_parts(before, after) == set(stages)
    assert set(logs[-1].figures) & set(STAGE_NAMES) == set(stages)
    unmoved = {name for name in before if torch.equal(before[name], after[name])}
    assert any(name.endswith("running_mean") for name in before.keys() - unmoved)
    assert {name for name in before if not name.split("/")[1].startswith(tuple(PARTS[s] for s in stages))} <= unmoved


def test_an_average_that_lags_behind_stays_where_it_is(tmp_path):
    """A stage that has learnt and is then frozen: its average moves no further towards it."""
    first = trainer(replace(CONFIG, steps=2))
    list(first.run())
    save_checkpoint(tmp_path / CHECKPOINT_NAME, first.state())
    second = trainer(replace(CONFIG, train_stages=("global",)))
    second.restore(tmp_path / CHECKPOINT_NAME)
    before = states(second)
    assert not torch.equal(before["network/coarse.ups.0.conv.weight"], before["average/coarse.ups.0.conv.weight"])
    list(second.run())
    assert changed_parts(before, states(second)) == {"global"}


def test_a_stage_alone_resumes_to_the_bit_and_hands_on_all_optimiser_state(tmp_path):
    begun = trainer(replace(CONFIG, steps=2))
    list(begun.run())
    save_checkpoint(tmp_path / "begun.pt", begun.state())
    config = replace(CONFIG, train_stages=("local",))
    straight = trainer(config)
    straight.restore(tmp_path / "begun.pt")
    list(straight.run())
    first = trainer(config)
    first.restore(tmp_path / "begun.pt")
    next(first.run())
    save_checkpoint(tmp_path / CHECKPOINT_NAME, first.state())
    second = trainer(config)
    second.restore(tmp_path / CHECKPOINT_NAME)
    list(second.run())
    assert_equal_states(without_time(straight.state()), without_time(second.state()))
    assert second.state()["optimiser"]["state"].keys() == begun.state()["optimiser"]["state"].keys()
    assert second.state()["adversary"] is not None


def test_what_comes_after_the_last_stage_that_learns_is_not_run(monkeypatch):
    subject = Learner(replace(CONFIG, train_stages=("local",)), CPU, few_maps)
    ran = []
    for name, part in subject.network.stage_networks().items():
        part.register_forward_hook(lambda module, given, made, name=name: ran.append((name, made.requires_grad)))
    subject.learn(trainer()._sampler.batch(0, 2, 32), 1, 1e-3, feature_terms=True)
    assert ran == [("coarse", False), ("local", True)]


@pytest.mark.parametrize("stages", [(), ("detail",)])
def test_stages_that_there_are_not_cannot_be_trained(stages):
    with pytest.raises(LacunaError, match="train_stages"):
        replace(CONFIG, train_stages=stages)
