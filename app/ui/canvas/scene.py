"""What a pane shows and in which order it is painted: image, stage result, mask, pixel grid. Knows no widget."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QRegion

from app.document.kept import Kept
from app.imaging.geometry import EMPTY, Rect
from app.imaging.mask_levels import MaskLevels
from app.inference.request import RegionPatch
from app.ui.canvas.edge import Edge
from app.ui.canvas.heat_layer import HeatLayer
from app.ui.canvas.image_layer import ImageLayer
from app.ui.canvas.kept_patches import KeptPatches
from app.ui.canvas.mask_tint import OverlayStyle
from app.ui.canvas.overlay import MaskOverlay
from app.ui.canvas.patch_set import PatchSet
from app.ui.canvas.qimages import wrap_premultiplied
from app.ui.canvas.screen_tiles import REACH
from app.ui.canvas.viewport import ViewTransform

GRID_FROM = 8.0
"""From this zoom on, lines part the image's pixels."""

_GRID = 0x5A2D2D2D
"""Mid grey, about a third opaque, premultiplied."""

_GRID_STRIP = 64
"""View rows."""


class Scene:
    """The contents of one pane. Rectangles are image pixels; it is painted in pixels of the flat view."""

    def __init__(self) -> None:
        self.layer: ImageLayer | None = None
        self.overlay: MaskOverlay | None = None
        self.avoided: MaskOverlay | None = None
        """What is not to be used."""
        self.avoid_style = OverlayStyle(is_hatched=True)
        self.heat = HeatLayer()
        """Where a place of the hole looks."""
        self.edge: Edge | None = None
        """What will be filled beyond the mask."""
        self.patches: PatchSet | None = None
        self.patch_opacity = 1.0
        """0…1; below 1 while a result fades in."""
        self.patches_hidden = False
        """True while the original is shown instead of the result."""
        self.opened: ImageLayer | None = None
        """The photo as it was opened, where that is what the original is compared with."""
        self.has_grid = True
        """Whether lines part the image's pixels where they are large."""
        self._near: MaskOverlay | None = None
        """The mask at the zoom of what is drawn over the pane."""

    def set_source(self, layer: ImageLayer | None, mask: MaskLevels | None, avoided: MaskLevels | None = None) -> None:
        """Show another image and mask, and what is not to be used, without patches."""
        self.layer = layer
        self.avoided = None if avoided is None else MaskOverlay(avoided)
        self.heat = HeatLayer()
        self.overlay = None if mask is None else MaskOverlay(mask)
        self._near = None if mask is None else MaskOverlay(mask)
        self.edge = None
        self.patches = None
        self.opened = None

    def set_patches(self, patches: Sequence[RegionPatch], *, are_colours: bool = False) -> None:
        """Lay a stage's result over the image, or with `are_colours` a picture of any kind; none takes it away."""
        self.patches = None
        if patches and self.layer is not None:
            self.patches = PatchSet(patches, self.layer.pyramid, are_colours=are_colours)

    def set_kept(self, kept: Kept | None) -> None:
        """Lay what is kept of several results over the image; None takes it away."""
        self.patches = KeptPatches(kept, self.layer.pyramid) if kept and self.layer else None

    def refresh_kept(self, rect: Rect) -> None:
        """Something else is kept of the results in `rect`."""
        if isinstance(self.patches, KeptPatches):
            self.patches.update(rect)

    def refresh(self, rect: Rect) -> None:
        """The image changed in `rect`; its pyramid is up to date already."""
        if self.layer is not None:
            self.layer.refresh(rect)
        if self.patches is not None:
            self.patches.refresh(rect)

    def refresh_mask(self, rect: Rect) -> None:
        """The mask changed in `rect`; its levels are up to date already."""
        for overlay in (self.overlay, self._near):
            if overlay is not None:
                overlay.refresh(rect)

    @property
    def patch_rect(self) -> Rect:
        """A rectangle round the patches, image pixels."""
        return EMPTY if self.patches is None else self.patches.rect

    def covered(self, view: ViewTransform) -> QRect:
        """The view pixels that `paint` leaves nothing to be seen through; empty where the image is transparent."""
        return self.layer.bounds(view) if self.layer is not None and self.layer.is_opaque else QRect()

    def paint(
        self,
        painter: QPainter,
        view: ViewTransform,
        exposed: QRect,
        style: OverlayStyle,
        *,
        is_before: bool = False,
        is_plain: bool = False,
    ) -> QRegion:
        """Paint what lies in `exposed` onto a painter that counts view pixels; returns what `ImageLayer.paint` does.

        `is_before` asks for what was before, without result and mask; what `is_plain`, for no more than the picture
        and its mask.
        """
        is_before = is_before or self.patches_hidden
        layer = self.opened if is_before and self.opened is not None else self.layer
        if layer is None:
            return QRegion()
        painter.save()
        painter.setClipRect(exposed, Qt.ClipOperation.IntersectClip)
        rough = self._paint_image(painter, view, exposed, layer, 0.0 if is_before else self.patch_opacity)
        visible = exposed.intersected(layer.bounds(view))
        if self.overlay is not None and not is_before and not visible.isEmpty():
            self.overlay.paint(painter, view, visible, style)
            if self.edge is not None and style.visible:
                self.edge.paint(painter, view, visible)
        if not is_before and not is_plain and not visible.isEmpty():
            self.heat.paint(painter, view, visible)
            if self.avoided is not None:
                self.avoided.paint(painter, view, visible, self.avoid_style)
        if self.has_grid and view.scale >= GRID_FROM and not visible.isEmpty():
            _paint_grid(painter, view, visible)
        painter.restore()
        return rough

    def draw(
        self, painter: QPainter, view: ViewTransform, shown: QRect, style: OverlayStyle, *, is_before: bool = False
    ) -> None:
        """Draw what lies in `shown` at another zoom than the pane's, which keeps what it has drawn at its own.

        See `paint` for the rest.
        """
        is_before = is_before or self.patches_hidden
        layer = self.opened if is_before and self.opened is not None else self.layer
        if layer is None:
            return
        painter.save()
        painter.setClipRect(shown, Qt.ClipOperation.IntersectClip)
        layer.draw(painter, view, shown, None if is_before else self.patches)
        visible = shown.intersected(layer.bounds(view))
        if self._near is not None and not is_before and not visible.isEmpty():
            painter.save()
            self._near.paint(painter, view, visible, style)
            painter.restore()
        if self.has_grid and view.scale >= GRID_FROM and not visible.isEmpty():
            _paint_grid(painter, view, visible)
        painter.restore()

    def _paint_image(
        self, painter: QPainter, view: ViewTransform, exposed: QRect, layer: ImageLayer, opacity: float
    ) -> QRegion:
        opacity = 0.0 if self.patches is None else opacity
        rough = QRegion()
        if opacity < 1.0:
            rough = rough + layer.paint(painter, view, exposed)
        if opacity > 0.0 and self.patches is not None:
            painter.setOpacity(opacity)
            changed = exposed if opacity == 1.0 else exposed.intersected(view.covering(self.patches.rect, REACH))
            rough = rough + layer.paint(painter, view, changed, self.patches)
            painter.setOpacity(1.0)
        return rough


