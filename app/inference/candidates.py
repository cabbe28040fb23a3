"""Several fillings of one hole to choose from: context scales times seeds. Loads no torch."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import count, islice

from app.imaging.arrays import Mask
from app.imaging.geometry import Rect
from app.inference.catalog import actual_name, coarse_info
from app.inference.regions import filled_mask, plan_for
from app.inference.request import SEEDS, InpaintOptions, Region

SCALES = (1.0, 0.7, 1.5)
"""Times the automatic context boxes, the most likely first."""

FURTHER_SCALES = (0.85, 1.25, 2.0, 0.6, 2.5, 3.0)
"""Tried, too, where seeds make no difference."""


def candidates(
    options: InpaintOptions,
    number: int,
    mask: Mask,
    contexts: Sequence[Rect] = (),
    there: Collection[InpaintOptions] = (),
) -> tuple[InpaintOptions, ...]:
    """The next `number` ways to fill `mask` ``(H, W)`` as `options` say, each with another result.

    The first is `options` as they are. Those already `there` are counted, but left out; where all are, the next ones
    follow. Fewer, or none, where there are no more: `contexts` that were chosen are not scaled, and boxes end at the
    photograph's edge. Plans the regions for every scale: a second for 60 megapixels.
    """
    ways = _ways(options, mask, contexts)
    while found := tuple(islice(ways, number)):
        missing = tuple(each for each in found if each not in there)
        if missing:
            return missing
    return ()


def has_texture_of(options: InpaintOptions) -> bool:
    """True where `options` lead to texture that is copied, so that the seed makes a difference."""
    return not options.exact and (options.detail or coarse_info(actual_name(options.coarse)).is_seeded)


def _ways(options: InpaintOptions, mask: Mask, contexts: Sequence[Rect]) -> Iterator[InpaintOptions]:
    is_seeded = has_texture_of(options)
    scales = tuple(_telling_scales(options, mask, contexts, SCALES if is_seeded else SCALES + FURTHER_SCALES))
    for seed in count(options.seed) if is_seeded else (options.seed,):
        if seed >= SEEDS:
            return
        yield from (replace(options, seed=seed, context_scale=scale) for scale in scales)


def _telling_scales(
    options: InpaintOptions, mask: Mask, contexts: Sequence[Rect], scales: Sequence[float]
) -> Iterator[float]:
    """Those of `scales` that lead to other regions than the ones before."""
    if options.exact:
        yield 1.0
        return
    full, known = filled_mask(mask, options.grow), set[tuple[Region, ...]]()
    for scale in scales:
        regions = plan_for(full, replace(options, context_scale=scale), contexts).regions
        if regions not in known:
            known.add(regions)
            yield scale
