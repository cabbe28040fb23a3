"""Finds the object at a click or in a box: GrabCut on a small copy of the region, its edge then at full size.

C. Rother, V. Kolmogorov, A. Blake, *GrabCut*, SIGGRAPH 2004 (OpenCV's implementation); the edge follows the photo by
`guided_edge`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from app.imaging.arrays import HOLE, DeepImage, Image, Mask
from app.imaging.depth import narrowed
from app.imaging.geometry import EMPTY, Point, Rect, bounding_rect
from app.imaging.guided_edge import refined
from app.imaging.wand import NOTHING, Selection, enlarged

_ROUGH, _FINE = 30_000, 150_000
"""Pixels of the small copies: in which the object is looked for, and in which it is cut out."""
_ROUNDS = 4
_LARGER = 2.0
"""By what the region grows where the object goes beyond it, or none is found."""
_SEED = 5
_CORE, _GUESS = 0.02, 0.2
"""Radii round a click, as shares of the region's side: surely the object, probably the object."""
_BEYOND = 0.03
"""Share of the region's open border that an object may touch before it is looked for in a larger one."""
_BULGES = (1.0, 1.25, 1.5)
"""Sizes of the ellipse in a box that is probably the object, against the one that just fits."""
_LEAST = 0.02
"""Share of the region below which what was found counts as nothing but the click."""
_BAND = 0.04
"""Half the width, as a share of the shorter side, of the band in which a rough cut is decided anew."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What was pointed at. All in image pixels; points may lie outside the image and count for nothing then."""

    inside: tuple[Point, ...] = ()
    """On the object."""
    outside: tuple[Point, ...] = ()
    """Not on it."""
    box: Rect | None = None
    """Round the object."""
    reach: float = 200.0
    """Where there is no box, how far from the first click the object is looked for at first."""


class NotWantedError(Exception):
    """Nobody waits for the answer any longer."""


def find_object(
    image: DeepImage, hints: Hints, grow: int = 0, is_wanted: Callable[[], bool] | None = None
) -> Selection:
    """The object in `image` ``(H, W, 3)`` that `hints` point at, `grow` pixels larger; `NOTHING` where there is none.

    The same arguments give the same answer. Raises `NotWantedError` as soon as `is_wanted` says no.
    """
    whole = Rect.of_array(image)
    hints = _within(hints, whole)
    region = _first_region(hints, whole)
    if region.is_empty:
        return NOTHING
    ask = is_wanted or _always
    region, rough = _looked_for(image, region, hints, ask)
    view = _View.of(image, region, _FINE)
    found = _cut_out(view, hints, ask, _banded(view, rough), rounds=2)
    mask = refined(narrowed(image[region.slices]), found)
    rect = bounding_rect(mask)
    found_there = Selection(rect.moved(region.x, region.y), np.ascontiguousarray(mask[rect.slices]))
    return enlarged(found_there, grow, whole) if not rect.is_empty else NOTHING


def _always() -> bool:
    return True


def _within(hints: Hints, whole: Rect) -> Hints:
    def there(points: tuple[Point, ...]) -> tuple[Point, ...]:
        return tuple(each for each in points if 0 <= each.x < whole.width and 0 <= each.y < whole.height)

    box = None if hints.box is None else hints.box.intersected(whole)
    return Hints(there(hints.inside), there(hints.outside), box, hints.reach)


def _first_region(hints: Hints, whole: Rect) -> Rect:
    if hints.box is not None:
        return _around(hints.box, 1.4).intersected(whole) if not hints.box.is_empty else EMPTY
    if not hints.inside:
        return EMPTY
    left, right = min(each.x for each in hints.inside), max(each.x for each in hints.inside)
    top, bottom = min(each.y for each in hints.inside), max(each.y for each in hints.inside)
    reach = max(hints.reach, 4)
    x, y = int(left - reach), int(top - reach)
    return Rect(x, y, int(right + reach) + 1 - x, int(bottom + reach) + 1 - y).intersected(whole)


