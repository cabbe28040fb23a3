"""A hole closed by a surface that bends as little as may be: its values and slopes go on from the edge.

Damelin and Hoang, "On surface completion and image inpainting by biharmonic functions: numerical aspects",
International Journal of Mathematics and Mathematical Sciences 2018, through scikit-image, which solves one sparse
system for all pixels. Time and memory grow faster than the hole: 1 s and 270 MB for 80,000 pixels. Therefore pieces of
the hole that lie apart are solved apart, and a piece of more than `MOST_UNKNOWNS` pixels at a smaller size: enlarged it
is as smooth as the other, and what it is off by at the edge is spread into the hole and added.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator

import cv2
import numpy as np

from app.imaging.arrays import Hole, Image
from app.imaging.geometry import Rect, bounding_rect
from app.imaging.local_mean import shrunk_known
from app.imaging.pull_push import Floats, spread

MOST_UNKNOWNS = 80_000
"""Pixels that are solved for in one go: a second or two on one core, in which nothing can stop it."""
_WORTH_PARTING = 12_000
"""Pixels of hole below which all pieces are solved in one go."""
_APART = 5
"""The surface at a pixel hangs on a square of so many pixels round it."""
_SURROUNDINGS = 16
"""Pixels round a piece that bound the values it may take."""
_RING = 3
"""Pixels round the hole at which an enlarged surface is compared with what is known."""
_START_RADIUS = 3


def completed(image: Image, hole: Hole, check: Callable[[], None] = lambda: None) -> Image:
    """`image` ``(H, W, 3)`` uint8 with its `hole` ``(H, W)`` closed.

    What `image` holds in the hole does not matter. `check` is called between the pieces and may raise to stop. Where
    nothing is known, and where the system has no solution, Telea's method stands in.
    """
    result = image.copy()
    for near, piece in _pieces(hole):
        check()
        others = hole[near.slices] & ~piece
        made = _closed(_without(image[near.slices], piece, others), piece)
        result[near.slices][piece] = made[piece]
    check()
    return result


def _pieces(hole: Hole) -> Iterator[tuple[Rect, Hole]]:
    """Parts of `hole` ``(H, W)`` on which each other's surface does not hang, with what is around each.

    One where there is little to solve.
    """
    whole = Rect.of_array(hole)
    if np.count_nonzero(hole) <= _WORTH_PARTING:
        near = bounding_rect(hole).grown(_SURROUNDINGS).intersected(whole)
        if hole.any():
            yield near, hole[near.slices]
        return
    joined = cv2.dilate(hole.astype(np.uint8), np.ones((_APART, _APART), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for index in range(1, count):
        near = Rect(*(int(value) for value in stats[index][:4])).grown(_SURROUNDINGS).intersected(whole)
        yield near, hole[near.slices] & (labels[near.slices] == index)


def _without(image: Image, piece: Hole, others: Hole) -> Image:
    """`image` with a mean colour in the `others`, which says nothing about the bounds of what is in `piece`."""
    known = ~(piece | others)
    if not others.any() or not known.any():
        return image
    return np.where(others[..., None], image[known].mean(axis=0).astype(np.uint8), image)


def _closed(image: Image, hole: Hole) -> Image:
    """`image` with its `hole`, all one piece, closed."""
    if hole.all():
        return _smeared(image, hole)
    unknowns = int(np.count_nonzero(hole))
    surface = _solved(image, hole) if unknowns <= MOST_UNKNOWNS else _solved_smaller(image, hole, unknowns)
    if surface is None or not np.isfinite(surface).all():
        return _smeared(image, hole)
    made = np.clip(np.rint(surface), 0, 255).astype(np.uint8)
    return np.where(hole[..., None], made, image)


def _solved(image: Image, hole: Hole) -> Floats | None:
    """The surface, ``(h, w, 3)`` in grey levels; None where there is none."""
    from skimage.restoration import inpaint_biharmonic  # a second, and only where it is used

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a system without a solution, which the numbers tell as well
        try:
            surface = inpaint_biharmonic(image, hole, channel_axis=-1)
        except (ArithmeticError, ValueError, RuntimeError):
            return None
    return np.asarray(surface * 255, np.float32)


def _solved_smaller(image: Image, hole: Hole, unknowns: int) -> Floats | None:
    """The surface of a version that has few enough unknowns, enlarged, and put right at the edge of the hole."""
    height, width = hole.shape
    share = math.sqrt(MOST_UNKNOWNS / unknowns)
    size = max(1, int(width * share)), max(1, int(height * share))
    small, share_known = shrunk_known(image, hole, size)
    surface = _solved(np.rint(small).astype(np.uint8), share_known < 0.5)
    if surface is None:
        return None
    large = np.asarray(cv2.resize(surface, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    known = (~hole).astype(np.float32)
    ring = known - cv2.erode(known, np.ones((2 * _RING + 1, 2 * _RING + 1), np.uint8))
    return np.asarray(large + spread(image - large, np.asarray(ring, np.float32)), np.float32)


def _smeared(image: Image, hole: Hole) -> Image:
    return np.asarray(cv2.inpaint(image, hole.astype(np.uint8), _START_RADIUS, cv2.INPAINT_TELEA), np.uint8)