def _paint_grid(painter: QPainter, view: ViewTransform, visible: QRect) -> None:
    """Lines of one view pixel along the borders of the image's pixels.

    The upright ones are copied in from a strip: filled one by one they cost three times as much as the image.
    """
    right, bottom = visible.x() + visible.width(), visible.y() + visible.height()
    strip = np.zeros((_GRID_STRIP, visible.width()), np.uint32)
    strip[:, [x - visible.x() for x in _borders(view.scale, view.x, visible.x(), right)]] = _GRID
    upright = wrap_premultiplied(strip)
    for y in range(visible.y(), bottom, _GRID_STRIP):
        painter.drawImage(visible.x(), y, upright, 0, 0, -1, min(_GRID_STRIP, bottom - y))
    level = wrap_premultiplied(np.full((1, visible.width()), _GRID, np.uint32))
    for y in _borders(view.scale, view.y, visible.y(), bottom):
        painter.drawImage(visible.x(), y, level)


def _borders(scale: float, offset: int, start: int, end: int) -> list[int]:
    """The view positions in ``start … end-1`` at which an image pixel begins; none at the image's own border."""
    first, last = math.floor((start - offset) / scale), math.ceil((end - offset) / scale)
    positions = (math.ceil(offset + index * scale - 0.5) for index in range(max(first, 1), last + 1))
    return [position for position in positions if start <= position < end]
