"""Lays the panes out side by side, all of one size, so that the image is shown as large as possible."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.imaging.geometry import Extent
from app.ui import pane_caption
from app.ui.stage_pane import StagePane

GAP = 1
"""Pixels between two panes."""


class PaneGrid(QWidget):
    """Shows one of its panes alone or all of them in a grid."""

    def __init__(self, panes: Sequence[StagePane], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panes = tuple(panes)
        self._alone: StagePane | None = None
        self._extent = Extent(3, 2)
        for pane in self._panes:
            pane.setParent(self)

    def set_extent(self, extent: Extent) -> None:
        """The image's size, on which the best grid depends."""
        self._extent = extent
        self.arrange()

    def show_alone(self, pane: StagePane | None) -> None:
        """Show one pane, or all."""
        self._alone = pane
        self.arrange()

    def arrange(self) -> None:
        """Place the panes; those not shown are hidden first, so that only the shown ones size the view."""
        for pane in self._panes:
            if self._alone not in (None, pane):
                pane.hide()
        if self._alone is not None:
            self._alone.setGeometry(self.rect())
            self._alone.show()
            return
        for pane, cell in zip(self._panes, cells(self.rect(), self._extent, len(self._panes)), strict=True):
            pane.setGeometry(cell)
            pane.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the panes anew."""
        self.arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The gaps."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().color(QPalette.ColorRole.Mid))
        painter.end()


def cells(area: QRect, extent: Extent, count: int) -> list[QRect]:
    """`count` cells of one size, in as many columns as show an image of `extent` largest."""
    columns = max((1, 2, count), key=lambda each: _image_scale(area, extent, each, -(-count // each)))
    rows = -(-count // columns)
    width = (area.width() - (columns - 1) * GAP) // columns
    height = (area.height() - (rows - 1) * GAP) // rows
    return [
        QRect(area.x() + i % columns * (width + GAP), area.y() + i // columns * (height + GAP), width, height)
        for i in range(count)
    ]


def _image_scale(area: QRect, extent: Extent, columns: int, rows: int) -> float:
    """The scale at which an image of `extent` fits a cell of such a grid."""
    return min(area.width() / columns / extent.width, (area.height() / rows - pane_caption.HEIGHT) / extent.height)