def _around(rect: Rect, factor: float) -> Rect:
    more_x, more_y = (max(round(side * (factor - 1) / 2), 2) for side in (rect.width, rect.height))
    return Rect(rect.x - more_x, rect.y - more_y, rect.width + 2 * more_x, rect.height + 2 * more_y)


@dataclass(frozen=True, slots=True)
class _View:
    """A region of the photograph in a small copy."""

    pixels: Image
    region: Rect

    @classmethod
    def of(cls, image: DeepImage, region: Rect, most: int) -> _View:
        """Of at most about `most` pixels."""
        scale = min((most / region.area) ** 0.5, 1.0)
        size = max(round(region.width * scale), 1), max(round(region.height * scale), 1)
        small = cv2.resize(image[region.slices], size, interpolation=cv2.INTER_AREA)
        return cls(narrowed(np.asarray(small)), region)

    def at(self, x: float, y: float) -> tuple[int, int]:
        """Where an image point lies in the copy, in whole pixels."""
        height, width = self.pixels.shape[:2]
        return (
            int((x - self.region.x) * width / self.region.width),
            int((y - self.region.y) * height / self.region.height),
        )


def _looked_for(image: DeepImage, region: Rect, hints: Hints, is_wanted: Callable[[], bool]) -> tuple[Rect, Mask]:
    """The region that holds the whole object, and a rough cut of it."""
    if hints.box is not None:
        return region, _in_box(_View.of(image, region, _ROUGH), hints, hints.box, is_wanted)
    whole, tried = Rect.of_array(image), []
    while True:
        view = _View.of(image, region, _ROUGH)
        rough = _cut_out(view, hints, is_wanted, _discs(view, hints.inside))
        beyond = _beyond(rough, region, whole)
        is_there = np.count_nonzero(rough) > _LEAST * rough.size
        if is_there and beyond <= _BEYOND and region != whole:
            return region, rough
        tried.append((beyond if is_there else 1.0, region, rough))
        if region == whole:
            _, region, rough = min(tried, key=lambda each: each[0])
            return region, rough
        region = _around(region, _LARGER).intersected(whole)


def _in_box(view: _View, hints: Hints, box: Rect, is_wanted: Callable[[], bool]) -> Mask:
    """Of several rough cuts the one that reaches all sides of the box and runs along none."""
    (left, top), (right, bottom) = view.at(box.x, box.y), view.at(box.right, box.bottom)
    inner = Rect(left, top, max(right - left, 1), max(bottom - top, 1))

    def worth(found: Mask) -> float:
        inside, rect = found[inner.slices], bounding_rect(found)
        along = np.concatenate([inside[0], inside[-1], inside[:, 0], inside[:, -1]])
        return min(rect.width / inner.width, rect.height / inner.height) - 2 * float(np.mean(along > 0))

    cuts = (_cut_out(view, hints, is_wanted, _ellipse(view, inner, bulge)) for bulge in _BULGES)
    return max(cuts, key=worth)


def _cut_out(view: _View, hints: Hints, is_wanted: Callable[[], bool], labels: Mask, rounds: int = _ROUNDS) -> Mask:
    """The object in `view`, 0 and 255. `labels` are GrabCut's before it begins; they are written to."""
    _mark_hints(labels, view, hints)
    cv2.setRNGSeed(_SEED)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    for turn in range(rounds):
        if not is_wanted():
            raise NotWantedError
        if not _is_open(labels):
            break
        how = cv2.GC_EVAL if turn else cv2.GC_INIT_WITH_MASK
        cv2.grabCut(view.pixels, labels, (0, 0, 0, 0), *models, 1, how)
    return _kept(_object_in(labels), labels, hints)


