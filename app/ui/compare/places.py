"""How the panes of a comparison share the room there is."""

from __future__ import annotations

from PySide6.QtCore import QSize

from app.imaging.geometry import Extent
from app.ui.look.theme import GRID
from app.ui.stages.pane_grid import GAP

LEAST = QSize(36 * GRID, 27 * GRID)
"""Of a pane with its caption: in less room they are scrolled."""

_SHAPE, _CAPTION = 1.4, 5 * GRID
"""Width over height of what a pane should show, and about the height of its caption."""


def side_of(view: Extent) -> float:
    """How large a view is."""
    return min(view.width, _SHAPE * view.height)


def grid_of(room: QSize, count: int) -> tuple[int, QSize]:
    """Columns, and the size of a pane with its gap: as large as fits, or of the least size where that is to scroll."""
    most = max(1, min(count, (room.width() + GAP) // (LEAST.width() + GAP)))
    fitting = []
    for columns in range(1, most + 1):
        size = QSize((room.width() + GAP) // columns, (room.height() + GAP) // -(-count // columns))
        if size.height() >= LEAST.height() or columns == count:
            fitting.append((columns, size))
    if fitting:
        return max(fitting, key=lambda each: min(each[1].width(), _SHAPE * (each[1].height() - _CAPTION)))
    width = (room.width() + GAP) // most
    return most, QSize(width, max(LEAST.height(), min(room.height(), round(width / _SHAPE) + _CAPTION)))
