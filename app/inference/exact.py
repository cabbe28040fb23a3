"""The paper's computation and nothing else: the whole image as it is, in float32."""

from __future__ import annotations

import time
from collections.abc import Generator

import numpy as np

from app.errors import LacunaError
from app.imaging.arrays import extent_of, hole_of
from app.imaging.depth import is_deep, narrowed, widened
from app.imaging.geometry import Rect, bounding_rect
from app.inference.avoiding import left_out
from app.inference.coarse import CoarseInpainter, filled_by
from app.inference.device import PeakMeter
from app.inference.networks import StageNetworks
from app.inference.regions import RegionPlan
from app.inference.request import (
    Check,
    Event,
    InpaintRequest,
    Progress,
    Region,
    RegionPatch,
    StageResult,
    stages_until,
)
from app.words import Words


def solve_exactly(
    request: InpaintRequest,
    coarse: CoarseInpainter | None,
    networks: StageNetworks,
    seconds: dict[str, float],
    meter: PeakMeter,
    check: Check,
) -> Generator[Event, None, tuple[RegionPlan, int]]:
    """Yield the stages of the whole image; return the one region and the number of hole pixels."""
    image, hole = narrowed(request.image), hole_of(request.mask)
    extent, multiple = extent_of(image), networks.size_multiple
    if extent.width % multiple or extent.height % multiple:
        raise LacunaError(
            Words(
                "the exact computation needs sides that are multiples of {multiple}, the image is"
                " {width}×{height}: crop it, or leave --exact out",
                multiple=multiple,
                width=extent.width,
                height=extent.height,
            )
        )
    whole, box = Rect(0, 0, extent.width, extent.height), bounding_rect(hole)
    avoided = left_out(request.avoid, hole, whole)
    start = filled_by(coarse, image, hole, avoided, check).picture if coarse is not None else None
    pictures = networks.stages(image, hole, start, full_precision=True, avoided=avoided)
    stages = stages_until(request.options.last_stage)
    for index, stage in enumerate(stages, start=1):
        yield Progress(stage, index, len(stages), 1, 1)
        check()
        began = time.perf_counter()
        with meter.measured(stage):
            composite = next(pictures).composite
        seconds[stage.value] = time.perf_counter() - began
        made = composite[box.slices]
        if is_deep(request.image):
            made = np.where(hole[box.slices][..., None], widened(made), request.image[box.slices])
        patch = RegionPatch(box, np.ascontiguousarray(made))
        yield StageResult(stage, (patch,), seconds[stage.value], request.revision)
    return RegionPlan((Region(whole, 1.0),), (box,)), int(np.count_nonzero(hole))
