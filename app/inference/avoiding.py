"""What of the photograph a run must not use: which part of it counts, and what can't be kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from app.imaging.arrays import Hole, Mask, hole_of
from app.imaging.bands import covered_by
from app.imaging.geometry import Rect
from app.inference.coarse import ChoosingInpainter, CoarseInpainter
from app.inference.contexts import size_at
from app.inference.request import Region
from app.words import Words


def left_out(avoid: Mask | None, hole: Hole, rect: Rect) -> Hole | None:
    """What is known in `rect`, whose `hole` is ``(h, w)``, and not to be used.

    None where that is nothing; and where nothing else is known: a hole can't be filled from nowhere.
    """
    marked = _marked(avoid, hole, rect)
    return None if marked is None or np.array_equal(marked, ~hole) else marked


def avoid_warnings(
    avoid: Mask | None, full: Mask, regions: Sequence[Region], coarse: CoarseInpainter | None
) -> Iterator[str]:
    """What of `avoid` can't be kept when `full` is filled in `regions`, in words."""
    is_left_out = is_passed_over = False
    for region in regions:
        hole = hole_of(full[region.rect.slices])
        marked = _marked(avoid, hole, region.rect)
        if marked is None:
            continue
        if np.array_equal(marked, ~hole):
            is_passed_over = True
            continue
        is_left_out = True
        if isinstance(coarse, ChoosingInpainter) and not coarse.can_copy(_shrunk(hole | marked, region.scale)):
            is_passed_over = True
    if is_passed_over:
        yield Words(
            "All that is seen round a hole is marked “Don't use”, so the marks were passed over there: make its"
            " context box larger, or take some marks away."
        )
    if is_left_out and coarse is not None and not isinstance(coarse, ChoosingInpainter):
        yield Words(
            "This coarse inpainter can't leave out what is marked “Don't use”: only the global stage and the detail"
            " step do."
        )


def _marked(avoid: Mask | None, hole: Hole, rect: Rect) -> Hole | None:
    """The known pixels of `rect` that are marked; None where there are none."""
    if avoid is None:
        return None
    marked = hole_of(avoid[rect.slices]) & ~hole
    return marked if marked.any() else None


def _shrunk(unusable: Hole, scale: float) -> Hole:
    """`unusable` as `RegionView` has it at `scale`."""
    return covered_by(unusable, *size_at(unusable.shape[0], unusable.shape[1], scale)) if scale < 1 else unusable
