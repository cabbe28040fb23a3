"""What of the photograph a run must not use: which part of it counts, and what can't be kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.imaging.arrays import Hole, Mask
from app.imaging.geometry import Rect
from app.inference.coarse import ChoosingInpainter, CoarseInpainter
from app.inference.regions import RegionPlan
from app.words import Words


def left_out(avoid: Mask | None, hole: Hole, rect: Rect) -> Hole | None:
    """What is known in `rect`, whose `hole` is ``(h, w)``, and not to be used.

    None where that is nothing; and where nothing else is known: a hole can't be filled from nowhere.
    """
    if avoid is None:
        return None
    marked = (avoid[rect.slices] > 0) & ~hole
    if not marked.any() or np.array_equal(marked, ~hole):
        return None
    return marked


def avoid_warnings(avoid: Mask | None, full: Mask, plan: RegionPlan, coarse: CoarseInpainter | None) -> Iterator[str]:
    """What of `avoid` can't be kept when `full` is filled as in `plan`, in words."""
    if avoid is None:
        return
    is_left_out = False
    for region in plan.regions:
        hole = full[region.rect.slices] > 0
        if left_out(avoid, hole, region.rect) is not None:
            is_left_out = True
        elif np.any((avoid[region.rect.slices] > 0) & ~hole):
            yield Words(
                "All that is seen round a hole is marked “Don't use”, so the marks were passed over there: make its"
                " context box larger, or take some marks away."
            )
            break
    if is_left_out and coarse is not None and not isinstance(coarse, ChoosingInpainter):
        yield Words(
            "This coarse inpainter can't leave out what is marked “Don't use”: only the global stage and the detail"
            " step do."
        )
