"""For every pixel of a hole, the known pixel whose surroundings look most like its own: a correspondence field.

`nearest_patches` is PatchMatch (Barnes, Shechtman, Finkelstein and Goldman, "PatchMatch: a randomized correspondence
algorithm for structural image editing", SIGGRAPH 2009): random starts, good matches handed on to neighbours, random
steps of halving length. `settled` trades a little likeness for coherence, so that large pieces of the photograph share
one offset and can be copied whole (seams cost as in Kwatra et al., "Graphcut textures", SIGGRAPH 2003).

Throughout, `wanted` ``(h, w)`` bool says which pixels need a match and `sources` ``(h, w)`` bool which may be one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from app.imaging import patch_kernels
from app.imaging.arrays import Image
from app.imaging.patch_kernels import RADIUS, Points

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Field = npt.NDArray[np.int32]
"""``(h, w, 2)`` int32: row and column of the pixel that each pixel is matched with (its own where it is not wanted)."""

_LEAST_LIKENESS = 4.0
"""Squared grey levels: offsets stay together even where every match is perfect."""

Check = Callable[[], None]
"""Called between the steps of long work; raises to end it."""


@dataclass(frozen=True)
class Completion:
    """A filled picture and where its parts come from."""

    picture: Image
    """``(H, W, 3)`` uint8: the hole made of known pixels, the others as they were."""
    matches: Field
    """``(H, W, 2)`` int32: row and column of the known pixel of which each hole pixel is a copy, but for its colour; a
    known pixel's own place."""


def sources_of(hole: Flags, reach: int = RADIUS) -> Flags:
    """Pixels of ``(h, w)`` whose square of `reach` pixels round them lies inside the array and outside the hole."""
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    known = np.pad((~hole).astype(np.uint8), reach)
    return np.ascontiguousarray(cv2.erode(known, kernel)[reach:-reach, reach:-reach], bool)


def nearest_patches(
    target: Floats,
    source: Floats,
    wanted: Flags,
    sources: Flags,
    *,
    start: Field | None = None,
    passes: int = 6,
    seed: int = 0,
    check: Callable[[], None] = lambda: None,
) -> Field:
    """Match every wanted pixel of `target` with a pixel of `source`; both are ``(h, w, C)`` float32.

    The likeness is the mean squared difference of two patches (mirrored at the border). The search begins with
    `start`, otherwise at random; equal arguments give equal results. At least one source is needed (ValueError).
    `check` is called before each pass and may raise.
    """
    if not sources.any():
        raise ValueError("there is no source to match with")
    field = random_field(wanted, sources, seed) if start is None else start.copy()
    framed, framed_source = framed_by(target, RADIUS), framed_by(source, RADIUS)
    points = points_of(wanted)
    if len(points) == 0:
        return field
    shape = 2 * RADIUS + 1, target.shape[2]
    costs = patch_kernels.likeness(framed, framed_source, points, field, *shape)
    for index in range(passes):
        check()
        patch_kernels.search(
            framed, framed_source, points, wanted, sources, field, costs, *shape, np.uint32(seed), index
        )
    return field


def settled(
    field: Field,
    target: Floats,
    source: Floats,
    view: Floats,
    wanted: Flags,
    sources: Flags,
    *,
    rigour: float = 8.0,
    passes: int = 8,
    pulls: Floats = patch_kernels.NO_PULL,
    check: Callable[[], None] = lambda: None,
) -> Field:
    """A copy of `field` in which neighbours share their offset unless that would cost much likeness.

    `target` and `source` are those the field was made from; `view` ``(h, w, 3)`` float32 is the picture in which a
    change of offset would show. A pixel that shares its offset with no neighbour pays `rigour` times the median
    likeness, besides the difference seen along the seams. The price rises over the first passes, so that small pieces
    go before large ones take shape. `pulls` ``(h, w, 2)`` is what offsets cost besides (`patch_kernels.off_line`).
    `check` is called before each pass and may raise.
    """
    result = field.copy()
    points = points_of(wanted)
    if len(points) == 0:
        return result
    framed, framed_source = framed_by(target, RADIUS), framed_by(source, RADIUS)
    shape = 2 * RADIUS + 1, target.shape[2]
    usual = float(np.median(patch_kernels.likeness(framed, framed_source, points, result, *shape)))
    full_price = rigour * max(usual, _LEAST_LIKENESS) / 8
    for index in range(passes):
        check()
        price = np.float32(full_price * min(1.0, 2.0 ** (index - 2)))
        patch_kernels.settle(framed, framed_source, view, points, wanted, sources, result, *shape, price, index, pulls)
    return result


def enlarged(field: Field, wanted: Flags, sources: Flags, given: Flags | None = None) -> Field:
    """`field` carried on to the larger size of `wanted` and `sources`: the same offsets, enlarged.

    Where only the pixels `given`, at the field's size, have a match, the nearest one's offset counts. Where that leads
    to no source, the nearest source is taken. At least one source is needed.
    """
    height, width = wanted.shape
    small_height, small_width = field.shape[:2]
    points = points_of(wanted)
    nearest = points * (small_height, small_width) // (height, width)
    if given is not None:
        nearest = nearest_of(given)[nearest[:, 0], nearest[:, 1]]
    offsets = field[nearest[:, 0], nearest[:, 1]] - nearest
    places = points + np.rint(offsets * (height / small_height, width / small_width)).astype(np.int32)
    np.clip(places, 0, (height - 1, width - 1), out=places)
    result = own_places(height, width)
    result[wanted] = nearest_of(sources)[places[:, 0], places[:, 1]]
    return result


def nearest_of(sources: Flags) -> Field:
    """For every pixel the one of `sources` ``(h, w)`` closest to it, itself where it is one; at least one is needed."""
    kept_zero = (~sources).astype(np.uint8)
    _, labels = cv2.distanceTransformWithLabels(kept_zero, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    place_of = np.zeros((int(labels.max()) + 1, 2), np.int32)
    place_of[labels[sources]] = np.argwhere(sources)
    return np.asarray(place_of[labels], np.int32)


def random_field(wanted: Flags, sources: Flags, seed: int) -> Field:
    """A source at random for every wanted pixel; the pixel itself elsewhere."""
    field = own_places(*wanted.shape)
    places = np.argwhere(sources).astype(np.int32)
    picks = np.random.default_rng(seed).integers(len(places), size=int(np.count_nonzero(wanted)))
    field[wanted] = places[picks]
    return field


def own_places(height: int, width: int) -> Field:
    """Every pixel matched with itself."""
    return np.moveaxis(np.indices((height, width), np.int32), 0, 2).copy()


def points_of(flags: Flags) -> Points:
    """Row and column of every pixel set."""
    return np.argwhere(flags).astype(np.int32)


def framed_by(image: Floats, radius: int) -> Floats:
    """`image` ``(h, w, C)`` mirrored outwards by `radius`, as the kernels take it."""
    frame = cv2.copyMakeBorder(image, radius, radius, radius, radius, cv2.BORDER_REFLECT)
    return np.ascontiguousarray(frame, np.float32).reshape(frame.shape[0], -1)
