"""Straight edges that end at a hole: where each does, in which direction it goes in, and what lies on either side.

The edges are those of the line segment detector of Grompone von Gioi, Jakubowicz, Morel and Randall (LSD, PAMI 2010;
OpenCV's). Points and directions are ``(x, y)`` in pixels of the picture looked at, which `Surroundings` keeps.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Hole, Image
from app.imaging.correspondence import Flags, Floats
from app.imaging.local_mean import shrunk_known
from app.imaging.pull_push import spread

Points = npt.NDArray[np.float64]
"""``(n, 2)``: x and y."""

MOST_SIDE = 1024
"""A larger picture is looked at this size: edges are found there to a fraction of a pixel, in a tenth of a second."""

_SHORTEST = 10.0
"""Pixels of a known edge, at least."""
_REACH = 14
"""Pixels before the hole at which an edge may have got lost."""
_MOST_RAYS = 600
"""The longest are kept."""
_BESIDE, _MOST_BESIDE = 3.0, 0.5
"""An edge of which more than this share lies this near the hole is the hole's own outline."""
_ACROSS, _BACK = 7, 24
"""Pixels to either side, and along the edge, of which a profile is made."""


class Surroundings:
    """A picture no larger than `MOST_SIDE` in which a hole is to be crossed."""

    def __init__(self, image: Image, hole: Hole) -> None:
        """`image` ``(H, W, 3)`` uint8; what it holds in `hole` ``(H, W)`` does not matter."""
        height, width = hole.shape
        share = min(1.0, MOST_SIDE / max(height, width))
        size = max(1, round(width * share)), max(1, round(height * share))
        self._colours, known = shrunk_known(image, hole, size)
        self.scale = height / size[1], width / size[0]
        """Rows and columns of the image to one of this picture."""
        self.hole: Flags = np.asarray(known < 0.999, bool)
        self._distance: Floats = np.asarray(
            cv2.distanceTransform((~self.hole).astype(np.uint8), cv2.DIST_L2, 5), np.float32
        )

    def edges(self) -> npt.NDArray[np.float64]:
        """``(n, 4)``: x and y of both ends of every straight edge, also of those that the hole's outline makes."""
        grey = spread(self._colours.mean(axis=2, dtype=np.float32), (~self.hole).astype(np.float32))
        seen = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
        found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(seen)[0]
        return np.zeros((0, 4)) if found is None else np.asarray(found, np.float64).reshape(-1, 4)

    def is_hole(self, points: Points) -> Flags:
        """For points ``(..., 2)`` whether they lie in the hole; outside the picture is none."""
        height, width = self.hole.shape
        inside = ((points >= -0.5) & (points < (width - 0.5, height - 0.5))).all(axis=-1)
        return np.asarray(self.hole[self._places(points)] & inside, bool)

    def from_hole(self, points: Points) -> Floats:
        """For points ``(..., 2)`` how many pixels they are from the hole, 0 in it."""
        return np.asarray(self._distance[self._places(points)], np.float32)

    def profile(self, end: Points, back: Points, length: float, across: Points) -> tuple[Floats, Flags]:
        """Colours beside an edge that ends at `end`, averaged over its last part; which of them are known.

        `back` leads along the edge away from the hole, `across` to its side; the result is ``(n, 3)`` and ``(n,)``.
        """
        along = np.arange(2.0, max(3.0, min(length, _BACK)))
        aside = np.arange(-_ACROSS, _ACROSS + 1.0)
        points = end + along[:, None, None] * back + aside[None, :, None] * across
        where = points.astype(np.float32)
        colours = cv2.remap(
            self._colours, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        known = np.asarray(self.from_hole(points) > 0, bool)
        weights = known[..., None]
        mean = (colours * weights).sum(axis=0) / np.maximum(weights.sum(axis=0), 1)
        return np.asarray(mean, np.float32), np.asarray(known.any(axis=0), bool)

    def _places(self, points: Points) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        height, width = self.hole.shape
        columns, rows = np.moveaxis(np.rint(points).astype(np.intp), -1, 0)
        return np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)


@dataclass(frozen=True)
class Rays:
    """Known edges that run into the hole, one a row."""

    ends: Points
    """Where each reaches the hole, or got lost before it."""
    directions: Points
    """Unit vectors, into the hole."""
    lengths: npt.NDArray[np.float64]
    """Pixels of it that are known."""


def rays_into(seen: Surroundings) -> Rays:
    """The edges of `seen` that end at its hole, not those along its outline."""
    edges = seen.edges()
    edges = edges[np.hypot(*(edges[:, 2:] - edges[:, :2]).T) >= _SHORTEST]
    steps = np.linspace(0, 1, 9)[:, None, None]
    passed = seen.from_hole(edges[:, :2] + steps * (edges[:, 2:] - edges[:, :2])).min(axis=0)
    edges = edges[passed <= _REACH + np.hypot(*(edges[:, 2:] - edges[:, :2]).T) / 16]
    both_ways = np.concatenate([edges, edges[:, [2, 3, 0, 1]]])
    rays = [
        ray for begin, end in zip(both_ways[:, :2], both_ways[:, 2:], strict=True) if (ray := _ray(seen, begin, end))
    ]
    rays = sorted(rays, key=lambda ray: -ray[2])[:_MOST_RAYS]
    ends, directions, lengths = zip(*rays, strict=True) if rays else ((), (), ())
    return Rays(np.reshape(ends, (-1, 2)), np.reshape(directions, (-1, 2)), np.array(lengths, np.float64))


def _ray(seen: Surroundings, begin: Points, end: Points) -> tuple[Points, Points, float] | None:
    """The known part of an edge towards its `end`, if the hole follows: its end, direction, length."""
    length = float(np.hypot(*(end - begin)))
    direction = (end - begin) / length
    distances = seen.from_hole(begin + np.arange(0.0, length)[:, None] * direction)
    near = np.flatnonzero(distances <= 1)
    if len(near):
        length = float(near[0]) - 1.5
    if length < _SHORTEST or np.count_nonzero(distances[: int(length)] < _BESIDE) > _MOST_BESIDE * int(length):
        return None
    last = begin + length * direction
    ahead = last + np.arange(0.0, _REACH)[:, None] * direction
    return (last, direction, length) if seen.is_hole(ahead).any() else None
