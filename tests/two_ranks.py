"""What each of two processes does in `test_trainer_distributed`: train, and write down how its network ends.

Run as ``torchrun --nproc-per-node 2 tests/two_ranks.py FOLDER``.
"""

import sys
from dataclasses import replace
from pathlib import Path

import torch

from app.models.config import NetworkConfig
from app.training.checkpoints import State
from app.training.config import LossWeights, Optimiser, Phase, TrainConfig
from app.training.distributed import Ranks, joined, launched_rank
from app.training.learner import Learner
from app.training.trainer import Trainer
from tests.samplers import PoisonedSampler, SmoothSampler

CPU = torch.device("cpu")

ONE_STEP = TrainConfig(
    network=NetworkConfig(width=4, channel_cap=4, levels=5),
    loss=LossWeights(),
    phases=(Phase(0.0, 32, 4),),
    optimiser=Optimiser.SGD,
    learning_rate=0.05,
    steps=1,
    bf16=False,
)
"""Plain gradient descent, so that the outcome is linear in the gradients."""

FULL = replace(
    ONE_STEP,
    loss=LossWeights(adversarial=0.1, discriminator_width=4),
    optimiser=Optimiser.ADAM,
    learning_rate=1e-3,
    steps=3,
)
"""With a discriminator; the second process alone meets a bad batch."""


def parameters(learner: Learner) -> State:
    """By name, without BatchNorm's statistics."""
    return {name: value.detach().clone() for name, value in learner.network.named_parameters()}


def trained(config: TrainConfig, sampler: SmoothSampler, ranks: Ranks) -> State:
    """The parameters and counts at the end."""
    learner = Learner(config, CPU, None, ranks)
    trainer = Trainer(config, learner, sampler, ranks)
    for _ in trainer.run():
        pass
    counts = {"steps": trainer.step_number, "images": trainer.images_seen, "skipped": trainer.state()["skipped"]}
    return {"parameters": parameters(learner), "discriminator": trainer.state()["adversary"], **counts}


def main(folder: Path) -> None:
    """Both configurations, one after the other."""
    with joined(CPU) as ranks:
        assert ranks.rank == launched_rank()
        bad = (1,) if ranks.rank == 1 else ()
        outcome = {
            "one_step": trained(ONE_STEP, SmoothSampler(seed=ranks.rank), ranks),
            "full": trained(FULL, PoisonedSampler(*bad, seed=ranks.rank), ranks),
            "highest": ranks.highest(float(ranks.rank), -float(ranks.rank)),
        }
        torch.save(outcome, folder / f"{ranks.rank}.pt")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(Path(sys.argv[1]))
