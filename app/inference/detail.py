"""Detail at native size for a hole that was solved smaller: the photograph's own texture on the guide's structure.

Transfer by bands. The guide says what is where, in which colour: the low band. For every part of the hole the most
similar known place is found at the guide's size, and what the photograph holds there beyond the low band is added at
native size: ``result = low[here] + gain * (photo - low)[there]``. Pieces that share an offset are exact copies but for
their colour; nothing is averaged, so nothing blurs. Where the guide is itself soft, as a network's answer can be, the
low band of the known places is blurred as much, and the transferred band reaches down to what the guide lacks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from app.imaging import bands, correspondence
from app.imaging.arrays import DeepImage, Picture
from app.imaging.bands import Levels
from app.imaging.correspondence import Field, Flags, Floats
from app.imaging.depth import from_levels, levels_of, unit_of
from app.imaging.geometry import Rect, bounding_rect
from app.imaging.local_mean import local_mean
from app.imaging.patch_kernels import RADIUS
from app.imaging.pull_push import spread

_TEXTURE_WEIGHT = np.float32(8)
"""What a factor e of texture energy counts in grey levels when matching. More is sharper in shallow focus, and brings
a neighbour's texture into clear skies."""

_ROUGH_BLUR = 0.8
"""Gaussian, in pixels of the halved view, that makes a soft and a sharp rendering of one thing alike."""
_SPREAD_SIGMA = 8.0
"""Guide pixels over which the texture energy round the hole is averaged before it is spread inwards."""
_GAIN_POWER, _GAIN_SIGMA, _GAIN_RANGE = 0.9, 3.0, (0.6, 2.5)
"""How far the gain goes towards the expected energy, the guide pixels over which it is averaged, its limits."""
_JOIN_REACH = 1.5
"""Guide pixels over which a step at the hole's edge fades out."""

Check = Callable[[], None]