def _discs(view: _View, points: tuple[Point, ...]) -> Mask:
    """Labels: probably the object round the points and between them."""
    labels = np.full(view.pixels.shape[:2], cv2.GC_PR_BGD, np.uint8)
    radius = max(round(_GUESS * min(labels.shape) / len(points)), 1)
    spots = [view.at(*each) for each in points]
    for here, there in itertools.combinations_with_replacement(spots, 2):
        cv2.line(labels, here, there, cv2.GC_PR_FGD, 2 * radius + 1)
    return labels


def _ellipse(view: _View, inner: Rect, bulge: float) -> Mask:
    """Labels: probably the object in an ellipse of the box, surely not beyond the box."""
    labels = np.full(view.pixels.shape[:2], cv2.GC_BGD, np.uint8)
    guess = np.full((inner.height, inner.width), cv2.GC_PR_BGD, np.uint8)
    middle = inner.width // 2, inner.height // 2
    axes = round(bulge * middle[0]) + 1, round(bulge * middle[1]) + 1
    cv2.ellipse(guess, middle, axes, 0, 0, 360, cv2.GC_PR_FGD, -1)
    common = inner.intersected(Rect.of_array(labels))
    labels[common.slices] = guess[common.moved(-inner.x, -inner.y).slices]
    return labels


def _banded(view: _View, rough: Mask) -> Mask:
    """Labels that follow a rough cut but along its border."""
    height, width = view.pixels.shape[:2]
    share = cv2.resize(rough, (width, height), interpolation=cv2.INTER_LINEAR)
    reach = 2 * max(round(_BAND * min(height, width)), 1) + 1
    tool = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    hole = cv2.threshold(share, 127, 1, cv2.THRESH_BINARY)[1]
    labels = np.where(hole > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[cv2.erode(hole, tool) > 0] = cv2.GC_FGD
    labels[cv2.dilate(hole, tool) == 0] = cv2.GC_BGD
    return labels


def _mark_hints(labels: Mask, view: _View, hints: Hints) -> None:
    radius = round(_CORE * min(labels.shape))
    for points, label in ((hints.inside, cv2.GC_FGD), (hints.outside, cv2.GC_BGD)):
        for each in points:
            cv2.circle(labels, view.at(*each), radius, label, -1)


def _object_in(labels: Mask) -> Mask:
    return np.where(np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)), HOLE, 0).astype(np.uint8)


def _is_open(labels: Mask) -> bool:
    """Whether there is both object and background, as GrabCut needs it."""
    share = int(np.count_nonzero(_object_in(labels)))
    return 0 < share < labels.size


def _kept(found: Mask, labels: Mask, hints: Hints) -> Mask:
    """The pieces that a hint lies in, or the largest one, without small holes."""
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=4)
    if count <= 1:
        return found
    wanted = set(np.unique(pieces[labels == cv2.GC_FGD]).tolist()) - {0}
    if hints.box is not None:
        largest = int(stats[1:, cv2.CC_STAT_AREA].max())
        wanted |= {i for i in range(1, count) if stats[i, cv2.CC_STAT_AREA] >= 0.05 * largest}
    kept = np.where(np.isin(pieces, list(wanted)), HOLE, 0).astype(np.uint8)
    return _without_pinholes(kept)


def _without_pinholes(mask: Mask) -> Mask:
    limit = max(int(np.count_nonzero(mask) * 0.02), 1)
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(np.bitwise_not(mask), connectivity=4)
    small = [i for i in range(1, count) if stats[i, cv2.CC_STAT_AREA] <= limit]
    result = mask.copy()
    result[np.isin(pieces, small)] = HOLE
    return result


def _beyond(found: Mask, region: Rect, whole: Rect) -> float:
    """The share of the region's border that the object touches, where it could go on; of the whole image, of all."""
    sides = [
        (found[:, 0], region.x > whole.x),
        (found[:, -1], region.right < whole.right),
        (found[0], region.y > whole.y),
        (found[-1], region.bottom < whole.bottom),
    ]
    touched = [side for side, is_open in sides if is_open or region == whole]
    return float(np.count_nonzero(np.concatenate(touched))) / sum(map(len, touched))
