"""Draws a row of the history: a picture of what changed, its name, and a disk where it is what the file has."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.look.theme import GRID
from app.ui.panels.edit_thumbnails import SIZE
from app.ui.panels.history_model import PICTURE, SAVED, UNDONE

_MARGIN = GRID // 2
_DISK = 2 * GRID
_DIM = 0.35
"""Opacity of what is undone."""


class HistoryRow(QStyledItemDelegate):
    """All rows have one height."""

    disk = QIcon()
    """The mark of the saved state."""
    disk_selected = QIcon()
    """The same on the ground of the present one."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The picture and a margin; the width is the list's."""
        height = max(SIZE.height, option.fontMetrics.height()) + 2 * _MARGIN  # type: ignore[attr-defined]
        return QSize(SIZE.width + 8 * GRID, height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Ground, picture, name, disk."""
        self.initStyleOption(option, index)
        area = QRect(option.rect).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)  # type: ignore[attr-defined]
        text, option.text = option.text, ""  # type: ignore[attr-defined]
        widget = option.widget  # type: ignore[attr-defined]
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        painter.save()
        painter.setOpacity(_DIM if index.data(UNDONE) else 1.0)
        leading = option.direction  # type: ignore[attr-defined]
        frame = QRect(area.topLeft(), QSize(SIZE.width, SIZE.height))
        frame.moveTop(area.center().y() - SIZE.height // 2 + 1)
        self._paint_picture(painter, QStyle.visualRect(leading, area, frame), index.data(PICTURE), option)
        painter.restore()
        words = area.adjusted(SIZE.width + GRID, 0, -_DISK - GRID if index.data(SAVED) else 0, 0)
        self._paint_name(painter, QStyle.visualRect(leading, area, words), text, bool(index.data(UNDONE)), option)
        if index.data(SAVED):
            place = QRect(QPoint(area.right() - _DISK, area.center().y() - _DISK // 2 + 1), QSize(_DISK, _DISK))
            disk = self.disk_selected if _is_selected(option) else self.disk
            disk.paint(painter, QStyle.visualRect(leading, area, place))

    def _paint_picture(
        self, painter: QPainter, frame: QRect, picture: QPixmap | None, option: QStyleOptionViewItem
    ) -> None:
        palette: QPalette = option.palette  # type: ignore[attr-defined]
        if picture is None:
            painter.fillRect(frame, palette.color(QPalette.ColorRole.Mid))
        else:
            painter.drawPixmap(frame, picture)

    def _paint_name(
        self, painter: QPainter, area: QRect, text: str, undone: bool, option: QStyleOptionViewItem
    ) -> None:
        palette: QPalette = option.palette  # type: ignore[attr-defined]
        selected = _is_selected(option)
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        group = QPalette.ColorGroup.Disabled if undone and not selected else QPalette.ColorGroup.Active
        painter.setPen(palette.color(group, role))
        elided = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())  # type: ignore[attr-defined]
        leading = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, QStyle.visualAlignment(option.direction, leading), elided)  # type: ignore[attr-defined]


def _is_selected(option: QStyleOptionViewItem) -> bool:
    state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
    return bool(state & QStyle.StateFlag.State_Selected)
