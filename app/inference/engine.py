"""The engine: a request goes in, a generator of events comes out. Importing this loads torch."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from app.errors import LacunaError
from app.imaging import exemplar
from app.imaging.arrays import Mask, check_deep_image, check_mask, check_same_extent, hole_of
from app.imaging.formats import jpeg_recoding
from app.imaging.geometry import Rect
from app.imaging.masks import feathered
from app.inference import detail
from app.inference.allowed import AllowedFile
from app.inference.avoiding import avoid_warnings
from app.inference.catalog import CUSTOM, NETWORKS, OWN, actual_name
from app.inference.coarse import CoarseInpainter, build_coarse
from app.inference.device import PeakMeter, choose_device, device_label, free_cache, is_out_of_memory
from app.inference.exact import solve_exactly
from app.inference.limits import limits_of
from app.inference.networks import StageNetworks
from app.inference.probing import probed
from app.inference.region_job import RegionJob
from app.inference.regions import RegionPlan, filled_mask, plan_for
from app.inference.request import (
    Check,
    DeviceChoice,
    Event,
    InpaintOptions,
    InpaintRequest,
    Notice,
    Progress,
    Region,
    RegionPatch,
    RunCancelled,
    RunReport,
    Stage,
    StageResult,
    no_check,
    stages_until,
)
from app.inference.user_models import UserModel
from app.inference.weight_files import folder_of
from app.inference.work_time import WorkTime
from app.words import Words

AT_ONCE = 2
"""Regions that get their detail at the same time: enough for two cores, and a bound on the memory."""

LEAST_WORKING_SIZE = 256
"""Running out of memory halves the working size no further than this."""


_CPU = torch.device("cpu")


class Engine:
    """Keeps the networks loaded between runs. One thread at a time."""

    def __init__(self, weights: Path | None = None) -> None:
        """`weights` take the place of the shipped ones of the network whose they are."""
        self._weights = weights
        self._networks: dict[torch.device, StageNetworks] = {}
        self._coarse_networks: dict[tuple[str, torch.device, bool], CoarseInpainter | None] = {}
        self._user_model: tuple[AllowedFile, torch.device, UserModel] | None = None

    def networks(self, device: torch.device) -> StageNetworks:
        """The networks on `device`, loaded at the first call."""
        if device not in self._networks:
            self._networks[device] = StageNetworks(folder_of(OWN, self._weights), device)
        return self._networks[device]

    def coarse(self, options: InpaintOptions, device: torch.device = _CPU) -> CoarseInpainter | None:
        """What `options` want for the coarse stage, a network on `device`; None stands for LGNet's own.

        What takes time to load is kept. Raises `LacunaError`.
        """
        name = actual_name(options.coarse)
        if name in NETWORKS:
            key = name, device, options.exact
            if key not in self._coarse_networks:
                self._coarse_networks[key] = build_coarse(name, self._weights, device, full_precision=options.exact)
            return self._coarse_networks[key]
        if name != CUSTOM.name or options.coarse_file is None:
            return build_coarse(name, seed=options.seed)
        file, device = options.coarse_file, choose_device(options.device)
        if self._user_model is None or self._user_model[:2] != (file, device):
            self._user_model = None
            self._user_model = file, device, UserModel(file, device)
        return self._user_model[2]

    def prepare(self) -> None:
        """Load and compile now what the first run, and saving it, would wait for.

        Missing weights show at the run that needs them.
        """
        detail.warm_up()
        exemplar.warm_up()
        jpeg_recoding.warm_up()
        with contextlib.suppress(LacunaError):
            self.networks(choose_device(DeviceChoice.AUTO))

    def run(self, request: InpaintRequest, check: Check = no_check) -> Iterator[Event]:
        """Solve `request`, yielding progress, each stage's result as it is there, and the report.

        Closing the generator cancels between two regions or stages. `check` is called there too, and within the detail
        step and the coarse inpainters that allow it, on several threads; what it raises ends the run. Out of memory:
        the run starts again with half the working size, then on the CPU, and says so. Raises `LacunaError` for what
        the user can mend.
        """
        _check_request(request)
        device = choose_device(request.options.device)
        fallbacks: list[str] = []
        while True:
            try:
                yield from self._run_once(request, device, list(fallbacks), check)
                return
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                lighter = _lighter(request.options, device)
                if lighter is None:
                    raise LacunaError(
                        Words("memory ran out at the smallest working size: close other programs")
                    ) from error
            self._networks.clear()
            self._coarse_networks.clear()
            self._user_model = None
            free_cache(device)
            request, device, word = replace(request, options=lighter[0]), lighter[1], lighter[2]
            fallbacks.append(word)
            yield Notice(word)

    def _run_once(
        self, request: InpaintRequest, device: torch.device, warnings: list[str], check: Check
    ) -> Iterator[Event]:
        """One attempt; every notice is also appended to `warnings`, which the report repeats."""
        began = time.perf_counter()
        options = request.options
        coarse = self.coarse(options, device)
        name = coarse.name if isinstance(coarse, UserModel) else actual_name(options.coarse)
        networks = self.networks(device) if coarse is None or options.last_stage is not Stage.COARSE else None
        if request.probe_at is not None:
            yield from probed(request, request.probe_at, coarse, networks or self.networks(device), check)
            return
        seconds, meter = {"load": time.perf_counter() - began}, PeakMeter(networks.device if networks else None)
        if options.exact:
            if networks is None:
                networks = self.networks(device)
            whole = Region(Rect.of_array(request.mask), 1.0)
            for word in avoid_warnings(request.avoid, request.mask, (whole,), coarse):
                warnings.append(word)
                yield Notice(word)
            plan, hole_pixels = yield from solve_exactly(request, coarse, networks, seconds, meter, check)
        else:
            full = filled_mask(request.mask, options.grow)
            plan = plan_for(full, options, request.contexts)
            hole_pixels = int(np.count_nonzero(full))
            for word in (*_warnings(plan, full), *avoid_warnings(request.avoid, full, plan.regions, coarse)):
                warnings.append(word)
                yield Notice(word)
            yield from _run_stages(request, full, plan, coarse, networks, seconds, meter, check)
        seconds["total"] = time.perf_counter() - began
        model = " + ".join(part for part in (name if coarse else "", networks.name if networks else "") if part)
        label = device_label(device)
        seen = () if networks is None else tuple(networks.seen(each, options) for each in plan.regions)
        yield RunReport(model, label, seconds, plan.regions, hole_pixels, tuple(warnings), seen, meter.peaks)


def _run_stages(
    request: InpaintRequest,
    full: Mask,
    plan: RegionPlan,
    coarse: CoarseInpainter | None,
    networks: StageNetworks | None,
    seconds: dict[str, float],
    meter: PeakMeter,
    check: Check,
) -> Iterator[Event]:
    """Every stage in every region, a stage at a time, so that a stage shows as soon as all regions have it.

    Foreign coarse inpainters work on as many regions at once as there are processors, and stop when this is left.
    """
    feather = feathered(full, request.options.feather)
    jobs = [
        RegionJob(request.image, full, feather, region, box, finer, request.options, request.avoid)
        for region, box, finer in zip(plan.regions, plan.holes, plan.finer, strict=True)
    ]
    left = threading.Event()
    within = partial(_check_both, left, check)
    pool = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="coarse")
    detailing = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="detail")
    work = {stage: WorkTime() for stage in Stage}
    try:
        if coarse is not None:
            for job in jobs:
                job.begin(coarse, pool, within, work[Stage.COARSE])
        yield from _staged(request, jobs, networks, seconds, work, meter, check)
        if request.options.detail and any(job.needs_detail for job in jobs):
            time_of = work[Stage.DETAIL]
            working = [detailing.submit(time_of.spent_on, job.detailed, within) for job in jobs]
            yield from _detailed(request, jobs, working, seconds, time_of, check)
    finally:
        left.set()
        pool.shutdown(cancel_futures=True)
        detailing.shutdown(cancel_futures=True)
        for job in jobs:
            job.end()


def _check_both(left: threading.Event, check: Check) -> None:
    if left.is_set():
        raise RunCancelled
    check()


def _staged(
    request: InpaintRequest,
    jobs: list[RegionJob],
    networks: StageNetworks | None,
    seconds: dict[str, float],
    work: Mapping[Stage, WorkTime],
    meter: PeakMeter,
    check: Check,
) -> Iterator[Event]:
    """LGNet's stages. Whoever pulls them may do other things between two events: that is no time of theirs."""
    stages = stages_until(request.options.last_stage)
    count = len(stages) + (request.options.detail and any(job.needs_detail for job in jobs))
    for stage_index, stage in enumerate(stages, start=1):
        patches = []
        for region_index, job in enumerate(jobs, start=1):
            yield Progress(stage, stage_index, count, region_index, len(jobs), job.region)
            check()
            with meter.measured(stage), work[stage].measured():
                patches.append(job.result(stage, networks))
        spent = seconds[stage.value] = work[stage].seconds
        yield StageResult(stage, tuple(patches), spent, request.revision)


