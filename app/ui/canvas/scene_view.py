"""Shows a scene through the shared viewport; knows view pixels, device pixels and what to repaint, but no input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.document.kept import Kept
from app.imaging.geometry import Point, Rect
from app.imaging.mask_levels import MaskLevels
from app.imaging.pyramid import Pyramid
from app.inference.attention_probe import AttentionMap
from app.inference.request import RegionPatch
from app.ui.canvas.ants import MATTER_TO_IT, AntClock
from app.ui.canvas.divider import Divider
from app.ui.canvas.edge import Edge
from app.ui.canvas.heat_layer import HeatLayer
from app.ui.canvas.image_layer import ImageLayer
from app.ui.canvas.kept_tint import KeptTint
from app.ui.canvas.mask_look import MaskLook
from app.ui.canvas.mask_tint import OverlayStyle
from app.ui.canvas.outline_layer import OutlineLayer, Surface
from app.ui.canvas.pointer_marks import cross_bounds, paint_cross, paint_ring, ring_bounds
from app.ui.canvas.preview_layer import Preview, PreviewLayer
from app.ui.canvas.rough_parts import RoughParts
from app.ui.canvas.scene import Scene
from app.ui.canvas.turning import Turntable
from app.ui.canvas.view_widget import ViewWidget, scaled
from app.ui.canvas.viewport import Viewport, ViewTransform
from app.ui.contexts.layer import ContextLayer, ContextMark
from app.ui.tools.tools import CursorShape, Outline

_HATCHED = 0.75
"""Opacity of the stripes over what is not to be used."""
Part = tuple[QRect, Scene, bool]
"""Of the view, what is painted there, and whether as it was before."""


class SceneView(ViewWidget):
    """Holds no pixels of its own: what it shows belongs to the document and the results.

    Public rectangles and points are image pixels.
    """

    def __init__(self, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(viewport, parent)
        self.scene = Scene()
        self._style = OverlayStyle()
        self._mirror: Point | None = None
        self._marks: list[QRect] = []
        self._outlines = OutlineLayer()
        self._contexts = ContextLayer()
        self._preview = PreviewLayer()
        self._kept_tint: KeptTint | None = None
        self._rough = RoughParts(self)
        self._rough.due.connect(self._smooth)
        self._turntable = Turntable()
        self._divider: Divider | None = None
        self._before = QRect()
        self.ants = AntClock(self)
        """Lets the mask's outline walk."""
        self.ants.ticked.connect(self._march)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        viewport.changed.connect(self._view_changed)

    def ring(self) -> CursorShape | None:
        """The tool's ring to draw; none here, where nothing points."""
        return None

    def outline(self) -> Outline | None:
        """The tool's outline to draw; none here."""
        return None

    def set_source(self, pyramid: Pyramid | None, mask: MaskLevels | None, alpha: Pyramid | None = None) -> None:
        """Show another image and its mask; the viewport is told its size and fits it. None shows nothing."""
        self.set_layer(ImageLayer(pyramid, alpha) if pyramid is not None else None, mask)
        if self.scene.layer is not None:
            self._viewport.set_extent(self.scene.layer.extent)

    def set_layer(self, layer: ImageLayer | None, mask: MaskLevels | None, avoided: MaskLevels | None = None) -> None:
        """As `set_source`, with a layer that several canvases share; the viewport is the caller's affair."""
        self.scene.set_source(layer, mask, avoided)
        self.update()

    def set_patches(self, patches: Sequence[RegionPatch], *, are_colours: bool = False) -> None:
        """Lay a stage's result over the image, or with `are_colours` a picture; an empty sequence takes it away."""
        before = self.scene.patch_rect
        self.scene.set_patches(patches, are_colours=are_colours)
        self.update_image(before.united(self.scene.patch_rect))

    def set_kept(self, kept: Kept | None) -> None:
        """Lay what is kept of several results over the image; None takes it away."""
        before = self.scene.patch_rect
        self.scene.set_kept(kept)
        self.scene.patch_opacity = 1.0
        self.update_image(before.united(self.scene.patch_rect))

    def set_kept_tint(self, tint: KeptTint | None) -> None:
        """Show which result is kept where; None: no longer."""
        self._kept_tint = tint
        self.update()

    def refresh_kept(self, rect: Rect) -> None:
        """Something else is kept of the results in `rect`: repaint there."""
        self.scene.refresh_kept(rect)
        if self._kept_tint is not None:
            self._kept_tint.refresh(rect)
        self.update_image(rect)

    def set_patch_opacity(self, opacity: float) -> None:
        """Blend the result in, 0…1."""
        self.scene.patch_opacity = opacity
        self.update_image(self.scene.patch_rect)

    def show_original(self, on: bool) -> None:
        """Leave the result out while `on`; where there can be none, the mask and what was accepted before."""
        self.scene.patches_hidden = on
        self.update_image(self.scene.patch_rect)
        if self.scene.overlay is not None or self.scene.opened is not None:
            self.update()

    def set_opened(self, layer: ImageLayer | None) -> None:
        """Compare with the photo as it was opened; None: with the image itself."""
        self.scene.opened = layer
        if self.scene.patches_hidden or self._divider is not None:
            self.update()

    def set_divider(self, divider: Divider | None) -> None:
        """Show what was before on one side of `divider`."""
        if self._divider is not None:
            self._divider.changed.disconnect(self._divide)
        self._divider = divider
        if divider is not None:
            divider.changed.connect(self._divide)
        self._divide()

    def _divide(self) -> None:
        """Repaint what lies on the other side now."""
        before, self._before = self._before, self._before_area()
        self.update(QRegion(before).xored(QRegion(self._before)))

    def _before_area(self) -> QRect:
        """The part of the widget that shows what was before."""
        return QRect() if self._divider is None else self._divider.before_area(self.size())

    def set_pixel_grid(self, on: bool) -> None:
        """Part the image's pixels with lines where they are large."""
        self.scene.has_grid = on
        self.update()

    def set_overlay(self, visible: bool, colour: str, opacity: float, look: MaskLook = MaskLook.TINT) -> None:
        """How the mask is shown: `colour` as ``#rrggbb``, `opacity` 0…1."""
        self._style = OverlayStyle(visible, colour, opacity, look=look)
        self.ants.set_wanted(visible and look is MaskLook.ANTS)
        self.update()

    def show_avoided(self, on: bool) -> None:
        """Whether what is not to be used is hatched here."""
        if on != self.scene.avoid_style.visible:
            self.scene.avoid_style = replace(self.scene.avoid_style, visible=on)
            self.update()

    def set_heat(self, looked: AttentionMap | None) -> None:
        """Show where a place of the hole looks; None: nowhere."""
        view, ratio = self.transform(), self.devicePixelRatioF()
        before, self.scene.heat = self.scene.heat, HeatLayer(looked)
        for rect in {*before.bounds(view, ratio), *self.scene.heat.bounds(view, ratio)}:
            self.update_view(rect)

    @property
    def overlay_style(self) -> OverlayStyle:
        """How the mask is shown on this display."""
        return replace(self._style, line_width=2) if self.devicePixelRatioF() >= 1.5 else self._style

    def set_edge(self, edge: Edge | None) -> None:
        """Show what will be filled beyond the mask."""
        before, self.scene.edge = self.scene.edge, edge
        for each in (before, edge):
            if each is not None:
                self.update_flat(each.bounds(self.transform().flat))

    def _march(self) -> None:
        if self.scene.overlay is not None:
            view = self.transform()
            for strip in self.scene.overlay.march(view.flat, view.flattened(QRect(0, 0, *self.view_size()))):
                self.update_flat(strip)

    def set_contexts(self, marks: Sequence[ContextMark]) -> None:
        """Draw these context boxes; only their lines and captions are repainted."""
        before = self._context_bounds()
        self._contexts = ContextLayer(tuple(marks))
        for rect in (*before, *self._context_bounds()):
            self.update_view(rect)

    def _context_bounds(self) -> list[QRect]:
        return self._contexts.bounds(self.transform(), QSize(*self.view_size()), self.font(), self.devicePixelRatioF())

    def set_preview(self, preview: Preview | None) -> None:
        """Show what would become part of the mask; only where it was and is, is repainted."""
        ratio, view = self.devicePixelRatioF(), self.transform()
        before = self._preview.bounds(view.flat, ratio)
        self._preview = PreviewLayer(preview)
        for rect in (*before, *self._preview.bounds(view.flat, ratio)):
            self.update_flat(rect)

    def set_mirror(self, point: Point | None) -> None:
        """Show a cross where the pointer is in another pane."""
        if point != self._mirror:
            self._mirror = point
            self.update_marks()

    def refresh(self, rect: Rect) -> None:
        """The image's pixels in `rect` changed, its pyramid is up to date: repaint there."""
        self.scene.refresh(rect)
        self.update_image(rect)

    def refresh_avoid(self, rect: Rect) -> None:
        """Other places in `rect` are not to be used, the levels are up to date: repaint there."""
        if self.scene.avoided is not None and not rect.is_empty:
            self.scene.avoided.refresh(rect)
            self.update_image(rect)

    def refresh_mask(self, rect: Rect) -> None:
        """The mask changed in `rect`, its levels are up to date: repaint there."""
        if self.scene.overlay is not None and not rect.is_empty:
            self.scene.refresh_mask(rect)
            self.update_image(rect)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the exposed rectangles, each for itself, and the marks over them."""
        ratio = self.devicePixelRatioF()
        view = self.transform()
        style = self.overlay_style
        self._follow_palette(style.line_width)
        painter = QPainter(self)
        painter.scale(1 / ratio, 1 / ratio)
        for rect in event.region():  # type: ignore[attr-defined]  # iterable, but PySide's stubs don't say so
            exposed = scaled(rect, ratio)
            self._rough.note(exposed, self._paint_scene(painter, view, exposed, style))
            self._paint_marks(painter, view, ratio, exposed)
        self._contexts.paint(painter, view, QSize(*self.view_size()), scaled(event.rect(), ratio), ratio)
        if not self.scene.patches_hidden:
            self.scene.heat.paint_marks(painter, view, ratio)
        painter.end()
        # the view may have moved since `update_marks`: what is painted now must be known when it is to go
        self._marks = [*self._marks, *(mark for mark in self._mark_bounds() if mark not in self._marks)]

    def _follow_palette(self, line_width: int) -> None:
        """What is not to be used has a colour of the window's."""
        colour = self.palette().color(QPalette.ColorRole.Accent).name()
        style = self.scene.avoid_style
        self.scene.avoid_style = replace(style, colour=colour, opacity=_HATCHED, line_width=line_width)

    def _paint_scene(self, painter: QPainter, view: ViewTransform, exposed: QRect, style: OverlayStyle) -> QRegion:
        """Each part for itself; returns where the picture is rough."""
        rough = QRegion()
        for part, scene, is_before in self._parts(exposed):
            paint = partial(self._paint_flat, scene=scene, style=style, is_before=is_before)
            if view.is_turned:
                rough = rough + self._turntable.paint(painter, view, part, paint)
            else:
                rough = rough + paint(painter, view, part)
        return rough

    def _parts(self, exposed: QRect) -> list[Part]:
        """Before and after: what to paint where."""
        before = exposed.intersected(scaled(self._before_area(), self.devicePixelRatioF()))
        if before.isEmpty():
            return [(exposed, self.scene, False)]
        after = QRegion(exposed) - QRegion(before)
        return [(before, self.scene, True), *((part, self.scene, False) for part in after)]  # type: ignore[attr-defined]

    def _paint_flat(
        self,
        painter: QPainter,
        view: ViewTransform,
        exposed: QRect,
        *,
        scene: Scene,
        style: OverlayStyle,
        is_before: bool,
    ) -> QRegion:
        for around in QRegion(exposed) - scene.covered(view):  # type: ignore[attr-defined]
            painter.fillRect(around, self.palette().color(QPalette.ColorRole.Dark))
        rough = scene.paint(painter, view, exposed, style, is_before=is_before)
        if not is_before:
            if self._kept_tint is not None and not self.scene.patches_hidden:
                self._kept_tint.paint(painter, view, exposed, self.devicePixelRatioF())
            self._preview.paint(painter, view, exposed, self.palette(), self.devicePixelRatioF())
        return rough

    @property
    def is_rough(self) -> bool:
        """True while part of the picture is yet to be painted smoothly; it will be once nothing moves."""
        return not self._rough.is_empty

    def _smooth(self) -> None:
        """Repaint the next band of what is rough; a hidden view is painted when it is shown."""
        band = self._rough.next_band(QRect(0, 0, *self.view_size()), is_turned=self._viewport.angle != 0.0)
        self.update_view(band)

    def _paint_marks(self, painter: QPainter, view: ViewTransform, ratio: float, exposed: QRect) -> None:
        """Clipped to one rectangle: within a region of several, smooth lines take many times as long."""
        painter.save()
        painter.setClipRect(exposed)
        ring = self.ring()
        if ring is not None:
            paint_ring(painter, view, ring, ratio)
        if self._mirror is not None:
            paint_cross(painter, view, self._mirror, ratio)
        self._outlines.paint(painter, self._surface(), exposed)
        painter.restore()

    def update_marks(self) -> None:
        """Repaint where the marks were and where they are now."""
        marks = self._mark_bounds()
        for mark in (*self._marks, *marks, *self._outlines.show(self.outline(), self._surface())):
            self.update_view(mark)
        self._marks = marks

    def _mark_bounds(self) -> list[QRect]:
        """The view pixels that the marks may touch."""
        view, ratio, ring = self.transform(), self.devicePixelRatioF(), self.ring()
        marks = [] if ring is None else ring_bounds(view, ring, ratio)
        if self._mirror is not None:
            marks.append(cross_bounds(view, self._mirror, ratio))
        return marks

    def _surface(self) -> Surface:
        return Surface(self.transform(), QSize(*self.view_size()), self.devicePixelRatioF(), self.font())

    def _view_changed(self) -> None:
        if not self._viewport.angle:
            self._turntable.forget()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The part that shows what was before has another size, too."""
        self._before = self._before_area()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Ants walk where they can be seen."""
        taken = super().event(event)
        if event.type() in MATTER_TO_IT:
            self.ants.decide()
        return taken
