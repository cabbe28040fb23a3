"""What a run will fill beyond what is painted, and how softly: drawn round the mask from the mask itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from app.imaging.arrays import HOLE, Mask
from app.imaging.geometry import Rect, bounding_rect
from app.imaging.masks import feathered, grown
from app.imaging.tint import edged
from app.inference.regions import filled_mask
from app.ui.canvas.mask_look import MaskLook
from app.ui.canvas.mask_tint import OverlayStyle, Patch, coverage_of, tint_table
from app.ui.canvas.patch_set import level_rect
from app.ui.canvas.qimages import Premultiplied, wrap_premultiplied
from app.ui.canvas.viewport import ViewTransform

_STRENGTH = 0.5
"""Of the tint beyond what is painted, as a share of the mask's own."""

_INNER, _OUTER = 0x78787878, 0x46000000
"""The lines, premultiplied: half as strong as the mask's own."""

_TELLS_APART = 3.0
"""View pixels between two lines; with less there is but one."""


@dataclass(frozen=True, slots=True)
class EdgeTask:
    """What it takes to draw the edge; nothing of it changes, so another thread may."""

    patch: Patch
    """A copy of the mask where it is shown, and as far round it as `margin` says."""
    view: ViewTransform
    shown: QRect
    """View pixels."""
    grow: int
    feather: int
    """Image pixels, as in `InpaintOptions`."""
    style: OverlayStyle

    def drawn(self) -> Edge | None:
        """The edge; None where there is none to be seen."""
        patch, factor = self.patch, self.patch.factor
        grow, feather = round(self.grow / factor), round(self.feather / factor)
        if max(grow, feather) == 0:
            return None
        is_whole = patch.area == level_rect(Rect(0, 0, *patch.image), factor)
        full = filled_mask(patch.pixels, grow) if is_whole else grown(patch.pixels, grow)
        box = bounding_rect(full)
        if box.is_empty:
            return None
        soft = feathered(full, feather)
        around = box.moved(patch.area.x, patch.area.y)
        in_image = Rect(around.x * factor, around.y * factor, around.width * factor, around.height * factor)
        run = self.view.covering(in_image, 2).intersected(self.shown)
        return None if run.isEmpty() else self._coloured(full, soft, run)

    @property
    def _needs_both_lines(self) -> bool:
        """Whether a line says where the filling is complete: not where the tint says so, nor where both merge."""
        is_told = self.style.look is MaskLook.TINT and self.feather <= self.grow
        return not is_told and self.feather * self.view.scale >= _TELLS_APART * self.style.line_width

    def _coloured(self, full: Mask, soft: Mask, run: QRect) -> Edge:
        solid = np.equal(soft, HOLE).view(np.uint8) * np.uint8(HOLE)
        width = self.style.line_width
        painted, filled, whole, strength = (
            coverage_of(self.patch._replace(pixels=each), self.view, run, 2 * width)
            for each in (self.patch.pixels, full, solid, soft)
        )
        borders = (filled, whole) if self._needs_both_lines else (filled,)
        pixels = edged(painted, strength, borders, _table(self.style), width)
        return Edge(pixels, run.x() - self.view.x, run.y() - self.view.y, self.view.scale)


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """The edge drawn for one zoom."""

    pixels: Premultiplied
    x: int
    y: int
    """Where they lie from the image's corner, view pixels."""
    scale: float

    def bounds(self, view: ViewTransform) -> QRect:
        """The view pixels it covers; none at another zoom than its own."""
        if view.scale != self.scale:
            return QRect()
        height, width = self.pixels.shape
        return QRect(view.x + self.x, view.y + self.y, width, height)

    def paint(self, painter: QPainter, view: ViewTransform, exposed: QRect) -> None:
        """Draw what lies in `exposed`; `painter` counts view pixels."""
        bounds = self.bounds(view)
        part = bounds.intersected(exposed)
        if not part.isEmpty():
            painter.drawImage(part, wrap_premultiplied(self.pixels), part.translated(-bounds.topLeft()))


def margin(grow: int, feather: int, factor: int) -> int:
    """Level pixels round what is shown whose mask the edge depends on."""
    return -(-(grow + feather) // factor) + 3


def _table(style: OverlayStyle) -> Premultiplied:
    strength = _STRENGTH * style.opacity if style.look is MaskLook.TINT else 0.0
    return tint_table(style.colour, strength, _OUTER, _INNER)
