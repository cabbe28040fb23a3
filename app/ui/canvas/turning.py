"""Shows a flat view turned: its part that is seen is drawn into a buffer, which is turned onto the screen at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter, QRegion, QTransform

from app.ui.canvas.view_transform import ViewTransform

_MARGIN = 2
"""View pixels round what is seen that smoothing may read."""

PaintFlat = Callable[[QPainter, ViewTransform, QRect], QRegion]
"""Fills a rectangle of a flat view, and says where it is rough."""


class Turntable:
    """Keeps its buffer from one picture to the next: new memory costs more than to turn what is in it."""

    def __init__(self) -> None:
        self._buffer = QImage()

    def paint(self, painter: QPainter, view: ViewTransform, exposed: QRect, paint_flat: PaintFlat) -> QRegion:
        """Paint `exposed` of the turned `view`; `painter` counts view pixels. Returns where it is rough."""
        flat = view.flattened(exposed).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        rough = self._fill(view.flat, flat, paint_flat)
        painter.save()
        painter.setClipRect(exposed, Qt.ClipOperation.IntersectClip)
        painter.setTransform(turning(view), combine=True)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not view.is_upright)
        painter.drawImage(flat.topLeft(), self._buffer, QRect(0, 0, flat.width(), flat.height()))
        painter.restore()
        return _turned_region(view, rough).intersected(QRegion(exposed))

    def forget(self) -> None:
        """Give the memory back: the view is not turned any more."""
        self._buffer = QImage()

    def _fill(self, view: ViewTransform, flat: QRect, paint_flat: PaintFlat) -> QRegion:
        if self._buffer.width() < flat.width() or self._buffer.height() < flat.height():
            size = self._buffer.size().expandedTo(flat.size())
            self._buffer = QImage()
            self._buffer = QImage(size, QImage.Format.Format_RGB32)
        onto = QPainter(self._buffer)
        onto.translate(-flat.x(), -flat.y())
        rough = paint_flat(onto, view, flat)
        onto.end()
        return rough


def turning(view: ViewTransform) -> QTransform:
    """What turns a painter of the flat view to show `view`."""
    x, y = view.pivot
    return QTransform.fromTranslate(-x, -y) * QTransform().rotate(view.angle) * QTransform.fromTranslate(x, y)


def _turned_region(view: ViewTransform, flat: QRegion) -> QRegion:
    result = QRegion()
    for rect in flat:  # type: ignore[attr-defined]  # iterable, but PySide's stubs don't say so
        result = result + view.turned(rect)
    return result
