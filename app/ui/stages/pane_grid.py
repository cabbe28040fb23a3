"""Lays the panes out side by side so that the image is shown as large as possible."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.imaging.geometry import Extent
from app.ui.stages import pane_caption
from app.ui.stages.stage_pane import StagePane

GAP = 1
"""Pixels between two panes."""

_LOWER_SHARE = 0.4
"""Of the height, what a row of smaller panes takes at most."""


class PaneGrid(QWidget):
    """Shows some of its panes: all of one size, or a row of large ones above a row of smaller ones."""

    def __init__(self, panes: Sequence[StagePane], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panes = tuple(panes)
        self._shown: tuple[StagePane, ...] = ()
        self._large: tuple[StagePane, ...] = ()
        self._extent = Extent(3, 2)
        for pane in self._panes:
            pane.setParent(self)

    def set_extent(self, extent: Extent) -> None:
        """The image's size, on which the best grid depends."""
        self._extent = extent
        self.arrange()

    def show_panes(self, panes: Sequence[StagePane], large: Sequence[StagePane] = ()) -> None:
        """Show `panes`, and `large` in a row above them."""
        self._shown, self._large = tuple(panes), tuple(large)
        self.arrange()

    def arrange(self) -> None:
        """Place the panes. Those not shown are hidden first, and large ones come last: these size the view."""
        for pane in self._panes:
            if pane not in (*self._shown, *self._large):
                pane.hide()
        lower, upper = cells(self.rect(), self._extent, len(self._shown)), list[QRect]()
        if self._large:
            upper, lower = rows(self.rect(), self._extent, len(self._large), len(self._shown))
        for pane, cell in zip((*self._shown, *self._large), (*lower, *upper), strict=True):
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
    lines = -(-count // columns)
    width = (area.width() - (columns - 1) * GAP) // columns
    height = (area.height() - (lines - 1) * GAP) // lines
    return [
        QRect(area.x() + i % columns * (width + GAP), area.y() + i // columns * (height + GAP), width, height)
        for i in range(count)
    ]


def rows(area: QRect, extent: Extent, above: int, below: int) -> tuple[list[QRect], list[QRect]]:
    """The cells of two rows; the lower one is as high as an image of `extent` makes use of, within bounds."""
    useful = area.width() // below * extent.height // extent.width + pane_caption.HEIGHT
    height = min(useful, round(_LOWER_SHARE * area.height()))
    upper, lower = QRect(area), QRect(area)
    lower.setTop(area.bottom() - height + 1)
    upper.setBottom(lower.top() - GAP - 1)
    return _row(upper, above), _row(lower, below)


def _row(area: QRect, count: int) -> list[QRect]:
    width = (area.width() - (count - 1) * GAP) // count
    return [QRect(area.x() + i * (width + GAP), area.y(), width, area.height()) for i in range(count)]


def _image_scale(area: QRect, extent: Extent, columns: int, rows: int) -> float:
    """The scale at which an image of `extent` fits a cell of such a grid."""
    return min(area.width() / columns / extent.width, (area.height() / rows - pane_caption.HEIGHT) / extent.height)
