"""The engine of the photographs that are only a test: it takes no time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.inference.request import Check, Event, InpaintRequest
    from app.ui.session.lazy_engine import RunEngine


def quick_engine() -> RunEngine:
    """Fills holes with the colour at their corner, a little darker each stage: for tests."""
    from app.imaging.arrays import hole_of
    from app.imaging.geometry import bounding_rect
    from app.inference.request import STAGES, Progress, Region, RegionPatch, RunReport, StageResult

    def run(request: InpaintRequest, check: Check) -> Iterator[Event]:
        rect = bounding_rect(hole_of(request.mask))
        hole = hole_of(request.mask[rect.slices])
        for index, stage in enumerate(STAGES, 1):
            yield Progress(stage, index, len(STAGES), 1, 1, Region(rect, 1.0))
            pixels = request.image[rect.slices].copy()
            pixels[hole] = request.image[rect.y, rect.x] * (1 - index / 20)
            yield StageResult(stage, (RegionPatch(rect, pixels),), 0.1, request.revision)
        yield RunReport("quick", "cpu", {stage.value: 0.1 for stage in STAGES}, (Region(rect, 1.0),), rect.area, ())

    return run
