"""A piece of the mask as coloured view pixels: tinted, with a line along the hole's border."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage

from app.imaging.arrays import HOLE, Mask
from app.imaging.geometry import Extent, Rect, bounding_rect
from app.imaging.squares import as_squares
from app.imaging.tint import DASH, INNER_LINE, OUTER_LINE, Sampling, dashed, sampled, tinted
from app.ui.canvas.image_drawer import CRISP_FROM
from app.ui.canvas.mask_look import MaskLook
from app.ui.canvas.qimages import Premultiplied, wrap_indexed, wrap_premultiplied
from app.ui.canvas.viewport import ViewTransform

_INNER, _OUTER = 0xF0F0F0F0, 0x90000000
"""The line, premultiplied: light just inside the hole, dark just outside, so that one shows on any background."""

_LIGHT, _DARK = 0xFFFFFFFF, 0xFF000000
"""Ants."""


HATCH = 16
"""View pixels from a stripe to the next, at a line width of 1; a power of 2, so that tiles meet."""


@dataclass(frozen=True, slots=True)
class OverlayStyle:
    """How the mask is shown."""

    visible: bool = True
    colour: str = "#ff3b30"
    opacity: float = 0.45
    """0…1 where the mask is 255."""
    line_width: int = 1
    """View pixels of each half of the outline."""
    look: MaskLook = MaskLook.TINT
    is_hatched: bool = False
    """Every other diagonal stripe of the tint is left out."""


class DrawnTile(NamedTuple):
    """A square of the view, ready to be drawn."""

    image: QImage
    line: QRect
    """Of ants, a rectangle round them, from the tile's corner; else empty."""


class Patch(NamedTuple):
    """Part of one level of the mask's pyramid."""

    pixels: Mask
    area: Rect
    """Where `pixels` lie, in level pixels."""
    factor: int
    """Image pixels per level pixel."""
    image: Extent
    """The size of the whole mask, image pixels."""


def drawn_tiles(patch: Patch, view: ViewTransform, run: QRect, style: OverlayStyle, side: int) -> list[DrawnTile]:
    """What `patch` looks like in `run` of the view, cut into tiles `side` pixels wide.

    Ants come in the colours of `ant_colours`, which the caller gives them.
    """
    coverage = coverage_of(patch, view, run, style.line_width)
    if style.look is MaskLook.ANTS:
        places = dashed(coverage, style.line_width, run.x() - view.x, run.y() - view.y)
        parts = [places[:, x : x + side] for x in range(0, run.width(), side)]
        return [DrawnTile(wrap_indexed(part).copy(), _bounds(part)) for part in parts]
    pixels = tinted(coverage, _table(style), style.line_width)
    if style.is_hatched:
        pixels = _hatched(pixels, style.line_width, run.x() - view.x, run.y() - view.y)
    drawn = wrap_premultiplied(pixels)
    return [DrawnTile(drawn.copy(x, 0, side, run.height()), QRect()) for x in range(0, run.width(), side)]


def full_tile(width: int, height: int, style: OverlayStyle) -> QImage | None:
    """A rectangle of view pixels that is hole all over; None where nothing is drawn there."""
    if style.look is not MaskLook.TINT:
        return None
    colour = int(_table(style)[HOLE])
    if style.is_hatched:
        return wrap_premultiplied(_hatched(np.full((height, width), colour, np.uint32), style.line_width, 0, 0)).copy()
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(colour)
    return image


def _hatched(pixels: Premultiplied, line_width: int, x: int, y: int) -> Premultiplied:
    """`pixels` with clear stripes between those of the tint, the line left whole.

    Stripes are fixed to the plane on which the first pixel lies at ``(x, y)``.
    """
    period = HATCH * line_width
    down, across = (np.arange(at, at + side) for at, side in zip((y, x), pixels.shape, strict=True))
    is_clear = (down[:, None] + across) % period >= period // 2
    is_line = (pixels == _INNER) | (pixels == _OUTER)
    return np.where(is_clear & ~is_line, np.uint32(0), pixels)


def ant_colours(step: int) -> list[int]:
    """The colours of a tile of ants that have gone `step` pixels: nothing off the line, half light and half dark."""
    return [0, *(_LIGHT if (place - step) % DASH < DASH // 2 else _DARK for place in range(DASH))]


def _bounds(part: Mask) -> QRect:
    rect = bounding_rect(part)
    return QRect(rect.x, rect.y, rect.width, rect.height)


def _table(style: OverlayStyle) -> Premultiplied:
    return tint_table(style.colour, style.opacity if style.look is MaskLook.TINT else 0.0)


def coverage_of(patch: Patch, view: ViewTransform, tile: QRect, reach: int) -> Mask:
    """The mask in view pixels, 0…255, for `tile` and `reach` more on each side; 0 where `patch` doesn't go."""
    shown = Rect(tile.x() - view.x, tile.y() - view.y, tile.width(), tile.height()).grown(reach)
    if view.scale >= CRISP_FROM:
        return as_squares(patch.pixels, patch.area, patch.image, shown, view.scale)
    if view.scale * patch.factor == 1.0:
        coverage = np.zeros((shown.height, shown.width), np.uint8)
        common = shown.intersected(patch.area)
        source = patch.pixels[common.moved(-patch.area.x, -patch.area.y).slices]
        coverage[common.moved(-shown.x, -shown.y).slices] = source
        return coverage
    scale = view.scale * patch.factor
    where = Sampling(scale, patch.area.x * scale - shown.x, patch.area.y * scale - shown.y)
    return sampled(patch.pixels, where, shown.width, shown.height)


@lru_cache(maxsize=8)
def tint_table(colour: str, opacity: float, outer: int = _OUTER, inner: int = _INNER) -> Premultiplied:
    """The premultiplied tint for each mask value, ``(256,)``; `colour` as ``#rrggbb``, `opacity` 0…1.

    The values of the two lines are special: they get `outer` and `inner`, premultiplied colours.
    """
    base = QColor(colour)
    strength = np.arange(256) / 255 * opacity
    channels = (255, base.red(), base.green(), base.blue())
    alpha, red, green, blue = (np.rint(strength * value).astype(np.uint32) for value in channels)
    table = np.asarray(alpha << 24 | red << 16 | green << 8 | blue, np.uint32)
    table[[OUTER_LINE, INNER_LINE]] = outer, inner
    return table
