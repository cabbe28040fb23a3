"""A plan as boxes: what will be seen round each hole, at which scale, and what falls short."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.imaging.arrays import Mask, extent_of, hole_of
from app.imaging.geometry import Rect
from app.inference.contexts import scale_of, tightest
from app.inference.limits import Limit, known_share, quick_limits, region_limits
from app.inference.regions import filled_mask, plan_for
from app.inference.request import InpaintOptions, Region


@dataclass(frozen=True, slots=True)
class ContextBox:
    """One region of the plan."""

    region: Region
    least: Rect
    """The smallest the box may be."""
    hole_pixels: int
    """Of what it sees, its own hole's and others'."""
    chosen: Rect | None
    """What the user chose; None where the box follows from the hole."""
    limits: tuple[Limit, ...]

    @property
    def rect(self) -> Rect:
        """Where it lies, image pixels."""
        return self.region.rect

    def at(self, rect: Rect, working_size: int) -> ContextBox:
        """The box as it would be in another place, before the plan tells all about it."""
        region = Region(rect, scale_of(rect, working_size))
        limits = quick_limits(region, known_share(self.hole_pixels, rect))
        return replace(self, region=region, chosen=rect, limits=limits)


Boxes = tuple[ContextBox, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PlanOrder:
    """What to plan for: a copy of the mask, how it will be filled, and the boxes that were chosen."""

    mask: Mask
    options: InpaintOptions
    contexts: tuple[Rect, ...]

    def planned(self) -> Boxes:
        """The plan of such a run, as boxes."""
        full = filled_mask(self.mask, self.options.grow)
        hole, extent = hole_of(full), extent_of(full)
        plan = plan_for(full, self.options, self.contexts)
        boxes = []
        for region, own, chosen in zip(plan.regions, plan.holes, plan.chosen, strict=True):
            seen = hole[region.rect.slices]
            limits, count = region_limits(region, seen), int(np.count_nonzero(seen))
            boxes.append(ContextBox(region, tightest(own, extent), count, chosen, limits))
        return tuple(boxes)
