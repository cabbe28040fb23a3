"""A piece of the mask as coloured view pixels: tinted, with a line along the hole's border."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QImage, QPainter

from app.imaging.arrays import HOLE, THRESHOLD, Mask
from app.imaging.geometry import Rect
from app.ui.image_layer import CRISP_FROM
from app.ui.qimages import Premultiplied, wrap_grey, wrap_premultiplied, writable_bytes
from app.ui.viewport import ViewTransform

_INNER, _OUTER = 0xF0F0F0F0, 0x90000000
"""The line, premultiplied: light just inside the hole, dark just outside, so that one shows on any background."""

_Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class OverlayStyle:
    """How the mask is shown."""

    visible: bool = True
    colour: str = "#ff3b30"
    opacity: float = 0.45
    """0…1 where the mask is 255."""
    line_width: int = 1
    """View pixels of each half of the outline."""


class Patch(NamedTuple):
    """Part of one level of the mask's pyramid."""

    pixels: Mask
    area: Rect
    """Where `pixels` lie, in level pixels."""
    factor: int
    """Image pixels per level pixel."""


def drawn_patch(patch: Patch, view: ViewTransform, tile: QRect, style: OverlayStyle) -> QImage:
    """What `patch` looks like in `tile` of the view, as an image of its own of that size."""
    coverage = _coverage(patch, view, tile, style.line_width)
    tints = _tint_table(style.colour, style.opacity)
    return wrap_premultiplied(_tinted(coverage, tints, style.line_width)).copy()


def full_tile(side: int, style: OverlayStyle) -> QImage:
    """A square of view pixels that is hole all over."""
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(int(_tint_table(style.colour, style.opacity)[HOLE]))
    return image


def _coverage(patch: Patch, view: ViewTransform, tile: QRect, reach: int) -> Mask:
    """The mask in view pixels, 0…255, for `tile` and `reach` more on each side; 0 where `patch` doesn't go."""
    shown = Rect(tile.x() - view.x, tile.y() - view.y, tile.width(), tile.height()).grown(reach)
    if view.scale * patch.factor == 1.0:
        coverage = np.zeros((shown.height, shown.width), np.uint8)
        common = shown.intersected(patch.area)
        source = patch.pixels[common.moved(-patch.area.x, -patch.area.y).slices]
        coverage[common.moved(-shown.x, -shown.y).slices] = source
        return coverage
    image = QImage(shown.width, shown.height, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.scale < CRISP_FROM)
    painter.translate(-shown.x, -shown.y)
    painter.scale(view.scale * patch.factor, view.scale * patch.factor)
    painter.drawImage(QPointF(patch.area.x, patch.area.y), wrap_grey(patch.pixels))
    painter.end()
    return writable_bytes(image)[:, : image.width()].copy()


def _tinted(coverage: Mask, tints: Premultiplied, line_width: int) -> Premultiplied:
    """Tint and line for `coverage` without its outermost `line_width` pixels."""
    hole = coverage > THRESHOLD
    inside, outside = hole, hole
    for _ in range(line_width):
        inside, outside = _with_neighbours(inside, np.logical_and), _with_neighbours(outside, np.logical_or)
    centre = (slice(line_width, -line_width), slice(line_width, -line_width))
    result = np.take(tints, coverage[centre], mode="wrap")  # in range anyway, and four times as fast as indexing
    np.copyto(result, _INNER, where=hole[centre] & ~inside)
    np.copyto(result, _OUTER, where=outside & ~hole[centre])
    return result


@lru_cache(maxsize=4)
def _tint_table(colour: str, opacity: float) -> Premultiplied:
    """The premultiplied tint for each mask value, ``(256,)``; `colour` as ``#rrggbb``, `opacity` 0…1."""
    base = QColor(colour)
    strength = np.arange(256) / 255 * opacity
    channels = (255, base.red(), base.green(), base.blue())
    alpha, red, green, blue = (np.rint(strength * value).astype(np.uint32) for value in channels)
    return np.asarray(alpha << 24 | red << 16 | green << 8 | blue, np.uint32)


def _with_neighbours(hole: _Bools, combine: np.ufunc) -> _Bools:
    """Each pixel combined with its four neighbours; one pixel smaller on each side."""
    result: _Bools = combine(hole[1:-1, :-2], hole[1:-1, 2:])
    for other in (hole[1:-1, 1:-1], hole[:-2, 1:-1], hole[2:, 1:-1]):
        combine(result, other, out=result)
    return result
