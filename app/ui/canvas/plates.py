"""Words over the photograph, on dark plates that can be read on anything. Lengths are view pixels at 100 % scaling."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

_GROUND = QColor(20, 20, 20, 205)
_FONT, _PAD = 11, 5
"""Pixels of the letters, and left and right of them."""


def plate_font(font: QFont, ratio: float) -> QFont:
    """`font` in the size of plates; `ratio` is the display's device pixel ratio."""
    result = QFont(font)
    result.setPixelSize(round(_FONT * ratio))
    return result


def plate_size(text: str, metrics: QFontMetrics, ratio: float) -> QSize:
    """How large the plate of `text` is; `metrics` are those of `plate_font`."""
    return QSize(metrics.horizontalAdvance(text) + round(2 * _PAD * ratio), metrics.height() + round(2 * ratio))


def paint_plate(painter: QPainter, plate: QRect, text: str, colour: QColor, ratio: float) -> None:
    """Draw it; the painter has `plate_font`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_GROUND)
    painter.drawRoundedRect(plate, 3 * ratio, 3 * ratio)
    painter.setPen(colour)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
