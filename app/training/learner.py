"""What learns: network, average, optimiser and discriminator, changed by one batch at a time."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from app.errors import LacunaError
from app.models.features import Extractor
from app.models.kinds import build_network
from app.models.staged import StagedNetwork, StageOutput
from app.training.adversary import Adversary
from app.training.batches import Batch
from app.training.checkpoints import State
from app.training.config import TrainConfig
from app.training.distributed import ALONE, Ranks
from app.training.forward import TrainingPass, stage_outputs, training_precision
from app.training.losses import FeatureTerms, Terms, stage_terms, weighted_sum
from app.training.optimise import Average, build_optimiser, descend, load_optimiser


class Learner:
    """The network of `config` on `device`. Their first weights follow from `config.seed` alone."""

    def __init__(
        self, config: TrainConfig, device: torch.device, extractor: Extractor | None = None, ranks: Ranks = ALONE
    ) -> None:
        torch.manual_seed(config.seed)
        self.network = build_network(config.network).to(device)
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = Average(self.network, config.ema, config.learning_stages)
        self._config = config
        self._pass = ranks.wrapped(TrainingPass(self.network, config.learning_stages), device)
        self._optimiser = build_optimiser(config, self.network.parameters())
        self._adversary = Adversary(config, device, ranks) if config.loss.adversarial > 0 else None
        self._extractor = extractor
        self._precision = training_precision(device, bf16=config.bf16)

    def learn(self, batch: Batch, step: int, rate: float, *, feature_terms: bool) -> Terms:
        """Step number `step` (from 1) at the learning rate `rate`; its figures, scalars that stay on the device.

        They are the loss of each stage that learns (``local``), its unweighted terms (``local.hole``), the gradients'
        norm (``gradient``) and those of the discriminator.
        """
        with self._precision():
            outputs = stage_outputs(self._pass, self._config.network.stage_names, batch)
        terms = self._terms(outputs, batch, feature_terms=feature_terms)
        figures: Terms = {}
        if self._adversary is not None and outputs[0].name in terms:
            made = outputs[0].composite
            loss, norm = self._adversary.learn(batch.truth, made, rate, self._precision)
            figures |= {"discriminator": loss, "discriminator.gradient": norm}
            terms[outputs[0].name]["adversarial"] = self._adversary.term(made, self._precision)
        losses = {stage: weighted_sum(own, self._config.loss) for stage, own in terms.items()}
        total = torch.stack(list(losses.values())).sum()
        figures["gradient"] = descend(self._optimiser, total, rate, self._config.gradient_clip)
        for stage, own in terms.items():
            figures[stage] = losses[stage]
            figures |= {f"{stage}.{name}": value for name, value in own.items()}
        self.average.update(step)
        return figures

    def state(self) -> State:
        """Live tensors of everything a resumed run needs."""
        return {
            "network": self.network.state_dict(),
            "average": self.average.network.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "adversary": None if self._adversary is None else self._adversary.state(),
        }

    def load(self, state: State) -> None:
        """The inverse of `state`, which has a discriminator where one is wanted."""
        if self._adversary is not None:
            self._adversary.load(state["adversary"])
        self.network.load_state_dict(state["network"])
        self.average.network.load_state_dict(state["average"])
        load_optimiser(self._optimiser, state["optimiser"])

    def start_from(self, network: StagedNetwork, source: Path) -> None:
        """Begin with a trained network's weights, read from `source`. `LacunaError` where its configuration differs."""
        wanted, found = self._config.to_json()["network"], network.config.to_json()
        for name, value in wanted.items():
            if found.get(name) != value:
                raise LacunaError(f"{source}: its network's {name} is {found.get(name)}, the configuration's {value}")
        self.network.load_state_dict(network.state_dict())
        self.average.network.load_state_dict(network.state_dict())

    def _terms(self, outputs: list[StageOutput], batch: Batch, *, feature_terms: bool) -> dict[str, Terms]:
        loss, trained = self._config.loss, self._config.learning_stages
        wanted = feature_terms and self._extractor is not None and set(loss.feature_stages) & set(trained)
        features = FeatureTerms(self._maps, batch.truth, loss) if wanted else None
        return {
            output.name: stage_terms(
                output, batch.truth, batch.mask, loss, features if output.name in loss.feature_stages else None
            )
            for output in outputs
            if output.name in trained
        }

    def _maps(self, pictures: Tensor) -> list[Tensor]:
        assert self._extractor is not None
        with self._precision():
            return self._extractor(pictures)
