"""The methods as the program runs them on a photograph of any size: the engine's regions, growth, feather, detail."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from app.imaging import exemplar
from app.imaging.arrays import HOLE, Image
from app.inference.coarse import build_coarse
from app.inference.detail import warm_up
from app.inference.device import choose_device
from app.inference.engine import Engine
from app.inference.networks import StageNetworks
from app.inference.request import STAGES, DeviceChoice, InpaintOptions, InpaintRequest, RunReport, Stage, StageResult
from app.training.evaluate import Sample
from app.training.methods import Method
from app.training.solvers import Solution, Solved

logger = logging.getLogger(__name__)

Run = dict[Stage, tuple[StageResult, float]]
"""Each stage's result and the seconds from the run's beginning to it."""


class AblatedEngine(Engine):
    """An engine of whose networks the refinements in `skipped` hand on what they get."""

    def __init__(self, weights: Path | None, skipped: frozenset[Stage]) -> None:
        super().__init__(weights)
        self._skipped = skipped

    def networks(self, device: torch.device) -> StageNetworks:
        """See `Engine.networks`."""
        return super().networks(device).without(self._skipped)


class EngineSolver:
    """Methods that differ in their last stage share one run, except that every result with detail needs its own.

    Detail is built where there is texture to keep or the last refinement has run: on the global stage and on every
    stage above a coarse inpainter that has texture. Only patches are kept, never a method's whole picture.
    """

    def __init__(self, methods: Sequence[Method], weights: Path | None, device: DeviceChoice) -> None:
        self._methods = methods
        self._device = device
        self._engines = {skipped: AblatedEngine(weights, skipped) for skipped in {m.skipped for m in methods}}
        self._textured = {name for name in {m.coarse for m in methods} if _has_texture(name, weights)}
        self._last: dict[tuple[str, frozenset[Stage]], Stage] = {}
        for method in methods:
            key = method.coarse, method.skipped
            self._last[key] = max(self._last.get(key, Stage.COARSE), method.last_stage, key=STAGES.index)
        self._said: set[str] = set()

    def prepare(self) -> None:
        """Load and compile now, so that no sample pays for it."""
        warm_up()
        exemplar.warm_up()
        for skipped, engine in self._engines.items():
            if any(method.needs_networks for method in self._methods if method.skipped == skipped):
                engine.networks(choose_device(self._device))

    def solve(self, samples: Iterable[Sample]) -> Iterator[Solved]:
        """See `app.training.solvers.Solver`."""
        for sample in samples:
            yield sample, self._solutions(sample)

    def _solutions(self, sample: Sample) -> Iterator[Solution]:
        runs: dict[tuple[str, frozenset[Stage], Stage], Run] = {}
        for method in self._methods:
            detailed = self._has_detail(method.coarse, method.last_stage)
            last = method.last_stage if detailed else self._last[method.coarse, method.skipped]
            key = method.coarse, method.skipped, last
            if key not in runs:
                runs[key] = self._run(sample, method, last)
            plain = runs[key][method.last_stage]
            result, seconds = runs[key].get(Stage.DETAIL, plain) if detailed else plain
            picture: Image = result.laid_over(sample.image)
            yield Solution(method, picture, seconds)

    def _has_detail(self, coarse: str, last: Stage) -> bool:
        return last is Stage.GLOBAL or coarse in self._textured

    def _run(self, sample: Sample, method: Method, last: Stage) -> Run:
        detail = self._has_detail(method.coarse, last)
        options = InpaintOptions(coarse=method.coarse, last_stage=last, detail=detail, device=self._device)
        request = InpaintRequest(sample.image, np.where(sample.hole, np.uint8(HOLE), np.uint8(0)), options)
        run: Run = {}
        began = time.perf_counter()
        for event in self._engines[method.skipped].run(request):
            if isinstance(event, StageResult):
                run[event.stage] = event, time.perf_counter() - began
            elif isinstance(event, RunReport):
                self._tell(sample, event.warnings)
        return run

    def _tell(self, sample: Sample, warnings: tuple[str, ...]) -> None:
        """What the engine wants known, such as memory that ran out: once a sample."""
        for text in (f"{sample.name}: {warning}" for warning in warnings):
            if text not in self._said:
                self._said.add(text)
                logger.warning("%s", text)


def _has_texture(coarse: str, weights: Path | None) -> bool:
    inpainter = build_coarse(coarse, weights)
    return inpainter is not None and inpainter.has_texture
