"""A widget that looks at an image through a viewport: image, view and widget pixels, and what to repaint of them."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.imaging.geometry import Point, Rect
from app.ui.canvas.overlay import REACH
from app.ui.canvas.viewport import Viewport, ViewTransform


class ViewWidget(QWidget):
    """View pixels are those of the device; the widget's own are larger on dense screens."""

    resized = Signal()

    def __init__(self, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._viewport = viewport
        self.setMinimumSize(64, 64)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    @property
    def viewport(self) -> Viewport:
        """Zoom and centre, perhaps shared with other views."""
        return self._viewport

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

    def update_view(self, rect: QRect) -> None:
        """Repaint `rect` of the view."""
        self.update(scaled(rect, 1 / self.devicePixelRatioF()))

    def update_flat(self, rect: QRect) -> None:
        """Repaint what `rect` of the view, were it not turned, becomes."""
        self.update_view(self.transform().turned(rect))

    def update_image(self, rect: Rect) -> None:
        """Repaint what the image's pixels in `rect` reach."""
        if not rect.is_empty:
            self.update_view(self.transform().covering(rect, REACH))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the viewport, so that a fitted image stays fitted."""
        if self.isVisible():
            self._viewport.set_view_size(*self.view_size())
        self.resized.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """As for a resize: hidden panes don't count."""
        self._viewport.set_view_size(*self.view_size())

    def event(self, event: QEvent) -> bool:
        """On a screen of another density the same widget has other view pixels."""
        if event.type() == QEvent.Type.DevicePixelRatioChange and self.isVisible():
            self._viewport.set_view_size(*self.view_size())
        return super().event(event)


def scaled(rect: QRect, factor: float) -> QRect:
    """The smallest rectangle of whole pixels round `rect` times `factor`."""
    x, y = math.floor(rect.x() * factor), math.floor(rect.y() * factor)
    right, bottom = math.ceil((rect.x() + rect.width()) * factor), math.ceil((rect.y() + rect.height()) * factor)
    return QRect(x, y, right - x, bottom - y)
