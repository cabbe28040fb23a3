"""The canvas: the widget of one pane. Paints a scene through the shared viewport and feeds the pointer to the tool."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QGestureEvent, QLineEdit, QPinchGesture, QWidget

from app.imaging.arrays import Mask
from app.imaging.geometry import Point, Rect
from app.imaging.pyramid import Pyramid
from app.inference.request import RegionPatch
from app.ui.image_layer import ImageLayer
from app.ui.mask_tint import OverlayStyle
from app.ui.navigation import Navigator
from app.ui.overlay import REACH
from app.ui.pointer import PointerRouter
from app.ui.pointer_marks import cross_bounds, paint_cross, paint_ring, ring_bounds
from app.ui.scene import Scene
from app.ui.tools import Tool
from app.ui.viewport import Viewport, ViewTransform


class Canvas(QWidget):
    """One pane. Holds no pixels of its own: what it shows belongs to the document and the results.

    Public rectangles and points are image pixels.
    """

    cursor_moved = Signal(object)
    """`QPointF` in image pixels (perhaps outside the image), or None when the pointer left."""

    files_dropped = Signal(list)
    """List of `Path`."""

    double_clicked = Signal()
    """Where a left drag would pan; with a tool, a double click is two dabs."""

    def __init__(self, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = Scene()
        self._viewport = viewport
        self._style = OverlayStyle()
        self._mirror: Point | None = None
        self._marks: list[QRect] = []
        self._navigator = Navigator(viewport, self)
        self._pointer = PointerRouter(viewport, self._navigator, self)
        self._set_up()
        viewport.changed.connect(self.update)
        viewport.hand_changed.connect(self.pointer_changed)

    def _set_up(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setMinimumSize(64, 64)
        self.setAccessibleName(self.tr("Image"))

    # What is shown

    def set_source(self, pyramid: Pyramid | None, mask: Mask | None, alpha: Pyramid | None = None) -> None:
        """Show another image and its mask; the viewport is told its size and fits it. None shows nothing."""
        self.set_layer(ImageLayer(pyramid, alpha) if pyramid is not None else None, mask)
        if self.scene.layer is not None:
            self._viewport.set_extent(self.scene.layer.extent)

    def set_layer(self, layer: ImageLayer | None, mask: Mask | None) -> None:
        """As `set_source`, with a layer that several canvases share; the viewport is the caller's affair."""
        self._pointer.abort()
        self.scene.set_source(layer, mask)
        self.update()

    def set_patches(self, patches: Sequence[RegionPatch]) -> None:
        """Lay a stage's result over the image; an empty sequence takes it away."""
        before = self.scene.patch_rect
        self.scene.set_patches(patches)
        self._update_image(before.united(self.scene.patch_rect))

    def set_patch_opacity(self, opacity: float) -> None:
        """Blend the result in, 0…1."""
        self.scene.patch_opacity = opacity
        self._update_image(self.scene.patch_rect)

    def show_original(self, on: bool) -> None:
        """Leave the result out while `on`."""
        self.scene.patches_hidden = on
        self._update_image(self.scene.patch_rect)

    def set_overlay(self, visible: bool, colour: str, opacity: float) -> None:
        """How the mask is tinted: `colour` as ``#rrggbb``, `opacity` 0…1."""
        self._style = OverlayStyle(visible, colour, opacity)
        self.update()

    def set_mirror(self, point: Point | None) -> None:
        """Show a cross where the pointer is in another pane."""
        if point != self._mirror:
            self._mirror = point
            self._update_marks()

    def refresh(self, rect: Rect) -> None:
        """The image's pixels in `rect` changed, its pyramid is up to date: repaint there."""
        self.scene.refresh(rect)
        self._update_image(rect)

    def refresh_mask(self, rect: Rect) -> None:
        """The mask changed in `rect`: repaint there."""
        if self.scene.overlay is not None and not rect.is_empty:
            self.scene.overlay.refresh(rect)
            self._update_image(rect)

    # Tool

    def set_tool(self, tool: Tool | None) -> None:
        """Paint with `tool`; with None a left drag pans."""
        self._pointer.set_tool(tool)

    def abort(self) -> bool:
        """Take back the stroke in progress; returns whether there was one."""
        return self._pointer.abort()

    def pointer_changed(self) -> None:
        """Redraw the marks at the pointer, set the cursor's shape, and tell where the pointer is."""
        self._update_marks()
        self.setCursor(self._cursor_shape())
        position = self._pointer.position
        self.cursor_moved.emit(None if position is None else QPointF(*self.to_image(position)))

    def _cursor_shape(self) -> Qt.CursorShape:
        if self.scene.layer is None:
            return Qt.CursorShape.ArrowCursor
        if self._navigator.panning:
            return Qt.CursorShape.ClosedHandCursor
        return Qt.CursorShape.OpenHandCursor if self._pointer.pans_on_left else Qt.CursorShape.BlankCursor

    # Coordinates

    def view_size(self) -> tuple[int, int]:
        """Width and height in view (device) pixels."""
        ratio = self.devicePixelRatioF()
        return round(self.width() * ratio), round(self.height() * ratio)

    def transform(self) -> ViewTransform:
        """The mapping between image and view pixels just now."""
        return self._viewport.transform(*self.view_size())

    def to_view(self, position: QPointF) -> QPointF:
        """View (device) pixels of a widget position."""
        return position * self.devicePixelRatioF()

    def to_image(self, position: QPointF) -> Point:
        """The image point at a widget position; may lie outside the image."""
        view = self.to_view(position)
        return self.transform().to_image(view.x(), view.y())

    def from_image(self, point: Point) -> QPointF:
        """The widget position of an image point."""
        return QPointF(*self.transform().to_view(point)) / self.devicePixelRatioF()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the exposed rectangles, each for itself, and the marks over them."""
        ratio = self.devicePixelRatioF()
        view = self.transform()
        style = replace(self._style, line_width=2) if ratio >= 1.5 else self._style
        painter = QPainter(self)
        painter.scale(1 / ratio, 1 / ratio)
        for rect in event.region():  # type: ignore[attr-defined]  # iterable, but PySide's stubs don't say so
            exposed = _scaled(rect, ratio)
            painter.fillRect(exposed, self.palette().color(QPalette.ColorRole.Dark))
            self.scene.paint(painter, view, exposed, style)
        self._paint_marks(painter, view, ratio)
        painter.end()

    def _paint_marks(self, painter: QPainter, view: ViewTransform, ratio: float) -> None:
        ring = self._pointer.ring
        if ring is not None and self.scene.layer is not None:
            paint_ring(painter, view, ring, ratio)
        if self._mirror is not None:
            paint_cross(painter, view, self._mirror, ratio)

    def _update_marks(self) -> None:
        """Repaint where the marks were and where they are now."""
        view, ratio, ring = self.transform(), self.devicePixelRatioF(), self._pointer.ring
        marks = [] if ring is None else [ring_bounds(view, ring, ratio)]
        if self._mirror is not None:
            marks.append(cross_bounds(view, self._mirror, ratio))
        for mark in (*self._marks, *marks):
            self.update(_scaled(mark, 1 / ratio))
        self._marks = marks

    def _update_image(self, rect: Rect) -> None:
        if not rect.is_empty:
            self.update(_scaled(self.transform().covering(rect, REACH), 1 / self.devicePixelRatioF()))

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the viewport, so that a fitted image stays fitted."""
        if self.isVisible():
            self._viewport.set_view_size(*self.view_size())

    def showEvent(self, event: QShowEvent) -> None:
        """As for a resize: hidden panes don't count."""
        self._viewport.set_view_size(*self.view_size())

    def hideEvent(self, event: QHideEvent) -> None:
        """A drag in progress ends and is kept."""
        self._pointer.finish()
        self._pointer.left()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Paint, pan, or resize the brush."""
        self._pointer.mouse_pressed(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        self._pointer.mouse_moved(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """And end it."""
        self._pointer.mouse_released(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """With a tool two quick dabs, without one a wish to see this pane large."""
        if self._pointer.pans_on_left and event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()
        else:
            self._pointer.mouse_pressed(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """The pen."""
        self._pointer.tablet(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Take the keys (Space, Alt) where nobody is typing."""
        if self.isActiveWindow() and not isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox):
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is elsewhere."""
        self._pointer.left()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A release of Space would not come here any more."""
        self._viewport.set_hand(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the cursor, or pan."""
        self._navigator.wheel(event)
        self.pointer_changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space, arrows; Alt shows what it will do."""
        self._pointer.modifiers_changed(event.modifiers())
        event.setAccepted(self._navigator.key_pressed(event))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space or Alt let go."""
        self._pointer.modifiers_changed(event.modifiers())
        event.setAccepted(self._navigator.key_released(event))

    def event(self, event: QEvent) -> bool:
        """Pinches have no handler of their own."""
        if isinstance(event, QNativeGestureEvent) and self._navigator.native_gesture(event):
            return True
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._navigator.pinch(pinch, QPointF(self.mapFromGlobal(pinch.hotSpot().toPoint())))
                return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if _files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the files on."""
        files = _files(event)
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _scaled(rect: QRect, factor: float) -> QRect:
    """The smallest rectangle of whole pixels round `rect` times `factor`."""
    x, y = math.floor(rect.x() * factor), math.floor(rect.y() * factor)
    right, bottom = math.ceil((rect.x() + rect.width()) * factor), math.ceil((rect.y() + rect.height()) * factor)
    return QRect(x, y, right - x, bottom - y)
