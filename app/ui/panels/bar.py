"""A thin bar in a cell of a table: how much of something there is."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from app.ui.look.theme import GRID

THICKNESS = GRID // 2


def draw_bar(painter: QPainter, option: QStyleOptionViewItem, top: int, share: float) -> None:
    """Draw a bar of a cell's width, `top` pixels down in it, of which `share`, 0…1, is full."""
    area: QRect = option.rect  # type: ignore[attr-defined, unused-ignore]
    palette: QPalette = option.palette  # type: ignore[attr-defined, unused-ignore]
    flags: QStyle.StateFlag = option.state  # type: ignore[attr-defined, unused-ignore]
    direction: Qt.LayoutDirection = option.direction  # type: ignore[attr-defined, unused-ignore]
    role = QPalette.ColorRole.HighlightedText if flags & QStyle.StateFlag.State_Selected else QPalette.ColorRole.Link
    bar = QRect(area.left() + GRID, area.top() + top, area.width() - 2 * GRID, THICKNESS)
    part = QStyle.visualRect(direction, bar, QRect(bar.topLeft(), QSize(round(bar.width() * share), THICKNESS)))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    _draw(painter, bar, palette.color(QPalette.ColorRole.Mid))
    _draw(painter, part, palette.color(role))
    painter.restore()


def _draw(painter: QPainter, bar: QRect, colour: QColor) -> None:
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(bar), THICKNESS / 2, THICKNESS / 2)
