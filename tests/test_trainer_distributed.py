"""Two processes on gloo, started by ``torchrun``, train one network."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from app.errors import LacunaError
from app.training.distributed import ALONE, Ranks, joined, rank_device
from app.training.learner import Learner
from tests.samplers import SmoothSampler
from tests.two_ranks import CPU, ONE_STEP, parameters

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What either process wrote down."""
    if sys.platform == "win32":
        pytest.skip("torchrun has no rendezvous there")
    folder = tmp_path_factory.mktemp("ranks")
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    if sys.platform == "linux":
        environment["GLOO_SOCKET_IFNAME"] = "lo"
    command = [*launch, str(ROOT / "tests" / "two_ranks.py"), str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [torch.load(folder / f"{rank}.pt", weights_only=True) for rank in range(2)]


def test_both_end_with_the_same_bits(outcomes):
    first, second = outcomes
    for part in ("one_step", "full"):
        for name, value in first[part]["parameters"].items():
            assert torch.equal(value, second[part]["parameters"][name]), name
    for name, value in first["full"]["discriminator"]["network"].items():
        assert torch.equal(value, second["full"]["discriminator"]["network"][name]), name


def test_their_gradients_were_averaged(outcomes):
    """Gradient descent is linear: the average of two lone steps, one on each process's share, is the shared step."""
    alone = []
    for rank in range(2):
        learner = Learner(ONE_STEP, CPU)
        learner.learn(SmoothSampler(seed=rank).batch(0, 2, 32), 1, ONE_STEP.learning_rate, feature_terms=True)
        alone.append(parameters(learner))
    for name, shared in outcomes[0]["one_step"]["parameters"].items():
        assert torch.allclose(shared, (alone[0][name] + alone[1][name]) / 2, atol=1e-5), name
    head = "coarse.ups.4.conv.weight"
    shared = outcomes[0]["one_step"]["parameters"][head]
    assert (alone[0][head] - shared).abs().max() > 1e-3
    assert (alone[1][head] - shared).abs().max() > 1e-3


def test_they_roll_back_together_and_count_alike(outcomes):
    for outcome in outcomes:
        assert outcome["full"]["skipped"] == [1]
        assert (outcome["full"]["steps"], outcome["full"]["images"]) == (3, 12)
        assert all(value.isfinite().all() for value in outcome["full"]["parameters"].values())
        assert outcome["highest"] == (1.0, 0.0)


def test_a_batch_is_shared_out_evenly_or_not_at_all():
    assert Ranks(1, 4).share(32) == 8
    with pytest.raises(LacunaError, match="a batch of 6 crops cannot be shared out evenly among 4 processes"):
        Ranks(1, 4).share(6)


def test_alone_nothing_is_joined(monkeypatch):
    for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK"):
        monkeypatch.delenv(name, raising=False)
    with joined(CPU) as ranks:
        assert ranks is ALONE
    assert not torch.distributed.is_initialized()
    assert ALONE.is_first
    assert ALONE.highest(3.0) == (3.0,)
    module = torch.nn.Linear(1, 1)
    assert ALONE.wrapped(module, CPU) is module
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert rank_device(CPU) == CPU
    with pytest.raises(LacunaError, match="start no more processes"):
        rank_device(torch.device("cuda"))
