"""How the queue of a batch draws its small pictures, and a bar below the state of the photo that is worked on."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.ui.batch.queue_model import FRACTION, IS_OVER, PICTURE
from app.ui.look.theme import GRID
from app.ui.panels.bar import draw_bar

PICTURE_SIZE = QSize(11 * GRID, 7 * GRID)

_Index = QModelIndex | QPersistentModelIndex


class PictureCell(QStyledItemDelegate):
    """The picture whole, in the middle; an empty frame where one is yet to come."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """The same for all."""
        return PICTURE_SIZE + QSize(GRID, GRID)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Ground, picture."""
        super().paint(painter, option, index)
        area: QRect = option.rect  # type: ignore[attr-defined, unused-ignore]
        palette: QPalette = option.palette  # type: ignore[attr-defined, unused-ignore]
        room = QRect(0, 0, PICTURE_SIZE.width(), PICTURE_SIZE.height()).intersected(area.translated(-area.topLeft()))
        room.moveCenter(area.center())
        picture = index.data(PICTURE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if isinstance(picture, QPixmap):
            painter.drawPixmap(_fitted(picture, room), picture)
        elif not index.data(IS_OVER):
            painter.setPen(palette.color(QPalette.ColorRole.Mid))
            painter.drawRect(room.adjusted(0, 0, -1, -1))
        painter.restore()


class StateCell(QStyledItemDelegate):
    """The state in words, and below them how far it is."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Words, bar."""
        super().paint(painter, option, index)
        fraction = index.data(FRACTION)
        if fraction is not None:
            area: QRect = option.rect  # type: ignore[attr-defined, unused-ignore]
            draw_bar(painter, option, area.height() // 2 + 2 * GRID, fraction)


def _fitted(picture: QPixmap, room: QRect) -> QRect:
    place = QRect(room.topLeft(), picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio))
    place.moveCenter(room.center())
    return place