def _detailed(
    request: InpaintRequest,
    jobs: list[RegionJob],
    working: list[Future[RegionPatch]],
    seconds: dict[str, float],
    work: WorkTime,
    check: Check,
) -> Iterator[Event]:
    """The detail step, whose regions are `working` already, which takes the time in `work`."""
    index = len(stages_until(request.options.last_stage)) + 1
    patches = []
    for region_index, (job, patch) in enumerate(zip(jobs, working, strict=True), start=1):
        yield Progress(Stage.DETAIL, index, index, region_index, len(jobs), job.region)
        check()
        patches.append(patch.result())
    spent = seconds[Stage.DETAIL.value] = work.seconds
    yield StageResult(Stage.DETAIL, tuple(patches), spent, request.revision)


def _check_request(request: InpaintRequest) -> None:
    check_deep_image(request.image)
    check_mask(request.mask)
    check_same_extent(request.image, request.mask)
    if request.avoid is not None:
        check_mask(request.avoid)
        check_same_extent(request.image, request.avoid)
    hole = hole_of(request.mask)
    if not hole.any():
        raise LacunaError(Words("the mask is empty: paint over what should go first"))
    if not request.options.exact and hole.all():
        raise LacunaError(Words("the mask covers the whole image: leave some of it to work from"))


def _warnings(plan: RegionPlan, full: Mask) -> list[str]:
    """The worst limit of each kind, in words."""
    worst = {limit.kind: limit for limit in reversed(limits_of(plan, full))}
    return [worst[kind].text for kind in sorted(worst)]


def _lighter(options: InpaintOptions, device: torch.device) -> tuple[InpaintOptions, torch.device, str] | None:
    """The next rung after running out of memory, and the sentence that says so; None at the last."""
    if not options.exact and options.working_size // 2 >= LEAST_WORKING_SIZE:
        half = options.working_size // 2
        return (
            replace(options, working_size=half),
            device,
            Words("Memory ran out: going on at a working size of {half} pixels.", half=half),
        )
    if device.type != "cpu":
        word = Words("Memory ran out on the graphics card: going on with the processor.")
        return replace(options, device=DeviceChoice.CPU), torch.device("cpu"), word
    return None
