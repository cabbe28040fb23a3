"""Straight lines that a hole interrupts: where a horizon, a pole or a kerb goes in and where it comes out again.

What is copied to either side of such a line should come from along it: whoever shifts a piece of horizon only along
the horizon cannot break it. That is what planar structure guides completion with in Huang, Kang, Ahuja and Kopf, "Image
completion using planar structure guidance" (SIGGRAPH 2014); here the lines are seen one by one, and only those whose
two ends are known, straight and alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.imaging.arrays import Hole, Image
from app.imaging.correspondence import Floats
from app.imaging.edge_rays import Points, Rays, Surroundings, rays_into
from app.imaging.patch_kernels import Points as Pixels

MOST_LINES = 32
"""The plainest are kept."""

FULL_PULL = np.float32(300)
"""Squared grey levels that a pixel on a line pays for a match one pixel off it."""
_REACH, _LEAST_REACH = 0.7, 3.0
"""How far to the side of a line its price is felt, as a share of the interrupted part's length, and in pixels."""

_FALL = 3
"""The power by which it falls on the way there: a horizon is held fast, a field beside it leans on it."""

_OPPOSITE = -0.97
"""The cosine of two edges that may be the ends of one line."""
_SHARE, _BOTH = 0.1, 0.4
"""The known length of each edge and of both together, as shares of the gap between them, at least."""
_MOST_PAIRS = 1500
"""Of more pairs of edges, those with the shortest gaps for their lengths are looked at."""
_BEND, _LOOSE, _LONG = 1.5, 1.5, 60.0
"""Degrees between an edge and the line across, and what the ends of a short edge may be off, in pixels."""
_SHORTEST_GAP = 3.0
_UNKNOWN = 0.8
"""Share of the gap that is hole, at least."""
_LIKENESS, _CONTRAST, _SHIFT = 0.65, 3.0, 15.0
"""Of the profiles at the two ends: least correlation, least deviation and most difference in grey levels."""
_LEAST_PROFILE = 8
"""Pixels of a profile that are known at both ends, at least."""
_CLEAR = 3.0
"""Known length over gap above which a line is no plainer."""


class Place(NamedTuple):
    """In pixels, fractions included: pixel 0 has its centre at 0."""

    row: float
    column: float


@dataclass(frozen=True, slots=True)
class Line:
    """Where a straight line goes into a hole and where it comes out."""

    start: Place
    end: Place

    def scaled(self, down: float, across: float) -> Line:
        """The same in a picture `down` times as high and `across` times as wide."""

        def moved(place: Place) -> Place:
            return Place((place.row + 0.5) * down - 0.5, (place.column + 0.5) * across - 0.5)

        return Line(moved(self.start), moved(self.end))


def lines_across(image: Image, hole: Hole) -> tuple[Line, ...]:
    """The straight lines of `image` ``(H, W, 3)`` uint8 that go on across `hole` ``(H, W)``, plainest first.

    No edge is an end of two. What `image` holds in the hole does not matter.
    """
    if not hole.any() or hole.all():
        return ()
    seen = Surroundings(image, hole)
    rays = rays_into(seen)
    plainness = {pair: _plainness(seen, rays, *pair) for pair in _pairs(rays)}
    taken: set[int] = set()
    lines: list[Line] = []
    for pair in sorted(plainness, key=lambda each: -plainness[each]):
        if plainness[pair] > 0 and taken.isdisjoint(pair):
            taken.update(pair)
            (left, top), (right, bottom) = rays.ends[pair[0]], rays.ends[pair[1]]
            lines.append(Line(Place(top, left), Place(bottom, right)).scaled(*seen.scale))
    return tuple(lines[:MOST_LINES])


def pull_to(lines: Sequence[Line], pixels: Pixels) -> Floats:
    """What each of `pixels` ``(n, 2)`` pays for a match that is off the line it is near: ``(n, 2)``.

    Times the offset to the match, row and column, that is the price in squared grey levels; 0 where no line is near.
    """
    pull = np.zeros((len(pixels), 2), np.float32)
    strongest = np.zeros(len(pixels), np.float32)
    for line in lines:
        start, end = np.array(line.start), np.array(line.end)
        gap = float(np.hypot(*(end - start)))
        if gap < 1:
            continue
        row, column = (end - start) / gap
        along, aside = (pixels - start) @ (row, column), (pixels - start) @ (-column, row)
        beyond = np.maximum(0, np.maximum(-along, along - gap))
        share = np.maximum(0, 1 - np.hypot(aside, beyond) / max(_REACH * gap, _LEAST_REACH)) ** _FALL
        nearer = share > strongest
        strongest[nearer] = share[nearer]
        pull[nearer] = (-column, row)
    return np.asarray(pull * (FULL_PULL * strongest)[:, None], np.float32)


def _pairs(rays: Rays) -> list[tuple[int, int]]:
    """Edges that may be the two ends of one line by their places, directions and lengths."""
    across = rays.ends[None] - rays.ends[:, None]
    gap = np.maximum(np.hypot(across[..., 0], across[..., 1]), 1e-6)
    ahead = np.einsum("ijk,ik->ij", across, rays.directions) / gap
    bend = np.degrees(np.arccos(np.clip(ahead, -1, 1)))
    straight = bend <= _BEND + np.degrees(np.arctan(_LOOSE / np.minimum(rays.lengths, _LONG)))[:, None]
    shorter = np.minimum(rays.lengths[:, None], rays.lengths)
    both = rays.lengths[:, None] + rays.lengths
    fitting = straight & straight.T & (rays.directions @ rays.directions.T <= _OPPOSITE)
    fitting &= (gap >= _SHORTEST_GAP) & (shorter >= _SHARE * gap) & (both >= _BOTH * gap)
    pairs = np.argwhere(np.triu(fitting, 1))
    clear = (both / gap)[tuple(pairs.T)]
    return [(int(i), int(j)) for i, j in pairs[np.argsort(-clear, kind="stable")][:_MOST_PAIRS]]


def _plainness(seen: Surroundings, rays: Rays, first: int, second: int) -> float:
    """How sure it is that two edges are one line, 0 where they are not: by what lies between and beside them."""
    start, end = rays.ends[first], rays.ends[second]
    gap = float(np.hypot(*(end - start)))
    between = start + np.linspace(0, 1, max(8, int(gap)))[:, None] * (end - start)
    if seen.is_hole(between).mean() < _UNKNOWN:
        return 0.0
    aside: Points = np.array([start[1] - end[1], end[0] - start[0]]) / gap
    profiles, known = zip(
        *(seen.profile(rays.ends[i], -rays.directions[i], rays.lengths[i], aside) for i in (first, second)), strict=True
    )
    both = known[0] & known[1]
    if np.count_nonzero(both) < _LEAST_PROFILE:
        return 0.0
    means = [profile[both].mean(axis=0) for profile in profiles]
    left, right = (profile[both] - mean for profile, mean in zip(profiles, means, strict=True))
    contrast = float(min(left.std(), right.std()))
    likeness = float((left * right).sum() / np.sqrt((left**2).sum() * (right**2).sum() + 1e-6))
    shift = float(np.abs(means[0] - means[1]).mean())
    if likeness < _LIKENESS or contrast < _CONTRAST or shift > _SHIFT + contrast:
        return 0.0
    known_share = float(rays.lengths[first] + rays.lengths[second]) / gap
    return min(_CLEAR, known_share) * contrast * likeness**2
