"""Runs the methods on the samples: what several methods need is computed once and counted in each one's seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple, Protocol

import numpy as np

from app.imaging.arrays import Hole, Image
from app.inference.coarse import CoarseInpainter, build_coarse
from app.inference.networks import StageNetworks, StagePicture
from app.inference.request import STAGES, Stage
from app.training.evaluate import Sample
from app.training.methods import Method

_CHUNK = 4
"""Samples a thread whose coarse fills are made in one go."""


class Timed(NamedTuple):
    """A picture ``(H, W, 3)`` and the wall-clock seconds of everything it needs."""

    picture: Image
    seconds: float


class Solution(NamedTuple):
    """What a method made of a sample."""

    method: Method
    picture: Image
    seconds: float


Solved = tuple[Sample, Iterator[Solution]]
"""A sample and its solutions in the methods' order; take them before the next sample is asked for."""


class Solver(Protocol):
    """Runs a fixed list of methods."""

    def solve(self, samples: Iterable[Sample]) -> Iterator[Solved]:
        """Every sample with every method's solution."""
        ...


class BareSolver:
    """The networks and the coarse inpainters on whole pictures as they are, in float32: nothing else round them.

    The other coarse inpainters work on several samples at a time, one thread each, while the networks rest; then the
    networks run, so that no one's seconds suffer from another's work. Results do not depend on the threads.
    """

    def __init__(
        self,
        methods: Sequence[Method],
        networks: StageNetworks | None,
        threads: int = 1,
        build: Callable[[str], CoarseInpainter | None] = build_coarse,
    ) -> None:
        """`networks` may be None where no method needs them; `build` makes the other coarse inpainters."""
        self._methods = methods
        self._networks = networks
        self._threads = threads
        fillers = {name: build(name) for name in dict.fromkeys(method.coarse for method in methods)}
        self._fillers = {name: filler for name, filler in fillers.items() if filler is not None}

    def warm_up(self, size: int) -> None:
        """Run everything once on a picture of `size` × `size` pixels, so that no sample pays for what comes first."""
        hole = np.zeros((size, size), bool)
        hole[size // 2 : size // 2 + 16, size // 2 : size // 2 + 16] = True
        for _, solutions in self.solve([Sample("", np.full((size, size, 3), 128, np.uint8), hole, 0)]):
            for _ in solutions:
                pass

    def solve(self, samples: Iterable[Sample]) -> Iterator[Solved]:
        """See `Solver`."""
        remaining = iter(samples)
        with ThreadPoolExecutor(self._threads, thread_name_prefix="fill") as pool:
            while chunk := list(islice(remaining, _CHUNK * self._threads)):
                tasks = [(sample, filler) for sample in chunk for filler in self._fillers.values()]
                timed = iter(list(pool.map(_filled, tasks)))
                for sample in chunk:
                    yield sample, self._solutions(sample, {name: next(timed) for name in self._fillers})

    def _solutions(self, sample: Sample, fills: dict[str, Timed]) -> Iterator[Solution]:
        chains: dict[tuple[str, frozenset[Stage]], _Chain] = {}
        for method in self._methods:
            fill = fills.get(method.coarse)
            if self._networks is None or not method.needs_networks:
                assert fill is not None
                yield Solution(method, *fill)
                continue
            key = method.coarse, method.skipped
            if key not in chains:
                chains[key] = _Chain(self._networks.without(method.skipped), sample.image, sample.hole, fill)
            yield Solution(method, *chains[key].at(method.last_stage))


def _filled(task: tuple[Sample, CoarseInpainter]) -> Timed:
    sample, filler = task
    began = time.perf_counter()
    picture = filler.fill(sample.image, sample.hole).picture
    return Timed(picture, time.perf_counter() - began)


class _Chain:
    """The stages of one sample on top of one coarse picture, run as far as anyone has asked."""

    def __init__(self, networks: StageNetworks, image: Image, hole: Hole, start: Timed | None) -> None:
        coarse = None if start is None else start.picture
        self._stages: Iterator[StagePicture] = networks.stages(image, hole, coarse, full_precision=True)
        self._spent = 0.0 if start is None else start.seconds
        self._done: list[Timed] = []

    def at(self, stage: Stage) -> Timed:
        """The composite after `stage`, with the seconds of all before it."""
        while len(self._done) <= STAGES.index(stage):
            began = time.perf_counter()
            picture = next(self._stages).composite
            self._spent += time.perf_counter() - began
            self._done.append(Timed(picture, self._spent))
        return self._done[STAGES.index(stage)]


def needs_networks(methods: Sequence[Method]) -> bool:
    """True where any of `methods` runs a network."""
    return any(method.needs_networks for method in methods)
