"""The run that brings no result but tells where the global stage looks: one region once more, as it was solved."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from app.errors import LacunaError
from app.imaging.arrays import hole_of
from app.imaging.depth import narrowed
from app.imaging.geometry import Point, Rect
from app.imaging.masks import feathered
from app.inference.attention_probe import AttentionProbe
from app.inference.avoiding import left_out
from app.inference.coarse import CoarseInpainter, filled_by
from app.inference.networks import StageNetworks
from app.inference.region_job import RegionJob
from app.inference.regions import filled_mask, plan_for
from app.inference.request import STAGES, Check, Event, InpaintRequest, Progress
from app.inference.work_time import WorkTime
from app.words import Words


def probed(
    request: InpaintRequest,
    point: Point,
    coarse: CoarseInpainter | None,
    networks: StageNetworks,
    check: Check,
) -> Iterator[Event]:
    """Solve the region whose hole has `point` up to the global stage; yield its `AttentionProbe`.

    `LacunaError` where no hole is there, or there was no attention.
    """
    yield Progress(STAGES[-1], 1, 1, 1, 1)
    check()
    probe = _of_whole(request, coarse, networks, check) if request.options.exact else None
    if not request.options.exact:
        probe = _of_region(request, point, coarse, networks, check)
    if probe is None:
        raise LacunaError(Words("nothing was filled at this place: point at what was"))
    yield probe


def _of_region(
    request: InpaintRequest, point: Point, coarse: CoarseInpainter | None, networks: StageNetworks, check: Check
) -> AttentionProbe | None:
    full = filled_mask(request.mask, request.options.grow)
    plan = plan_for(full, request.options, request.contexts)
    pixel = Rect(int(point.x), int(point.y), 1, 1)
    found = next((index for index, box in enumerate(plan.holes) if box.contains(pixel)), None)
    if found is None:
        return None
    feather = feathered(full, request.options.feather)
    job = RegionJob(
        request.image,
        full,
        feather,
        plan.regions[found],
        plan.holes[found],
        plan.finer[found],
        request.options,
        request.avoid,
    )
    with ThreadPoolExecutor(1, thread_name_prefix="coarse") as pool:
        try:
            if coarse is not None:
                job.begin(coarse, pool, check, WorkTime())
            return job.probe(networks, check)
        finally:
            job.end()


def _of_whole(
    request: InpaintRequest, coarse: CoarseInpainter | None, networks: StageNetworks, check: Check
) -> AttentionProbe | None:
    """Of the exact computation."""
    image, hole = narrowed(request.image), hole_of(request.mask)
    whole = Rect.of_array(hole)
    avoided = left_out(request.avoid, hole, whole)
    start = filled_by(coarse, image, hole, avoided, check).picture if coarse is not None else None
    with networks.watched(hole, whole) as probes:
        for _ in networks.stages(image, hole, start, full_precision=True, avoided=avoided):
            check()
    return probes[-1] if probes else None
