"""The whole photo, small, with the part that is seen framed in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.imaging.geometry import Point
from app.ui.canvas.image_layer import ImageLayer
from app.ui.canvas.navigation import ARROW_SHARE, ARROWS, NOTCH
from app.ui.canvas.view_transform import ViewTransform
from app.ui.canvas.viewport import Viewport
from app.ui.language import tr
from app.ui.look.theme import GRID

_LEAST, _HEIGHT = 12 * GRID, 18 * GRID
"""Pixels; in low windows it gives way."""


class Overview(QWidget):
    """The photo, upright, whatever the view is turned by; what is seen of it is framed."""

    def __init__(self, viewport: Viewport) -> None:
        super().__init__()
        self._viewport = viewport
        self._layer: ImageLayer | None = None
        self._drawn: QPixmap | None = None
        self._hold: Point | None = None
        """While dragged, from the middle of the frame to where it was taken hold of, image pixels."""
        self.setMinimumHeight(_LEAST)
        self.setMaximumHeight(_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Overview of the photo"))
        self.setToolTip(tr("Drag the frame, or click, to see another part of the photo. The wheel zooms."))
        viewport.changed.connect(self.update)

    def set_layer(self, layer: ImageLayer | None) -> None:
        """Show another image, or the same with other pixels; None shows nothing."""
        self._layer, self._drawn = layer, None
        self.update()

    def frame(self) -> QPolygonF:
        """What is seen of the photo, widget pixels; a tilted rectangle where the view is turned."""
        place = self._place()
        return QPolygonF([QPointF(*place.to_view(corner)) for corner in self._viewport.corners()])

    def photo(self) -> QRectF:
        """Where the photo lies, widget pixels."""
        place, extent = self._place(), self._viewport.extent
        return QRectF(QPointF(*place.to_view(Point(0, 0))), QPointF(*place.to_view(Point(*extent))))

    def _place(self) -> ViewTransform:
        """Where the photo lies, device pixels."""
        ratio, extent = self.devicePixelRatioF(), self._viewport.extent
        width, height = self.width() * ratio, self.height() * ratio
        scale = min(width / extent.width, height / extent.height)
        x, y = (width - extent.width * scale) / 2, (height - extent.height * scale) / 2
        return ViewTransform(scale / ratio, round(x / ratio), round(y / ratio))

    def sizeHint(self) -> QSize:
        """As wide as the panel."""
        return QSize(_HEIGHT, _HEIGHT)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: what is kept has the old one's colour round the photo."""
        if event.type() == QEvent.Type.PaletteChange:
            self._drawn = None
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The photo, darker where it is out of sight, and the frame."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Dark))
        if self._layer is not None:
            painter.drawPixmap(0, 0, self._picture(self._layer))
            self._paint_frame(painter)
        if self.hasFocus():
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_frame(self, painter: QPainter) -> None:
        frame = self.frame().intersected(QPolygonF(self.photo()))
        beside = QPainterPath()
        beside.addRect(self.photo())
        beside.addPolygon(frame)
        shade = QColor(self.palette().color(QPalette.ColorRole.Shadow))
        shade.setAlpha(140)
        painter.fillPath(beside, shade)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
        painter.drawPolygon(frame)

    def _picture(self, layer: ImageLayer) -> QPixmap:
        """The photo at the size of the widget, drawn anew where it changed."""
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._drawn is None or self._drawn.size() != size:
            self._drawn = QPixmap(size)
            self._drawn.fill(self.palette().color(QPalette.ColorRole.Dark))
            place = self._place()
            place = ViewTransform(place.scale * ratio, round(place.x * ratio), round(place.y * ratio))
            painter = QPainter(self._drawn)
            layer.draw(painter, place, QRect(0, 0, size.width(), size.height()))
            painter.end()
            self._drawn.setDevicePixelRatio(ratio)
        return self._drawn

    # Input

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the frame; beside it, bring it here first."""
        if self._layer is None or event.button() != Qt.MouseButton.LeftButton:
            return
        point, centre = self._point(event.position()), self._viewport.centre
        inside = self.frame().containsPoint(event.position(), Qt.FillRule.OddEvenFill)
        self._hold = Point(point.x - centre.x, point.y - centre.y) if inside else Point(0.0, 0.0)
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if self._hold is not None:
            point = self._point(event.position())
            self._viewport.centre_on(Point(point.x - self._hold.x, point.y - self._hold.y))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._hold = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom."""
        if self._layer is not None:
            self._viewport.zoom_step(event.angleDelta().y() / NOTCH)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pan, as on the canvas."""
        direction = ARROWS.get(Qt.Key(event.key()))
        if direction is None:
            event.ignore()
            return
        step = ARROW_SHARE * min(self._viewport.view)
        self._viewport.pan_by(direction[0] * step, direction[1] * step)

    def _point(self, position: QPointF) -> Point:
        return self._place().to_image(position.x(), position.y())
