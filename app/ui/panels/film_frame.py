"""How a photo of the filmstrip is drawn: its picture and name, a dot where it is unsaved, a cross to close it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.look.theme import GRID

_PICTURE = QSize(13 * GRID, 8 * GRID)
_CROSS = 2 * GRID
_UNREAD = 0.45
"""Opacity of what was not read yet."""


@dataclass(frozen=True, slots=True)
class FrameState:
    """What is to be seen of a photo besides its name."""

    is_current: bool
    is_modified: bool
    is_read: bool
    picture: QPixmap | None


class FilmFrame(QStyledItemDelegate):
    """Draws from the palette alone."""

    STATE = Qt.ItemDataRole.UserRole + 1
    """The role of the `FrameState`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pointer = QPoint(-1, -1)

    def point_at(self, position: QPoint) -> None:
        """Where the pointer is."""
        self._pointer = position

    def cell(self, font: QFont) -> QSize:
        """The size of a frame."""
        height = GRID + _PICTURE.height() + GRID // 2 + QFontMetrics(font).height() + GRID // 2
        return QSize(_PICTURE.width() + 2 * GRID, height)

    def cross(self, frame: QRect) -> QRect:
        """Where the cross of `frame` is, in its upper far corner."""
        return QRect(frame.right() - GRID - GRID // 2 - _CROSS, frame.top() + GRID + GRID // 2, _CROSS, _CROSS)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """See `cell`."""
        return self.cell(option.font)  # type: ignore[attr-defined, unused-ignore]

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one frame."""
        state = index.data(self.STATE)
        if not isinstance(state, FrameState):
            return
        rect: QRect = option.rect  # type: ignore[attr-defined, unused-ignore]
        palette: QPalette = option.palette  # type: ignore[attr-defined, unused-ignore]
        flags: QStyle.StateFlag = option.state  # type: ignore[attr-defined, unused-ignore]
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        room = QRect(QPoint(rect.left() + GRID, rect.top() + GRID), _PICTURE)
        self._draw_picture(painter, room, state, palette)
        self._draw_border(painter, room, state, palette, has_focus=bool(flags & QStyle.StateFlag.State_HasFocus))
        self._draw_name(painter, rect, room, state, palette, str(index.data()))
        if rect.contains(self._pointer):
            self._draw_cross(painter, self.cross(rect), palette)
        painter.restore()

    def _draw_picture(self, painter: QPainter, room: QRect, state: FrameState, palette: QPalette) -> None:
        painter.fillRect(room, palette.color(QPalette.ColorRole.Dark))
        if state.picture is None:
            return
        painter.setOpacity(1.0 if state.is_read else _UNREAD)
        size = state.picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(QPoint(0, 0), size)
        place.moveCenter(room.center())
        painter.drawPixmap(place, state.picture)
        painter.setOpacity(1.0)

    def _draw_border(
        self, painter: QPainter, room: QRect, state: FrameState, palette: QPalette, *, has_focus: bool
    ) -> None:
        """The photo shown is framed; the one that has the keyboard is framed in the text's colour."""
        if state.is_current:
            _frame(painter, room.adjusted(-2, -2, 2, 2), palette.color(QPalette.ColorRole.Link), 2)
        if has_focus:
            _frame(painter, room.adjusted(-5, -5, 5, 5), palette.color(QPalette.ColorRole.WindowText), 1)

    def _draw_name(
        self, painter: QPainter, rect: QRect, room: QRect, state: FrameState, palette: QPalette, name: str
    ) -> None:
        line = QRect(
            rect.left() + GRID, room.bottom() + 1 + GRID // 2, _PICTURE.width(), painter.fontMetrics().height()
        )
        if state.is_modified:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Link))
            painter.drawEllipse(QPointF(line.left() + GRID / 2, line.center().y() + 1), GRID / 2 - 0.5, GRID / 2 - 0.5)
            line.setLeft(line.left() + GRID + GRID // 2)
        role = QPalette.ColorRole.WindowText if state.is_current else QPalette.ColorRole.PlaceholderText
        painter.setPen(palette.color(role))
        elided = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, elided)

    def _draw_cross(self, painter: QPainter, place: QRect, palette: QPalette) -> None:
        under_pointer = place.contains(self._pointer)
        ground = palette.color(QPalette.ColorRole.Highlight if under_pointer else QPalette.ColorRole.Window)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(place, GRID / 2, GRID / 2)
        role = QPalette.ColorRole.HighlightedText if under_pointer else QPalette.ColorRole.WindowText
        painter.setPen(QPen(palette.color(role), 1.5))
        inner = place.adjusted(5, 5, -4, -4)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())


def _frame(painter: QPainter, rect: QRect, colour: QColor, width: int) -> None:
    painter.setPen(QPen(colour, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, GRID / 4, GRID / 4)
