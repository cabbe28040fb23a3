"""Draws context boxes over the photograph: a thin line, dark beside light so that it shows on anything, and a caption.

All lengths but those of the boxes are view (device) pixels, at a display scaling of 100 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPixmap

from app.imaging.geometry import Rect
from app.ui.canvas.plates import paint_plate, plate_font, plate_size
from app.ui.canvas.turning import turning
from app.ui.canvas.viewport import ViewTransform

_DARK = QColor(0, 0, 0, 150)
_HANDLE = 7
_DASH = 5
_GAP = 3
"""Pixels between caption and box."""


class Tone(Enum):
    """What a box says by its colour."""

    PLAIN = "#f4f4f4"
    WARNING = "#ffc145"
    AT_WORK = "#6cb4ff"


@dataclass(frozen=True, slots=True)
class ContextMark:
    """A box as it is drawn."""

    rect: Rect
    """Image pixels."""
    caption: str
    tone: Tone = Tone.PLAIN
    is_solid: bool = False
    """Chosen or at work; boxes that follow from their holes are dashed."""
    has_handles: bool = False


@dataclass(frozen=True, slots=True)
class ContextLayer:
    """The boxes of one pane, the last on top."""

    marks: tuple[ContextMark, ...] = ()

    def paint(self, painter: QPainter, view: ViewTransform, size: QSize, exposed: QRect, ratio: float) -> None:
        """Draw what touches `exposed` of a pane of `size`; the painter counts view pixels."""
        if not self.marks:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(plate_font(painter.font(), ratio))
        plates = self._plates(view, size, QFontMetrics(painter.font()), ratio)
        for mark, plate in zip(self.marks, plates, strict=True):
            outline = view.flat.covering(mark.rect)
            if any(view.turned(strip).intersects(exposed) for strip in _strips(outline, mark, ratio)):
                painter.save()
                painter.setTransform(turning(view), combine=True)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, not view.is_upright)
                _draw_outline(painter, outline, mark, ratio)
                painter.restore()
            if plate.intersects(exposed):
                paint_plate(painter, plate, mark.caption, QColor(mark.tone.value), ratio)
        painter.restore()

    def bounds(self, view: ViewTransform, size: QSize, font: QFont, ratio: float) -> list[QRect]:
        """The view pixels that `paint` may touch: the lines, without what they enclose, and the captions."""
        plates = self._plates(view, size, QFontMetrics(plate_font(font, ratio)), ratio)
        strips = [
            view.turned(strip) for mark in self.marks for strip in _strips(view.flat.covering(mark.rect), mark, ratio)
        ]
        return [*strips, *(plate for plate in plates if not plate.isEmpty())]

    def _plates(self, view: ViewTransform, size: QSize, metrics: QFontMetrics, ratio: float) -> list[QRect]:
        """Where the captions go: above the visible part of their boxes if there is room, never over each other."""
        pane = QRect(QPoint(0, 0), size)
        plates: list[QRect] = []
        for mark in self.marks:
            shown = view.covering(mark.rect).intersected(pane)
            plate = QRect(QPoint(0, 0), plate_size(mark.caption, metrics, ratio))
            if shown.isEmpty() or not mark.caption:
                plates.append(QRect())
                continue
            places = [QRect(corner, plate.size()) for corner in _corners(shown, plate.size(), round(_GAP * ratio))]
            inside = [each for each in places if pane.contains(each)] or places[1:]
            plates.append(next((each for each in inside if not any(map(each.intersects, plates))), inside[0]))
        return plates


def _corners(shown: QRect, plate: QSize, gap: int) -> list[QPoint]:
    """Places for a caption, the best first: above at the left, inside at the left, above right, below, inside right."""
    left, right = shown.left(), shown.right() + 1 - plate.width()
    above, inside, below = shown.top() - gap - plate.height(), shown.top() + 2 * gap, shown.bottom() + 1 + gap
    return [
        QPoint(left, above),
        QPoint(left + 2 * gap, inside),
        QPoint(right, above),
        QPoint(left, below),
        QPoint(right - 2 * gap, inside),
    ]


def _strips(outline: QRect, mark: ContextMark, ratio: float) -> list[QRect]:
    """The four sides of a box, as wide as what is drawn along them."""
    reach = round((_HANDLE // 2 + 2 if mark.has_handles else 2) * ratio)
    outer, inner = outline.adjusted(-reach, -reach, reach, reach), outline.adjusted(reach, reach, -reach, -reach)
    if inner.isEmpty():
        return [outer]
    return [
        QRect(outer.topLeft(), QSize(outer.width(), 2 * reach)),
        QRect(outer.left(), inner.bottom() + 1, outer.width(), 2 * reach),
        QRect(outer.left(), inner.top(), 2 * reach, inner.height()),
        QRect(inner.right() + 1, inner.top(), 2 * reach, inner.height()),
    ]


def _draw_outline(painter: QPainter, outline: QRect, mark: ContextMark, ratio: float) -> None:
    """Dark outside and inside, the tone between."""
    line = max(round(ratio), 1)
    _frame(painter, outline.adjusted(-line, -line, line, line), line, _DARK)
    _frame(painter, outline.adjusted(line, line, -line, -line), line, _DARK)
    painter.setBrushOrigin(outline.topLeft())
    _frame(painter, outline, line, QColor(mark.tone.value) if mark.is_solid else _dashes(mark.tone, line))
    if mark.has_handles:
        for handle in _handles(outline, round(_HANDLE * ratio)):
            painter.fillRect(handle.adjusted(-line, -line, line, line), _DARK)
            painter.fillRect(handle, QColor(mark.tone.value))


def _frame(painter: QPainter, rect: QRect, line: int, fill: QBrush | QColor) -> None:
    """The border of `rect`, `line` wide. Filled: to stroke dashes costs ten times as much."""
    brush = QBrush(fill)
    painter.fillRect(rect.x(), rect.y(), rect.width(), line, brush)
    painter.fillRect(rect.x(), rect.bottom() + 1 - line, rect.width(), line, brush)
    painter.fillRect(rect.x(), rect.y() + line, line, rect.height() - 2 * line, brush)
    painter.fillRect(rect.right() + 1 - line, rect.y() + line, line, rect.height() - 2 * line, brush)


def _dashes(tone: Tone, line: int) -> QBrush:
    """Dashes of the tone with dark between, the same across and down."""
    dash, period = _DASH * line, 2 * _DASH * line
    tile = QPixmap(period, period)
    tile.fill(_DARK)
    painter = QPainter(tile)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.fillRect(0, 0, dash, dash, QColor(tone.value))
    painter.fillRect(dash, dash, dash, dash, QColor(tone.value))
    painter.end()
    return QBrush(tile)


def _handles(outline: QRect, side: int) -> list[QRect]:
    """Eight squares, at the corners and in the middles of the sides."""
    across = (outline.left(), outline.center().x(), outline.right())
    down = (outline.top(), outline.center().y(), outline.bottom())
    spots = [(x, y) for x in across for y in down if (x, y) != (across[1], down[1])]
    return [QRect(x - side // 2, y - side // 2, side, side) for x, y in spots]
