"""What a plan can't do well, known before anything runs: holes solved far below their size, little round them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import cv2
import numpy as np

from app.imaging.arrays import Hole, Mask, hole_of
from app.imaging.geometry import Rect
from app.inference.regions import RegionPlan
from app.inference.request import Region
from app.words import Words, mark

LOW_SCALE = 0.35
"""A hole solved below this share of its size is worth a word."""

LEAST_KNOWN = 1 / 3
"""The share of a region that should be known; below it there is less than half a hole's worth.

Six photographs at 384×256, exemplar with patches of 15, a hole in the middle: the mean error, as a share of that of a
plain mean colour, stays at 0.58 to 0.61 for holes of a fifth to two thirds of the picture, is 0.63 at three quarters
and 0.68 at 0.85; at 0.92 no patch is left to copy.
"""

PATCH = 11
"""Side, in working pixels, of the patches that texture is copied from."""

LEAST_PATCHES = 50
"""With fewer known patches there is nothing to choose from: the hole is smeared over instead."""


class LimitKind(IntEnum):
    """What is the matter; the worse comes first."""

    BARE = 0
    """Not even a few patches are known: `Limit.value` is the known share of the region."""
    SCARCE = 1
    """Little is known: `Limit.value` is the known share of the region."""
    LOW_SCALE = 2
    """`Limit.value` is the scale, working pixels per image pixel."""


HEADLINES = {
    LimitKind.BARE: mark("Too little of the photo is left round this hole to fill it from."),
    LimitKind.SCARCE: mark("This hole is too large for its surroundings: only {percent:.0f} % of its box is known."),
    LimitKind.LOW_SCALE: mark("This hole will be solved at {value:.2f}× its size."),
}
"""A sentence for each kind, to be formatted with the limit's value and the same as `percent`."""

CONSEQUENCES = {
    LimitKind.BARE: mark("The result will be a smear or a guess."),
    LimitKind.SCARCE: mark("The little that is known will repeat."),
    LimitKind.LOW_SCALE: mark("Its fine detail is taken from the rest of the photo."),
}
"""What follows from it, a sentence for each kind."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that will fall short in one region."""

    kind: LimitKind
    region: Region
    value: float
    """A share, 0…1, of what `kind` says."""

    @property
    def text(self) -> str:
        """Both sentences."""
        headline = Words(HEADLINES[self.kind], value=self.value, percent=100 * self.value)
        return Words("{headline} {consequence}", headline=headline, consequence=Words(CONSEQUENCES[self.kind]))


def limits_of(plan: RegionPlan, mask: Mask) -> tuple[Limit, ...]:
    """All limits of `plan`, made for `mask` ``(H, W)``, the worst first."""
    hole = hole_of(mask)
    found = (limit for region in plan.regions for limit in region_limits(region, hole[region.rect.slices]))
    return worst_first(found)


def region_limits(region: Region, hole: Hole) -> tuple[Limit, ...]:
    """The limits of one region; `hole` ``(h, w)`` is what it sees of the hole, its own and others'."""
    known = known_share(int(np.count_nonzero(hole)), region.rect)
    limits = quick_limits(region, known)
    if known < LEAST_KNOWN and _patches(hole, region.scale) < LEAST_PATCHES:
        bare = Limit(LimitKind.BARE, region, known)
        return (bare, *(limit for limit in limits if limit.kind is not LimitKind.SCARCE))
    return limits


def quick_limits(region: Region, known: float) -> tuple[Limit, ...]:
    """As `region_limits`, from the known share of the region alone: all but `LimitKind.BARE`."""
    limits = []
    if known < LEAST_KNOWN:
        limits.append(Limit(LimitKind.SCARCE, region, known))
    if region.scale < LOW_SCALE:
        limits.append(Limit(LimitKind.LOW_SCALE, region, region.scale))
    return tuple(limits)


def known_share(hole_pixels: int, rect: Rect) -> float:
    """The share of `rect`, of which `hole_pixels` are hole, that is known."""
    return max(0.0, 1 - hole_pixels / max(rect.area, 1))


def worst_first(limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """In the order of their kinds, in each by their values."""
    return tuple(sorted(limits, key=lambda limit: (limit.kind, limit.value)))


def _patches(hole: Hole, scale: float) -> int:
    """How many patches at working size hold no hole pixel."""
    height, width = (max(round(side * scale), 1) for side in hole.shape)
    share = cv2.resize(hole.astype(np.uint8) * 255, (width, height), interpolation=cv2.INTER_AREA)
    if min(height, width) < PATCH:
        return 0
    free = cv2.boxFilter((share > 0).astype(np.int32), cv2.CV_32F, (PATCH, PATCH), normalize=False) == 0
    reach = PATCH // 2
    return int(np.count_nonzero(free[reach : height - reach, reach : width - reach]))