@dataclass(frozen=True)
class _Scene:
    """The region at the guide's size."""

    view: Floats
    """``(h, w, 3)``: the photograph shrunk, the guide in the hole."""
    covered: Flags
    """Pixels on which the hole falls."""
    energy: Floats
    """Texture finer than the guide shows, as the photograph has it (known pixels)."""
    expected: Floats
    """The same, spread into the hole from round it."""
    avoided: Flags | None = None
    """Known pixels of which nothing may be copied."""

    @property
    def unusable(self) -> Flags:
        """What can't be copied."""
        return self.covered if self.avoided is None else self.covered | self.avoided

    @property
    def wanted(self) -> Flags:
        """Pixels that need a match: one more than covered, for interpolation."""
        return np.asarray(cv2.dilate(self.covered.astype(np.uint8), np.ones((3, 3), np.uint8)), bool)

    def halved(self) -> _Scene:
        """The scene at half the size, slightly blurred."""
        width, height = (max(1, (side + 1) // 2) for side in reversed(self.covered.shape))

        def half(array: Floats) -> Floats:
            return np.asarray(cv2.resize(array, (width, height), interpolation=cv2.INTER_AREA), np.float32)

        view = bands.blurred(half(self.view), _ROUGH_BLUR)
        avoided = None if self.avoided is None else bands.covered_by(self.avoided, height, width)
        covered = bands.covered_by(self.covered, height, width)
        return _Scene(view, covered, half(self.energy), half(self.expected), avoided)


def add_detail(
    photo: DeepImage,
    hole: Flags,
    guide: Picture,
    check: Check = lambda: None,
    matches: Field | None = None,
    avoided: Flags | None = None,
    seed: int = 0,
) -> DeepImage:
    """Fill `hole` of `photo` at native size with the guide's structure and the photograph's own texture.

    `photo` is ``(H, W, 3)`` uint8 or uint16, `hole` ``(H, W)`` bool, `guide` ``(h, w, 3)`` 8 bits or grey levels: the
    same view with the hole filled, ``h <= H`` and ``w <= W``. What `photo` holds inside the hole does not matter.
    The result is a new array of the photograph's depth, equal to it outside the hole; equal arguments give equal
    results. A guide of native size is taken as it is, and where too little is known to copy from, the guide is only
    enlarged. Where it is known of which known pixel every covered pixel of the guide is a copy, `matches`
    ``(h, w, 2)`` says so and the search is left out. Else nothing is copied of what is `avoided` ``(H, W)``, and `seed`
    is the search's. `check` is called between steps (a few tenths of a second) and may raise to stop.
    """
    result = photo.copy()
    if guide.shape == photo.shape:
        result[hole] = from_levels(guide[hole].astype(np.float32), photo)
        return result
    hole = np.array(hole, bool, order="C")
    height, width = guide.shape[:2]
    covered = bands.covered_by(hole, height, width)
    if not covered.any():
        return result
    view = bands.shrunk_view(photo, covered, guide)
    low = bands.enlarged_levels(view, *hole.shape)
    left_out = None if avoided is None else bands.covered_by(avoided, height, width) & ~covered
    unusable = covered if left_out is None else covered | left_out
    if correspondence.sources_of(unusable, RADIUS + 1).any():
        check()
        energy = bands.texture_energy(photo, low, ~covered)
        scene = _Scene(view, covered, energy, _expected(energy, unusable), left_out)
        if matches is None:
            _transfer(result, hole, low, scene, seed, check)
        else:
            _copied(result, hole, low, low, scene, _widened(matches, scene))
    else:
        result[hole] = from_levels(low[hole].astype(np.float32) / np.float32(bands.STEPS), photo)
    check()
    if not hole.all():
        _join(result, hole, hole.shape[0] / height)
    return result


def warm_up() -> None:
    """Compile all that `add_detail` needs: some seconds the first time on a machine, milliseconds later."""
    hole = np.zeros((80, 80), bool)
    hole[38:42, 38:42] = True
    add_detail(np.zeros((80, 80, 3), np.uint8), hole, np.zeros((40, 40, 3), np.uint8))


def _expected(energy: Floats, covered: Flags) -> Floats:
    """The texture energy that the hole's surroundings make likely inside; `energy` itself elsewhere."""
    known = cv2.dilate(covered.astype(np.uint8), np.ones((7, 7), np.uint8)) == 0
    reached = bands.blurred(known.astype(np.float32), _SPREAD_SIGMA) > 0.02
    inwards = spread(local_mean(energy, known, _SPREAD_SIGMA), reached.astype(np.float32))
    return np.where(known, energy, inwards)


def _transfer(result: DeepImage, hole: Flags, low: Levels, scene: _Scene, seed: int, check: Check) -> None:
    """Fill the hole of `result`; `low` is the scene's view enlarged."""
    sources = correspondence.sources_of(scene.unusable, RADIUS + 1)
    field = _rough_field(scene, sources, seed, check)
    sigma = bands.softness(scene.view, field, scene.covered)
    source = bands.blurred(scene.view, sigma)
    target = np.where(scene.covered[..., None], scene.view, source)
    field = _match(scene, target, source, sources, field, soft=sigma > 0, seed=seed, check=check)
    check()
    source_low = low if sigma == 0 else bands.enlarged_levels(source, *hole.shape)
    target_low = low if sigma == 0 else bands.enlarged_levels(target, *hole.shape)
    _copied(result, hole, target_low, source_low, scene, field)


def _copied(
    result: DeepImage, hole: Flags, target_low: Levels, source_low: Levels, scene: _Scene, field: Field
) -> None:
    """Fill the hole of `result` with its low band and what `field` leads to beyond the source's."""
    area = bounding_rect(hole)
    gain = _gain(scene, field)
    sides = area.y, area.x, area.bottom, area.right
    bands.transfer(result, hole, target_low, source_low, field, gain, unit_of(result), *sides)


def _widened(matches: Field, scene: _Scene) -> Field:
    """`matches` for all wanted pixels: one beyond the covered ones goes on as the nearest of these does."""
    own = correspondence.own_places(*scene.covered.shape)
    nearest = correspondence.nearest_of(scene.covered)
    places = own + (matches - own)[nearest[..., 0], nearest[..., 1]]
    np.clip(places, 0, (own.shape[0] - 1, own.shape[1] - 1), out=places)
    return np.where(scene.wanted[..., None], places, own).astype(np.int32)


def _rough_field(scene: _Scene, sources: Flags, seed: int, check: Check) -> Field:
    """Matches made at half the size, where a soft guide and a sharp photograph still look alike."""
    half = scene.halved()
    half_sources = correspondence.sources_of(half.unusable)
    if not half_sources.any():
        return correspondence.nearest_patches(scene.view, scene.view, scene.wanted, sources, seed=seed, check=check)
    field = _match(half, half.view, half.view, half_sources, None, soft=True, seed=seed, check=check)
    return correspondence.enlarged(field, scene.wanted, sources)


def _match(
    scene: _Scene,
    target: Floats,
    source: Floats,
    sources: Flags,
    start: Field | None,
    *,
    soft: bool,
    seed: int,
    check: Check,
) -> Field:
    """A coherent field from `target` to `source`, in colour and texture; a soft guide keeps the pieces of `start`."""
    wanted = scene.wanted
    target = np.dstack([target, _TEXTURE_WEIGHT * scene.expected])
    source = np.dstack([source, _TEXTURE_WEIGHT * scene.energy])
    passes = 6 if start is None else 0 if soft else 1
    field = correspondence.nearest_patches(
        target, source, wanted, sources, start=start, passes=passes, seed=seed, check=check
    )
    return correspondence.settled(field, target, source, scene.view, wanted, sources, check=check)


def _gain(scene: _Scene, field: Field) -> Floats:
    """How much the high band is strengthened, ``(h, w)``, so that its energy nears what is expected there."""
    found = scene.energy[field[..., 0], field[..., 1]]
    gain = np.exp(_GAIN_POWER * (scene.expected - found), dtype=np.float32)
    return np.clip(local_mean(gain, scene.wanted, _GAIN_SIGMA), *_GAIN_RANGE)


def _join(result: DeepImage, hole: Flags, factor: float) -> None:
    """Take the step out of the hole's edge: shift the inside to the outside there, fading out inwards.

    `factor` is native pixels per guide pixel.
    """
    area = bounding_rect(hole).grown(int(4 * factor) + 4).intersected(Rect.of_array(hole))
    inside = hole[area.slices]
    distance = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, 3)
    rim = (inside & (distance <= 1.5)).astype(np.float32)
    fade = np.exp((1 - distance) / np.float32(_JOIN_REACH * factor))
    sigma = max(0.8, factor / 3)
    for channel in range(3):
        values = result[area.slices][..., channel]
        levels = levels_of(values)
        step = local_mean(levels, ~inside, sigma) - local_mean(levels, inside, sigma)
        joined = from_levels(levels + fade * spread(step, rim), values)
        values[inside] = joined[inside]
