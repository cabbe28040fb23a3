"""Context boxes that somebody chose: which holes they take, and how tight they may be. Rectangles are image pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.imaging.geometry import Extent, Rect, united
from app.inference.request import Region

LEAST_MARGIN = 32
"""A chosen box keeps this many pixels on each side of its hole, or `LEAST_SHARE` of the hole's longer side."""

LEAST_SHARE = 0.125
"""With an eighth on each side patches of 15 pixels find room between hole and border at a working size of 512."""


class Chosen(NamedTuple):
    """A context box and the box of the hole it is for."""

    context: Rect
    hole: Rect

    def region(self, extent: Extent, working_size: int) -> Region:
        """The region to solve: the context inside the image, grown to `tightest` where it is too tight."""
        rect = self.context.intersected(Rect(0, 0, *extent)).united(tightest(self.hole, extent))
        return Region(rect, scale_of(rect, working_size))


def tightest(hole: Rect, extent: Extent) -> Rect:
    """The smallest context box that `hole` can have in an image of `extent`."""
    margin = max(LEAST_MARGIN, math.ceil(LEAST_SHARE * max(hole.width, hole.height)))
    return hole.grown(margin).intersected(Rect(0, 0, *extent))


def rescaled(context: Rect, hole: Rect, times: float, extent: Extent) -> Rect:
    """The automatic `context` box of `hole` with sides `times` as long, inside an image of `extent`.

    Never smaller than `tightest`.
    """
    if times == 1:
        return context
    least, parts = tightest(hole, extent), []
    for start, length, low, high, limit in (
        (context.x, context.width, least.x, least.right, extent.width),
        (context.y, context.height, least.y, least.bottom, extent.height),
    ):
        wanted = min(max(round(length * times), high - low), limit)
        centred = start + (length - wanted) // 2
        parts.append((min(max(centred, high - wanted, 0), low, limit - wanted), wanted))
    (x, width), (y, height) = parts
    return Rect(x, y, width, height)


def scale_of(context: Rect, working_size: int) -> float:
    """Working pixels per image pixel at which `context` is solved, at most 1."""
    return min(1.0, working_size / max(context.width, context.height))


def size_at(height: int, width: int, scale: float) -> tuple[int, int]:
    """Height and width, in working pixels, of what is `height` × `width` in the photograph."""
    return max(round(height * scale), 1), max(round(width * scale), 1)


def chosen_among(clusters: Iterable[Rect], contexts: Sequence[Rect]) -> tuple[list[Chosen], list[Rect]]:
    """The contexts that `clusters` lie wholly in, the first one counting, and the clusters that lie in none."""
    chosen = []
    left = list(clusters)
    for context in contexts:
        inside = [hole for hole in left if context.contains(hole)]
        if inside:
            chosen.append(Chosen(context, united(inside)))
            left = [hole for hole in left if hole not in inside]
    return chosen, left


def kept_apart(chosen: Iterable[Chosen], free: Iterable[Rect]) -> tuple[list[Chosen], list[Rect]]:
    """The same without overlaps: the hole of a chosen box takes those that its box meets.

    `free` do not intersect one another.
    """
    left, apart = list(free), list[Chosen]()
    waiting = list(chosen)
    while waiting:
        context, hole = waiting.pop(0)
        met = [each for each in (*left, *(other.hole for other in (*apart, *waiting))) if _meet(each, hole)]
        left = [each for each in left if each not in met]
        apart, waiting = ([other for other in group if other.hole not in met] for group in (apart, waiting))
        if met:
            waiting.insert(0, Chosen(context, united([hole, *met])))
        else:
            apart.append(Chosen(context, hole))
    return apart, left


def _meet(one: Rect, other: Rect) -> bool:
    return not one.intersected(other).is_empty
