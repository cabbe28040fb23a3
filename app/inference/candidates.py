"""Several fillings of one hole to choose from: context scales times seeds. Loads no torch."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from app.imaging.arrays import Mask
from app.imaging.geometry import Rect
from app.inference.catalog import actual_name, coarse_info, gives_texture
from app.inference.regions import filled_mask, plan_for
from app.inference.request import SEEDS, InpaintOptions, Region, Stage

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


def _ways(options: InpaintOptions, mask: Mask, contexts: Sequence[Rect]) -> Iterator[InpaintOptions]:
    """Scales before seeds, and seeds at those scales alone at which they make a difference."""
    found = _telling_scales(options, mask, contexts)
    for seed in range(options.seed, SEEDS):
        scales = (scale for scale, is_seeded in found.items() if is_seeded or seed == options.seed)
        yield from (replace(options, seed=seed, context_scale=scale) for scale in scales)


def _telling_scales(options: InpaintOptions, mask: Mask, contexts: Sequence[Rect]) -> Mapping[float, bool]:
    """The scales that lead to other regions than those before, and whether the seed makes a difference in these."""
    if options.exact:
        return {1.0: False}
    full, known, found = filled_mask(mask, options.grow), set[tuple[Region, ...]](), dict[float, bool]()
    for scales in (SCALES, FURTHER_SCALES):
        for scale in scales:
            regions = plan_for(full, replace(options, context_scale=scale), contexts).regions
            if regions not in known:
                known.add(regions)
                found[scale] = _is_seeded(options, regions)
        if any(found.values()):
            break
    return found


def _is_seeded(options: InpaintOptions, regions: Sequence[Region]) -> bool:
    """True where texture is copied into `regions`, of which the seed says from where."""
    if coarse_info(actual_name(options.coarse)).is_seeded:
        return True
    is_soft = options.built_on is not Stage.COARSE or not gives_texture(options)
    return options.detail and (is_soft or any(region.scale < 1 for region in regions))
