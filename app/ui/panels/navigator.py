"""The whole photo, small, with the part that is seen marked in it, and the zoom below."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSignalBlocker, QSize, Qt
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
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QSpinBox, QToolButton, QVBoxLayout, QWidget

from app.imaging.geometry import Point
from app.ui.canvas.image_layer import ImageLayer
from app.ui.canvas.view_transform import ViewTransform
from app.ui.canvas.viewport import MAX_SCALE, MIN_SCALE, Viewport
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.controls import LogScale
from app.ui.stages.panes import Pane
from app.ui.stages.stage_strip import StageView

_HEIGHT = 18 * GRID
_NOTCH = 120
_STEPS = 1000
"""Positions of the slider, as `LogScale` counts them."""

_ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class Overview(QWidget):
    """The photo, upright, whatever the view is turned by; what is seen of it is framed."""

    def __init__(self, viewport: Viewport) -> None:
        super().__init__()
        self._viewport = viewport
        self._layer: ImageLayer | None = None
        self._drawn: QPixmap | None = None
        self._hold: Point | None = None
        """While dragged, from the middle of the frame to where it was taken hold of, image pixels."""
        self.setFixedHeight(_HEIGHT)
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
        return QPolygonF([QPointF(*_at(place, corner)) for corner in self._viewport.corners()])

    def photo(self) -> QRectF:
        """Where the photo lies, widget pixels."""
        place, extent = self._place(), self._viewport.extent
        return QRectF(QPointF(*_at(place, Point(0, 0))), QPointF(*_at(place, Point(*extent))))

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
            self._viewport.zoom_step(event.angleDelta().y() / _NOTCH)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pan, as on the canvas."""
        direction = _ARROWS.get(Qt.Key(event.key()))
        if direction is None:
            event.ignore()
            return
        step = 0.1 * min(self._viewport.view)
        self._viewport.pan_by(direction[0] * step, direction[1] * step)

    def _point(self, position: QPointF) -> Point:
        return self._place().to_image(position.x(), position.y())


class NavigatorPanel(QWidget):
    """The overview, and a row with less, a slider, more, the zoom in per cent, and the way back to upright."""

    def __init__(self, view: StageView) -> None:
        super().__init__()
        self._view, self._viewport = view, view.viewport
        self.overview = Overview(view.viewport)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.field = QSpinBox(minimum=round(100 * MIN_SCALE), maximum=round(100 * MAX_SCALE), suffix=" %")
        self.less, self.more, self.upright = QToolButton(), QToolButton(), QToolButton()
        self._lay_out()
        self.slider.valueChanged.connect(self._slid)
        self.field.valueChanged.connect(lambda value: self._viewport.set_scale(value / 100))
        self.less.clicked.connect(lambda: self._viewport.zoom_step(-1))
        self.more.clicked.connect(lambda: self._viewport.zoom_step(1))
        self.upright.clicked.connect(lambda: self._viewport.set_angle(0.0))
        view.image_shown.connect(self._image_shown)
        view.viewport.changed.connect(self._show)
        self._image_shown()
        self._show()

    def _lay_out(self) -> None:
        self.slider.setRange(0, _STEPS)
        self.field.setKeyboardTracking(False)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setFixedWidth(self.field.fontMetrics().horizontalAdvance(f"{self.field.maximum()} %") + 3 * GRID)
        self.less.setText("−")
        self.more.setText("+")
        for button in (self.less, self.more, self.upright):
            button.setAutoRaise(button is not self.upright)
            button.setMinimumSize(3 * GRID, 3 * GRID)
        row = QHBoxLayout()
        row.setSpacing(GRID // 2)
        for widget, name in (
            (self.less, tr("Zoom out")),
            (self.slider, tr("Zoom")),
            (self.more, tr("Zoom in")),
            (self.field, tr("Zoom")),
            (self.upright, tr("Turn the view back upright")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(name)
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus if widget is not self.field else Qt.FocusPolicy.StrongFocus)
            row.addWidget(widget, int(widget is self.slider))
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.overview)
        column.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _image_shown(self) -> None:
        layer = self._view.canvas(Pane.ORIGINAL).scene.layer
        self.overview.set_layer(layer)
        self.setEnabled(layer is not None)

    def _slid(self, position: int) -> None:
        self._viewport.set_scale(LogScale().value(position, MIN_SCALE, MAX_SCALE))

    def _show(self) -> None:
        scale, angle = self._viewport.scale, self._viewport.angle
        with QSignalBlocker(self.slider), QSignalBlocker(self.field):
            self.slider.setValue(LogScale().position(scale, MIN_SCALE, MAX_SCALE))
            self.field.setValue(round(100 * scale))
        self.upright.setText(f"{angle:.0f}°".replace("-", "−"))
        self.upright.setVisible(angle != 0.0)


def _at(place: ViewTransform, point: Point) -> tuple[float, float]:
    return place.to_view(point)
